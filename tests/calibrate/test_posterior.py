"""Posteriors: draws, quantiles, contraction."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.calibrate.posterior import Marginal, Moments, Posterior

Floats = NDArray[np.float64]


def posterior(values: Floats) -> Posterior:
    """Members with these values of ``mu``, whose prior has a variance of 3."""
    return Posterior(("mu",), values[:, None], {"mu": Moments(0.0, 3.0**0.5)})


@settings(max_examples=25)
@given(st.integers(1, 30))
def test_draws_are_a_function_of_their_number(members: int) -> None:
    """More draws begin with the same ones, and each is a member, as often as any other but for 5
    of 1,000: far closer than independent draws would be.
    """
    found = posterior(np.arange(float(members)))
    many = found.members(1000)
    assert np.array_equal(found.members(50), many[:50])
    counts = np.bincount(many, minlength=members)
    assert len(counts) == members
    assert np.abs(counts - 1000.0 / members).max() <= 5.0


def test_the_summary_by_hand() -> None:
    """Four members, three of them the same; quantiles lie between the middles of their shares."""
    summary = posterior(np.array([1.0, 1.0, -1.0, 1.0])).summary()[0]
    assert summary.mean == 0.5
    assert summary.sd == pytest.approx(0.75**0.5)
    assert summary.contraction == pytest.approx(1.0 - 0.75 / 3.0)
    assert summary.quantiles == pytest.approx([-1.0, -1.0, 0.0, 1.0, 1.0, 1.0, 1.0])


def test_contraction_at_its_limits() -> None:
    """Nothing learned: 0; everything: 1; a prior at one point cannot learn."""

    def marginal(sd: float, prior_sd: float) -> Marginal:
        return Marginal("x", 0.0, sd, (), 0.0, prior_sd)

    assert marginal(2.0, 2.0).contraction == 0.0
    assert marginal(0.0, 2.0).contraction == 1.0
    assert marginal(4.0, 2.0).contraction < 0.0
    assert marginal(0.0, 0.0).contraction == 0.0
    assert marginal(0.0, 0.0).shift == 0.0
