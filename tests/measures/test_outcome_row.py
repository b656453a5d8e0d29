"""From a log to the outcome row and to the rows of the districts."""

import math
from statistics import median
from typing import Any

import pytest

from sim.engine.records import Log
from sim.frontier.ground import Ground
from sim.incidents.kinds import CUES, ENDINGS, INCIDENTS
from sim.incidents.records import (
    SIDES,
    Accounts,
    Alarm,
    Crossing,
    DiplomaticAct,
    Ending,
    Incident,
)
from sim.measures.guards import price
from sim.measures.registry import BY_DISTRICT, district_rows, outcome_row, outcomes_on
from sim.measures.run_view import RunView
from sim.model import BorderModel
from sim.scenario.spec import Scenario
from sim.scenario.values import with_overrides

SHIPPED = outcomes_on(Ground.default())

LAND = Ground.default()

NOTHING = Accounts(**dict.fromkeys(Accounts._fields, 0))._replace(at=365.0)
GROUPS = (
    "people",
    "expected",
    "incidents",
    "flow",
    "detection",
    "response",
    "worksites",
    "alert",
    "cost",
)


def crossing(km: float = 230.0, **changes: Any) -> Crossing:
    """A crossing by smugglers."""
    place = LAND.slugs[LAND.district_at(km)]
    row = Crossing("c", "smugglers", place, km, 10.0, True, 1.0, 4, False,
                   40.0, None, None, None, "through", 11.0)  # fmt: skip
    return row._replace(**changes)


def incident(km: float = 230.0, at: float = 10.0, **changes: Any) -> Incident:
    """An interdiction of smugglers."""
    row = Incident(
        "i",
        "smuggling_interdiction",
        "smugglers",
        False,
        LAND.slugs[LAND.district_at(km)],
        km,
        at,
        9.0,
        9.5,
        "patrol",
        9.5,
        at,
        4,
    )
    return row._replace(**changes)  # fmt: skip


def alarm(**changes: Any) -> Alarm:
    """An alarm that was answered after two hours."""
    row = Alarm("a", "panj", 230.0, 10.0, "camera", "answered", "t", 10.0, 10.0 + 2.0 / 24, 10.5)
    return row._replace(**changes)


def row_of(*records: object, accounts: Accounts = NOTHING) -> dict[str, float | int | None]:
    """The outcome row of a log with these records."""
    log = Log()
    for record in records:
        log.add(record)  # type: ignore[arg-type]
    return outcome_row(RunView(log, accounts, Scenario()))


# -- the columns --------------------------------------------------------------------------


def test_outcomes_are_named_once_and_grouped() -> None:
    """Names are unique, groups come in order, each says what it is and how it is computed."""
    names = [outcome.name for outcome in SHIPPED]
    assert len(names) == len(set(names))
    assert tuple(dict.fromkeys(outcome.group for outcome in SHIPPED)) == GROUPS
    assert all(outcome.unit and outcome.label and outcome.formula for outcome in SHIPPED)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_run_has_every_outcome_in_order(seed: int) -> None:
    """The row of a run: the outcomes, in their order, numbers or None, never NaN or infinite."""
    row = BorderModel(with_overrides(Scenario(), {"days": 60.0}), seed).run().outcomes()
    assert list(row) == [outcome.name for outcome in SHIPPED]
    assert all(value is None or math.isfinite(value) for value in row.values())


def test_of_nothing_nothing_can_be_said() -> None:
    """Of an empty log: shares and delays are None, counts are 0."""
    row = row_of()
    unsaid = {name for name, value in row.items() if value is None}
    assert unsaid == {
        "hot_share",
        "night_share",
        "interdiction_share",
        "interdiction_share_known",
        "seized_khatlon_share",
        "delay_to_contact_h",
        "longest_delay_h",
        "escape_share",
        "alarm_to_arrival_h",
    }
    rest = {name: value for name, value in row.items() if value is not None and value != 0}
    assert set(rest) <= {"cost_usd"}


