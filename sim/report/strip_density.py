"""The strip map of many runs: how often something happens, by place and time, in a mean run."""

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
"""What is needed of a table of incidents."""

_SHADES: Final = LinearSegmentedColormap.from_list(
    "panj", ["#FFFFFF", "#CFE3F2", style.SKY, style.BLUE, "#00304D"]
)
_MANY: Final = 600
_BAR_WIDE, _BAR_TALL = 0.11, 0.014


class RecordedIncidents(NamedTuple):
    """The incidents of all finished runs of one scenario, and the calendar they ran by.

    ``table`` has a row an incident with :data:`COLUMNS`; ``runs`` counts the runs, those in which
    nothing happened too; ``label`` is what the reader calls the scenario and ``run`` a run.
    """

    table: pa.Table
    runs: int
    start: dt.date
    days: float
    ground: Ground
    label: str
    run: str = "run"


def _density(happened: RecordedIncidents, ax: Axes) -> QuadMesh:
    """Incidents a run in each bin of place and time; a dot for each deadly one."""
    by_km, by_day = bins(happened.ground, happened.days)
    km, at = _places(happened)
    counts = np.histogram2d(at, km, (by_day, by_km))[0] / happened.runs
    norm = PowerNorm(0.5, 0.0, float(counts.max()) or 1.0)
    mesh = ax.pcolormesh(
        by_km, by_day, counts, cmap=_SHADES, norm=norm, rasterized=True, zorder=0.2
    )
    dead = _deaths(happened) > 0.0
    many = dead.sum() > _MANY
    ax.scatter(
        km[dead], at[dead], s=5.0 if many else 14.0, color="white", edgecolors=style.BLACK,
        linewidths=0.4 if many else 0.8, rasterized=bool(many), zorder=2.0,
    )  # fmt: skip
    return mesh


def draw_strip_density(happened: RecordedIncidents) -> Figure:
    """Draw the incidents of many runs: their density, the ground, the margins of a mean run."""
    if happened.runs < 1:
        raise StoreError("no run of this scenario has finished", value=happened.label)
    with style.styled():
        canvas, panels = strip_figure(
            happened.ground, happened.start, happened.days, _layers(happened), happened.runs
        )
        mesh = _density(happened, panels.map)
        keys_legend(canvas, _keys(happened))
        _scale(canvas, mesh, happened)
        strip_headline(canvas, finding(happened), _period(happened))
    return canvas


def draw_strip(found: Comparison) -> Figure:
    """The same of the baseline of a comparison. Raises ``MissingTableError`` without incidents."""
    name, terms = found.baseline, found.terms
    incidents = found.source.incidents(name, COLUMNS)
    if incidents is None:
        raise MissingTableError(
            "this store keeps no incidents, and the strip map shows where and when they were",
            remedy="Run the batch with --incidents in a new store, or draw a single run.",
        )
    spec, runs = found.source.specs[name], len(found.samples[name].replicates)
    return draw_strip_density(
        RecordedIncidents(
            incidents, runs, spec.start, spec.days, spec.ground, terms.label(name), terms.run
        )
    )


def finding(happened: RecordedIncidents) -> str:
    """How many incidents a run has, and in which district most of them lie."""
    total = happened.table.num_rows
    if not total:
        return f"Nothing happens under {happened.label}"
    places = Counter(map(str, happened.table.column("district").to_pylist()))
    place, n = places.most_common(1)[0]
    return (
        f"A {happened.run} of {happened.label} has {_amount(total / happened.runs)} incidents, "
        f"{per_cent(n / total)} of them in {happened.ground.name_of(place)}"
    )


def _period(happened: RecordedIncidents) -> str:
    """The days shown, the runs it rests on, and how many incidents are deadly."""
    many = "" if happened.runs == 1 else "s"
    dead = _deaths(happened)
    return " · ".join(
        (
            period_text(happened.start, happened.days),
            f"mean of {happened.runs:,} {happened.run}{many}",
            f"{_amount(float((dead > 0.0).sum()) / happened.runs)} deadly incidents and "
            f"{_amount(float(dead.sum()) / happened.runs)} dead a {happened.run}",
        )
    )


def _amount(mean: float) -> str:
    return f"{mean:,.0f}" if mean >= 100.0 else f"{mean:.1f}" if mean >= 0.95 else f"{mean:.2g}"


def _places(happened: RecordedIncidents) -> tuple[Floats, Floats]:
    return float_column(happened.table, "km"), float_column(happened.table, "at")


def _deaths(happened: RecordedIncidents) -> Floats:
    """People killed in each incident, on all sides."""
    columns = [float_column(happened.table, f"killed_{side}") for side in SIDES]
    total: Floats = np.sum(columns, axis=0)
    return total


def _layers(happened: RecordedIncidents) -> list[Layer]:
    km, at = _places(happened)
    kinds = np.array(happened.table.column("kind").to_pylist(), dtype=np.str_)
    return [
        Layer(kind.colour, km[kinds == kind.name].tolist(), at[kinds == kind.name].tolist())
        for kind in INCIDENTS.values()
    ]


def _keys(happened: RecordedIncidents) -> list[Patch | Line2D]:
    """Kinds as they stand in the margins, and the dot; only what occurs."""
    there = set(happened.table.column("kind").to_pylist())
    keys: list[Patch | Line2D] = [
        Patch(facecolor=kind.colour, label=kind.label)
        for kind in INCIDENTS.values()
        if kind.name in there
    ]
    if (_deaths(happened) > 0.0).any():
        keys.append(
            Line2D([], [], color="white", marker="o", markersize=4.0, linestyle="none",
                   markeredgecolor=style.BLACK, markeredgewidth=0.8, label="people died")
        )  # fmt: skip
    return keys


def _scale(figure: Figure, mesh: ScalarMappable, happened: RecordedIncidents) -> None:
    """What a shade stands for, over the margin of time."""
    place = figure.add_axes((SIDE + 0.006, CEILING + 0.045, _BAR_WIDE, _BAR_TALL))
    bar: Any = figure.colorbar(mesh, cax=place, orientation="horizontal")
    most = float(mesh.get_clim()[1] or 1.0)
    mark = round_down(most)
    bar.set_ticks([0.0, mark], labels=["0", f"{mark:g}"])
    bar.outline.set_linewidth(0.5)
    cell = f"{bin_km(happened.ground):g} km and {bin_days(happened.days)[1]}"
    words = f"incidents a {happened.run}\nper {cell}"
    figure.text(
        SIDE + 0.006, CEILING + 0.045 + 1.4 * _BAR_TALL, words, va="bottom", fontsize=8,
        color=style.GREY, linespacing=1.1,
    )  # fmt: skip
