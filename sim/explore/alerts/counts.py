"""Alarms held against events: what is counted in a year of a unit, on plain arrays of instants.

``alarms`` are spans (n, 2) in order that do not touch, ``events`` instants in order, days. An
event is warned of if an alarm was up when it came, raised before it; so the event that raises an
alarm is not warned of by it. An alarm is right if an event follows within the horizon of its rise
(Barnes et al. 2009 on the ratio and the rate of false alarms; Molchan 1991 on time under alarm).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Unit(NamedTuple):
    """The line or a district in one year of one world, instants in days."""

    events: Floats
    operations: tuple[str, ...]
    alarms: Floats
    signal: Floats


type Units = Sequence[Unit]


def lead_times(alarms: Floats, events: Floats) -> Floats:
    """Days from the rise of the alarm that was up to each event; NaN where none was."""
    if not len(alarms):
        return np.full(len(events), np.nan)
    last = np.searchsorted(alarms[:, 0], events, "left") - 1
    raised, ended = alarms[last, 0], alarms[last, 1]
    return np.where((last >= 0) & (events <= ended), events - raised, np.nan)


def days_on_alarm(alarms: Floats) -> float:
    """Days on which an alarm was up."""
    return float((alarms[:, 1] - alarms[:, 0]).sum())


def days_on_alarm_at_age(alarms: Floats, ages: Floats) -> Floats:
    """Days on which an alarm had been up for at least each of ``ages`` days."""
    lengths = alarms[:, 1] - alarms[:, 0]
    longer: Floats = np.clip(lengths[:, None] - ages, 0.0, None).sum(axis=0)
    return longer


def is_followed(instants: Floats, events: Floats, within: float) -> Flags:
    """Whether an event comes after each instant, at most ``within`` days later."""
    following = np.append(events, np.inf)[np.searchsorted(events, instants, "right")]
    late: Flags = following <= instants + within
    return late


def observed_rises(alarms: Floats, within: float, end: float) -> Floats:
    """The rises of which the whole horizon was seen."""
    rises = alarms[:, 0]
    return rises[rises <= end - within]


def observed_midnights(within: float, end: float) -> Floats:
    """The midnights of which the whole horizon was seen, the first left out."""
    return np.arange(1.0, max(end - within, 0.0) + 1e-9)


def signal_at(signal: Floats, instants: Floats) -> Floats:
    """The signal at each instant: rows of an instant and the value from then on."""
    place = np.searchsorted(signal[:, 0], instants, "right") - 1
    values: Floats = np.where(place >= 0, signal[place, 1], 0.0)
    return values


def area_under_curve(hit_rates: Floats, shares: Floats) -> Floats:
    """Area below the curve of hit rate over share of time, (..., thresholds) by rising threshold.

    From an alarm that is always up to one that never is; alarms at random times have 1/2.
    """
    ones = np.ones((*hit_rates.shape[:-1], 1))
    hits = np.concatenate([ones, hit_rates, 0.0 * ones], axis=-1)
    time = np.concatenate([ones, shares, 0.0 * ones], axis=-1)
    steps = (time[..., :-1] - time[..., 1:]) * (hits[..., :-1] + hits[..., 1:]) / 2.0
    whole: Floats = steps.sum(axis=-1)
    return whole


def bin_edges(values: Floats, most: int = 6) -> Floats:
    """Edges of bins for a signal, rising: each of few values for itself; else the lowest, then
    quantiles of the others.

    The last bin goes on without end.
    """
    known = np.unique(values)
    if len(known) <= most:
        return known
    above = np.quantile(values[values > known[0]], [0.0, 0.25, 0.5, 0.75, 0.9])
    return np.unique([known[0], *(float(f"{value:.2g}") for value in above[1:]), above[0]])


def brier_skill(days: Floats, events: Floats) -> float | None:
    """Brier skill of the share of each bin as a forecast, (2, bins): halves foretell each other.

    One minus the mean square error over that of the other half's base rate (Brier 1950; Murphy
    1973). 0: it knows no more than the base rate; ``None`` where nothing or everything happened.
    """
    error = reference = 0.0
    for own, other in ((0, 1), (1, 0)):
        base = events[other].sum() / days[other].sum() if days[other].sum() else 0.0
        told = np.where(days[other] > 0, events[other] / np.maximum(days[other], 1.0), base)
        error += _square(told, days[own], events[own])
        reference += _square(np.full_like(told, base), days[own], events[own])
    return 1.0 - error / reference if reference > 0.0 else None


def _square(told: Floats, days: Floats, events: Floats) -> float:
    """Sum of squares of a probability less 1 on days with an event, less 0 on others."""
    return float((told * told * days - 2.0 * told * events + events).sum())
