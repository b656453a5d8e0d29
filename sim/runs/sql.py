"""SQL over a store, by DuckDB, straight from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import StoreError
from sim.runs.store import Store

if TYPE_CHECKING:
    import pyarrow as pa


def query(store: Store, statement: str) -> pa.Table:
    """Answer a statement over ``outcomes``, ``districts`` and ``incidents``, as far as kept.

    Parts are read as far as the statement needs them. Raises :class:`sim.errors.StoreError` for
    a statement that cannot be answered.
    """
    import duckdb
    import pyarrow as pa

    with duckdb.connect(":memory:") as connection:
        for name in store.tables:
            parts = store.parts(name)
            if store.complete and parts:
                files = ", ".join("'" + str(part).replace("'", "''") + "'" for part in parts)
                connection.execute(
                    f"CREATE VIEW {name} AS "
                    f"SELECT * FROM read_parquet([{files}], union_by_name = true)"
                )
            else:  # chunks and parts have to be read as one
                connection.register(name, store.table(name))
        try:
            answer: object = connection.sql(statement)
            # What answers nothing, such as COPY, gives no relation.
            rows = pa.table({})
            if isinstance(answer, duckdb.DuckDBPyRelation):
                rows = answer.to_arrow_table()
        except duckdb.Error as error:
            raise StoreError(
                f"this statement cannot be answered: {str(error).splitlines()[0]}",
                path=store.path,
                remedy=f"The tables are {', '.join(store.tables)}.",
            ) from error
    return rows
