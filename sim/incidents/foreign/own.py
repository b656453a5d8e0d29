"""Tables with the columns of the seed tables, from any author."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from sim.csv_table import Row
from sim.frontier.ground import Ground
from sim.incidents.foreign.cells import Mending, bases
from sim.incidents.foreign.places import Places
from sim.incidents.foreign.sheet import Sheet, slug
from sim.incidents.foreign.take import PRIOR_BEFORE, ROW_TYPES, Kind, Shape, Taken, names_of
from sim.incidents.kinds import CUES, INCIDENTS
from sim.incidents.seeds import STATES_CLASH
from sim.incidents.windows import read_window
from sim.registry import near

_OTHER_NAMES: Final[Mapping[Kind, Mapping[str, str]]] = {
    "incidents": {
        "id": "identity",
        "date": "date_start",
        "killed_militants": "killed_intruders",
        "wounded_militants": "wounded_intruders",
        "killed_civilians": "killed_villagers",
        "wounded_civilians": "wounded_villagers",
        "drugs_kg": "seized_kg",
        "delay_h": "delay_hours",
        "delay_h_lo": "delay_hours_low",
        "delay_h_hi": "delay_hours_high",
        "address": "source_address",
    },
    "aggregates": {"year": "period", "address": "source_address"},
}
_CHOICES: Final = {"kind": (*INCIDENTS, STATES_CLASH), "cue": tuple(CUES)}
_ORIGINS: Final = ("first_article", "search", "imported")
Cells = Row[dict[str, str]]


def incidents(sheet: Sheet, ground: Ground) -> Taken:
    """Incidents: what a table lacks is left open; a row without a name is called by its line."""
    taken = _begun(sheet, "incidents")
    mending = taken.mending
    places = Places(ground)
    for row in taken.rows:
        for column, known in _CHOICES.items():
            cell = row.value.get(column, "")
            if cell not in known and slug(cell) in known:
                mending.rewrite(row, column, "a name written otherwise", slug(cell))
        if row.value.get("origin", "imported") not in ("", *_ORIGINS):
            mending.rewrite(row, "origin", "another word for where it comes from", "imported")
        district = row.value.get("district", "")
        found = places.slug(district)
        if found is not None and found != district:
            mending.rewrite(row, "district", "a name written otherwise", found)
        elif district and found is None:
            _set_aside(row, "district", "place", places.guess(district), mending)
        if (cue := row.value.get("cue", "")) not in ("", *CUES):
            _set_aside(row, "cue", "found_by", near(cue, CUES), mending)
    names = {row.value.get("identity", "") for row in taken.rows}
    for row in taken.rows:
        other = row.value.get("same_event_as", "")
        if other not in names and other.removesuffix(".0") in names:
            what = "a whole number with decimals"
            mending.rewrite(row, "same_event_as", what, other.removesuffix(".0"))
    _default(taken, "identity", lambda row: f"L{row.line}")
    _default(taken, "origin", lambda row: "imported")
    _default(taken, "best_row", lambda row: "1")
    _default(taken, "prior_only", is_old)
    return taken


def aggregates(sheet: Sheet, ground: Ground) -> Taken:
    """Published counts: of a period its length follows; a bound not told is none."""
    taken = _begun(sheet, "aggregates")
    for row in taken.rows:
        period = row.value.get("period", "")
        if re.fullmatch(r"\d{4}\.0", period):
            taken.mending.rewrite(row, "period", "a whole number with decimals", period[:4])
    _default(taken, "months", _length)
    _default(taken, "bound", lambda row: "=")
    _default(taken, "scope", lambda row: "Tajik-Afghan border")
    _default(taken, "source", lambda row: sheet.path.name)
    return taken


def _set_aside(row: Cells, column: str, words: str, guess: str, mending: Mending) -> None:
    """Put words that are none of ours where words may stand, unless they look like a slip."""
    if guess:
        mending.refuse(row, column, "is not known here", guess)
        return
    if not row.value.get(words):
        row.value[words] = row.value[column]
    mending.rewrite(row, column, f"{column} in other words, now under {words}", "")


def _begun(sheet: Sheet, kind: Kind) -> Taken:
    """The rows with the columns of a kind and their cells mended; the other columns are told."""
    known, other = names_of(kind), _OTHER_NAMES[kind]
    names = {
        column: other[column] if column in other and other[column] not in sheet.columns else column
        for column in sheet.columns
    }
    unused = {
        column: near(column, [n for n in known if n not in names.values()])
        or f"is not a column of {kind}"
        for column, name in names.items()
        if name not in known
    }
    rows = [
        Row(row.line, {names[c]: cell for c, cell in row.value.items() if c not in unused})
        for row in sheet.rows
    ]
    mending = Mending(sheet.path, ROW_TYPES[kind])
    return Taken(kind, mending.mended(rows), unused, mending)


def _default(taken: Taken, column: str, give: Callable[[Cells], str]) -> None:
    """Fill the open cells of a column, and tell that it was done."""
    filled = [row for row in taken.rows if not row.value.get(column)]
    values = {row.line: give(row) for row in filled}
    for row in filled:
        row.value[column] = values[row.line]
    given = sorted({value for value in values.values() if value})
    if given:
        told = given[0] if len(given) == 1 else f"{given[0]} and others"
        count = f"{len(filled)} row{'s' * (len(filled) != 1)}"
        taken.notes.append(f"{column} was not told in {count}: {told}")


def is_old(row: Cells) -> str:
    """1 where a row is for shapes and priors only, by its date; else 0."""
    return str(int(bool(day := row.value.get("date_start", "")) and day < PRIOR_BEFORE))


def _length(row: Cells) -> str:
    """Months between the ends of a period, both included; empty where it is none."""
    window = read_window(row.value.get("period", ""))
    if window is None or window.text == "year":
        return ""
    return str(window.length)


INCIDENT_TABLE: Final = Shape(
    "incidents",
    frozenset({"kind"}),
    frozenset({*names_of("incidents"), *_OTHER_NAMES["incidents"]}),
    incidents,
    frozenset(
        name for name, base in bases(ROW_TYPES["incidents"]).items() if base is not str
    ) | {"date", "identity", "district"},
)  # fmt: skip
AGGREGATE_TABLE: Final = Shape(
    "aggregates",
    frozenset({"metric", "value", "unit"}),
    frozenset({*names_of("aggregates"), *_OTHER_NAMES["aggregates"]}),
    aggregates,
    frozenset({"period", "year"}),
)
