"""Whether a verdict holds in other models: a panel for each policy, a row for each variant."""

from collections.abc import Sequence
from math import ceil
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.source import MissingTableError
from sim.comparison.structure import Structural, turned
from sim.comparison.terms import Terms, capital, counted, several
from sim.report import page, style
from sim.report.forest import COLOURS
from sim.report.rows import fitted
from sim.report.view import Shown, View, look
from sim.report.wording import unit_words

_COLUMNS: Final = 4
_ROW_PX, _HEAD_PX, _BETWEEN_PX = 25.0, 40.0, 26.0
_TICKS_PX: Final = 40.0
_NAME_PX: Final = 170.0


def structure(
    shown: Shown, ax: Axes, *, scenario: str, outcome: str | None = None, baseline: str = "baseline"
) -> Axes:
    """Draw one scenario's mean difference to the baseline, with its interval, in each variant.

    The first row is the model as calibrated. Raises ``MissingTableError`` without variants.
    """
    view = look(shown, outcome, baseline)
    own = [row for row in view.found.structures if row.scenario == scenario]
    _draw(ax, own)
    _limit([ax], [own])
    ax.set_yticks(range(len(own)), [row.title for row in own])
    page.round_ticks(ax.xaxis, sign=True)
    ax.set_xlabel(f"change ({unit_words(view.field, view.field.unit, view.terms)})")
    return ax


def _draw(ax: Axes, own: Sequence[Structural]) -> None:
    ax.axvline(0.0, color=style.INK, linewidth=0.9, zorder=0.9)
    ax.set_ylim(len(own) - 0.4, -0.6)
    ax.axhspan(-0.5, 0.5, color=style.NIGHT, linewidth=0, zorder=0.1)
    for y, row in enumerate(own):
        ax.axhline(y, color=style.FAINT, linewidth=0.4, alpha=0.5, zorder=0.3)
        if row.difference is None:
            continue
        colour = COLOURS.get(row.judgement, style.GREY)
        if row.low is not None and row.high is not None:
            ax.plot([row.low, row.high], [y, y], color=colour, linewidth=3.2,
                    solid_capstyle="butt", zorder=1.1)  # fmt: skip
        filled = row.judgement in COLOURS
        ax.plot([row.difference], [y], marker="o", markersize=5.0,
                color=colour if filled else "white", markeredgecolor=colour, markeredgewidth=1.3,
                zorder=1.2)  # fmt: skip
    ax.tick_params(axis="y", length=0, labelsize=8.5)
    ax.spines["left"].set_visible(False)


def _limit(panels: Sequence[Axes], found: Sequence[Sequence[Structural]]) -> None:
    """One scale for all panels, zero in it."""
    reach = [0.0]
    for row in (row for own in found for row in own):
        reach += [end for end in (row.low, row.high, row.difference) if end is not None]
    slack = 0.05 * (max(reach) - min(reach)) or 1.0
    for ax in panels:
        ax.set_xlim(min(reach) - slack, max(reach) + slack)


def draw_structure(
    shown: Shown,
    *,
    outcome: str | None = None,
    baseline: str = "baseline",
    terms: Terms | None = None,
) -> Figure:
    """A panel for each policy on one scale, in the order in which they came.

    Raises ``MissingTableError`` where the runs are not there.
    """
    view = look(shown, outcome, baseline, terms)
    rows = view.found.structures
    if not rows:
        raise MissingTableError(
            "none of these scenarios was run in a variant of the model",
            remedy="Run them with 'panj batch -o STORE --structure'.",
        )
    names = list(dict.fromkeys(row.scenario for row in rows))
    found = [[row for row in rows if row.scenario == name] for name in names]
    with style.styled():
        lines = ceil(len(names) / _COLUMNS)
        tall = max(map(len, found)) * _ROW_PX + _HEAD_PX + _TICKS_PX
        figure = page.sheet(lines * tall + 165)
        top = page.headline(figure, *finding(rows, view))
        foot = page.footnote(figure, _note(view)) + 18.0
        _grid(figure, found, (foot, top), view)
    return figure


def _grid(
    figure: Figure, found: Sequence[Sequence[Structural]], between: tuple[float, float], view: View
) -> None:
    """Panels in reading order; the variants are named on the left of each line."""
    foot, top = between
    lines = ceil(len(found) / _COLUMNS)
    columns = ceil(len(found) / lines)
    left = page.MARGIN + _NAME_PX
    wide = (figure.bbox.width - page.MARGIN - left + _BETWEEN_PX) / columns
    tall = (top - foot) / lines
    panels = []
    for i, own in enumerate(found):
        line, column = divmod(i, columns)
        x, y = left + column * wide, top - (line + 1) * tall
        ax = page.panel(
            figure, x, y + _TICKS_PX, x + wide - _BETWEEN_PX, y + tall - _HEAD_PX + 16.0
        )
        _draw(ax, own)
        # A policy may lack a variant: then its rows have names of their own.
        titles = [row.title for row in own]
        named = column == 0 or titles != [row.title for row in found[i - column]]
        ax.set_yticks(range(len(own)), titles if named else [""] * len(own))
        name = fitted(figure, view.terms.label(own[0].scenario), wide - _BETWEEN_PX)
        ax.set_title(name, fontsize=8.5, fontweight="bold", loc="left", pad=4.0, linespacing=1.05)
        panels.append(ax)
    _limit(panels, found)
    unit = unit_words(view.field, "" if view.field.unit == "count" else view.field.unit, view.terms)
    for ax in panels:
        page.round_ticks(ax.xaxis, sign=True, inner=True)
        ax.set_xlabel(f"change ({unit})", fontsize=8.5)


def finding(rows: Sequence[Structural], view: View) -> tuple[str, str]:
    """Which policies have one verdict in all variants, and which have not."""
    what, base = view.field.named, view.terms.label(view.found.baseline)
    words: dict[str, set[str]] = {}
    for row in rows:
        words.setdefault(row.scenario, set()).add(row.word)
    every = len(dict.fromkeys(row.variant for row in rows))
    same = [view.terms.label(name) for name, said in words.items() if said == {"better"}]
    both = [
        view.terms.label(name)
        for name in words
        if turned([row for row in rows if row.scenario == name])
    ]
    variants = f"all {counted(every, 'variant')} of the model"
    who = several(same) if same else "No policy"
    title = f"{who} {'do' if len(same) > 1 else 'does'} better than {base} in {what} in {variants}"
    beneath = f"the verdict on {several(both)} depends on the variant" if both else (
        "no verdict is turned by a variant; in grey it is not settled there, or makes no difference"
    )  # fmt: skip
    return capital(title), capital(beneath)


def _note(view: View) -> str:
    expected = view.outcome in view.found.samples[view.found.baseline].expected
    of = f"expected {view.field.named}" if expected else view.field.named
    return (
        f"Mean difference of {of} to {view.terms.label(view.found.baseline)} in the same variant, "
        f"and its {view.level} interval; the same replicates and draws in every row. Shaded: the "
        "model as calibrated; in each other row one mechanism is off, or the year of a known kind. "
        "Blue: better, vermilion: worse, grey: no direction is beyond chance, or it is too small "
        "to matter."
    )
