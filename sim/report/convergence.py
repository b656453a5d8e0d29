"""How the estimate of a difference converges as replicates are added."""

from collections.abc import Sequence
from math import ceil
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sim.comparison.comparison import Comparison
from sim.comparison.samples import Floats
from sim.comparison.stopping import LEAST, half_width
from sim.comparison.terms import Terms, capital
from sim.report import layout, style
from sim.report.figure_numbers import Scale, decimals, format_number, scale, unit_label
from sim.report.outcome_view import OutcomeView
from sim.report.row_chart import row_height, shorten

_POINTS: Final = 64
_WORDS: Final[dict[str, Any]] = {"fontsize": 8.5, "linespacing": 1.15}
_UNPAIRED: Final[dict[str, Any]] = {
    "color": style.GREY, "linewidth": 0.9, "linestyle": (0, (1, 2))
}  # fmt: skip
_TARGET: Final[dict[str, Any]] = {
    "color": style.VERMILION, "linewidth": 1.0, "linestyle": (0, (5, 3))
}  # fmt: skip
_COLUMNS, _MANY = 4, 5
"""Panels in a row, and panels in a row where more than three rows would be needed."""

_PANEL_PX, _BETWEEN_PX, _HEAD_PX = 120.0, 34.0, 36.0
_LEAST_PX: Final = 130.0
_EARLY: Final = 0.15
"""The intervals of this first share of the replicates do not set the scale."""


class Course(NamedTuple):
    """The estimate after ``n`` pairs, in the order of replicates: running mean and half-widths.

    ``half`` is the half-width for the pairs, ``unpaired`` that for as many independent runs of
    each scenario; all have shape (points,).
    """

    name: str
    n: NDArray[np.int64]
    mean: Floats
    half: Floats
    unpaired: Floats

    @property
    def last(self) -> float:
        """The final half-width."""
        return float(self.half[-1])


def course(comparison: Comparison, outcome: str, scenario: str) -> Course | None:
    """The course of one paired difference; ``None`` for fewer than two pairs.

    Half-widths are those of the stopping rule of a batch (Chow and Robbins 1965), see
    :mod:`sim.comparison.stopping`.
    """
    both, column = comparison.pairs[scenario], comparison.outcomes.index(outcome)
    known = np.isfinite(both.differences[:, column])
    before, after = (side[known, column] for side in both.means or (both.baseline, both.policy))
    gaps, level = after - before, comparison.confidence
    if gaps.size < 2:
        return None
    n = np.unique(np.round(np.geomspace(2, gaps.size, _POINTS)).astype(np.int64))
    half = np.array([half_width(gaps[:k], level) for k in n])
    apart = np.array([np.hypot(half_width(before[:k], level), half_width(after[:k], level))
                      for k in n])  # fmt: skip
    return Course(scenario, n, np.cumsum(gaps)[n - 1] / n, half, apart)


def _draw(ax: Axes, one: Course, target: float | None) -> None:
    """Draw the running mean difference of one scenario, its interval and the target.

    Dashed: the last mean plus and minus the target half-width, in the unit of the outcome. Dotted:
    the interval with independent seeds.
    """
    ax.axhline(0.0, color=style.INK, linewidth=0.8, zorder=0.5)
    ax.fill_between(one.n, one.mean - one.half, one.mean + one.half, color=style.SKY,
                    alpha=0.4, linewidth=0, zorder=0.8)  # fmt: skip
    for sign in (-1.0, 1.0):
        ax.plot(one.n, one.mean + sign * one.unpaired, zorder=0.7, **_UNPAIRED)
        if target is not None:
            ax.axhline(one.mean[-1] + sign * target, zorder=1.2, **_TARGET)
    ax.plot(one.n, one.mean, color=style.BLUE, linewidth=1.5, zorder=1.5)


