"""One sitting of work on a calibration: who works, how much may be begun, who looks on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from math import inf
from typing import TYPE_CHECKING

from sim.calibrate.settings import Progress
from sim.calibrate.stage import Ledger, gather
from sim.calibrate.work import Parcel
from sim.runs.batch import hired
from sim.runs.execute import Pace
from sim.runs.workers import Workers

if TYPE_CHECKING:
    from sim.calibrate.problem import CalibrationProblem

type Hands = Workers | Executor | str | int | None
"""Workers, a number of processes (1: this one), or what :func:`sim.runs.batch.hired` takes."""


class Shift:
    """Workers with a budget of simulations; ``math.inf`` for as many as it takes."""

    def __init__(
        self, workers: Workers, budget: float, watch: Callable[[Progress], None] | None
    ) -> None:
        self.workers = workers
        self.budget = budget
        self.pace = Pace(workers.width, wanted=2.0)
        self._watch = watch

    def gather(self, ledger: Ledger, problem: CalibrationProblem) -> Iterator[Parcel]:
        """Simulate for a ledger within the budget."""
        ledger.budget = self.budget
        try:
            yield from gather(ledger, problem, self.workers, self.pace)
        finally:
            self.budget = ledger.budget

    def tell(self, ledger: Ledger, threshold: float, effective: float | None) -> None:
        """Say how far a generation is."""
        if self._watch is not None:
            each, stage = self.pace.each, ledger.stage
            self._watch(
                Progress(
                    generation=stage.number,
                    tried=ledger.known,
                    accepted=min(ledger.accepted, stage.wanted),
                    wanted=stage.wanted,
                    threshold=threshold,
                    effective=effective,
                    seconds_left=ledger.lacking() * each / self.workers.width if each else None,
                )
            )


@contextmanager
def shift(
    hands: Hands, budget: int | None = None, watch: Callable[[Progress], None] | None = None
) -> Iterator[Shift]:
    """A shift of workers, which are sent home at its end if they were hired for it."""
    limit = inf if budget is None else float(budget)
    if hands == 1:
        hiring = hired("serial")
    elif isinstance(hands, int):
        hiring = hired(jobs=hands)
    elif hands is None or isinstance(hands, Executor | str):
        hiring = hired(hands)
    else:
        yield Shift(hands, limit, watch)
        return
    with hiring as workers:
        yield Shift(workers, limit, watch)
