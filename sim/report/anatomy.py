"""The anatomy of an incident: who was where and when, as a space-time (Marey) diagram.

The upper panel shows chainage against time: posts, patrols with the band they see, the group and
the team. The lower panel shows the depth of the group. Words above the panels say what happened,
each with a leader down to its instant.
"""

from collections.abc import Sequence
from math import hypot
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.errors import StoreError
from sim.incidents.anatomy import Anatomy, Mark, MarkKind
from sim.incidents.kinds import ACTORS
from sim.incidents.narrative import sentence, severity
from sim.incidents.records import Incident
from sim.report import layout, style
from sim.report.labels import GAP, spread, staircase, text_size, wrap
from sim.report.one_run import OneRun
from sim.report.ticks import clock_text, ticks
from sim.runs.arrow import to_table
from sim.runs.table_equality import tables_match

if TYPE_CHECKING:
    from sim.model import BorderModel

MARK_STYLES: Final[dict[MarkKind, tuple[str, str]]] = {
    "contact": (style.BLACK, "X"),
    "strike": (style.BLACK, "*"),
    "crossed": (style.VERMILION, "o"),
    "sign": (style.ORANGE, "D"),
    "seen": (style.SKY, "o"),
    "team_arrives": (style.GREEN, "s"),
    "alarm": (style.PURPLE, "^"),
    "team_leaves": (style.GREEN, ">"),
    "end": (style.GREY, "o"),
}
"""Colour and marker of each kind of mark, the most important first."""

_RANK: Final = {kind: rank for rank, kind in enumerate(MARK_STYLES)}
_MANY_SORTIES: Final = 40
_WIDEST: Final = 300.0
_SAME_PX: Final = 5.0
_WORDS: Final[dict[str, Any]] = {"fontsize": 8.5, "linespacing": 1.1}
_TITLE: Final[dict[str, Any]] = {"fontsize": 11.5, "fontweight": "bold"}

# Pixels at the figure's own resolution, measured from its edges.
_LEFT, _RIGHT, _TOP, _FOOT, _BETWEEN = 72.0, 166.0, 16.0, 76.0, 14.0
_DEPTH_SHARE = 0.27


class _Panels(NamedTuple):
    line: Axes
    depth: Axes


def draw_anatomy(anatomy: Anatomy) -> Figure:
    """Draw one incident. The title is its sentence, the subtitle ``anatomy.title``.

    Raise ``ValueError`` where ``t1`` is not after ``t0``.
    """
    if not anatomy.t1 > anatomy.t0:
        raise ValueError(f"an anatomy needs t1 > t0, not {anatomy.t0} and {anatomy.t1}")
    with style.styled():
        canvas = style.blank()
        top = _headline(canvas, anatomy)
        marks, notes = _notes(canvas, anatomy, 0.5 * top)
        stair = max((note.rise + note.tall for note in notes), default=0.0)
        panels = _panels(canvas, anatomy, marks, top - stair - 3 * GAP)
        _nights(panels, anatomy)
        _patrols(panels.line, anatomy)
        _people(canvas, panels, anatomy)
        _posts(canvas, panels.line, anatomy)
        _marks(panels, marks)
        _write(canvas, panels, marks, notes)
        _legend(canvas, anatomy)
    return canvas


def _headline(figure: Figure, anatomy: Anatomy) -> float:
    """Write title and subtitle; return the height left for the rest, pixels."""
    width, y = figure.bbox.width - 2 * _TOP, figure.bbox.height - _TOP
    title = sentence(anatomy.incident, anatomy.start, anatomy.ground)
    title = wrap(figure, title, width, **_TITLE)
    layout.write_text(figure, _TOP, y, title, va="top", **_TITLE)
    y -= text_size(figure, title, **_TITLE)[1] + 1.5 * GAP
    if anatomy.title:
        below = wrap(figure, anatomy.title, width, fontsize=9.0)
        layout.write_text(figure, _TOP, y, below, va="top", color=style.GREY, fontsize=9.0)
        y -= text_size(figure, below, fontsize=9.0)[1] + GAP
    return y - 2 * GAP


def _across(figure: Figure, anatomy: Anatomy, t: float) -> float:
    """The place of an instant, pixels from the left edge."""
    share = (t - anatomy.t0) / (anatomy.t1 - anatomy.t0)
    return _LEFT + share * (figure.bbox.width - _LEFT - _RIGHT)


class _Note(NamedTuple):
    """The words of a mark, their height above the panels and their own height, pixels."""

    words: str
    rise: float
    tall: float


