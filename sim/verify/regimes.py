"""Good and bad years: the variance of yearly counts, and their covariance from year to year."""

from typing import Final

from sim.incidents.records import Crossing
from sim.theory.regimes import mixed_covariance, mixed_variance
from sim.verify.case import Case, mean
from sim.verify.runs import run
from sim.verify.scenarios import EQUAL_WEIGHTS, Changes

LOADS, SPREAD, PERSISTENCE = 40.0, 0.5, 0.7

_YEAR: Final = 365.0
_RUNS: Final = 1_000


def years_of_one_flow(effort: float) -> list[Case]:
    """Two years of smuggling in a row, in many independent runs.

    The variance of one year and the covariance of the two, about the known mean. A variance
    needs many years. Negative controls: years that are alike, and independent years.
    """
    settings: Changes = {
        "days": 2.0 * _YEAR,
        "smugglers.loads_per_year": LOADS,
        "smugglers.district_weights": EQUAL_WEIGHTS,
        "regimes.flow_spread": SPREAD,
        "regimes.persistence": PERSISTENCE,
    }
    first: list[float] = []
    second: list[float] = []
    for number in range(max(round(effort * _RUNS), 20)):
        at = [crossing.crossed_at for crossing in run("years", number, settings).log[Crossing]]
        early = sum(t < _YEAR for t in at)
        first.append(early - LOADS)
        second.append(len(at) - early - LOADS)
    variance = mixed_variance(LOADS, SPREAD)
    together = mixed_covariance(LOADS, SPREAD, PERSISTENCE)
    squares = [x * x for x in second]
    products = [x * y for x, y in zip(first, second, strict=True)]
    return [
        mean("variance of a year's crossings", variance, squares, wrong=LOADS),
        mean("covariance with the next year's crossings", together, products, wrong=0.0),
    ]
