"""What is taken of a table, and what is not: the common ground of all shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Final, Literal

from sim.csv_table import Row
from sim.frontier.ground import Ground
from sim.incidents.foreign.cells import Mending
from sim.incidents.foreign.sheet import Sheet
from sim.incidents.seeds import Aggregate, ObservedIncident

Kind = Literal["incidents", "aggregates"]
ROW_TYPES: Final[Mapping[Kind, type]] = {
    "incidents": ObservedIncident,
    "aggregates": Aggregate,
}
PRIOR_BEFORE: Final = "2022"
"""Rows of earlier years are for shapes and priors only."""


@dataclass
class Taken:
    """Rows in the words of the seed tables, and what else is to be told.

    ``unused`` are columns with the reason, ``mending`` what was done to cells, ``left`` rows with
    the reason, ``notes`` what a reader has to know of the whole.
    """

    kind: Kind
    rows: list[Row[dict[str, str]]]
    unused: dict[str, str]
    mending: Mending
    left: list[Row[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Shape:
    """A shape in which tables come: how it is known, and how it is read.

    A table has it if it has the columns that it ``needs`` and ``one_of`` some others. ``known``
    are all columns that tell it from others.
    """

    name: str
    needs: frozenset[str]
    known: frozenset[str]
    take: Callable[[Sheet, Ground], Taken]
    one_of: frozenset[str] = frozenset()

    def fits(self, columns: frozenset[str]) -> bool:
        """Whether a table with these columns has this shape."""
        return self.needs <= columns and (not self.one_of or bool(self.one_of & columns))


def names_of(kind: Kind) -> tuple[str, ...]:
    """The columns of a seed table, in order."""
    return tuple(each.name for each in fields(ROW_TYPES[kind]))
