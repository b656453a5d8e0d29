"""What the parameters and the years are learnt from: cells, marks of events, targets.

The cells are put in order, so that each is held against the model *given* those before it: the
killed of a year given its clashes, the deadly attacks given the workers killed. That is the chain
rule; figures of one year, which hang together, are so not counted as independent.
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
    """Something that is known and not fitted to, and why."""

    what: str
    why: str


class Given(NamedTuple):
    """Earlier figures that a cell is held against the model with: by name, one for each year."""

    statistic: str
    values: tuple[float, ...]


class Link(NamedTuple):
    """A cell of the chain and what it is conditioned on."""

    cell: Cell
    given: tuple[Given, ...]


class MarkLink(NamedTuple):
    """A mark of an event given those before it; ``of`` is the group it is counted of, if any."""

    mark: str
    given: tuple[tuple[str, float], ...]
    trials: float | None


@dataclass(frozen=True)
class Event:
    """One event of the seeds: its class, and its marks in the order of the chain.

    Press reports of a kind are mostly of the deadly ones, so an event is held against simulated
    reports of the same kind that were as deadly: some dead, or none.
    """

    marks: EventMarks
    deadly: bool
    chain: tuple[MarkLink, ...]

    @property
    def group(self) -> tuple[str, bool]:
        """The class of events that it is one of."""
        return self.marks.kind, self.deadly


@dataclass(frozen=True)
class Evidence:
    """Everything that is fitted, and what is known but not fitted."""

    links: tuple[Link, ...]
    events: tuple[Event, ...]
    targets: tuple[Target, ...]
    regimes: tuple[Regime, ...]
    unfitted: tuple[Unfitted, ...] = ()

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years whose state is inferred: those of which some cell tells, in order."""
        return tuple(sorted({span.year for link in self.links for span in link.cell.spans}))

    def without(self, years: Iterable[int]) -> Evidence:
        """What is left when nothing is known of some years, neither cells nor events."""
        gone = set(years)
        cells = [link.cell for link in self.links if not gone & {s.year for s in link.cell.spans}]
        days = ((event, event.marks.day) for event in self.events)
        events = tuple(event for event, day in days if day is None or day.year not in gone)
        return Evidence(chain_cells(cells), events, self.targets, self.regimes, self.unfitted)


def read_evidence(folder: str | Path | None = None, ground: Ground | None = None) -> Evidence:
    """Read what a folder tells, its tables and targets; what it lacks is taken from the shipped.

    Raises ``SeedTableError`` with what is wrong in them, ``PanjError`` where nothing is left.
    """
    land = ground or Ground.default()
    targets = tuple(target for target in read_targets(folder, land) if target.use == "fit")
    return evidence_of(read_years(folder, land), targets)


def evidence_of(table: YearTable, targets: Sequence[Target] = ()) -> Evidence:
    """The evidence of a table of years, with fitted targets. Raises ``PanjError`` for none."""
    why_not = {r.name: r.unfitted for r in table.vocabulary.regimes if r.unfitted is not None}
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
    regimes = tuple(r for r in table.vocabulary.regimes if r.unfitted is None)
    return Evidence(chain_cells(cells), events, tuple(targets), regimes, tuple(unfitted))


def _cannot(cell: Cell) -> str | None:
    """Why a cell cannot be fitted."""
    if cell.statistic.whole is not None:
        return "a ratio: its two counts are fitted, where they are told"
    if not cell.statistic.adds_up and len(cell.spans) > 1:
        return "a figure of several years that is not the sum of theirs"
    return None


def chain_cells(cells: Iterable[Cell]) -> tuple[Link, ...]:
    """Cells in an order, each with the earlier figures of the same months of each of its years."""
    order = sorted(cells, key=lambda c: (not _exact(c), len(c.spans), min(c.months), len(c.months)))
    before: list[Cell] = []
    links = []
    for cell in order:
        names = dict.fromkeys(c.statistic.name for c in before if c.statistic.adds_up)
        given = [Given(name, values_of(name, cell.spans, before)) for name in names]
        links.append(Link(cell, tuple(g for g in given if g.values)))
        if _exact(cell) and len(cell.spans) == 1:
            before.append(cell)
    return tuple(links)


def _exact(cell: Cell) -> bool:
    return all(told.exact for told in cell.intervals)


def values_of(name: str, spans: Sequence[Span], before: Sequence[Cell]) -> tuple[float, ...]:
    """A statistic over the months of each of some years; nothing where one is not known."""
    found = []
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
        found.append(sum(cell.intervals[0].low for cell in parts))
    return tuple(found)


_OF_A_GROUP: Final = ("killed_intruders", "detained", "escaped")
_CHAIN: Final = (
    "night", "group_size", "delay_hours", "killed_workers", "killed_guards", "killed_intruders",
    "detained", "escaped", "wounded_workers", "wounded_guards", "seized_kg", "seized_arms",
)  # fmt: skip


def chain_marks(marks: EventMarks) -> Event:
    """An event with its marks in a chain: each given those before it that are told exactly."""
    told = marks.intervals
    deadly = any(one.low > 0.0 for name in DEATHS for one in told.get(name, ()))
    chain: list[MarkLink] = []
    known: dict[str, float] = {}
    for mark in (name for name in _CHAIN if name in told):
        left = None
        if mark in _OF_A_GROUP and "group_size" in known:
            left = known["group_size"] - sum(known.get(name, 0.0) for name in _OF_A_GROUP)
        if left is None or left > 0.0:
            chain.append(MarkLink(mark, tuple(known.items()), left))
        if told[mark][0].exact:
            known[mark] = told[mark][0].low
    return Event(marks, deadly, tuple(chain))


assert set(_CHAIN) <= set(MARKS)
