"""A verification on disk: one JSON file, which a report can take in."""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path

from sim.errors import OutputError
from sim.runs.provenance import commit, utc_now, versions
from sim.runs.store_files import write_file
from sim.verify.case import Case
from sim.verify.run import Verification


def as_data(found: Verification) -> dict[str, object]:
    """The verification as plain data: who made it, and a row for each case."""
    return {
        "made_at": utc_now(),
        "versions": versions(),
        "commit": commit(),
        "effort": found.effort,
        "seconds": round(found.seconds, 3),
        "passed": found.passed,
        "cases": [_row(case) for case in found.cases],
    }


def _row(case: Case) -> dict[str, object]:
    measured = {"z": case.z, "control": case.control}
    # an exact case that is off is so by infinitely many standard errors: no figure in JSON
    said = {name: value if isfinite(value) else None for name, value in measured.items()}
    return {**case._asdict(), **said, "holds": case.holds, "sees": case.sees}


def write(found: Verification, path: Path) -> None:
    """Write it whole or not at all. Raises :class:`~sim.errors.OutputError`."""
    text = json.dumps(as_data(found), indent=1, allow_nan=False) + "\n"
    write_file(path, text.encode())


def read(path: Path) -> Verification:
    """Read what :func:`write` wrote. Raises :class:`~sim.errors.OutputError` for anything else."""
    try:
        data = json.loads(path.read_text("utf-8"))
        cases = tuple(Case(*(row[name] for name in Case._fields)) for row in data["cases"])
        return Verification(cases, float(data["effort"]), float(data["seconds"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutputError(
            f"is not a verification: {error}",
            path=path,
            remedy="'panj verify --quick -o FILE' writes one.",
        ) from error
