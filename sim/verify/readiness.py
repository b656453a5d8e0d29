"""Readiness: lowered by fatigue and false alarms, restored by rest."""

from itertools import pairwise
from statistics import fmean
from typing import Final

from sim.incidents.records import AlertChange
from sim.model import BorderModel
from sim.precision import SHARES, to_steps
from sim.theory.readiness import mean_after_shocks, mean_square_at_rest, readiness_after, rest_point
from sim.verify.case import Case, mean
from sim.verify.runs import build_model, split
from sim.verify.scenarios import LAND, Changes

_FATIGUE: Final = {"routine": 0.01, "elevated": 0.05, "heightened": 0.2, "emergency": 0.6}
_LEAVE: Final = {"routine": 0.2, "elevated": 0.3, "heightened": 0.1, "emergency": 0.0}
_LEAVE_EFFECT: Final = 0.5
_RECOVERY: Final = 0.15
_RESTING: Final = {"routine": 0.15, "elevated": 0.1875, "heightened": 0.1125, "emergency": 0.075}
"""Recovery a day by level; half of it is in proportion to leave relative to routine."""
_START: Final = 0.9

TIRING: Final[Changes] = {
    **{f"alert.levels.{level}.fatigue_per_day": rate for level, rate in _FATIGUE.items()},
    **{f"alert.levels.{level}.leave": share for level, share in _LEAVE.items()},
    "readiness.start": _START,
    "readiness.recovery_per_day": _RECOVERY,
    "readiness.leave_effect": _LEAVE_EFFECT,
}
SEASONS: Final[Changes] = {
    **TIRING,
    "days": 200.0,
    "alert.policy": "preemptive",
    "alert.level": "routine",
    "alert.season_level": "emergency",
    "alert.season_months": [2, 5],
    "alert.minimum_stay_days": 10.0,
}
"""Emergency for a month in winter and one in spring; then down again level by level."""

_PER_100_KM: Final = 300.0
_COST: Final = 0.25
SHAKEN: Final[Changes] = {
    **TIRING,
    "false_alarms.per_100_km_year": _PER_100_KM,
    "readiness.false_alarm_cost": _COST,
}
_APART_DAYS: Final = 15.0


def between_levels(effort: float) -> list[Case]:
    """Without false alarms, through all four levels: exact at any instant.

    Fatigue and rest of each stretch are those of the level that the run recorded. The closed form
    carries readiness over the stretches; the mean follows from the integrated equation,
    ``(recovery T - r(T) + r(0)) / (fatigue + recovery)`` over each stretch.
    """
    model = build_model("between levels", 0, SEASONS)
    cases = []
    for day in (20.0, 33.5, 61.0, 75.25, 100.0, 121.0, 152.0, 200.0):
        model.run_until(day)
        level = model.log[AlertChange][-1].level
        name = f"day {day:g}, {level}"
        seen = model.sectors[4].carried_readiness(day)
        cases.append(Case(name, _by_levels(model, day)[0], seen))
    theory = to_steps(_by_levels(model, model.spec.days)[1], SHARES)  # rounded as accounts are
    return [*cases, Case("mean of 200 days", theory, model.accounts().mean_readiness)]


def after_a_start(effort: float) -> list[Case]:
    """False alarms soon after the start: 13 districts of different length, and many seeds.

    False alarms are Poisson in each district and independent of everything; there are no teams to
    send. Source: :mod:`sim.theory.readiness`.
    """
    days = (2.0, 6.0)
    seen: dict[float, list[float]] = {day: [] for day in days}
    for number in range(max(round(effort * 75), 2)):
        model = build_model("after a start", number, SHAKEN, {"days": days[-1]})
        for day in days:
            model.run_until(day)
            seen[day] += [sector.readiness(day) for sector in model.sectors]
    return [
        _averaged(f"false alarms, day {day:g}: mean", [_expected(i, day) for i in _PLACES], values)
        for day, values in seen.items()
    ]


def in_the_long_run(effort: float) -> list[Case]:
    """False alarms for years: mean and mean square of readiness, read every 15 days.

    After 15 days 1 part in 200 of a deviation is left, so districts and days count as independent.
    """
    seen: list[float] = []
    for number, days in split(effort * 3_600.0):
        model = build_model("in the long run", number, SHAKEN, {"days": days})
        for visit in range(2, int(days / _APART_DAYS) + 1):
            model.run_until(visit * _APART_DAYS)
            seen += [sector.readiness(model.time) for sector in model.sectors]
    rates = [_alarms_a_day(i) for i in _PLACES]
    fatigue = _FATIGUE["routine"]
    means = [rest_point(fatigue + rate * _COST, _RECOVERY) for rate in rates]
    squares = [mean_square_at_rest(fatigue, _RECOVERY, rate, _COST) for rate in rates]
    return [
        _averaged("false alarms, long run: mean", means, seen),
        _averaged("false alarms, long run: mean square", squares, [value**2 for value in seen]),
    ]


_PLACES: Final = range(len(LAND.districts))


def _by_levels(model: BorderModel, day: float) -> tuple[float, float]:
    """Readiness of a district at ``day`` and its mean until then, from the recorded levels."""
    slug = model.sectors[4].slug
    changes = [(c.at, c.level) for c in model.log[AlertChange] if c.district == slug]
    ready, integral = _START, 0.0
    for (begins, level), (ends, _) in pairwise([*changes, (day, "")]):
        fatigue, recovery = _FATIGUE[level], _RESTING[level]
        after = readiness_after(ready, fatigue, recovery, ends - begins)
        integral += (recovery * (ends - begins) - after + ready) / (fatigue + recovery)
        ready = after
    return ready, integral / day


def _alarms_a_day(district: int) -> float:
    return _PER_100_KM / 100.0 * LAND.districts[district].length_km / 365.0


def _expected(district: int, day: float) -> float:
    return mean_after_shocks(
        _START, _FATIGUE["routine"], _RECOVERY, day, _alarms_a_day(district), _COST
    )


def _averaged(name: str, expected: list[float], seen: list[float]) -> Case:
    """The mean over districts; ``seen`` holds values of each district in turn.

    Differences between districts that theory expects are not part of the error.
    """
    overall = fmean(expected)
    rounds = len(seen) // len(expected)
    level = [value - here + overall for value, here in zip(seen, expected * rounds, strict=True)]
    return mean(name, overall, level)
