"""Formats of tables that can be imported, and the rows that an import yields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Final, Literal

from sim.csv_table import Row
from sim.frontier.ground import Ground
from sim.incidents.external.cleaning import CellCleaner
from sim.incidents.external.sheet import Sheet
from sim.incidents.seeds import Aggregate, ObservedIncident

Kind = Literal["incidents", "aggregates"]
ROW_TYPES: Final[Mapping[Kind, type]] = {
    "incidents": ObservedIncident,
    "aggregates": Aggregate,
}
PRIOR_BEFORE: Final = "2022"
"""Rows of earlier years are used for shapes and priors only."""


@dataclass
class ImportedRows:
    """Rows with the columns of a seed table, and an account of the import.

    ``unused`` holds columns and ``skipped`` rows, each with the reason; ``cleaner`` lists changes
    to cells; ``notes`` are remarks on the whole table.
    """

    kind: Kind
    rows: list[Row[dict[str, str]]]
    unused: dict[str, str]
    cleaner: CellCleaner
    skipped: list[Row[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class TableFormat:
    """A format of tables: how it is recognised, and how it is read.

    A table has this format if it has all ``required`` columns and at least ``one_of`` some others.
    ``known`` are all the columns by which it is recognised.
    """

    name: str
    required: frozenset[str]
    known: frozenset[str]
    read: Callable[[Sheet, Ground], ImportedRows]
    one_of: frozenset[str] = frozenset()

    def fits(self, columns: frozenset[str]) -> bool:
        """Whether a table with these columns has this format."""
        return self.required <= columns and (not self.one_of or bool(self.one_of & columns))


def column_names(kind: Kind) -> tuple[str, ...]:
    """The columns of a seed table, in order."""
    return tuple(each.name for each in fields(ROW_TYPES[kind]))


def is_prior_only(row: Row[dict[str, str]]) -> str:
    """1 if a row is, by its date, used for shapes and priors only; else 0."""
    return str(int(bool(day := row.value.get("date_start", "")) and day < PRIOR_BEFORE))
