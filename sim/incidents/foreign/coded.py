"""Events that a data project has coded: what ACLED and UCDP exports have in common.

Their words are not ours, so each row is either given a kind by a rule that is written down here,
or left out with the reason. Their free text is read for a few words and copied nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from sim.csv_table import Row
from sim.frontier.ground import Ground
from sim.incidents.foreign.cells import Mending
from sim.incidents.foreign.own import is_old
from sim.incidents.foreign.places import Places
from sim.incidents.foreign.sheet import Sheet
from sim.incidents.foreign.take import ROW_TYPES, Taken

smuggling: Final = re.compile(r"smuggl|narco|drug|traffick|contraband", re.I).search
"""Finds a word of smuggling in a text."""
workers: Final = re.compile(r"\bworkers?\b|\blabou?r|\bminers?\b|\bemployees?\b", re.I).search
"""Finds a word of people at work in a text."""
_UNUSED: Final = "the incident tables have nothing like it"
Cells = Mapping[str, str]


class LeftOutError(Exception):
    """A row that cannot be an incident here, and why."""


def coded(
    sheet: Sheet,
    ground: Ground,
    read: Callable[[Cells, Places], dict[str, str]],
    used: frozenset[str],
) -> Taken:
    """Incidents of the rows that ``read`` does not leave; it uses the columns that are ``used``."""
    places = Places(ground)
    rows, left = [], []
    for row in sheet.rows:
        try:
            cells = read(row.value, places)
        except LeftOutError as why:
            left.append(Row(row.line, str(why)))
            continue
        rows.append(Row(row.line, {"origin": "imported", "best_row": "1", **cells}))
    mending = Mending(sheet.path, ROW_TYPES["incidents"])
    found = mending.mended(rows)
    for mended in found:
        mended.value["prior_only"] = is_old(mended)
        mended.value["identity"] = mended.value["identity"] or f"L{mended.line}"
    unused = {column: _UNUSED for column in sheet.columns if column not in used}
    return Taken("incidents", found, unused, mending, left)


def district(name: str, places: Places, why: str) -> str:
    """The district of this name; a row of another place is left."""
    found = places.slug(name)
    if found is None:
        raise LeftOutError(f"{why}: {name or 'none is told'}")
    return found


def number(cell: str) -> int:
    """A count of people, which may have gone through a data frame; 0 where none is told."""
    return int(float(cell)) if re.fullmatch(r"\d+(\.0*)?", cell) else 0


def between_states(one: str, other: str) -> bool:
    """Whether the actors are the forces of the two states."""
    sides = (one.casefold(), other.casefold())
    return any(
        "tajikistan" in a and re.search(r"taliban|forces of afghanistan|of afghanistan", b)
        for a, b in (sides, sides[::-1])
    )