def _limit(panels: Sequence[Axes], courses: Sequence[Course], target: float | None) -> None:
    """One scale for all panels: zero, the target, and all but the first few intervals."""
    ends = []
    for one in courses:
        late, half = one.n >= max(2.0, _EARLY * one.n[-1]), max(target or 0.0, 0.0)
        ends += [*(one.mean - one.half)[late], *(one.mean + one.half)[late]]
        ends += [one.mean[-1] - half, one.mean[-1] + half]
    for ax in panels:
        ax.set_ylim(layout.limits(ends, 0.06))
        ax.set_xlim(0, max([2, *(int(one.n[-1]) for one in courses)]))


def usual_target(view: OutcomeView) -> float | None:
    """A tenth of the mean of the baseline, to one significant digit; ``None`` where that is 0."""
    known = view.comparison.samples[view.comparison.baseline].known(view.outcome)
    tenth = abs(float(known.mean())) / 10 if known.size else 0.0
    return float(f"{tenth:.0e}") if tenth > 0.0 else None


def draw_convergence(comparison: Comparison, *, target: float | None = None) -> Figure:
    """Draw a panel for each scenario on one scale, the best mean first.

    ``target`` is a half-width in the unit of the outcome, by default :func:`usual_target`.
    """
    view = OutcomeView(comparison)
    aim, names = target or usual_target(view), view.ranked[1:]
    courses = [c for name in names if (c := course(comparison, view.outcome, name))]
    missing = [name for name in names if name not in {c.name for c in courses}]
    rows = max(ceil(len(courses) / _in_a_row(courses)), 1)
    alone = _PANEL_PX if rows == 1 else 0.0
    usual = _PANEL_PX + _BETWEEN_PX + _HEAD_PX
    by = _scale(view, courses, aim)
    words = finding(courses, view, aim, by)
    with style.styled():
        if not courses:
            return layout.new_frame(_PANEL_PX, words).figure
        frame = layout.new_frame(
            rows * row_height(rows, usual, _LEAST_PX) + alone,
            words,
            _note(missing, view),
            keys=_keys(aim),
        )
        _grid(frame, courses, view, (aim, by))
    return frame.figure


def _in_a_row(courses: Sequence[Course]) -> int:
    return _COLUMNS if len(courses) <= 3 * _COLUMNS else _MANY


def _scale(view: OutcomeView, courses: Sequence[Course], aim: float | None) -> Scale:
    largest = max((abs(float(c.mean[-1])) + c.last for c in courses), default=0.0)
    return scale(view.field, max(largest, aim or 0.0), change=True)


def _grid(
    frame: layout.Frame,
    courses: Sequence[Course],
    view: OutcomeView,
    shown: tuple[float | None, Scale],
) -> None:
    """Place the panels in reading order, with numbers only at the edges of the grid."""
    (aim, by), figure = shown, frame.figure
    foot, top = frame.foot + layout.AXIS_PX, frame.top
    rows = ceil(len(courses) / _in_a_row(courses))
    columns = ceil(len(courses) / rows)
    left = frame.left + 76.0
    wide = (frame.right - left + _BETWEEN_PX) / columns
    tall = (top - foot) / rows
    panels = []
    for i, one in enumerate(courses):
        row, column = divmod(i, columns)
        x, y = left + column * wide, top - (row + 1) * tall
        lift = 0.0 if row == rows - 1 else 8.0
        ax = layout.add_panel(figure, x, y + lift, x + wide - _BETWEEN_PX, y + tall - _HEAD_PX)
        _draw(ax, one, aim)
        _head(ax, one, aim, by, view.terms)
        panels.append(ax)
    _limit(panels, courses, aim)
    for i, ax in enumerate(panels):
        layout.round_ticks(ax.xaxis, whole=True, inner=True)
        layout.round_ticks(ax.yaxis, by.divisor, sign=True)
        ax.tick_params(labelleft=i % columns == 0, labelbottom=i + columns >= len(courses))
        if i + columns >= len(courses):
            ax.set_xlabel("replicates")
    words = f"change ({unit_label(view.field, by.unit, view.terms)})"
    layout.write_text(
        figure, layout.MARGIN, (foot + top) / 2, words, rotation=90, va="center", fontsize=8.5
    )


