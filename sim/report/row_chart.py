"""Charts of rows: names on the left, marks in panels, numbers beside them.

Marks of a kind are one artist per colour, whatever the number of rows, as drawing time grows with
the number of artists.
"""

from collections.abc import Callable, Iterable, Sequence
from math import nan
from typing import Any, Final, NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.transforms import offset_copy

from sim.report import layout, style
from sim.report.labels import text_size

ROW_PX: Final = 46.0
LEAST_PX: Final = 26.0
"""Smallest height of a row, which holds a name of two lines."""

PAGE_PX: Final = 545.0
"""Height for rows, strips or panels, so that the figure fits on a page at its own size."""

SIZE: Final = 8.5
MOST_NAME_PX: Final = 230.0
_APART, _BETWEEN = 14.0, 26.0

_HEAD, _FOOT, _HEADS_AT = 0.95, 0.45, -0.72
"""Space above the first row and below the last, and the place of column heads, in rows."""

type Mark = tuple[float, float, str]
"""A row, a place in it, and a colour."""

type Segment = tuple[float, float, float, str]
"""A row, the two ends of a stretch, and a colour."""


class Panel(NamedTuple):
    """A panel over the rows: the function that draws it, and the numbers on its right.

    ``cells`` are a line of heads, then one line per row. A panel is ``wide`` pixels wide, or has
    ``share`` of the width that the others leave.
    """

    draw: Callable[[Axes], object]
    cells: Sequence[Sequence[str]] = ()
    share: float = 1.0
    wide: float = 0.0


def row_chart(
    headline: tuple[str, str],
    note: str,
    labels: Sequence[str],
    panels: Sequence[Panel],
    *,
    bold: Sequence[int] = (0,),
    share: float = 1.0,
    row_px: float | None = None,
    width: float = layout.WIDTH,
    above: float = 0.0,
    most: float = MOST_NAME_PX,
    keys: Sequence[Artist] = (),
    keys_title: str = "",
) -> Figure:
    """A figure of panels on the same rows, with the names left of the first panel.

    The names of the rows in ``bold`` are bold. A row has ``share`` of the usual height, or
    ``row_px``. ``above`` is the space between headline and panels, pixels. The other arguments are
    those of :func:`sim.report.layout.new_frame`.
    """
    rows = rows_height(len(labels), share) if row_px is None else row_px * (len(labels) + 0.4)
    frame = layout.new_frame(above + rows + layout.AXIS_PX, headline, note, width, keys=keys,
                        keys_title=keys_title)  # fmt: skip
    figure = frame.figure
    left = frame.left + max(labels_width(figure, labels, most), 0.0) + _APART
    sides = [sum(column_widths(figure, panel.cells)) for panel in panels]
    taken = sum(sides) + sum(panel.wide for panel in panels) + _BETWEEN * (len(panels) - 1)
    room = frame.right - left - taken
    for place, panel in enumerate(panels):
        right = left + (panel.wide or panel.share * room)
        ax = layout.add_panel(figure, left, frame.foot + layout.AXIS_PX, right, frame.top - above)
        draw_panel(ax, labels, panel, bold=bold, named=place == 0, most=most)
        left = right + sides[place] + _BETWEEN
    return figure


def draw_panel(
    ax: Axes,
    labels: Sequence[str],
    panel: Panel,
    *,
    bold: Sequence[int] = (0,),
    named: bool = True,
    most: float = MOST_NAME_PX,
) -> Axes:
    """Draw a panel on axes."""
    set_rows(ax, labels, bold=bold, named=named, most=most)
    panel.draw(ax)
    if panel.cells:
        write_cells(ax, zip((_HEADS_AT, *range(len(labels))), panel.cells, strict=True))
    return ax


def rows_height(rows: int, share: float = 1.0) -> float:
    """Height of a number of rows, pixels; ``share`` of the usual height for simple rows.

    Many rows are closer together, so that the figure fits on a page in readable letters.
    """
    return (rows - 1 + _HEAD + _FOOT) * row_height(rows, share * ROW_PX)


def row_height(count: int, usual: float, least: float = LEAST_PX) -> float:
    """Height of one of ``count`` rows, so that all fit on a page."""
    return min(usual, max(least, PAGE_PX / max(count, 1)))


# -- names --------------------------------------------------------------------------------------


