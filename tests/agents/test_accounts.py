"""What the guarding side spends, against figures worked out by hand."""

import pytest
from quiet_worlds import cross, exposed_for, world

from sim.incidents.records import Incident
from sim.model import BorderModel

DAYS = 40.0
LENGTH_KM = 1340.0
FIXED: dict[str, object] = {
    "days": DAYS,
    "patrols.sorties_per_day": 3.0,
    "patrols.size": 5,
    "posts.guards_on_watch": 4,
    "teams.per_district": 2,
    "teams.on_call": 3,
    "technical.uav_hours_per_day": 1.5,
    "technical.camera_coverage": 0.1,
    "alert.level": "elevated",
    "alert.levels.elevated.sorties": 2.0,
    "alert.levels.elevated.watch": 1.2,
    "worksites.count": 7,
    "worksites.guards": 3,
    "worksites.p_advisory": 0.0,
}
BY_THE_DAY = (
    "watch_guard_hours", "patrol_guard_hours", "patrol_km", "sorties", "uav_hours",
    "camera_km_days", "on_call_guard_hours", "garrison_guard_hours", "site_guard_hours",
    "leave_days", "worker_days_sheltered", "drone_cover_site_days", "days_elevated",
)  # fmt: skip


def test_a_fixed_level_costs_what_it_says() -> None:
    """Guard-hours, sorties, kilometres, flying and cameras of 40 days at one level."""
    model = world(FIXED).run()
    spent = model.accounts()
    posts = len(model.posts)
    assert spent.at == DAYS
    assert spent.watch_guard_hours == pytest.approx(24.0 * 4 * posts * 1.2 * DAYS)
    assert spent.on_call_guard_hours == pytest.approx(24.0 * 3 * 26 * DAYS)
    assert spent.sorties == pytest.approx(posts * 6.0 * DAYS)
    assert spent.uav_hours == pytest.approx(1.5 * 1.2 * 13 * DAYS)
    assert spent.camera_km_days == pytest.approx(0.1 * 1.2 * LENGTH_KM * DAYS)
    # half of a post's sorties walk each half section out and back: together the line six times
    assert spent.patrol_km == pytest.approx(6.0 * LENGTH_KM * DAYS)
    walked = sum(
        3.0 * DAYS * 2.0 * beat.half_km / beat.stretch.day_speed
        for post in model.posts
        for beat in post.beats
    )
    assert spent.patrol_guard_hours == pytest.approx(24.0 * 5 * walked)
    assert (spent.team_hours, spent.air_hours, spent.reserve_team_days) == (0.0, 0.0, 0.0)
    assert spent.days_routine == 0.0
    assert spent.days_elevated == pytest.approx(DAYS)


LEVELLED: dict[str, object] = {
    **FIXED,
    "posts.people": 70,
    "posts.garrison": 16,
    "posts.guards_on_watch": 5,
    "posts.garrison_emphasis": {"panj": 2.0},
    "alert.levels.routine.leave": 0.2,
    "alert.levels.elevated.leave": 0.1,
    "alert.levels.elevated.garrison": 1.25,
    "alert.levels.elevated.site_guards": 2,
    "alert.levels.elevated.escorts": 1,
    "alert.levels.elevated.exposed": 0.6,
    "alert.levels.elevated.counter_drone": 0.5,
    "alert.levels.emergency.garrison": 1.0,
    "alert.levels.emergency.leave": 0.0,
    "alert.levels.emergency.exposed": 0.2,
    "worksites.escorts": 4,
    "worksites.counter_drone": 0.1,
    "worksites.shelter_work": 0.5,
}


def test_what_a_level_posts_and_spares_is_counted() -> None:
    """Garrisons besides the watch, guards of sites, leave, shelter and cover of 40 days.

    At a post 16 x 1.25 x 0.9 / 0.8 = 22.5, held to 22 guards, of which 5 x 1.2 = 6 stand on
    watch; in one district twice as many, 45.
    """
    model = world(LEVELLED).run()
    spent, posts = model.accounts(), len(model.posts)
    doubled = sum(post.sector.slug == "panj" for post in model.posts)
    assert doubled > 0
    beside = 16.0 * (posts - doubled) + 39.0 * doubled
    assert spent.garrison_guard_hours == pytest.approx(24.0 * DAYS * beside)
    assert spent.site_guard_hours == pytest.approx(24.0 * DAYS * 7 * (3 + 2 + 4 + 1))
    assert spent.leave_days == pytest.approx(DAYS * (posts + doubled) * 70 * 0.1)
    people = sum(site.headcount for site in model.worksites)
    assert spent.worker_days_sheltered == pytest.approx(DAYS * people * 0.4 * 0.5)
    assert spent.drone_cover_site_days == pytest.approx(DAYS * 7 * 0.55)


