"""Support: what it means that the model can do what was reported, and how often it does."""

import pytest

import sim
from sim.calibrate.support import at_least_as_grave, events, garwood, stated, support, support_of
from sim.errors import StoreError
from sim.incidents.records import Incident
from sim.incidents.seeds import ObservedIncident, read_incidents

BASELINE = sim.load("baseline")


def row(**said):
    """A row that tells of a party of three that died to the last, late and by night."""
    told = {
        "identity": "R", "kind": "infiltration_then_clash", "origin": "search", "best_row": True,
        "prior_only": False, "night": True, "group_size": 3, "killed_guards": 2,
        "killed_intruders": 3, "wounded_guards": 2, "escaped": 0, "delay_hours": 11.75,
    }  # fmt: skip
    return ObservedIncident(**(told | said))


def incident(kind="infiltration_then_clash", name="cell 1/plan/7", **said):
    """What the row tells of, as a simulated incident: crossed at 23:30, met 11.75 h later."""
    told = {
        "identity": f"{name}/{kind}", "kind": kind, "actor": "militants", "clash": True,
        "district": "vanj", "km": 700.0, "at": 100.0 + 11.25 / 24.0, "crossed_at": 99.979,
        "detected_at": None, "cue": None, "alarm_at": None, "contact_at": 100.0 + 11.25 / 24.0,
        "group_size": 3, "killed_guards": 2, "killed_militants": 3, "wounded_guards": 2,
    }  # fmt: skip
    return Incident(**(told | said))


def event(*incidents):
    """The one event that they make."""
    (found,) = events(incidents, BASELINE)
    return found


def test_an_event_like_the_row_is_at_least_as_grave() -> None:
    """What equals a row in every respect counts, and so does what exceeds it."""
    assert at_least_as_grave(event(incident()), row())
    worse = incident(group_size=4, killed_militants=4, killed_guards=5, wounded_guards=3)
    assert at_least_as_grave(event(worse), row())


@pytest.mark.parametrize(
    "less",
    [
        {"killed_guards": 1},
        {"killed_militants": 2, "detained": 1},
        {"wounded_guards": 1},
        {"group_size": 2, "killed_militants": 2},
        {"crossed_at": 100.0},
        {"crossed_at": 99.5, "at": 100.5},
        {"escaped": 1, "group_size": 4},
        {"kind": "infiltration_then_post_attack"},
    ],
    ids=["guards", "intruders", "wounded", "size", "delay", "day", "escaped", "kind"],
)
def test_less_in_one_respect_is_less(less: dict[str, object]) -> None:
    """An event that falls short of one thing that the row states does not count."""
    assert not at_least_as_grave(event(incident(**less)), row())


def test_a_large_party_that_lost_a_few_does_not_stand_for_one_that_died_to_the_last() -> None:
    """The share that died counts beside the number, where the row tells both."""
    large = event(incident(group_size=20, killed_militants=3, detained=17))
    assert not at_least_as_grave(large, row())
    assert at_least_as_grave(large, row(group_size=None))


def test_a_worse_fate_stands_for_a_lesser_one() -> None:
    """A dead guard for a wounded one, a dead intruder for a detained one, and never the reverse."""
    asked = row(group_size=4, killed_intruders=3, detained=1, escaped=None)
    all_dead = incident(group_size=4, killed_militants=4, killed_guards=4, wounded_guards=0)
    assert at_least_as_grave(event(all_dead), asked)
    fewer = incident(group_size=4, killed_militants=2, detained=2, killed_guards=4)
    assert not at_least_as_grave(event(fewer), asked)
    away = row(group_size=4, killed_intruders=3, escaped=1)
    assert at_least_as_grave(event(incident(group_size=4, detained=1)), away)
    assert not at_least_as_grave(event(incident(group_size=4, killed_militants=3)), away)


def test_what_a_row_leaves_open_is_not_asked_for() -> None:
    """A row that states nothing is reached by every event of its kind, and by no other."""
    silent = row(night=None, delay_hours=None, **dict.fromkeys(stated(row()).keys() - {"hours"}))
    assert at_least_as_grave(event(incident(at=100.5, crossed_at=100.5)), silent)
    assert not at_least_as_grave(event(incident("armed_attack_on_workers")), silent)


def test_a_raid_and_the_meeting_after_it_are_one_event() -> None:
    """Dead add up over an operation, and its hours are those to the incident of each kind."""
    raid = incident("infiltration_then_post_attack", at=103.0, contact_at=None, group_size=20,
                    killed_militants=9, killed_guards=1, escaped=11)  # fmt: skip
    met = incident(at=103.2, group_size=11, killed_militants=6, killed_guards=1, detained=5)
    other = incident(name="cell 2/plan/1", killed_guards=50)
    asked = row(kind="infiltration_then_post_attack", group_size=20, killed_intruders=15,
                detained=5, delay_hours_low=48.0, wounded_guards=4)  # fmt: skip
    whole = next(each for each in events([met, other, raid], BASELINE) if len(each.hours) == 2)
    assert at_least_as_grave(whole, asked)
    assert not at_least_as_grave(event(raid), asked)


