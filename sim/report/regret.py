"""Which choice is safe: how far behind the best each is, how often best, and its worst years."""

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.regret import Regret
from sim.comparison.terms import Terms, capital, counted, several
from sim.report import page, style
from sim.report.rows import name_room, set_rows, tall
from sim.report.view import Shown, View, look
from sim.report.wording import scale, unit_words

_BETWEEN: Final = 26.0
_SHARES: Final = (0.5, 0.2, 0.3)
"""Of the width, for each of the three panels."""


def draw_regret(
    shown: Shown,
    *,
    outcome: str | None = None,
    baseline: str = "baseline",
    terms: Terms | None = None,
) -> Figure:
    """Three panels, a row for each scenario. Raises ``MissingTableError`` without draws."""
    view = look(shown, outcome, baseline, terms)
    rows = view.found.regrets
    names = [row.scenario for row in rows]
    with style.styled():
        figure = page.sheet(tall(len(names), 0.6) + 170)
        top = page.headline(figure, *finding(rows, view)) - 14.0
        foot = page.footnote(figure, _note(rows, view)) + page.AXIS_PX
        left = page.MARGIN + name_room(figure, names, view.terms) + 14.0
        wide = figure.bbox.width - page.MARGIN - left - 2 * _BETWEEN
        for place, draw in enumerate((_behind, _best, _worst)):
            right = left + _SHARES[place] * wide
            ax = page.panel(figure, left, foot, right, top)
            set_rows(ax, names, view.found.baseline, view.terms)
            draw(ax, rows, view)
            if place:
                ax.set_yticklabels([])
            left = right + _BETWEEN
    return figure


def _behind(ax: Axes, rows: Sequence[Regret], view: View) -> None:
    by = scale(view.field, max(row.most_high for row in rows), change=True)
    ax.axvspan(0.0, rows[0].rope, color=style.NIGHT, linewidth=0, zorder=0.1)
    for y, row in enumerate(rows):
        colour = style.BLUE if row.standing else style.GREY
        ax.plot([row.most_low, row.most_high], [y, y], color=colour, linewidth=1.2, zorder=1.0)
        ax.plot([row.mean_low, row.mean_high], [y, y], color=colour, linewidth=5.0,
                solid_capstyle="butt", zorder=1.1)  # fmt: skip
        ax.plot([row.mean], [y], marker="o", markersize=5.2, color="white",
                markeredgecolor=colour, markeredgewidth=1.4, zorder=1.3)  # fmt: skip
        ax.plot([row.most], [y], marker="D", markersize=4.6, color=colour, zorder=1.2)
        if row.worst_in:
            ax.plot([row.most_anywhere], [y], marker=">", markersize=5.0, color=style.VERMILION,
                    linestyle="none", zorder=1.15)  # fmt: skip
    ax.set_xlim(left=0.0)
    ax.set_xlabel(f"behind the best ({unit_words(view.field, by.unit, view.terms)})")
    page.round_ticks(ax.xaxis, by.divisor)


def _best(ax: Axes, rows: Sequence[Regret], view: View) -> None:
    for y, row in enumerate(rows):
        ax.barh([y], [row.p_best], height=0.42, color=style.SKY, zorder=1.0)
        ax.plot([row.p_best_low, row.p_best_high], [y, y], color=style.INK, linewidth=1.0,
                zorder=1.1)  # fmt: skip
    ax.set_xlim(0.0, 1.0)
    ax.set_xlabel("best in (% of draws)")
    page.round_ticks(ax.xaxis, 0.01)


def _worst(ax: Axes, rows: Sequence[Regret], view: View) -> None:
    by = scale(view.field, max(abs(row.cvar) for row in rows))
    for y, row in enumerate(rows):
        if row.cvar_low is not None and row.cvar_high is not None:
            ax.plot([row.cvar_low, row.cvar_high], [y, y], color=style.GREY, linewidth=1.6,
                    zorder=1.0)  # fmt: skip
        ax.plot([row.cvar], [y], marker="o", markersize=4.6, color=style.INK, zorder=1.1)
    ax.set_xlabel(f"worst tenth ({unit_words(view.field, by.unit, view.terms)})")
    page.round_ticks(ax.xaxis, by.divisor)


def finding(rows: Sequence[Regret], view: View) -> tuple[str, str]:
    """Which scenarios are never far behind, or which is the least; and what that rests on."""
    safe = [view.terms.label(row.scenario) for row in rows if row.standing]
    first, what = view.terms.label(rows[0].scenario), view.field.named
    title = (
        f"{several(safe)} {'is' if len(safe) == 1 else 'are'} never far behind the best in {what}"
        if safe
        else f"{first} is the least behind the best in {what}; how far in some draw is not known"
    )
    drawn = counted(rows[0].draws, "draw")
    return capital(title), f"{drawn} of the uncertain parameters, {view.terms.runs(rows[0].n)}"


def _note(rows: Sequence[Regret], view: View) -> str:
    variants = (
        " Vermilion: the greatest in any structural variant too."
        if any(row.worst_in for row in rows)
        else ""
    )
    return (
        "Left: what is expected of a scenario in a draw, less what is expected of the best there. "
        f"Circle and thick: the mean over the draws and its {view.level} interval; diamond and "
        f"thin: the greatest in any draw.{variants} Shaded: counts as the same; blue: never far "
        "behind. Middle: in how many draws the scenario is the best, and the interval. Right: mean "
        "of the worst tenth of its runs, as counted."
    )
