"""Clashes as sampled, against the exact solution of the same Markov chain; and casualties."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quiet_worlds import LIMIT, z_mean, z_share

from sim.agents.encounters import (
    Casualties,
    ClashResult,
    Side,
    casualties,
    clash,
    probability_at_odds,
)
from sim.engine.draws import Draws
from sim.theory import attrition

SAMPLES = 6000

CASES = {
    "even": (Side(4, 1.0, 0.5, 1.0), Side(3, 1.0, 0.5, 1.0)),
    "six on five": (Side(6, 1.0, 0.5, 1.0), Side(5, 1.0, 0.5, 1.0)),
    "weak guards": (Side(3, 1.0, 0.5, 1.0), Side(3, 2.0, 0.5, 1.0)),
    "both break off": (Side(8, 0.7, 0.5, 0.5), Side(5, 1.1, 0.5, 0.3)),
    "slip away": (Side(5, 0.6, 0.5, 0.5), Side(4, 0.5, 0.5, 1.0, disengage=2.0)),
    "guards fire first": (Side(4, 0.6, 0.5, 0.5, surprise=3.0), Side(4, 1.0, 0.5, 1.0)),
    "all at once": (
        Side(10, 0.4, 0.3, 0.5),
        Side(6, 1.2, 0.8, 0.6, disengage=0.7, surprise=2.0),
    ),
}


def fought(guards: Side, intruders: Side, samples: int = SAMPLES) -> list[ClashResult]:
    """The same clash, many times."""
    draw = Draws(11).of("clash")
    return [clash(draw, str(n), guards, intruders) for n in range(samples)]


def exact(guards: Side, intruders: Side) -> attrition.ClashOdds:
    """The chain solved."""
    return attrition.clash_odds(
        attrition.Side(
            guards.heads, guards.rate, guards.heads - guards.losses_to_break(0.5), guards.surprise
        ),
        attrition.Side(
            intruders.heads,
            intruders.rate,
            intruders.heads - intruders.losses_to_break(0.5),
            intruders.surprise,
        ),
        intruders.disengage,
    )


def z_chance(hits: int, p: float) -> float:
    """z of a share, exact where the chance is 0 or 1."""
    return z_share(hits, SAMPLES, p) if 1e-9 < p < 1.0 - 1e-9 else (hits / SAMPLES - p) * 1e9


@pytest.mark.parametrize("name", CASES)
def test_clashes_end_as_the_chain_says(name: str) -> None:
    """Chances of each ending and mean losses of each side, by 6,000 clashes."""
    results = fought(*CASES[name])
    odds = exact(*CASES[name])
    endings = [result.ended_by for result in results]
    assert abs(z_chance(endings.count("intruders"), odds.p_guards_win)) < LIMIT
    assert abs(z_chance(endings.count("guards"), odds.p_guards_break)) < LIMIT
    assert abs(z_chance(endings.count("disengaged"), odds.p_disengaged)) < LIMIT
    ours = [float(r.killed_guards + r.wounded_guards) for r in results]
    theirs = [float(r.killed_intruders + r.wounded_intruders) for r in results]
    assert abs(z_mean(ours, odds.guards_lost)) < LIMIT
    assert abs(z_mean(theirs, odds.intruders_lost)) < LIMIT


def test_a_wrong_chain_is_found_out() -> None:
    """The same test fails when the chance or the loss is 5 % off (six standard errors and more)."""
    guards, intruders = CASES["even"]
    results = fought(guards, intruders)
    odds = exact(guards, intruders)
    wins = sum(result.ended_by == "intruders" for result in results)
    lost = [float(r.killed_intruders + r.wounded_intruders) for r in results]
    assert abs(z_chance(wins, 1.05 * odds.p_guards_win)) > LIMIT
    assert abs(z_mean(lost, 1.05 * odds.intruders_lost)) > LIMIT


def test_surprise_that_is_left_out_is_found_out() -> None:
    """A chain without the first side's bonus does not fit clashes with it."""
    guards, intruders = CASES["guards fire first"]
    wins = sum(r.ended_by == "intruders" for r in fought(guards, intruders))
    without = exact(guards._replace(surprise=1.0), intruders)
    assert abs(z_chance(wins, without.p_guards_win)) > LIMIT


