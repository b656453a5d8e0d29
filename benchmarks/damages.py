"""Damage to a store, by accident or on purpose: a name and a function for each kind.

A function takes the folder of a store and a folder outside it, for the targets of links. An
edited catalogue is sealed again, so that it passes for one that Panj wrote.
"""

import io
import json
import math
import os
import shutil
import socket
import sqlite3
import stat
import struct
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from sim.runs.catalogue import NAME as CATALOGUE
from sim.runs.catalogue import Catalogue, Manifest
from sim.runs.lock import NAME as LOCK
from sim.runs.parts import as_parquet
from sim.runs.posterior import DRAWS_FILE, Posterior, UncertainParameter
from sim.runs.store import PARAMETERS
from sim.runs.store_files import checksum

Damage = Callable[[Path, Path], object]

OUTCOMES: Final = "outcomes"
DISTRICTS: Final = "districts"
_MAGIC: Final = bytes.fromhex("d9d505f920a163d7")
FOLDERS: Final = (OUTCOMES, DISTRICTS)
FILES: Final = (CATALOGUE, PARAMETERS, DRAWS_FILE, f"{OUTCOMES}/*", f"{DISTRICTS}/*")
SIDES: Final = (LOCK, *(f"{CATALOGUE}-{end}" for end in ("journal", "wal", "shm")))


def every() -> Iterator[tuple[str, Damage]]:
    """All kinds by name."""
    for pattern in FILES:
        for name, spoil in {**_SPOILS, **_PLACED}.items():
            yield f"{pattern} {name}", partial(_on, pattern, spoil)
    for name in FOLDERS:
        for how, spoil in _PLACED.items():
            yield f"{name}/ {how}", partial(_on, name, spoil)
    for name in SIDES:
        for how, spoil in {**_PLACED, "a hard link": _hard_link, "noise": _noise}.items():
            yield f"{name} {how}", partial(_on, name, spoil)
    for name, edit in _EDITS.items():
        yield f"catalogue: {name}", partial(_edited, edit)
    for name, statement in _STATEMENTS.items():
        yield f"catalogue: {name}", partial(_sealed, statement)
    for name, change in _TABLES.items():
        for table in FOLDERS:
            yield f"{table}: {name}", partial(_other_part, table, change)
        for file in (PARAMETERS, DRAWS_FILE):
            yield f"{file}: {name}", partial(_other_file, file, change)
    yield "draws of other things", _other_draws
    yield from _OTHERS.items()


def _on(pattern: str, spoil: Damage, store: Path, outside: Path) -> None:
    found = sorted(store.glob(pattern))
    spoil(found[0] if found else store / pattern, outside)


# -- one file or folder -----------------------------------------------------------------------


def _emptied(file: Path, outside: Path) -> None:
    file.write_bytes(b"")


def _swapped(file: Path, outside: Path) -> None:
    """Swap it with a file of the same folder, or with any part."""
    others = [p for p in sorted(file.parent.iterdir()) if p.is_file() and p != file]
    whole = file.read_bytes()
    file.write_bytes(others[0].read_bytes())
    others[0].write_bytes(whole)


def _noise(file: Path, outside: Path) -> None:
    file.write_bytes(bytes(range(256)) * 40)


