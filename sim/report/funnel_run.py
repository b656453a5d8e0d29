"""The detection funnel of one run: attempted, known, reached and stopped, by cue."""

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
"""Shares are given for at least this many crossings."""

_NOTE: Final = (
    "Reached: guards met the group, or it dropped its load or ran back before they could. Stopped: "
    "smugglers who lost their load or were caught, and militants whom guards met before they "
    "struck. Above: each stage, in the colours of the cue by which its groups first became known. "
    "Below: the same by cue, on its own scale: pale known, darker reached, dark stopped."
)


class CueCounts(NamedTuple):
    """Groups first known by a cue: how many were seen, reached and stopped.

    Reached are those whom guards met or stopped, and those who ran back before that.
    """

    seen: int
    reached: int
    stopped: int


def counts_by_cue(crossings: Sequence[Crossing]) -> dict[str, CueCounts]:
    """The crossings that became known, counted by cue."""
    counts = {}
    for cue in CUES:
        seen = [crossing for crossing in crossings if crossing.cue == cue]
        near = sum(c.contact_at is not None or c.stopped or ENDINGS[c.ending].fled for c in seen)
        counts[cue] = CueCounts(len(seen), near, sum(c.stopped for c in seen))
    return counts


def _draw_stages(ax: Axes, attempted: int, by_cue: Mapping[str, CueCounts]) -> None:
    """Draw a bar for each stage, in groups, in the colours of the cues."""
    rows, counts = [(0, 0.0, attempted, style.FAINT)], [attempted]
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
        _scale(ax, attempted)

    heads = ("groups", "of attempted", "of previous")
    draw_panel(ax, STAGES, Panel(draw, [heads, *cells]), bold=())


def _draw_cues(ax: Axes, by_cue: Mapping[str, CueCounts]) -> None:
    """Draw a row for each cue, the commonest first: known, reached and stopped overlaid."""
    ranked = _ranked(by_cue)
    counts = [by_cue[cue] for cue in ranked]
    cells = [
        (f"{one.seen:,}", f"{one.reached:,}", f"{one.stopped:,}", _share(one.stopped, one.seen))
        for one in counts
    ]

    def draw(ax: Axes) -> None:
        for stage, strength in enumerate((0.28, 0.55, 1.0)):
            draw_bars(ax, [(y, 0.0, one[stage], CUES[cue].colour)
                      for y, (cue, one) in enumerate(zip(ranked, counts, strict=True))],
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
    """Draw the stages of a run, and below them its cues."""
    crossings = run.crossings
    with style.styled():
        by_cue = counts_by_cue(crossings)
        keys = cue_keys(cue for cue in CUES if by_cue[cue].seen)
        rows = len(_ranked(by_cue))
        subtitle = " · ".join(filter(None, (run.named, contrast(by_cue))))
        upper, lower = ((n + 0.4) * _ROW_PX for n in (len(STAGES), rows))
        frame = layout.new_frame(
            upper + lower + 2 * layout.AXIS_PX, (finding(crossings), subtitle), _NOTE, 1080.0,
            keys=keys, keys_title="first known by",
        )  # fmt: skip
        figure, right = frame.figure, frame.right - _RIGHT_PX
        stages = layout.add_panel(figure, _LEFT_PX, frame.top - upper, right, frame.top)
        _draw_stages(stages, len(crossings), by_cue)
        foot = frame.foot + layout.AXIS_PX
        _draw_cues(layout.add_panel(figure, _LEFT_PX, foot, right, foot + lower), by_cue)
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
    """The cues after which most and fewest are stopped, where there are enough of each."""
    shares = {cue: one.stopped / one.seen for cue, one in by_cue.items() if one.seen >= _ENOUGH}
    if len(shares) < 2:
        return ""
    most, least = (pick(shares, key=lambda cue: shares[cue]) for pick in (max, min))
    if shares[most] == shares[least]:
        return ""
    return (
        f"stopped: {per_cent(shares[most])} of those first known by {CUES[most].label}, "
        f"{per_cent(shares[least])} by {CUES[least].label}"
    )


def _ranked(by_cue: Mapping[str, CueCounts]) -> list[str]:
    """The cues that made anybody known, the commonest first; all cues where none did."""
    seen = sorted((cue for cue in CUES if by_cue[cue].seen), key=lambda c: -by_cue[c].seen)
    return seen or list(CUES)


def _share(part: int, whole: int) -> str:
    return per_cent(part / whole) if whole else "–"
