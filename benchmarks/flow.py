"""Does cost grow in a straight line with the number of crossings?"""

from typing import NamedTuple

import numpy as np

from benchmarks.timing import Spread, Timings
from sim.model import BorderModel
from sim.scenario.spec import Scenario
from sim.scenario.vary import with_overrides

FACTORS = (0.5, 1.0, 2.0, 4.0, 10.0)


class Line(NamedTuple):
    """Least squares of time on crossings, and the shares of variance that it explains."""

    ms_at_none: float
    ms_per_crossing: float
    r_squared: float


def name_of(factor: float) -> str:
    """How the run with ``factor`` times the flow is called."""
    return f"crossings x {factor:g}"


def scenarios(baseline: Scenario) -> dict[str, Scenario]:
    """The baseline with its flow, of smugglers only, scaled."""
    loads = baseline.smugglers.loads_per_year
    return {
        name_of(factor): with_overrides(baseline, {"smugglers.loads_per_year": factor * loads})
        for factor in FACTORS
    }


def crossings(scenario: Scenario, seed: int) -> int:
    """Crossings attempted in one run."""
    return int(BorderModel(scenario, seed).run().outcomes()["crossings"] or 0)


def fit(timings: Timings, counts: dict[str, int]) -> Line:
    """A straight line through the median times."""
    x = np.array([counts[name_of(factor)] for factor in FACTORS], dtype=float)
    y = np.array([timings.ms(name_of(factor)).median for factor in FACTORS])
    if np.ptp(x) == 0.0:  # a run too short for anyone to cross
        return Line(float(y.mean()), 0.0, 0.0)
    slope, intercept = np.polyfit(x, y, 1)
    rest, whole = y - (intercept + slope * x), y - y.mean()
    return Line(float(intercept), float(slope), float(1.0 - (rest @ rest) / (whole @ whole)))


def marginal(timings: Timings, counts: dict[str, int]) -> Spread | None:
    """Time of one more crossing between 4 and 10 times the flow, over that between 1 and 2.

    One value a round; 1 is a straight line. ``None`` if the clock saw no difference.
    """

    def step(few: float, many: float) -> list[float]:
        low, high = name_of(few), name_of(many)
        more = max(counts[high] - counts[low], 1)
        pairs = zip(timings.of[low], timings.of[high], strict=True)
        return [(b - a) / more for a, b in pairs]

    pairs = zip(step(4.0, 10.0), step(1.0, 2.0), strict=True)
    ratios = [late / early for late, early in pairs if early > 0.0]
    return Spread.of(ratios) if ratios else None
