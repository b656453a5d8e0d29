"""A district as it is run: tiredness, levels, patrols' rate and trust between events."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quiet_worlds import scenario
from scipy.integrate import quad

from sim.agents.sectors import Sector
from sim.frontier.ground import Ground
from sim.incidents.records import AlertChange
from sim.rules.alert import LEVELS

LAND = Ground.default()

FATIGUE = {"routine": 0.01, "elevated": 0.05, "heightened": 0.2, "emergency": 0.6}
RULES: dict[str, object] = {
    **{f"alert.levels.{name}.fatigue_per_day": rate for name, rate in FATIGUE.items()},
    "readiness.start": 0.8,
    "readiness.recovery_per_day": 0.1,
    "readiness.leave_effect": 0.0,
    "readiness.false_alarm_cost": 0.25,
}


def sector(changes: dict[str, object] | None = None, district: int = 6) -> Sector:
    """A district of the quiet scenario."""
    return Sector(LAND.districts[district], scenario({**RULES, **(changes or {})}))


def euler(start: float, fatigue: float, days: float, steps: int = 200_000) -> float:
    """Readiness by many small steps of its differential equation."""
    r, step = start, days / steps
    for _ in range(steps):
        r += step * (-fatigue * r + 0.1 * (1.0 - r))
    return r


# -- readiness ----------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_readiness_solves_its_equation(level: str) -> None:
    """dr/dt = -fatigue r + recovery (1 - r), against 200,000 small steps over nine days."""
    district = sector({"alert.level": level})
    assert district.readiness(0.0) == 0.8
    expected = euler(0.8, FATIGUE[level], 9.0)
    assert district.readiness(9.0) == pytest.approx(expected, abs=1e-5)
    assert district.readiness(9.0) != pytest.approx(
        euler(0.8, 1.05 * FATIGUE[level], 9.0), abs=1e-5
    )


def test_readiness_over_changes_of_level_and_false_alarms() -> None:
    """Level and alarms at known instants: value, mean and least, by numerical integration."""
    district = sector()
    district.set_level(5.0, 3)
    district.tire(7.0)
    district.set_level(11.0, 1)

    first = euler(0.8, 0.01, 5.0)
    second = euler(first, 0.6, 2.0)
    third = euler(0.75 * second, 0.6, 4.0)
    last = euler(third, 0.05, 9.0)
    assert district.readiness(20.0) == pytest.approx(last, abs=1e-4)

    def piece(start: float, fatigue: float, days: float) -> float:
        rest = 0.1 / (0.1 + fatigue)
        area, _ = quad(lambda t: rest + (start - rest) * exp(-(0.1 + fatigue) * t), 0.0, days)
        return float(area)

    area = (
        piece(0.8, 0.01, 5.0)
        + piece(first, 0.6, 2.0)
        + piece(0.75 * second, 0.6, 4.0)
        + piece(third, 0.05, 9.0)
    )
    assert district.mean_readiness(20.0) == pytest.approx(area / 20.0, abs=1e-4)
    least = min(0.8, first, second, 0.75 * second, third, last)
    assert district.lowest_readiness(20.0) == pytest.approx(least, abs=1e-4)


@given(st.lists(st.tuples(st.floats(0.01, 5.0), st.integers(0, 4)), max_size=12))
def test_to_ask_changes_nothing(events: list[tuple[float, int]]) -> None:
    """Whether or not anybody looks in between, the end is the same to the last bit."""
    watched, left_alone = sector(), sector()
    now = 0.0
    for gap, event in events:
        for share in (0.3, 0.7):
            watched.mean_readiness(now + share * gap)
            watched.lowest_readiness(now + share * gap)
            watched.sight_factor(now + share * gap)
        now += gap
        for district in (watched, left_alone):
            if event == 4:
                district.tire(now)
            else:
                district.set_level(now, event)
    assert watched.mean_readiness(now + 1.0) == left_alone.mean_readiness(now + 1.0)
    assert watched.lowest_readiness(now + 1.0) == left_alone.lowest_readiness(now + 1.0)


@given(st.lists(st.tuples(st.floats(0.01, 30.0), st.integers(0, 4)), max_size=12))
def test_readiness_is_a_share_and_its_least_is_least(events: list[tuple[float, int]]) -> None:
    """In [0, 1] always; the lowest lies below the mean."""
    district = sector()
    now = 0.0
    for gap, event in events:
        now += gap
        if event == 4:
            district.tire(now)
        else:
            district.set_level(now, event)
        assert 0.0 <= district.readiness(now) <= 1.0
        assert district.lowest_readiness(now) <= district.mean_readiness(now) + 1e-12
        assert district.lowest_readiness(now) <= district.readiness(now) + 1e-12


LEAVE: dict[str, object] = {
    "alert.levels.routine.leave": 0.2,
    "alert.levels.elevated.leave": 0.1,
    "alert.levels.emergency.leave": 0.0,
    "readiness.leave_effect": 0.6,
}


def test_less_leave_is_less_rest() -> None:
    """Half the leave of routine takes half the effect of the recovery, no leave all of it.

    The equation is that of a recovery of 0.1 x (1 - 0.3) and 0.1 x (1 - 0.6) a day.
    """
    for level, recovery in ((0, 0.1), (1, 0.07), (3, 0.04)):
        district = sector({**LEAVE, "alert.level": LEVELS[level]})
        fatigue = FATIGUE[LEVELS[level]]
        rest = recovery / (recovery + fatigue)
        expected = rest + (0.8 - rest) * exp(-(recovery + fatigue) * 9.0)
        assert district.recovery_of(level) == pytest.approx(recovery)
        assert district.readiness(9.0) == pytest.approx(expected, abs=1e-6)
        area, _ = quad(
            lambda t, r=recovery, e=rest, f=fatigue: e + (0.8 - e) * exp(-(r + f) * t), 0.0, 9.0
        )
        assert district.mean_readiness(9.0) == pytest.approx(area / 9.0, abs=1e-6)


def test_more_leave_than_at_routine_is_more_rest() -> None:
    """Twice the leave adds the whole effect to the recovery."""
    rules = {**LEAVE, "alert.levels.elevated.leave": 0.4}
    assert sector(rules).recovery_of(1) == pytest.approx(0.16)


def test_leave_can_be_switched_off() -> None:
    """Without the effect, or where routine gives no leave, leave restores nobody."""
    assert sector({**LEAVE, "readiness.leave_effect": 0.0}).recovery_of(3) == 0.1
    assert sector({**LEAVE, "alert.levels.routine.leave": 0.0}).recovery_of(3) == 0.1


def test_a_change_in_the_middle_is_rest_by_each_scenario_in_turn() -> None:
    """Five days by one effect of leave and four by another, at emergency."""
    district = sector({**LEAVE, "alert.level": "emergency"})
    district.adopt(5.0, scenario({**RULES, **LEAVE, "readiness.leave_effect": 0.1}))

    def after(start: float, recovery: float, days: float) -> float:
        rest = recovery / (recovery + 0.6)
        return rest + (start - rest) * exp(-(recovery + 0.6) * days)

    expected = after(after(0.8, 0.04, 5.0), 0.09, 4.0)
    assert district.readiness(9.0) == pytest.approx(expected, abs=1e-6)


def test_false_alarms_take_a_share() -> None:
    """Three alarms at one instant leave (1 - 1/4)^3 of it."""
    district = sector()
    for _ in range(3):
        district.tire(0.0)
    assert district.readiness(0.0) == pytest.approx(0.8 * 0.75**3)


def test_tiredness_blinds_and_slows() -> None:
    """Sight and mobilisation are powers of readiness; power 0 switches each off."""
    district = sector(
        {"readiness.effect_on_sighting": 2.0, "readiness.effect_on_mobilisation": 1.0}
    )
    assert district.sight_factor(0.0) == pytest.approx(0.64)
    assert district.mobilisation_factor(0.0) == pytest.approx(1.0 / 0.8)
    assert sector().sight_factor(50.0) == 1.0
    assert sector().mobilisation_factor(50.0) == 1.0


def test_the_slowest_mobilisation() -> None:
    """People without any readiness take twenty times as long, not for ever."""
    district = sector({"readiness.start": 0.0, "readiness.effect_on_mobilisation": 1.0})
    assert district.mobilisation_factor(0.0) == pytest.approx(20.0)


# -- levels and patrols -------------------------------------------------------------------


def test_a_level_sets_patrols_and_mobilisation() -> None:
    """Emergency by three times the sorties and half the time to turn out, from its instant on."""
    district = sector(
        {
            "patrols.sorties_per_day": 2.0,
            "patrols.emphasis.shamsiddin_shohin": 1.5,
            "alert.levels.emergency.sorties": 3.0,
            "alert.levels.emergency.mobilisation": 0.5,
        }
    )
    assert district.set_level(4.0, 3)
    assert district.sorties.at(3.999) == 3.0
    assert district.sorties.at(4.0) == 9.0
    assert district.mobilisation_factor(4.0) == 0.5
    assert district.routine_sorties == 3.0
    assert district.alert_change(4.0, "why") == AlertChange(
        4.0, "shamsiddin_shohin", "emergency", "why"
    )


def test_the_same_level_is_no_change() -> None:
    """Nothing is carried forward, nobody is notified."""
    district = sector()
    told: list[int] = []
    district.watchers["x"] = lambda: told.append(1)
    assert not district.set_level(4.0, 0)
    assert told == []
    assert district.level.times == [0.0]


def test_those_in_the_open_are_told_of_more_patrols_only() -> None:
    """A change of the rate calls the watchers once; a level with the same rate does not."""
    district = sector(
        {
            "patrols.sorties_per_day": 2.0,
            "alert.levels.elevated.sorties": 1.0,
            "alert.levels.heightened.sorties": 2.0,
        }
    )
    told: list[float] = []
    district.watchers["x"] = lambda: told.append(district.sorties.current)
    district.set_level(1.0, 1)
    assert told == []
    district.set_level(2.0, 2)
    assert told == [4.0]


def test_hot_spots_multiply_the_plan() -> None:
    """Sorties are plan x emphasis x level x hot-spot factor."""
    district = sector({"patrols.sorties_per_day": 2.0})
    district.hot_spot_factor = 2.5
    district.replan(3.0)
    assert district.sorties.current == 5.0
    assert district.sorties.integral(0.0, 5.0) == pytest.approx(3.0 * 2.0 + 2.0 * 5.0)


# -- trust --------------------------------------------------------------------------------


def test_lost_trust_comes_back_exponentially() -> None:
    """At rest 0.5; a quarter lost; e^-1 of the gap is left after the mean time."""
    rules: dict[str, object] = {
        "tips.trust": 0.5,
        "tips.trust_loss": 0.25,
        "tips.trust_recovery_days": 40.0,
    }
    district = sector(rules)
    assert district.trust(30.0) == 0.5
    district.lose_trust(30.0)
    assert district.trust(30.0) == pytest.approx(0.375)
    assert district.trust(70.0) == pytest.approx(0.5 - 0.125 * exp(-1.0))
    district.lose_trust(70.0)
    assert district.trust(70.0) == pytest.approx(0.75 * (0.5 - 0.125 * exp(-1.0)))
    assert district.trust(5000.0) == pytest.approx(0.5)


def test_a_tips_programme_closes_the_gap_to_full_trust() -> None:
    """Half a programme on trust 0.4 gives 0.7; a full one gives 1."""
    assert sector({"tips.trust": 0.4, "tips.programme": 0.5}).trust(9.0) == pytest.approx(0.7)
    assert sector({"tips.trust": 0.4, "tips.programme": 1.0}).trust(9.0) == pytest.approx(1.0)


def test_trust_is_lost_in_one_district_only() -> None:
    """Its neighbours trust as before."""
    rules: dict[str, object] = {"tips.trust": 0.5, "tips.trust_loss": 1.0}
    hurt, spared = sector(rules, 6), sector(rules, 7)
    hurt.lose_trust(2.0)
    assert hurt.trust(2.0) == 0.0
    assert spared.trust(2.0) == 0.5
