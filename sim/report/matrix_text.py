"""The matrix of a comparison as text: what its column heads, its ranks and its cells say."""

from typing import Final, NamedTuple

from sim.comparison.comparison import Comparison
from sim.comparison.matrix import Cell, Matrix, Row, matrix
from sim.comparison.number_format import DASH, MINUS, interval_text, short, with_interval
from sim.comparison.terms import Terms, capital
from sim.comparison.text_tables import display_factor
from sim.measures.registry import described

_HARM_GROUPS: Final = ("people", "incidents")


class CellText(NamedTuple):
    """A cell as text.

    The change in per cent and its interval, the mean, and the difference in the unit of the
    outcome with its interval.
    """

    change: str
    interval: str
    mean: str
    difference: str


def full_matrices(comparison: Comparison) -> list[tuple[str, Matrix]]:
    """Every outcome in two matrices: harm and attacks, then what is stopped and what it takes."""
    outcomes = sorted(
        comparison.outcomes, key=lambda name: name != comparison.harm
    )  # the harm first
    harms = [name for name in outcomes if described(name).group in _HARM_GROUPS]
    others = [name for name in outcomes if name not in harms]
    parts = (("Harm and attacks", harms), ("What is stopped, and what it takes", others))
    return [(title, one) for title, names in parts if names and (one := matrix(comparison, names))]


def column_heads(one: Matrix, terms: Terms) -> list[tuple[str, str]]:
    """What each outcome counts, and the unit where the name lacks it: ``a year``, ``%``."""
    return [(capital(described(name).named), _unit(name, terms)) for name in one.outcomes]


def _unit(outcome: str, terms: Terms) -> str:
    field = described(outcome)
    per = f"a {terms.run}" if field.adds_up else ""
    return "%" if field.unit == "share" else " ".join(filter(None, (field.shown_unit, per)))


def rank_range(row: Row) -> str:
    """``1``, ``2–4``."""
    if row.first is None or row.last is None:
        return DASH
    return str(row.first) if row.first == row.last else f"{row.first}–{row.last}"


def cell_text(cell: Cell) -> CellText:
    """The text of a cell; the baseline has the mean alone."""
    by = display_factor(cell.outcome)
    mean = short(cell.mean, by)
    if not cell.mark or cell.mark == "equal":
        return CellText("0" if cell.mark else mean, "", mean, "")
    difference = _with_plus(with_interval(cell.difference, cell.low, cell.high, by))
    if cell.change is None:
        change, interval = (
            _with_plus(short(cell.difference, by)),
            interval_text(cell.low, cell.high, by),
        )
    else:
        change = f"{_with_plus(short(100.0 * cell.change))} %"
        interval = interval_text(cell.change_low, cell.change_high, 100.0)
    return CellText(change, interval, mean, difference)


def _with_plus(text: str) -> str:
    return text if text.startswith((MINUS, DASH)) or text == "0" else f"+{text}"
