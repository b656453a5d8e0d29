"""The catalogue of a store: what it is, and which runs lie in which part.

One SQLite file of two tables. ``about`` has a row with a description of the store as JSON, and
``parts`` a row for each part: its runs and the checksums of its files. A batch changes it in one
transaction for each chunk of runs, so at any instant a run is there once or not at all, and a
reader sees a state that was. A seal over all rows tells a bit that has turned from what Panj
wrote, since SQLite does not look.
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
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self
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
"""What SQLite answers where the system does not let it read, which says nothing of the file."""

_PATIENCE_SECONDS: Final = 30.0
"""How long a reader waits for a transaction of a batch, and the other way round."""


@dataclass(frozen=True)
class StoredScenario:
    """A scenario of a store: its digest and its resolved values; and what it is a variant of."""

    digest: str
    values: Mapping[str, Any]
    origin: Origin | None = None

    @property
    def variant(self) -> Variant | None:
        """The variant of the model that it runs in; ``None`` as calibrated."""
        return self.origin.variant if self.origin else None

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario itself; a StoreError where this version knows no such values."""
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
    """What a store says of itself.

    ``made_with`` is the code that every run in the store comes from, unless ``mixed`` says that
    somebody allowed another; ``history`` has an entry for each batch. ``closed`` is False while
    a batch writes, or after one was killed. ``draws`` describes the draws of uncertain
    parameters, whose values lie in a file; ``own`` the outcomes of one's own that its runs have,
    with a digest of their functions. ``sums`` are checksums of the files that are not parts.
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
        """Name of each scenario by digest; of two with one digest, the later."""
        return {stored.digest: name for name, stored in self.scenarios.items()}

    @property
    def digests(self) -> dict[str, str]:
        """Digest of each scenario by name, in the order in which they came to the store."""
        return {name: stored.digest for name, stored in self.scenarios.items()}


class BlankError(StoreError):
    """A store that a batch has begun, and whose catalogue has not been written yet."""


class Contents(NamedTuple):
    """A catalogue at one instant; parts by digest, block and first replicate."""

    manifest: Manifest
    parts: list[Part]


def read(store: Path) -> Contents:
    """Read the catalogue of a store.

    Raises :class:`~sim.errors.StoreError` where there is none, or it is not what was written, and
    :class:`BlankError` where none has been written yet.
    """
    # The next process that may write undoes what a killed transaction left behind.
    torn = os.path.lexists(store / _JOURNAL) and os.access(store, os.W_OK)
    _check_sides(store, writing=torn)
    _check_there(store)
    with _refusals(store), closing(_connected(store, "rw" if torn else "ro")) as connection:
        return _contents(store, connection)


class Catalogue:
    """A catalogue that is written to by the one who holds the store's lock."""

    def __init__(self, store: Path, connection: sqlite3.Connection) -> None:
        self.store = store
        self._connection = connection

    @classmethod
    def create(cls, store: Path, manifest: Manifest) -> Self:
        """Begin a catalogue, or open the one that is there."""
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
        """What it says now."""
        with _refusals(self.store):
            self._undo()
            return _contents(self.store, self._connection)

    def write(
        self, manifest: Manifest | None = None, add: Iterable[Part] = (), drop: Iterable[Part] = ()
    ) -> None:
        """Change the description, add parts and take parts out: all of it or nothing."""
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
        """Let go of the file."""
        self._connection.close()

    def _undo(self) -> None:
        """Leave what an interruption left open: it may come between any two steps."""
        if self._connection.in_transaction:
            self._connection.rollback()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._undo()
        try:  # an interruption amid either statement is heard when SQLite has carried it out
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection
            self._connection.commit()
        except BaseException:
            self._undo()
            raise


def _connected(store: Path, mode: str) -> sqlite3.Connection:
    address = quote_from_bytes(os.fsencode((store / NAME).absolute()))
    connection = sqlite3.connect(
        f"file:{address}?mode={mode}", uri=True, timeout=_PATIENCE_SECONDS, isolation_level=None
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
                "holds nothing yet: its batch has only begun, or was ended at once",
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
        raise damaged(store, "it does not say what it is")
    kept, said, seal = about[0]
    if _seal(kept, said, rows) != seal:
        raise damaged(store, "it is not what panj wrote: its seal differs")
    if kept != FORMAT:
        raise other_format(store / NAME, kept)
    try:
        manifest = _reader(Manifest).validate_json(said)
        _reader(list[Outcome]).validate_python(manifest.own)
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
    """What reads a description; to make it takes longer than to read."""
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def _schema(connection: sqlite3.Connection) -> list[str | None]:
    """What made each table and index; ``None`` for an index that SQLite made by itself."""
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
    """Refuse what SQLite would follow out of the store.

    A journal may name another file, which SQLite then removes.
    """
    for name in FILES:
        try:
            found = os.lstat(store / name)
            remedy = "Move it away, or take the store from whom you trust."
            if not stat.S_ISREG(found.st_mode):
                why = "is not a file of this store"
            elif name in _STRANGE or (name == _JOURNAL and _names_another(store / name)):
                why = "was left here by another program"
            elif writing and found.st_nlink > 1:
                why = "is another file too (a hard link), which would change with it"
                remedy = "Use a copy of the store."
            else:
                continue
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise unreadable(store / name, error) from error
        raise StoreError(why, path=store / name, remedy=remedy)


def _names_another(journal: Path) -> bool:
    """Whether a journal ends with the name of another file, as those of several databases do."""
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
    """Whether a path is a folder with a store of this version or another."""
    return os.path.lexists(path / NAME) or os.path.lexists(path / OLDER)


def is_blank(store: Path) -> bool:
    """Whether no catalogue has been written yet; a power cut may leave its journal alone.

    Raises :class:`~sim.errors.StoreError` as :func:`read` does.
    """
    if not (store / NAME).exists():
        return True
    try:
        read(store)  # which undoes a first transaction that was cut short
    except BlankError:
        return True
    return False


@contextmanager
def _refusals(store: Path, *, writing: bool = False) -> Iterator[None]:
    """Say what SQLite says as one of our own errors."""
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
                remedy="Look who may read it, and whether this process may open more files "
                "(ulimit -n); then give the same command.",
            ) from error
        raise damaged(store, str(error)) from error
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        raise damaged(store, str(error)) from error


def damaged(store: Path, why: str) -> StoreError:
    """The catalogue cannot be trusted."""
    return StoreError(
        f"the catalogue cannot be read ({why})",
        path=store / NAME,
        remedy="Restore it from a copy, or begin a new store.",
    )


def other_format(path: Path, format_: object) -> StoreError:
    """A store that another version wrote."""
    return StoreError(
        "this store was written by another version of panj",
        path=path,
        key="format",
        value=format_,
        remedy=f"This version reads {FORMAT}. Make its runs anew: give the 'panj batch' command "
        "that made it, with another folder after -o.",
    )
