"""SQL queries of a store by DuckDB, which can access the store's tables and nothing else."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from sim.errors import StoreError
from sim.runs.store import Store
from sim.runs.store_tables import TableName

if TYPE_CHECKING:
    import pyarrow as pa

MOST_MEMORY: Final = "2GB"
PATIENCE_SECONDS: Final = 300.0

_CONFINED: Final = (
    "SET enable_external_access = false",  # no files, no ATTACH, COPY, INSTALL or LOAD
    "SET python_enable_replacements = false",
    f"SET memory_limit = '{MOST_MEMORY}'",
    "SET lock_configuration = true",
)
_PLAIN: Final = re.compile(r"BOOLEAN|U?(TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|VARCHAR")
"""Types that are returned as they are; columns of any other type become text."""


def query(store: Store, statement: str, patience: float = PATIENCE_SECONDS) -> pa.Table:
    """Execute a statement over ``outcomes``, ``districts``, ``incidents`` and ``parameters``.

    Tables that the statement names are read and checked. Columns of dates, intervals, lists and
    the like are returned as text. Raises :class:`sim.errors.StoreError` for a statement that
    cannot be executed, or not within ``patience`` seconds.
    """
    import duckdb
    import pyarrow as pa

    tables = [name for name in (*store.tables, "parameters") if name in statement.lower()]
    with duckdb.connect(":memory:") as connection:
        for name in tables:
            connection.register(name, _rows(store, name))
        for setting in _CONFINED:
            connection.execute(setting)
        clock = threading.Timer(patience, connection.interrupt)
        clock.start()
        try:
            answer: Any = connection.sql(statement)
            # A statement without a result, such as SET, gives no relation.
            return pa.table({}) if answer is None else _as_table(answer)
        except duckdb.InterruptException as error:
            raise StoreError(
                f"this statement took more than {patience:,.0f} seconds",
                path=store.path,
                remedy="Ask for less, or read the Parquet files of the store with DuckDB itself.",
            ) from error
        except (duckdb.Error, pa.ArrowException, UnicodeError, RuntimeError) as error:
            reason = next(iter(str(error).splitlines()), "")
            raise StoreError(
                f"this statement cannot be answered: {reason}",
                path=store.path,
                remedy=f"The tables are {', '.join((*store.tables, 'parameters'))}; nothing else "
                "can be read or written.",
            ) from error
        finally:
            clock.cancel()


def _rows(store: Store, name: str) -> Any:
    """A table of the store, of which DuckDB reads what it needs; every file is checked first."""
    import pyarrow.dataset as ds

    if name == "parameters":
        return store.parameters()
    table = cast(TableName, name)
    paths = store.checked_files(table)
    if paths is None:  # a running batch has moved some
        return store.table(table)
    return ds.dataset([str(path) for path in paths], schema=store.columns(table), format="parquet")


def _as_table(answer: Any) -> pa.Table:
    """The rows of an answer; a column of a type that Python may not hold becomes text.

    Columns are selected by position: an answer can have two columns of one name.
    """
    places = [f"c{place}" for place in range(len(answer.columns))]
    columns = [
        place if _PLAIN.fullmatch(str(kind)) else f"CAST({place} AS VARCHAR)"
        for place, kind in zip(places, answer.types, strict=True)
    ]
    statement = f"SELECT {', '.join(columns)} FROM answer AS answer({', '.join(places)})"
    found: pa.Table = answer.query("answer", statement).to_arrow_table()
    return found.rename_columns(_unique(answer.columns))


def _unique(names: Sequence[str]) -> list[str]:
    """Column names made unique: ``a``, ``a_2``."""
    found: list[str] = []
    for name in names:
        spare = (f"{name}_{count}" for count in itertools.count(2))
        taken = {*names, *found}
        found.append(name if name not in found else next(n for n in spare if n not in taken))
    return found
