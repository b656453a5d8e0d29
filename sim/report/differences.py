"""The paired differences of a comparison as matrices for a page: every scenario, every headline."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sim.comparison.comparison import Comparison
from sim.comparison.digits import DASH, short, span
from sim.comparison.paired import Contrast
from sim.comparison.sheets import factor
from sim.comparison.terms import Terms, capital
from sim.measures.registry import described

_HARM_GROUPS: Final = ("people", "incidents")

_WORDS: Final = {"same": "same", "open": "open", "none": "none", "unknown": DASH}
"""Judgements in a cell; each is also the class by which it is coloured."""


class Head(NamedTuple):
    """A column: what it counts, and in which unit."""

    words: str
    unit: str


class Cell(NamedTuple):
    """A difference, its interval, and what is made of it."""

    change: str
    interval: str
    judgement: str


class Grid(NamedTuple):
    """Differences of all scenarios in some outcomes, below the means of the baseline."""

    caption: str
    heads: list[Head]
    baseline: list[str]
    rows: list[tuple[str, list[Cell]]]


def grids(found: Comparison, terms: Terms) -> list[Grid]:
    """Two tables: harm and attacks, then what is stopped and what it takes."""
    outcomes = sorted(found.outcomes, key=lambda name: name != found.harm)  # the harm first
    harms = [name for name in outcomes if described(name).group in _HARM_GROUPS]
    others = [name for name in outcomes if name not in harms]
    captions = ("Harm and attacks", "What is stopped, and what it takes")
    return [
        _grid(caption, columns, found, terms)
        for caption, columns in zip(captions, (harms, others), strict=True)
        if columns and found.policies
    ]


def _grid(caption: str, columns: Sequence[str], found: Comparison, terms: Terms) -> Grid:
    base = {c.outcome: c.baseline_mean for c in found.contrasts if c.baseline_mean is not None}
    return Grid(
        caption,
        [Head(capital(described(name).named), _unit(name, terms)) for name in columns],
        [short(base.get(name), factor(name)) for name in columns],
        [
            (terms.label(scenario), [_cell(found.contrast(scenario, name)) for name in columns])
            for scenario in found.policies
        ],
    )


def _unit(outcome: str, terms: Terms) -> str:
    """``a year``, ``kg a year``, ``%, change in points``; the unit unless the name has it."""
    field = described(outcome)
    if field.unit == "share":
        return "%; change in points"
    per = f"a {terms.run}" if field.adds_up else ""
    return " ".join(part for part in (field.beside, per) if part)


def _cell(c: Contrast) -> Cell:
    by = factor(c.outcome)
    if c.standing == "none":
        return Cell("0", "", "none")
    word = _WORDS.get(c.standing, c.judgement)
    return Cell(short(c.difference, by), span(c.low, c.high, by), word)
