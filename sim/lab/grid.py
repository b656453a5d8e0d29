"""Policies by outcomes as the page colours them: per cent of the baseline, and how strongly."""

from typing import Final

from sim.comparison.comparison import Comparison
from sim.comparison.matrix import Cell
from sim.comparison.number_format import DASH, real_minus

_STRONG: Final = (0.05, 0.15, 0.3)
"""Changes, as shares of the baseline, from which on the colour is deeper."""

_DIRECTED: Final = ("better", "worse", "more", "less")


def asked_most(found: Comparison) -> list[str]:
    """The outcomes that have a column: those that are asked for most stand first."""
    first = [str(found.harm), found.question.cost, "interdiction_share"]
    differ = {c.outcome for c in found.contrasts if c.standing not in ("none", "unknown")}
    there = dict.fromkeys(name for name in [*first, *found.outcomes] if name in found.outcomes)
    return [name for name in there if name == found.harm or name in differ]


def strength(cell: Cell) -> int:
    """How deep the colour of a cell is, from 0 to 3."""
    size = abs(cell.change or 0.0) if cell.mark in _DIRECTED else 0.0
    return sum(size >= limit for limit in _STRONG)


def change(cell: Cell) -> str:
    """``+12 %``, ``+0.2 %`` of the baseline's mean."""
    if cell.change is None:
        return DASH
    percent = 100.0 * cell.change
    if abs(percent) < 0.05:
        return "<0.1 %" if percent else "0 %"
    return f"{real_minus(f'{percent:+.{0 if abs(percent) >= 1.0 else 1}f}')} %"
