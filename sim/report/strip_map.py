"""The strip map of one run: along the line and down the calendar."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.frontier.ground import Ground
from sim.incidents.kinds import INCIDENTS
from sim.incidents.records import AlertChange, Crossing, Incident
from sim.report import style
from sim.report.one_run import OneRun
from sim.report.strip_layout import (
    BASE,
    CEILING,
    SIDE,
    Layer,
    Panels,
    corner_legend,
    keys_legend,
    strip_figure,
    strip_headline,
)
from sim.report.ticks import period_text

_FEW_DOTS: Final = 1500
_DOT: Final = "#9A9A9A"


def draw_strip_map(run: OneRun) -> Figure:
    """Draw one run: chainage (km) to the right, time downwards, the terrain on top.

    Crossings that nobody stopped are faint dots. Incidents have a colour and a marker by kind,
    larger where people died. The background is the alert level of the district. The margins count
    both, by 20 km and two weeks on the shipped ground and a year.
    """
    ground, incidents = run.scenario.ground, run.incidents
    passed = [crossing for crossing in run.crossings if not crossing.stopped]
    with style.styled():
        layers = _layers(passed, incidents)
        canvas, panels = strip_figure(ground, run.scenario.start, run.days, layers)
        levels = _alert(panels, run.alert_changes, run.days)
        _points(panels.map, passed, incidents)
        _legends(canvas, passed, incidents, levels)
        strip_headline(canvas, finding(run.crossings, incidents, ground), _period(run))
    return canvas


def finding(crossings: Sequence[Crossing], incidents: Sequence[Incident], ground: Ground) -> str:
    """The finding in a line: ``1,012 crossings, 61 stopped; 17 clashes, 9 of them in ...``.

    The place is named where one district has more clashes than any other, and more than one.
    """
    met = sum(crossing.stopped for crossing in crossings)
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
        fights += f", {share} of them in {ground.name_of(place)}"
    return f"{flow}; {fights}".capitalize() if not crossings else f"{flow}; {fights}"


def _many(n: int, one: str, several: str | None = None) -> str:
    return f"{n:,} {one}" if n == 1 else f"{f'{n:,}' if n else 'no'} {several or one + 's'}"


def _period(run: OneRun) -> str:
    """The days shown and the dead, by side."""
    days = period_text(run.scenario.start, run.days)
    words = [days, _many(len(run.incidents), "incident")]
    deaths = sum(incident.deaths for incident in run.incidents)
    victims = sum(incident.victims for incident in run.incidents)
    words.append(f"{deaths:,} dead" if deaths else "nobody dead")
    if victims:
        share = "all of them" if victims == deaths else f"{victims:,} of them"
        words[-1] += f", {share} guards, workers or villagers"
    return " · ".join(words)


def _alert(panels: Panels, changes: Sequence[AlertChange], days: float) -> list[str]:
    """Shade each district by its level over time; return the levels that occur, in order.

    A change without a district of the ground applies to the whole frontier.
    """
    boxes: dict[str, list[list[tuple[float, float]]]] = {}
    ordered = sorted(changes, key=lambda change: change.at)
    slugs = panels.land.slugs
    for district in panels.land.districts:
        here = [c for c in ordered if c.district == district.slug or c.district not in slugs]
        ends = [change.at for change in here[1:]] + [days]
        for change, end in zip(here, ends, strict=False):
            t0, t1 = max(change.at, 0.0), min(end, days)
            if t1 > t0:
                west, east = district.km_from, district.km_to
                box = [(west, t0), (east, t0), (east, t1), (west, t1)]
                boxes.setdefault(change.level, []).append(box)
    for level, shapes in boxes.items():
        colour = style.LEVEL_COLOURS.get(level, style.NIGHT)
        # without antialiasing, neighbours of the same level show no seam
        panels.map.add_collection(
            PolyCollection(shapes, facecolor=colour, linewidth=0, antialiased=False, zorder=0.2)
        )
    known = [level for level in style.LEVEL_COLOURS if level in boxes]
    return known + sorted(set(boxes) - set(known))


def _points(axes: Axes, passed: Sequence[Crossing], incidents: Sequence[Incident]) -> None:
    """Draw crossings below, incidents above, the deadly ones last and larger."""
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
    for rank, kind in enumerate(INCIDENTS.values()):
        marker = style.MARKERS[kind.look.shape]
        for deadly in (False, True):
            chosen = [i for i in incidents if i.kind == kind.name and (i.deaths > 0) == deadly]
            axes.scatter(
                [incident.km for incident in chosen],
                [incident.at for incident in chosen],
                s=_area(marker, deadly),
                color=kind.colour,
                marker=marker,
                edgecolors="white",
                linewidths=0.6,
                zorder=2 + deadly + rank / 100,
                clip_on=False,
                label=kind.name,
            )


def _area(marker: style.Marker, deadly: bool) -> float:
    """The area of a marker, points squared; larger for stars and crosses, which look small."""
    thin = 2.0 if isinstance(marker, tuple) else 1.5 if marker in ("*", "X", "P") else 1.0
    return thin * (95.0 if deadly else 30.0)


def _layers(passed: Sequence[Crossing], incidents: Sequence[Incident]) -> list[Layer]:
    """Incidents by kind, then the crossings that nobody stopped."""
    found = [
        Layer(kind.colour, [i.km for i in incidents if i.kind == kind.name],
              [i.at for i in incidents if i.kind == kind.name])
        for kind in INCIDENTS.values()
    ]  # fmt: skip
    return [*found, Layer("#D4D4D4", [c.km for c in passed], [c.crossed_at for c in passed])]


def _legends(
    figure: Figure, passed: Sequence[Crossing], incidents: Sequence[Incident], levels: list[str]
) -> None:
    """Draw the legends: kinds under the title, alert levels and sizes at the right."""
    present = {incident.kind for incident in incidents}
    keys = [
        _key(kind.colour, style.MARKERS[kind.look.shape], kind.label)
        for kind in INCIDENTS.values()
        if kind.name in present
    ]
    if passed:
        keys.insert(0, _key(_DOT, "o", "crossing, not stopped", 2.5))
    keys_legend(figure, keys)
    shades = [
        Patch(facecolor=style.LEVEL_COLOURS.get(level, style.NIGHT), edgecolor=style.FAINT,
              linewidth=0.6, label=level)
        for level in levels
    ]  # fmt: skip
    if shades:
        corner_legend(figure, shades, "alert level", (SIDE, CEILING + 0.012))
    if any(incident.deaths for incident in incidents):
        sizes = [
            _key(style.GREY, "o", words, _area("o", deadly) ** 0.5)
            for words, deadly in (("nobody died", False), ("deadly", True))
        ]
        corner_legend(figure, sizes, "size of a mark", (SIDE, BASE))


def _key(colour: str, marker: style.Marker, label: str, across: float = 6.5) -> Line2D:
    return Line2D(
        [], [], color=colour, marker=marker, markersize=across, linestyle="none",
        markeredgecolor="white" if across > 3 else colour, markeredgewidth=0.5, label=label,
    )  # fmt: skip
