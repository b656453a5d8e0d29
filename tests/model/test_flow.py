"""The flow of groups has the size, spread and hours that the scenario says."""

from functools import cache

import numpy as np
import pytest
from worlds import SLUGS, UNCOUPLED, UNSEEN, Settings, run

from sim.incidents.records import Crossing

RUNS = 20
EVEN: Settings = {
    **UNCOUPLED,
    **UNSEEN,
    "days": 40.0,
    "smugglers.loads_per_year": 6000.0,
    "smugglers.district_weights": dict.fromkeys(SLUGS, 1.0),
    "smugglers.season_effect": 0.0,
    "smugglers.night_share": 0.9,
    "host_state.control": 0.5,
    "host_state.effect_on_smuggling": 0.4,
    "regimes.flow_spread": 0.0,
    "false_alarms.per_100_km_year": 0.0,
}
MEAN = 6000.0 * 40.0 / 365.0 * (1.0 - 0.4 * 0.5)


@cache
def seen() -> list[list[Crossing]]:
    """Crossings of 20 runs, about 10,500 in all."""
    return [run(EVEN, seed=seed).log[Crossing] for seed in range(RUNS)]


def test_counts_are_poisson_with_the_mean_of_the_scenario() -> None:
    """Loads a year x days x what control lets pass; 5 % more would be |z| > 4."""
    counts = [len(crossings) for crossings in seen()]
    total, mean = sum(counts), RUNS * MEAN
    assert abs((total - mean) / mean**0.5) < 4.0
    assert abs((total - 1.05 * mean) / (1.05 * mean) ** 0.5) > 4.0
    dispersion = float(np.sum((np.array(counts) - MEAN) ** 2) / MEAN)
    assert abs((dispersion - RUNS) / (2.0 * RUNS) ** 0.5) < 4.0


def test_districts_share_the_flow_by_their_weights() -> None:
    """Thirteen equal weights: Pearson's chi-squared as a z-score; no district stands out."""
    where = [crossing.district for crossings in seen() for crossing in crossings]
    counts = np.array([where.count(slug) for slug in SLUGS])
    chi2 = float(np.sum((counts - counts.mean()) ** 2) / counts.mean())
    assert abs((chi2 - 12.0) / 24.0**0.5) < 4.0


@pytest.mark.parametrize(("share", "holds"), [(0.9, True), (0.87, False)])
def test_the_night_has_its_share(share: float, holds: bool) -> None:
    """Nine of ten cross by night; the check finds a share that is off by three in a hundred."""
    nights = [crossing.night for crossings in seen() for crossing in crossings]
    error = (share * (1.0 - share) / len(nights)) ** 0.5
    assert (abs((sum(nights) / len(nights) - share) / error) < 4.0) == holds


def test_places_are_uniform_within_a_district() -> None:
    """Kolmogorov-Smirnov at 1e-4 over the whole line, each district stretched to one."""
    places: list[float] = []
    model = run(EVEN, {"days": 1.0})
    ends = {s.slug: (s.middle_km - s.length_km / 2, s.length_km) for s in model.sectors}
    for crossings in seen():
        for crossing in crossings:
            start, length = ends[crossing.district]  # type: ignore[index]
            places.append((crossing.km - start) / length)
    ordered, n = np.sort(places), len(places)
    steps = np.arange(n + 1) / n
    distance = max(np.max(steps[1:] - ordered), np.max(ordered - steps[:-1]))
    assert distance * n**0.5 < 2.23
    assert np.max(steps[1:] - ordered**1.1) * n**0.5 > 2.23 or (
        np.max(ordered**1.1 - steps[:-1]) * n**0.5 > 2.23
    )
