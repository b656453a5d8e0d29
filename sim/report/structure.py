"""Whether a verdict holds in other models: a panel for each policy, a row for each variant."""

from collections.abc import Sequence
from math import ceil
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.comparison import Comparison
from sim.comparison.source import MissingTableError
from sim.comparison.structure import StructuralRow, changed_variants
from sim.comparison.terms import capital, counted, several
from sim.report import layout, style
from sim.report.figure_numbers import unit_label
from sim.report.forest import COLOURS
from sim.report.outcome_view import OutcomeView
from sim.report.row_chart import draw_dots, draw_lines, fit_label, set_rows

_COLUMNS: Final = 4
_ROW_PX, _HEAD_PX, _BETWEEN_PX = 25.0, 40.0, 26.0
_TICKS_PX: Final = 40.0
_NAME_PX: Final = 170.0


def _draw(ax: Axes, rows: Sequence[StructuralRow]) -> None:
    """Draw the mean difference of a scenario to the baseline in each variant, with its interval."""
    ax.axvline(0.0, color=style.INK, linewidth=0.9, zorder=0.9)
    ax.axhspan(-0.5, 0.5, color=style.NIGHT, linewidth=0, zorder=0.1)
    coloured = [(y, row, COLOURS.get(row.judgement, style.GREY)) for y, row in enumerate(rows)]
    draw_lines(ax, [(y, row.low, row.high, colour) for y, row, colour in coloured
               if row.low is not None and row.high is not None],
          linewidth=3.2, zorder=1.1)  # fmt: skip
    for open_ in (True, False):
        draw_dots(ax, [(y, row.difference, colour) for y, row, colour in coloured
                  if row.difference is not None and (row.judgement not in COLOURS) is open_],
             hollow=open_, markersize=5.0, zorder=1.2)  # fmt: skip


def draw_structure(shown: Comparison) -> Figure:
    """Draw a panel for each policy, all on one scale.

    Raise ``MissingTableError`` where the store has no runs in variants.
    """
    view, rows = OutcomeView(shown), shown.structures
    if not rows:
        raise MissingTableError(
            "the store has no runs of these scenarios in variants of the model",
            remedy="Run them with 'panj batch -o STORE --structure'.",
        )
    names = list(dict.fromkeys(row.scenario for row in rows))
    panels = [[row for row in rows if row.scenario == name] for name in names]
    with style.styled():
        lines = ceil(len(names) / _COLUMNS)
        tall = max(map(len, panels)) * _ROW_PX + _HEAD_PX + _TICKS_PX
        frame = layout.new_frame(lines * tall + 18.0, finding(rows, view), _note(view))
        _grid(frame, panels, view)
    return frame.figure


def _grid(
    frame: layout.Frame, panels: Sequence[Sequence[StructuralRow]], view: OutcomeView
) -> None:
    """Place the panels in reading order, the variants named on the left of each line."""
    lines, figure = ceil(len(panels) / _COLUMNS), frame.figure
    columns = ceil(len(panels) / lines)
    left = frame.left + _NAME_PX
    wide = (frame.right - left + _BETWEEN_PX) / columns
    tall = (frame.top - frame.foot - 18.0) / lines
    ends = [end for rows in panels for row in rows for end in (row.low, row.high, row.difference)]
    reach = layout.limits((end for end in ends if end is not None), 0.05)
    unit = unit_label(view.field, "" if view.field.unit == "count" else view.field.unit, view.terms)
    for i, rows in enumerate(panels):
        line, column = divmod(i, columns)
        x, y = left + column * wide, frame.top - (line + 1) * tall
        ax = layout.add_panel(
            figure, x, y + _TICKS_PX, x + wide - _BETWEEN_PX, y + tall - _HEAD_PX + 16.0
        )
        # a policy may lack a variant: then its rows need their own names
        titles = [row.title for row in rows]
        named = column == 0 or titles != [row.title for row in panels[i - column]]
        set_rows(ax, titles, bold=(), named=named, most=_NAME_PX)
        _draw(ax, rows)
        name = fit_label(figure, view.terms.label(rows[0].scenario), wide - _BETWEEN_PX)
        layout.panel_title(ax, name)
        ax.set_xlim(*reach)
        layout.round_ticks(ax.xaxis, sign=True, inner=True)
        ax.set_xlabel(f"change ({unit})", fontsize=8.5)


def finding(rows: Sequence[StructuralRow], view: OutcomeView) -> tuple[str, str]:
    """Which policies are better in all variants, and whose verdict depends on the variant."""
    what, base = view.field.named, view.terms.label(view.comparison.baseline)
    words: dict[str, set[str]] = {}
    for row in rows:
        words.setdefault(row.scenario, set()).add(row.word)
    every = len(dict.fromkeys(row.variant for row in rows))
    same = [view.terms.label(name) for name, verdicts in words.items() if verdicts == {"better"}]
    both = [
        view.terms.label(name)
        for name in words
        if changed_variants([row for row in rows if row.scenario == name])
    ]
    variants = f"all {counted(every, 'variant')} of the model"
    who = several(same) if same else "No policy"
    title = f"{who} {'do' if len(same) > 1 else 'does'} better than {base} on {what} in {variants}"
    beneath = f"the verdict on {several(both)} depends on the variant" if both else (
        "no variant reverses a verdict; grey: not settled there, or no difference"
    )  # fmt: skip
    return capital(title), capital(beneath)


def _note(view: OutcomeView) -> str:
    baseline = view.comparison.baseline
    expected = view.outcome in view.comparison.samples[baseline].expected
    of = f"expected {view.field.named}" if expected else view.field.named
    return (
        f"Mean difference of {of} to {view.terms.label(baseline)} in the same variant, "
        f"and its {view.level} interval; the same replicates and draws in every row. Shaded: the "
        "calibrated model; in each other row one mechanism is off, or all years are of one kind. "
        "Blue: better, vermilion: worse, grey: not beyond chance, or too small to matter."
    )
