"""Run the studies, on as many processes as there are cores, and keep the result as a JSON file."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.errors import OutputError, PanjError
from sim.runs.execute import call_all
from sim.runs.provenance import commit, utc_now, versions
from sim.runs.store_files import write_file
from sim.runs.workers import start_workers
from sim.verify.case import Case
from sim.verify.families import FAMILIES, studies

if TYPE_CHECKING:
    from concurrent.futures import Executor

QUICK: Final = 1.0
FULL: Final = 16.0
"""Efforts: errors of the full set are a quarter of the quick one's."""
LEAST: Final = 0.05
"""With less, some studies have too few runs to estimate anything."""


class Verification(NamedTuple):
    """The cases of the families verified, in order; the effort; and how long it took, seconds."""

    cases: tuple[Case, ...]
    effort: float
    seconds: float

    @property
    def failed(self) -> list[Case]:
        """Cases in which the simulator and theory disagree."""
        return [case for case in self.cases if not case.holds]

    @property
    def blind(self) -> list[Case]:
        """Cases whose negative control did not fail: they could not have detected a fault."""
        return [case for case in self.cases if not case.sees]

    @property
    def passed(self) -> bool:
        """Whether every case holds and every negative control fails."""
        return not self.failed and not self.blind

    def as_data(self) -> dict[str, object]:
        """The result as plain data for JSON: provenance, and one row per case."""
        return {
            "made_at": utc_now(),
            "versions": versions(),
            "commit": commit(),
            "effort": self.effort,
            "seconds": round(self.seconds, 3),
            "passed": self.passed,
            "cases": [_row(case) for case in self.cases],
        }

    def write(self, path: Path) -> None:
        """Write the result to a JSON file, all of it or nothing.

        Raises :class:`~sim.errors.OutputError` if the file cannot be written.
        """
        text = json.dumps(self.as_data(), indent=1, allow_nan=False) + "\n"
        write_file(path, text.encode())


def _row(case: Case) -> dict[str, object]:
    # z and the control of an exact case may be infinite, which JSON cannot hold
    scores = {"z": case.z, "control": case.control}
    finite = {name: value if isfinite(value) else None for name, value in scores.items()}
    return {**case._asdict(), **finite, "holds": case.holds, "sees": case.sees}


def read_verification(path: Path) -> Verification:
    """Read a file that :meth:`Verification.write` wrote.

    Raises :class:`~sim.errors.OutputError` if the file is missing or holds anything else.
    """
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


def verify(
    families: Sequence[str] | None = None,
    effort: float = FULL,
    jobs: int | None = None,
    executor: Executor | str | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Verification:
    """Run the studies of all families, or of those named, and return their cases in order.

    ``progress`` is called after each study with the number done, the number of all, and the
    family of the one just done. The same effort gives the same cases on any number of processes.

    Raises :class:`~sim.errors.PanjError` if there is no such family, or the effort is below
    :data:`LEAST`.
    """
    if not effort >= LEAST:
        raise PanjError(
            f"is too small for some studies: give {LEAST} or more", key="effort", value=effort
        )
    for name in families or ():
        if name not in FAMILIES:
            raise PanjError(
                "is not a family of verification",
                value=name,
                remedy=f"There are: {', '.join(FAMILIES)}.",
            )
    selected = [family for family in FAMILIES if families is None or family in families]
    work = [(family, name) for family in selected for name in studies(family)]
    calls = (((family, name), partial(run_study, family, name, effort)) for family, name in work)
    began = time.perf_counter()
    results: dict[tuple[str, str], Sequence[Case]] = {}
    with start_workers(executor, jobs) as workers:
        for (family, name), cases in call_all(calls, workers):
            if cases is None:
                raise PanjError(f"the process that ran the study {name} of {family} died")
            results[family, name] = cases
            if progress is not None:
                progress(len(results), len(work), family)
    every = tuple(case for study in work for case in results[study])
    return Verification(every, effort, time.perf_counter() - began)


def run_study(family: str, name: str, effort: float) -> Sequence[Case]:
    """Run one study and return its cases, marked with the family."""
    return [case._replace(family=family) for case in studies(family)[name](effort)]
