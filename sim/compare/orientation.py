"""Which way is better, for each outcome, and what a sentence calls it."""

from typing import Final, Literal

Orientation = Literal["less", "more", "neutral"]
"""Whether less or more of it is better; ``neutral`` is told, but is neither better nor worse."""

LESS_IS_BETTER: Final = frozenset(
    {
        # people on the defended side; "deaths" counts everybody, and no death is a success
        "deaths", "victims", "worst_35_days",
        "guards_killed", "guards_wounded",
        "workers_chinese_killed", "workers_chinese_wounded",
        "workers_other_killed", "workers_other_wounded",
        "villagers_killed", "villagers_wounded",
        "escaped",
        # attacks that reached somebody
        "attacks", "infiltration_then_post_attack", "armed_attack_on_workers",
        "drone_attack_on_workers", "cross_border_fire_on_workers", "cross_border_fire",
        "armed_attack_on_village",
        # pressure on the line
        "crossings", "crossings_smuggling", "crossings_infiltration",
        # slowness and failure
        "delay_to_contact_h", "longest_delay_h", "escape_share",
        "false_alarms", "alarms_lost", "alarms_late", "alarms_unanswered", "alarm_to_arrival_h",
        # loss and effort
        "evacuations", "worker_days_lost",
        "guard_hours", "patrol_km", "team_hours", "air_hours", "uav_hours", "demarches", "cost_usd",
    }
)  # fmt: skip

MORE_IS_BETTER: Final = frozenset(
    {
        "interdicted", "interdicted_infiltrations", "interdiction_share",
        "interdiction_share_known", "turned_back", "seized_kg", "seized_arms",
        "detected", "mean_readiness", "lowest_readiness",
    }
)  # fmt: skip

NEUTRAL: Final = frozenset(
    {
        # harm to intruders is no aim, and what was detained depends on who came
        "militants_killed", "militants_wounded", "smugglers_killed", "smugglers_wounded",
        "detained",
        # a clash may be a success of the guards or of the other side
        "incidents", "clashes", "hot_share", "smuggling_interdiction", "infiltration_then_clash",
        # what is reported says as much about reporting as about the line
        "incidents_reported", "clashes_reported", "smuggling_interdiction_reported",
        "infiltration_then_clash_reported", "infiltration_then_post_attack_reported",
        "armed_attack_on_workers_reported", "drone_attack_on_workers_reported",
        "cross_border_fire_on_workers_reported", "cross_border_fire_reported",
        "armed_attack_on_village_reported",
        # how a thing came about, not whether
        "night_share", "seized_khatlon_share", "alarms",
        "detected_by_patrol", "detected_by_watch", "detected_by_camera", "detected_by_uav",
        "detected_by_sign", "detected_by_tip", "detected_by_attack",
        "days_routine", "days_elevated", "days_heightened", "days_emergency",
    }
)  # fmt: skip

HEADLINES: Final = {
    "victims": "victims",
    "deaths": "deaths on all sides",
    "guards_killed": "guards killed",
    "workers_chinese_killed": "Chinese workers killed",
    "workers_other_killed": "other workers killed",
    "villagers_killed": "villagers killed",
    "attacks": "attacks by militants",
    "interdiction_share": "smuggled weight stopped",
    "seized_kg": "kg seized",
    "alarm_to_arrival_h": "hours from alarm to arrival",
    "mean_readiness": "readiness",
    "worker_days_lost": "worker-days lost",
    "guard_hours": "guard-hours",
    "cost_usd": "USD of cost",
}
"""The outcomes shown when none is asked for, gravest first, and their names in a sentence."""

HARMS: Final = ("victims", "deaths", "guards_killed")
"""Outcomes of which the first that is there opens the verdict."""


_SINGULAR: Final = {"victims": "victim", "deaths": "death", "guards_killed": "guard killed"}


def orientation(outcome: str) -> Orientation:
    """Whether less or more of an outcome is better; an unknown one is neutral."""
    if outcome in LESS_IS_BETTER:
        return "less"
    return "more" if outcome in MORE_IS_BETTER else "neutral"


def noun(outcome: str) -> str:
    """The name of an outcome in a sentence, as in "1.8 fewer guards killed"."""
    if outcome in HEADLINES:
        return HEADLINES[outcome]
    from sim.outcomes import FIELDS

    return next((field.label for field in FIELDS if field.name == outcome), outcome)


def singular(outcome: str) -> str:
    """The name of one of an outcome, as in "2.1M USD per victim averted"."""
    return _SINGULAR.get(outcome, f"one of {noun(outcome)}")


def unit(outcome: str) -> str:
    """Unit of an outcome, empty where it is not one of the model's."""
    from sim.outcomes import FIELDS

    return next((field.unit for field in FIELDS if field.name == outcome), "")
