"""How near patrols come to the most possible: what they reach, within what no plan exceeds."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.ceiling import CeilingRow
from sim.comparison.ceiling_words import chance, least_to_most, reached
from sim.comparison.comparison import Comparison
from sim.comparison.number_format import per_cent
from sim.report import layout, style
from sim.report.outcome_view import OutcomeView
from sim.report.row_chart import Panel, draw_bars, row_chart

MEASURES: Final = {
    "expected": "crossers who ignore patrols",
    "guaranteed": "a crosser who looks first",
}
"""The two measures drawn, by the names of their columns, and the crosser of each."""

_BAR: Final = 0.42
_NOTE: Final = (
    "Filled: the probability that a patrol sees a crosser in the open, computed from the plan. "
    "Pale: the most that any plan can reach with as many patrols out at every hour, as fast and "
    "with the same sight; it may itself be out of reach. At the right: the probability, the most, "
    "and the share reached. A crosser who ignores patrols comes where and when the flow does. One "
    "who looks first knows the plan but not the random part, and picks place, light and moment. No "
    "plan reaches both ceilings: one plan follows the flow, the other leaves no place emptier than "
    "another."
)


def _panel(rows: Mapping[str, CeilingRow], measure: str) -> Panel:
    """Bars: what each scenario reaches, within the most possible."""
    cells = [("",), *((cell(row, measure),) for row in rows.values())]
    return Panel(partial(_draw, list(rows.values()), measure), cells, 0.5)


def _draw(rows: Sequence[CeilingRow], measure: str, ax: Axes) -> None:
    most = [(y, 0.0, getattr(r, f"{measure}_most"), style.CREST) for y, r in enumerate(rows)]
    seen = [(y, 0.0, getattr(r, measure), style.BLUE) for y, r in enumerate(rows)]
    draw_bars(ax, most, _BAR, edgecolors=style.GREY, linewidth=0.6, zorder=0.9)
    draw_bars(ax, seen, _BAR, zorder=1.0)
    ax.set_xlim(0.0, 1.04 * (max((end for *_, end, _ in most), default=0.0) or 1.0))
    ax.set_xlabel("seen by a patrol (%)")
    layout.round_ticks(ax.xaxis, 0.01)
    layout.panel_title(ax, MEASURES[measure])


def _rows(found: Sequence[CeilingRow], baseline: str) -> dict[str, CeilingRow]:
    """The baseline, then the others from the largest share reached to the smallest.

    The order is by the share against one who looks first, then against those who ignore patrols,
    both in whole per cent.
    """

    def place(row: CeilingRow) -> tuple[bool, float, float]:
        shares = (row.guaranteed_reached, row.expected_reached)
        first, none = (-round(share or 0.0, 2) for share in shares)
        return row.scenario != baseline, first, none

    return {row.scenario: row for row in sorted(found, key=place)}


def cell(row: CeilingRow, measure: str) -> str:
    """The probability, the most, and the share reached."""
    shares = reached([row], measure)
    if not shares:
        return "nothing can be seen"
    seen, most = getattr(row, measure), getattr(row, f"{measure}_most")
    return f"{chance(seen)} of {chance(most)}: {per_cent(shares[0])}"


def title(rows: Sequence[CeilingRow]) -> str:
    """The finding: how near the scenarios come."""
    parts = [
        f"{least_to_most(shares)}{of} against {crosser}"
        for (measure, crosser), of in zip(
            MEASURES.items(), (" of the most possible", ""), strict=True
        )
        if (shares := reached(rows, measure))
    ]
    if not parts:
        return "These patrols can see nobody"
    return f"Patrols reach {' and '.join(parts)}"


def draw_ceiling(comparison: Comparison) -> Figure:
    """Draw both crossers side by side, on the same rows."""
    rows = _rows(comparison.ceilings, comparison.baseline)
    beneath = "Computed from the scenarios’ patrol plans; nothing is simulated."
    with style.styled():
        return row_chart(
            (title(list(rows.values())), beneath), _NOTE, OutcomeView(comparison).labels(rows),
            [_panel(rows, measure) for measure in MEASURES], share=0.75, above=20.0,
        )  # fmt: skip
