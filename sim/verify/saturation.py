"""Few teams and many alarms; an alarm that finds no team free is lost: Erlang's loss system."""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from sim.incidents.records import Alarm
from sim.model import BorderModel
from sim.theory.queues import erlang_b
from sim.verify.case import Case, mean
from sim.verify.runs import run, split
from sim.verify.scenarios import IMMEDIATE_CELLS, LAND, Changes, districts

_BASE: Final = next(info for info in LAND.districts if info.slug == "vanj")
_KM_H: Final = 400.0
_SERVICE_HOURS: Final = 4.0
_SETTLED_DAYS: Final = 60.0
_WINDOW_DAYS: Final = 100.0

ONE_BASE: Final[Changes] = {
    **IMMEDIATE_CELLS,
    "cells.count": 1,
    "cells.plans_per_year": 100.0,
    "cells.district_weights": districts({_BASE.slug: 1.0}),
    "cells.modes_off": ["infiltration", "fire"],
    "worksites.count": 1,
    "worksites.district_weights": districts({_BASE.slug: 1.0}),
    "strikes.drone_p_arrive": 0.0,
    "patrols.hot_spot_half_life_days": 365.0,
    "teams.reach_hours": 240.0,
    "teams.air_mobility": 1.0,
    "teams.air_speed_km_h": _KM_H,
    "teams.patience_hours": 0.0,
}
"""All teams have one base: they are reserve teams, and drones that never arrive keep recent
incidents in one district, where command then bases them."""

Law = Literal["fixed", "exponential"]


class Load(NamedTuple):
    """``teams`` at a load of ``erlangs``, with the law of the time of a call without the flight."""

    teams: int
    erlangs: float
    law: Law

    def settings(self, days: float) -> Changes:
        """The parameters that give this load for ``days``."""
        on_ground = _SERVICE_HOURS - _flight_hours()
        per_year = 8760.0 * self.erlangs / _SERVICE_HOURS
        return {
            **ONE_BASE,
            "days": days,
            "teams.reserve": self.teams,
            "false_alarms.per_100_km_year": per_year / (LAND.length_km / 100.0),
            "false_alarms.search_hours": on_ground if self.law == "fixed" else 0.0,
            "teams.mobilisation_hours": on_ground if self.law == "exponential" else 0.0,
        }


LOADS: Final = (
    (Load(2, 0.5, "fixed"), 20_000.0),
    (Load(2, 1.0, "exponential"), 6_500.0),
    (Load(3, 2.0, "fixed"), 3_600.0),
)
"""Each with its days at effort 1."""


def alarms_lost(effort: float) -> list[Case]:
    """Two or three teams, with searches of fixed length or exponential times to turn out.

    False alarms are Poisson along the whole line. All teams reach all of it, and with patience 0
    an alarm that finds no team is lost. A call occupies its team for turning out or search, and
    for the flight from the base to a uniform place and back, which is part of the load. These
    times are independent of each other and of the team, and only their mean counts. The share of
    alarms lost is the share of time with all teams out (Poisson arrivals see time averages),
    estimated over stretches of 100 days. Source: Erlang (1917); Sevastyanov (1957) for times of
    any law.
    """
    return [_loss(load, effort * days) for load, days in LOADS]


def answered_or_lost(effort: float) -> list[Case]:
    """The fate of every alarm: answered while a team is home, otherwise lost.

    A run with teams has the same alarms as the run of its seed without teams. Negative controls:
    alarms that wait ten hours for a team, and the alarms of another seed.
    """
    load, days = Load(2, 1.0, "fixed"), 100.0 + 200.0 * min(effort, 4.0)
    settings = load.settings(days)
    model = run("alarms", 0, settings)
    patient = run("alarms", 0, settings, {"teams.patience_hours": 10.0})
    no_teams, other_seed = (run("alarms", n, settings, {"teams.reserve": 0}) for n in (0, 1))
    fates = [alarm.fate for alarm in model.log[Alarm]]
    return [
        Case(
            "alarms lost: those that came with all teams out",
            _alarms_with_all_out(model, load.teams),
            fates.count("unanswered"),
            wrong=sum(alarm.fate == "unanswered" for alarm in patient.log[Alarm]),
        ),
        Case(
            "alarms answered, lost or under way: all",
            len(no_teams.log[Alarm]),
            sum(fates.count(fate) for fate in ("answered", "unanswered", "open")),
            wrong=len(other_seed.log[Alarm]),
        ),
    ]


def _loss(load: Load, days: float) -> Case:
    name = f"{load.teams} teams, {load.erlangs:g} erlang, {load.law}: alarms lost"
    shares: list[float] = []
    for number, length in split(max(days, 3.0 * _WINDOW_DAYS)):
        model = run(name, number, load.settings(_SETTLED_DAYS + length))
        shares += _shares(model, load.teams)
    return mean(name, erlang_b(load.teams, load.erlangs), shares)


def _flight_hours() -> float:
    """Mean flight time of a call: from the base to a uniform place, and back."""
    west, east = _BASE.middle_km, LAND.length_km - _BASE.middle_km
    return 2.0 * (west * west + east * east) / (2.0 * LAND.length_km) / _KM_H


def _shares(model: BorderModel, teams: int) -> list[float]:
    """Share of each window with all teams out, from when all teams have one base."""
    windows = int((model.spec.days - _SETTLED_DAYS) / _WINDOW_DAYS)
    days = [0.0] * windows
    out, since = 0, 0.0
    for at, change in _team_changes(model):
        window = int((since - _SETTLED_DAYS) // _WINDOW_DAYS)
        if out == teams and 0 <= window < windows:
            days[window] += at - since
        out, since = out + change, at
    return [spent / _WINDOW_DAYS for spent in days]


def _alarms_with_all_out(model: BorderModel, teams: int) -> int:
    """Number of alarms while all teams were out."""
    alarms = [(alarm.at, 0) for alarm in model.log[Alarm]]
    out = lost = 0
    for _, change in sorted([*alarms, *_team_changes(model)]):
        lost += change == 0 and out == teams
        out += change
    return lost


def _team_changes(model: BorderModel) -> list[tuple[float, int]]:
    """Instants at which a team is called out (1) or returns (-1), in order of time."""
    return sorted(event for alarm in model.log[Alarm] for event in _mission(alarm))


def _mission(alarm: Alarm) -> Iterator[tuple[float, int]]:
    if alarm.team is None:
        return
    assert alarm.heard_at is not None
    yield alarm.heard_at, 1
    if alarm.released_at is not None:
        assert alarm.arrived_at is not None
        assert alarm.left_at is not None
        yield alarm.released_at + (alarm.arrived_at - alarm.left_at), -1
