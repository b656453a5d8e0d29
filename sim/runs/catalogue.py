"""The catalogue of a store: a description of the store, and which part holds which runs.

One SQLite file with two tables. ``about`` has one row, with a description of the store as JSON.
``parts`` has a row for each part: its runs and the checksums of its files. A batch changes the
catalogue in one transaction per chunk of runs. So at any instant a run is listed once or not at
all, and a reader sees a consistent state. A seal (a checksum over all rows) reveals a changed
bit, which SQLite does not check.
"""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache, cached_property
from hashlib import sha256
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, TypedDict
from urllib.parse import quote_from_bytes

from sim.errors import OutputError, StoreError
from sim.measures.outcome import Outcome
from sim.runs.parts import Part
from sim.runs.store_files import RefusedError, short, unreadable
from sim.runs.store_tables import TABLES, TableName
from sim.runs.structure import Origin, Variant

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from sim.scenario.spec import Scenario

NAME: Final = "store.sqlite"
FORMAT: Final = "panj-store/3"
_JOURNAL: Final = f"{NAME}-journal"
_STRANGE: Final = (f"{NAME}-wal", f"{NAME}-shm")
FILES: Final = (NAME, _JOURNAL, *_STRANGE)
OLDER: Final = "store.json"
"""The manifest of a store of an earlier version."""

_TABLES: Final = (
    "CREATE TABLE about (format TEXT NOT NULL, said TEXT NOT NULL, seal TEXT NOT NULL)",
    "CREATE TABLE parts (mark TEXT PRIMARY KEY, digest TEXT NOT NULL, block INTEGER NOT NULL, "
    "replicates TEXT NOT NULL, failed TEXT NOT NULL, sums TEXT NOT NULL)",
)
_NAMED_END: Final = bytes.fromhex("d9d505f920a163d7")
_REFUSED: Final = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
}
"""Errors of SQLite where the system does not let it read; the file itself may be intact."""

_TIMEOUT_SECONDS: Final = 30.0
"""How long a reader waits for a transaction of a batch, and a batch for a reader."""