def _notes(figure: Figure, anatomy: Anatomy, room: float) -> tuple[list[Mark], list[_Note]]:
    """The marks whose words fit into ``room`` pixels of height, in order of time, and the words.

    Where there are too many, the least important kinds are left out.
    """
    marks = sorted(map(Mark._make, anatomy.marks), key=lambda mark: mark.t)
    marks = [mark for mark in marks if anatomy.t0 <= mark.t <= anatomy.t1]
    while True:
        anchors = [_across(figure, anatomy, mark.t) for mark in marks]
        widths = [min(figure.bbox.width - x - 4 * GAP, _WIDEST) for x in anchors]
        words = [
            wrap(figure, f"{clock_text(mark.t)} {mark.label}", width, **_WORDS)
            for mark, width in zip(marks, widths, strict=True)
        ]
        sizes = [text_size(figure, each, **_WORDS) for each in words]
        rises = staircase(anchors, sizes)
        notes = [_Note(*n) for n in zip(words, rises, (tall for _, tall in sizes), strict=True)]
        if len(notes) <= 1 or max(note.rise + note.tall for note in notes) <= room:
            return marks, notes
        marks.remove(max(marks, key=lambda mark: (_RANK[mark.kind], mark.t)))


def _panels(figure: Figure, anatomy: Anatomy, marks: Sequence[Mark], top: float) -> _Panels:
    right = figure.bbox.width - _RIGHT
    deep = _FOOT + (top - _FOOT - _BETWEEN) * _DEPTH_SHARE
    line = layout.add_panel(figure, _LEFT, deep + _BETWEEN, right, top)
    depth = layout.add_panel(figure, _LEFT, _FOOT, right, deep)
    depth.sharex(line)
    line.set_xlim(anatomy.t0, anatomy.t1)
    line.set_ylim(*_reach(anatomy, marks))
    line.tick_params(labelbottom=False)
    line.set_ylabel("chainage, km")
    hours = ticks(anatomy.start, anatomy.t0, anatomy.t1, dated=True)
    depth.set_xticks(hours.at, hours.labels)
    # in the corner beside the days, free of numbers and legend
    clock = f"local time\n({anatomy.ground.clock})"
    layout.write_text(figure, right + 46, _FOOT - 9, clock, va="top", **_WORDS)
    depths = [0.0, *(point[2] for point in anatomy.path), *(mark.depth for mark in marks)]
    slack = max(0.12 * (max(depths) - min(depths)), 0.5)
    depth.set_ylim(min(depths) - slack, max(depths) + slack)
    depth.set_ylabel("depth, km")
    for axes, most in ((line, 6), (depth, 3)):
        _inner_ticks(axes, most)
        axes.yaxis.set_label_coords((18 - _LEFT) / (right - _LEFT), 0.5)
    return _Panels(line, depth)


def _inner_ticks(axes: Axes, most: int) -> None:
    """Put round numbers well inside the axis, so that those of the two panels keep apart."""
    low, high = axes.get_ylim()
    slack = 0.04 * (high - low)
    marks = MaxNLocator(most, steps=[1, 2, 5, 10]).tick_values(low, high)
    axes.set_yticks([float(mark) for mark in marks if low + slack <= mark <= high - slack])


def _reach(anatomy: Anatomy, marks: Sequence[Mark]) -> tuple[float, float]:
    """The chainages to show: everything that moved, the nearest posts, and a margin."""
    seen = [anatomy.incident.km, *(mark.km for mark in marks)]
    seen += [point[1] for point in anatomy.path] + [point[1] for point in anatomy.team]
    low, high = min(seen), max(seen)
    west = max((km for _, km in anatomy.posts if km <= low), default=low)
    east = min((km for _, km in anatomy.posts if km >= high), default=high)
    slack = max(0.15 * (east - west), 7.0)
    return max(west - slack, -0.5), min(east + slack, anatomy.ground.length_km + 0.5)


def _nights(panels: _Panels, anatomy: Anatomy) -> None:
    for t0, t1 in anatomy.nights:
        first, last = max(t0, anatomy.t0), min(t1, anatomy.t1)
        if first < last:
            for axes in panels:
                axes.axvspan(first, last, color=style.NIGHT, linewidth=0, zorder=0.1)


