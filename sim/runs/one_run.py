"""A single finished run in a folder: ``write_run`` and ``read_run``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from sim.errors import StoreError
from sim.incidents.records import (
    Alarm,
    AlertChange,
    Crossing,
    DiplomaticAct,
    Incident,
    Plan,
    SiteClosure,
)
from sim.measures.registry import outcomes_on
from sim.measures.user_defined import user_outcomes
from sim.rules import user_rules
from sim.runs import run_folder as folders
from sim.runs.arrow import from_table, rows_to_table, to_table
from sim.runs.provenance import commit, utc_now, versions
from sim.runs.store_files import checksum
from sim.runs.store_tables import schema

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.model import BorderModel

TABLES: Final[dict[str, type[tuple[object, ...]]]] = {
    "incidents": Incident,
    "crossings": Crossing,
    "alarms": Alarm,
    "alerts": AlertChange,
    "closures": SiteClosure,
    "diplomacy": DiplomaticAct,
    "plans": Plan,
}
"""The type of record in each table; the folder also has ``outcomes`` and ``districts``."""


def describe(model: BorderModel, command: str | None = None) -> dict[str, object]:
    """The provenance of a run: scenario, forks, seed, fingerprint, versions, command and time."""
    from sim.scenario.values import digest

    (_, began), *later = model.eras
    rules = user_rules.digests(spec for _, spec in model.eras)
    forks = [
        {"day": day, "scenario": spec.model_dump(mode="json"), "digest": digest(spec)}
        for day, spec in later
    ]
    return {
        "format": folders.FORMAT,
        "scenario": began.model_dump(mode="json"),
        "digest": digest(began),
        **({"forks": forks} if forks else {}),
        **({"rules": rules} if rules else {}),
        "seed": model.seed,
        "days": model.time,
        "fingerprint": model.fingerprint(),
        "versions": versions(),
        "commit": commit(),
        "command": command,
        "created": utc_now(),
    }


def write_run(
    model: BorderModel,
    folder: Path,
    *,
    force: bool = False,
    command: str | None = None,
    pictures: Mapping[str, Callable[[Path], object]] | None = None,
) -> None:
    """Write a finished run to ``folder``: tables as Parquet, ``run.json``, and pictures.

    ``pictures`` maps file names to functions that draw to a given path. The folder appears whole
    or not at all. Raises :class:`sim.errors.OutputError` where it cannot be written, or may not
    be replaced.
    """
    import pyarrow.parquet as pq

    with folders.new_folder(folder, force=force) as place:
        for name, table in tables(model).items():
            pq.write_table(table, place / f"{name}.parquet", compression="zstd")
        for name, draw in (pictures or {}).items():
            draw(place / name)
        files = {path.name: checksum(path.read_bytes()) for path in sorted(place.iterdir())}
        text = json.dumps({**describe(model, command), "files": files}, indent=2, allow_nan=False)
        (place / folders.MANIFEST).write_text(text + "\n", "utf-8")


def tables(model: BorderModel) -> dict[str, pa.Table]:
    """Every table of a run by name; times in days and as local timestamps."""
    start, measured = model.spec.start, (*outcomes_on(model.spec.ground), *user_outcomes())
    return {
        "outcomes": _measured([model.outcomes()], schema("outcomes", measured)),
        "districts": _measured(model.district_table(), schema("districts")),
        **{name: to_table(model.log[kind], kind, start) for name, kind in TABLES.items()},
    }


def _measured(rows: Sequence[Mapping[str, object]], known: pa.Schema) -> pa.Table:
    """Rows as a table, with the column types of a store."""
    import pyarrow as pa

    return rows_to_table(rows, pa.schema([known.field(name) for name in rows[0]]))


@dataclass(frozen=True)
class StoredRun:
    """A run read back from its folder; tables are read on demand."""

    folder: Path
    provenance: Mapping[str, object]

    def table(self, name: str) -> pa.Table:
        """A table by name. Raises :class:`sim.errors.StoreError` if it is missing or damaged."""
        import pyarrow.parquet as pq

        path = self.folder / f"{name}.parquet"
        files = cast(Mapping[str, str], self.provenance["files"])
        if path.name not in files:
            raise StoreError(f"this result has no table {name!r}", path=self.folder)
        if not path.is_file():
            raise StoreError("missing from the result", path=path, remedy="Run it again.")
        if checksum(path.read_bytes()) != files[path.name]:
            raise StoreError(
                "not the file that panj wrote: its checksum differs from run.json",
                path=path,
                remedy="Run it again.",
            )
        return pq.read_table(path)

    def records[R: tuple[object, ...]](self, kind: type[R]) -> list[R]:
        """The records of one type that the run logged."""
        name = next(name for name, held in TABLES.items() if held is kind)
        return from_table(self.table(name), kind)

    def outcomes(self) -> dict[str, float | int | None]:
        """The outcomes by name; None where an outcome is not defined."""
        (row,) = self.table("outcomes").to_pylist()
        return cast(dict[str, float | int | None], row)


def read_run(folder: Path) -> StoredRun:
    """Open a result folder. Raises :class:`sim.errors.StoreError` for any other folder."""
    found = folders.manifest(folder)
    if found is None or not isinstance(found.get("files"), dict):
        raise StoreError(
            "is not a result of panj",
            path=folder,
            remedy=f"Name a folder written by 'panj run -o', one that holds {folders.MANIFEST}.",
        )
    return StoredRun(folder, found)
