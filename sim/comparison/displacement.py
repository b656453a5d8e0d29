"""Displacement: where along the line a policy helps, and whether harm moved to neighbours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from sim.comparison.districts import MEASURES, DistrictSample, areas
from sim.comparison.intervals import FEW, Interval, bootstrap_mean, percentile
from sim.comparison.number_format import short
from sim.comparison.question import RESAMPLES, Question
from sim.comparison.resampling import resampled_means
from sim.comparison.samples import Floats, by_draw
from sim.comparison.significance import holm, sign_flip
from sim.theory.displacement import (
    BeforeAfter,
    total_net_effect,
    weighted_displacement_quotient,
)

AREAS: Final = ("response", "buffer", "comparison")

EVERYWHERE: Final = "acts on the whole line: no neighbouring area is left"
UNKNOWN: Final = "unknown where the policy acts: name its districts"


type Measure = Callable[[BeforeAfter, BeforeAfter, BeforeAfter], float]
"""A measure of counts in response, buffer and comparison area; may be NaN."""


@dataclass(frozen=True)
class DisplacementRow:
    """A place under a scenario against the baseline; an unknown value is ``None``.

    ``row`` is ``district``, ``area`` or ``total``; ``area`` is the role of a district: response
    (the policy acts there), buffer (next to it) or comparison. Means and the difference, with its
    interval, are counts per run. The row ``total`` has the total net effect, the events prevented
    net of displacement (``tne``), and the weighted displacement quotient (``wdq``), each with its
    interval, and their meaning in words. ``change`` is the direction of a district's difference
    if it is beyond chance among all districts and scenarios (``p_holm``).
    """

    scenario: str
    measure: str
    row: str
    district: str | None
    area: str | None
    n: int
    baseline_mean: float | None = None
    mean: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    tne: float | None = None
    tne_low: float | None = None
    tne_high: float | None = None
    wdq: float | None = None
    wdq_low: float | None = None
    wdq_high: float | None = None
    words: str = ""
    p_value: float | None = None
    p_holm: float | None = None
    change: Literal["less", "more"] | None = None

    @property
    def interval(self) -> Interval | None:
        """The interval of the mean difference, if there is one."""
        return None if self.low is None or self.high is None else Interval(self.low, self.high)


def with_directions(rows: Sequence[DisplacementRow], confidence: float) -> list[DisplacementRow]:
    """The rows with the direction of each district's change if it is beyond chance.

    Each measure is a family of tests. No change is too small: a small share of a busy district may
    be all that moved to its neighbours.
    """
    result = list(rows)
    for measure in MEASURES:
        tested = [
            i for i, row in enumerate(rows)
            if row.measure == measure and row.row == "district" and row.p_value is not None
        ]  # fmt: skip
        adjusted = holm([rows[i].p_value or 0.0 for i in tested])
        for i, p in zip(tested, adjusted, strict=True):
            result[i] = replace(rows[i], p_holm=p, change=_change(rows[i].interval, p, confidence))
    return result


def _change(
    interval: Interval | None, p: float, confidence: float
) -> Literal["less", "more"] | None:
    if interval is None or interval.low <= 0.0 <= interval.high or p > 1.0 - confidence:
        return None
    return "less" if interval.high < 0.0 else "more"


def displacement(
    scenario: str,
    baseline: DistrictSample,
    policy: DistrictSample,
    response: Sequence[str] | None,
    question: Question,
) -> list[DisplacementRow]:
    """Rows for each district, each area and the whole line, by measure.

    ``response`` names the districts where the policy acts; empty is the whole line, ``None``
    unknown.
    """
    common, of_baseline, of_policy = np.intersect1d(
        baseline.replicates, policy.replicates, assume_unique=True, return_indices=True
    )
    roles = dict(zip(baseline.slugs, areas(response or (), baseline.slugs), strict=True))
    draws = None if baseline.draws is None else baseline.draws[of_baseline]
    rows: list[DisplacementRow] = []
    for m, measure in enumerate(MEASURES):
        if len(common) == 0:
            rows.append(DisplacementRow(scenario, measure, "total", None, None, 0))
            rows[-1] = replace(rows[-1], words="nothing can be said")
            continue
        before = by_draw(baseline.counts[of_baseline, :, m], draws)
        after = by_draw(policy.counts[of_policy, :, m], draws)
        rows += _rows((scenario, measure), before, after, roles, question)
        if response is None:
            rows[-1] = replace(rows[-1], words=UNKNOWN)
    return rows


def _rows(
    names: tuple[str, str],
    before: Floats,
    after: Floats,
    roles: Mapping[str, str | None],
    question: Question,
) -> list[DisplacementRow]:
    """Rows of one measure from counts (runs, districts) under the baseline and the policy."""
    parts = [area for area in AREAS if area in roles.values()]
    members = np.array(
        [[role == area for role in roles.values()] for area in parts], dtype=np.float64
    )
    members = members.reshape(len(parts), len(roles))
    places = np.vstack([np.eye(len(roles)), members, np.ones(len(roles))]).T
    before, after = before @ places, after @ places
    changes = after - before
    drawn = resampled_means(np.hstack([before, after]), RESAMPLES, question.seed)
    drawn_before, drawn_after = np.hsplit(drawn, 2)
    labels = [
        *(("district", slug, role) for slug, role in roles.items()),
        *(("area", None, area) for area in parts),
        ("total", None, None),
    ]
    rows = []
    for k, (row, district, area) in enumerate(labels):
        change, drawn_change = changes[:, k], drawn_after[:, k] - drawn_before[:, k]
        low, high = bootstrap_mean(change, drawn_change, question.confidence) or (None, None)
        was, now, mean = (float(each[:, k].mean()) for each in (before, after, changes))
        p = sign_flip(change) if row == "district" and change.any() else None
        rows.append(
            DisplacementRow(
                *names, row, district, area, len(before), was, now, mean, low, high, p_value=p
            )
        )
    first = len(roles)
    seen = np.vstack([before.mean(axis=0), after.mean(axis=0)])[:, None, first:-1]
    resampled = np.stack([drawn_before, drawn_after])[:, :, first:-1]
    rows[-1] = _total(rows[-1], parts, seen, resampled, question.confidence)
    return rows


def _total(
    total: DisplacementRow,
    parts: Sequence[str],
    seen: Floats,
    resampled: Floats,
    confidence: float,
) -> DisplacementRow:
    """The total with net effect and quotient, from mean counts (before and after, draws, areas)."""
    if not parts:
        return replace(total, words=EVERYWHERE)
    if missing := next((area for area in AREAS if area not in parts), None):
        return replace(total, words=f"no district is left as {missing} area: only differences")
    if (resampled[0] == resampled[1]).all():
        return replace(total, words="no difference can be measured")
    tne = _values(total_net_effect, seen)[0]
    if not np.isfinite(tne):
        return replace(total, words="no figure: nothing happened in the comparison area")
    if total.n < FEW:
        return replace(total, tne=float(tne), words=f"not settled: only {total.n} paired runs")
    net = percentile(_defined(total_net_effect, resampled), confidence)
    total = replace(total, tne=float(tne), tne_low=net.low, tne_high=net.high)
    prevented = percentile(resampled[0, :, 0] - resampled[1, :, 0], confidence)
    quotient = None
    if not prevented.low <= 0.0 <= prevented.high:  # else the divisor may be zero
        quotient = percentile(_defined(weighted_displacement_quotient, resampled), confidence)
        wdq = float(_values(weighted_displacement_quotient, seen)[0])
        total = replace(total, wdq=wdq, wdq_low=quotient.low, wdq_high=quotient.high)
    return replace(total, words=_words(total, net, prevented, quotient))


def _values(measure: Measure, counts: Floats) -> Floats:
    """A measure by draw, from counts (before and after, draws, areas)."""
    before, after = counts
    return np.array(
        [
            measure(*(BeforeAfter(b, a) for b, a in zip(draw_before, draw_after, strict=True)))
            for draw_before, draw_after in zip(before.tolist(), after.tolist(), strict=True)
        ]
    )


def _defined(measure: Measure, counts: Floats) -> Floats:
    """A measure of the draws that have one; at least one has."""
    values = _values(measure, counts)
    return values[np.isfinite(values)]


def _words(
    total: DisplacementRow, net: Interval, prevented: Interval, quotient: Interval | None
) -> str:
    """The net effect in words, then the displacement."""
    name, tne = MEASURES[total.measure], total.tne or 0.0
    ends = f"{short(net.low)} to {short(net.high)}"
    if net.low <= 0.0 <= net.high:
        first = f"net effect on {name} not settled: {short(tne)} prevented per run ({ends})"
    elif tne > 0.0:
        first = f"net {short(tne)} {name} prevented per run ({ends})"
    else:
        first = f"net {short(-tne)} more {name} per run ({short(-net.high)} to {short(-net.low)})"
    if quotient is None:
        return f"{first}; no quotient: too little changed where the policy acts"
    if prevented.high < 0.0:
        return f"{first}; there were more, not fewer, where the policy acts"
    figures = f"quotient {short(total.wdq or 0.0)}, {short(quotient.low)} to {short(quotient.high)}"
    if quotient.high < 0.0:
        moved = "all that was prevented, or more," if quotient.high <= -1.0 else "part of it"
        return f"{first}; {moved} moved to neighbouring districts ({figures})"
    if quotient.low > 0.0:
        return f"{first}; the benefit spread to neighbouring districts ({figures})"
    return f"{first}; whether any moved to neighbouring districts is not settled ({figures})"
