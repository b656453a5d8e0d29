"""Alarms by every threshold of a rule's signal alone, so that one can be chosen."""

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
"""By so much of the last one's share of time a threshold differs, or it is not told."""


class Sweep(NamedTuple):
    """What alarms by each threshold come to: counts (years, thresholds), and their leads."""

    counted: dict[str, Floats]
    leads: list[Floats]


def candidates(looking: Sequence[Units], rule: AlertRule) -> Floats:
    """Thresholds that part the signals there were, and those that the rule has; rising."""
    rows = np.concatenate([unit.signal for units in looking for unit in units])
    own = [rule.threshold(level) for level in range(rule.rest + 1, rule.highest + 1)]
    values = rows[rows[:, 1] > 0.0]
    if not len(values):
        return np.array(own, dtype=np.float64)
    heard = values[values[:, 0] % 1.0 != 0.0, 1]
    levels = (np.arange(_TRIED) + 0.5) / _TRIED
    parts = [
        np.quantile(some, levels, method="inverted_cdf")
        for some in (values[:, 1], heard)
        if len(some)
    ]
    rounded = [float(f"{value:.2g}") for value in np.concatenate(parts)]
    known = [value for value in own if value <= values[:, 1].max()]
    return np.unique([value for value in [*rounded, *known] if value > 0.0])


def sweep(looking: Sequence[Units], at: Floats, stay: float, end: float, within: float) -> Sweep:
    """Count what alarms by each threshold come to, kept for ``stay`` days, in runs of ``end``."""
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


def table(of: Bootstrap, found: Sweep, at: Floats, rule: AlertRule) -> tuple[Threshold, ...]:
    """A row for each threshold that differs from the one before it, and for the rule's own."""
    hits = of.each(lambda s: curve(s)[0])
    shares = of.each(lambda s: curve(s)[1])
    alarms = of.each(lambda s: s["alarms"] / s["judged"][..., None])
    false = of.each(lambda s: 1.0 - s["right"] / s["alarms"])
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
    told: list[Threshold] = []
    for row in rows:
        last = told[-1].share_up if told else 0.0
        if row.level or abs(row.share_up - last) > _APART * last:
            told.append(row)
    return tuple(told)
