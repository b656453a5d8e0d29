"""Made-up calibrations for the tests of figures: posteriors with their priors, and checks."""

from dataclasses import dataclass
from math import inf

import numpy as np
from scipy.special import expit

from sim.calibrate.intervals import TargetRange
from sim.calibrate.posterior import Check, Moments, Posterior, predictive_p

KEYS = (
    "smugglers.loads_per_year", "patrols.p_sight", "sign.p_found", "tips.p_tip",
    "smugglers.p_armed", "contact.p_surrender", "clash.lethality_smugglers",
    "clash.militant_rate", "cells.plans_per_year", "cells.branching", "smugglers.displacement",
    "hot_district", "reporting.p_quiet",
)  # fmt: skip


@dataclass(frozen=True)
class Flat:
    """A uniform prior."""

    key: str
    low: float = 0.0
    high: float = 1.0

    def quantile(self, u):
        """Inverse distribution function."""
        return self.low + u * (self.high - self.low)


@dataclass(frozen=True)
class Open:
    """An exponential prior, without an upper bound."""

    key: str
    low: float = 0.0
    high: float = inf

    def quantile(self, u):
        """Inverse distribution function."""
        return -np.log1p(-np.asarray(u))


def priors(count=13):
    """A number of priors: large and small numbers, one without an upper bound."""
    ends = [(400.0, 2000.0), (0.05, 0.6), (0.0, 1.0)]
    found = [Flat(key, *ends[i % 3]) for i, key in enumerate(KEYS[:count])]
    return [*found[:-1], Open(found[-1].key)] if count > 3 else found


def posterior_at(quantile_of, believed):
    """A posterior whose members are at given quantiles, (members, parameters), of the priors."""
    values = np.stack([p.quantile(quantile_of[:, i]) for i, p in enumerate(believed)], axis=1)
    u = (np.arange(2000) + 0.5) / 2000
    return Posterior(
        keys=tuple(p.key for p in believed),
        values=values,
        prior={p.key: Moments(float(p.quantile(u).mean()), float(p.quantile(u).std()))
               for p in believed},
    )  # fmt: skip


def learnt(count=13, members=80, seed=1):
    """The first parameters are narrow, the last as wide as their priors; with the priors."""
    rng = np.random.default_rng(seed)
    shrink = np.linspace(0.2, 1.0, count)
    latent = rng.logistic(size=(members, count)) * shrink
    return posterior_at(expit(latent), priors(count)), priors(count)


def check(name, values, low, high=None, weight=1.0, scale=1.0):
    """A target held against values: equal to ``low`` unless ``high`` is given."""
    aim = TargetRange(name, low, low if high is None else high, scale, weight)
    values = np.asarray(values, dtype=np.float64)
    said = values[np.isfinite(values)]
    undefined = 1.0 - len(said) / len(values)
    if not len(said):
        return Check(aim, None, None, None, None, undefined)
    ends = (float(q) for q in np.quantile(said, (0.5, 0.05, 0.95)))
    return Check(aim, predictive_p(aim, said), *ends, undefined)


def checks():
    """Fitted or not; met, missed by far, never defined; values, intervals and lower bounds."""
    years = np.linspace(0.0, 10.0, 101)
    gaps = np.where(np.arange(101) % 3 == 0, np.nan, years)
    return [
        check("clashes", years, 5.0),
        check("share_of_those_who_escape_a_clash_or_an_arrest", years, 4.0, 6.0),
        check("hot_share", years, 8.0, inf, scale=0.2),
        check("seized_kg", 1000.0 + 300.0 * years, 90_000.0, scale=450.0),
        check("never", np.full(9, np.nan), 3.0, weight=0.0),
        check("now_and_then", gaps, 2.0, 3.0, weight=0.0),
        check("like_that_of_december", np.zeros(50), 1.0, inf, weight=0.0),
    ]
