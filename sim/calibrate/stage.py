"""The simulations of one generation: which are wanted next, and when there are enough.

A generation is full when so many of its proposals are accepted *in the order of their numbers*:
everything up to the last of them must be simulated, whichever came back first. So the accepted
are the same for one worker and for many. A proposal that is slow cannot be crowded out by quick
ones, which would favour the parameters of quick runs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Final

import numpy as np

from sim.calibrate.latent import values_of
from sim.calibrate.problem import CalibrationProblem, Floats
from sim.calibrate.rows import Flags, Rows, joined
from sim.calibrate.work import Order, Parcel, crashed_parcel, run_points
from sim.runs.code import code_digest
from sim.runs.execute import Pace, execute
from sim.runs.plan import seed_of
from sim.runs.workers import Workers

BLOCK: Final = 64
"""Points are made by so many at once, so that the bits of one do not hang on its company."""

type Points = Callable[[Sequence[int]], Floats]
"""From numbers to points on the latent scale."""


@dataclass(frozen=True)
class Stage:
    """One generation: ``accept`` says of rows which are accepted, ``wanted`` how many of them.

    No number from ``limit`` on is tried; ``seed`` is that of the calibration.
    """

    number: int
    wanted: int
    limit: int
    seed: int
    points: Points
    accept: Callable[[Rows], Flags]

    def orders(self, problem: CalibrationProblem) -> Callable[[Sequence[int]], Order]:
        """Makes the order for some numbers."""
        root, code = seed_of(self.number, self.seed), code_digest()

        @lru_cache(maxsize=256)
        def block(number: int) -> tuple[Floats, Floats]:
            latent = self.points(range(number * BLOCK, (number + 1) * BLOCK))
            return latent, values_of(latent, problem.priors)

        def order(numbers: Sequence[int]) -> Order:
            places = [divmod(number, BLOCK) for number in numbers]
            return Order(
                simulate=problem.simulate,
                keys=problem.keys,
                index=np.array(numbers, np.int64),
                seeds=np.array([seed_of(number, root) for number in numbers], np.int64),
                values=np.stack([block(b)[1][row] for b, row in places]),
                latent=np.stack([block(b)[0][row] for b, row in places]),
                code=code,
            )

        return order


class Ledger:
    """Which simulations of a stage are there, which are on their way, and whether it is full."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.budget = inf
        """Simulations that may still be begun."""
        self._pieces: list[Rows] = []
        self._accepted: dict[int, bool] = {}
        self.accepted = 0
        """How many simulations that are there are accepted."""
        self._front = 0
        self._hits = 0
        self._cursor = 0
        self._flying = 0

    @property
    def full(self) -> bool:
        """Whether so many are accepted in the order of numbers as are wanted."""
        return self._hits >= self.stage.wanted

    @property
    def spent(self) -> bool:
        """Whether every number was tried without filling the stage."""
        return self._front >= self.stage.limit and not self.full

    @property
    def known(self) -> int:
        """Simulations that are there."""
        return len(self._accepted)

    def keep(self, rows: Rows) -> None:
        """Take in simulations, new ones or those of an earlier run."""
        self._pieces.append(rows)
        for number, hit in zip(rows.index.tolist(), self.stage.accept(rows).tolist(), strict=True):
            if number not in self._accepted:
                self._accepted[number] = hit
                self.accepted += hit
        while not self.full and self._front in self._accepted:
            self._hits += self._accepted[self._front]
            self._front += 1

    def landed(self, parcel: Parcel) -> None:
        """Take in what was on its way."""
        self._flying -= len(parcel.rows)
        self.keep(parcel.rows)

    def lacking(self) -> float:
        """About how many more simulations it takes, going by what was accepted so far."""
        rate = (self.accepted + 1.0) / (self.known + 1.0)
        return max((self.stage.wanted - self.accepted) / rate, 0.0)

    def left(self) -> float:
        """About how many of them are still to be begun."""
        return max(self.lacking() - self._flying, 0.0)

    def numbers(self, size: int) -> list[int]:
        """The next numbers to simulate, at most ``size``; none when there is nothing to begin."""
        size = int(min(size, self.budget))
        found: list[int] = []
        while not self.full and len(found) < size and self._cursor < self.stage.limit:
            if self._cursor not in self._accepted:
                found.append(self._cursor)
            self._cursor += 1
        self._flying += len(found)
        self.budget -= len(found)
        return found

    def rows(self) -> Rows:
        """The simulations up to the last that is needed, by number."""
        rows = joined(self._pieces)
        return rows.take(rows.index < self._front)


def gather(
    ledger: Ledger, problem: CalibrationProblem, workers: Workers, pace: Pace
) -> Generator[Parcel]:
    """Simulate until the ledger is full, its numbers are tried or its budget is spent."""
    order = ledger.stage.orders(problem)

    def orders() -> Iterator[Order]:
        while numbers := ledger.numbers(pace.size(ledger.left())):
            yield order(numbers)

    parcels = execute(orders(), run_points, crashed_parcel, workers)
    try:
        for parcel in parcels:
            pace.learn(len(parcel.rows), parcel.seconds)
            ledger.landed(parcel)
            yield parcel
            if ledger.full:
                return
    finally:
        parcels.close()
