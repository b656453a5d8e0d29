"""The strip map: a run laid out along the line and down the calendar."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.frontier.line import DISTRICTS, LENGTH_KM
from sim.frontier.terrain import profile
from sim.incidents.narrative import district_name
from sim.incidents.records import AlertChange, Crossing, Incident
from sim.outcomes import stopped
from sim.report import style
from sim.report.labels import GAP, lanes, size, wrapped
from sim.report.ticks import calendar_ticks, date_words

BIN_KM: Final = 20.0
_FEW_DOTS: Final = 1500
_DOT: Final = "#9A9A9A"
_LANE_PX: Final = 13.0

# Edges of the panels as shares of the figure.
_LEFT, _RIGHT, _SIDE, _END = 0.064, 0.845, 0.857, 0.985
_BASE, _FOOT, _FLOOR, _CEILING, _CREST = 0.072, 0.18, 0.2, 0.72, 0.8


class _Panels(NamedTuple):
    terrain: Axes
    map: Axes
    by_place: Axes
    by_time: Axes


def strip_map(
    crossings: Sequence[Crossing],
    incidents: Sequence[Incident],
    alert_changes: Sequence[AlertChange],
    *,
    start: dt.date,
    days: float,
    title: str | None = None,
    figure: Figure | None = None,
) -> Figure:
    """Draw one run: chainage to the right (km), time downwards, the ground on top.

    Crossings that nobody stopped are faint dots; incidents have a colour and a marker by kind,
    larger where people died; the background is the alert level by district. The margins count
    both by 20 km and by two weeks (or what suits ``days``). The title tells the finding unless
    ``title`` is given. ``figure`` is drawn on when given, otherwise a new one is made.
    """
    if not 0 < days < float("inf"):
        raise ValueError(f"days must be positive and finite, not {days}")
    with style.styled():
        canvas = style.blank() if figure is None else figure
        panels = _panels(canvas)
        passed = [crossing for crossing in crossings if not _met(crossing)]
        levels = _alert(panels.map, alert_changes, days)
        _ground(panels)
        _points(panels.map, passed, incidents)
        _calendar(panels, start, days)
        _margins(panels, passed, incidents, days)
        _name_districts(canvas, panels.terrain)
        _legends(canvas, passed, incidents, levels)
        _headline(canvas, title or finding(crossings, incidents), _period(incidents, start, days))
    return canvas


def finding(crossings: Sequence[Crossing], incidents: Sequence[Incident]) -> str:
    """What the map shows, in a line: ``1,012 crossings, 61 stopped; 17 clashes, 9 of them in ...``.

    The place is told where one district has more clashes than any other, and more than one.
    """
    met = sum(map(_met, crossings))
    flow = _many(len(crossings), "crossing")
    if crossings:
        flow += f", {met:,} stopped" if met else ", none stopped"
    clashes = Counter(incident.district for incident in incidents if incident.clash)
    total = clashes.total()
    fights = _many(total, "clash", "clashes")
    ranked = clashes.most_common(2)
    if total > 1 and ranked[0][1] > 1 and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
        place, n = ranked[0]
        share = "all" if n == total else "half" if 2 * n == total else f"{n}"
        fights += f", {share} of them in {district_name(place)}"
    return f"{flow}; {fights}".capitalize() if not crossings else f"{flow}; {fights}"


def _met(crossing: Crossing) -> bool:
    """Smugglers who lost load or liberty, and militants whom guards met: as outcomes count them."""
    if crossing.actor == "militants":
        return crossing.contact_at is not None
    return stopped(crossing)


def _many(n: int, one: str, several: str | None = None) -> str:
    return f"{n:,} {one}" if n == 1 else f"{f'{n:,}' if n else 'no'} {several or one + 's'}"


def _period(incidents: Sequence[Incident], start: dt.date, days: float) -> str:
    """The days shown and the dead, by side."""
    first, last = date_words(start, 0.0, year=True), date_words(start, days - 1e-6, year=True)
    words = [first if first == last else f"{first} – {last}", _many(len(incidents), "incident")]
    deaths = sum(incident.deaths for incident in incidents)
    victims = sum(incident.victims for incident in incidents)
    words.append(f"{deaths:,} dead" if deaths else "nobody dead")
    if victims:
        share = "all" if victims == deaths else f"{victims:,} of them"
        words[-1] += f", {share} guards, workers or villagers"
    return " · ".join(words)


def _panels(figure: Figure) -> _Panels:
    terrain = figure.add_axes((_LEFT, _CEILING, _RIGHT - _LEFT, _CREST - _CEILING))
    strip = figure.add_axes((_LEFT, _FLOOR, _RIGHT - _LEFT, _CEILING - _FLOOR), sharex=terrain)
    by_place = figure.add_axes((_LEFT, _BASE, _RIGHT - _LEFT, _FOOT - _BASE), sharex=terrain)
    by_time = figure.add_axes((_SIDE, _FLOOR, _END - _SIDE, _CEILING - _FLOOR), sharey=strip)
    strip.set_xlim(0, LENGTH_KM)
    for axes in (terrain, strip):
        axes.tick_params(bottom=False, labelbottom=False)
    by_time.tick_params(left=False, labelleft=False)
    return _Panels(terrain, strip, by_place, by_time)


def _ground(panels: _Panels) -> None:
    """Level of the line and the crests beside it; bounds of districts through all panels."""
    km, level_m, crest_m = profile()
    axes = panels.terrain
    axes.fill_between(km, crest_m / 1000, color=style.CREST, linewidth=0)
    axes.fill_between(km, level_m / 1000, color=style.GROUND, linewidth=0)
    axes.set_ylim(0, float(crest_m.max()) / 1000 * 1.05)
    axes.set_yticks([2, 4], ["2 km", "4 km"])
    axes.spines["bottom"].set_visible(False)
    bounds = [district.km_from for district in DISTRICTS[1:]]
    for each in (axes, panels.map, panels.by_place):
        for bound in bounds:
            each.axvline(bound, color=style.FAINT, linewidth=0.5, zorder=0.6)


def _alert(axes: Axes, changes: Sequence[AlertChange], days: float) -> list[str]:
    """Shade each district by its level over time; returns the levels that occur, in order.

    A change in a district that is none of the thirteen is one of the whole frontier.
    """
    slugs = {district.slug for district in DISTRICTS}
    boxes: dict[str, list[list[tuple[float, float]]]] = {}
    ordered = sorted(changes, key=lambda change: change.at)
    for district in DISTRICTS:
        own = [c for c in ordered if c.district == district.slug or c.district not in slugs]
        ends = [change.at for change in own[1:]] + [days]
        for change, end in zip(own, ends, strict=False):
            t0, t1 = max(change.at, 0.0), min(end, days)
            if t1 > t0:
                west, east = district.km_from, district.km_to
                box = [(west, t0), (east, t0), (east, t1), (west, t1)]
                boxes.setdefault(change.level, []).append(box)
    for level, shapes in boxes.items():
        colour = style.LEVEL_COLOURS.get(level, style.NIGHT)
        # No antialiasing: neighbours of one level must show no seam.
        axes.add_collection(
            PolyCollection(shapes, facecolor=colour, linewidth=0, antialiased=False, zorder=0.2)
        )
    known = [level for level in style.LEVEL_COLOURS if level in boxes]
    return known + sorted(set(boxes) - set(known))


def _points(axes: Axes, passed: Sequence[Crossing], incidents: Sequence[Incident]) -> None:
    """Crossings below, incidents above, the deadly last and larger."""
    many = len(passed) > _FEW_DOTS
    axes.scatter(
        [crossing.km for crossing in passed],
        [crossing.crossed_at for crossing in passed],
        s=2.2 if many else 6.0,
        color=_DOT,
        alpha=0.35 if many else 0.55,
        linewidths=0,
        rasterized=many,
        zorder=1.0,
    )
    for rank, (kind, (colour, marker, _)) in enumerate(style.KIND_STYLES.items()):
        for deadly in (False, True):
            chosen = [i for i in incidents if i.kind == kind and (i.deaths > 0) == deadly]
            axes.scatter(
                [incident.km for incident in chosen],
                [incident.at for incident in chosen],
                s=_area(marker, deadly),
                color=colour,
                marker=marker,
                edgecolors="white",
                linewidths=0.6,
                zorder=2 + deadly + rank / 100,
                clip_on=False,
                label=kind,
            )


def _area(marker: str, deadly: bool) -> float:
    """Size of a marker in points squared; stars and crosses look smaller than they are."""
    return (95.0 if deadly else 30.0) * (1.5 if marker in "*XP" else 1.0)


def _calendar(panels: _Panels, start: dt.date, days: float) -> None:
    """Time runs downwards."""
    ticks = calendar_ticks(start, days)
    panels.map.set_ylim(days, 0)
    panels.map.set_yticks(ticks.at, ticks.labels)
    for each in (panels.map, panels.by_time):
        for t in ticks.at:
            each.axhline(t, color=style.FAINT, linewidth=0.4, alpha=0.6, zorder=0.5)


def _bin_days(days: float) -> tuple[float, str]:
    """Width of a bin in time and its name, for about 25 bins."""
    for most, width, name in (
        (1.5, 1 / 24, "hour"), (45, 1, "day"), (150, 7, "week"), (800, 14, "2 weeks"),
        (1600, 28, "4 weeks"),
    ):  # fmt: skip
        if days <= most:
            return width, name
    width = float(-(-days // 60))
    return width, f"{width:,.0f} days"


def _margins(
    panels: _Panels, passed: Sequence[Crossing], incidents: Sequence[Incident], days: float
) -> None:
    """Stacked counts by place and by time: incidents at the foot, crossings beyond."""
    width, name = _bin_days(days)
    by_km = np.append(np.arange(0.0, LENGTH_KM, BIN_KM), LENGTH_KM)
    by_day = np.append(np.arange(0.0, days, width), days)
    layers = [
        (kind_style.colour, [(i.km, i.at) for i in incidents if i.kind == kind])
        for kind, kind_style in style.KIND_STYLES.items()
    ]
    layers.append(("#D4D4D4", [(crossing.km, crossing.crossed_at) for crossing in passed]))
    place_foot, time_foot = np.zeros(len(by_km) - 1), np.zeros(len(by_day) - 1)
    for colour, points in layers:
        if not points:
            continue
        km, t = np.array(points, dtype=np.float64).T
        here, then = np.histogram(km, by_km)[0], np.histogram(t, by_day)[0]
        panels.by_place.bar(
            by_km[:-1], here, np.diff(by_km), place_foot, align="edge", color=colour, linewidth=0
        )
        panels.by_time.barh(
            by_day[:-1], then, np.diff(by_day), time_foot, align="edge", color=colour, linewidth=0
        )
        place_foot, time_foot = place_foot + here, time_foot + then
    panels.by_place.set_ylim(0, _round_count(panels.by_place, float(place_foot.max()), "y"))
    panels.by_time.set_xlim(0, _round_count(panels.by_time, float(time_foot.max()), "x"))
    panels.by_place.set_xticks(range(0, int(LENGTH_KM) + 1, 200))
    panels.by_place.set_ylabel(f"per {BIN_KM:.0f} km")
    # Left of the widest numbers, whatever they are.
    panels.by_place.yaxis.set_label_coords(-0.052, 0.5)
    panels.by_place.set_xlabel("chainage from the Uzbekistan tripoint, km")
    panels.by_time.set_xlabel(f"per {name}")


def _round_count(axes: Axes, most: float, which: str) -> float:
    """Mark 0 and a round count that holds half the highest bar; returns the axis' end."""
    top = max(most, 1.0)
    power = 10 ** np.floor(np.log10(top))
    mark = max(int(max(m * power for m in (0.5, 1, 2, 5) if m * power <= top)), 1)
    (axes.set_yticks if which == "y" else axes.set_xticks)([0, mark], ["0", f"{mark:,}"])
    return top * 1.06