def test_hits_kill_with_the_lethality() -> None:
    """Of all hits on a side its lethality kills; on the other side the other's does."""
    results = fought(Side(6, 1.0, 0.25, 1.0), Side(6, 1.0, 0.8, 1.0))
    killed = sum(r.killed_guards for r in results)
    hit = killed + sum(r.wounded_guards for r in results)
    assert abs(z_share(killed, hit, 0.25)) < LIMIT
    assert abs(z_share(killed, hit, 0.2625)) > LIMIT  # 5 % off
    killed = sum(r.killed_intruders for r in results)
    hit = killed + sum(r.wounded_intruders for r in results)
    assert abs(z_share(killed, hit, 0.8)) < LIMIT


def test_a_duel_lasts_the_mean_of_one_exponential() -> None:
    """One on one at rates 2 and 3 an hour: over after 1/5 of an hour on average."""
    hours = [r.hours for r in fought(Side(1, 2.0, 0.5, 1.0), Side(1, 3.0, 0.5, 1.0), 20_000)]
    assert abs(z_mean(hours, 0.2)) < LIMIT
    assert abs(z_mean(hours, 0.21)) > LIMIT


SIDES = st.builds(
    Side,
    st.integers(0, 12),
    st.floats(0.0, 5.0),
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
    st.just(0.0),
    st.floats(1.0, 5.0),
    st.just(0.0),
)


@given(SIDES, SIDES, st.floats(0.0, 5.0), st.integers(0, 1000))
def test_nobody_is_hurt_who_was_not_there(
    guards: Side, intruders: Side, away: float, seed: int
) -> None:
    """No side loses more than its break-off, nor more than its heads, and time goes forward."""
    intruders = intruders._replace(disengage=away)
    result = clash(Draws(seed).of("x"), "c", guards, intruders)
    ours = result.killed_guards + result.wounded_guards
    theirs = result.killed_intruders + result.wounded_intruders
    least_ours, least_theirs = guards.losses_to_break(0.5), intruders.losses_to_break(0.5)
    assert 0 <= ours <= least_ours <= guards.heads
    assert 0 <= theirs <= least_theirs <= intruders.heads
    assert result.hours >= 0.0
    if guards.heads and intruders.heads:
        assert (ours == least_ours) == (result.ended_by == "guards")
        assert (theirs == least_theirs) == (result.ended_by == "intruders")


def test_nobody_shoots_and_all_is_over() -> None:
    """Without any rate the intruders are gone at once, unhurt."""
    still = Side(5, 0.0, 0.5, 1.0)
    assert clash(Draws(1).of("x"), "c", still, still) == ClashResult("disengaged", 0, 0, 0, 0, 0.0)


def test_an_empty_side_cannot_be_hurt() -> None:
    """Nobody on one side: it has broken off, and nobody is hit."""
    some, none = Side(5, 1.0, 0.5, 1.0), Side(0, 1.0, 0.5, 1.0)
    draw = Draws(1).of("x")
    assert clash(draw, "c", none, some) == ClashResult("guards", 0, 0, 0, 0, 0.0)
    assert clash(draw, "c", some, none) == ClashResult("intruders", 0, 0, 0, 0, 0.0)


@pytest.mark.parametrize(
    ("heads", "share", "losses"), [(10, 0.5, 5), (5, 0.5, 3), (4, 0.3, 2), (4, 0.0, 1), (4, 1.0, 4)]
)
def test_losses_to_break(heads: int, share: float, losses: int) -> None:
    """A share of the heads, rounded up, at least one."""
    assert Side(heads, 1.0, 0.5, share).losses_to_break(0.3) == losses


