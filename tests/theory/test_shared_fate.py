"""The distribution of hits in one strike is the beta-binomial one."""

import pytest
from scipy.stats import betabinom, binom

from sim.theory.shared_fate import hit_chances


@pytest.mark.parametrize("people", [1, 2, 7, 20])
@pytest.mark.parametrize("mean", [0.01, 0.3, 0.9])
@pytest.mark.parametrize("shared", [1e-4, 0.2, 0.95])
def test_hits_with_a_shared_fate(people: int, mean: float, shared: float) -> None:
    """The chances are those of a library's beta-binomial with that mean and correlation."""
    spread = (1.0 - shared) / shared
    expected = betabinom(people, mean * spread, (1.0 - mean) * spread).pmf(range(people + 1))
    assert hit_chances(people, mean, shared) == pytest.approx(list(expected), rel=1e-8, abs=1e-14)


def test_hits_without_a_shared_fate() -> None:
    """With a correlation of zero hits are binomial, and the shared law tends to it."""
    assert hit_chances(6, 0.3, 0.0) == pytest.approx(list(binom(6, 0.3).pmf(range(7))))
    assert hit_chances(6, 0.3, 1e-9) == pytest.approx(hit_chances(6, 0.3, 0.0), rel=1e-4)


def test_one_shared_fate_for_all() -> None:
    """With a correlation near one a strike hits everybody or nobody."""
    none, *some, everybody = hit_chances(5, 0.3, 1.0 - 1e-9)
    assert (none, everybody) == pytest.approx((0.7, 0.3), abs=1e-6)
    assert some == pytest.approx([0.0] * 4, abs=1e-6)