def _name_districts(figure: Figure, axes: Axes) -> None:
    """Names above the terrain, in lanes, each with a leader where it stands high."""
    looks: dict[str, Any] = {"fontsize": 8.0, "linespacing": 0.95}
    wide, tall = figure.bbox.width, figure.bbox.height
    foot = axes.get_window_extent().y1
    middles = [
        float(axes.transData.transform((district.middle_km, 0.0))[0]) for district in DISTRICTS
    ]
    widths = [size(figure, district.name, **looks)[0] for district in DISTRICTS]
    for district, x, lane in zip(DISTRICTS, middles, lanes(middles, widths), strict=True):
        rise = foot + 1.5 * GAP + lane * _LANE_PX
        axes.annotate(
            district.name,
            (x / wide, foot / tall),
            (x / wide, rise / tall),
            xycoords="figure fraction",
            textcoords="figure fraction",
            ha="center",
            va="baseline",
            annotation_clip=False,
            arrowprops=(
                {"arrowstyle": "-", "color": style.FAINT, "linewidth": 0.7, "shrinkA": 2}
                if lane
                else None
            ),
            **looks,
        )


def _legends(
    figure: Figure, passed: Sequence[Crossing], incidents: Sequence[Incident], levels: list[str]
) -> None:
    """Only what occurs: kinds under the title, alert levels and sizes at the right."""
    present = {incident.kind for incident in incidents}
    keys = [_key(*kind_style) for kind, kind_style in style.KIND_STYLES.items() if kind in present]
    if passed:
        keys.insert(0, _key(_DOT, "o", "crossing, not stopped", 2.5))
    ground = [
        Patch(facecolor=style.GROUND, label="level of the line"),
        Patch(facecolor=style.CREST, label="highest ground within 20 km"),
    ]
    figure.legend(
        handles=[*keys, *ground],
        loc="upper left",
        bbox_to_anchor=(_LEFT - 0.006, 0.917),
        ncols=6,
        borderaxespad=0,
        borderpad=0,
        handlelength=1.4,
        handletextpad=0.4,
        columnspacing=1.6,
        labelspacing=0.35,
    )
    shades = [
        Patch(facecolor=style.LEVEL_COLOURS.get(level, style.NIGHT), edgecolor=style.FAINT,
              linewidth=0.6, label=level)
        for level in levels
    ]  # fmt: skip
    if shades:
        _corner(figure, shades, "alert level", (_SIDE, _CEILING + 0.012))
    if any(incident.deaths for incident in incidents):
        sizes = [
            _key(style.GREY, "o", words, _area("o", deadly) ** 0.5)
            for words, deadly in (("nobody died", False), ("deadly", True))
        ]
        _corner(figure, sizes, "size of a mark", (_SIDE, _BASE))


