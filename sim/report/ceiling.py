"""How near patrols come to the most possible: what they reach within what nobody exceeds."""

from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.ceiling import CeilingRow
from sim.comparison.ceiling_words import chance, least_to_most, reached
from sim.comparison.digits import per_cent
from sim.comparison.question import check_names
from sim.comparison.terms import Terms
from sim.report import page, style
from sim.report.cells import beside, rooms
from sim.report.rows import name_room, set_rows, tall
from sim.report.view import Shown, look

MEASURES: Final = {
    "expected": "crossers who heed no patrol",
    "guaranteed": "a crosser who looks first",
}
"""The two that are drawn, by the names of the columns, and whom they are about."""

_BAR: Final = 0.42
_HEADING_SIZE: Final = 9.0
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
    shown: Shown,
    ax: Axes,
    *,
    measure: str = "expected",
    baseline: str = "baseline",
    terms: Terms | None = None,
) -> Axes:
    """Draw what each scenario reaches, within the most possible, as bars.

    ``shown`` is a comparison or a store; ``measure`` is ``expected`` (crossers who heed no
    patrol) or ``guaranteed`` (one who looks first). Raises ``StoreError`` where no scenarios
    were kept.
    """
    check_names("measure", [measure], list(MEASURES))
    view = look(shown, None, baseline, terms)
    rows = _rows(view.found.ceilings, view.found.baseline)
    return _draw(ax, rows, measure, view.found.baseline, view.terms)


def _draw(
    ax: Axes, rows: Mapping[str, CeilingRow], measure: str, baseline: str, terms: Terms
) -> Axes:
    reach = max((_most(row, measure) for row in rows.values()), default=0.0) or 1.0
    for y, row in enumerate(rows.values()):
        ax.barh(y, _most(row, measure), _BAR, color=style.CREST, edgecolor=style.GREY,
                linewidth=0.6, zorder=0.9)  # fmt: skip
        ax.barh(y, getattr(row, measure), _BAR, color=style.BLUE, linewidth=0, zorder=1.0)
    ax.set_xlim(0.0, 1.04 * reach)
    set_rows(ax, list(rows), baseline, terms)
    ax.set_xlabel("seen by a patrol (%)")
    page.round_ticks(ax.xaxis, 0.01)
    for y, row in enumerate(rows.values()):
        beside(ax, y, cell(row, measure), 8.0, ha="left")
    ax.annotate(
        MEASURES[measure], (0.0, 1.0), (0.0, 4.0), xycoords="axes fraction",
        textcoords="offset points", va="bottom", fontsize=_HEADING_SIZE, fontweight="bold",
    )  # fmt: skip
    return ax


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


def draw_ceiling(shown: Shown, *, baseline: str = "baseline", terms: Terms | None = None) -> Figure:
    """Both crossers side by side, on the same rows."""
    view = look(shown, None, baseline, terms)
    rows = _rows(view.found.ceilings, view.found.baseline)
    with style.styled():
        names = list(rows)
        figure = page.sheet(tall(len(names), 0.75) + 235)
        beneath = "Computed from the scenarios’ patrol plans; nothing is simulated."
        top = page.headline(figure, title(list(rows.values())), beneath) - 20
        foot = page.footnote(figure, _NOTE) + page.AXIS_PX
        left = page.MARGIN + name_room(figure, names, view.terms) + 14
        side = [
            sum(rooms(figure, [(cell(row, measure),) for row in rows.values()], 26.0))
            for measure in MEASURES
        ]
        width = (figure.bbox.width - page.MARGIN - left - sum(side)) / 2
        for n, measure in enumerate(MEASURES):
            ax = page.panel(figure, left, foot, left + width, top)
            _draw(ax, rows, measure, view.found.baseline, view.terms)
            ax.tick_params(axis="y", labelleft=n == 0)
            left += width + side[n]
    return figure
