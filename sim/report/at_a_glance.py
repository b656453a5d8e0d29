"""The matrix of a comparison on a page: what its columns, its places and its cells say."""

from typing import Final, NamedTuple

from sim.comparison.comparison import Comparison
from sim.comparison.matrix import Cell, Matrix, Row, matrix
from sim.comparison.number_format import DASH, MINUS, interval_text, short, with_interval
from sim.comparison.terms import Terms, capital
from sim.comparison.text_tables import display_factor
from sim.measures.registry import described

_HARM_GROUPS: Final = ("people", "incidents")


class Shown(NamedTuple):
    """A cell: the change in per cent and its interval, the mean, and the difference in the
    outcome's own unit with its interval.
    """

    change: str
    interval: str
    mean: str
    difference: str


def in_full(found: Comparison) -> list[tuple[str, Matrix]]:
    """Every outcome in two tables: harm and attacks, then what is stopped and what it takes."""
    outcomes = sorted(found.outcomes, key=lambda name: name != found.harm)  # the harm first
    harms = [name for name in outcomes if described(name).group in _HARM_GROUPS]
    others = [name for name in outcomes if name not in harms]
    parts = (("Harm and attacks", harms), ("What is stopped, and what it takes", others))
    return [(said, one) for said, own in parts if own and (one := matrix(found, own))]


def columns(one: Matrix, terms: Terms) -> list[tuple[str, str]]:
    """Of each outcome what it counts, and ``a year``, ``kg a year``, ``%``: what the name lacks."""
    return [(capital(described(name).named), _unit(name, terms)) for name in one.outcomes]


def _unit(outcome: str, terms: Terms) -> str:
    field = described(outcome)
    per = f"a {terms.run}" if field.adds_up else ""
    return "%" if field.unit == "share" else " ".join(filter(None, (field.beside, per)))


def place(row: Row) -> str:
    """``1``, ``2–4``."""
    if row.first is None or row.last is None:
        return DASH
    return str(row.first) if row.first == row.last else f"{row.first}–{row.last}"


def shown(cell: Cell) -> Shown:
    """What is said of a cell; of the baseline the mean alone."""
    by = display_factor(cell.outcome)
    mean = short(cell.mean, by)
    if not cell.mark or cell.mark == "equal":
        return Shown("0" if cell.mark else mean, "", mean, "")
    difference = _signed(with_interval(cell.difference, cell.low, cell.high, by))
    if cell.change is None:
        change, interval = (
            _signed(short(cell.difference, by)),
            interval_text(cell.low, cell.high, by),
        )
    else:
        change = f"{_signed(short(100.0 * cell.change))} %"
        interval = interval_text(cell.change_low, cell.change_high, 100.0)
    return Shown(change, interval, mean, difference)


def _signed(told: str) -> str:
    return told if told.startswith((MINUS, DASH)) or told == "0" else f"+{told}"
