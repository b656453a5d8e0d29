"""Patrols against someone in the open: tabled values, limits, and an independent simulation."""

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.search import (
    back_and_forth,
    back_and_forth_exponential,
    cyclic,
    cyclic_exponential,
    poisson,
    poisson_exponential,
    random_search_pod,
)

LENGTHS = st.floats(0.0, 20.0)
SIGHT = st.floats(0.0, 1.0)
ENDING = st.floats(1e-6, 50.0)


@pytest.mark.parametrize(
    ("h", "cyclic_1", "cyclic_6", "back_1", "poisson_1", "poisson_6"),
    [
        (0.25, 0.2500, 0.1500, 0.2344, 0.2212, 0.1393),
        (0.50, 0.5000, 0.3000, 0.4375, 0.3935, 0.2592),
        (1.00, 1.0000, 0.6000, 0.7500, 0.6321, 0.4512),
        (1.50, 1.0000, 0.7200, 0.9375, 0.7769, 0.5934),
    ],
)
def test_tabled_detection_for_a_fixed_exposure(
    h: float, cyclic_1: float, cyclic_6: float, back_1: float, poisson_1: float, poisson_6: float
) -> None:
    """Four exposures, sighting 1 and 0.6 per pass, three schedules, to four places."""
    assert cyclic(h) == pytest.approx(cyclic_1, abs=5e-5)
    assert cyclic(h, 0.6) == pytest.approx(cyclic_6, abs=5e-5)
    assert back_and_forth(h) == pytest.approx(back_1, abs=5e-5)
    assert poisson(h) == pytest.approx(poisson_1, abs=5e-5)
    assert poisson(h, 0.6) == pytest.approx(poisson_6, abs=5e-5)


@given(LENGTHS, SIGHT)
def test_detection_is_a_probability(h: float, q: float) -> None:
    """All schedules give values in [0, 1]."""
    for p in (cyclic(h, q), back_and_forth(h), poisson(h, q)):
        assert 0.0 <= p <= 1.0


@given(LENGTHS, LENGTHS, SIGHT)
def test_longer_exposure_is_never_safer(h: float, longer: float, q: float) -> None:
    """Detection does not fall with the exposure."""
    short, long = sorted([h, longer])
    assert cyclic(short, q) <= cyclic(long, q) + 1e-12
    assert back_and_forth(short) <= back_and_forth(long) + 1e-12
    assert poisson(short, q) <= poisson(long, q) + 1e-12


@given(LENGTHS)
def test_regular_passes_beat_back_and_forth_beat_poisson(h: float) -> None:
    """Evenly spaced passes detect most against those who do not watch; random ones least."""
    assert cyclic(h) >= back_and_forth(h) - 1e-12
    assert back_and_forth(h) >= poisson(h) - 1e-12


@given(st.integers(0, 20), SIGHT)
def test_whole_numbers_of_passes(n: int, q: float) -> None:
    """After n whole rounds there were exactly n looks."""
    assert cyclic(float(n), q) == pytest.approx(1.0 - (1.0 - q) ** n, abs=1e-12)


@given(LENGTHS, SIGHT)
def test_the_cyclic_formula_is_a_mixture_of_n_and_n_plus_one_looks(h: float, q: float) -> None:
    """1 - [(1 - f)(1 - q)^n + f (1 - q)^(n + 1)], written out."""
    n, f = int(h), h - int(h)
    expected = 1.0 - ((1.0 - f) * (1.0 - q) ** n + f * (1.0 - q) ** (n + 1))
    assert cyclic(h, q) == pytest.approx(expected, abs=1e-12)


def test_nobody_blind_or_absent_detects() -> None:
    """Without exposure or without eyes there is no detection."""
    assert cyclic(0.0) == back_and_forth(0.0) == poisson(0.0) == 0.0
    assert cyclic(7.3, 0.0) == poisson(7.3, 0.0) == 0.0


def test_back_and_forth_sees_everyone_in_two_lengths() -> None:
    """After two lengths the patrol was everywhere, and the curve ends without a corner."""
    assert back_and_forth(2.0) == back_and_forth(9.0) == 1.0
    assert back_and_forth(2.0 - 1e-6) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("a", [0.05, 0.3, 1.0, 3.0, 12.0])
@pytest.mark.parametrize("q", [0.3, 1.0])
def test_exponential_forms_are_the_fixed_forms_averaged(a: float, q: float) -> None:
    """Integrating over the exponential law of the exposure gives the closed forms."""
    h = np.linspace(0.0, 60.0 / a, 40_001)
    weight = a * np.exp(-a * h)

    def averaged(values: list[float]) -> float:
        return float(np.trapezoid(np.array(values) * weight, h))

    assert cyclic_exponential(a, q) == pytest.approx(
        averaged([cyclic(x, q) for x in h.tolist()]), abs=2e-4
    )
    assert poisson_exponential(a, q) == pytest.approx(
        averaged([poisson(x, q) for x in h.tolist()]), abs=2e-4
    )
    assert back_and_forth_exponential(a) == pytest.approx(
        averaged([back_and_forth(x) for x in h.tolist()]), abs=2e-4
    )


