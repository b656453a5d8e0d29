"""How well the calibrated model fits: its years beside what was reported, a row for each target."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.calibrate.aims import Aim
from sim.calibrate.diagnostics import DOUBTFUL, Check
from sim.comparison.digits import MINUS, per_cent
from sim.comparison.terms import listed
from sim.report import page, style
from sim.report.cells import beside, rooms, write
from sim.report.labels import GAP, size
from sim.report.rows import NAME_SIZE, fitted

_ROW_PX: Final = 26.0
_WIDEST: Final = 8.0
"""So many scales either way at most; what reaches farther ends in an arrow."""

_APART: Final = 16.0
_HEADS: Final = ("reported", "median", "90 % of years", "p", "")

_NAME_PX: Final = 300.0

_NOTE: Final = (
    "Black: what was reported, a value, an interval or a floor (shaded). Bar: nine years in ten of "
    "the model at draws of the posterior; dot: the median. A scale is how far off counts as one "
    "for that target; an arrow: farther than shown. p: of a value, how often years lie as far on "
    "the same side, both sides together; of an interval or a floor, the share of years that meet "
    f"it. Vermilion: p below {DOUBTFUL:g}. What is not fitted may be a sum or ratio of what is."
)


class Row(NamedTuple):
    """A line of the picture: a target, or with ``check`` None the heading of a group."""

    words: str
    check: Check | None = None


def rows(checks: Sequence[Check]) -> list[Row]:
    """The fitted, then the others, each under its heading, in the order given."""
    groups = (("fitted", True), ("not fitted", False))
    found = []
    for words, fit in groups:
        own = [check for check in checks if check.fitted is fit]
        if own:
            found.append(Row(f"{words}: {_kept(own)} of {len(own)} reached"))
            found += [Row(check.aim.name.replace("_", " "), check) for check in own]
    return found


def predictive(lines: Sequence[Row], ax: Axes) -> Axes:
    """Draw a row for each target: what was reported, and where the model's years lie.

    The axis counts in each target's own scale from what was reported; of an interval from its
    middle. Blue bars hold nine years in ten, vermilion ones are of targets hardly ever met.
    """
    ends = [abs(x) for row in lines if row.check is not None for x in _ends(row.check)]
    reach = min(max([2.0, *ends]) * 1.06, _WIDEST)
    ax.axvline(0.0, color=style.FAINT, linewidth=0.8, zorder=0.4)
    for y, row in enumerate(lines):
        if row.check is not None:
            _reported(ax, y, row.check.aim, reach)
            _years(ax, y, row.check, reach)
    ax.set_xlim(-reach, reach)
    ax.set_ylim(len(lines) - 0.4, -0.6)
    figure = page.figure_of(ax)
    ax.set_yticks(range(len(lines)), [fitted(figure, row.words, _NAME_PX) for row in lines])
    for row, label in zip(lines, ax.get_yticklabels(), strict=True):
        label.set_fontweight("bold" if row.check is None else "normal")
    ax.tick_params(axis="y", length=0, pad=8, labelsize=NAME_SIZE)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("away from what was reported, in the target’s scales")
    page.round_ticks(ax.xaxis, sign=True)
    _write_cells(ax, lines)
    return ax


def predictive_page(checks: Sequence[Check]) -> Figure:
    """Draw the posterior predictive check: the fitted targets, and those only looked at."""
    with style.styled():
        lines = rows(checks)
        if not lines:
            figure = page.sheet(90.0, 1100.0)
            page.headline(figure, *finding(checks))
            return figure
        figure = page.sheet(len(lines) * _ROW_PX + 200.0, 1100.0)
        top = page.headline(figure, *finding(checks)) - 4 * GAP
        foot = page.footnote(figure, _NOTE) + page.AXIS_PX
        names = [fitted(figure, row.words, _NAME_PX) for row in lines]
        looks = {"fontsize": NAME_SIZE, "fontweight": "bold"}
        left = page.MARGIN + max([size(figure, name, **looks)[0] for name in names]) + 14.0
        right = figure.bbox.width - page.MARGIN - sum(_rooms(figure, lines))
        predictive(lines, page.panel(figure, left, foot, right, top))
    return figure


def finding(checks: Sequence[Check]) -> tuple[str, str]:
    """How many targets the model's years reach, and which they hardly do."""
    if not checks:
        return "There is no target to hold the model against", ""
    parts = []
    for fit, words in ((True, "fitted"), (False, "other")):
        own = [check for check in checks if check.fitted is fit]
        if own:
            several = "" if len(own) == 1 else "s"
            parts.append(f"{_kept(own)} of {len(own)} {words} target{several}")
    doubtful = [check.aim.name.replace("_", " ") for check in checks if check.doubtful]
    title = f"Years of the calibrated model reach {listed(parts)}"
    if not doubtful:
        return title, "No target is hardly ever reached"
    named = listed(doubtful) if len(doubtful) <= 4 else f"{len(doubtful)} targets"
    return title, f"Hardly ever reached (p below {DOUBTFUL:g}): {named}"


