"""How figures look, and how they are written so that the same input gives the same bytes.

Colours are those of Okabe and Ito (2008), told apart with any colour vision; every kind of
incident has a marker of its own as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.errors import OutputError

BLACK: Final = "#000000"
ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
GREEN: Final = "#009E73"
BLUE: Final = "#0072B2"
VERMILION: Final = "#D55E00"
PURPLE: Final = "#CC79A7"
INK: Final = "#222222"
GREY: Final = "#6F6F6F"
FAINT: Final = "#B9B9B9"
GROUND: Final = "#CFC8BB"
CREST: Final = "#E9E5DD"
NIGHT: Final = "#E4E7F0"

WIDTH_IN, HEIGHT_IN, DPI = 1280 / 110, 800 / 110, 110


class KindStyle(NamedTuple):
    """How a kind of incident is drawn and named in a legend."""

    colour: str
    marker: str
    label: str


KIND_STYLES: Final[dict[str, KindStyle]] = {
    "smuggling_interdiction": KindStyle(BLUE, "o", "smugglers stopped"),
    "infiltration_then_clash": KindStyle(VERMILION, "X", "militants met inside"),
    "infiltration_then_post_attack": KindStyle(BLACK, "P", "attack on a post"),
    "armed_attack_on_workers": KindStyle(PURPLE, "s", "raid on a worksite"),
    "drone_attack_on_workers": KindStyle(GREEN, "v", "drone on a worksite"),
    "cross_border_fire_on_workers": KindStyle(ORANGE, "D", "fire on a worksite"),
    "cross_border_fire": KindStyle(SKY, "^", "fire across the line"),
    "armed_attack_on_village": KindStyle("#7A3B00", "*", "attack on a village"),
}
"""By kind, in the order of legends and stacks."""

LEVEL_COLOURS: Final[dict[str, str]] = {
    "routine": "#FFFFFF",
    "elevated": "#FFF8E5",
    "heightened": "#FFEBC7",
    "emergency": "#FAD5B8",
}
"""Background of an alert level: pale, and darker as the level rises."""

# Untyped: the names of settings differ between versions of matplotlib.
_SETTINGS: Final[Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "text.parse_math": False,  # a dollar in a title is a dollar
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
    "legend.fontsize": 8,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    # Element names in an SVG are random unless salted; letters are drawn as paths, so that the
    # picture does not depend on the reader's fonts.
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
    """Settings of the house for the figures made and written inside the ``with``."""
    with rc_context(_SETTINGS):
        yield


def blank(width_in: float = WIDTH_IN, height_in: float = HEIGHT_IN) -> Figure:
    """An empty figure on an Agg canvas of its own; sizes in inches."""
    figure = Figure(figsize=(width_in, height_in), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


def save(figure: Figure, path: str | Path) -> Path:
    """Write ``figure`` as .png, .svg or .pdf, by the ending of ``path``; the same bytes always.

    Raises ``OutputError`` for another ending or a place that cannot be written to.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in _METADATA:
        raise OutputError(
            f"a figure cannot be written as {ending or 'a file without an ending'}",
            path=target,
            remedy="End the name in .png, .svg or .pdf.",
        )
    try:
        with styled():
            figure.savefig(target, format=ending[1:], dpi=DPI, metadata=_METADATA[ending])
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            path=target,
            remedy="Give a path in a folder that exists and may be written to.",
        ) from error
    return target
