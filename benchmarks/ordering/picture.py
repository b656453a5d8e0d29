"""The picture: interdiction against the share of pattern analysis, a panel for each world."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter

from benchmarks.ordering.design import (
    ADAPTIVITY,
    BORDERS,
    LOADS,
    SHARES,
    SORTIES,
    WHOLE,
    Cell,
)
from benchmarks.ordering.verdict import Finding, Floats, shortfalls
from sim.comparison.intervals import fieller
from sim.report import style
from sim.report.layout import AXIS_PX, MARGIN, add_panel, new_frame

Judged = Mapping[Cell, tuple[Finding, Floats]]
"""Each cell with its finding and the shares stopped, shape (strategies, replicates)."""

COLOURS: Final = (style.BLUE, style.VERMILION)
"""Few patrols, many patrols."""
LINES: Final[tuple[Literal["--"], Literal["-"]]] = ("--", "-")
"""Little flow, much flow."""

_ROW_NAMES: Final = {
    "none": "nobody adapts",
    "some": "4 in 10 adapt, nearby",
    "full": "all adapt, widely",
}
_COLUMN_NAMES: Final = {
    "3 districts": "180 km, 3 districts",
    "6 districts": "395 km, 6 districts",
    "13 districts": "1,340 km, 13 districts",
    "13, real flow": "1,340 km, flow in the west",
    WHOLE: "the whole model",
}
_HEAD: Final[dict[str, Any]] = {"fontsize": 9.0, "fontweight": "bold"}
_NOTE: Final = (
    "Vertical axis: share of the flow that is interdicted, relative to randomness alone in the "
    "same runs; bands are 95 % intervals of that ratio (Fieller). A star marks the best mixture if "
    "it beats both pure strategies, with all intervals of all cells held at once at 95 %. All "
    "strategies of a cell share their replicates, number of sorties and flow. The first four "
    "columns are a laboratory in which only patrols detect anything; the last is the baseline with "
    "nothing switched off. Each row has its own scale."
)


def draw(judged: Judged, runs: int) -> Figure:
    """The figure; its title is the finding."""
    with style.styled():
        figure, _, foot, _, top = new_frame(610, finding(judged, runs), _NOTE)
        foot += AXIS_PX
        top -= _legend(figure, top) + 20.0
        columns, rows = (*BORDERS, WHOLE), tuple(ADAPTIVITY)
        left = MARGIN + 62.0
        width = (figure.bbox.width - MARGIN - left) / len(columns)
        height = (top - foot) / len(rows)
        highest = [_highest(judged, row) for row in rows]
        for r, row in enumerate(rows):
            for c, column in enumerate(columns):
                x, y = left + c * width, top - (r + 1) * height
                ax = add_panel(figure, x, y + 12.0, x + width - 14.0, y + height - 12.0)
                here = {
                    k: v for k, v in judged.items() if (k.border, k.adaptivity) == (column, row)
                }
                _panel(ax, here, highest[r])
                _frame(ax, r == len(rows) - 1, c == 0)
                if r == 0:
                    ax.set_title(_COLUMN_NAMES[column], pad=8.0, **_HEAD)
                if c == 0:
                    ax.set_ylabel(_ROW_NAMES[row].replace(", ", ",\n"), **_HEAD)
        x, y = (
            0.5 * (left + figure.bbox.width) / figure.bbox.width,
            (foot - 34.0) / figure.bbox.height,
        )
        figure.text(x, y, "share of sorties sent by pattern analysis", ha="center", va="bottom")
    return figure


def finding(judged: Judged, runs: int) -> tuple[str, str]:
    """A title and a subtitle: in how many cells a mixture wins, and what each strategy may cost."""
    verdicts = Counter(found.verdict for found, _ in judged.values())
    title = (
        "A mixture of pattern analysis and randomness beats either alone in "
        f"{verdicts['mixture wins']} of {len(judged)} cells; in {verdicts['does not hold']} every "
        "mixture loses"
    )
    worst = shortfalls(found for found, _ in judged.values())
    safest = min(range(len(SHARES)), key=worst.__getitem__)
    beneath = (
        f"At worst a share of {SHARES[safest]:g} stops {100 * worst[safest]:.0f} % less than the "
        f"best strategy of the cell, randomness alone {100 * worst[0]:.0f} % less, pattern "
        f"analysis alone {100 * worst[-1]:.0f} % less. {runs:,} runs, paired by replicate."
    )
    return title, beneath


def _band(stopped: Floats) -> Floats:
    """Ratio to randomness alone with its interval, shape (3, strategies)."""
    rows = [(1.0, 1.0, 1.0)]
    for strategy in stopped[1:]:
        ratio = float(strategy.mean() / stopped[0].mean())
        ends = fieller(strategy, stopped[0], 0.95) or (ratio, ratio)
        rows.append((ratio, *ends))
    return np.array(rows).T


def _highest(judged: Judged, adaptivity: str) -> float:
    """The highest end of a band in a row of panels."""
    bands = [
        _band(stopped) for cell, (_, stopped) in judged.items() if cell.adaptivity == adaptivity
    ]
    return max((float(band.max()) for band in bands), default=1.0)


def _panel(ax: Axes, here: Judged, highest: float) -> None:
    ax.axhline(1.0, color=style.FAINT, linewidth=0.8, zorder=0.4)
    for cell, (found, stopped) in here.items():
        colour, line = style.GREEN, "-"
        if cell.border != WHOLE:
            colour = COLOURS[SORTIES.index(cell.sorties)]
            line = LINES[LOADS.index(cell.loads)]
        ratio, low, high = _band(stopped)
        ax.fill_between(SHARES, low, high, color=colour, alpha=0.13, linewidth=0)
        ax.plot(SHARES, ratio, color=colour, linestyle=line, linewidth=1.4, marker="o",
                markersize=2.6)  # fmt: skip
        if found.verdict == "mixture wins":
            ax.plot(SHARES[found.best], ratio[found.best], "*", markersize=11.0, color=colour,
                    markeredgecolor="white", zorder=3.0)  # fmt: skip
    ax.set_ylim(0.4, 1.1 * highest)


def _frame(ax: Axes, lowest: bool, first: bool) -> None:
    ax.set_xlim(-0.03, 1.03)
    ax.xaxis.set_major_locator(FixedLocator(list(SHARES)))
    names = {0.0: "0", 0.5: "½", 1.0: "1"}
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: names.get(x, "")))
    ax.tick_params(labelbottom=lowest, labelleft=first)


def _legend(figure: Figure, top: float) -> float:
    """Draw the legend of patrols and flow; return its height in pixels."""
    entries = [
        *(Line2D([], [], color=colour, label=f"{sorties:g} sorties a day and post")
          for colour, sorties in zip(COLOURS, SORTIES, strict=True)),
        Line2D([], [], color=style.INK, linestyle=LINES[0], label=f"{LOADS[0]:,.0f} loads a year"),
        Line2D([], [], color=style.INK, linestyle=LINES[1], label=f"{LOADS[1]:,.0f} loads a year"),
        Line2D([], [], color=style.GREEN, label="baseline, nothing switched off"),
        Line2D([], [], color=style.GREY, marker="*", markersize=10, linestyle="none",
               label="mixture beats both"),
    ]  # fmt: skip
    width, height = figure.bbox.width, figure.bbox.height
    figure.legend(handles=entries, loc="upper left", ncols=len(entries), borderaxespad=0.0,
                  borderpad=0.0, handlelength=2.2,
                  bbox_to_anchor=(MARGIN / width, top / height))  # fmt: skip
    return 24.0