def test_a_world_without_threat_has_a_whole_row() -> None:
    """No groups, no cells, no teams: every outcome is there all the same."""
    changes = {"days": 3.0, "cells.count": 0, "smugglers.loads_per_year": 0.0}
    row = BorderModel(with_overrides(Scenario(), changes), 1).run().outcomes()
    assert list(row) == [outcome.name for outcome in SHIPPED]
    assert row["crossings"] == row["incidents"] == row["deaths"] == 0
    assert row["interdiction_share"] is None


# -- people and incidents -----------------------------------------------------------------


def test_harm_is_added_up_by_side() -> None:
    """Every side's dead and wounded, all dead, and those who are victims."""
    harm = {f"{what}_{side}": n + 1 for n, (what, side) in enumerate(
        (w, s) for w in ("killed", "wounded") for s in SIDES)}  # fmt: skip
    row = row_of(incident(**harm), incident(**harm), incident(detained=2, escaped=3))
    for side in SIDES:
        assert row[f"{side}_killed"] == 2 * harm[f"killed_{side}"]
        assert row[f"{side}_wounded"] == 2 * harm[f"wounded_{side}"]
    assert row["deaths"] == 2 * sum(harm[f"killed_{side}"] for side in SIDES)
    intruders = harm["killed_militants"] + harm["killed_smugglers"]
    assert row["victims"] == (row["deaths"] or 0) - 2 * intruders
    assert (row["detained"], row["escaped"]) == (2, 3)


def test_the_worst_35_days() -> None:
    """Calendar days, first and last included: day 0 to day 34, at whichever hours."""
    deadly = [incident(at=at, killed_guards=2) for at in (66.0, 0.9, 34.9, 30.0)]
    assert row_of(*deadly)["worst_35_days"] == 6
    assert row_of(*deadly, incident(at=64.5, killed_smugglers=5))["worst_35_days"] == 9
    apart = [incident(at=at, killed_villagers=1) for at in (0.9, 35.1, 70.0)]
    assert row_of(*apart)["worst_35_days"] == 1


def test_incidents_by_kind_true_and_reported() -> None:
    """Each kind is counted, and again if it was reported; the kinds add up to all."""
    rows = [incident(kind=kind, actor="militants", reported_at=11.0 if n % 2 else None)
            for n, kind in enumerate(INCIDENTS)]  # fmt: skip
    row = row_of(*rows, incident(clash=True, reported_at=12.0))
    for n, kind in enumerate(INCIDENTS):
        extra = kind == "smuggling_interdiction"
        assert row[kind] == 1 + extra
        assert row[f"{kind}_reported"] == n % 2 + extra
    assert row["incidents"] == len(INCIDENTS) + 1
    assert row["incidents_reported"] == len(INCIDENTS) // 2 + 1
    assert (row["clashes"], row["clashes_reported"]) == (1, 1)
    assert row["attacks"] == len(INCIDENTS)


def test_the_hot_district_holds_its_share_of_what_is_grave() -> None:
    """Attacks and deadly clashes count, quiet interdictions do not: two of three in one place."""
    grave = [incident(230.0, killed_guards=1), incident(231.0, actor="militants"),
             incident(430.0, killed_smugglers=1)]  # fmt: skip
    quiet = [incident(700.0) for _ in range(9)]
    assert row_of(*grave, *quiet)["hot_share"] == pytest.approx(2.0 / 3.0)


# -- flow, detection, response ------------------------------------------------------------


def test_flow_is_counted_by_actor_and_ending() -> None:
    """Ten crossings of either kind, by every ending."""
    endings = list(ENDINGS)
    smuggling = [crossing(ending=ending, detected_at=10.5, cue="patrol") for ending in endings]
    militants = [
        crossing(actor="militants", load_kg=0.0, ending="clash", contact_at=12.0),
        crossing(actor="militants", load_kg=0.0, ending="withdrew", night=False),
    ]
    row = row_of(*smuggling, *militants, crossing(430.0), incident(seized_kg=70.0),
                 incident(700.0, seized_kg=30.0, seized_arms=2))  # fmt: skip
    assert row["crossings"] == len(endings) + 3
    assert (row["crossings_smuggling"], row["crossings_infiltration"]) == (len(endings) + 1, 2)
    assert row["interdicted"] == 3
    assert row["turned_back"] == 1
    assert row["interdicted_infiltrations"] == 1
    assert row["night_share"] == pytest.approx((len(endings) + 2) / (len(endings) + 3))
    assert row["interdiction_share"] == pytest.approx(100.0 / (40.0 * (len(endings) + 1)))
    assert row["interdiction_share_known"] == pytest.approx(3.0 / len(endings))
    assert (row["seized_kg"], row["seized_arms"]) == (100.0, 2)
    assert row["seized_khatlon_share"] == pytest.approx(0.7)


