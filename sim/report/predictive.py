"""How well the calibrated model fits: its years beside each reported target, a row each."""

from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.calibrate.intervals import TargetRange
from sim.calibrate.posterior import DOUBTFUL, Check
from sim.calibrate.record import CalibrationRecord
from sim.comparison.number_format import MINUS, per_cent
from sim.comparison.terms import listed
from sim.report import layout, style
from sim.report.row_chart import Panel, draw_bars, draw_dots, draw_lines, row_chart

_ROW_PX: Final = 26.0
_WIDEST: Final = 8.0
"""The axis goes this many scales either way at most; longer bars end in an arrow."""

_HEADS: Final = ("reported", "median", "90 % of years", "p", "")

_NAME_PX: Final = 300.0

_NOTE: Final = (
    "Black: the report, a value, an interval or a lower bound (shaded). Bar: nine years in ten of "
    "the model at draws of the posterior; dot: the median. The scale is the tolerance of each "
    "target; an arrow: farther than shown. p: for a value, the two-sided predictive p-value; for "
    "an interval or a lower bound, the share of years that meet it. Vermilion: "
    f"p below {DOUBTFUL:g}. Targets that are not fitted may be sums or ratios of those that are."
)


class Row(NamedTuple):
    """A row of the figure: a target, or the heading of a group, without a check."""

    words: str
    check: Check | None = None


def rows(checks: Sequence[Check]) -> list[Row]:
    """The fitted targets, then the others, each group under its heading, in the given order."""
    groups = (("fitted", True), ("not fitted", False))
    found = []
    for words, fit in groups:
        group = [check for check in checks if check.fitted is fit]
        if group:
            found.append(Row(f"{words}: {_kept(group)} of {len(group)} reached"))
            found += [Row(check.target.name.replace("_", " "), check) for check in group]
    return found


def draw_predictive(recorded: CalibrationRecord) -> Figure:
    """Draw the posterior predictive check of a calibration."""
    return predictive_page(recorded.checks)


def predictive_page(checks: Sequence[Check]) -> Figure:
    """Draw a row for each target: what was reported, and the years of the model.

    The axis is in the scale of each target, from the reported value or the middle of the interval.
    Bars hold nine years in ten; vermilion bars are of targets that the model hardly ever meets.
    """
    lines = rows(checks)
    panel = Panel(partial(_draw, lines), [_HEADS, *(_cells(row.check) for row in lines)])
    headings = [y for y, row in enumerate(lines) if row.check is None]
    with style.styled():
        if not lines:
            return layout.new_frame(20.0, finding(checks), width=1100.0).figure
        return row_chart(
            finding(checks), _NOTE, [row.words for row in lines], [panel], width=1100.0,
            row_px=_ROW_PX, bold=headings, most=_NAME_PX,
        )  # fmt: skip


def finding(checks: Sequence[Check]) -> tuple[str, str]:
    """How many targets the model meets, and which it hardly ever meets."""
    if not checks:
        return "There are no targets", ""
    parts = []
    for fit, words in ((True, "fitted"), (False, "other")):
        group = [check for check in checks if check.fitted is fit]
        if group:
            several = "" if len(group) == 1 else "s"
            parts.append(f"{_kept(group)} of {len(group)} {words} target{several}")
    doubtful = [check.target.name.replace("_", " ") for check in checks if check.doubtful]
    title = f"Years of the calibrated model reach {listed(parts)}"
    if not doubtful:
        return title, f"Every target is within reach (p at least {DOUBTFUL:g})"
    named = listed(doubtful) if len(doubtful) <= 4 else f"{len(doubtful)} targets"
    return title, f"Hardly ever reached (p below {DOUBTFUL:g}): {named}"


def _kept(checks: Sequence[Check]) -> int:
    return sum(not check.doubtful for check in checks)


def _middle(target: TargetRange) -> float:
    """The zero of the axis: the value, the lower bound, or the middle of an interval."""
    return (target.low + target.high) / 2.0 if target.relation == "range" else target.low


def _ends(check: Check) -> list[float]:
    """The quantiles of the years, in scales from the report; none where no year has a value."""
    places = (check.low, check.median, check.high)
    target = check.target
    return [(x - _middle(target)) / target.scale for x in places if x is not None]


def _draw(lines: Sequence[Row], ax: Axes) -> None:
    numbered = [(y, row.check) for y, row in enumerate(lines) if row.check is not None]
    reach = min(
        max([2.0, *(abs(x) for _, check in numbered for x in _ends(check))]) * 1.06, _WIDEST
    )
    ax.axvline(0.0, color=style.FAINT, linewidth=0.8, zorder=0.4)
    years, below, above, middles = [], [], [], []
    for y, check in numbered:
        _reported(ax, y, check.target, reach)
        if not (ends := _ends(check)):
            continue
        (low, median, high), colour = ends, style.VERMILION if check.doubtful else style.BLUE
        years.append((y, max(low, -reach), min(high, reach), colour))
        below += [(y, -reach, colour)] if low < -reach else []
        above += [(y, reach, colour)] if high > reach else []
        middles += [(y, median, colour)] if abs(median) <= reach else []
    draw_lines(ax, years, linewidth=4.0, alpha=0.75, zorder=1.0)
    draw_dots(ax, below, marker="<", markersize=7.0, clip_on=False, zorder=1.8)
    draw_dots(ax, above, marker=">", markersize=7.0, clip_on=False, zorder=1.8)
    draw_dots(ax, middles, hollow=True, zorder=1.9)
    ax.set_xlim(-reach, reach)
    ax.set_xlabel("distance from the report, in the scale of each target")
    layout.round_ticks(ax.xaxis, sign=True)


def _reported(ax: Axes, y: int, target: TargetRange, reach: float) -> None:
    """Draw a line for a value, a band for an interval, an open band for a lower bound."""
    low, high = y - 0.36, y + 0.36
    if target.relation == "=":
        ax.vlines([0.0], low, high, style.INK, linewidth=2.4, zorder=1.6)
        return
    half = (target.high - target.low) / 2.0 / target.scale if target.relation == "range" else 0.0
    end = half if target.relation == "range" else reach
    draw_bars(ax, [(y, max(-half, -reach), min(end, reach), style.CREST)], 0.72, zorder=0.6)
    edges = (-half, half)[: 2 if target.relation == "range" else 1]
    seen = [edge for edge in edges if abs(edge) < reach]
    ax.vlines(seen, low, high, style.INK, linewidth=1.2, zorder=1.6)


def _cells(check: Check | None) -> tuple[str, str, str, str, str]:
    if check is None:
        return ("", "", "", "", "")
    target = check.target
    reported = {"=": _three_digits(target.low), ">=": f"≥ {_three_digits(target.low)}"}
    remarks = ["hardly ever"] if check.doubtful else []
    if check.p is None or check.low is None or check.median is None or check.high is None:
        remarks = ["never has a value"]
        years = ("", "", "")
    else:
        p = f"{check.p:.3f}" if 0.0 < check.p < 0.1 else f"{check.p:.2f}"
        years = (
            _three_digits(check.median),
            f"{_three_digits(check.low)} to {_three_digits(check.high)}",
            p,
        )
        if check.undefined > 0.0:
            remarks.append(f"no value in {per_cent(check.undefined)}")
    between = f"{_three_digits(target.low)} to {_three_digits(target.high)}"
    return (reported.get(target.relation, between), *years, ", ".join(remarks))


def _three_digits(value: float) -> str:
    """Three significant digits, never with an exponent."""
    digits = f"{float(f'{value:.3g}'):,.6f}".rstrip("0").rstrip(".")
    return digits.replace("-", MINUS)
