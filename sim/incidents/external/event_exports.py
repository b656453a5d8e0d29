"""Events coded by a data project: what exports of ACLED and UCDP have in common.

Their categories differ from ours, so a written rule either gives a row one of our kinds, or skips
it with a reason. Their free text is searched for a few words and copied nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from sim.csv_table import Row
from sim.frontier.ground import Ground
from sim.incidents.external.cleaning import CellCleaner
from sim.incidents.external.district_names import DistrictNames
from sim.incidents.external.formats import ROW_TYPES, ImportedRows, is_prior_only
from sim.incidents.external.sheet import Sheet

smuggling: Final = re.compile(r"smuggl|narco|drug|traffick|contraband", re.I).search
"""Finds a word for smuggling in a text."""
workers: Final = re.compile(r"\bworkers?\b|\blabou?r|\bminers?\b|\bemployees?\b", re.I).search
"""Finds a word for people at work in a text."""
_UNUSED: Final = "the incident tables have no such column"
Cells = Mapping[str, str]


class SkippedRowError(Exception):
    """A row that cannot become an incident; the text says why."""


def read_events(
    sheet: Sheet,
    ground: Ground,
    read: Callable[[Cells, DistrictNames], dict[str, str]],
    used: frozenset[str],
) -> ImportedRows:
    """Incidents of the rows that ``read`` does not skip; it reads the columns in ``used``."""
    names = DistrictNames(ground)
    rows, skipped = [], []
    for row in sheet.rows:
        try:
            cells = read(row.value, names)
        except SkippedRowError as why:
            skipped.append(Row(row.line, str(why)))
            continue
        rows.append(Row(row.line, {"origin": "imported", "best_row": "1", **cells}))
    cleaner = CellCleaner(sheet.path, ROW_TYPES["incidents"])
    incidents = cleaner.clean(rows)
    for row in incidents:
        row.value["prior_only"] = is_prior_only(row)
        row.value["identity"] = row.value["identity"] or f"L{row.line}"
    unused = {column: _UNUSED for column in sheet.columns if column not in used}
    return ImportedRows("incidents", incidents, unused, cleaner, skipped)


def district(name: str, names: DistrictNames, why: str) -> str:
    """The district of this name. Raises ``SkippedRowError`` for a place elsewhere."""
    slug = names.slug(name)
    if slug is None:
        raise SkippedRowError(f"{why}: {name or 'empty'}")
    return slug


def number(cell: str) -> int:
    """A count of people, which a data frame may have written as ``2.0``; 0 if the cell is empty."""
    return int(float(cell)) if re.fullmatch(r"\d+(\.0*)?", cell) else 0


def between_states(one: str, other: str) -> bool:
    """Whether the two actors are the forces of the two states."""
    sides = (one.casefold(), other.casefold())
    return any(
        "tajikistan" in a and re.search(r"taliban|forces of afghanistan|of afghanistan", b)
        for a, b in (sides, sides[::-1])
    )
