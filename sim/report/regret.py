"""The safe choice: how far each is behind the best, how often it is best, and its worst years."""

from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.comparison import Comparison
from sim.comparison.regret import Regret
from sim.comparison.terms import capital, counted, several
from sim.report import layout, style
from sim.report.figure_numbers import scale, unit_label
from sim.report.outcome_view import OutcomeView
from sim.report.row_chart import Panel, draw_bars, draw_dots, draw_lines, row_chart


def draw_regret(comparison: Comparison) -> Figure:
    """Draw three panels, a row per scenario. Raise ``MissingTableError`` without draws."""
    view, rows = OutcomeView(comparison), comparison.regrets
    names = [row.scenario for row in rows]
    parts = ((_behind, 0.5), (_best, 0.2), (_worst, 0.3))
    panels = [Panel(partial(draw, rows, view), share=share) for draw, share in parts]
    with style.styled():
        return row_chart(
            finding(rows, view), _note(rows, view), view.labels(names), panels, share=0.6,
            bold=[names.index(comparison.baseline)],
        )  # fmt: skip


def _behind(rows: Sequence[Regret], view: OutcomeView, ax: Axes) -> None:
    by = scale(view.field, max(row.most_high for row in rows), change=True)
    marks = [(y, row, style.BLUE if row.standing else style.GREY) for y, row in enumerate(rows)]
    ax.axvspan(0.0, rows[0].rope, color=style.NIGHT, linewidth=0, zorder=0.1)
    draw_lines(
        ax, [(y, r.most_low, r.most_high, c) for y, r, c in marks], linewidth=1.2, zorder=1.0
    )
    draw_lines(
        ax, [(y, r.mean_low, r.mean_high, c) for y, r, c in marks], linewidth=5.0, zorder=1.1
    )
    draw_dots(ax, [(y, r.mean, c) for y, r, c in marks], hollow=True, zorder=1.3)
    draw_dots(ax, [(y, r.most, c) for y, r, c in marks], marker="D", markersize=4.0, zorder=1.2)
    in_variants = [(y, r.most_anywhere, style.VERMILION) for y, r, _ in marks if r.worst_in]
    draw_dots(ax, in_variants, marker=">", markersize=4.2, zorder=1.15)
    ax.set_xlim(left=0.0)
    ax.set_xlabel(f"behind the best ({unit_label(view.field, by.unit, view.terms)})")
    layout.round_ticks(ax.xaxis, by.divisor)


def _best(rows: Sequence[Regret], view: OutcomeView, ax: Axes) -> None:
    draw_bars(ax, [(y, 0.0, row.p_best, style.SKY) for y, row in enumerate(rows)], 0.42, zorder=1.0)
    draw_lines(ax, [(y, row.p_best_low, row.p_best_high, style.INK) for y, row in enumerate(rows)],
          linewidth=1.0, zorder=1.1)  # fmt: skip
    ax.set_xlim(0.0, 1.0)
    ax.set_xlabel("best in (% of draws)")
    layout.round_ticks(ax.xaxis, 0.01)


def _worst(rows: Sequence[Regret], view: OutcomeView, ax: Axes) -> None:
    by = scale(view.field, max(abs(row.cvar) for row in rows))
    draw_lines(ax, [(y, row.cvar_low, row.cvar_high, style.GREY) for y, row in enumerate(rows)
               if row.cvar_low is not None and row.cvar_high is not None],
          linewidth=1.6, zorder=1.0)  # fmt: skip
    draw_dots(
        ax, [(y, row.cvar, style.INK) for y, row in enumerate(rows)], markersize=4.0, zorder=1.1
    )
    ax.set_xlabel(f"worst tenth ({unit_label(view.field, by.unit, view.terms)})")
    layout.round_ticks(ax.xaxis, by.divisor)


def finding(rows: Sequence[Regret], view: OutcomeView) -> tuple[str, str]:
    """Which scenarios are never far behind, or which is nearest; and the data behind it."""
    safe = [view.terms.label(row.scenario) for row in rows if row.standing]
    first, what = view.terms.label(rows[0].scenario), view.field.named
    title = (
        f"{several(safe)} {'is' if len(safe) == 1 else 'are'} never far behind the best on {what}"
        if safe
        else f"{first} is nearest to the best on {what}; how far it may be behind is not settled"
    )
    drawn = counted(rows[0].draws, "draw")
    return capital(title), f"{drawn} of the uncertain parameters, {view.terms.runs(rows[0].n)}"


def _note(rows: Sequence[Regret], view: OutcomeView) -> str:
    variants = (
        " Vermilion: the largest gap in any structural variant."
        if any(row.worst_in for row in rows)
        else ""
    )
    return (
        "Left: the expected outcome of a scenario in a draw, minus that of the best in the draw. "
        f"Circle and thick line: mean over the draws and its {view.level} interval; diamond and "
        f"thin line: the largest gap in any draw.{variants} Shaded: counts as the same. Blue: "
        "never far behind. Middle: share of draws in which the scenario is the best, with its "
        "interval. Right: mean of the worst tenth of its runs, as counted."
    )
