"""Effects of an alert level on base numbers: who is present, how people tire, what is covered."""

from sim.scenario.spec import Scenario
from sim.scenario.spec_guard import Level, Posts


def garrison(spec: Scenario, district: str, level: Level) -> int:
    """Guards able to fight at a post: garrison x emphasis x the level's ratio, adjusted for leave.

    ``posts.garrison`` holds at the leave of the routine level; with less leave more are present, in
    proportion. A district's emphasis multiplies the people and the garrison of its posts.
    """
    posts, usual = spec.posts, spec.alert.levels.routine.leave
    planned = posts.garrison * posts.garrison_emphasis.get(district, 1.0) * level.garrison
    return round(planned * (1.0 - level.leave) / (1.0 - usual))


def present(posts: Posts, level: Level) -> int:
    """People of a post who are not on leave."""
    return round(posts.people * (1.0 - level.leave))


def recovery_per_day(spec: Scenario, level: Level) -> float:
    """Rate at which rest restores readiness, per day; lower on less leave than at routine.

    ``recovery x (1 - effect x (1 - leave / leave of routine))``; where routine gives no leave,
    leave makes no difference.
    """
    rules, usual = spec.readiness, spec.alert.levels.routine.leave
    given = level.leave / usual if usual else 1.0
    return rules.recovery_per_day * (1.0 - rules.leave_effect * (1.0 - given))


def drone_cover(spec: Scenario, level: Level) -> float:
    """Chance that a drone at a site is stopped: by its own cover, or by the level's watch."""
    return 1.0 - (1.0 - spec.worksites.counter_drone) * (1.0 - level.counter_drone)


def work_lost(spec: Scenario, level: Level) -> float:
    """Share of a site's work that is lost to shelter."""
    return (1.0 - level.exposed) * spec.worksites.shelter_work