def test_a_party_met_after_its_raid_was_not_stopped() -> None:
    """Infiltrations that guards met are those met before they struck."""
    met = crossing(actor="militants", contact_at=10.5, ending="clash")
    hunted = met._replace(contact_at=11.5, struck_at=11.0)
    row = row_of(met, hunted, crossing(actor="militants", struck_at=11.0))
    assert (row["crossings_infiltration"], row["interdicted_infiltrations"]) == (3, 1)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("actor", ["smugglers", "militants"])
def test_stopped_means_load_or_people_lost_or_attackers_met(ending: Ending, actor: str) -> None:
    """Load left, surrender or clash, of smugglers; of militants, that guards met them."""
    lost = actor == "smugglers" and ending in ("load_left", "surrendered", "clash")
    assert crossing(ending=ending, actor=actor).stopped == lost
    met = crossing(ending=ending, actor=actor, contact_at=12.0)
    assert met.stopped == (lost or actor == "militants")


def test_detection_by_cue_and_delay() -> None:
    """Each cue is counted once a crossing; delays are from crossing to contact, in hours."""
    rows = [crossing(detected_at=10.5, cue=cue, contact_at=10.0 + n / 24.0)
            for n, cue in enumerate(CUES, start=1)]  # fmt: skip
    row = row_of(*rows, crossing())
    assert row["detected"] == len(CUES)
    assert all(row[f"detected_by_{cue}"] == 1 for cue in CUES)
    assert row["delay_to_contact_h"] == pytest.approx(median(range(1, len(CUES) + 1)))
    assert row["longest_delay_h"] == pytest.approx(len(CUES))


def test_escape_share_is_of_smugglers_who_were_met() -> None:
    """Of clashes and arrests: three of eight; loads left behind and militants do not count."""
    row = row_of(
        incident(clash=True, escaped=3, detained=1),
        incident(detained=4),
        incident(escaped=4),
        incident(actor="militants", clash=True, escaped=4),
    )
    assert row["escape_share"] == pytest.approx(3.0 / 8.0)


def test_alarms_true_and_false() -> None:
    """What is behind an alarm, what became of it, and how long a team took."""
    row = row_of(
        alarm(),
        alarm(arrived_at=10.0 + 6.0 / 24.0, heard_at=10.01),
        alarm(fate="lost", heard_at=None, arrived_at=None, team=None),
        alarm(cue="false", fate="unanswered", arrived_at=None, team=None),
        alarm(cue="false", fate="open", arrived_at=None),
    )
    assert (row["alarms"], row["false_alarms"]) == (3, 2)
    assert (row["alarms_lost"], row["alarms_late"], row["alarms_unanswered"]) == (1, 1, 1)
    assert row["alarm_to_arrival_h"] == pytest.approx(4.0)


# -- cost ---------------------------------------------------------------------------------

PRICES = {
    "guard_hour": ("watch_guard_hours", 10.0),
    "patrol_km": ("patrol_km", 100.0),
    "team_hour": ("team_hours", 10.0),
    "air_hour": ("air_hours", 2.0),
    "uav_hour": ("uav_hours", 5.0),
    "camera_km_day": ("camera_km_days", 30.0),
    "reserve_team_day": ("reserve_team_days", 12.0),
    "worker_day": ("worker_days_lost", 50.0),
    "joint_mechanism_day": ("joint_days", 20.0),
}


