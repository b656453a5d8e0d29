"""How near patrols come to the most possible: what they reach within what nobody exceeds."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.ceiling import CeilingRow
from sim.comparison.ceiling_words import chance, least_to_most, reached
from sim.comparison.digits import per_cent
from sim.comparison.question import check_names
from sim.report import page, style
from sim.report.rows import Panel, bars, chart, put
from sim.report.view import Shown, look

MEASURES: Final = {
    "expected": "crossers who heed no patrol",
    "guaranteed": "a crosser who looks first",
}
"""The two that are drawn, by the names of the columns, and whom they are about."""

_BAR: Final = 0.42
_NOTE: Final = (
    "Filled: the chance that a patrol sees a crosser in the open, computed from the plan. Pale: "
    "what no plan exceeds with as many patrols out at every hour, walking as fast and seeing as "
    "well; it may itself be out of reach. At the right the chance, the most, and the share "
    "reached. Who heeds no patrol comes where and when the flow does. Who looks first knows the "
    "plan but not what chance decides, and picks place, light and moment. The two ceilings cannot "
    "both be reached: one plan goes where the flow is, the other leaves no place emptier than "
    "another."
)


def ceiling(
    shown: Shown, ax: Axes, *, measure: str = "expected", baseline: str = "baseline"
) -> Axes:
    """Draw what each scenario reaches, within the most possible, as bars.

    ``shown`` is a comparison or a store; ``measure`` is ``expected`` (crossers who heed no
    patrol) or ``guaranteed`` (one who looks first). Raises ``StoreError`` where no scenarios
    were kept.
    """
    check_names("measure", [measure], list(MEASURES))
    view = look(shown, None, baseline)
    rows = _rows(view.found.ceilings, view.found.baseline)
    return put(ax, view.labels(rows), _panel(rows, measure))


def _panel(rows: Mapping[str, CeilingRow], measure: str) -> Panel:
    cells = [("",), *((cell(row, measure),) for row in rows.values())]
    return Panel(partial(_draw, list(rows.values()), measure), cells, 0.5)


def _draw(rows: Sequence[CeilingRow], measure: str, ax: Axes) -> None:
    most = [(y, 0.0, _most(row, measure), style.CREST) for y, row in enumerate(rows)]
    there = [(y, 0.0, getattr(row, measure), style.BLUE) for y, row in enumerate(rows)]
    bars(ax, most, _BAR, edgecolors=style.GREY, linewidth=0.6, zorder=0.9)
    bars(ax, there, _BAR, zorder=1.0)
    ax.set_xlim(0.0, 1.04 * (max((end for *_, end, _ in most), default=0.0) or 1.0))
    ax.set_xlabel("seen by a patrol (%)")
    page.round_ticks(ax.xaxis, 0.01)
    ax.set_title(MEASURES[measure], loc="left", fontsize=9.0, fontweight="bold", pad=4.0)


def _rows(found: Sequence[CeilingRow], baseline: str) -> dict[str, CeilingRow]:
    """The baseline, then the others from the largest share reached to the least.

    By the share against one who looks first, then by that against those who heed none, both in
    whole per cent.
    """

    def place(row: CeilingRow) -> tuple[bool, float, float]:
        shares = (row.guaranteed_reached, row.expected_reached)
        first, none = (-round(share or 0.0, 2) for share in shares)
        return row.scenario != baseline, first, none

    return {row.scenario: row for row in sorted(found, key=place)}


def _most(row: CeilingRow, measure: str) -> float:
    return row.expected_most if measure == "expected" else row.guaranteed_most


def cell(row: CeilingRow, measure: str) -> str:
    """The chance, the most, and the share reached in words."""
    shares = reached([row], measure)
    if not shares:
        return "nothing can be seen"
    value = row.expected if measure == "expected" else row.guaranteed
    return f"{chance(value)} of {chance(_most(row, measure))}: {per_cent(shares[0])}"


def title(rows: Sequence[CeilingRow]) -> str:
    """The finding: how near all the scenarios come."""
    parts = [
        f"{least_to_most(shares)}{' of the possible' if measure == 'expected' else ''} against "
        f"{words}"
        for measure, words in MEASURES.items()
        if (shares := reached(rows, measure))
    ]
    if not parts:
        return "These patrols can see nobody"
    return f"Patrols reach {' and '.join(parts)}"


def draw_ceiling(shown: Shown, *, baseline: str = "baseline") -> Figure:
    """Both crossers side by side, on the same rows."""
    view = look(shown, None, baseline)
    rows = _rows(view.found.ceilings, view.found.baseline)
    beneath = "Computed from the scenarios’ patrol plans; nothing is simulated."
    with style.styled():
        return chart(
            (title(list(rows.values())), beneath), _NOTE, view.labels(rows),
            [_panel(rows, measure) for measure in MEASURES], share=0.75, above=20.0,
        )  # fmt: skip
