"""Counts of alarms and events in a year of a unit, on plain arrays of instants.

``alarms`` are spans (n, 2), sorted, that do not touch; ``events`` are instants, sorted; both in
days. An event is hit if an alarm was up when it came, raised before it; so an alarm does not hit
the event that raises it. An alarm is right if an event follows within the horizon of its rise
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
    """Whether an event follows each instant by at most ``within`` days."""
    following = np.append(events, np.inf)[np.searchsorted(events, instants, "right")]
    soon: Flags = following <= instants + within
    return soon


def observed_rises(alarms: Floats, within: float, end: float) -> Floats:
    """The rises of alarms whose whole horizon lies in the run."""
    rises = alarms[:, 0]
    return rises[rises <= end - within]


def observed_midnights(within: float, end: float) -> Floats:
    """The midnights whose whole horizon lies in the run, except the first."""
    return np.arange(1.0, max(end - within, 0.0) + 1e-9)


def signal_at(signal: Floats, instants: Floats) -> Floats:
    """The signal at each instant; ``signal`` are rows of an instant and the value from then on."""
    place = np.searchsorted(signal[:, 0], instants, "right") - 1
    values: Floats = np.where(place >= 0, signal[place, 1], 0.0)
    return values


def area_under_curve(hit_rates: Floats, shares: Floats) -> Floats:
    """Area below the curve of hit rate over share of time, both (..., thresholds).

    Thresholds rise: the curve goes from an alarm that is always up to one that never is. Alarms at
    random times have 1/2.
    """
    ones = np.ones((*hit_rates.shape[:-1], 1))
    hits = np.concatenate([ones, hit_rates, 0.0 * ones], axis=-1)
    time = np.concatenate([ones, shares, 0.0 * ones], axis=-1)
    steps = (time[..., :-1] - time[..., 1:]) * (hits[..., :-1] + hits[..., 1:]) / 2.0
    whole: Floats = steps.sum(axis=-1)
    return whole


def bin_edges(values: Floats, most: int = 6) -> Floats:
    """Rising lower edges of bins for a signal; the last bin has no upper edge.

    A signal of few values has a bin for each; else bins begin at its lowest value and at quantiles
    of the others.
    """
    known = np.unique(values)
    if len(known) <= most:
        return known
    above = np.quantile(values[values > known[0]], [0.0, 0.25, 0.5, 0.75, 0.9])
    return np.unique([known[0], *(float(f"{value:.2g}") for value in above[1:]), above[0]])


def brier_skill(days: Floats, events: Floats) -> float | None:
    """Brier skill of the share of each bin as a forecast, (2, bins): each half predicts the other.

    One minus the mean square error over that of the other half's base rate (Brier 1950; Murphy
    1973). 0 is no better than the base rate; ``None`` where nothing or everything happened.
    """
    error = reference = 0.0
    for own, other in ((0, 1), (1, 0)):
        base = events[other].sum() / days[other].sum() if days[other].sum() else 0.0
        forecast = np.where(days[other] > 0, events[other] / np.maximum(days[other], 1.0), base)
        error += _square_error(forecast, days[own], events[own])
        reference += _square_error(np.full_like(forecast, base), days[own], events[own])
    return 1.0 - error / reference if reference > 0.0 else None


def _square_error(forecast: Floats, days: Floats, events: Floats) -> float:
    """Sum of squared errors of a probability: against 1 on days with an event, else 0."""
    return float((forecast * forecast * days - 2.0 * forecast * events + events).sum())