def _gone(place: Path, outside: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _linked(place: Path, outside: Path) -> None:
    """Replace it by a link to it, outside the store."""
    target = outside / f"moved-{place.name}"
    if place.exists():
        shutil.move(place, target)
    else:
        target.write_bytes(b"precious")
    place.symlink_to(target)


def _dangling(place: Path, outside: Path) -> None:
    _gone(place, outside)
    place.symlink_to(outside / "nowhere")


def _looped(place: Path, outside: Path) -> None:
    _gone(place, outside)
    place.symlink_to(place)


def _pipe(place: Path, outside: Path) -> None:
    _gone(place, outside)
    os.mkfifo(place)


def _socket(place: Path, outside: Path) -> None:
    _gone(place, outside)
    before = Path.cwd()
    os.chdir(place.parent)  # the name of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(place.name)
    finally:
        os.chdir(before)


def _device(place: Path, outside: Path) -> None:
    """Replace it by an endless device, or a link to one where devices cannot be made."""
    _gone(place, outside)
    try:
        os.mknod(place, 0o666 | stat.S_IFCHR, os.makedev(1, 5))
    except PermissionError:
        place.symlink_to("/dev/zero")


def _folder(place: Path, outside: Path) -> None:
    _gone(place, outside)
    place.mkdir()
    (place / "precious").write_text("precious")


def _file(place: Path, outside: Path) -> None:
    _gone(place, outside)
    place.write_text("a file")


def _hard_link(place: Path, outside: Path) -> None:
    _gone(place, outside)
    target = outside / f"hard-{place.name}"
    target.write_bytes(b"precious")
    os.link(target, place)


_SPOILS: Final[dict[str, Damage]] = {
    "cut": lambda file, outside: file.write_bytes(file.read_bytes()[:-100]),
    "emptied": _emptied,
    "swapped": _swapped,
    "noise": _noise,
}
_PLACED: Final[dict[str, Damage]] = {
    "gone": _gone,
    "a link outside": _linked,
    "a link to nothing": _dangling,
    "a link to itself": _looped,
    "a pipe": _pipe,
    "a socket": _socket,
    "a device": _device,
    "a folder": _folder,
    "a file": _file,
}


def _torn(store: Path, outside: Path) -> None:
    """A hot journal of another program: its header asks SQLite to play it back."""
    (store / f"{CATALOGUE}-journal").write_bytes(_MAGIC + b"\xff" * 4 + bytes(9500))


def _naming(store: Path, outside: Path) -> None:
    """A journal that names another file, which SQLite would remove."""
    (outside / "precious").write_bytes(b"precious")
    name, pages = os.fsencode(outside / "precious"), (store / CATALOGUE).stat().st_size // 4096
    head = (_MAGIC + struct.pack(">5I", 0, 0, pages, 512, 4096)).ljust(512, b"\0")
    tail = struct.pack(">2I", len(name), sum(name)) + _MAGIC
    lock_page = struct.pack(">I", 0x40000000 // 4096 + 1)
    (store / f"{CATALOGUE}-journal").write_bytes(head + lock_page + name + tail)


def _beside_linked(store: Path, outside: Path) -> None:
    """The file that a batch writes first and then moves is a link."""
    (outside / "precious").write_bytes(b"precious")
    for name in (PARAMETERS, DRAWS_FILE):
        (store / f".{name}.partial").symlink_to(outside / "precious")


def _beside_folder(store: Path, outside: Path) -> None:
    for name in (PARAMETERS, DRAWS_FILE):
        _folder(store / f".{name}.partial", outside)


def _aside_linked(store: Path, outside: Path) -> None:
    """The folder for damaged files is a link to outside, and a file is damaged."""
    (outside / "taken").mkdir()
    (store / "damaged").symlink_to(outside / "taken")
    _on(f"{OUTCOMES}/*", _emptied, store, outside)


def _strange_linked(store: Path, outside: Path) -> None:
    """Links with the names of parts and of leftovers."""
    (outside / "precious").write_bytes(b"precious")
    part = next((store / OUTCOMES).iterdir())
    (store / OUTCOMES / part.name.replace(part.name[:4], "0000", 1)).symlink_to(
        outside / "precious"
    )
    (store / OUTCOMES / ".x.partial").symlink_to(outside / "precious")


_OTHERS: Final[dict[str, Damage]] = {
    "a torn transaction": _torn,
    "a journal that names a file": _naming,
    "leftovers are links": _beside_linked,
    "leftovers are folders": _beside_folder,
    "damaged/ is a link": _aside_linked,
    "parts nobody wrote are links": _strange_linked,
    "the store is gone": _gone,
    "the store is a file": _file,
    "the store is a pipe": _pipe,
    "the store is a device": _device,
    "the store is an empty folder": lambda store, outside: (_gone(store, outside), store.mkdir()),
}


# -- the catalogue, sealed ------------------------------------------------------------------


def _sealed(statement: tuple[str, tuple[object, ...]], store: Path, outside: Path) -> None:
    """Run a statement on the catalogue and seal it again."""
    with closing(sqlite3.connect(store / CATALOGUE)) as connection, connection:
        connection.execute(*statement)
    again = Catalogue.create(store, Manifest((), 0, {}))
    again.write()
    again.close()


def said(store: Path) -> dict[str, Any]:
    """The description of the store in the catalogue."""
    with closing(sqlite3.connect(store / CATALOGUE)) as connection:
        (text,) = connection.execute("SELECT said FROM about").fetchone()
    found: dict[str, Any] = json.loads(text)
    return found


def _edited(edit: Callable[[dict[str, Any]], object], store: Path, outside: Path) -> None:
    """Change the description in the catalogue: in place, or to what ``edit`` returns."""
    there = said(store)
    other = edit(there)
    text = other if isinstance(other, str) else json.dumps(there if other is None else other)
    _sealed(("UPDATE about SET said = ?", (text,)), store, outside)


def _set(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    def edit(there: dict[str, Any]) -> None:
        at, *names = there, *key.split(".")
        for name in names[:-1]:
            at = at[next(iter(at)) if name == "*" else name]
        at[names[-1]] = value

    return edit


def _renamed(name: str) -> Callable[[dict[str, Any]], None]:
    """The first scenario under another name, in its files and in the catalogue."""

    def edit(there: dict[str, Any]) -> None:
        first, *others = there["scenarios"].items()
        first[1]["values"]["name"] = name
        there["scenarios"] = {name: first[1], **dict(others)}

    return edit


def _twice(there: dict[str, Any]) -> None:
    one, two = list(there["scenarios"].values())[:2]
    two["digest"] = one["digest"]


def _other_draws(store: Path, outside: Path) -> None:
    """Draws of a parameter that no scenario has, with the right digest and checksum."""
    parameters = [UncertainParameter("p", ("a.b",)), UncertainParameter("q", ("patrols",), "scale")]
    draws = Posterior(tuple(parameters), ((1.0, 2.0), (3.0, 4.0)), "somewhere")
    (store / DRAWS_FILE).write_bytes(draws.as_parquet())

    def edit(there: dict[str, Any]) -> None:
        there["draws"] = draws.as_data()
        there["sums"][DRAWS_FILE] = checksum(draws.as_parquet())

    _edited(edit, store, outside)


_LISTS: Final = "[" * 900 + "]" * 900
_BRACKETS: Final = "[" * 200_000 + "]" * 200_000
_EDITS: Final[dict[str, Callable[[dict[str, Any]], object]]] = {
    "says nothing": lambda there: {},
    "says a list": lambda there: [1, 2],
    "says no JSON": lambda there: "{",
    "200,000 brackets": lambda there: _BRACKETS,
    "200,000 brackets in the history": lambda there: json.dumps(there).replace(
        '"history": [', f'"history": [{{"a": {_BRACKETS}}}, '
    ),
    "900 brackets in a scenario": _set("scenarios.*.values.days", json.loads(_LISTS)),
    "NaN": _set("scenarios.*.values.days", math.nan),
    "Infinity": _set("made_with", {"code": math.inf}),
    "1e999": lambda there: json.dumps(there).replace('"root": 0', '"root": 1e999'),
    "a huge seed": _set("root", 10**40),
    "a long number": lambda there: json.dumps(there).replace('"root": 0', '"root": ' + "9" * 9000),
    "a seed of text": _set("root", "zero"),
    "no tables": _set("tables", []),
    "only districts": _set("tables", ["districts"]),
    "a table twice": _set("tables", ["outcomes", "outcomes"]),
    "an unknown table": _set("tables", ["outcomes", "../../etc"]),
    "a table too many": _set("tables", ["outcomes", "districts", "incidents"]),
    "tables as text": _set("tables", "outcomes"),
    "made with nothing": _set("made_with", {}),
    "made with odd things": _set("made_with", {"versions": 3, "commit": [], "rules": 7}),
    "made with other code": _set("made_with.code", "0" * 16),
    "no scenarios": _set("scenarios", {}),
    "a scenario less": lambda there: there["scenarios"].popitem() and None,
    "a scenario without values": _set("scenarios.*.values", {}),
    "a scenario of odd values": _set("scenarios.*.values.days", {"a": 1}),
    "a ground of odd values": _set("scenarios.*.values.ground", {"a": 1}),
    "a ground of text": _set("scenarios.*.values.ground", "../../etc/passwd"),
    "a horizon that never ends": _set("scenarios.*.values.days", 1e300),
    "a digest that is a path": _set("scenarios.*.digest", "../../outside/moved"),
    "a digest of surrogates": _set("scenarios.*.digest", "\ud800"),
    "one digest twice": _twice,
    "a name that is a path": _renamed("../../../tmp/x"),
    "a name of markup": _renamed("<script>alert(1)</script>[red]"),
    "a name of controls": _renamed("\x1b]0;owned\x07\x1b[2J\u202e\x9b31m"),
    "a name of surrogates": _renamed("\ud800"),
    "no name": _renamed(""),
    "a long name": _renamed("x" * 5000),
    "a name of sums": _renamed("=1+1|cmd"),
    "a title of controls": _set("scenarios.*.values.title", "\x1b]0;owned\x07\x1b[2J"),
    "history of text": _set("history", "long"),
    "history of numbers": _set("history", [1, 2]),
    "history of nothing": _set("history", []),
    "draws null": _set("draws", None),
    "draws of nothing": _set("draws", {}),
    "draws of text": _set("draws", {"parameters": "all", "digest": 1}),
    "a draw's parameter less": lambda there: there["draws"]["parameters"].pop() and None,
    "draws of other keys": _set("draws.parameters", [{"name": "p", "keys": ["a.b"]}]),
    "outcomes of odd things": _set("own", [{"name": 1}]),
    "outcomes of nothing": _set("own", [{}]),
    "outcomes of a user": _set(
        "own",
        [{"name": "mine", "label": "\x1b[2J", "unit": "", "group": "x", "digest": "0"}],
    ),
    "no checksums": _set("sums", {}),
    "checksums of numbers": _set("sums", {PARAMETERS: 1}),
    "a key too many": _set("else", 1),
    "a key less": lambda there: there.pop("root") and None,
}  # fmt: skip

_STATEMENTS: Final[dict[str, tuple[str, tuple[object, ...]]]] = {
    "another format": ("UPDATE about SET format = 'panj-store/9'", ()),
    "a format that is bytes": ("UPDATE about SET format = ?", (b"\xff",)),
    "a saying of bytes": ("UPDATE about SET said = ?", (b"\xff\xfe",)),
    "a saying that is a number": ("UPDATE about SET said = 7", ()),
    "said twice": ("INSERT INTO about SELECT * FROM about", ()),
    "a table of another": ("CREATE TABLE more (a)", ()),
    "a view": ("CREATE VIEW seen AS SELECT * FROM parts", ()),
    "a trigger": (
        "CREATE TRIGGER t AFTER UPDATE ON about BEGIN DELETE FROM parts; END",
        (),
    ),
    "an index": ("CREATE INDEX i ON parts (digest)", ()),
    "no parts": ("DELETE FROM parts", ()),
    "a part less": ("DELETE FROM parts WHERE rowid = 1", ()),
    "a part twice": (
        "INSERT INTO parts SELECT 'ffffffffffffffff', digest, block, replicates, failed, sums "
        "FROM parts WHERE rowid = 1",
        (),
    ),
    "endless replicates": ("UPDATE parts SET replicates = '0-99999999999'", ()),
    "endless failures": ("UPDATE parts SET failed = '0-99999999999'", ()),
    "replicates of text": ("UPDATE parts SET replicates = 'all'", ()),
    "replicates backwards": ("UPDATE parts SET replicates = '3-0'", ()),
    "negative replicates": ("UPDATE parts SET replicates = '-3'", ()),
    "replicates without order": ("UPDATE parts SET replicates = '3 1 2 2'", ()),
    "replicates of other digits": ("UPDATE parts SET replicates = '\u0663-\u0664'", ()),
    "replicates that are a number": ("UPDATE parts SET replicates = x'30'", ()),
    "no replicates": ("UPDATE parts SET replicates = ''", ()),
    "a huge replicate": ("UPDATE parts SET replicates = ?", ("9" * 40,)),
    "a long replicate": ("UPDATE parts SET replicates = ?", ("9" * 9000,)),
    "many replicates": ("UPDATE parts SET replicates = ?", ("0-2499 " * 40_000,)),
    "failures that were not run": ("UPDATE parts SET failed = '77'", ()),
    "another block": ("UPDATE parts SET block = 7", ()),
    "a negative block": ("UPDATE parts SET block = -1", ()),
    "a block of text": ("UPDATE parts SET block = 'x'", ()),
    "a block that is infinite": ("UPDATE parts SET block = 9e999", ()),
    "a mark that is a path": ("UPDATE parts SET mark = '../../../etc' WHERE rowid = 1", ()),
    "a mark of zeros": ("UPDATE parts SET mark = ? WHERE rowid = 1", ("a\0b",)),
    "a mark that is a number": ("UPDATE parts SET mark = x'00ff' WHERE rowid = 1", ()),
    "a digest that is a path in parts": ("UPDATE parts SET digest = '../../outside'", ()),
    "an unknown digest": ("UPDATE parts SET digest = ?", ("f" * 32,)),
    "a digest that is a number": ("UPDATE parts SET digest = 5", ()),
    "no sums": ("UPDATE parts SET sums = '{}'", ()),
    "sums of a list": ("UPDATE parts SET sums = '[]'", ()),
    "sums of text": ("UPDATE parts SET sums = 'x'", ()),
    "sums of a number": ("UPDATE parts SET sums = 1", ()),
    "sums of brackets": ("UPDATE parts SET sums = ?", (_BRACKETS,)),
    "sums of another table": ("UPDATE parts SET sums = ?", (json.dumps({"../x": "0" * 64}),)),
    "sums of outcomes only": (
        "UPDATE parts SET sums = json_remove(sums, '$.districts')",
        (),
    ),
}  # fmt: skip


# -- Parquet that is whole but another table ------------------------------------------------


def _put(file: Path, change: Callable[[pa.Table], pa.Table | bytes]) -> bytes:
    """Put other rows in a file; return its content."""
    other = change(pq.ParquetFile(io.BytesIO(file.read_bytes())).read())
    content = other if isinstance(other, bytes) else as_parquet(other)
    file.write_bytes(content)
    return content


def _other_part(
    table: str, change: Callable[[pa.Table], pa.Table | bytes], store: Path, outside: Path
) -> None:
    """Put other rows in a part, with the right checksum."""
    with closing(sqlite3.connect(store / CATALOGUE)) as connection:
        digest, block, mark, sums = connection.execute(
            "SELECT digest, block, mark, sums FROM parts ORDER BY mark"
        ).fetchone()
    content = _put(store / table / f"{digest}.{block:05d}.{mark}.parquet", change)
    told = json.dumps({**json.loads(sums), table: checksum(content)})
    _sealed(("UPDATE parts SET sums = ? WHERE mark = ?", (told, mark)), store, outside)


def _other_file(
    name: str, change: Callable[[pa.Table], pa.Table | bytes], store: Path, outside: Path
) -> None:
    """Put other rows in a file that is not a part, with the right checksum."""
    content = _put(store / name, change)

    def edit(there: dict[str, Any]) -> None:
        there["sums"][name] = checksum(content)

    _edited(edit, store, outside)


def _doubled(rows: pa.Table) -> pa.Table:
    names = [*rows.column_names, rows.column_names[0]]
    return pa.Table.from_arrays([*rows.columns, rows.columns[0]], names=names)


def _extremes(rows: pa.Table) -> pa.Table:
    """The smallest and largest numbers of a column."""
    columns = {}
    for field in rows.schema:
        if field.type == pa.int64() and field.name not in ("replicate", "draw"):
            columns[field.name] = pa.array([-(2**63)] * len(rows), pa.int64())
        elif field.type == pa.float64():
            columns[field.name] = pa.array([math.inf, math.nan] * len(rows))[: len(rows)]
        else:
            columns[field.name] = rows[field.name]
    return pa.table(columns)


def _negative(rows: pa.Table) -> pa.Table:
    """Negative whole numbers, replicates too."""
    columns = {
        f.name: pa.array([-5] * len(rows), pa.int64()) if f.type == pa.int64() else rows[f.name]
        for f in rows.schema
    }
    return pa.table(columns)


_TABLES: Final[dict[str, Callable[[pa.Table], pa.Table | bytes]]] = {
    "no rows": lambda rows: rows.slice(0, 0),
    "a row less": lambda rows: rows.slice(1),
    "rows twice": lambda rows: pa.concat_tables([rows, rows]),
    "no columns": lambda rows: pa.table({}),
    "another column": lambda rows: pa.table({"a": [1]}),
    "keys only": lambda rows: rows.select(rows.column_names[:4]),
    "a column less": lambda rows: rows.drop_columns(rows.column_names[-5:]),
    "a column twice": _doubled,
    "all text": lambda rows: rows.cast(pa.schema([(n, pa.string()) for n in rows.column_names])),
    "all lists": lambda rows: pa.table({n: [[{"a": 1}]] * len(rows) for n in rows.column_names}),
    "all null": lambda rows: pa.table({f.name: pa.nulls(len(rows), f.type) for f in rows.schema}),
    "extremes": _extremes,
    "below nothing": _negative,
    "no Parquet": lambda rows: b"PAR1 nothing PAR1",
}