def _head(ax: Axes, one: Course, aim: float | None, by: Scale, terms: Terms) -> None:
    """Write above a panel the scenario, and how narrow its interval is."""
    figure = layout.figure_of(ax)
    room = ax.get_window_extent().width
    digits = decimals(one.last / by.divisor)
    words = f"±{format_number(one.last / by.divisor, digits)} after {int(one.n[-1]):,}"
    if aim is not None:
        words += f"; {_outlook(one, aim)}"
    name = shorten(figure, terms.label(one.name), room)
    for text, rise, looks in ((name, 17.0, {"fontsize": 8.5, "fontweight": "bold"}),
                              (words, 5.0, {**_WORDS, "color": style.GREY})):  # fmt: skip
        ax.annotate(
            text, (0.0, 1.0), (0.0, rise), xycoords="axes fraction", textcoords="offset points",
            va="baseline", annotation_clip=False, **looks,
        )  # fmt: skip


def reached(one: Course, aim: float) -> int | None:
    """Pairs after which the interval was first narrow enough; ``None`` where it is not yet."""
    hits = np.flatnonzero((one.half <= aim) & (one.n >= LEAST))
    return int(one.n[hits[0]]) if hits.size else None


def needed(one: Course, aim: float) -> int:
    """Pairs that would suffice with the spread so far: the width falls as 1 / sqrt(n)."""
    return max(LEAST, ceil(int(one.n[-1]) * (one.last / aim) ** 2))


def _outlook(one: Course, aim: float) -> str:
    if (met := reached(one, aim)) is not None:
        return f"met by {met:,}"
    count = needed(one, aim)
    return f"met at about {float(f'{count:.2g}'):,.0f}"


def _keys(aim: float | None) -> list[Line2D | Patch]:
    """The legend of the lines."""
    keys: list[Line2D | Patch] = [
        Line2D([], [], color=style.BLUE, linewidth=1.5, label="mean difference so far"),
        Patch(facecolor=style.SKY, alpha=0.4, label="its interval"),
        Line2D([], [], label="interval of independent seeds", **_UNPAIRED),
    ]
    return keys + ([Line2D([], [], label="target about the last mean", **_TARGET)] if aim else [])


def finding(
    courses: Sequence[Course], view: OutcomeView, aim: float | None, by: Scale
) -> tuple[str, str]:
    """How many differences are known well enough, and how many replicates pairing has saved."""
    what, terms = capital(view.field.label), view.terms
    if not courses:
        return f"{what}: there are no pairs", ""
    n = max(int(one.n[-1]) for one in courses)
    gains = sorted(float(one.unpaired[-1] / one.last) ** 2 for one in courses if one.last > 0.0)
    spared = (
        f"{format_number(gains[len(gains) // 2], 0 if gains[-1] >= 10 else 1)}" if gains else "1"
    )
    beneath = (
        f"{terms.paired(n)}; for equally narrow intervals, independent seeds would need {spared} "
        "times the replicates (median)"
    )
    if aim is None:
        worst = max(one.last for one in courses) / by.divisor
        return (
            f"{what}: every difference is known to ±{format_number(worst, decimals(worst))}",
            beneath,
        )
    shown = f"±{format_number(aim / by.divisor, decimals(aim / by.divisor))}"
    known = sum(reached(one, aim) is not None for one in courses)
    unit = by.unit if by.unit not in ("", "persons") else ""
    if known == len(courses):
        title = f"{what}: every difference is known to {shown} {unit}".rstrip()
    else:
        slowest = max(courses, key=lambda one: needed(one, aim))
        count = float(f"{needed(slowest, aim):.2g}")
        title = (
            f"{what}: {known} of {len(courses)} differences are known to {shown} {unit}".rstrip()
            + f"; {terms.label(slowest.name)} would need about {count:,.0f} replicates"
        )
    return title, beneath


def _note(missing: Sequence[str], view: OutcomeView) -> str:
    words = (
        f"Intervals: {view.level}, by the stopping rule of a batch (Chow and Robbins 1965); a "
        f"target can be met from {LEAST} pairs on."
    )
    if missing:
        words += f" Without pairs: {', '.join(map(view.terms.label, missing))}."
    return words
