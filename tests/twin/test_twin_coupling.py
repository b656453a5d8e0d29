"""As its step shrinks the twin tends to Panj: crossing by crossing, and in distribution."""

from functools import cache
from itertools import pairwise
from math import log

import numpy as np
import pytest

from benchmarks.twin.careful import CarefulCoupledTwin
from benchmarks.twin.convergence import (
    Estimate,
    Paired,
    apart,
    good_enough,
    paired,
    ratio,
    runs,
    same_distribution,
    through_origin,
    two_shares,
)
from benchmarks.twin.coupled import CoupledTwin, found_by
from benchmarks.twin.model import MINUTE
from benchmarks.twin.worlds import busy, spread
from sim.agents.beats import Departure, Pass
from sim.incidents.records import Crossing
from sim.model import BorderModel

REFUSED = 1e-4
"""p-value below which the two models differ."""


@cache
def coupled_runs(days: float) -> tuple[BorderModel, ...]:
    """Panj's busy runs of the four seasons."""
    return tuple(runs(busy(days)))


@cache
def spread_runs(days: float) -> tuple[BorderModel, ...]:
    """Panj's runs with crossings spread along the line."""
    return tuple(runs(spread(days)))


def order(coarse: Paired, fine: Paired) -> float:
    """Power of the step in which the share of other outcomes grows: 1 is in proportion."""
    return log(coarse.different.value / fine.different.value) / log(coarse.minutes / fine.minutes)


# -- coupled ----------------------------------------------------------------------------------


def test_luck_has_the_same_name_in_both() -> None:
    """The twin and Panj name a pass in the same way: coupling depends on it."""
    departure = Departure(0.5, 0.1, (3, 1, 4))
    passing = Pass(0.6, 1.0, 0.5, 0.7, departure, "back")
    assert passing.name("patrol") == f"patrol {departure.key} back"


@pytest.mark.parametrize("kind", [CoupledTwin, CarefulCoupledTwin])
def test_at_a_fine_step_every_crossing_ends_as_in_panj(kind: type[CoupledTwin]) -> None:
    """In steps of 20 s all are noticed by the same means, within two steps of when ours are."""
    panj, minutes = runs(busy(0.2)[1:2])[0], 1.0 / 3.0
    ours, theirs = found_by(panj), kind(panj, minutes).run().found
    assert len(ours) > 10
    assert {name: found.cue for name, found in theirs.items()} == {
        name: found.cue for name, found in ours.items()
    }
    for name, found in ours.items():
        assert abs(theirs[name].delay - found.delay) <= 2.0 * minutes * MINUTE


def test_every_crossing_of_panj_comes_in_the_twin_too() -> None:
    """The twin that repeats a run meets all its crossings, whatever the step."""
    (panj, *_) = coupled_runs(0.7)
    assert CoupledTwin(panj, 30.0).run().arrived == len(panj.log[Crossing])


def test_other_outcomes_vanish_in_proportion_to_the_step() -> None:
    """From 12 to 3 minutes the share of crossings that end differently falls four-fold or so."""
    panj = coupled_runs(0.7)
    coarse, fine = paired(panj, 12.0), paired(panj, 3.0)
    assert 0.6 < order(coarse, fine) < 1.5
    assert fine.different.value < 0.02


def test_a_coarse_step_sees_too_few() -> None:
    """At half an hour most patrols walk past unseen groups: the bias is far from 0 (control)."""
    row = paired(coupled_runs(0.7), 30.0)
    assert row.bias.high < -0.2
    assert not row.bias.within(0.01)


# -- apart ------------------------------------------------------------------------------------


def test_the_tests_tell_a_coarse_twin_from_panj_and_not_a_fine_one() -> None:
    """Two-sample tests refuse steps of 30 minutes and do not refuse steps of 3 (fixed seeds)."""
    panj = spread_runs(1.5)
    assert apart(panj, 30.0).least < REFUSED
    assert apart(panj, 3.0).least > 0.01


