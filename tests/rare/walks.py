"""A world of one line that can be split: so many die on each day, and nothing else happens.

It has what a split needs of a model, and its probabilities are known.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from sim.engine.branching_draws import BranchingDraws
from sim.incidents.records import Incident
from sim.measures.outcome import Outcome
from sim.measures.people import worst_spell
from sim.model import BorderModel
from sim.rare.tree import Levels, Tree, grow

DAYS = 60
LAW = {0: 0.94, 1: 0.03, 2: 0.015, 4: 0.015}
"""How many die on a day, with which probability."""

VICTIMS = Outcome("victims", measure=lambda run: sum(i.deaths for i in run.incidents))
WORST = Outcome(
    "worst_35_days", measure=lambda run: worst_spell((i.at, i.deaths) for i in run.incidents)
)


@dataclass
class Walk:
    """One run."""

    seed: int
    now: float = 0.0
    spec: Any = field(default_factory=lambda: SimpleNamespace(days=float(DAYS), ground=None))
    log: dict[type, list[Any]] = field(default_factory=lambda: {Incident: []})

    def __post_init__(self) -> None:
        self.draws = BranchingDraws(self.seed)
        self.ground, self.cells = None, ()
        self.agenda = self
        self._view: Callable[[], object] = int

    @property
    def running(self) -> bool:
        """Whether days are left."""
        return self.now < self.spec.days

    def next_time(self) -> float:
        """When the next day is over."""
        return self.now + 1.0

    def copier(self) -> Callable[[], "Walk"]:
        """What makes copies."""
        make, of = self.draws.__reduce__()
        past = list(self.log[Incident])

        def copy() -> Walk:
            other = Walk(self.seed, self.now, self.spec, {Incident: list(past)})
            other.draws = cast(BranchingDraws, make(*of))
            return other

        return copy

    def run_until(self, end: float) -> None:
        """Let the days up to ``end`` happen."""
        while self.now < end:
            u, dead = self.draws.of("walk").uniform("deaths", 8 * int(self.now)), 0
            for number, share in LAW.items():
                dead = number
                u -= share
                if u < 0.0:
                    break
            if dead:
                self.log[Incident].append(SimpleNamespace(at=self.now, deaths=dead))
            self.now += 1.0

    def branch(self, name: str) -> None:
        """Another future."""
        self.draws.branch(name)


@lru_cache(maxsize=None, typed=True)
def trees(outcome: Outcome, threshold: float, levels: Levels, roots: int) -> tuple[Tree, ...]:
    """Root years of the first seeds, and their copies."""
    return tuple(tree(seed, outcome, threshold, levels) for seed in range(roots))


def tree(seed: int, outcome: Outcome, threshold: float, levels: Levels) -> Tree:
    """One root year and its copies."""
    return grow(cast(BorderModel, Walk(seed)), outcome, threshold, levels)


def sums(count: int) -> float:
    """P(so many or more die in all), exactly."""
    law = np.zeros(5)
    for number, share in LAW.items():
        law[number] = share
    whole = np.ones(1)
    for _ in range(DAYS):
        whole = np.convolve(whole, law)
    return float(whole[count:].sum())


@lru_cache
def spells(count: int, runs: int = 200_000) -> tuple[float, float]:
    """P(so many or more die in 35 days), by brute force, and its standard error."""
    rng = np.random.default_rng(1)
    days = rng.choice(list(LAW), p=list(LAW.values()), size=(runs, DAYS)).astype(np.int16)
    total = np.concatenate([np.zeros((runs, 1), np.int16), days.cumsum(axis=1)], axis=1)
    worst = (total[:, 35:] - total[:, :-35]).max(axis=1)
    p = float((worst >= count).mean())
    return p, float(np.sqrt(p * (1.0 - p) / runs))
