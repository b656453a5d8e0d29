"""The distribution of hits in one strike is the beta-binomial one."""

from itertools import product

import pytest
from scipy.stats import betabinom, binom

from sim.theory.shared_fate import hit_chances


@pytest.mark.parametrize("shared", [1e-4, 0.2, 0.95])
def test_hits_with_a_shared_fate(shared: float) -> None:
    """The chances are those of a library's beta-binomial with that mean and correlation."""
    spread = (1.0 - shared) / shared
    for people, mean in product([1, 2, 7, 20], [0.01, 0.3, 0.9]):
        law = betabinom(people, mean * spread, (1.0 - mean) * spread)
        expected = pytest.approx(list(law.pmf(range(people + 1))), rel=1e-8, abs=1e-14)
        assert hit_chances(people, mean, shared) == expected, (people, mean)


def test_hits_without_a_shared_fate() -> None:
    """With a correlation of zero hits are binomial, and the shared law tends to it."""
    assert hit_chances(6, 0.3, 0.0) == pytest.approx(list(binom(6, 0.3).pmf(range(7))))
    assert hit_chances(6, 0.3, 1e-9) == pytest.approx(hit_chances(6, 0.3, 0.0), rel=1e-4)


def test_one_shared_fate_for_all() -> None:
    """With a correlation near one a strike hits everybody or nobody."""
    none, *some, everybody = hit_chances(5, 0.3, 1.0 - 1e-9)
    assert (none, everybody) == pytest.approx((0.7, 0.3), abs=1e-6)
    assert some == pytest.approx([0.0] * 4, abs=1e-6)
