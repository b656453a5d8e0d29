"""The detection funnel of one run: attempted, become known, reached, stopped, and by which cue."""

from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.digits import per_cent
from sim.comparison.terms import capital
from sim.incidents.kinds import CUES
from sim.incidents.records import Crossing
from sim.report import page, style
from sim.report.cells import write
from sim.report.cues import Sieve, cue_legend, sieved
from sim.report.labels import GAP
from sim.report.rows import NAME_SIZE

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


def stages(crossings: Sequence[Crossing], ax: Axes) -> Axes:
    """Draw a bar for each stage, counted in groups, in the colours of the cues."""
    by_cue = sieved(crossings)
    ax.barh(0, len(crossings), height=0.66, color=style.FAINT, linewidth=0)
    counts = [len(crossings)]
    for row in range(3):
        start = 0
        for cue, look in CUES.items():
            ax.barh(row + 1, by_cue[cue][row], 0.66, start, color=look.colour, linewidth=0)
            start += by_cue[cue][row]
        counts.append(start)
    _frame(ax, STAGES, float(len(crossings)))
    before = [0, *counts[:-1]]
    _cells(
        ax,
        ("groups", "of attempted", "of previous"),
        [
            (f"{n:,}", _share(n, counts[0]), _share(n, last) if row else "")
            for row, (n, last) in enumerate(zip(counts, before, strict=True))
        ],
    )
    return ax


def cues(crossings: Sequence[Crossing], ax: Axes) -> Axes:
    """Draw a row for each cue, most used first: known, reached and stopped over one another."""
    by_cue = sieved(crossings)
    ranked = _ranked(by_cue)
    for row, cue in enumerate(ranked):
        for count, strength in zip(by_cue[cue], (0.28, 0.55, 1.0), strict=True):
            ax.barh(row, count, 0.62, color=CUES[cue].colour, alpha=strength, linewidth=0)
    names = [capital(CUES[cue].label) for cue in ranked]
    _frame(ax, names, float(max((one.seen for one in by_cue.values()), default=0)))
    lines = [
        (f"{one.seen:,}", f"{one.reached:,}", f"{one.stopped:,}", _share(one.stopped, one.seen))
        for one in (by_cue[cue] for cue in ranked)
    ]
    _cells(ax, ("known", "reached", "stopped", "of known"), lines)
    ax.set_xlabel("groups first known by this cue")
    return ax


def draw_run_funnel(crossings: Sequence[Crossing], *, period: str = "") -> Figure:
    """Draw the funnel of one run; ``period`` says beneath the title which run."""
    with style.styled():
        by_cue = sieved(crossings)
        ranked = [cue for cue in CUES if by_cue[cue].seen]
        rows = len(_ranked(by_cue))
        figure = page.sheet((4 + rows) * _ROW_PX + 300.0, 1080.0)
        told = " · ".join(part for part in (period, contrast(by_cue)) if part)
        top = page.headline(figure, finding(crossings), told)
        foot = page.footnote(figure, _NOTE) + page.AXIS_PX
        cue_legend(figure, ranked, top)
        top -= 38.0 + 4 * GAP
        right = figure.bbox.width - page.MARGIN - _RIGHT_PX
        step = (top - foot - 52.0) / (4 + rows)
        stages(crossings, page.panel(figure, _LEFT_PX, top - 4 * step, right, top))
        cues(crossings, page.panel(figure, _LEFT_PX, foot, right, foot + rows * step))
    return figure


def finding(crossings: Sequence[Crossing]) -> str:
    """``Of 947 crossings 259 became known, 75 were reached and 65 stopped``."""
    if not crossings:
        return "Nobody tried to cross"
    known, near, held = map(sum, zip(*sieved(crossings).values(), strict=True))
    n = len(crossings)
    of_all = f"Of {n:,} crossing{'' if n == 1 else 's'}"
    if not known:
        return f"{of_all} none became known"
    if not near:
        return f"{of_all} {known:,} became known, none of them reached"
    reached = f"{near:,} {'was' if near == 1 else 'were'} reached"
    return f"{of_all} {known:,} became known, {reached} and {held or 'none'} stopped"


def contrast(by_cue: Mapping[str, Sieve]) -> str:
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


def _ranked(by_cue: Mapping[str, Sieve]) -> list[str]:
    """Cues by how many they made known, those that made known nobody left out; all if none did."""
    seen = sorted((cue for cue in CUES if by_cue[cue].seen), key=lambda c: -by_cue[c].seen)
    return seen or list(CUES)


def _share(part: int, whole: int) -> str:
    return per_cent(part / whole) if whole else "–"


def _frame(ax: Axes, names: Sequence[str], most: float) -> None:
    """A row for each name, and an axis from 0 to the most."""
    ax.set_xlim(0.0, max(most, 1.0) * 1.02)
    ax.set_ylim(len(names) - 0.45, -0.55)
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0, pad=8, labelsize=NAME_SIZE)
    ax.spines["left"].set_visible(False)
    page.round_ticks(ax.xaxis, whole=True)


def _cells(ax: Axes, heads: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Numbers on the right of the rows under their heads, the columns evenly apart."""
    widths = [(_RIGHT_PX - 4.0) / len(heads)] * len(heads)
    write(ax, [(-0.78, heads), *enumerate(lines)], widths)