@given(ENDING)
def test_order_of_schedules_for_exponential_exposure(a: float) -> None:
    """Cyclic over back-and-forth over Poisson, whatever the mean exposure."""
    assert cyclic_exponential(a) >= back_and_forth_exponential(a) - 1e-12
    assert back_and_forth_exponential(a) >= poisson_exponential(a) - 1e-12


@given(st.floats(0.05, 50.0))
def test_the_order_is_strict(a: float) -> None:
    """For exposures that are neither endless nor instant the schedules truly differ."""
    assert cyclic_exponential(a) > back_and_forth_exponential(a) > poisson_exponential(a)


@given(st.floats(1e-3, 50.0), SIGHT)
def test_the_cyclic_exponential_form_as_usually_written(a: float, q: float) -> None:
    """q (1 - e^-a) / [a (1 - (1 - q) e^-a)]."""
    expected = q * (1.0 - exp(-a)) / (a * (1.0 - (1.0 - q) * exp(-a)))
    assert cyclic_exponential(a, q) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("q", [0.01, 0.6, 1.0])
def test_endless_exposure_is_found_for_sure(q: float) -> None:
    """With an exposure that never ends any eye will do."""
    assert cyclic_exponential(0.0, q) == poisson_exponential(0.0, q) == 1.0
    assert back_and_forth_exponential(0.0) == 1.0
    assert cyclic_exponential(1e-12, q) == pytest.approx(1.0)


def test_endless_exposure_is_not_found_by_the_blind() -> None:
    """Sighting 0 finds nothing even in endless time."""
    assert cyclic_exponential(0.0, 0.0) == poisson_exponential(0.0, 0.0) == 0.0
    assert cyclic_exponential(2.0, 0.0) == 0.0


def test_the_series_joins_the_closed_form() -> None:
    """Back-and-forth has no step where the series for short patrol times takes over."""
    below, above = back_and_forth_exponential(0.99999e-4), back_and_forth_exponential(1.00001e-4)
    assert below == pytest.approx(above, abs=1e-8)


def simulated_back_and_forth(h: float, n: int, seed: int) -> float:
    """Share of ``n`` random places and phases met by a patrol within ``h`` lengths."""
    rng = np.random.default_rng(seed)
    place, phase = rng.random(n), 2.0 * rng.random(n)
    # The patrol is at x = s on the way out and 2 - s back, with s = phase + time (mod 2).
    waits = np.minimum((place - phase) % 2.0, (2.0 - place - phase) % 2.0)
    return float(np.mean(waits <= h))


@pytest.mark.parametrize("h", [0.25, 0.5, 1.0, 1.5])
def test_a_walking_patrol_meets_as_many_as_the_formula_says(h: float) -> None:
    """400,000 random walks of the patrol: |z| < 4; an error of 5 % would give |z| > 6.

    At h = 1.5 the standard error is 0.00038, 5 % of the value 0.047: z = 120.
    """
    n = 400_000
    expected = back_and_forth(h)
    error = (expected * (1.0 - expected) / n) ** 0.5
    seen = simulated_back_and_forth(h, n, seed=20_250_101)
    assert abs(seen - expected) / error < 4.0
    assert abs(seen - 1.05 * expected) / error > 6.0


@pytest.mark.parametrize(
    ("sweep", "track", "area", "pod"),
    [(0.6, 0.0, 10.0, 0.0), (1.0, 10.0, 10.0, 0.63212), (0.6, 60.0, 100.0, 0.30232)],
)
def test_random_search(sweep: float, track: float, area: float, pod: float) -> None:
    """Coverage 1 finds 63 %: 1 - exp(-W L / A)."""
    assert random_search_pod(sweep, track, area) == pytest.approx(pod, abs=5e-6)


@given(st.floats(0.0, 5.0), st.floats(0.0, 200.0), st.floats(0.0, 200.0), st.floats(1.0, 500.0))
def test_two_random_searches_are_one_of_their_joint_length(
    sweep: float, one: float, two: float, area: float
) -> None:
    """Random searches miss independently: misses multiply."""
    missed = (1.0 - random_search_pod(sweep, one, area)) * (
        1.0 - random_search_pod(sweep, two, area)
    )
    assert 1.0 - random_search_pod(sweep, one + two, area) == pytest.approx(missed, abs=1e-12)
