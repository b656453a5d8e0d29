"""Fights that differ, break points and pursuit as sampled, against the solved chain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quiet_worlds import LIMIT, z_mean, z_share

from sim.agents.encounters import ClashResult, Side, clash, intensity
from sim.agents.pursuit import Aftermath, Chase, aftermath, chase
from sim.engine.draws import Draws
from sim.scenario.spec import Scenario
from sim.scenario.values import with_overrides
from sim.theory import attrition
from sim.theory.pursuit import ClashCost, clash_cost

SAMPLES = 6000
SPREAD = 1.5
GUARDS = Side(4, 0.8, 0.3, 0.5, surprise=1.5, spread=0.5)
INTRUDERS = Side(5, 0.7, 0.6, 0.4, disengage=2.0, spread=0.5)
AFTER = Chase(0.4, 0.3)


def exact(guards: Side, intruders: Side, after: Chase, spread: float) -> ClashCost:
    """The chain and the pursuit solved."""
    ours, theirs = (
        attrition.Side(
            side.heads,
            side.rate,
            opening=side.surprise,
            breaks=attrition.break_hazards(side.heads, side.break_off, side.spread),
        )
        for side in (guards, intruders)
    )
    return clash_cost(ours, theirs, intruders.lethality, after, intruders.disengage, spread)


def sampled(
    guards: Side, intruders: Side, after: Chase, spread: float
) -> list[tuple[ClashResult, Aftermath]]:
    """The same fight, many times."""
    draw = Draws(12).of("fight")
    fights = []
    for n in range(SAMPLES):
        result = clash(draw, str(n), guards, intruders, spread)
        heads, lethality = intruders.heads, intruders.lethality
        fights.append((result, aftermath(draw, str(n), heads, lethality, result, after, 0.0)))
    return fights


def test_fights_cost_what_theory_says() -> None:
    """Every number of dead, guards lost, people caught, and how many fights are bloodless."""
    law, fights = exact(GUARDS, INTRUDERS, AFTER, SPREAD), sampled(GUARDS, INTRUDERS, AFTER, SPREAD)
    for dead, chance in enumerate(law.killed):
        seen = sum(end.killed == dead for _, end in fights)
        assert abs(z_share(seen, SAMPLES, chance)) < LIMIT
    lost = [float(r.killed_guards + r.wounded_guards) for r, _ in fights]
    assert abs(z_mean(lost, law.guards_lost)) < LIMIT
    assert abs(z_mean([float(end.detained) for _, end in fights], law.caught)) < LIMIT
    unhurt = sum(
        g == 0.0 and not e.killed + e.wounded for g, (_, e) in zip(lost, fights, strict=True)
    )
    assert abs(z_share(unhurt, SAMPLES, law.bloodless)) < LIMIT


FAULTS: dict[str, ClashCost] = {
    "a threshold": exact(
        GUARDS._replace(spread=1e-3), INTRUDERS._replace(spread=1e-3), AFTER, SPREAD
    ),
    "fights all alike": exact(GUARDS, INTRUDERS, AFTER, 0.0),
    "no pursuit": exact(GUARDS, INTRUDERS, Chase(0.0, 0.0), SPREAD),
    "pursuit a third harder": exact(GUARDS, INTRUDERS, Chase(0.55, 0.3), SPREAD),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_another_law_is_found_out(fault: str) -> None:
    """Some figure of a wrong law does not fit the same fights."""
    law, fights = FAULTS[fault], sampled(GUARDS, INTRUDERS, AFTER, SPREAD)
    off = [
        abs(z_share(sum(end.killed == dead for _, end in fights), SAMPLES, chance))
        for dead, chance in enumerate(law.killed)
        if chance > 1e-9
    ]
    lost = [float(r.killed_guards + r.wounded_guards) for r, _ in fights]
    assert max(*off, abs(z_mean(lost, law.guards_lost))) > LIMIT


def test_intensity_is_weibull_with_mean_one() -> None:
    """Mean 1 at every spread; exactly 1 without; exponential at 1: half lie below log 2."""
    draw = Draws(5).of("heat")
    luck = [draw.uniform("u", n) for n in range(20_000)]
    assert {intensity(u, 0.0) for u in luck} == {1.0}
    for spread in (0.5, 1.0, 1.5):
        assert abs(z_mean([intensity(u, spread) for u in luck], 1.0)) < LIMIT
    below = sum(intensity(u, 1.0) < 0.6931471805599453 for u in luck)
    assert abs(z_share(below, len(luck), 0.5)) < LIMIT


@given(st.integers(1, 20), st.floats(0.05, 1.0), st.floats(0.0, 3.0), st.floats(0.001, 0.999))
def test_break_points(heads: int, median: float, spread: float, luck: float) -> None:
    """At least one, at most all, no fewer with better nerve; even luck gives the median."""
    side = Side(heads, 1.0, 0.5, median, spread=spread)
    assert 1 <= side.losses_to_break(luck) <= heads
    assert side.losses_to_break(luck) <= side.losses_to_break(0.5 + luck / 2.0)
    assert side.losses_to_break(0.5) == side._replace(spread=0.0).losses_to_break(0.5)


@given(st.integers(0, 500), st.floats(0.0, 3.0), st.floats(1.0, 10.0), st.floats(0.0, 1.0))
def test_harder_pursuit_takes_the_same_people_and_more(
    seed: int, hazard: float, factor: float, lethality: float
) -> None:
    """At the same draws no fewer are dead and no more get away, if the wounded are caught.

    Somebody wounded who gets away may have been caught unhurt before.
    """
    result = ClashResult("disengaged", 0, 0, 1, 1, 0.5)
    few, many = (
        aftermath(Draws(seed).of("x"), "p", 9, lethality, result, Chase(h, h), 1.0)
        for h in (hazard, hazard * factor)
    )
    assert many.killed >= few.killed
    assert many.killed + many.wounded >= few.killed + few.wounded
    assert many.escaped <= few.escaped


@given(st.integers(0, 500), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_deadlier_hits_kill_no_fewer(seed: int, a: float, b: float) -> None:
    """The same people are hit, in the fight and after it; more of them die."""
    less, more = sorted((a, b))
    killed = []
    for lethality in (less, more):
        draw = Draws(seed).of("x")
        result = clash(draw, "c", GUARDS, INTRUDERS._replace(lethality=lethality), SPREAD)
        killed.append(aftermath(draw, "c", 5, lethality, result, AFTER, 0.5).killed)
    assert killed[0] <= killed[1]


def test_nobody_pursues_who_lost_the_field() -> None:
    """Not even the wounded are caught."""
    result = ClashResult("guards", 2, 1, 1, 2, 0.5)
    end = aftermath(Draws(1).of("x"), "p", 6, 1.0, result, Chase(1e9, 1e9), 1.0)
    assert end == Aftermath(False, 1, 2, 0, 5)
    assert end.arms == 0


def test_what_makes_pursuit_harder() -> None:
    """Terrain, night, depth and a ring multiply both hazards."""
    spec = with_overrides(
        Scenario(),
        {
            **{f"clash.pursuit_terrain.{t}": 0.5 for t in
               ("lowland", "foothill", "gorge", "high_valley", "alpine")},
            "clash.pursuit_hit": 0.2,
            "clash.pursuit_caught": 0.4,
            "clash.pursuit_night": 0.25,
            "clash.pursuit_depth": 0.5,
            "contact.cordon_hold": 6.0,
        },
    )  # fmt: skip
    assert chase(spec, 10.0, 0.0, False, False) == pytest.approx((0.1, 0.2))
    assert chase(spec, 10.0, 4.0, False, False) == pytest.approx((0.3, 0.6))
    assert chase(spec, 10.0, 0.0, True, False) == pytest.approx((0.025, 0.05))
    assert chase(spec, 10.0, 0.0, False, True) == pytest.approx((0.6, 1.2))
