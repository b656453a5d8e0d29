"""A triggered alert: the share of time at each level."""

from typing import Final

from sim.theory.alert import score_share, stepwise_shares
from sim.verify.case import Case, mean
from sim.verify.runs import runs_lasting
from sim.verify.scenarios import IMMEDIATE_CELLS, Changes

_WINDOW_DAYS: Final = 730.0
_NEVER: Final = 1000.0

HARASSED: Final[Changes] = {
    **IMMEDIATE_CELLS,
    "cells.count": 1,
    "cells.modes_off": ["infiltration", "fire"],
    "cells.reach_km": 1340.0,
    "worksites.count": 1,
    "strikes.drone_p_arrive": 0.0,
    "alert.policy": "triggered",
    "alert.incident_weight": 1.0,
    "alert.half_life_days": 0.5,
}
"""Drones that never arrive: each is an incident of one point and changes nothing else. The cell
acts as soon as it plans, so incidents are a Poisson process."""


def raised_for_a_stay(effort: float) -> list[Case]:
    """Two levels, each incident a trigger: exponential gaps alternate with stays.

    The threshold equals the points of one incident, which halve in 12 hours. When the stay of 15
    days ends, the score is below the threshold, except after a second incident in the last hours,
    which delays the fall by 0.01 % of the stay. An incident during the stay changes nothing. The
    level is averaged over stretches of two years, many times as long as a cycle.
    """
    rate, stay = 0.1, 15.0
    theory = stepwise_shares(rate, stay, 1)[1]
    levels = {"heightened": _NEVER, "emergency": _NEVER}
    shares = _shares("raised for a stay", rate, stay, {"elevated": 1.0, **levels}, effort * 70_000)
    return [mean("elevated or routine: share elevated", theory, [s[1] for s in shares])]


def down_step_by_step(effort: float) -> list[Case]:
    """Four levels with one threshold: up at once, down one level after each stay of 10 days.

    Limits as in :func:`raised_for_a_stay`. Source: :func:`sim.theory.alert.stepwise_shares`.
    """
    rate, stay = 0.07, 10.0
    thresholds = dict.fromkeys(("elevated", "heightened", "emergency"), 1.0)
    shares = _shares("down step by step", rate, stay, thresholds, effort * 140_000.0)
    theory = stepwise_shares(rate, stay, 3)
    names = ("elevated or more", "heightened or more", "emergency")
    return [
        mean(
            f"down step by step: share {name}",
            sum(theory[level:]),
            [sum(share[level:]) for share in shares],
        )
        for level, name in enumerate(names, start=1)
    ]


def while_the_score_is_high(effort: float) -> list[Case]:
    """No minimum stay: elevated exactly while the fading score is above its threshold.

    Half-life 5 days, threshold a quarter of an incident. Source:
    :func:`sim.theory.alert.score_share`.
    """
    rate, half_life, threshold = 0.1, 5.0, 0.25
    theory = score_share(rate, half_life, 1.0, threshold)
    levels = {"elevated": threshold, "heightened": _NEVER, "emergency": _NEVER}
    name, halves = "score above its threshold", {"alert.half_life_days": half_life}
    shares = _shares(name, rate, 0.0, levels, effort * 65_000.0, halves)
    return [mean(f"{name}: share elevated", theory, [share[1] for share in shares])]


def _shares(
    study: str,
    rate: float,
    stay: float,
    thresholds: dict[str, float],
    days: float,
    changes: Changes | None = None,
) -> list[list[float]]:
    """Shares of time at each level in each window but the first, which starts from rest."""
    settings: Changes = {
        **HARASSED,
        "cells.plans_per_year": 365.0 * rate,
        "alert.minimum_stay_days": stay,
        **{f"alert.{level}_at": points for level, points in thresholds.items()},
        **(changes or {}),
    }
    shares = []
    for model in runs_lasting(study, settings, days):
        for number in range(1, int(model.spec.days / _WINDOW_DAYS)):
            start, spent = number * _WINDOW_DAYS, [0.0] * 4
            for left, right, level in model.sectors[0].level.pieces(start, start + _WINDOW_DAYS):
                spent[int(level)] += (right - left) / _WINDOW_DAYS
            shares.append(spent)
    return shares
