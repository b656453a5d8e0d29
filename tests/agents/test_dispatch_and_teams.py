"""Alarms and teams: queues, reach, the race with a group that leaves, and what is lost."""

from collections import Counter
from math import exp

import pytest
from quiet_worlds import LIMIT, Walker, cross, exposed_for, world, z_mean, z_share

from sim.agents.dispatch import Dispatch
from sim.incidents.records import Alarm
from sim.model import BorderModel
from sim.theory.queues import erlang_b

HOURS = 24.0
AT_ONCE: dict[str, object] = {
    "teams.mobilisation_hours": 0.0,
    "teams.air_mobility": 1.0,
    "teams.air_speed_km_h": 400.0,
}


def false_alarm(model: BorderModel, at: float, km: float, name: str) -> None:
    """Plan a false alarm."""

    def ring() -> None:
        model.dispatch.false_alarm(name, model.sector_at(km), km)

    model.agenda.at(at, ring, key=name)


def alarms(model: BorderModel) -> dict[str, Alarm]:
    """Alarms by identity, once the run is over."""
    model.run()
    return {alarm.identity: alarm for alarm in model.log[Alarm]}


# -- queues -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("teams", "load", "wrong"), [(1, 0.8, 1.12), (2, 1.5, 1.2), (3, 2.0, 1.25)]
)
def test_alarms_that_do_not_wait_are_lost_as_erlang_says(
    teams: int, load: float, wrong: float
) -> None:
    """Poisson alarms, patience 0: the share unanswered is Erlang's B of (teams, load).

    A mission keeps a team for its exponential turn-out and a fixed search; only the mean
    counts. Four districts out of each other's reach and 800 days give 5,000 to 13,000 alarms;
    lost ones cluster, so the standard error is that of batches of 10 days.
    """
    search, turn_out = 9.0, 3.0
    busy_days = (search + turn_out) / HOURS
    model = world(
        {
            "days": 900.0,
            "teams.per_district": teams,
            "teams.mobilisation_hours": turn_out,
            "false_alarms.search_hours": search,
            "teams.patience_hours": 0.0,
            "teams.reach_hours": 1.0,
        }
    )
    slugs = ("panj", "vanj", "murghob", "qubodiyon")
    batches: Counter[tuple[str, int]] = Counter()
    lost: Counter[tuple[str, int]] = Counter()
    for slug in slugs:
        draw = model.draws.of(f"stream/{slug}")
        team = next(t for t in model.dispatch.teams if slug in t.identity)
        at = 0.0
        for n in range(int(800 * load / busy_days)):
            at += draw.exponential("gap", busy_days / load, n)
            false_alarm(model, at, team.km, f"{slug}/{n}")
    for same in model.dispatch.teams:  # all of a district stand at one base: no time on the way
        same.km = next(t.km for t in model.dispatch.teams if t.identity[:-1] == same.identity[:-1])
    for alarm in alarms(model).values():
        key = (alarm.identity.split("/")[0], int(alarm.at // 10.0))
        batches[key] += 1
        lost[key] += alarm.fate == "unanswered"
    counted = [key for key in batches if key[1] < 75]
    expected = erlang_b(teams, load)
    excess = [lost[key] - expected * batches[key] for key in counted]
    assert abs(z_mean(excess, 0.0)) < LIMIT
    shifted = [lost[key] - wrong * expected * batches[key] for key in counted]
    assert abs(z_mean(shifted, 0.0)) > LIMIT  # a wrong theory fails


def one_team(changes: dict[str, object] | None = None) -> BorderModel:
    """A model with one team in each district that is there at once and searches for 3 h."""
    return world(
        {
            "days": 30.0,
            "teams.per_district": 1,
            "teams.mobilisation_hours": 0.0,
            "teams.reach_hours": 1.0,
            "teams.patience_hours": 100.0,
            "false_alarms.search_hours": 3.0,
            **(changes or {}),
        }
    )


def base(model: BorderModel, slug: str) -> float:
    """Where the team of a district stands."""
    return next(t.km for t in model.dispatch.teams if slug in t.identity)


def test_the_oldest_alarm_is_answered_first() -> None:
    """Three alarms at one place: served in their order, each as soon as the team is home."""
    model = one_team()
    for name, at in (("c", 5.02), ("a", 5.0), ("b", 5.01)):
        false_alarm(model, at, base(model, "panj"), name)
    rows = alarms(model)
    arrivals = {name: rows[name].arrived_at for name in "abc"}
    assert arrivals == pytest.approx({"a": 5.0, "b": 5.125, "c": 5.25})
    assert {row.fate for row in rows.values()} == {"answered"}


def test_patience_ends() -> None:
    """An alarm that finds no team within two hours is given up; the next one is not harmed."""
    model = one_team({"teams.patience_hours": 2.0})
    km = base(model, "panj")
    for name, at in (("a", 5.0), ("b", 5.01), ("c", 5.06)):
        false_alarm(model, at, km, name)
    rows = alarms(model)
    assert {name: rows[name].fate for name in "abc"} == {
        "a": "answered",
        "b": "unanswered",
        "c": "answered",
    }
    assert rows["c"].arrived_at == pytest.approx(5.125)
    assert (rows["b"].team, rows["b"].arrived_at) == (None, None)


def test_the_nearest_free_team_goes() -> None:
    """The nearer of two; when it is out, the farther one; when both are out, none."""
    model = one_team(
        {"teams.per_district": 2, "teams.reach_hours": 240.0, "teams.patience_hours": 0.0}
    )
    near, far = (t for t in model.dispatch.teams if "murghob" in t.identity)
    model.dispatch.teams[:] = [far, near]
    km = near.km + 0.2 * (far.km - near.km)
    for name, at in (("a", 5.0), ("b", 5.001), ("c", 5.002)):
        false_alarm(model, at, km, name)
    rows = alarms(model)
    assert [rows[name].team for name in "abc"] == [near.identity, far.identity, None]


def test_beyond_reach_nobody_is_sent() -> None:
    """Travel of more than the longest allowed: unanswered at once, though the team is free."""
    model = one_team({"teams.reach_hours": 1.0})
    for team in model.dispatch.teams:
        team.km = 0.0
    speed = model.spec.teams.road_speed_km_h.lowland
    false_alarm(model, 5.0, speed - 1.0, "near")
    false_alarm(model, 6.0, speed + 1.0, "far")
    rows = alarms(model)
    assert (rows["near"].fate, rows["far"].fate) == ("answered", "unanswered")


def test_the_way_of_a_team() -> None:
    """By road at the terrain's speed, slower by night; home again in the same time."""
    model = one_team({"teams.night_speed_factor": 0.5})
    team = next(t for t in model.dispatch.teams if "qubodiyon" in t.identity)
    km = team.km + 9.0
    day, night = 5.5, 10.9
    false_alarm(model, day, km, "day")
    false_alarm(model, night, km, "night")
    speed = model.spec.teams.road_speed_km_h.lowland
    model.run_until(day + 4.5 / speed / HOURS)
    assert team.position()[0] == pytest.approx(team.km + 4.5)
    rows = alarms(model)
    by_day, by_night = rows["day"], rows["night"]
    assert by_day.arrived_at == pytest.approx(day + 9.0 / speed / HOURS)
    assert by_night.arrived_at == pytest.approx(night + 18.0 / speed / HOURS)
    assert by_day.released_at == pytest.approx(day + 9.0 / speed / HOURS + 3.0 / HOURS)
    assert team.hours_out == pytest.approx(3.0 + 18.0 / speed + 3.0 + 36.0 / speed)
    assert team.position() == (team.km, 0.0)
    assert team.free


def test_the_helicopter_flies_both_ways() -> None:
    """With air mobility the distance is flown; hours in the air are counted there and back."""
    model = one_team({"teams.air_mobility": 1.0, "teams.air_speed_km_h": 160.0})
    team = next(t for t in model.dispatch.teams if "qubodiyon" in t.identity)
    false_alarm(model, 5.5, team.km + 16.0, "a")
    rows = alarms(model)
    assert rows["a"].arrived_at == pytest.approx(5.5 + 0.1 / HOURS)
    assert team.hours_flown == pytest.approx(0.2)


def test_turning_out_takes_its_exponential_time() -> None:
    """Mean mobilisation times the level's factor, from 2,000 alarms."""
    model = one_team(
        {
            "teams.mobilisation_hours": 2.0,
            "alert.levels.routine.mobilisation": 0.5,
            "false_alarms.search_hours": 0.0,
            "days": 2500.0,
        }
    )
    for n in range(2000):
        false_alarm(model, 1.0 + n, base(model, "panj"), f"a{n}")
    hours = [HOURS * ((a.arrived_at or 0.0) - a.at) for a in alarms(model).values()]
    assert abs(z_mean(hours, 1.0)) < LIMIT
    assert abs(z_mean(hours, 1.3)) > LIMIT


# -- lost and late alarms -----------------------------------------------------------------


def test_alarms_are_lost_and_late_with_their_chances() -> None:
    """Lost 0.3; of the rest 0.4 come late, by 2 h on average; only the heard are answered."""
    model = one_team(
        {
            "communications.p_lost": 0.3,
            "communications.p_late": 0.4,
            "communications.late_hours": 2.0,
            "false_alarms.search_hours": 0.0,
            "days": 6010.0,
        }
    )
    for n in range(6000):
        false_alarm(model, 1.0 + n, base(model, "panj"), f"a{n}")
    rows = list(alarms(model).values())
    lost = [row for row in rows if row.fate == "lost"]
    heard = [row for row in rows if row.heard_at is not None]
    late = [HOURS * wait for row in heard if (wait := (row.heard_at or 0.0) - row.at) > 0.0]
    assert len(lost) + len(heard) == 6000
    assert abs(z_share(len(lost), 6000, 0.3)) < LIMIT
    assert abs(z_share(len(late), len(heard), 0.4)) < LIMIT
    assert abs(z_share(len(late), len(heard), 0.44)) > LIMIT
    assert abs(z_mean(late, 2.0)) < LIMIT
    assert all(row.team is None for row in lost)
    assert {row.fate for row in heard} == {"answered"}


# -- the race -----------------------------------------------------------------------------


def race(
    changes: dict[str, object], stay_days: float, n: int = 3000
) -> tuple[list[Walker], BorderModel]:
    """Groups noticed at once by cameras, each with a team at the place from the start."""
    model = world(
        {
            **exposed_for(0.05),
            **AT_ONCE,
            "days": 3.0 * n + 10.0,
            "teams.per_district": 1,
            "teams.patience_hours": 0.0,
            "technical.camera_coverage": 1.0,
            "technical.p_camera": 1.0,
            "teams.search_hours": 1000.0 if "teams.search_hours" not in changes else 1.0,
            **changes,
        }
    )
    walkers: list[Walker] = []
    km = base(model, "panj")

    def go(number: int) -> None:
        walkers.append(cross(model, f"w{number}", km, stay_days))

    for number in range(n):
        model.agenda.at(1.0 + 3.0 * number, go, number)
    return walkers, model


def test_a_fixed_stay_is_an_exponential_search() -> None:
    """Search at hazard k while the group stays d after the alarm: P = 1 - E exp(-k d).

    The alarm comes at an even instant of the 0.05 h in the open, the group leaves 4 h after
    that; with k = 0.4/h the mean over the instant is (1 - exp(-k 0.05)) / (k 0.05).
    """
    walkers, model = race({"teams.contact_rate": 0.4, "teams.search_hours": 20.0}, 4.0 / HOURS)
    model.run()
    met = sum(w.met_at is not None for w in walkers)
    in_the_open = (1.0 - exp(-0.4 * 0.05)) / (0.4 * 0.05)
    p = 1.0 - exp(-0.4 * 4.0) * in_the_open
    assert abs(z_share(met, len(walkers), p)) < LIMIT
    assert abs(z_share(met, len(walkers), 0.95 * p)) > LIMIT  # a wrong theory fails
    assert {w.met_by for w in walkers} == {0, model.spec.teams.size}


def test_a_delayed_team_has_the_rest_of_the_stay() -> None:
    """Turn-out exponential at rate m against search hazard k over a stay d: the closed form.

    Contact at the sum of two exponential times before the group leaves:
    P = 1 - (m e^(-k d) - k e^(-m d)) / (m - k).
    """
    k, m, stay = 0.5, 1.0, 5.0
    walkers, model = race(
        {
            "teams.contact_rate": k,
            "teams.mobilisation_hours": 1.0 / m,
            "teams.search_hours": 30.0,
        },
        stay / HOURS,
    )
    model.run()
    met = sum(w.met_at is not None for w in walkers)
    late = stay + 0.025  # the alarm comes in the middle of the 0.05 h in the open on average
    p = 1.0 - (m * exp(-k * late) - k * exp(-m * late)) / (m - k)
    assert abs(z_share(met, len(walkers), p)) < LIMIT
    assert abs(z_share(met, len(walkers), 0.95 * p)) > LIMIT


def test_the_longest_search_ends_the_race() -> None:
    """A team gives up after its search: P = 1 - exp(-k search), though the group stays for days."""
    walkers, model = race({"teams.contact_rate": 0.6, "teams.search_hours": 2.5}, 2.0)
    rows = alarms(model)
    met = sum(w.met_at is not None for w in walkers)
    assert abs(z_share(met, len(walkers), 1.0 - exp(-0.6 * 2.5))) < LIMIT
    for w in walkers:
        alarm = rows[f"{w.identity}/camera"]
        kept = HOURS * ((alarm.released_at or 0.0) - (alarm.arrived_at or 0.0))
        if w.met_at is None:
            assert kept == pytest.approx(2.5)
        else:
            after = HOURS * ((alarm.released_at or 0.0) - w.met_at)
            assert after == pytest.approx(model.spec.teams.aftermath_hours)


def test_no_hazard_no_contact() -> None:
    """A team that cannot find comes home empty-handed."""
    walkers, model = race({"teams.contact_rate": 0.0}, 1.0, n=50)
    model.run()
    assert all(w.met_at is None for w in walkers)


def test_a_lost_alarm_is_no_response() -> None:
    """Noticed, but nobody hears: detected, never met."""
    walkers, model = race({"communications.p_lost": 1.0, "teams.contact_rate": 9.0}, 1.0, n=50)
    rows = alarms(model)
    assert {row.fate for row in rows.values()} == {"lost"}
    assert all(w.passage.detected_at is not None and w.met_at is None for w in walkers)


def test_what_is_open_at_the_end_is_written_as_open() -> None:
    """An alarm that waits, one on its way and one still travelling: three open rows."""
    model = one_team({"days": 5.1, "communications.late_hours": 72.0})
    km = base(model, "panj")
    false_alarm(model, 5.05, km, "under way")
    false_alarm(model, 5.06, km, "waits")
    rows = alarms(model)
    assert {row.fate for row in rows.values()} == {"open"}
    assert set(rows) == {"under way", "waits"}


def test_a_team_that_comes_home_takes_only_what_it_can_reach() -> None:
    """Two districts, each with an alarm that waits: each team answers its own."""
    model = one_team()
    for slug in ("qubodiyon", "murghob"):
        for n in range(2):
            false_alarm(model, 5.0 + 0.001 * n, base(model, slug), f"{slug}{n}")
    rows = alarms(model)
    assert all(name[:-1] in (row.team or "") for name, row in rows.items())


def test_dispatch_without_teams_answers_nothing() -> None:
    """No team anywhere: every alarm is unanswered at once."""
    model = world({"days": 20.0})
    assert isinstance(model.dispatch, Dispatch)
    false_alarm(model, 5.0, 300.0, "a")
    rows = alarms(model)
    assert (rows["a"].fate, rows["a"].heard_at) == ("unanswered", 5.0)