def _corner(
    figure: Figure, keys: Sequence[Patch | Line2D], title: str, at: tuple[float, float]
) -> None:
    legend = figure.legend(
        handles=list(keys),
        title=title,
        loc="lower left",
        bbox_to_anchor=at,
        borderaxespad=0,
        borderpad=0,
        handlelength=1.4,
        handletextpad=0.5,
        labelspacing=0.3,
        alignment="left",
        title_fontsize=8,
    )
    legend.get_title().set_color(style.GREY)


def _key(colour: str, marker: str, label: str, across: float = 6.5) -> Line2D:
    return Line2D(
        [], [], color=colour, marker=marker, markersize=across, linestyle="none",
        markeredgecolor="white" if across > 3 else colour, markeredgewidth=0.5, label=label,
    )  # fmt: skip


def _headline(figure: Figure, title: str, period: str) -> None:
    looks: dict[str, Any] = {"fontsize": 12.5, "fontweight": "bold"}
    width = (_END - 0.02) * figure.bbox.width
    words = wrapped(figure, title, width, **looks)
    if "\n" in words:
        looks["fontsize"] = 10.0
        words = wrapped(figure, title, width, **looks)
    figure.text(0.02, 0.985, words, va="top", ha="left", **looks)
    figure.text(0.02, 0.945, period, va="top", ha="left", fontsize=9, color=style.GREY)