def _patrols(axes: Axes, anatomy: Anatomy) -> None:
    """Draw the paths of patrols, and around each the band in which the patrol can see."""
    low, high = axes.get_ylim()
    lines = [line for _, line in anatomy.sorties if any(low <= km <= high for _, km in line)]
    crowded = len(lines) > _MANY_SORTIES
    sight = anatomy.sight_range_km
    bands = [
        [(t, km - sight) for t, km in line] + [(t, km + sight) for t, km in reversed(line)]
        for line in lines
    ]
    axes.add_collection(
        PolyCollection(bands, facecolor=style.SKY, alpha=0.15 if crowded else 0.3, linewidth=0,
                       zorder=0.5),
        autolim=False,
    )  # fmt: skip
    axes.add_collection(
        LineCollection(lines, colors=style.BLUE, linewidths=0.45 if crowded else 1.1,
                       alpha=0.45 if crowded else 0.85, zorder=1.0),
        autolim=False,
    )  # fmt: skip


def _people(figure: Figure, panels: _Panels, anatomy: Anatomy) -> None:
    """Draw the group in both panels, the team along the line, and the line itself."""
    t = [point[0] for point in anatomy.path]
    for axes, place in ((panels.line, 1), (panels.depth, 2)):
        axes.plot(t, [point[place] for point in anatomy.path], color=style.VERMILION,
                  linewidth=2.4, solid_capstyle="round", zorder=2.0)  # fmt: skip
    team = [[point[place] for point in anatomy.team] for place in (0, 1)]
    panels.line.plot(*team, color=style.GREEN, linewidth=2.0, linestyle=(0, (4, 1.5)), zorder=1.9)
    panels.depth.axhline(0.0, color=style.INK, linewidth=1.0, zorder=1.5)
    _sides(figure, panels.depth)


def _sides(figure: Figure, axes: Axes) -> None:
    """Name the two sides of the line in the margin, where there is room for the words."""
    box = axes.get_window_extent()
    zero = float(axes.transData.transform((0.0, 0.0))[1])
    for words, low, high in (("inside", zero, box.y1), ("across the line", box.y0, zero)):
        if high - low > 1.5 * text_size(figure, words, **_WORDS)[1]:
            looks: dict[str, Any] = {"va": "center", "color": style.GREY, **_WORDS}
            layout.write_text(figure, box.x1 + 14, (low + high) / 2, words, **looks)


