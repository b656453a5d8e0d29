"""Attacks that bring forth attacks: the self-exciting process of the cells."""

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
"""Plans a day without excitation, plans that one brings forth, and its fading a day."""

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
"""Every plan is at once a drone strike that kills, so that every plan is a success; the site
never closes and nobody's weapon, rest or recruits matter."""


def one_cell(effort: float) -> list[Case]:
    """A cell alone: its plans are a Hawkes process with exponential kernel.

    Counted in years once the first is over, when the start without excitation has left 1 part
    in 50,000. The error of the mean is that of theory for the whole time, since neighbouring
    years are not independent; their squared deviations nearly are (correlation 0.001). A
    variance needs many years: its negative control is that of a process whose excitation is a
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
    """Two cells that excite themselves and each other, where the host state prevents some.

    Control at rest takes a share of the plans of their own, so the base before control is larger
    by what it takes; ``branching`` counts plans that are made, so together the two are the
    process of :func:`one_cell`. The difference of their counts is fed back by the excitation that
    stays (``own_share``) less that which goes over. Negative controls: control that takes its
    share of what attacks bring forth too, and excitation that is shared evenly.
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
    taken = _WINDOW_DAYS * mean_rate(BASE, BRANCHING * let_through)
    return [
        _mean("two cells under control: a year's plans", runs, taken),
        mean("two cells: variance of their difference", theory, squares, even),
    ]


def busy_cells(effort: float) -> list[Case]:
    """Three cells that mostly fail, prepare, rest, and lend each other their plans.

    Whatever delays or moves a plan, none is lost, so the mean rate of attacks stays base /
    (1 - branching) with the branching of all attacks, though a success brings forth five times
    what a failure does. Strikes succeed with the chance ``success_share``, one person being in
    the open and hit with it. A year is long beside preparation, rest and lag, and the first one
    is left out. Negative control: cells that drop every plan that comes while they are busy or
    that a failure brought forth, who attack at the base rate.
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
    """Three cells, always free, one of which joins every other plan of another.

    ``branching`` counts what is joined too, so the mean stays base / (1 - branching), though
    attacks come in pairs. The error is that of theory for such pairs. Negative control: cells of
    which the joint attacks come on top of ``branching``.
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
    """Plans by run, year and cell; the first year, from a start without excitation, left out.

    Each plan is counted where it is made.
    """
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
    """How many of the instants, in order, lie in the window up to ``end``."""
    return bisect_left(at, end) - bisect_left(at, end - _WINDOW_DAYS)


def _mean(name: str, runs: Sequence[Years], wrong: float | None = None) -> Case:
    """Mean plans of a year, with the error that theory gives the total of each run."""
    counts = [sum(year) for years in runs for year in years]
    jump = BRANCHING * DECAY
    variances = [count_variance(BASE, jump, DECAY, _WINDOW_DAYS * len(years)) for years in runs]
    return Case(name, _MEAN, fmean(counts), sqrt(sum(variances)) / len(counts), wrong)