@dataclass(frozen=True)
class StoredScenario:
    """A scenario of a store: its digest, its resolved values, and what it is a variant of."""

    digest: str
    values: Mapping[str, Any]
    origin: Origin | None = None

    @property
    def variant(self) -> Variant | None:
        """The variant of the model that it is run in; None: the model as calibrated."""
        return self.origin.variant if self.origin else None

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario. Raises ``StoreError`` where its values do not fit this version."""
        from sim.errors import PanjError
        from sim.scenario.spec import Scenario

        try:
            return Scenario.model_validate_json(json.dumps(self.values))
        except (ValueError, PanjError) as error:
            raise StoreError(
                f"a stored scenario does not fit this version of panj: {short(error)}",
                value=self.values.get("name"),
                remedy="Read the store with the version that wrote it; the tables are Parquet "
                "and can be read by anything.",
            ) from error


@dataclass
class Manifest:
    """The description of a store.

    ``made_with`` identifies the code of every run in the store, unless ``mixed`` is true: then
    runs of other code were allowed. ``history`` has an entry for each batch. ``closed`` is False
    while a batch writes, or after one was killed. ``draws`` describes the draws of uncertain
    parameters, whose values are in a file. ``own`` describes the user-defined outcomes of its
    runs, with a digest of their functions. ``sums`` are checksums of the files that are not parts.
    """

    tables: tuple[TableName, ...]
    root: int
    made_with: dict[str, Any]
    mixed: bool = False
    closed: bool = True
    scenarios: dict[str, StoredScenario] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)
    draws: dict[str, Any] | None = None
    own: list[dict[str, Any]] = field(default_factory=list)
    sums: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """Names of the scenarios by digest; where two share a digest, the later one."""
        return {stored.digest: name for name, stored in self.scenarios.items()}

    @property
    def digests(self) -> dict[str, str]:
        """Digests of the scenarios by name, in the order in which they were added."""
        return {name: stored.digest for name, stored in self.scenarios.items()}


class _Drawn(TypedDict):
    """What a catalogue must say of a parameter that is drawn."""

    name: str
    keys: list[str]


class _Draws(TypedDict):
    """What a catalogue must say of draws; the rest is read with their file."""

    parameters: list[_Drawn]
    source: str
    digest: str


class BlankError(StoreError):
    """A store whose first batch has started but has not written the catalogue yet."""


class Contents(NamedTuple):
    """A catalogue at one instant; parts by digest, block and first replicate."""

    manifest: Manifest
    parts: list[Part]


def read(store: Path) -> Contents:
    """Read the catalogue of a store.

    Raises :class:`~sim.errors.StoreError` where there is no catalogue or it is damaged, and
    :class:`BlankError` where none has been written yet.
    """
    # A process that may write rolls back what a killed transaction left behind.
    torn = os.path.lexists(store / _JOURNAL) and os.access(store, os.W_OK)
    _check_sides(store, writing=torn)
    _check_there(store)
    with _refusals(store), closing(_connected(store, "rw" if torn else "ro")) as connection:
        return _contents(store, connection)


class Catalogue:
    """A catalogue open for writing, by the process that holds the store's lock."""

    def __init__(self, store: Path, connection: sqlite3.Connection) -> None:
        self.store = store
        self._connection = connection

    @classmethod
    def create(cls, store: Path, manifest: Manifest) -> Self:
        """Create a catalogue, or open the existing one."""
        _check_sides(store, writing=True)
        with _refusals(store, writing=True):
            made = cls(store, _connected(store, "rwc"))
            if not _schema(made._connection):
                said = _json(manifest)
                with made._transaction() as connection:
                    for statement in _TABLES:
                        connection.execute(statement)
                    values = (FORMAT, said, _seal(FORMAT, said, ()))
                    connection.execute("INSERT INTO about VALUES (?, ?, ?)", values)
        return made

    def contents(self) -> Contents:
        """Its present contents."""
        with _refusals(self.store):
            self._roll_back()
            return _contents(self.store, self._connection)

    def write(
        self, manifest: Manifest | None = None, add: Iterable[Part] = (), drop: Iterable[Part] = ()
    ) -> None:
        """Replace the description, add parts and drop parts, in one transaction."""
        with _refusals(self.store, writing=True), self._transaction() as connection:
            marks = [(part.mark,) for part in drop]
            connection.executemany("DELETE FROM parts WHERE mark = ?", marks)
            rows = [part.row() for part in add]
            connection.executemany("INSERT INTO parts VALUES (?, ?, ?, ?, ?, ?)", rows)
            if manifest is not None:
                connection.execute("UPDATE about SET said = ?", (_json(manifest),))
            kept, said, _ = connection.execute("SELECT format, said, seal FROM about").fetchone()
            seal = _seal(kept, said, _rows(connection))
            connection.execute("UPDATE about SET seal = ?", (seal,))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _roll_back(self) -> None:
        """End a transaction that an interruption left open."""
        if self._connection.in_transaction:
            self._connection.rollback()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._roll_back()
        try:  # an interruption during a statement is raised after SQLite has executed it
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection
            self._connection.commit()
        except BaseException:
            self._roll_back()
            raise


