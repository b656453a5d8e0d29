"""One incident under several policies: a trunk for what the worlds share, then a branch for each.

Time runs down step by step, not to scale. A bar below a step is the probability there, and the
stroke through it the draw: the step happened where the stroke is within the filled part.
"""

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from sim.comparison.terms import Terms
from sim.explore.incident.partings import Row
from sim.explore.incident.story import Step, moment
from sim.explore.incident.study import IncidentComparison
from sim.report import layout, style
from sim.report.labels import text_size, wrap
from sim.report.section import SectionContent
from sim.scenario.parameters import parameter

RESULT: Final = IncidentComparison

_KEY: Final = re.compile(r"\b[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+\b")
_LONGEST: Final = 70
"""The longest description of a parameter, in characters, that a sentence can include."""

_COLOURS: Final = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE, style.ORANGE)
_MARKERS: Final[dict[str, tuple[str, float]]] = {
    "plan": ("D", 6.0), "comes": ("o", 6.0), "crosses": ("o", 7.0), "alarm": ("^", 7.0),
    "team": (">", 6.5), "arrives": ("s", 6.0), "search": ("s", 5.0), "meeting": ("X", 8.5),
    "incident": ("*", 11.0), "ends": ("o", 6.0), "drone": ("v", 7.0),
}  # fmt: skip
_CLOCK_PX: Final = 92.0
_STEP_PX: Final = 9.0
_BAR: Final = (84.0, 5.0, 4.0)
"""Width and height of a bar of probability, and the gap above it, pixels."""
_WORDS: Final[dict[str, Any]] = {"fontsize": 8.5, "linespacing": 1.15}
_FORK_PX: Final = 22.0
_NAMES_PX, _END_PX = 26.0, 26.0
_BOLD: Final[dict[str, Any]] = {**_WORDS, "fontweight": "bold"}
_NOTE: Final = (
    "Time runs down, not to scale. Grey: the same under all policies; from the parting on each has "
    "its own branch. A hollow dot is a look that saw nothing. A bar is a probability, the stroke "
    "the draw: the event happened, or was seen, where the stroke is within the filled part. The "
    "draws are the same under every policy."
)


class _Cell(NamedTuple):
    """The words beside a mark, the height with the bar, probability and draw, and the step."""

    words: str
    tall: float
    odds: tuple[float, float] | None
    step: Step


class _Line(NamedTuple):
    """A line of the figure: the time, and a cell for each world, or one cell that all share."""

    clock: str
    cells: tuple[_Cell | None, ...]
    shared: bool
    parts: bool
    tall: float


def draw_incident(result: IncidentComparison) -> Figure:
    """Draw the stories of an incident side by side."""
    with style.styled():
        probe = layout.empty_figure(1.0)
        wide = _column(probe, len(result.stories))
        lines = _lines(probe, result, wide)
        ends = [wrap(probe, s.outcome.words, wide - 30.0, **_BOLD) for s in result.stories]
        tall = sum(line.tall for line in lines) + max(text_size(probe, e, **_BOLD)[1] for e in ends)
        words = result.title, " ".join(result.verdict)
        frame = layout.new_frame(_NAMES_PX + tall + _END_PX, words, _NOTE)
        _Drawing(frame.figure, result, wide).draw(lines, ends, frame.top)
    return frame.figure


def _column(figure: Figure, worlds: int) -> float:
    return (figure.bbox.width - 2 * layout.MARGIN - _CLOCK_PX) / worlds


def _lines(figure: Figure, result: IncidentComparison, wide: float) -> list[_Line]:
    """The lines of the figure, with their heights."""
    lines: list[_Line] = []
    parted_at = min((one.at for one in result.partings), default=None)
    before, apart = "", False
    for rows in result.folded:
        parts = not apart and parted_at is not None and _parts(rows, parted_at)
        apart = apart or parts
        shared = not apart and all(row.same and None not in row.steps for row in rows)
        clock = moment(result.start, rows[0].at)
        room = wide * (len(result.stories) if shared else 1) - 30.0
        cells = [
            _cell(figure, [s for row in rows if (s := row.steps[n])], room, parts)
            for n in range(1 if shared else len(result.stories))
        ]
        tall = max(cell.tall for cell in cells if cell) + _STEP_PX
        if parts and lines:
            tall += _FORK_PX
        lines.append(_Line("" if clock == before else clock, tuple(cells), shared, parts, tall))
        before = clock
    return lines


def _parts(rows: Sequence[Row], at: float) -> bool:
    return any(not row.same and row.at >= at for row in rows)


def _cell(figure: Figure, steps: Sequence[Step], room: float, bold: bool) -> _Cell | None:
    if not steps:
        return None
    one = steps[0]
    alone = len(steps) == 1 and one.chance is not None and one.luck is not None
    text = one.told if alone else "; ".join(step.told for step in steps)
    looks = _BOLD if bold else _WORDS
    words = wrap(figure, text, room, **looks)
    tall = text_size(figure, words, **looks)[1] + (_BAR[1] + _BAR[2] if alone else 0.0)
    return _Cell(words, tall, (one.chance or 0.0, one.luck or 0.0) if alone else None, one)


