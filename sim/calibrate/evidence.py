"""The evidence to fit: cells of the table of years, marks of events, and targets.

The cells are put in order, so that each is compared with the model *given* those before it: the
killed of a year given its clashes, the deadly attacks given the workers killed. By this chain rule
the dependent figures of one year do not count as independent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from sim.calibrate.cells import Cell, Span
from sim.calibrate.event_marks import MARKS, EventMarks
from sim.calibrate.reading_rules import Regime
from sim.calibrate.targets import Target, read_targets
from sim.calibrate.year_table import YearTable, read_years
from sim.errors import PanjError
from sim.frontier.ground import Ground

type Months = frozenset[int]

DEATHS: Final = ("killed_guards", "killed_intruders", "killed_workers", "killed_villagers")


class Unfitted(NamedTuple):
    """Something known that is not fitted, and why."""

    what: str
    why: str


class Given(NamedTuple):
    """Earlier figures that a cell is conditioned on: a statistic, one value for each year."""

    statistic: str
    values: tuple[float, ...]


class Link(NamedTuple):
    """A cell of the chain and the figures that it is conditioned on."""

    cell: Cell
    given: tuple[Given, ...]


class MarkLink(NamedTuple):
    """A mark of an event given those before it; ``trials`` is the group it is counted in."""

    mark: str
    given: tuple[tuple[str, float], ...]
    trials: float | None


@dataclass(frozen=True)
class Event:
    """One event of the seed tables with its marks in the order of the chain.

    The press reports mostly deadly incidents. So an event is compared with simulated reports of its
    kind that have deaths if it has, and none if it has none.
    """

    marks: EventMarks
    deadly: bool
    chain: tuple[MarkLink, ...]

    @property
    def group(self) -> tuple[str, bool]:
        """The class of the event: its kind, and whether it was deadly."""
        return self.marks.kind, self.deadly


@dataclass(frozen=True)
class Evidence:
    """Everything that is fitted, and what is known but ``unfitted``."""

    links: tuple[Link, ...]
    events: tuple[Event, ...]
    targets: tuple[Target, ...]
    regimes: tuple[Regime, ...]
    unfitted: tuple[Unfitted, ...] = ()

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years whose state is inferred: those that a cell covers, in order."""
        return tuple(sorted({year for link in self.links for year in link.cell.years}))

    def without(self, years: Iterable[int]) -> Evidence:
        """Return the evidence less the cells and events of some years."""
        dropped = set(years)
        cells = [
            link.cell for link in self.links if not dropped & {s.year for s in link.cell.spans}
        ]
        days = ((event, event.marks.day) for event in self.events)
        events = tuple(event for event, day in days if day is None or day.year not in dropped)
        return Evidence(chain_cells(cells), events, self.targets, self.regimes, self.unfitted)


def read_evidence(folder: str | Path | None = None, ground: Ground | None = None) -> Evidence:
    """Read the tables and targets of a folder; the shipped ones replace those it lacks.

    Raise ``SeedTableError`` with all that is wrong in them, ``PanjError`` if nothing can be fitted.
    """
    land = ground or Ground.default()
    targets = tuple(target for target in read_targets(folder, land) if target.use == "fit")
    return evidence_of(read_years(folder, land), targets)


def evidence_of(table: YearTable, targets: Sequence[Target] = ()) -> Evidence:
    """Build the evidence of a table of years and targets. Raise ``PanjError`` if there is none."""
    why_not = {r.name: r.unfitted for r in table.rules.regimes if r.unfitted is not None}
    cells, unfitted = [], []
    for cell in table.cells:
        reason = why_not.get(cell.regime) or _cannot(cell)
        if reason is None:
            cells.append(cell)
        else:
            unfitted.append(Unfitted(f"{cell.statistic.name} {cell.period}", reason))
    events = tuple(chain_marks(marks) for marks in table.marks)
    if not cells and not targets:
        raise PanjError(
            "there is nothing to fit: no cell of the table of years, and no target",
            remedy="'panj seeds show rows' says how each row is used.",
        )
    regimes = tuple(r for r in table.rules.regimes if r.unfitted is None)
    return Evidence(chain_cells(cells), events, tuple(targets), regimes, tuple(unfitted))


def _cannot(cell: Cell) -> str | None:
    """Return why a cell cannot be fitted, or ``None``."""
    if cell.statistic.whole is not None:
        return "a ratio: its two counts are fitted, where they are reported"
    if not cell.statistic.adds_up and len(cell.spans) > 1:
        return "a figure of several years that is not the sum of their figures"
    return None


def chain_cells(cells: Iterable[Cell]) -> tuple[Link, ...]:
    """Order cells; give each the earlier exact figures of the same months of each of its years."""
    order = sorted(cells, key=lambda c: (not c.exact, len(c.spans), min(c.months), len(c.months)))
    before: list[Cell] = []
    links = []
    for cell in order:
        names = dict.fromkeys(c.statistic.name for c in before if c.statistic.adds_up)
        given = [Given(name, known_figures(name, cell.spans, before)) for name in names]
        links.append(Link(cell, tuple(g for g in given if g.values)))
        if cell.exact and len(cell.spans) == 1:
            before.append(cell)
    return tuple(links)


def known_figures(name: str, spans: Sequence[Span], before: Sequence[Cell]) -> tuple[float, ...]:
    """Sum earlier cells of a statistic over each span; empty where one is not fully known."""
    figures = []
    for span in spans:
        parts = [
            cell
            for cell in before
            if cell.statistic.name == name
            and cell.spans[0].year == span.year
            and cell.spans[0].months <= span.months
        ]
        if sum(len(cell.months) for cell in parts) != len(span.months):
            return ()
        figures.append(sum(cell.intervals[0].low for cell in parts))
    return tuple(figures)


_OF_A_GROUP: Final = ("killed_intruders", "detained", "escaped")
_CHAIN: Final = (
    "night", "group_size", "delay_hours", "killed_workers", "killed_guards", "killed_intruders",
    "detained", "escaped", "wounded_workers", "wounded_guards", "seized_kg", "seized_arms",
)  # fmt: skip


def chain_marks(marks: EventMarks) -> Event:
    """Put the marks of an event in a chain: each given the exact marks before it."""
    intervals = marks.intervals
    deadly = any(one.low > 0.0 for name in DEATHS for one in intervals.get(name, ()))
    chain: list[MarkLink] = []
    known: dict[str, float] = {}
    for mark in (name for name in _CHAIN if name in intervals):
        left = None
        if mark in _OF_A_GROUP and "group_size" in known:
            left = known["group_size"] - sum(known.get(name, 0.0) for name in _OF_A_GROUP)
        if left is None or left > 0.0:
            chain.append(MarkLink(mark, tuple(known.items()), left))
        if intervals[mark][0].exact:
            known[mark] = intervals[mark][0].low
    return Event(marks, deadly, tuple(chain))


assert set(_CHAIN) <= set(MARKS)
