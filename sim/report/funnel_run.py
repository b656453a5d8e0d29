"""The detection funnel of one run: attempted, become known, reached, stopped, and by which cue."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.number_format import per_cent
from sim.comparison.terms import capital
from sim.incidents.kinds import CUES, ENDINGS
from sim.incidents.records import Crossing
from sim.report import layout, style
from sim.report.funnel import cue_keys
from sim.report.one_run import OneRun
from sim.report.row_chart import Panel, draw_bars, draw_panel

STAGES: Final = ("attempted", "become known", "reached", "stopped")

_LEFT_PX, _RIGHT_PX, _ROW_PX = 158.0, 270.0, 36.0
_ENOUGH: Final = 10
"""Of fewer no share is told."""

_NOTE: Final = (
    "Reached: guards met the group, or it dropped its load or ran back before they could. Stopped: "
    "smugglers who lost load or liberty, and militants whom guards met before they struck. Above, "
    "each stage in the colours of how its groups first became known; below, the same by that, on a "
    "scale of its own: pale those who became known, darker those reached, dark those stopped."
)


class CueCounts(NamedTuple):
    """Of those first known by a cue: how many, how many guards came up to, how many they stopped.

    Guards came up to those whom they met or stopped, and to those who ran back before that.
    """

    seen: int
    reached: int
    stopped: int


def counts_by_cue(crossings: Sequence[Crossing]) -> dict[str, CueCounts]:
    """The crossings that became known, by cue, in the order of the records."""
    found = {}
    for cue in CUES:
        own = [crossing for crossing in crossings if crossing.cue == cue]
        near = sum(c.contact_at is not None or c.stopped or ENDINGS[c.ending].fled for c in own)
        found[cue] = CueCounts(len(own), near, sum(c.stopped for c in own))
    return found


def _stages(crossings: Sequence[Crossing], ax: Axes) -> None:
    """A bar for each stage, counted in groups, in the colours of the cues."""
    by_cue = counts_by_cue(crossings)
    rows, counts = [(0, 0.0, len(crossings), style.FAINT)], [len(crossings)]
    for row in range(3):
        start = 0
        for cue, look in CUES.items():
            rows.append((row + 1, start, start + by_cue[cue][row], look.colour))
            start += by_cue[cue][row]
        counts.append(start)
    before = [0, *counts[:-1]]
    cells = [
        (f"{n:,}", _share(n, counts[0]), _share(n, last) if row else "")
        for row, (n, last) in enumerate(zip(counts, before, strict=True))
    ]

    def draw(ax: Axes) -> None:
        draw_bars(ax, rows, 0.66)
        _scale(ax, len(crossings))

    heads = ("groups", "of attempted", "of previous")
    draw_panel(ax, STAGES, Panel(draw, [heads, *cells]), bold=())


def _cues(crossings: Sequence[Crossing], ax: Axes) -> None:
    """A row for each cue, most used first: known, reached and stopped over one another."""
    by_cue = counts_by_cue(crossings)
    ranked = _ranked(by_cue)
    own = [by_cue[cue] for cue in ranked]
    cells = [
        (f"{one.seen:,}", f"{one.reached:,}", f"{one.stopped:,}", _share(one.stopped, one.seen))
        for one in own
    ]

    def draw(ax: Axes) -> None:
        for stage, strength in enumerate((0.28, 0.55, 1.0)):
            draw_bars(ax, [(y, 0.0, one[stage], CUES[cue].colour)
                      for y, (cue, one) in enumerate(zip(ranked, own, strict=True))],
                 0.62, alpha=strength)  # fmt: skip
        _scale(ax, max((one.seen for one in by_cue.values()), default=0))
        ax.set_xlabel("groups first known by this cue")

    names = [capital(CUES[cue].label) for cue in ranked]
    heads = ("known", "reached", "stopped", "of known")
    draw_panel(ax, names, Panel(draw, [heads, *cells]), bold=())


def _scale(ax: Axes, most: int) -> None:
    ax.set_xlim(0.0, 1.02 * max(most, 1))
    layout.round_ticks(ax.xaxis, whole=True)


def draw_run_funnel(run: OneRun) -> Figure:
    """The stages of a run, and below them its cues."""
    crossings = run.crossings
    with style.styled():
        by_cue = counts_by_cue(crossings)
        keys = cue_keys(cue for cue in CUES if by_cue[cue].seen)
        rows = len(_ranked(by_cue))
        told = " · ".join(part for part in (run.named, contrast(by_cue)) if part)
        upper, lower = ((n + 0.4) * _ROW_PX for n in (len(STAGES), rows))
        frame = layout.new_frame(
            upper + lower + 2 * layout.AXIS_PX, (finding(crossings), told), _NOTE, 1080.0,
            keys=keys, keys_title="first known by",
        )  # fmt: skip
        figure, right = frame.figure, frame.right - _RIGHT_PX
        _stages(crossings, layout.add_panel(figure, _LEFT_PX, frame.top - upper, right, frame.top))
        foot = frame.foot + layout.AXIS_PX
        _cues(crossings, layout.add_panel(figure, _LEFT_PX, foot, right, foot + lower))
    return figure


def finding(crossings: Sequence[Crossing]) -> str:
    """``Of 947 crossings 259 became known, 75 were reached and 65 stopped``."""
    if not crossings:
        return "Nobody tried to cross"
    known, near, held = map(sum, zip(*counts_by_cue(crossings).values(), strict=True))
    n = len(crossings)
    of_all = f"Of {n:,} crossing{'' if n == 1 else 's'}"
    if not known:
        return f"{of_all} none became known"
    if not near:
        return f"{of_all} {known:,} became known, none of them reached"
    reached = f"{near:,} {'was' if near == 1 else 'were'} reached"
    return f"{of_all} {known:,} became known, {reached} and {held or 'none'} stopped"


def contrast(by_cue: Mapping[str, CueCounts]) -> str:
    """After which cue most and fewest are stopped, where there are enough of each."""
    told = {cue: one.stopped / one.seen for cue, one in by_cue.items() if one.seen >= _ENOUGH}
    if len(told) < 2:
        return ""
    most, least = max(told, key=lambda cue: told[cue]), min(told, key=lambda cue: told[cue])
    if told[most] == told[least]:
        return ""
    return (
        f"stopped: {per_cent(told[most])} of those first known by {CUES[most].label}, "
        f"{per_cent(told[least])} by {CUES[least].label}"
    )


def _ranked(by_cue: Mapping[str, CueCounts]) -> list[str]:
    """Cues by how many they made known, those that made known nobody left out; all if none did."""
    seen = sorted((cue for cue in CUES if by_cue[cue].seen), key=lambda c: -by_cue[c].seen)
    return seen or list(CUES)


def _share(part: int, whole: int) -> str:
    return per_cent(part / whole) if whole else "–"
