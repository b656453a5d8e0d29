"""The districts along an axis of chainage: their bounds, and their names above."""

from typing import Any, Final

from matplotlib.axes import Axes

from sim.frontier.line import DISTRICTS, LENGTH_KM
from sim.report import style
from sim.report.labels import GAP, lanes, size
from sim.report.page import figure_of

_LANE_PX: Final = 13.0
_NAME: Final[dict[str, Any]] = {"fontsize": 8.0, "linespacing": 0.95}


def along_the_line(ax: Axes) -> None:
    """Chainage to the right, a faint line at each bound between districts."""
    ax.set_xlim(0.0, LENGTH_KM)
    for district in DISTRICTS[1:]:
        ax.axvline(district.km_from, color=style.FAINT, linewidth=0.5, zorder=0.3)


def names_room(ax: Axes) -> float:
    """Height that the names take above ``ax``, pixels."""
    middles, widths = _middles(ax)
    return (max(lanes(middles, widths)) + 1) * _LANE_PX + 2 * GAP


def name_districts(ax: Axes) -> None:
    """Write the names above ``ax``, in lanes, each with a leader where it stands high."""
    figure = figure_of(ax)
    middles, widths = _middles(ax)
    for district, lane in zip(DISTRICTS, lanes(middles, widths), strict=True):
        rise = (1.5 * GAP + lane * _LANE_PX) * 72.0 / figure.dpi
        leader = {"arrowstyle": "-", "color": style.FAINT, "linewidth": 0.7, "shrinkA": 2,
                  "shrinkB": 0}  # fmt: skip
        ax.annotate(
            district.name, (district.middle_km, 1.0), (0.0, rise),
            xycoords=("data", "axes fraction"), textcoords="offset points", ha="center",
            va="baseline", annotation_clip=False, arrowprops=leader if lane else None, **_NAME,
        )  # fmt: skip


def _middles(ax: Axes) -> tuple[list[float], list[float]]:
    """Where the middles of the districts lie and how wide their names are, pixels."""
    figure = figure_of(ax)
    at = [float(ax.transData.transform((district.middle_km, 0.0))[0]) for district in DISTRICTS]
    return at, [size(figure, district.name, **_NAME)[0] for district in DISTRICTS]