def test_more_on_watch_than_are_held_ready_hold_nobody_else() -> None:
    """A garrison smaller than the watch counts as none, never as fewer."""
    model = world({**FIXED, "posts.garrison": 1, "posts.guards_on_watch": 30}).run()
    assert model.accounts().garrison_guard_hours == 0.0


def test_each_level_is_counted_for_its_time() -> None:
    """Thirty days elevated and ten at emergency in one district: each by its own numbers."""
    model = world(LEVELLED)
    district = next(site.sector for site in model.worksites)
    sites = [site for site in model.worksites if site.sector is district]
    model.run_until(30.0)
    before = model.accounts()
    district.set_level(30.0, 3)
    spent = model.run().accounts()
    lost = (
        10.0
        * 0.5
        * sum(site.headcount * (0.8 if site in sites else 0.4) for site in model.worksites)
    )
    assert spent.worker_days_sheltered - before.worker_days_sheltered == pytest.approx(lost)
    here = sum(post.sector is district for post in model.posts)
    doubled = sum(post.sector.slug == "panj" != district.slug for post in model.posts)
    others = len(model.posts) - here + doubled
    leave = spent.leave_days - before.leave_days
    assert leave == pytest.approx(10.0 * others * 70 * 0.1)


def test_who_has_left_loses_no_work_to_shelter() -> None:
    """A site that is shut from day 10 on counts as sheltered for ten days, and shut for thirty."""
    rules = {**LEVELLED, "worksites.p_advisory": 1.0, "worksites.p_comply": 1.0,
             "worksites.closed_days": 3650.0, "worksites.advisory_reach_km": 1340.0}  # fmt: skip
    model = world(rules)
    model.run_until(10.0)
    model.announce(
        Incident("a", "drone_attack_on_workers", "militants", False, "panj", 230.0, 10.0, None,
                 10.0, "attack", None, None, 0, killed_workers_other=1)
    )  # fmt: skip
    spent = model.run().accounts()
    people = sum(site.headcount for site in model.worksites)
    assert not any(site.open for site in model.worksites)  # none opens again within the run
    assert spent.worker_days_sheltered == pytest.approx(10.0 * people * 0.4 * 0.5)
    assert spent.worker_days_lost == pytest.approx(30.0 * people)


def test_half_of_the_time_costs_half() -> None:
    """Under a fixed level all efforts are in proportion to time."""
    model = world(FIXED)
    model.run_until(DAYS / 2.0)
    half = model.accounts()._asdict()
    model.run()
    whole = model.accounts()._asdict()
    for name in BY_THE_DAY:
        assert whole[name] == pytest.approx(2.0 * half[name])


def test_levels_are_counted_by_the_length_of_their_districts() -> None:
    """One district at emergency for a quarter of the time: its share of the line in days."""
    model = world({"days": DAYS})
    district = model.sectors[6]
    model.run_until(30.0)
    district.set_level(30.0, 3)
    model.run()
    spent = model.accounts()
    assert spent.days_emergency == pytest.approx(10.0 * district.length_km / LENGTH_KM)
    assert spent.days_routine + spent.days_emergency == pytest.approx(DAYS)


def test_missions_are_counted_as_they_happen() -> None:
    """Two hours of flight each way, three of search: seven team-hours and four in the air."""
    model = world(
        {
            "days": DAYS,
            "teams.per_district": 1,
            "teams.mobilisation_hours": 0.0,
            "teams.air_mobility": 1.0,
            "teams.air_speed_km_h": 20.0,
            "teams.reach_hours": 240.0,
            "false_alarms.search_hours": 3.0,
        }
    )
    base = model.dispatch.teams[0].km
    model.run_until(5.0)
    model.dispatch.teams[1:] = []
    model.dispatch.false_alarm("x", model.sectors[0], base + 40.0)
    model.run_until(5.0 + 3.0 / 24.0)
    assert model.accounts().team_hours == pytest.approx(3.0)  # still out
    model.run()
    assert model.accounts().team_hours == pytest.approx(7.0)
    assert model.accounts().air_hours == pytest.approx(4.0)


