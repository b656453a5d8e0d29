"""Events that a data project has coded: what ACLED and UCDP exports have in common.

Their words are not ours, so each row is either given a kind by a rule that is written down here,
or left out with the reason. Their free text is read for a few words and copied nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from sim.frontier.ground import Ground
from sim.incidents.foreign.cells import Mending
from sim.incidents.foreign.own import is_old
from sim.incidents.foreign.places import Places
from sim.incidents.foreign.sheet import Sheet
from sim.incidents.foreign.take import ROW_TYPES, Taken
from sim.table import Row

_SMUGGLING: Final = re.compile(r"smuggl|narco|drug|traffick|contraband", re.I)
_WORKERS: Final = re.compile(r"\bworkers?\b|\blabou?r|\bminers?\b|\bemployees?\b", re.I)
SIDES: Final = ("guards", "intruders", "workers", "villagers")
Cells = Mapping[str, str]


class LeftOutError(Exception):
    """A row that cannot be an incident here, and why."""


def coded(
    sheet: Sheet,
    ground: Ground,
    read: Callable[[Cells, Places], dict[str, str]],
    used: frozenset[str],
    unused: str,
) -> Taken:
    """Incidents of the rows that ``read`` does not leave; ``unused`` says why columns are not."""
    taken = Taken("incidents", [], {c: unused for c in sheet.columns if c not in used})
    places = Places(ground)
    rows = []
    for row in sheet.rows:
        try:
            cells = read(row.value, places)
        except LeftOutError as left:
            taken.left.append(Row(row.line, str(left)))
            continue
        rows.append(Row(row.line, {"origin": "imported", "best_row": "1", **cells}))
    mending = Mending(sheet.path, ROW_TYPES["incidents"], taken.changes, taken.problems)
    taken.rows = mending.mended(rows)
    for found in taken.rows:
        found.value["prior_only"] = is_old(found)
        found.value["identity"] = found.value["identity"] or f"L{found.line}"
    return taken


def district(name: str, places: Places, why: str) -> str:
    """The district of this name; a row of another place is left."""
    found = places.slug(name)
    if found is None:
        raise LeftOutError(f"{why}: {name or 'none is told'}")
    return found


def number(cell: str) -> int:
    """A count of people, which may have gone through a data frame; 0 where none is told."""
    return int(float(cell)) if re.fullmatch(r"\d+(\.0*)?", cell) else 0


def smuggling(text: str) -> bool:
    """Whether a text speaks of smuggling."""
    return _SMUGGLING.search(text) is not None


def workers(text: str) -> bool:
    """Whether a text speaks of people at work."""
    return _WORKERS.search(text) is not None


def between_states(one: str, other: str) -> bool:
    """Whether the actors are the forces of the two states."""
    sides = (one.casefold(), other.casefold())
    return any(
        "tajikistan" in a and re.search(r"taliban|forces of afghanistan|of afghanistan", b)
        for a, b in (sides, sides[::-1])
    )


def nobody() -> dict[str, str]:
    """Nobody was killed on any side."""
    return {f"killed_{side}": "0" for side in SIDES}
