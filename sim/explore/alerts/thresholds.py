"""Alarms by each threshold of a rule's signal alone, so that one can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.explore.alerts import counts
from sim.explore.alerts.bootstrap import Bootstrap, Sums
from sim.explore.alerts.counts import Floats, Units
from sim.explore.alerts.observer import alarms_above
from sim.explore.alerts.result import Threshold
from sim.rules.alert import LEVELS

if TYPE_CHECKING:
    from sim.rules.alert import AlertRule

_TRIED: Final = 12
"""Thresholds tried among the signals at midnights, and as many among those after an incident."""
_APART: Final = 0.03
"""A threshold is left out if its share of time differs by less than this part of the last."""


class Sweep(NamedTuple):
    """Counts of alarms by each threshold, (years, thresholds), and their lead times."""

    counted: dict[str, Floats]
    leads: list[Floats]


def candidates(looking: Sequence[Units], rule: AlertRule) -> Floats:
    """Quantiles of the observed signals, and the thresholds of the rule; rising."""
    rows = np.concatenate([unit.signal for units in looking for unit in units])
    of_rule = [rule.threshold(level) for level in range(rule.rest + 1, rule.highest + 1)]
    values = rows[rows[:, 1] > 0.0]
    if not len(values):
        return np.array(of_rule, dtype=np.float64)
    after_incidents = values[values[:, 0] % 1.0 != 0.0, 1]
    levels = (np.arange(_TRIED) + 0.5) / _TRIED
    parts = [
        np.quantile(some, levels, method="inverted_cdf")
        for some in (values[:, 1], after_incidents)
        if len(some)
    ]
    rounded = [float(f"{value:.2g}") for value in np.concatenate(parts)]
    reached = [value for value in of_rule if value <= values[:, 1].max()]
    return np.unique([value for value in [*rounded, *reached] if value > 0.0])


def sweep(looking: Sequence[Units], at: Floats, stay: float, end: float, within: float) -> Sweep:
    """Count the alarms by each threshold, kept for ``stay`` days, in runs of ``end`` days."""
    shape = len(looking), len(at)
    found = {name: np.zeros(shape) for name in ("warned", "up", "alarms", "right")}
    leads: list[list[Floats]] = [[] for _ in at]
    for year, units in enumerate(looking):
        for k, threshold in enumerate(at):
            for unit in units:
                alarms = alarms_above(unit.signal, float(threshold), stay, end)
                lead = counts.lead_times(alarms, unit.events)
                lead = lead[np.isfinite(lead)]
                rises = counts.observed_rises(alarms, within, end)
                leads[k].append(lead)
                found["warned"][year, k] += len(lead)
                found["up"][year, k] += counts.days_on_alarm(alarms)
                found["alarms"][year, k] += len(rises)
                found["right"][year, k] += counts.is_followed(rises, unit.events, within).sum()
    return Sweep(found, [np.concatenate(each) for each in leads])


def curve(s: Sums) -> tuple[Floats, Floats]:
    """Hit rate and share of time of each threshold."""
    return s["warned"] / s["events"][..., None], s["up"] / s["time"][..., None]


def table(sums: Bootstrap, found: Sweep, at: Floats, rule: AlertRule) -> tuple[Threshold, ...]:
    """A row for each threshold that differs from the one before it, and for the rule's own."""
    hits = sums.estimates(lambda s: curve(s)[0])
    shares = sums.estimates(lambda s: curve(s)[1])
    alarms = sums.estimates(lambda s: s["alarms"] / s["judged"][..., None])
    false = sums.estimates(lambda s: 1.0 - s["right"] / s["alarms"])
    named = {rule.threshold(k): LEVELS[k] for k in range(rule.highest, rule.rest, -1)}
    rows = (
        Threshold(
            at=float(value),
            level=named.get(float(value), ""),
            alarms=alarms[k].value or 0.0,
            share_up=shares[k].value or 0.0,
            hit_rate=hits[k],
            false_alarm_ratio=false[k].value,
            lead=float(np.median(found.leads[k])) if len(found.leads[k]) else None,
        )
        for k, value in enumerate(at)
    )
    distinct: list[Threshold] = []
    for row in rows:
        last = distinct[-1].share_up if distinct else 0.0
        if row.level or abs(row.share_up - last) > _APART * last:
            distinct.append(row)
    return tuple(distinct)
