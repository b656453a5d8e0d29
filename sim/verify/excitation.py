"""Attacks that lead to further attacks: the self-exciting process of the cells."""

from bisect import bisect_left
from collections.abc import Sequence
from math import sqrt
from statistics import fmean
from typing import Final

from sim.incidents.records import Plan
from sim.theory.excitation import (
    count_variance,
    difference_variance,
    joined_variance,
    mean_rate,
)
from sim.verify.case import Case, mean
from sim.verify.runs import runs_lasting
from sim.verify.scenarios import IMMEDIATE_CELLS, Changes

BASE, BRANCHING, DECAY = 0.05, 0.4, 0.05
"""Plans a day without excitation; further plans caused by one; decay of its effect per day."""

_WINDOW_DAYS: Final = 365.0
_CONTROL: Final = 0.3
_OWN: Final = 0.9

SUCCEEDING: Final[Changes] = {
    **IMMEDIATE_CELLS,
    "cells.modes_off": ["infiltration", "fire"],
    "cells.reach_km": 1340.0,
    "cells.lag_days": 1.0 / DECAY,
    "worksites.count": 1,
    "worksites.headcount": 1,
    "worksites.travellers": 1,
    "worksites.hardening": 0.0,
    "worksites.counter_drone": 0.0,
    "worksites.p_advisory": 0.0,
    "strikes.drone_p_arrive": 1.0,
    "strikes.drone_p_hit": 1.0,
    "strikes.lethality_workers": 1.0,
    "strikes.exposed_share": 1.0,
}
"""Every plan is carried out at once as a drone strike that kills, so every plan succeeds. The site
never closes, and weapons, rest and recruits have no effect."""


def one_cell(effort: float) -> list[Case]:
    """One cell: its plans are a Hawkes process with exponential kernel.

    Plans are counted by year without the first year, after which 1 part in 50,000 of the effect
    of the start is left. The error of the mean is that of theory for the whole time, since
    neighbouring years are not independent; their squared deviations nearly are (correlation
    0.001). A variance needs many years; its negative control is a process whose excitation is a
    quarter too weak. Source: Hawkes (1971).
    """
    settings: Changes = {
        "cells.count": 1,
        "cells.plans_per_year": 365.0 * BASE,
        "cells.branching": BRANCHING,
    }
    runs = _years("one cell", settings, effort * 300_000.0)
    squares = [(sum(year) - _MEAN) ** 2 for years in runs for year in years]
    weak = count_variance(BASE, 0.75 * BRANCHING * DECAY, DECAY, _WINDOW_DAYS)
    variance = count_variance(BASE, BRANCHING * DECAY, DECAY, _WINDOW_DAYS)
    return [
        _mean("a cell alone: a year's plans", runs),
        mean("a cell alone: variance of a year's plans", variance, squares, weak),
    ]


def two_cells(effort: float) -> list[Case]:
    """Two cells that excite themselves and each other, while the host state prevents some plans.

    Control prevents a share of the plans of the base rate, so the base rate before control is
    larger by that share. ``branching`` counts plans that are made, so together the two cells are
    the process of :func:`one_cell`. The difference of their counts is driven by the excitation
    that stays (``own_share``) less that which goes to the other. Negative controls: control that
    also prevents a share of excited plans, and excitation that is shared evenly.
    """
    let_through = 1.0 - _CONTROL
    settings: Changes = {
        "cells.count": 2,
        "cells.plans_per_year": 365.0 * BASE / 2.0 / let_through,
        "cells.branching": BRANCHING,
        "cells.own_share": _OWN,
        "host_state.control": _CONTROL,
        "host_state.effect_on_plans": 1.0,
    }
    runs = _years("two cells", settings, effort * 110_000.0)
    rate, jump = mean_rate(BASE, BRANCHING), BRANCHING * DECAY
    theory = difference_variance(rate, (2.0 * _OWN - 1.0) * jump, DECAY, _WINDOW_DAYS)
    squares = [float((year[0] - year[1]) ** 2) for years in runs for year in years]
    even = difference_variance(rate, 0.0, DECAY, _WINDOW_DAYS)
    fewer = _WINDOW_DAYS * mean_rate(BASE, BRANCHING * let_through)
    return [
        _mean("two cells under control: a year's plans", runs, fewer),
        mean("two cells: variance of their difference", theory, squares, even),
    ]


