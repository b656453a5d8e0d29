"""Effects of an alert level on the base numbers."""

import pytest

from sim.scenario.level_effects import drone_cover, garrison, present, recovery_per_day, work_lost
from sim.scenario.spec import Scenario
from sim.scenario.spec_guard import Level
from sim.scenario.values import with_overrides

LEVELS = ("routine", "elevated", "heightened", "emergency")


def levels(spec: Scenario) -> list[Level]:
    """The four levels from the lowest up."""
    return [getattr(spec.alert.levels, name) for name in LEVELS]


def test_at_routine_the_base_numbers_hold() -> None:
    """Garrison, recovery and cover are those of their own sections, and no work is lost."""
    spec = Scenario()
    routine = spec.alert.levels.routine
    assert garrison(spec, "panj", routine) == spec.posts.garrison
    assert recovery_per_day(spec, routine) == spec.readiness.recovery_per_day
    assert drone_cover(spec, routine) == pytest.approx(spec.worksites.counter_drone)
    assert work_lost(spec, routine) == 0.0


def test_by_default_a_higher_level_guards_more_and_rests_less() -> None:
    """Each step up: no fewer ready, no more leave, rest, people outside, nor drones let through."""
    spec = Scenario()
    four = levels(spec)
    for value in (
        lambda level: garrison(spec, "panj", level),
        lambda level: drone_cover(spec, level),
        lambda level: work_lost(spec, level),
        lambda level: -recovery_per_day(spec, level),
        lambda level: level.site_guards,
        lambda level: level.escorts,
    ):
        found = [value(level) for level in four]
        assert found == sorted(found)
        assert found[0] < found[-1]


def test_what_sentries_give_at_rest_by_level() -> None:
    """Defaults: about .92, .89, .81 and .61 of full readiness, as their source says."""
    spec = Scenario()
    rests = []
    for level in levels(spec):
        recovery = recovery_per_day(spec, level)
        rests.append(round(recovery / (recovery + level.fatigue_per_day), 2))
    assert rests == [0.92, 0.89, 0.81, 0.61]


def test_higher_levels_are_not_cancelled_by_their_tiredness() -> None:
    """At rest each step up still gives more sorties times readiness than the one below."""
    spec = Scenario()
    yields = []
    for level in levels(spec):
        recovery = recovery_per_day(spec, level)
        yields.append(level.sorties * recovery / (recovery + level.fatigue_per_day))
    assert yields == sorted(yields)
    assert yields[2] > 1.3 * yields[1]


def test_covers_add_like_chances() -> None:
    """What the site's cover lets through the level's watch may still stop."""
    spec = with_overrides(
        Scenario(),
        {"worksites.counter_drone": 0.5, "alert.levels.emergency.counter_drone": 0.2},
    )
    assert drone_cover(spec, spec.alert.levels.emergency) == pytest.approx(0.6)


def test_who_is_not_on_leave_is_present() -> None:
    """Of 60 with a fifth on leave 48."""
    assert present(Scenario().posts, Level(leave=0.2)) == 48


def test_shelter_costs_the_share_of_work() -> None:
    """Three fifths kept inside at half a day's work each: three tenths."""
    spec = with_overrides(Scenario(), {"worksites.shelter_work": 0.5})
    assert work_lost(spec, Level(exposed=0.4)) == pytest.approx(0.3)
