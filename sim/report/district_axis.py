"""An axis of chainage with the districts: their bounds, and their names above."""

from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.frontier.ground import Ground
from sim.report import style
from sim.report.labels import GAP, lanes, text_size
from sim.report.layout import figure_of

_LANE_PX: Final = 15.0
_NAME: Final[dict[str, Any]] = {"fontsize": 8.5, "linespacing": 0.95}


def set_chainage_axis(ax: Axes, ground: Ground) -> None:
    """Let ``ax`` show chainage to the right, with a faint line at each bound of districts."""
    ax.set_xlim(0.0, ground.length_km)
    bounds = [district.km_from for district in ground.districts[1:]]
    whole = ax.get_xaxis_transform()
    ax.vlines(bounds, 0.0, 1.0, style.FAINT, linewidth=0.5, zorder=0.3, transform=whole)


def chainage_label(ground: Ground) -> str:
    """The label of an axis along the line."""
    return f"chainage from {ground.description.km_0}, km"


def names_height(figure: Figure, ground: Ground, width: float) -> float:
    """Height of the names above a panel of ``width``, pixels."""
    middles, widths = _middles(figure, ground, width)
    return (max(lanes(middles, widths)) + 1) * _LANE_PX + 2 * GAP


def name_districts(ax: Axes, ground: Ground) -> None:
    """Write the names above ``ax`` in lanes; those above the lowest lane have a leader."""
    figure = figure_of(ax)
    middles, widths = _middles(figure, ground, ax.get_window_extent().width)
    for district, lane in zip(ground.districts, lanes(middles, widths), strict=True):
        rise = (1.5 * GAP + lane * _LANE_PX) * 72.0 / figure.dpi
        leader = {"arrowstyle": "-", "color": style.FAINT, "linewidth": 0.7, "shrinkA": 2,
                  "shrinkB": 0}  # fmt: skip
        ax.annotate(
            district.name, (district.middle_km, 1.0), (0.0, rise),
            xycoords=("data", "axes fraction"), textcoords="offset points", ha="center",
            va="baseline", annotation_clip=False, arrowprops=leader if lane else None, **_NAME,
        )  # fmt: skip


def _middles(figure: Figure, ground: Ground, width: float) -> tuple[list[float], list[float]]:
    """The middles of the districts and the widths of their names, pixels."""
    at = [width * district.middle_km / ground.length_km for district in ground.districts]
    return at, [text_size(figure, district.name, **_NAME)[0] for district in ground.districts]
