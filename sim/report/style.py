"""The look of figures, and how they are written so that the same input gives the same bytes.

The colours are those of Okabe and Ito (2008), distinct for any colour vision. Every kind of
incident has its own marker, too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from sim.errors import OutputError, output_errors
from sim.incidents import palette
from sim.incidents.kinds import Shape

BLACK: Final = palette.BLACK
ORANGE: Final = palette.ORANGE
SKY: Final = palette.SKY
GREEN: Final = palette.GREEN
BLUE: Final = palette.BLUE
VERMILION: Final = palette.VERMILION
PURPLE: Final = palette.PURPLE
GREY: Final = palette.GREY
INK: Final = "#222222"
FAINT: Final = "#B9B9B9"
GROUND: Final = "#CFC8BB"
CREST: Final = "#E9E5DD"
NIGHT: Final = "#E4E7F0"

WIDTH_IN, HEIGHT_IN, DPI = 1280 / 110, 800 / 110, 110


Marker = str | tuple[int, Literal[1], int]
"""A marker of matplotlib: a name, or the number of points, 1 for a star, and the rotation."""

MARKERS: Final[dict[Shape, Marker]] = {
    "disc": "o", "ring": "o", "square": "s", "fort": "s", "up": "^", "down": "v", "diamond": "D",
    "arrow": "^", "star": "*", "star6": (6, 1, 0), "burst": (8, 1, 0), "spark": (4, 1, 0),
    "plus": "P", "cross": "X", "octagon": "8", "house": "p",
}  # fmt: skip
"""The markers of matplotlib for the shapes."""

LEVEL_COLOURS: Final[dict[str, str]] = {
    "routine": "#FFFFFF",
    "elevated": "#FFF8E5",
    "heightened": "#FFEBC7",
    "emergency": "#FAD5B8",
}
"""Background of an alert level: darker for a higher level."""

# untyped: the names of settings differ between versions of matplotlib
_SETTINGS: Final[Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "text.parse_math": False,  # so that a dollar in a title is a dollar
    "text.hinting": "none",  # letters as wide in a PNG as in an SVG, and as they are measured
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "legend.title_fontsize": 8.5,
    "legend.borderaxespad": 0.0,
    "legend.borderpad": 0.0,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    # Ids in an SVG are random without a salt. Letters are drawn as paths, so that the figure does
    # not depend on the fonts of the reader.
    "svg.hashsalt": "panj",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "path.simplify": True,
}

_METADATA: Final[dict[str, dict[str, Any]]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


@contextmanager
def styled() -> Iterator[None]:
    """The settings of Panj for figures made and written inside the ``with``."""
    with rc_context(_SETTINGS):
        yield


class NotebookFigure(Figure):
    """A figure that a notebook shows, whether or not pyplot was imported there."""

    def _repr_png_(self) -> bytes:
        content = BytesIO()
        with styled():
            self.savefig(content, format="png", dpi=DPI)
        return content.getvalue()


def blank(width_in: float = WIDTH_IN, height_in: float = HEIGHT_IN) -> Figure:
    """An empty figure on its own Agg canvas; sizes in inches."""
    figure = NotebookFigure(figsize=(width_in, height_in), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


def save(figure: Figure, path: str | Path) -> Path:
    """Write ``figure`` as .png, .svg or .pdf, by the ending of ``path``; always the same bytes.

    Raise ``OutputError`` for another ending, or where ``path`` cannot be written.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in _METADATA:
        raise OutputError(
            f"a figure cannot be written as {ending or 'a file without an ending'}",
            path=target,
            remedy="End the name in .png, .svg or .pdf.",
        )
    with output_errors(target), styled():
        figure.savefig(target, format=ending[1:], dpi=DPI, metadata=_METADATA[ending])
    return target


def halo(width: float, colour: str = "white") -> list[Any]:
    """An outline around letters, ``width`` points wide, that separates them from lines."""
    return [withStroke(linewidth=width, foreground=colour, alpha=0.9)]