def _connected(store: Path, mode: str) -> sqlite3.Connection:
    address = quote_from_bytes(os.fsencode((store / NAME).absolute()))
    connection = sqlite3.connect(
        f"file:{address}?mode={mode}", uri=True, timeout=_TIMEOUT_SECONDS, isolation_level=None
    )
    for setting in ("trusted_schema = OFF", "cell_size_check = ON", "synchronous = EXTRA"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def _contents(store: Path, connection: sqlite3.Connection) -> Contents:
    connection.execute("BEGIN")
    try:
        schema = _schema(connection)
        if not schema and not any((store / table).exists() for table in TABLES):
            raise BlankError(
                "holds nothing yet: its batch has only started, or was ended at once",
                path=store,
                remedy="Wait for the batch, or give its command again.",
            )
        if [sql for sql in schema if sql is not None] != list(_TABLES):
            raise damaged(store, "its tables are not those of a store")
        about = connection.execute("SELECT format, said, seal FROM about").fetchall()
        rows = _rows(connection)
    finally:
        connection.rollback()
    if len(about) != 1:
        raise damaged(store, "it has no description")
    kept, said, seal = about[0]
    if _seal(kept, said, rows) != seal:
        raise damaged(store, "it is not what panj wrote: its seal differs")
    if kept != FORMAT:
        raise other_format(store / NAME, kept)
    try:
        manifest = _reader(Manifest).validate_json(said)
        _reader(list[Outcome]).validate_python(manifest.own)
        if manifest.draws is not None:
            _reader(_Draws).validate_python(manifest.draws)
        parts = sorted(map(Part.of, rows), key=attrgetter("place"))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise damaged(store, short(error)) from error
    if manifest.tables != tuple(t for t in TABLES if t == TABLES[0] or t in manifest.tables):
        raise damaged(store, f"its tables are {', '.join(manifest.tables) or 'none'}")
    if strange := [part for part in parts if set(part.sums) != set(manifest.tables)]:
        raise damaged(store, f"part {strange[0].mark} has other tables than the store")
    return Contents(manifest, parts)


@cache
def _reader[T](kind: type[T]) -> TypeAdapter[T]:
    """A reader of a description; building one takes longer than reading with it."""
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def _schema(connection: sqlite3.Connection) -> list[str | None]:
    """The SQL of each table and index; None for an index that SQLite made itself."""
    return [row[0] for row in connection.execute("SELECT sql FROM sqlite_schema").fetchall()]


def _rows(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    return connection.execute("SELECT * FROM parts ORDER BY mark").fetchall()


def _seal(kept: object, said: object, rows: Iterable[tuple[Any, ...]]) -> str:
    total = sha256(repr((kept, said)).encode("utf-8", "surrogatepass"))
    for row in rows:
        total.update(repr(row).encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def _json(manifest: Manifest) -> str:
    return json.dumps(asdict(manifest), allow_nan=False)


def _check_sides(store: Path, *, writing: bool) -> None:
    """Refuse files through which SQLite would read or change files outside the store.

    A journal can name another file, which SQLite then removes.
    """
    for name in FILES:
        try:
            found = os.lstat(store / name)
            remedy = "Move it away, or take the store from a source that you trust."
            if not stat.S_ISREG(found.st_mode):
                why = "is not a file of this store"
            elif name in _STRANGE or (name == _JOURNAL and _names_another(store / name)):
                why = "was left here by another program"
            elif writing and found.st_nlink > 1:
                why = "is a hard link to another file, which would change with it"
                remedy = "Use a copy of the store."
            else:
                continue
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise unreadable(store / name, error) from error
        raise StoreError(why, path=store / name, remedy=remedy)


def _names_another(journal: Path) -> bool:
    """Whether a journal ends with the name of another file, as one of several databases does."""
    handle = os.open(journal, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return os.pread(handle, 8, max(0, os.fstat(handle).st_size - 8)) == _NAMED_END
    finally:
        os.close(handle)


def _check_there(store: Path) -> None:
    try:
        if (store / NAME).exists():
            return
        if (store / OLDER).is_file():
            raise other_format(store / OLDER, "an earlier one")
        there = store.exists()
    except OSError:  # a name that no file can have
        there = False
    raise StoreError(
        "is not a store of panj" if there else "does not exist",
        path=store,
        remedy=f"Name a folder made by 'panj batch -o', one that holds {NAME}.",
    )


def is_store(path: Path) -> bool:
    """Whether a path is a folder that holds a store, of this version or another."""
    return os.path.lexists(path / NAME) or os.path.lexists(path / OLDER)


def is_blank(store: Path) -> bool:
    """Whether no catalogue has been written yet; a power cut can leave only its journal.

    Raises :class:`~sim.errors.StoreError` as :func:`read` does.
    """
    if not (store / NAME).exists():
        return True
    try:
        read(store)  # this rolls back a first transaction that was interrupted
    except BlankError:
        return True
    return False


@contextmanager
def _refusals(store: Path, *, writing: bool = False) -> Iterator[None]:
    """Raise errors of SQLite as errors of Panj."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if writing and "malformed" not in str(error):
            raise OutputError(
                f"cannot be written ({error}); every finished part is kept",
                path=store / NAME,
                remedy="Make room, or name a folder where you may write, and give the same "
                "command.",
            ) from error
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _REFUSED:
            raise RefusedError(
                f"the catalogue cannot be read now ({error})",
                path=store / NAME,
                remedy="Check who may read it, and whether this process may open more files "
                "(ulimit -n); then give the same command.",
            ) from error
        raise damaged(store, str(error)) from error
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        raise damaged(store, str(error)) from error


def damaged(store: Path, why: str) -> StoreError:
    """The error for a catalogue that cannot be trusted."""
    return StoreError(
        f"the catalogue cannot be read ({why})",
        path=store / NAME,
        remedy="Restore it from a copy, or use a new store.",
    )


def other_format(path: Path, format_: object) -> StoreError:
    """The error for a store that another version wrote."""
    return StoreError(
        "this store was written by another version of panj",
        path=path,
        key="format",
        value=format_,
        remedy=f"This version reads {FORMAT}. Make its runs again: give the 'panj batch' command "
        "that made it, with another folder after -o.",
    )