def priced(accounts: Accounts = NOTHING, spec: Scenario | None = None, acts: int = 0) -> float:
    """The cost of the accounts and a number of demarches."""
    log = Log()
    for _ in range(acts):
        log.add(DiplomaticAct(1.0, "demarche", "nothing", None, None))
    return price(RunView(log, accounts, spec or Scenario()))


@pytest.mark.parametrize("name", PRICES)
def test_each_effort_has_its_price(name: str) -> None:
    """One more unit of an effort costs its price, and nothing else moves."""
    column, amount = PRICES[name]
    spec = Scenario()
    bare = priced()
    effort: dict[str, Any] = {column: amount}
    more = priced(NOTHING._replace(**effort))
    assert more - bare == pytest.approx(amount * getattr(spec.costs, name))


def test_guard_hours_cost_alike() -> None:
    """On watch, on patrol, on call, held ready at a post or at a worksite."""
    names = ("watch_guard_hours", "patrol_guard_hours", "on_call_guard_hours",
             "garrison_guard_hours", "site_guard_hours")  # fmt: skip
    efforts: list[dict[str, Any]] = [{name: 7.0} for name in names]
    costs = {priced(NOTHING._replace(**effort)) for effort in efforts}
    assert len(costs) == 1
    row = row_of(accounts=NOTHING._replace(watch_guard_hours=1.0, patrol_guard_hours=2.0,
                                           on_call_guard_hours=4.0))  # fmt: skip
    assert row["guard_hours"] == 7.0


def test_work_lost_costs_alike() -> None:
    """A day shut and a day's work lost to shelter."""
    shut, sheltered = (
        priced(NOTHING._replace(**effort)) - priced()
        for effort in ({"worker_days_lost": 9.0}, {"worker_days_sheltered": 9.0})
    )
    assert shut == pytest.approx(9.0 * Scenario().costs.worker_day)
    assert sheltered == shut


def test_cover_for_drones_is_paid_by_the_site_and_year() -> None:
    """Half of full cover at four sites for a year is that of two sites."""
    spent = NOTHING._replace(drone_cover_site_days=0.5 * 4 * 365.0)
    price_of_one = Scenario().costs.counter_drone_site_year
    assert priced(spent) - priced() == pytest.approx(2.0 * price_of_one)


def test_standing_programmes_are_paid_by_the_year() -> None:
    """Tips and walls at half intensity for two years, and three demarches."""
    spec = with_overrides(
        Scenario(),
        {
            "tips.programme": 0.5,
            "worksites.count": 10,
            "worksites.hardening": 0.5,
        },
    )
    costs = spec.costs
    expected = (
        2.0 * 0.5 * costs.tips_programme_year
        + 2.0 * 5.0 * costs.hardening_site_year
        + 3.0 * costs.demarche
    )
    assert priced(NOTHING._replace(at=730.0), spec, 3) == pytest.approx(expected)


def test_demarches_are_counted_and_joint_terms_are_not() -> None:
    """Acts of diplomacy: only demarches have a count."""
    row = row_of(DiplomaticAct(1.0, "demarche", "nothing", None, None),
                 DiplomaticAct(2.0, "joint_term", "success", 2.0, 92.0))  # fmt: skip
    assert row["demarches"] == 1


# -- districts ----------------------------------------------------------------------------


def test_districts_add_up_to_the_whole() -> None:
    """Thirteen rows in order whose columns sum to those of the outcome row."""
    model = BorderModel(with_overrides(Scenario(), {"days": 200.0}), 3).run()
    rows, whole = model.district_table(), model.outcomes()
    assert [row["district"] for row in rows] == [info.slug for info in LAND.districts]
    assert len(BY_DISTRICT) == 9
    for name in (outcome.name for outcome in BY_DISTRICT):
        assert sum(float(row[name] or 0) for row in rows) == pytest.approx(whole[name])
    assert whole["crossings"]


def test_an_empty_log_has_rows_of_zeros() -> None:
    """Every district is there, with nothing in it."""
    rows = district_rows(RunView(Log(), NOTHING, Scenario()))
    assert len(rows) == len(LAND.districts)
    assert all(value == 0 for row in rows for name, value in row.items() if name != "district")