def test_lost_work_is_headcount_times_days_shut() -> None:
    """Only days within the run so far count."""
    model = world(
        {
            "days": DAYS,
            "worksites.count": 5,
            "worksites.p_advisory": 1.0,
            "worksites.p_comply": 1.0,
            "worksites.closed_days": 3650.0,
            "worksites.advisory_reach_km": 1340.0,
        }
    )
    model.run_until(10.0)
    model.announce(
        Incident("a", "drone_attack_on_workers", "militants", False, "panj", 230.0, 10.0, None,
                 10.0, "attack", None, None, 0, killed_workers_other=1)
    )  # fmt: skip
    people = sum(site.headcount for site in model.worksites)
    model.run_until(15.0)
    assert model.accounts().worker_days_lost == pytest.approx(5.0 * people)
    assert model.accounts().site_closures == 5


@pytest.mark.parametrize("works", [0.0, 1.0])
def test_the_joint_mechanism_is_paid_every_day(works: float) -> None:
    """Whether its terms work or not, up to now and no further."""
    model = world(
        {"days": DAYS, "diplomacy.joint_mechanism": True, "diplomacy.joint_term_days": 15.0,
         "diplomacy.joint_p_success": works}
    )  # fmt: skip
    model.run_until(22.0)
    assert model.accounts().joint_days == pytest.approx(22.0)
    model.run()
    assert model.accounts().joint_days == pytest.approx(DAYS)


def test_reserves_are_paid_for_being_there() -> None:
    """Team-days of reserves, and their people on call."""
    model = world({"days": DAYS, "teams.reserve": 3, "teams.on_call": 2}).run()
    assert model.accounts().reserve_team_days == 3 * DAYS
    assert model.accounts().on_call_guard_hours == pytest.approx(24.0 * 2 * 3 * DAYS)


def test_to_settle_changes_nothing() -> None:
    """A run that is settled every day ends with the fingerprint of one that is not."""
    rules: dict[str, object] = {
        **FIXED,
        **exposed_for(1.0),
        "smugglers.loads_per_year": 2000.0,
        "false_alarms.per_100_km_year": 200.0,
        "readiness.effect_on_sighting": 1.0,
        "posts.p_watch": 0.5,
    }
    left_alone, watched = world(rules), world(rules)
    while watched.time < DAYS:
        watched.run_for(1.0)
        watched.accounts()
        watched.outcomes()
    assert watched.fingerprint() == left_alone.run().fingerprint()


def test_an_unrun_model_has_spent_nothing() -> None:
    """At time 0 everything is 0 but readiness, which is that of the start."""
    model: BorderModel = world({**FIXED, "readiness.start": 0.7})
    spent = model.accounts()._asdict()
    assert (spent.pop("mean_readiness"), spent.pop("lowest_readiness")) == (0.7, 0.7)
    assert set(spent.values()) == {0}
    cross(model, "w", 300.0)
    assert model.accounts().team_hours == 0.0


def test_each_time_is_accounted_by_the_scenario_that_held() -> None:
    """Ten days of one and thirty of the other cost what they would cost alone."""
    other: dict[str, object] = {
        "patrols.sorties_per_day": 6.0,
        "patrols.size": 9,
        "patrols.off_path_factor": 1.2,
        "posts.guards_on_watch": 8,
        "posts.people": 300,
        "posts.garrison": 60,
        "alert.levels.elevated.leave": 0.1,
        "alert.levels.elevated.escorts": 5,
        "alert.levels.elevated.exposed": 0.5,
        "teams.on_call": 5,
        "technical.uav_hours_per_day": 3.0,
        "technical.camera_coverage": 0.4,
        "alert.levels.elevated.watch": 2.0,
        "worksites.hardening": 0.8,
        "worksites.counter_drone": 0.9,
        "worksites.guards": 9,
        "worksites.shelter_work": 0.9,
        "tips.programme": 1.0,
    }
    first, second = world(FIXED).run(), world({**FIXED, **other}).run()
    forked = world(FIXED)
    forked.run_until(10.0)
    forked.change(other)
    before, after, both = first.accounts(), second.accounts(), forked.run().accounts()
    for name in BY_THE_DAY:
        parts = 0.25 * getattr(before, name) + 0.75 * getattr(after, name)
        assert getattr(both, name) == pytest.approx(parts)
    costs = [model.outcomes()["cost_usd"] or 0.0 for model in (first, second, forked)]
    assert costs[2] == pytest.approx(0.25 * costs[0] + 0.75 * costs[1])
    assert costs[1] > 1.5 * costs[0]
