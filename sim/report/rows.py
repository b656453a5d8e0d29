"""One row a scenario: their order, their names, and where they stand, alike in every panel."""

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.terms import Terms
from sim.report import style
from sim.report.labels import size
from sim.report.page import figure_of

ROW_PX: Final = 46.0
LEAST_PX: Final = 26.0
"""A row holds two lines of a name."""

PAGE_PX: Final = 545.0
"""Height for rows, strips or panels in a picture that is printed as large as it is drawn."""

NAME_SIZE: Final = 8.5
MOST_NAME_PX: Final = 230.0

_HEAD, _FOOT = 0.95, 0.45
"""Room above the first row and below the last, in rows."""


def tall(rows: int, share: float = 1.0) -> float:
    """Height that so many rows take, pixels; ``share`` of the usual where little stands in them.

    Many stand closer, so that a picture fits on a page in letters that can be read.
    """
    return (rows - 1 + _HEAD + _FOOT) * each(rows, share * ROW_PX)


def each(count: int, usual: float, least: float = LEAST_PX) -> float:
    """Height of one of so many that stand on one another, so that all fit on a page."""
    return min(usual, max(least, PAGE_PX / max(count, 1)))


def set_rows(ax: Axes, names: Sequence[str], baseline: str | None, terms: Terms) -> None:
    """Give ``ax`` a row for each name, from the top, and write the names on its left."""
    ax.set_ylim(len(names) - 1 + _FOOT, -_HEAD)
    figure = figure_of(ax)
    ax.set_yticks(range(len(names)), [fitted(figure, terms.label(name)) for name in names])
    ax.tick_params(axis="y", length=0, pad=8, labelsize=NAME_SIZE)
    ax.spines["left"].set_visible(False)
    for name, label in zip(names, ax.get_yticklabels(), strict=True):
        label.set_linespacing(1.05)
        if name == baseline:
            label.set_fontweight("bold")
    for row in range(len(names)):
        ax.axhline(row, color=style.FAINT, linewidth=0.4, alpha=0.5, zorder=0.3)


def name_room(figure: Figure, names: Sequence[str], terms: Terms) -> float:
    """Width that the names take, pixels."""
    labels = [fitted(figure, terms.label(name)) for name in names]
    return max(_wide(figure, line) for label in labels for line in label.split("\n"))


def fitted(figure: Figure, words: str, most: float = MOST_NAME_PX) -> str:
    """``words`` in at most two lines of ``most`` pixels, cut with an ellipsis if they must be."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (len(lines) == 2 or _wide(figure, longer) <= most):
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(_cut(figure, line, most) for line in lines)


def _cut(figure: Figure, line: str, most: float) -> str:
    if _wide(figure, line) <= most:
        return line
    while line and _wide(figure, f"{line}…") > most:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _wide(figure: Figure, line: str) -> float:
    return size(figure, line, fontsize=NAME_SIZE, fontweight="bold")[0]
