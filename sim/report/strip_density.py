"""The strip map of many runs: mean incidents per run by place and time."""

import datetime as dt
from collections import Counter
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import QuadMesh
from matplotlib.colors import LinearSegmentedColormap, PowerNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.comparison.comparison import Comparison
from sim.comparison.number_format import per_cent
from sim.comparison.samples import float_column
from sim.comparison.source import MissingTableError
from sim.errors import StoreError
from sim.frontier.ground import Ground
from sim.incidents.kinds import INCIDENTS
from sim.incidents.records import SIDES
from sim.report import style
from sim.report.layout import round_down
from sim.report.strip_layout import (
    CEILING,
    SIDE,
    Floats,
    Layer,
    bin_days,
    bin_km,
    bins,
    keys_legend,
    strip_figure,
    strip_headline,
)
from sim.report.ticks import period_text

COLUMNS: Final = ("kind", "district", "km", "at", *(f"killed_{side}" for side in SIDES))
"""The columns needed of a table of incidents."""

_SHADES: Final = LinearSegmentedColormap.from_list(
    "panj", ["#FFFFFF", "#CFE3F2", style.SKY, style.BLUE, "#00304D"]
)
_MANY: Final = 600
_BAR_WIDE, _BAR_TALL = 0.11, 0.014


class RecordedIncidents(NamedTuple):
    """The incidents of all finished runs of a scenario, and its calendar.

    ``table`` has one row per incident with :data:`COLUMNS`. ``runs`` counts all runs, also those
    without incidents. ``label`` and ``run`` are the words of the reader for the scenario and a run.
    """

    table: pa.Table
    runs: int
    start: dt.date
    days: float
    ground: Ground
    label: str
    run: str = "run"


def _density(recorded: RecordedIncidents, ax: Axes) -> QuadMesh:
    """Draw the incidents per run in each bin of place and time, and a dot for each deadly one."""
    by_km, by_day = bins(recorded.ground, recorded.days)
    km, at = _places(recorded)
    counts = np.histogram2d(at, km, (by_day, by_km))[0] / recorded.runs
    norm = PowerNorm(0.5, 0.0, float(counts.max()) or 1.0)
    mesh = ax.pcolormesh(
        by_km, by_day, counts, cmap=_SHADES, norm=norm, rasterized=True, zorder=0.2
    )
    dead = _deaths(recorded) > 0.0
    many = dead.sum() > _MANY
    ax.scatter(
        km[dead], at[dead], s=5.0 if many else 14.0, color="white", edgecolors=style.BLACK,
        linewidths=0.4 if many else 0.8, rasterized=bool(many), zorder=2.0,
    )  # fmt: skip
    return mesh


def draw_strip_density(recorded: RecordedIncidents) -> Figure:
    """Draw the incidents of many runs: their density, the terrain, and margins per run."""
    if recorded.runs < 1:
        raise StoreError("this scenario has no finished run", value=recorded.label)
    with style.styled():
        canvas, panels = strip_figure(
            recorded.ground, recorded.start, recorded.days, _layers(recorded), recorded.runs
        )
        mesh = _density(recorded, panels.map)
        keys_legend(canvas, _keys(recorded))
        _scale(canvas, mesh, recorded)
        strip_headline(canvas, finding(recorded), _period(recorded))
    return canvas


def draw_strip(comparison: Comparison) -> Figure:
    """Draw the baseline of a comparison. Raise ``MissingTableError`` without incidents."""
    name, terms = comparison.baseline, comparison.terms
    incidents = comparison.source.incidents(name, COLUMNS)
    if incidents is None:
        raise MissingTableError(
            "this store keeps no incidents, which the strip map shows",
            remedy="Run the batch with --incidents in a new store, or draw a single run.",
        )
    spec, runs = comparison.source.specs[name], len(comparison.samples[name].replicates)
    return draw_strip_density(
        RecordedIncidents(
            incidents, runs, spec.start, spec.days, spec.ground, terms.label(name), terms.run
        )
    )


def finding(recorded: RecordedIncidents) -> str:
    """The number of incidents per run, and the district with most of them."""
    total = recorded.table.num_rows
    if not total:
        return f"Nothing happens under {recorded.label}"
    places = Counter(map(str, recorded.table.column("district").to_pylist()))
    place, n = places.most_common(1)[0]
    return (
        f"A {recorded.run} of {recorded.label} has {_amount(total / recorded.runs)} incidents, "
        f"{per_cent(n / total)} of them in {recorded.ground.name_of(place)}"
    )


def _period(recorded: RecordedIncidents) -> str:
    """The days shown, the number of runs, and how many incidents are deadly."""
    many = "" if recorded.runs == 1 else "s"
    dead = _deaths(recorded)
    return " · ".join(
        (
            period_text(recorded.start, recorded.days),
            f"mean of {recorded.runs:,} {recorded.run}{many}",
            f"{_amount(float((dead > 0.0).sum()) / recorded.runs)} deadly incidents and "
            f"{_amount(float(dead.sum()) / recorded.runs)} dead a {recorded.run}",
        )
    )


def _amount(mean: float) -> str:
    return f"{mean:,.0f}" if mean >= 100.0 else f"{mean:.1f}" if mean >= 0.95 else f"{mean:.2g}"


def _places(recorded: RecordedIncidents) -> tuple[Floats, Floats]:
    return float_column(recorded.table, "km"), float_column(recorded.table, "at")


def _deaths(recorded: RecordedIncidents) -> Floats:
    """People killed in each incident, on all sides."""
    columns = [float_column(recorded.table, f"killed_{side}") for side in SIDES]
    total: Floats = np.sum(columns, axis=0)
    return total


def _layers(recorded: RecordedIncidents) -> list[Layer]:
    km, at = _places(recorded)
    kinds = np.array(recorded.table.column("kind").to_pylist(), dtype=np.str_)
    return [
        Layer(kind.colour, km[kinds == kind.name].tolist(), at[kinds == kind.name].tolist())
        for kind in INCIDENTS.values()
    ]


def _keys(recorded: RecordedIncidents) -> list[Patch | Line2D]:
    """The legend: the kinds that occur, in the colours of the margins, and the dot."""
    present = set(recorded.table.column("kind").to_pylist())
    keys: list[Patch | Line2D] = [
        Patch(facecolor=kind.colour, label=kind.label)
        for kind in INCIDENTS.values()
        if kind.name in present
    ]
    if (_deaths(recorded) > 0.0).any():
        keys.append(
            Line2D([], [], color="white", marker="o", markersize=4.0, linestyle="none",
                   markeredgecolor=style.BLACK, markeredgewidth=0.8, label="people died")
        )  # fmt: skip
    return keys


def _scale(figure: Figure, mesh: ScalarMappable, recorded: RecordedIncidents) -> None:
    """A colour scale, above the margin of time."""
    place = figure.add_axes((SIDE + 0.006, CEILING + 0.045, _BAR_WIDE, _BAR_TALL))
    bar: Any = figure.colorbar(mesh, cax=place, orientation="horizontal")
    most = float(mesh.get_clim()[1] or 1.0)
    mark = round_down(most)
    bar.set_ticks([0.0, mark], labels=["0", f"{mark:g}"])
    bar.outline.set_linewidth(0.5)
    cell = f"{bin_km(recorded.ground):g} km × {bin_days(recorded.days)[1]}"
    words = f"incidents per {recorded.run}\nin {cell}"
    figure.text(
        SIDE + 0.006, CEILING + 0.045 + 1.4 * _BAR_TALL, words, va="bottom", fontsize=8,
        color=style.GREY, linespacing=1.1,
    )  # fmt: skip