def _posts(figure: Figure, axes: Axes, anatomy: Anatomy) -> None:
    """Draw a dashed line at each post, its name in the margin; skip names where they crowd."""
    low, high = axes.get_ylim()
    posts = sorted((km, name) for name, km in anatomy.posts if low <= km <= high)
    for km, _ in posts:
        axes.axhline(km, color=style.GREY, linewidth=0.7, linestyle=(0, (4, 3)), zorder=0.7)
    box = axes.get_window_extent()
    line_px = text_size(figure, "Post 8", **_WORDS)[1] + 2
    most = max(int(box.height // line_px), 1)
    named = posts[:: -(-len(posts) // most) or 1]
    wanted = [float(axes.transData.transform((0.0, km))[1]) for km, _ in named]
    half = line_px / 2
    for (_, name), y0, y in zip(
        named, wanted, spread(wanted, line_px, box.y0 + half, box.y1 - half), strict=True
    ):
        axes.annotate(
            _fitted(figure, name, _RIGHT - 24),
            _share(figure, box.x1, y0),
            _share(figure, box.x1 + 14, y),
            xycoords="figure fraction",
            textcoords="figure fraction",
            va="center",
            color=style.GREY,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": style.FAINT, "linewidth": 0.7, "shrinkA": 1,
                        "shrinkB": 0},
            **_WORDS,
        )  # fmt: skip


def _share(figure: Figure, x: float, y: float) -> tuple[float, float]:
    """Pixels as shares of the figure, which hold at any resolution."""
    return x / figure.bbox.width, y / figure.bbox.height


def _fitted(figure: Figure, words: str, width: float) -> str:
    """``words`` in ``width`` pixels; where too long, shortened before the last, often a number."""
    if text_size(figure, words, **_WORDS)[0] <= width:
        return words
    name, _, last = words.rpartition(" ")
    tail = f"… {last}" if name and len(last) <= 4 else "…"
    name = name if tail != "…" else words
    while name and text_size(figure, name + tail, **_WORDS)[0] > width:
        name = name[:-1]
    return name.rstrip() + tail


def _marks(panels: _Panels, marks: Sequence[Mark]) -> None:
    """Draw each mark in both panels, earlier ones at the same place larger, so that all show."""
    for axes, place in ((panels.line, "km"), (panels.depth, "depth")):
        points = [axes.transData.transform((mark.t, getattr(mark, place))) for mark in marks]
        for i, mark in enumerate(marks):
            colour, marker = MARK_STYLES[mark.kind]
            above = sum(hypot(*(points[i] - other)) < _SAME_PX for other in points[i + 1 :])
            axes.plot(
                [mark.t], [getattr(mark, place)], marker=marker, color=colour, linestyle="none",
                markersize=(13 if marker == "*" else 9) + 4 * min(above, 3),
                markeredgecolor="white", markeredgewidth=1.0, zorder=3.0, clip_on=False,
            )  # fmt: skip


def _write(figure: Figure, panels: _Panels, marks: Sequence[Mark], notes: Sequence[_Note]) -> None:
    """Write the words above the panels, each right of a leader that runs down through both."""
    top = float(panels.line.get_window_extent().y1)
    to_data = panels.line.transData.inverted()
    # leaders belong to the upper panel, so the lower one is drawn first
    panels.depth.set_zorder(-1)
    for mark, note in zip(marks, notes, strict=True):
        x, foot = panels.depth.transData.transform((mark.t, mark.depth))
        head = top + 2 * GAP + note.rise
        ends = [float(to_data.transform((x, y))[1]) for y in (foot + 6, head + note.tall)]
        panels.line.plot(
            [mark.t, mark.t], ends, color=MARK_STYLES[mark.kind][0], linewidth=0.9,
            linestyle=(0, (1, 1.5)), zorder=1.2, clip_on=False, scalex=False, scaley=False,
        )  # fmt: skip
        layout.write_text(figure, x + GAP, head, note.words, va="bottom", **_WORDS)


def _legend(figure: Figure, anatomy: Anatomy) -> None:
    """A legend of the lines and shades that occur, under the picture."""
    keys: list[Line2D | Patch] = []
    if anatomy.path:
        who = ACTORS[anatomy.incident.actor].many
        keys.append(Line2D([], [], color=style.VERMILION, linewidth=2.4, label=who))
    if anatomy.team:
        keys.append(Line2D([], [], color=style.GREEN, linewidth=2.0, linestyle=(0, (4, 1.5)),
                           label="response team"))  # fmt: skip
    if anatomy.sorties:
        keys.append(Line2D([], [], color=style.BLUE, linewidth=1.1, label="patrol"))
        keys.append(Patch(facecolor=style.SKY, alpha=0.3, label="what a patrol can see"))
    if anatomy.posts:
        keys.append(Line2D([], [], color=style.GREY, linewidth=0.7, linestyle=(0, (4, 3)),
                           label="post"))  # fmt: skip
    if any(t0 < anatomy.t1 and t1 > anatomy.t0 for t0, t1 in anatomy.nights):
        keys.append(Patch(facecolor=style.NIGHT, label="night"))
    keys.append(Line2D([], [], color=style.INK, linewidth=1.0, label="the line (depth 0)"))
    figure.legend(
        handles=keys, loc="lower left", ncols=len(keys), handlelength=2.0,
        bbox_to_anchor=(_LEFT / figure.bbox.width, 10 / figure.bbox.height),
        handletextpad=0.5, columnspacing=1.8,
    )  # fmt: skip


def _matches(kept: Sequence[Any], again: Sequence[Any]) -> bool:
    if not kept or not again:
        return len(kept) == len(again)
    return tables_match(to_table(kept, type(kept[0])), to_table(again, type(again[0])))


def draw_gravest(run: OneRun) -> Figure:
    """The anatomy of the gravest incident of a run.

    No folder keeps where every patrol was, so the run is simulated again. Raise ``StoreError``
    where the run has no incident, or where the simulation gives another result.
    """
    from sim.model import BorderModel

    if not run.incidents:
        raise StoreError(
            "this run has no incident to draw",
            value=run.named,
            remedy="Draw another run.",
        )
    model = BorderModel(run.scenario, seed=run.seed)
    model.run_until(run.days)
    again = OneRun.of(model)
    records = ("crossings", "incidents", "alert_changes")
    if not all(_matches(getattr(run, name), getattr(again, name)) for name in records):
        raise StoreError(
            "this version of panj does not give the same run again",
            value=run.named,
            remedy="Make the run again with 'panj run -o', then draw it.",
        )
    return gravest_of(model)


def gravest_of(model: "BorderModel") -> Figure:
    """The anatomy of the gravest incident of a finished model."""
    from sim.observe import anatomy

    return draw_anatomy(anatomy(model, max(model.log[Incident], key=severity)))
