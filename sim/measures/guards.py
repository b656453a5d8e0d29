"""Outcomes: how alarms were answered, levels and readiness, effort and cost."""

from collections.abc import Callable, Iterator
from typing import Final

from sim.measures.outcome import Better, Outcome, within
from sim.measures.run_view import RunView, middle
from sim.scenario.spec import Scenario


def price(run: RunView) -> float:
    """All effort and loss in one figure, at the scenario's prices."""
    costs, spent = run.spec.costs, run.accounts

    def held(yearly: Callable[[Scenario], float]) -> float:
        return sum(yearly(spec) * (days / 365.0) for spec, days in run.spans)

    return (
        costs.guard_hour * (run.guard_hours + spent.garrison_guard_hours + spent.site_guard_hours)
        + costs.patrol_km * spent.patrol_km
        + costs.team_hour * spent.team_hours
        + costs.air_hour * spent.air_hours
        + costs.uav_hour * spent.uav_hours
        + costs.camera_km_day * spent.camera_km_days
        + held(lambda s: costs.tips_programme_year * s.tips.programme)
        + held(lambda s: costs.hardening_site_year * s.worksites.hardening * s.worksites.count)
        + costs.counter_drone_site_year * spent.drone_cover_site_days / 365.0
        + costs.reserve_team_day * spent.reserve_team_days
        + costs.worker_day * (spent.worker_days_lost + spent.worker_days_sheltered)
        + costs.demarche * run.demarches
        + costs.joint_mechanism_day * spent.joint_days
    )


def _booked(unit: str, better: Better, *rows: tuple[str, str, str]) -> Iterator[Outcome]:
    """Outcomes that the accounts hold under the same name; rows of name, label, formula."""
    for name, label, formula in rows:
        yield Outcome(
            name, label, unit, better, formula,
            lambda run, column=name: getattr(run.accounts, column),  # type: ignore[misc]
        )  # fmt: skip


RESPONSE: Final = within(
    "response",
    Outcome("alarms", "alarms with somebody behind them",
            formula="alarms whose cue is not false",
            measure=lambda run: sum(a.cue != "false" for a in run.alarms)),
    Outcome("false_alarms", "false alarms", better="less", formula="alarms whose cue is false",
            measure=lambda run: sum(a.cue == "false" for a in run.alarms)),
    Outcome("alarms_lost", "alarms lost on the way, true or false", better="less",
            formula="alarms that never reached the desk",
            measure=lambda run: sum(a.fate == "lost" for a in run.alarms)),
    Outcome("alarms_late", "alarms heard late, true or false", better="less",
            formula="alarms that reached the desk after they were raised",
            measure=lambda run: sum(a.heard_at is not None and a.heard_at > a.at
                                    for a in run.alarms)),
    Outcome("alarms_unanswered", "alarms that found no team, true or false", better="less",
            formula="alarms for which no team was free in time",
            measure=lambda run: sum(a.fate == "unanswered" for a in run.alarms)),
    Outcome("alarm_to_arrival_h", "median time from alarm to a team's arrival", "h", "less",
            "median over alarms at which a team arrived",
            lambda run: middle(24.0 * (a.arrived_at - a.at) for a in run.alarms
                               if a.arrived_at is not None),
            noun="hours from alarm to arrival", headline=10, level=True),
)  # fmt: skip

WORKSITES: Final = within(
    "worksites",
    Outcome("evacuations", "worksites evacuated", better="less",
            formula="evacuations on advisory", measure=lambda run: run.accounts.site_closures),
    Outcome("worker_days_lost", "worker-days lost", "days", "less",
            "workers times days, of worksites evacuated",
            lambda run: run.accounts.worker_days_lost, noun="worker-days lost", headline=12),
    *_booked("days", "less", ("worker_days_sheltered", "worker-days lost to shelter",
                              "workers times days of open worksites, times the share kept inside, "
                              "times worksites.shelter_work")),
)  # fmt: skip

ALERT: Final = within(
    "alert",
    *_booked(
        "days", "neither",
        *((f"days_{level}", f"days at {level}{note}", "mean of districts, weighted by length")
          for level, note in (("routine", " (mean of districts)"), ("elevated", ""),
                              ("heightened", ""), ("emergency", ""))),
    ),
    Outcome("mean_readiness", "mean readiness", "share", "more",
            "mean over time and districts", lambda run: run.accounts.mean_readiness,
            noun="readiness", headline=11),
    *_booked("share", "more", ("lowest_readiness", "lowest readiness in any district",
                               "minimum over time and districts")),
    *_booked("days", "more", ("leave_days", "days of leave given to guards of posts",
                              "people of posts times the level's share on leave times days")),
)  # fmt: skip

COST: Final = within(
    "cost",
    Outcome("guard_hours", "guard-hours on patrol, watch and call", "h", "less",
            "hours of guards on watch + on patrol + on call", lambda run: run.guard_hours,
            noun="guard-hours", headline=13),
    *_booked(
        "h", "less",
        ("garrison_guard_hours", "guard-hours held ready at posts",
         "hours of guards able to fight at posts, besides those on watch"),
        ("site_guard_hours", "guard-hours at worksites and on their roads",
         "hours of guards and escorts of worksites, own and added by the level"),
    ),
    *_booked("km", "less", ("patrol_km", "distance patrolled", "sorties as planned, out and back")),
    *_booked(
        "h", "less",
        ("team_hours", "team-hours on missions", "from call to return"),
        ("air_hours", "helicopter hours", "hours flown by response teams"),
        ("uav_hours", "surveillance flying hours", "hours a day in the air, times the watch"),
    ),
    Outcome("demarches", "demarches", better="less", formula="demarches made",
            measure=lambda run: run.demarches),
    Outcome("cost_usd", "cost at the scenario's prices", "USD", "less",
            "effort and loss times the prices in costs.*", price, noun="USD of cost", headline=14),
)  # fmt: skip
