"""Posterior predictive checks, updates of parameters, and warnings."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.calibrate.intervals import TargetRange
from sim.calibrate.posterior import Moments, Posterior, check, concerns, predictive_p
from sim.calibrate.types import Floats


def posterior(means: list[float], sds: list[float], count: int = 2000) -> Posterior:
    """Members with these means and spreads, of parameters with prior mean 0 and sd 1."""
    rng = np.random.default_rng(1)
    values = rng.normal(size=(count, len(means)))
    values = np.array(means) + np.array(sds) * (values - values.mean(axis=0)) / values.std(axis=0)
    keys = tuple("abcdef"[: len(means)])
    moments = dict.fromkeys(keys, Moments(0.0, 1.0))
    return Posterior(keys, values, moments)


def years(count: int = 200) -> Floats:
    """A figure of so many years of a calibrated model: normal around 1."""
    return np.random.default_rng(3).normal(1.0, 0.5, size=count)


def test_the_update_of_a_parameter_is_in_words() -> None:
    """Narrowed; narrowed and moved; moved only; neither."""
    found = posterior([0.1, -0.8, 0.7, 0.1], [0.5, 0.5, 0.98, 0.97]).summary()
    assert [item.words for item in found] == [
        "narrowed to 50% of its prior spread",
        "narrowed to 50% of its prior spread and moved down by 0.8 of it",
        "moved up by 0.7 prior spreads only",
        "not moved: keeps 97% of its prior spread",
    ]
    assert [item.moved for item in found] == [True, True, True, False]


def test_a_model_that_fits_raises_no_doubt() -> None:
    """The fitted target in the middle of its years; nothing to tell."""
    found = check(TargetRange("mean", 1.0, 1.0, 0.1), years())
    assert (found.p or 0.0) > 0.5
    assert found.fitted
    assert not found.doubtful
    assert concerns(posterior([0.0], [0.5]), [found]) == []


def test_a_target_held_back_can_fail() -> None:
    """It is not fitted, but checked, and a warning gives its figures."""
    found = check(TargetRange("noise", 9.0, 9.0, 1.0, 0.0), years())
    assert found.p == 0.0
    assert not found.fitted
    (said,) = concerns(posterior([0.0], [0.5]), [found])
    assert "rarely gives noise = 9 (not fitted; p = 0.000)" in said


def test_few_draws_give_a_warning() -> None:
    """And which parameters the data did not move."""
    assert "With 10 draws the tails are unreliable" in concerns(posterior([0.0], [0.4], 10))[0]
    assert "did not move 1 of 2 parameters: a." in concerns(posterior([0.0, 0.0], [1.0, 0.4]))[0]


def test_a_figure_that_is_never_defined_has_no_p_value() -> None:
    """It is doubtful, with a warning; where only some replicas lack it, the others are compared."""
    found = check(TargetRange("n", 1.0, 1.0, 1.0), np.full(5, np.nan))
    assert (found.p, found.undefined) == (None, 1.0)
    assert "gives no value for n (fitted)" in concerns(posterior([0.0], [0.5]), [found])[-1]
    some = check(TargetRange("n", 1.0, 1.0, 1.0), np.array([np.nan, 1.0, 1.0, np.nan]))
    assert (some.p, some.median, some.undefined) == (1.0, 1.0, 0.5)


@given(st.lists(st.floats(-10.0, 10.0), min_size=1, max_size=40), st.floats(-10.0, 10.0))
def test_p_values_are_shares(values: list[float], at: float) -> None:
    """Between 0 and 1; of a floor, the share that meets it; an equality has its mirror's."""
    array = np.array(values)
    equal = predictive_p(TargetRange("x", at, at, 1.0), array)
    assert 0.0 <= equal <= 1.0
    assert predictive_p(TargetRange("x", -at, -at, 1.0), -array) == pytest.approx(equal)
    assert predictive_p(TargetRange("x", at, inf, 1.0), array) == np.mean(array >= at)
    assert predictive_p(TargetRange("x", at, at + 1.0, 1.0), array) == np.mean(
        (array >= at) & (array <= at + 1.0)
    )


def test_p_values_of_a_true_model_are_uniform() -> None:
    """1,000 data sets from the replicas' own distribution: mean 1/2 (|z| < 4)."""
    rng = np.random.default_rng(4)
    values = rng.normal(size=500)
    found = [predictive_p(TargetRange("x", s, s, 1.0), values) for s in rng.normal(size=1000)]
    assert abs(np.mean(found) - 0.5) < 4.0 * (1.0 / 12.0 / 1000.0) ** 0.5 + 0.03
