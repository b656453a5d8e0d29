"""Words beside the rows of a panel, in columns on its right."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report import style
from sim.report.labels import size
from sim.report.page import figure_of

SIZE: Final = 8.5


def rooms(figure: Figure, lines: Iterable[Sequence[str]], apart: float) -> list[float]:
    """Width of each column, pixels, with a gap before it; 0 for a column without words."""
    columns = zip(*lines, strict=True)
    widths = [max(size(figure, words, fontsize=SIZE)[0] for words in column) for column in columns]
    return [width + apart if width else 0.0 for width in widths]


def beside(ax: Axes, y: float, words: str, edge: float, **looks: Any) -> None:
    """Write words at row ``y`` that end ``edge`` pixels right of the panel."""
    ax.annotate(
        words,
        (1.0, y),
        (edge * 72.0 / figure_of(ax).dpi, 0.0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
        annotation_clip=False,
        **{"ha": "right", "fontsize": SIZE, **looks},
    )


def write(ax: Axes, lines: Iterable[tuple[float, Sequence[str]]], widths: Sequence[float]) -> None:
    """Write a line of cells at each row; heads, which stand above the first row, are grey."""
    for y, cells in lines:
        edge = 0.0
        for words, width in zip(cells, widths, strict=True):
            edge += width
            beside(ax, y, words, edge, color=style.GREY if y < 0 else style.INK)