def busy_cells(effort: float) -> list[Case]:
    """Three cells that mostly fail, prepare, rest, and pass plans to each other.

    Plans are delayed or passed on, but none is lost, so the mean rate of attacks is base /
    (1 - branching), with the branching averaged over all attacks; a success leads to five times as
    many plans as a failure. Strikes succeed with probability ``success_share``, since one person
    is in the open and is hit with that probability. A year is long against preparation, rest and
    lag, and the first year is left out. Negative control: cells that drop every plan that comes
    while they are busy or follows a failure, and so attack at the base rate.
    """
    settings: Changes = {
        "cells.count": 3,
        "cells.plans_per_year": 365.0 * BASE / 3.0,
        "cells.branching": BRANCHING,
        "cells.success_premium": 0.8,
        "cells.success_share": _SUCCEEDS,
        "strikes.drone_p_hit": _SUCCEEDS,
        "cells.preparation_days": 3.0,
        "cells.regroup_days": 12.0,
        "cells.passing": 0.5,
    }
    runs = _years("busy cells", settings, effort * 110_000.0)
    return [_mean("busy cells: a year's plans", runs, _WINDOW_DAYS * BASE)]


def joined_cells(effort: float) -> list[Case]:
    """Three cells, always free; another cell joins a plan with probability one half.

    ``branching`` counts joint attacks too, so the mean is base / (1 - branching), though attacks
    come in pairs. The error is that of theory for such pairs. Negative control: joint attacks that
    come on top of ``branching``.
    """
    settings: Changes = {
        "cells.count": 3,
        "cells.plans_per_year": 365.0 * BASE / 3.0,
        "cells.branching": BRANCHING,
        "cells.joint": _JOINT,
    }
    runs = _years("joined cells", settings, effort * 110_000.0)
    counts = [sum(year) for years in runs for year in years]
    later = BRANCHING - _JOINT / (1.0 + _JOINT)
    variance = joined_variance(BASE, later, _JOINT) * _WINDOW_DAYS
    on_top = (1.0 + _JOINT) * mean_rate(BASE, (1.0 + _JOINT) * BRANCHING) * _WINDOW_DAYS
    error = sqrt(variance / len(counts))
    return [Case("cells that join: a year's plans", _MEAN, fmean(counts), error, on_top)]


_JOINT: Final = 0.5
_SUCCEEDS: Final = 0.25
_MEAN: Final = _WINDOW_DAYS * mean_rate(BASE, BRANCHING)

Years = Sequence[Sequence[int]]
"""Plans of each cell in each year of a run."""


def _years(study: str, settings: Changes, days: float) -> list[Years]:
    """Plans by run, year and cell that made them, without the first year."""
    runs: list[Years] = []
    for model in runs_lasting(study, {**SUCCEEDING, **settings}, days):
        plans = [
            [plan.at for plan in model.log[Plan] if plan.cell == cell.identity]
            for cell in model.cells
        ]
        ends = range(2, int(model.spec.days / _WINDOW_DAYS) + 1)
        runs.append([[_count(at, end * _WINDOW_DAYS) for at in plans] for end in ends])
    return runs


def _count(at: Sequence[float], end: float) -> int:
    """How many of the sorted instants lie in the window that ends at ``end``."""
    return bisect_left(at, end) - bisect_left(at, end - _WINDOW_DAYS)


def _mean(name: str, runs: Sequence[Years], wrong: float | None = None) -> Case:
    """Mean plans of a year, with the error that theory gives for the total of each run."""
    counts = [sum(year) for years in runs for year in years]
    jump = BRANCHING * DECAY
    variances = [count_variance(BASE, jump, DECAY, _WINDOW_DAYS * len(years)) for years in runs]
    return Case(name, _MEAN, fmean(counts), sqrt(sum(variances)) / len(counts), wrong)