class _Drawing:
    """Draws lines on a figure, from the top down."""

    def __init__(self, figure: Figure, result: IncidentComparison, wide: float) -> None:
        self.figure, self.found, self.wide = figure, result, wide
        self.ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.ax.set_axis_off()
        self.ax.set_xlim(0.0, figure.bbox.width)
        self.ax.set_ylim(0.0, figure.bbox.height)

    def lane(self, n: int) -> float:
        """The place of the line of a world, pixels from the left."""
        return layout.MARGIN + _CLOCK_PX + n * self.wide

    def draw(self, lines: Sequence[_Line], ends: Sequence[str], top: float) -> None:
        """Draw the lines from ``top`` down, then how each story ended."""
        for n, name in enumerate(self.found.names):
            self.ax.text(self.lane(n) + 16.0, top, name, va="top", fontweight="bold",
                         color=self.colour(n), fontsize=10.0)  # fmt: skip
        y = top - _NAMES_PX
        fork = y if not lines[0].shared else None
        for line in lines:
            if line.parts and fork is None:
                fork, y = y, y - _FORK_PX
                self._fork(fork + 4.0, y)
            self.ax.text(layout.MARGIN, y, line.clock, va="top", color=style.GREY, **_WORDS)
            for n, cell in enumerate(line.cells):
                if cell is not None:
                    self._put(n, cell, y, line)
            y -= line.tall - (_FORK_PX if line.parts and line is not lines[0] else 0.0)
        if lines[0].shared:
            self._run(0, top - _NAMES_PX, y - 14.0 if fork is None else fork + 4.0, style.GREY)
        for n, words in enumerate(ends):
            if fork is not None:
                begins = fork if not lines[0].shared else fork - _FORK_PX
                self._run(n, begins, y - 14.0, self.colour(n))
            shade = style.GREY if fork is None else self.colour(n)
            self.ax.plot([self.lane(n)], [y - 14.0], marker="s", color=shade, markersize=8.0)
            self.ax.text(self.lane(n) + 16.0, y - 8.0, words, va="top", **_BOLD)

    def colour(self, n: int) -> str:
        """The colour of the branch of a world."""
        return _COLOURS[n % len(_COLOURS)]

    def _run(self, n: int, high: float, low: float, colour: str) -> None:
        self.ax.plot([self.lane(n)] * 2, [high, low], color=colour, linewidth=2.6, zorder=1.0,
                     solid_capstyle="butt")  # fmt: skip

    def _fork(self, high: float, low: float) -> None:
        """Draw the way from the trunk to each branch."""
        for n in range(len(self.found.stories)):
            x0, x1, colour = self.lane(0), self.lane(n), self.colour(n)
            middle = 0.5 * (high + low)
            way = Path([(x0, high), (x0, middle), (x1, middle), (x1, low)],
                       [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])  # fmt: skip
            self.ax.add_patch(
                PathPatch(way, facecolor="none", edgecolor=colour, linewidth=2.6, zorder=1.0)
            )

    def _put(self, n: int, cell: _Cell, y: float, line: _Line) -> None:
        """Draw a mark on the line, the words beside it, and the bar of probability below them."""
        x = self.lane(n)
        colour = style.GREY if line.shared else self.colour(n)
        marker, large = _MARKERS.get(cell.step.key.split()[0], ("o", 6.0))
        filled = "white" if cell.step.quiet else colour
        self.ax.plot([x], [y - 6.0], marker=marker, markersize=large, color=filled, zorder=2.0,
                     markeredgecolor=colour, markeredgewidth=1.2)  # fmt: skip
        ink = style.GREY if cell.step.quiet else style.INK
        weight = "bold" if line.parts else "normal"
        self.ax.text(x + 16.0, y, cell.words, va="top", color=ink, fontweight=weight, **_WORDS)
        if cell.odds is not None:
            self._bar(x + 16.0, y - cell.tall, cell.odds, colour)

    def _bar(self, x: float, y: float, odds: tuple[float, float], colour: str) -> None:
        wide, tall, _ = _BAR
        chance, luck = odds
        edge: dict[str, Any] = {"linewidth": 0.6, "edgecolor": style.GREY, "zorder": 1.5}
        self.ax.add_patch(Rectangle((x, y), wide, tall, facecolor="white", **edge))
        self.ax.add_patch(
            Rectangle((x, y), wide * chance, tall, facecolor=colour, alpha=0.45, linewidth=0.0,
                      zorder=1.6)
        )  # fmt: skip
        self.ax.plot([x + wide * luck] * 2, [y - 1.5, y + tall + 1.5], color=style.INK,
                     linewidth=1.4, zorder=1.7)  # fmt: skip


def section_content(found: IncidentComparison, terms: Terms) -> SectionContent:
    """The incident for the page: how each story ended, where they part and why."""
    found = _with_labels(found, terms)
    ends = [f"Under {story.world}: {story.outcome.words}." for story in found.stories]
    sentences = [f"{found.title} ({found.identity}, {found.which}).", *ends, *found.verdict]
    return SectionContent(sentences, (), draw_incident(found))


def _with_labels(result: IncidentComparison, terms: Terms) -> IncidentComparison:
    """The same with labels for worlds, and words for parameters, instead of keys."""
    names = {story.world: terms.label(story.world) for story in result.stories}
    longest = sorted(names, key=len, reverse=True)
    worlds = re.compile("|".join(rf"(?<![\w.]){re.escape(name)}(?![\w.])" for name in longest))

    def plain(words: str) -> str:
        return _KEY.sub(_parameter, worlds.sub(lambda match: names[match[0]], words))

    stories = [story.model_copy(update={"world": names[story.world]}) for story in result.stories]
    partings = [
        one.model_copy(
            update={"world": names[one.world], "words": plain(one.words), "why": plain(one.why)}
        )
        for one in result.partings
    ]
    return result.model_copy(update={"stories": tuple(stories), "partings": tuple(partings)})


def _parameter(match: re.Match[str]) -> str:
    """The description of a parameter in the registry; its key in words where that is long."""
    known = parameter(match[0])
    text = known.doc.split(". ")[0].rstrip(".") if known else ""
    if 0 < len(text) <= _LONGEST:
        return text[0].lower() + text[1:]
    return match[0].replace(".", ", ").replace("_", " ")