def test_a_local_who_was_hurt_at_a_worksite_is_one_of_its_people() -> None:
    """Rows tell workers and villagers apart, where the model may call the same man a worker."""
    asked = row(kind="drone_attack_on_workers", killed_guards=None, killed_intruders=None,
                wounded_guards=None, group_size=None, escaped=None, delay_hours=None,
                wounded_workers=4, wounded_villagers=1)  # fmt: skip
    struck = {"kind": "drone_attack_on_workers", "crossed_at": None, "killed_militants": 0,
              "group_size": 0, "at": 100.0}  # fmt: skip
    assert at_least_as_grave(event(incident(**struck, wounded_workers_other=5)), asked)
    assert not at_least_as_grave(event(incident(**struck, wounded_workers_other=4)), asked)


def test_every_row_of_a_kind_that_the_model_has_is_asked_for() -> None:
    """Clashes between the two states' units are left out, and nothing else."""
    rows = read_incidents()
    asked = {found.row.identity for found in support(rows, [[]], 365.0)}
    assert asked == {r.identity for r in rows if r.kind != "state_clash_river_dispute"}


def test_a_frequency_is_of_years_and_its_interval_is_exact() -> None:
    """0 and 10 events: 0 to 3.69 and 4.80 to 18.39, over the time (Garwood 1936)."""
    assert garwood(0, 2.0) == pytest.approx((0.0, 3.689 / 2.0), rel=1e-3)
    assert garwood(10, 1.0) == pytest.approx((4.795, 18.39), rel=1e-3)
    (found,) = support([row()], [[event(incident())], [], [], []], 730.0)
    assert (found.seen, found.years, found.per_year) == (1, 8.0, 0.125)


def test_a_world_in_which_a_row_cannot_happen_shows(tmp_path) -> None:
    """Without cells there are no infiltrations: only rows without militants are seen."""
    world = sim.load("baseline", {"cells.count": 0, "days": 73.0})
    store = sim.run_batch(world, 5, tmp_path / "s", executor="serial", incidents=True)
    found = {s.row.identity: s for s in support_of(store, world.name, read_incidents())}
    assert found["E1"].seen == 0
    assert found["E1"].years == pytest.approx(1.0)
    assert found["E1"].high == pytest.approx(3.689, rel=1e-3)
    assert found["H6"].seen > 0


def test_runs_in_which_nothing_happened_are_years_too(tmp_path) -> None:
    """Runs without incidents count as years."""
    world = sim.load("baseline", {"cells.count": 0, "smugglers.loads_per_year": 0, "days": 73.0})
    store = sim.run_batch(world, 5, tmp_path / "s", executor="serial", incidents=True)
    assert {s.years for s in support_of(store, world.name, read_incidents())} == {1.0}


def test_a_store_without_incidents_is_refused(tmp_path) -> None:
    """The message says what a store would have to keep."""
    store = sim.run_batch(sim.load("baseline", {"days": 1.0}), 1, tmp_path / "s", executor="serial")
    with pytest.raises(StoreError, match="does not keep incidents"):
        support_of(store, "baseline", read_incidents())


MANY_PLANS = {
    "cells.count": 40, "cells.plans_per_year": 8.0, "cells.recruits_per_year": 400.0,
    "cells.branching": 0.0, "smugglers.loads_per_year": 0.0, "regimes.plans_spread": 0.0,
}  # fmt: skip
MANY_LOADS = {"cells.count": 0, "smugglers.loads_per_year": 10_000.0, "regimes.flow_spread": 0.0}


HARDLY = {
    "E9": "a party of three stays inside for five and a half days, and then dies to the last",
    "H2": "of twenty raiders nobody gets away: here they break off and are rarely run down",
    "H3": "twelve smugglers lose three and hurt five guards",
    "H11": "thirty smugglers kill two guards",
}
"""Rows that come once in a thousand of the baseline's years, or never (docs/limits.md)."""


@pytest.mark.slow
def test_the_model_can_do_what_was_reported_but_for_four_rows(tmp_path) -> None:
    """Every other row comes in years like the baseline's in all but how much is tried.

    More plans and more loads change how often something comes and hardly what may come: these
    years hold the plans of some thousands, and the loads of a thousand.
    """
    worlds = [
        sim.load("baseline", {"name": "plans", **MANY_PLANS}),
        sim.load("baseline", {"name": "loads", **MANY_LOADS}),
    ]
    store = sim.run_batch(worlds, 100, tmp_path / "s", posterior=None, incidents=True)
    rows = read_incidents()
    found = [support_of(store, world.name, rows) for world in worlds]
    seen = {each.row.identity for world in found for each in world if each.seen}
    assert {each.row.identity for each in found[0]} - seen <= HARDLY.keys()


@pytest.mark.slow
def test_large_groups_do_what_few_groups_do(tmp_path) -> None:
    """Where half of the groups have fifteen people, the rows of twelve and of thirty come."""
    large = {**MANY_LOADS, "smugglers.loads_per_year": 3_000.0, "smugglers.size_median": 15.0}
    world = sim.load("baseline", {"name": "large", **large})
    store = sim.run_batch(world, 20, tmp_path / "s", posterior=None, incidents=True)
    seen = {
        each.row.identity for each in support_of(store, world.name, read_incidents()) if each.seen
    }
    assert {"H3", "H11"} <= seen
