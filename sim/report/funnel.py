"""The detection funnel of a batch: the shares of crossings that become known and are stopped."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.comparison.comparison import Comparison
from sim.comparison.contrasts import contrast_scenarios
from sim.comparison.intervals import fieller
from sim.comparison.number_format import per_cent
from sim.comparison.samples import Floats, Sample, by_draw
from sim.comparison.source import MissingTableError
from sim.comparison.terms import Terms
from sim.incidents.kinds import CUES
from sim.measures.registry import OUTCOMES
from sim.report import layout, style
from sim.report.figure_numbers import decimals, format_number
from sim.report.outcome_view import OutcomeView
from sim.report.row_chart import Panel, draw_bars, draw_lines, row_chart

_CUES: Final = [cue for cue in CUES if f"detected_by_{cue}" in OUTCOMES]

COLUMNS: Final = (
    "crossings", "detected", *(f"detected_by_{cue}" for cue in _CUES), "interdicted",
    "interdicted_infiltrations",
)  # fmt: skip
"""The outcomes that the funnel needs."""

_STOPPED: Final = "share_stopped"
_HEADS: Final = ("attempted", "known", "stopped", "of the known")


class Share(NamedTuple):
    """A share of the crossings attempted, and the interval of the ratio of means, if any."""

    value: float
    interval: tuple[float, float] | None


class Funnel(NamedTuple):
    """What became of the crossings of a scenario; ``attempted`` is the mean per run.

    ``known`` and ``stopped`` are ``None`` where nobody crossed in any run. ``cues`` are shares of
    the attempted, in the order of ``COLUMNS``.
    """

    name: str
    runs: int
    attempted: float
    known: Share | None
    cues: tuple[float, ...]
    stopped: Share | None


def funnels(comparison: Comparison) -> list[Funnel]:
    """The funnel of each scenario: the baseline, then the others by the share stopped.

    Raise :class:`~sim.errors.StoreError` where an outcome of :data:`COLUMNS` is missing.
    """
    absent = [n for n in COLUMNS if n not in comparison.samples[comparison.baseline].outcomes]
    if absent:
        raise MissingTableError(
            f"these outcomes have no {absent[0]}, which the funnel needs",
            remedy="Draw another kind, or a store written by 'panj batch'.",
        )
    return sorted(
        (_funnel(sample, comparison.confidence) for sample in comparison.samples.values()),
        key=lambda one: (
            one.name != comparison.baseline,
            one.stopped is None,
            -one.stopped.value if one.stopped else 0.0,
        ),
    )


def _funnel(sample: Sample, level: float) -> Funnel:
    runs = sample.only(COLUMNS)
    values = runs.values[np.isfinite(runs.values).all(axis=1)]
    if not len(values) or not values[:, 0].sum():
        return Funnel(sample.scenario, len(values), 0.0, None, (0.0,) * len(_CUES), None)
    draws = None if len(values) < len(runs.values) else runs.draws
    held = values[:, -2] + values[:, -1]
    means = values.mean(axis=0)
    return Funnel(
        sample.scenario,
        len(values),
        float(means[0]),
        _ratio(values[:, 1], values[:, 0], draws, level),
        tuple(float(mean / means[0]) for mean in means[2:-2]),
        _ratio(held, values[:, 0], draws, level),
    )


def _ratio(above: Floats, below: Floats, draws: Any, level: float) -> Share:
    units = by_draw(np.stack([above, below], axis=1), draws)
    interval = fieller(units[:, 0], units[:, 1], level)
    value = float(above.sum() / below.sum())
    return Share(value, None if interval is None else (interval.low, interval.high))


def _draw(found: Sequence[Funnel], ax: Axes) -> None:
    """Draw for each scenario the stack of cues, and below it the share stopped."""
    stacks, held, whiskers, reach = [], [], [], [0.01]
    for y, one in enumerate(found):
        if one.known is None or one.stopped is None:
            continue
        start = 0.0
        for share, cue in zip(one.cues, _CUES, strict=True):
            stacks.append((y - 0.14, start, start + share, CUES[cue].colour))
            start += share
        held.append((y + 0.17, 0.0, one.stopped.value, style.BLACK))
        ends = ((one.known, y - 0.14, style.INK), (one.stopped, y + 0.17, style.GREY))
        whiskers += [(at, *share.interval, ink) for share, at, ink in ends if share.interval]
        reach += [start, one.stopped.value]
    draw_bars(ax, stacks, 0.36, zorder=1.0)
    draw_bars(ax, held, 0.2, zorder=1.0)
    draw_lines(ax, whiskers, linewidth=1.2, marker="|", markersize=6, zorder=1.4)
    ax.set_xlim(0.0, 1.04 * max([*reach, *(high for *_, high, _ in whiskers)]))
    ax.set_xlabel("of the crossings attempted (%)")
    layout.round_ticks(ax.xaxis, 0.01)


def draw_funnel(shown: Comparison) -> Figure:
    """Draw the funnel of every scenario, the baseline first, then by the share stopped.

    The shares of the crossings that became known, by cue, and that were stopped are ratios of
    means over runs, with intervals after Fieller (1954).
    """
    view, found = OutcomeView(shown), funnels(shown)
    panel = Panel(partial(_draw, found), [_HEADS, *(_cells(one, view.terms) for one in found)])
    seen = [cue for k, cue in enumerate(_CUES) if any(one.cues[k] > 0.0 for one in found)]
    with style.styled():
        return row_chart(
            finding(view, found), _note(view), view.labels(one.name for one in found),
            [panel], width=1180.0, keys_title="first known by",
            keys=[*cue_keys(seen), Patch(facecolor=style.BLACK, label="stopped (below)")],
        )  # fmt: skip


def cue_keys(cues: Iterable[str]) -> list[Patch]:
    """The legend of some cues."""
    return [Patch(facecolor=CUES[cue].colour, label=CUES[cue].label) for cue in cues]


def finding(view: OutcomeView, found: Sequence[Funnel]) -> tuple[str, str]:
    """The shares known and stopped, and the scenario that stops most beyond chance."""
    terms, base = view.terms, found[0]
    if base.known is None or base.stopped is None:
        return f"Nobody tried to cross under {terms.label(base.name)}", ""
    title = (
        f"Under {terms.label(base.name)} {_share_text(base.known)} of those who try become known "
        f"and {_share_text(base.stopped)} are stopped"
    )
    beneath = f"Means of {terms.runs(base.runs)}"
    if not any(one.stopped for one in found[1:]):
        return title, beneath
    samples = {name: _share_of(sample) for name, sample in view.comparison.samples.items()}
    question = replace(view.comparison.question, outcomes=[_STOPPED])
    judged = [c for c in contrast_scenarios(samples, base.name, [_STOPPED], question) if c.settled]
    best = max(judged, key=lambda c: c.difference or 0.0, default=None)
    if best is None or (best.difference or 0.0) <= 0.0:
        return f"{title}; no option stops a larger share beyond chance", beneath
    held = next(one.stopped for one in found if one.name == best.scenario)
    return f"{title}; {terms.label(best.scenario)} stops {_share_text(held)}", beneath


def _share_of(sample: Sample) -> Sample:
    """The share stopped in each run; nan where nobody crossed."""
    crossed = sample.of("crossings")
    held = sample.of("interdicted") + sample.of("interdicted_infiltrations")
    share = held / np.where(crossed > 0.0, crossed, np.nan)
    return replace(sample, values=share[:, None], outcomes=(_STOPPED,))


def _share_text(share: Share | None) -> str:
    if share is None:
        return "–"
    low, high = share.interval or (share.value, share.value)
    return f"{format_number(100.0 * share.value, min(decimals(50.0 * (high - low)), 1))} %"


def _cells(one: Funnel, terms: Terms) -> tuple[str, str, str, str]:
    if one.known is None or one.stopped is None:
        words = "nobody crosses" if one.runs else f"no finished {terms.run}"
        return (words, "", "", "")
    of_known = one.stopped.value / one.known.value if one.known.value else None
    return (
        format_number(one.attempted, 0 if one.attempted >= 100.0 else 1),
        _share_text(one.known),
        _share_text(one.stopped),
        "–" if of_known is None else per_cent(of_known),
    )


def _note(view: OutcomeView) -> str:
    return (
        f"Crossings attempted per {view.terms.run}, and the share that became known, in the "
        "colours of the first cue. Below, in black: the share stopped, that is smugglers who lost "
        "their load or were caught, and militants whom guards met before they struck. Whiskers: "
        f"{view.level} interval of the ratio of the means (Fieller 1954). A batch does not count "
        "those who were reached and got away; the funnel of one run does."
    )
