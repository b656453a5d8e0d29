"""Pursuit after a clash: closed forms beside plain sums, and what must hold of every fight."""

from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.spec import Scenario
from sim.theory.attrition import Side, break_hazards, clash_odds, intensities
from sim.theory.pursuit import clash_cost, fates

RULES = Scenario().clash
HAZARD = st.floats(0.0, 20.0)


@given(HAZARD, HAZARD)
def test_fates_are_a_race(hit: float, caught: float) -> None:
    """Chances of hit, caught and away are as their hazards, and add up to 1."""
    p_hit, p_caught = fates(hit, caught)
    away = 1.0 - p_hit - p_caught
    assert p_hit == pytest.approx(hit * away)
    assert p_caught == pytest.approx(caught * away)


def test_negative_hazards_are_refused() -> None:
    """Named with their values."""
    with pytest.raises(ValueError, match="-1"):
        fates(-1.0, 0.0)


def defaults(guards: int, intruders: int) -> tuple[Side, Side]:
    """Guards and smugglers as they fight at the defaults."""
    spread = RULES.break_spread
    return (
        Side(
            guards, RULES.guard_rate, 0, 1.5, break_hazards(guards, RULES.break_off_guards, spread)
        ),
        Side(
            intruders,
            RULES.smuggler_rate,
            breaks=break_hazards(intruders, RULES.break_off_smugglers, spread),
        ),
    )


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12))
def test_every_number_of_dead_is_possible(guards: int, intruders: int) -> None:
    """At the defaults none, one, ... all may die, with and without pursuit, whatever the sizes."""
    for pursuit in ((0.0, 0.0), (RULES.pursuit_hit, RULES.pursuit_caught)):
        law = clash_cost(
            *defaults(guards, intruders),
            RULES.lethality_smugglers,
            pursuit,
            RULES.disengage_rate,
            RULES.intensity_spread,
        )
        assert min(law.killed) > 0.0
        assert sum(law.killed) == pytest.approx(1.0, abs=1e-9)


def test_all_killed_if_none_can_get_away() -> None:
    """Deadly pursuit without end after a fight that guards cannot lose."""
    law = clash_cost(Side(3, 1.0), Side(4, 0.0, stop=3), 1.0, (1e12, 0.0))
    assert law.killed[4] == pytest.approx(1.0)
    assert law.caught == pytest.approx(0.0)


def test_without_pursuit_only_the_fight_kills() -> None:
    """Mean dead is lethality times mean loss; nobody is caught."""
    guards, intruders = defaults(4, 5)
    law = clash_cost(guards, intruders, 0.6, disengage_rate=2.0)
    odds = clash_odds(guards, intruders, 2.0)
    assert law.mean_killed == pytest.approx(0.6 * odds.intruders_lost)
    assert law.guards_lost == pytest.approx(odds.guards_lost)
    assert law.caught == 0.0


def test_one_who_slips_away_is_pursued() -> None:
    """Rates 1 (hit) and 1 (slip away): half fall, half run, and a third of those is hit."""
    law = clash_cost(Side(1, 1.0), Side(1, 0.0), 0.5, (1.0, 1.0), disengage_rate=1.0)
    assert law.killed[1] == pytest.approx(0.5 * 0.5 + 0.5 / 3.0 * 0.5)
    assert law.caught == pytest.approx(0.5 / 3.0)
    assert law.bloodless == pytest.approx(0.5 * 2.0 / 3.0)


def test_guards_who_broke_pursue_nobody() -> None:
    """Guards who cannot hit lose the field, and all who stand on it."""
    law = clash_cost(Side(1, 0.0), Side(2, 1.0), 1.0, (5.0, 5.0))
    assert law.killed == pytest.approx([1.0, 0.0, 0.0])
    assert law.caught == 0.0


def test_the_intensity_goes_on_in_pursuit() -> None:
    """Somebody who slips away from guards who never hit is hit running as E[hZ / (1 + hZ)]."""
    law = clash_cost(Side(1, 0.0), Side(1, 0.0), 1.0, (2.0, 0.0), 1.0, 1.0)
    expected = sum(w * 2.0 * z / (1.0 + 2.0 * z) for z, w in intensities(1.0))
    assert law.killed[1] == pytest.approx(expected)
    half = 0.5  # E[1 / (1 + 2 E)] = exp(1/2) E1(1/2) / 2, with E1(1/2) = 0.5597735947761608
    assert law.killed[1] == pytest.approx(1.0 - half * exp(half) * 0.5597735947761608, abs=1e-9)
