"""All worlds of the experiment with the same seeds, and measures with their intervals.

Worlds share their replicates, so intervals resample the same replicates in all worlds.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from typing import Final, NamedTuple

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.dose_response.tally import ATTACKS, COLUMNS, REFRAINED, tally
from benchmarks.dose_response.world import Changes
from benchmarks.seed_month import Found
from sim.scenario.spec import Scenario
from sim.scenario.values import digest, with_overrides

Floats = NDArray[np.float64]

_RESAMPLES: Final = 400


class Study(NamedTuple):
    """Sums over replicates: the first row as run, the others of resamples of the replicates.

    ``sums`` has the shape (1 + resamples, worlds, columns).
    """

    names: tuple[str, ...]
    sums: Floats
    years: int

    def of(self, name: str, column: str) -> Floats:
        """A column of a world, a value for each row."""
        return self.sums[:, self.names.index(name), COLUMNS.index(column)]

    def plans(self, name: str) -> Floats:
        """Plans considered, including those that were dropped."""
        return self.of(name, f"plans {REFRAINED}") + self.attacks(name)

    def attacks(self, name: str) -> Floats:
        """Plans that were carried out."""
        return sum((self.of(name, f"plans {kind}") for kind in ATTACKS), np.zeros(len(self.sums)))

    def victims(self, name: str) -> Floats:
        """Victims of all plans."""
        return sum((self.of(name, f"victims {kind}") for kind in ATTACKS), np.zeros(len(self.sums)))

    def per_plan(self, name: str) -> Floats:
        """Victims per plan considered."""
        return over(self.victims(name), self.plans(name))


Measure = Callable[[Study, str], Floats]


def over(part: Floats, whole: Floats) -> Floats:
    """A ratio; NaN where the denominator is 0."""
    ratio: Floats = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    return ratio


def found(values: Floats) -> Found:
    """The figure as run, with the percentile interval of its resamples (Efron 1979)."""
    if np.isnan(values[0]):
        return Found(np.nan, np.nan, np.nan)
    low, high = np.nanquantile(values[1:], [0.025, 0.975])
    return Found(float(values[0]), float(low), float(high))


MEASURES: Final[Mapping[str, Measure]] = {
    "left": lambda s, a: over(s.of(a, f"plans {REFRAINED}"), s.plans(a)),
    "detected": lambda s, a: over(s.of(a, "detected"), s.of(a, "parties")),
    "met": lambda s, a: over(s.of(a, "met"), s.of(a, "parties")),
    "per 100 plans": lambda s, a: 100.0 * s.per_plan(a),
    "civilians": lambda s, a: 100.0 * over(s.victims(a) - s.of(a, "guards killed"), s.plans(a)),
    "per attack": lambda s, a: over(s.victims(a), s.attacks(a)),
    "infiltrations": lambda s, a: _mode(s, a, "infiltration"),
    "drones": lambda s, a: _mode(s, a, "drone"),
    "fire": lambda s, a: _mode(s, a, "fire"),
}
"""Measures of a world, each a share or a mean."""


def _mode(study: Study, arm: str, mode: str) -> Floats:
    chosen = sum(
        (study.of(arm, f"plans {kind}") for kind in ATTACKS if kind.startswith(mode)),
        np.zeros(len(study.sums)),
    )
    return over(chosen, study.attacks(arm))


def run(
    scenario: Scenario, arms: Mapping[str, Changes], years: int, jobs: int, first: int = 1
) -> Study:
    """Run ``years`` years of every world in a pool of processes, with the same seeds in each."""
    worlds = [with_overrides(scenario, changes) for changes in arms.values()]
    alike = {digest(world): world for world in worlds}  # some doses are the baseline's
    tasks = list(product(alike.values(), range(first, first + years)))
    with (
        ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool,
        click.progressbar(
            pool.map(_task, tasks, chunksize=10), length=len(tasks), label="years", show_pos=True
        ) as counted,
    ):
        rows = np.array(list(counted), float).reshape(len(alike), years, len(COLUMNS))
    found = dict(zip(alike, rows, strict=True))
    return resampled(tuple(arms), np.array([found[digest(world)] for world in worlds]))


def _task(task: tuple[Scenario, int]) -> tuple[float, ...]:
    return tally(*task)


def resampled(names: Sequence[str], rows: Floats) -> Study:
    """Sums of rows, shape (worlds, replicates, columns), and of their resamples."""
    years = rows.shape[1]
    times = np.random.default_rng(0).multinomial(years, np.full(years, 1 / years), _RESAMPLES)
    weights = np.vstack([np.ones(years), times])
    return Study(tuple(names), np.einsum("br,arc->bac", weights, rows, optimize=True), years)