@pytest.mark.slow
def test_bias_and_tests_over_the_whole_ladder() -> None:
    """The bias shrinks in proportion to the step and is below 1 % at half a minute.

    Forty days a step: a bias of 1 % is more than three standard errors there. The tests on the
    twin's own chance refuse 30 and 15 minutes and do not refuse half a minute.
    """
    panj, alone = coupled_runs(10.0), spread_runs(10.0)
    rows = [paired(panj, minutes) for minutes in (8.0, 4.0, 2.0, 1.0, 0.5)]
    for coarse, fine in pairwise(rows):
        assert fine.different.value < coarse.different.value
    assert 0.85 < order(rows[0], rows[-1]) < 1.15
    assert rows[-1].bias.within(0.01)
    slope = through_origin(rows[2:])
    assert slope.low < -0.008
    assert slope.high > -0.02
    assert apart(alone, 30.0).least < REFUSED
    assert apart(alone, 15.0).least < REFUSED
    assert apart(alone, 0.5).least > 0.01


# -- the measures -----------------------------------------------------------------------------


def test_a_ratio_of_sums_has_the_error_of_its_units() -> None:
    """Units in proportion have no error; against a simulation the error is right to a tenth."""
    exact = ratio(np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 30.0]))
    assert exact == pytest.approx((0.1, 0.0), abs=1e-12)
    rng = np.random.default_rng(1)
    wholes = rng.poisson(50.0, (2000, 40)).astype(float)
    parts = rng.binomial(wholes.astype(int), 0.2).astype(float)
    estimates = [ratio(part, whole) for part, whole in zip(parts, wholes, strict=True)]
    spread_seen = np.std([estimate.value for estimate in estimates])
    assert np.mean([estimate.error for estimate in estimates]) == pytest.approx(
        spread_seen, rel=0.1
    )


def row(minutes: float, bias: float, error: float) -> Paired:
    """A row of which only the bias matters."""
    none = Estimate(0.0, 0.0)
    return Paired(minutes, 1, 1, Estimate(bias, error), none, none, 0.0)


def test_a_line_through_the_origin_is_found_again() -> None:
    """Exact points give their slope; the precise one decides between two that disagree.

    Rows share their crossings: two alike are no better than one.
    """
    one, two = (
        through_origin([row(2.0, -0.02, 0.004)]),
        through_origin([row(2.0, -0.02, 0.004)] * 2),
    )
    assert one == pytest.approx((-0.01, 0.002))
    assert two == pytest.approx(one)
    assert through_origin([row(1.0, -0.02, 0.1), row(2.0, -0.04, 0.3)]).value == pytest.approx(
        -0.02
    )
    torn = through_origin([row(1.0, -0.01, 1e-4), row(1.0, -0.05, 1.0)])
    assert torn.value == pytest.approx(-0.01, abs=1e-5)


def test_rows_without_error_do_not_decide_the_line() -> None:
    """A step at which nothing differed has no error to weigh it by, and is left out."""
    rows = [row(0.1, 0.0, 0.0), row(1.0, -0.01, 0.001)]
    assert through_origin(rows).value == pytest.approx(-0.01)


def test_a_step_is_good_enough_if_its_interval_and_all_finer_ones_are() -> None:
    """The whole interval must be within the limit at and below that step; else there is none."""
    good, wide, bad = row(0.5, -0.004, 0.002), row(1.0, -0.008, 0.002), row(2.0, 0.0, 0.001)
    assert good_enough([wide, good]) == good
    assert good_enough([bad, wide, good]) == good
    assert good_enough([wide, bad]) is None


@pytest.mark.parametrize(("hits", "others", "least", "most"), [
    (100, 100, 1.0, 1.0), (100, 110, 0.4, 0.6), (100, 200, 0.0, 1e-9), (0, 0, 1.0, 1.0),
])  # fmt: skip
def test_two_shares(hits: int, others: int, least: float, most: float) -> None:
    """Equal shares do not differ, doubled ones do; without hits there is no result."""
    assert least <= two_shares(hits, 1000, others, 1000) <= most


def test_two_distributions() -> None:
    """Samples of one law pass, a shifted one does not; an empty sample says nothing."""
    rng = np.random.default_rng(2)
    one, other = (rng.exponential(1.0, 400).tolist() for _ in range(2))
    assert same_distribution(one, other) > 0.01
    assert same_distribution(one, [value + 0.5 for value in other]) < REFUSED
    assert same_distribution([], [1.0]) == 1.0
