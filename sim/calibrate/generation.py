"""One step of population Monte Carlo: what is asked of the next generation, and what it gives."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.calibrate.distance import Distance
from sim.calibrate.kernel import Kernel
from sim.calibrate.latent import prior_points
from sim.calibrate.population import Population, next_threshold
from sim.calibrate.problem import Aim, Floats
from sim.calibrate.rows import Flags, Rows, widened
from sim.calibrate.settings import Settings
from sim.calibrate.stage import Stage

if TYPE_CHECKING:
    import pyarrow as pa


class Plan(NamedTuple):
    """Where a generation's proposals come from, and within which distance they are accepted."""

    distance: Distance
    threshold: float
    kernel: Kernel

    def stage(self, number: int, wanted: int, settings: Settings) -> Stage:
        """The generation to be simulated."""

        def accept(rows: Rows) -> Flags:
            return self._distances(rows) <= self.threshold

        return Stage(
            number=number,
            wanted=wanted,
            limit=ceil(wanted / settings.least_acceptance),
            seed=settings.seed,
            points=lambda numbers: self.kernel.propose(settings.seed, number, numbers),
            accept=accept,
        )

    def finish(self, rows: Rows) -> tuple[Population, pa.Table]:
        """The population among a generation's simulations, and the table of all of them."""
        distances = self._distances(rows)
        accepted = distances <= self.threshold
        weights = np.zeros(len(rows))
        weights[accepted] = self.kernel.weigh(rows.latent[accepted])
        table = rows.to_table({"accepted": accepted, "distance": distances, "weight": weights})
        return Population(rows.take(accepted), weights[accepted], distances[accepted]), table

    def _distances(self, rows: Rows) -> Floats:
        """Distances of simulations; what none of them has a value of is undefined."""
        aims = self.distance.aims
        return self.distance(widened(rows, [aim.name for aim in aims]).aimed(aims))


def plan(last: Population, tried: Rows, aims: tuple[Aim, ...], settings: Settings) -> Plan | None:
    """What the generation after ``last`` is to be; ``tried`` are all simulations of that one.

    The threshold is taken from the last population's distances as the *new* divisors measure
    them, so that a generation is stricter than the last by its own measure. None where the
    whole population is equally far off.
    """
    distance = Distance.seen_in(tried.aimed(aims), aims, adaptive=settings.adaptive)
    distances = distance(last.rows.aimed(aims))
    threshold = next_threshold(distances, last.weights, settings.quantile)
    if threshold >= distances.max() > 0.0:
        return None
    kernel = Kernel(last.rows.latent, last.weights, settings.kernel)
    return Plan(distance, max(threshold, settings.threshold), kernel)


def population_of(table: pa.Table) -> Population:
    """The population in the table of a finished generation."""
    accepted = table["accepted"].to_numpy()
    return Population(
        Rows.from_table(table).take(accepted),
        table["weight"].to_numpy()[accepted],
        table["distance"].to_numpy()[accepted],
    )


def bank_stage(settings: Settings, keys: tuple[str, ...]) -> Stage:
    """The bank as generation 0: draws of the prior, every one of which is accepted."""
    return Stage(
        number=0,
        wanted=settings.bank,
        limit=settings.bank,
        seed=settings.seed,
        points=lambda numbers: prior_points(keys, settings.seed, numbers),
        accept=lambda rows: np.ones(len(rows), np.bool_),
    )