# -- whether it comes to a fight ----------------------------------------------------------


@given(st.floats(0.01, 0.99), st.integers(1, 30), st.floats(0.0, 5.0))
def test_even_numbers_leave_the_chance_alone(p: float, heads: int, power: float) -> None:
    """At even odds the chance is the one given."""
    assert probability_at_odds(p, heads, heads, power) == pytest.approx(p)


@given(st.floats(0.01, 0.99), st.integers(1, 20), st.floats(0.01, 3.0))
def test_more_intruders_fight_sooner(p: float, guards: int, power: float) -> None:
    """The chance rises with the intruders and stays one."""
    chances = [probability_at_odds(p, n, guards, power) for n in range(1, 12)]
    assert all(0.0 < a <= b < 1.0 for a, b in pairwise(chances))


def test_odds_are_multiplied() -> None:
    """Twice as many at power 2: odds 1 become odds 4."""
    assert probability_at_odds(0.5, 8, 4, 2.0) == pytest.approx(0.8)
    assert probability_at_odds(0.5, 4, 8, 2.0) == pytest.approx(0.2)


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_certainty_knows_no_odds(p: float) -> None:
    """Those who never or always fight do so at any odds."""
    assert probability_at_odds(p, 1, 30, 5.0) == probability_at_odds(p, 30, 1, 5.0) == p


def test_power_zero_and_no_guards() -> None:
    """Without an effect of the odds, or nobody to face, the chance is the one given."""
    assert probability_at_odds(0.3, 12, 2, 0.0) == 0.3
    assert probability_at_odds(0.3, 12, 0, 2.0) == 0.3


# -- strikes ------------------------------------------------------------------------------


def test_casualties_are_binomial() -> None:
    """40 exposed, 0.3 hit, 0.6 of them killed: means 7.2 and 4.8, variance of a binomial."""
    draw = Draws(3).of("strike")
    hurt = [casualties(draw, str(n), 40, 0.3, 0.6) for n in range(2000)]
    killed = [float(c.killed) for c in hurt]
    assert abs(z_mean(killed, 7.2)) < LIMIT
    assert abs(z_mean([float(c.wounded) for c in hurt], 4.8)) < LIMIT
    assert abs(z_mean(killed, 1.05 * 7.2)) > LIMIT
    variance = sum((k - 7.2) ** 2 for k in killed) / 2000
    assert variance == pytest.approx(40 * 0.18 * 0.82, rel=4.0 * (2.0 / 2000) ** 0.5)


@given(st.integers(0, 200), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_protection_hurts_nobody_else(n: int, p: float, spared: float, lethality: float) -> None:
    """A smaller chance of a hit never kills or wounds more."""
    draw = Draws(n).of("strike")
    bare = casualties(draw, "s", 30, p, lethality)
    behind = casualties(draw, "s", 30, p * (1.0 - spared), lethality)
    assert behind.killed <= bare.killed
    assert behind.wounded <= bare.wounded


def test_limits_of_casualties() -> None:
    """Nobody exposed, no hits, all hit and killed, all hit and wounded."""
    draw = Draws(1).of("strike")
    assert casualties(draw, "s", 0, 1.0, 1.0) == Casualties(0, 0)
    assert casualties(draw, "s", 9, 0.0, 1.0) == Casualties(0, 0)
    assert casualties(draw, "s", 9, 1.0, 1.0) == Casualties(9, 0)
    assert casualties(draw, "s", 9, 1.0, 0.0) == Casualties(0, 9)


def test_the_first_of_two_falls_by_the_exponential_race() -> None:
    """Slipping away at the rate of the first hit is an even bet on no loss at all."""
    guards, intruders = Side(3, 1.0, 0.5, 1.0), Side(3, 0.0, 0.5, 1.0, disengage=3.0)
    unhurt = sum(r.killed_intruders + r.wounded_intruders == 0 for r in fought(guards, intruders))
    assert abs(z_share(unhurt, SAMPLES, 0.5)) < LIMIT