def _kept(checks: Sequence[Check]) -> int:
    return sum(not check.doubtful for check in checks)


def _middle(aim: Aim) -> float:
    """What the axis counts from: the value, the least value, or the middle of an interval."""
    return (aim.low + aim.high) / 2.0 if aim.relation == "range" else aim.low


def _ends(check: Check) -> list[float]:
    """Where the years lie, in scales from what was reported; nothing where none has a value."""
    places = (check.low, check.median, check.high)
    aim = check.aim
    return [(x - _middle(aim)) / aim.scale for x in places if x is not None]


def _reported(ax: Axes, y: int, aim: Aim, reach: float) -> None:
    """A bar of ink for a value, a band for an interval, a band without an end for a floor."""
    if aim.relation == "=":
        ax.plot([0.0, 0.0], [y - 0.36, y + 0.36], color=style.INK, linewidth=2.4,
                solid_capstyle="butt", zorder=1.6)  # fmt: skip
        return
    half = (aim.high - aim.low) / 2.0 / aim.scale if aim.relation == "range" else 0.0
    end = half if aim.relation == "range" else reach
    ax.fill_between([max(-half, -reach), min(end, reach)], y - 0.36, y + 0.36, color=style.CREST,
                    linewidth=0, zorder=0.6)  # fmt: skip
    for edge in (-half, half)[: 2 if aim.relation == "range" else 1]:
        if abs(edge) < reach:
            ax.plot([edge, edge], [y - 0.36, y + 0.36], color=style.INK, linewidth=1.2, zorder=1.6)


def _years(ax: Axes, y: int, check: Check, reach: float) -> None:
    ends = _ends(check)
    if not ends:
        return
    colour = style.VERMILION if check.doubtful else style.BLUE
    low, median, high = ends
    ax.plot([max(low, -reach), min(high, reach)], [y, y], color=colour, linewidth=4.0, alpha=0.75,
            solid_capstyle="butt", zorder=1.0)  # fmt: skip
    for beyond, at, marker in ((low < -reach, -reach, "<"), (high > reach, reach, ">")):
        if beyond:
            ax.plot([at], [y], marker=marker, markersize=7, color=colour, clip_on=False, zorder=1.8)
    if abs(median) <= reach:
        ax.plot([median], [y], marker="o", markersize=5.6, color="white", markeredgecolor=colour,
                markeredgewidth=1.5, zorder=1.9)  # fmt: skip


def _cells(check: Check) -> tuple[str, str, str, str, str]:
    aim = check.aim
    reported = {"=": _told(aim.low), ">=": f"≥ {_told(aim.low)}"}
    remarks = ["hardly ever"] if check.doubtful else []
    if check.p is None or check.low is None or check.median is None or check.high is None:
        remarks = ["never has a value"]
        years = ("", "", "")
    else:
        p = f"{check.p:.3f}" if 0.0 < check.p < 0.1 else f"{check.p:.2f}"
        years = (_told(check.median), f"{_told(check.low)} to {_told(check.high)}", p)
        if check.undefined > 0.0:
            remarks.append(f"no value in {per_cent(check.undefined)}")
    between = f"{_told(aim.low)} to {_told(aim.high)}"
    return (reported.get(aim.relation, between), *years, ", ".join(remarks))


def _told(value: float) -> str:
    """Three digits that count, and never an exponent."""
    digits = f"{float(f'{value:.3g}'):,.6f}".rstrip("0").rstrip(".")
    return digits.replace("-", MINUS)


def _rooms(figure: Figure, lines: Sequence[Row]) -> list[float]:
    """Width of each column of numbers, pixels, gap included."""
    return rooms(
        figure, [_HEADS, *(_cells(row.check) for row in lines if row.check is not None)], _APART
    )


def _write_cells(ax: Axes, lines: Sequence[Row]) -> None:
    """Numbers end at a line; remarks, in the last column, begin at one."""
    widths = _rooms(page.figure_of(ax), lines)
    told = [(-0.9, _HEADS)]
    told += [(y, _cells(row.check)) for y, row in enumerate(lines) if row.check is not None]
    write(ax, [(y, cells[:-1]) for y, cells in told], widths[:-1])
    for y, cells in told:
        colour = style.VERMILION if cells[-1].startswith(("hardly", "never")) else style.GREY
        beside(ax, y, cells[-1], sum(widths[:-1]) + _APART, color=colour, ha="left")
