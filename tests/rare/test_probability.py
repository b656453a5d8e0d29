"""From weights to probabilities."""

import numpy as np
import pytest

from sim.comparison.intervals import clopper_pearson
from sim.rare.probability import estimate_difference, estimate_probability
from sim.rare.tree import Tree


def grown(*weights: float) -> list[Tree]:
    """Root years that weigh so much; those of weight one came to it themselves."""
    return [Tree(weight=w, reached=w == 1.0, highest=3.0, days=365.0) for w in weights]


def test_years_that_are_not_split_give_a_share_and_its_exact_interval() -> None:
    """But for one year, which estimating the variance costs."""
    found = estimate_probability("a", grown(*[1.0] * 5, *[0.0] * 95), 0.9)
    exact = clopper_pearson(5, 100, 0.9)
    assert exact is not None
    assert found.probability == 0.05
    assert found.plain_years == pytest.approx(99.0)
    assert (found.low, found.high) == pytest.approx(exact, rel=0.02)
    assert (found.roots, found.reached, found.years) == (100, 5, 100.0)


def test_weights_that_vary_less_tell_more() -> None:
    """As many years as would have a share of the same variance, and a narrower interval."""
    split = estimate_probability("a", grown(*[0.1] * 50, *[0.0] * 50), 0.9)
    assert split.probability == pytest.approx(0.05)
    assert split.plain_years is not None
    assert split.plain_years > 1500.0
    assert 0.04 < split.low < 0.05 < split.high < 0.06


@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_intervals_hold_as_often_as_they_say(confidence: float) -> None:
    """Of weights as trees have them, most of them nothing; within 4 standard errors of 600 tries.

    A shortfall of a twentieth would be found.
    """
    rng = np.random.default_rng(1)
    truth, inside = 0.5 * 0.1, 0
    for _ in range(600):
        weights = rng.binomial(8, 0.5, 120) / 8.0 * (rng.random(120) < 0.1)
        found = estimate_probability("a", grown(*weights), confidence)
        inside += found.low <= truth <= found.high
    spread = (confidence * (1.0 - confidence) / 600.0) ** 0.5
    assert inside / 600.0 > confidence - 4.0 * spread


def test_what_never_came_about_has_an_upper_bound() -> None:
    """The exact one of the root years alone, copies or none, and no estimate."""
    found = estimate_probability("a", grown(*[0.0] * 100), 0.95)
    assert found.probability is None
    assert (found.low, found.high) == (0.0, pytest.approx(1.0 - 0.05 ** (1 / 100)))
    assert found.highest == 3.0


def test_what_always_came_about_has_a_lower_bound() -> None:
    """Likewise."""
    found = estimate_probability("a", grown(*[1.0] * 100), 0.95)
    assert found.probability is None
    assert (found.low, found.high) == (pytest.approx(0.05 ** (1 / 100)), 1.0)


def test_a_difference_is_that_of_pairs() -> None:
    """What both scenarios share cancels: the interval is shorter than of strangers."""
    rng = np.random.default_rng(2)
    weights = rng.random(200) * (rng.random(200) < 0.3)
    less = weights * 0.8
    found = estimate_difference(("b", "a"), grown(*less), grown(*weights), 0.9)
    assert found.difference == pytest.approx(-0.2 * weights.mean())
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.difference < found.high < 0.0
    strangers = estimate_difference(("b", "a"), grown(*less), grown(*rng.permutation(weights)), 0.9)
    assert strangers.low is not None
    assert strangers.high is not None
    assert strangers.high - strangers.low > 2.0 * (found.high - found.low)


def test_a_difference_of_nothing_cannot_be_told() -> None:
    """Where neither scenario came to it, or both always did."""
    for weight in (0.0, 1.0):
        same = grown(*[weight] * 20)
        found = estimate_difference(("b", "a"), same, same, 0.9)
        assert (found.difference, found.low, found.high) == (None, None, None)
