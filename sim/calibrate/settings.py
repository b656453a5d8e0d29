"""How a calibration is run, and what is told while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple

from sim.errors import PanjError, Problem


@dataclass(frozen=True)
class Settings:
    """What is fixed for a calibration when it begins.

    A threshold is a distance, see :mod:`sim.calibrate.distance`.
    """

    bank: int = 2000
    """Draws of the prior that are simulated first."""
    population: int = 500
    """Accepted simulations in a generation, unless a run asks for another number."""
    quantile: float = 0.5
    """Share of a population that the next threshold would keep."""
    kernel: float = 2.0
    """Covariance of a step as a multiple of the population's, 0.5 to 2."""
    seed: int = 0
    adaptive: bool = True
    """Take the divisors of the distance anew for each generation; else the targets' scales."""
    threshold: float = 0.0
    """Where to stop: two generations with this threshold are the last."""
    least_acceptance: float = 0.01
    """Where to give up: a generation that would accept fewer is not finished."""

    def __post_init__(self) -> None:
        needs = [
            ("bank", self.bank >= 2, "must be 2 or more"),
            ("population", self.population >= 2, "must be 2 or more"),
            ("quantile", 0.0 < self.quantile < 1.0, "must lie between 0 and 1"),
            ("kernel", 0.5 <= self.kernel <= 2.0, "must lie from 0.5 to 2: with less, few members "
             "carry all the weight"),
            ("seed", 0 <= self.seed < 2**63, "must lie in 0..2^63-1"),
            ("threshold", self.threshold >= 0.0 and isfinite(self.threshold), "must be 0 or more"),
            ("least_acceptance", 0.0 < self.least_acceptance < 1.0, "must lie between 0 and 1"),
        ]  # fmt: skip
        found = [
            Problem(why, key=f"settings.{name}", value=getattr(self, name))
            for name, holds, why in needs
            if not holds
        ]
        if not found and self.population > self.bank:
            found.append(
                Problem(
                    f"is more than the {self.bank} draws of the prior it is chosen from",
                    key="settings.population",
                    value=self.population,
                    remedy="Take a larger bank: four populations or more.",
                )
            )
        if found:
            raise PanjError.of(found)


class Progress(NamedTuple):
    """How far a generation is. The bank is generation 0; there every draw is accepted."""

    generation: int
    tried: int
    accepted: int
    wanted: int
    threshold: float
    """Infinite for the bank."""
    effective: float | None
    """Effective sample size of the population that the proposals come from."""
    seconds_left: float | None
    """Until this generation is full; None where nothing is known yet."""

    @property
    def acceptance(self) -> float | None:
        """Share of proposals accepted so far."""
        return self.accepted / self.tried if self.tried else None