def set_rows(
    ax: Axes,
    labels: Sequence[str],
    *,
    bold: Sequence[int] = (0,),
    named: bool = True,
    most: float = MOST_NAME_PX,
) -> None:
    """Give ``ax`` a row for each label, from the top, each with a faint line."""
    ax.set_ylim(len(labels) - 1 + _FOOT, -_HEAD)
    ax.spines["left"].set_visible(False)
    ax.hlines(range(len(labels)), 0.0, 1.0, style.FAINT, linewidth=0.4, alpha=0.5, zorder=0.3,
              transform=ax.get_yaxis_transform())  # fmt: skip
    if not named:
        ax.set_yticks([])
        return
    figure = layout.figure_of(ax)
    ax.set_yticks(range(len(labels)), [fit_label(figure, label, most) for label in labels])
    ax.tick_params(axis="y", length=0, pad=8, labelsize=SIZE)
    for row, label in enumerate(ax.get_yticklabels()):
        label.set_linespacing(1.05)
        label.set_fontweight("bold" if row in bold else "normal")


def labels_width(figure: Figure, labels: Sequence[str], most: float = MOST_NAME_PX) -> float:
    """Width of the names, pixels."""
    lines = (line for label in labels for line in fit_label(figure, label, most).split("\n"))
    return max(_wide(figure, line) for line in lines)


def fit_label(figure: Figure, words: str, most: float = MOST_NAME_PX) -> str:
    """``words`` in at most two lines of ``most`` pixels, shortened with an ellipsis if needed."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (len(lines) == 2 or _wide(figure, longer) <= most):
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(shorten(figure, line, most) for line in lines)


def shorten(figure: Figure, line: str, most: float) -> str:
    """One line in ``most`` pixels, shortened with an ellipsis if needed."""
    if _wide(figure, line) <= most:
        return line
    while line and _wide(figure, f"{line}…") > most:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _wide(figure: Figure, line: str) -> float:
    return text_size(figure, line, fontsize=SIZE, fontweight="bold")[0]


# -- marks --------------------------------------------------------------------------------------


def draw_lines(ax: Axes, rows: Iterable[Segment], **looks: Any) -> None:
    """Draw a line in each row."""
    for colour, marks in _by_colour(rows).items():
        x = [end for _, low, high in marks for end in (low, high, nan)]
        y = [at for row, *_ in marks for at in (row, row, nan)]
        ax.plot(x[:-1], y[:-1], color=colour, **{"solid_capstyle": "butt", **looks})


def draw_dots(ax: Axes, rows: Iterable[Mark], *, hollow: bool = False, **looks: Any) -> None:
    """Draw a dot in each row; ``hollow`` dots are white with a ring of their colour."""
    for colour, marks in _by_colour(rows).items():
        y, x = zip(*marks, strict=True)
        ax.plot(
            x, y, linestyle="none", color="white" if hollow else colour, markeredgecolor=colour,
            **{"marker": "o", "markersize": 5.2, "markeredgewidth": 1.3, **looks},
        )  # fmt: skip


def _by_colour(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    by_colour: dict[str, list[tuple[Any, ...]]] = {}
    for *row, colour in rows:
        by_colour.setdefault(colour, []).append(tuple(row))
    return by_colour


def draw_bars(ax: Axes, rows: Iterable[Segment], height: float, **looks: Any) -> None:
    """Draw a bar in each row."""
    rows, half = list(rows), height / 2.0
    ax.add_collection(
        PolyCollection(
            [[(a, y - half), (b, y - half), (b, y + half), (a, y + half)] for y, a, b, _ in rows],
            facecolors=[colour for *_, colour in rows], **{"linewidth": 0, **looks},
        )
    )  # fmt: skip


# -- numbers ------------------------------------------------------------------------------------


def column_widths(figure: Figure, lines: Iterable[Sequence[str]]) -> list[float]:
    """Width of each column with the gap before it, pixels; 0 for an empty column."""
    columns = zip(*lines, strict=True)
    widths = [
        max(text_size(figure, words, fontsize=SIZE)[0] for words in column) for column in columns
    ]
    return [width + _APART if width else 0.0 for width in widths]


def write_cells(ax: Axes, lines: Iterable[tuple[float, Sequence[str]]]) -> None:
    """Write a line of cells at each row; heads, above the first row, are grey."""
    rows = list(lines)
    edge = 0.0
    for width, column in zip(
        column_widths(layout.figure_of(ax), [cells for _, cells in rows]),
        zip(*(cells for _, cells in rows), strict=True),
        strict=True,
    ):
        edge += width
        for (y, _), words in zip(rows, column, strict=True):
            write_beside(ax, y, words, edge, color=style.GREY if y < 0 else style.INK)


def write_beside(ax: Axes, y: float, words: str, edge: float, **looks: Any) -> None:
    """Write words at row ``y`` that end ``edge`` pixels right of the panel."""
    figure = layout.figure_of(ax)
    place = offset_copy(ax.get_yaxis_transform(), figure, x=edge / figure.dpi)
    looks = {"ha": "right", "va": "center", "fontsize": SIZE, **looks}
    if words:
        ax.text(1.0, y, words, transform=place, **looks)
