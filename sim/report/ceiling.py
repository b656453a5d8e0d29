"""How near patrols come to the most possible: what they reach within what nobody exceeds."""

from collections.abc import Sequence
from typing import Final

import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.ceiling_words import chance, span
from sim.comparison.question import check_names
from sim.comparison.results import need_columns
from sim.report import page, style
from sim.report.cells import beside, rooms
from sim.report.rows import name_room, set_rows, tall
from sim.report.wording import PLAIN, Terms, per_cent

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
    table: pa.Table,
    ax: Axes,
    *,
    measure: str = "expected",
    baseline: str | None = None,
    order: Sequence[str] | None = None,
    terms: Terms = PLAIN,
) -> Axes:
    """Draw what each scenario reaches, within the most possible, as bars.

    ``table`` has the columns of :class:`sim.comparison.ceiling.CeilingRow`; ``measure`` is
    ``expected`` (crossers who heed no patrol) or ``guaranteed`` (one who looks first).
    """
    check_names("measure", [measure], list(MEASURES))
    rows = _rows(table)
    names = list(order or ordered(table, baseline))
    reach = max((_value(rows[name], f"{measure}_most") for name in names), default=0.0) or 1.0
    for y, name in enumerate(names):
        most, reached = _value(rows[name], f"{measure}_most"), _value(rows[name], measure)
        ax.barh(y, most, _BAR, color=style.CREST, edgecolor=style.GREY, linewidth=0.6, zorder=0.9)
        ax.barh(y, reached, _BAR, color=style.BLUE, linewidth=0, zorder=1.0)
    ax.set_xlim(0.0, 1.04 * reach)
    set_rows(ax, names, baseline, terms)
    ax.set_xlabel("seen by a patrol (%)")
    page.round_ticks(ax.xaxis, 0.01)
    for y, name in enumerate(names):
        beside(ax, y, cell(rows[name], measure), 8.0, ha="left")
    ax.annotate(
        MEASURES[measure], (0.0, 1.0), (0.0, 4.0), xycoords="axes fraction",
        textcoords="offset points", va="bottom", fontsize=_HEADING_SIZE, fontweight="bold",
    )  # fmt: skip
    return ax


def ordered(table: pa.Table, baseline: str | None) -> list[str]:
    """The baseline, then the others from the largest share reached to the least.

    By the share against one who looks first, then by that against those who heed none, both in
    whole per cent.
    """
    rows = _rows(table)
    others = sorted(
        (name for name in rows if name != baseline),
        key=lambda name: [
            -round(_value(rows[name], f"{m}_reached"), 2) for m in reversed(MEASURES)
        ],
    )
    return [baseline, *others] if baseline in rows and baseline is not None else others


def cell(row: dict[str, object], measure: str) -> str:
    """The chance, the most, and the share reached in words."""
    share = row[f"{measure}_reached"]
    if not isinstance(share, float):
        return "nothing can be seen"
    whole = f"{chance(row[measure])} of {chance(row[f'{measure}_most'])}"
    return f"{whole}: {per_cent(share)}"


def title(table: pa.Table) -> str:
    """The finding: how near all the scenarios come."""
    parts = []
    for measure, words in MEASURES.items():
        shares = [s for s in table.column(f"{measure}_reached").to_pylist() if s is not None]
        if shares:
            parts.append((span(shares), words))
    if not parts:
        return "These patrols can see nobody"
    (share, words), *others = parts
    told = f"Patrols reach {share} of the possible against {words}"
    return " and ".join([told, *(f"{share} against {words}" for share, words in others)])


def draw_ceiling(table: pa.Table, *, baseline: str | None = None, terms: Terms = PLAIN) -> Figure:
    """Both crossers side by side, on the same rows."""
    with style.styled():
        names = ordered(table, baseline)
        figure = page.sheet(0.75 * tall(len(names)) + 235)
        beneath = "Computed from the scenarios’ patrol plans; nothing is simulated."
        top = page.headline(figure, title(table), beneath) - 20
        foot = page.footnote(figure, _NOTE) + page.AXIS_PX
        left = page.MARGIN + name_room(figure, names, terms) + 14
        side = [_cell_room(figure, table, measure) for measure in MEASURES]
        width = (figure.bbox.width - page.MARGIN - left - sum(side)) / 2
        for n, measure in enumerate(MEASURES):
            ax = page.panel(figure, left, foot, left + width, top)
            ceiling(table, ax, measure=measure, baseline=baseline, order=names, terms=terms)
            ax.tick_params(axis="y", labelleft=n == 0)
            left += width + side[n]
    return figure


def _rows(table: pa.Table) -> dict[str, dict[str, object]]:
    columns = [f"{m}{part}" for m in MEASURES for part in ("", "_most", "_reached")]
    need_columns(table, ("scenario", *columns), "ceilings")
    return {row["scenario"]: row for row in table.to_pylist()}


def _value(row: dict[str, object], column: str) -> float:
    value = row[column]
    return value if isinstance(value, float) else 0.0


def _cell_room(figure: Figure, table: pa.Table, measure: str) -> float:
    """Width of the words beside the rows of one panel, pixels, gaps included."""
    return sum(rooms(figure, [(cell(row, measure),) for row in _rows(table).values()], 26.0))
