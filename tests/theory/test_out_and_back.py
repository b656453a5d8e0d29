"""Sorties that leave at a fixed period: limits, laws, and an independent simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.search import back_and_forth, cyclic, out_and_back, poisson

EXPOSURES = st.floats(0.0, 6.0)
SORTIES = st.floats(0.0, 5.0)
SIGHT = st.floats(0.0, 1.0)


@given(EXPOSURES, SIGHT)
def test_sorties_that_take_no_time_are_a_patrol_that_walks_round(h: float, q: float) -> None:
    """Both passes are one of chance 1 - (1 - q)^2: the cyclic form, n and f and all."""
    assert out_and_back(h, 0.0, q) == pytest.approx(cyclic(h, 1.0 - (1.0 - q) ** 2), abs=1e-12)


@given(EXPOSURES)
def test_sorties_that_follow_at_once_are_a_patrol_back_and_forth(h: float) -> None:
    """A period is two lengths of the line, so h periods are 2 h lengths: x - x^2 / 4."""
    assert out_and_back(h, 1.0) == pytest.approx(back_and_forth(2.0 * h), abs=1e-12)


@given(EXPOSURES, SIGHT, st.integers(1, 5))
def test_any_whole_number_of_sorties_out_at_once_is_alike(h: float, q: float, n: int) -> None:
    """Passes are then any time apart in the period, no matter who makes them."""
    assert out_and_back(h, float(n), q) == pytest.approx(out_and_back(h, 1.0, q), abs=1e-12)


@given(st.floats(0.0, 1.0), SIGHT)
def test_apart_at_random_the_two_ways_see_independently(f: float, q: float) -> None:
    """With s = 1 and less than a period of exposure each way misses with 1 - q f."""
    assert out_and_back(f, 1.0, q) == pytest.approx(1.0 - (1.0 - q * f) ** 2, abs=1e-12)


@given(EXPOSURES, SORTIES, SIGHT)
def test_detection_by_sorties_is_a_probability(h: float, s: float, q: float) -> None:
    """Whatever the times and the sight."""
    assert -1e-12 <= out_and_back(h, s, q) <= 1.0 + 1e-12


@given(EXPOSURES, EXPOSURES, SORTIES, SIGHT)
def test_who_stays_longer_is_seen_more(h: float, more: float, s: float, q: float) -> None:
    """Detection does not fall with the exposure."""
    short, long = sorted([h, more])
    assert out_and_back(short, s, q) <= out_and_back(long, s, q) + 1e-12


@given(st.floats(0.0, 1.0), SORTIES, SIGHT)
def test_detection_lies_between_passes_together_and_passes_apart(
    f: float, s: float, q: float
) -> None:
    """Within a period: no less than both passes as one, no more than never both."""
    together = cyclic(f, 1.0 - (1.0 - q) ** 2)
    assert together - 1e-12 <= out_and_back(f, s, q) <= 2.0 * q * f + 1e-12


@given(EXPOSURES, st.integers(1, 5))
def test_a_patrol_always_out_beats_random_passes_of_its_number(h: float, n: int) -> None:
    """With perfect sight, two passes a period find at least what as many Poisson passes do."""
    assert out_and_back(h, float(n)) >= poisson(2.0 * h) - 1e-12


@given(SORTIES, SIGHT)
def test_no_exposure_is_never_seen(s: float, q: float) -> None:
    """And neither is anybody by the blind."""
    assert out_and_back(0.0, s, q) == 0.0
    assert out_and_back(3.7, s, 0.0) == 0.0


@given(st.floats(0.0, 0.999), SIGHT)
def test_a_short_sortie_is_nearly_none(f: float, q: float) -> None:
    """The limit of short sorties is approached without a step, at a rate of about s / 2."""
    none = out_and_back(f, 0.0, q)
    for s in (1e-10, 1e-8, 1e-4):
        assert abs(out_and_back(f, s, q) - none) <= s


@pytest.mark.parametrize("q", [0.6, 1.0])
@pytest.mark.parametrize("sortie", [0.0, 0.28, 0.7, 1.0, 2.3])
@pytest.mark.parametrize("exposure", [0.35, 0.8, 1.6])
def test_walked_sorties_meet_as_many_as_the_formula_says(
    exposure: float, sortie: float, q: float
) -> None:
    """25,000 places and phases with passes counted one by one: |z| < 4.

    The standard error is at most 0.0032; 5 % of the values, all above 0.35, are at least 0.017.
    """
    n = 25_000
    rng = np.random.default_rng(20_250_101)
    phase, place = rng.random((2, n))
    passes = np.zeros(n)
    for way in (0.5 * sortie * place, sortie * (1.0 - 0.5 * place)):
        first = (phase + way) % 1.0
        passes += np.floor(exposure - first) + 1.0
    expected = out_and_back(exposure, sortie, q)
    seen = float(np.mean(rng.random(n) < 1.0 - (1.0 - q) ** passes))
    if expected > 1.0 - 1e-9:
        assert seen == 1.0
    else:
        error = (expected * (1.0 - expected) / n) ** 0.5
        assert abs(seen - expected) / error < 4.0


@pytest.mark.parametrize(("h", "s", "q"), [(-0.1, 0.5, 0.5), (1.0, -0.5, 0.5), (1.0, 0.5, 1.5)])
def test_negative_times_and_impossible_sight_are_refused(h: float, s: float, q: float) -> None:
    """They mean nothing."""
    with pytest.raises(ValueError, match="times must be >= 0"):
        out_and_back(h, s, q)
