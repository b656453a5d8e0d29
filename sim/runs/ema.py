"""Export of a store in the format of the EMA Workbench: experiments and outcomes in one archive.

A row of the experiments is a finished run: the values of its draw, and as ``policy`` the name of
its scenario. ``scenario`` is the replicate, which has the same seed and draw under each policy.
``ema_workbench.load_results`` reads the file (Kwakkel 2017); writing it does not need the library.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from sim.errors import StoreError
from sim.runs.export import check_new, partial_file
from sim.runs.store import Store

SUFFIX: Final = ".tar.gz"


def export_ema(
    store: Store, target: Path, scenarios: Sequence[str] | None = None, *, force: bool = False
) -> int:
    """Write the finished runs of a store to a new archive, and return their number.

    Raises :class:`~sim.errors.StoreError` for a store without draws, and
    :class:`~sim.errors.OutputError` for a name without the suffix, for a file that exists
    already, and when the disk refuses.
    """
    reason = "the EMA Workbench reads results from another kind of file"
    check_new(target, [SUFFIX], reason, force=force)
    posterior = store.posterior
    if posterior is None:
        raise StoreError(
            "its runs have no draws of uncertain parameters, which the experiments consist of",
            path=store.path,
            remedy="'panj batch -o STORE --posterior shipped' runs scenarios with draws.",
        )
    names = list(store.outcome_names)
    table = store.outcomes(scenarios, names)
    rows = [row for row in table.to_pylist() if row.get("status", "done") == "done"]
    drawn = [posterior.draws[posterior.draw_of(row["replicate"])] for row in rows]
    heads = [parameter.name for parameter in posterior.parameters]
    experiments = [
        [*map(repr, values), row["replicate"], row["scenario"], "panj"]
        for row, values in zip(rows, drawn, strict=True)
    ]
    kinds = {**dict.fromkeys(heads, "float64"), "scenario": "int64", "policy": "category"}
    kinds["model"] = "category"
    files = {name: f"{name}.csv" for name in names}
    metadata = {
        "version": 0.1,
        "outcomes": [("ScalarOutcome", name, file) for name, file in files.items()],
        "experiments": kinds,
    }
    with (
        partial_file(target) as partial,
        partial.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        _add(archive, "experiments.csv", _csv([list(kinds), *experiments]))
        for name, file in files.items():
            _add(archive, file, "".join(_column(row[name] for row in rows)))
        _add(archive, "metadata.json", json.dumps(metadata))
    return len(rows)


def _column(values: Iterable[float | None]) -> Iterator[str]:
    """One line per value; the reader would skip an empty line."""
    return ("NaN\n" if value is None else f"{float(value)!r}\n" for value in values)


def _csv(rows: Iterable[Sequence[object]]) -> str:
    import csv

    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _add(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))
