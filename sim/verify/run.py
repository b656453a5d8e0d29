"""Run the studies, on as many processes as there are cores, and say whether all is well."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.errors import PanjError
from sim.runs.batch import hired
from sim.runs.execute import each
from sim.verify.case import Case
from sim.verify.study import FAMILIES, studies

if TYPE_CHECKING:
    from concurrent.futures import Executor

QUICK: Final = 1.0
FULL: Final = 16.0
"""Efforts: errors of the full set are a quarter of the quick one's."""
LEAST: Final = 0.05
"""With less some studies have too few runs for a figure."""


class Verification(NamedTuple):
    """What was verified, family by family, and at which effort."""

    cases: tuple[Case, ...]
    effort: float
    seconds: float

    @property
    def failed(self) -> list[Case]:
        """Cases in which the simulator and theory disagree."""
        return [case for case in self.cases if not case.holds]

    @property
    def blind(self) -> list[Case]:
        """Cases whose negative control did not fail: they could not have found a fault."""
        return [case for case in self.cases if not case.sees]

    @property
    def passed(self) -> bool:
        """Whether every case holds and every negative control fails."""
        return not self.failed and not self.blind


def verify(
    families: Sequence[str] | None = None,
    effort: float = FULL,
    jobs: int | None = None,
    executor: Executor | str | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Verification:
    """Run the studies of all families, or of those named, and return their cases in order.

    ``progress`` is told the studies done, those in all, and the family of the last. The same
    effort gives the same cases, whatever the number of processes.

    Raises
    ------
    PanjError
        If there is no such family, or the effort is below :data:`LEAST`.
    """
    if not effort >= LEAST:
        raise PanjError(
            f"is too little for a figure of every study: give {LEAST} or more",
            key="effort",
            value=effort,
        )
    for name in families or ():
        if name not in FAMILIES:
            raise PanjError(
                "is not a family of verification",
                value=name,
                remedy=f"There are: {', '.join(FAMILIES)}.",
            )
    wanted = [family for family in FAMILIES if families is None or family in families]
    work = [(family, name) for family in wanted for name in studies(family)]
    calls = (((family, name), partial(cases_of, family, name, effort)) for family, name in work)
    began = time.perf_counter()
    found: dict[tuple[str, str], Sequence[Case]] = {}
    with hired(executor, jobs) as workers:
        for (family, name), cases in each(calls, workers):
            if cases is None:
                raise PanjError(f"the process that ran the study {name} of {family} died")
            found[family, name] = cases
            if progress is not None:
                progress(len(found), len(work), family)
    every = tuple(case for item in work for case in found[item])
    return Verification(every, effort, time.perf_counter() - began)


def cases_of(family: str, name: str, effort: float) -> Sequence[Case]:
    """Do one study."""
    return [case._replace(family=family) for case in studies(family)[name](effort)]
