"""Tables by any author with the columns of the seed tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from sim.csv_table import Row
from sim.frontier.ground import Ground
from sim.incidents.external.cleaning import CellCleaner, bases
from sim.incidents.external.district_names import DistrictNames
from sim.incidents.external.formats import (
    ROW_TYPES,
    ImportedRows,
    Kind,
    TableFormat,
    column_names,
    is_prior_only,
)
from sim.incidents.external.sheet import Sheet, slug
from sim.incidents.kinds import CUES, INCIDENTS
from sim.incidents.seeds import STATES_CLASH
from sim.incidents.windows import read_window
from sim.registry import did_you_mean

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


def incidents(sheet: Sheet, ground: Ground) -> ImportedRows:
    """Incidents. Missing columns stay empty; a row without an identity is named by its line."""
    imported = _imported(sheet, "incidents")
    cleaner = imported.cleaner
    district_names = DistrictNames(ground)
    for row in imported.rows:
        for column, known in _CHOICES.items():
            cell = row.value.get(column, "")
            if cell not in known and slug(cell) in known:
                cleaner.rewrite(row, column, "another spelling of a name", slug(cell))
        if row.value.get("origin", "imported") not in ("", *_ORIGINS):
            cleaner.rewrite(row, "origin", "another word for the origin", "imported")
        district = row.value.get("district", "")
        known_as = district_names.slug(district)
        if known_as is not None and known_as != district:
            cleaner.rewrite(row, "district", "another spelling of a name", known_as)
        elif district and known_as is None:
            _move_text(row, "district", "place", district_names.guess(district), cleaner)
        if (cue := row.value.get("cue", "")) not in ("", *CUES):
            _move_text(row, "cue", "found_by", did_you_mean(cue, CUES), cleaner)
    names = {row.value.get("identity", "") for row in imported.rows}
    for row in imported.rows:
        other = row.value.get("same_event_as", "")
        if other not in names and other.removesuffix(".0") in names:
            what = "a whole number written with decimals"
            cleaner.rewrite(row, "same_event_as", what, other.removesuffix(".0"))
    _fill(imported, "identity", lambda row: f"L{row.line}")
    _fill(imported, "origin", lambda row: "imported")
    _fill(imported, "best_row", lambda row: "1")
    _fill(imported, "prior_only", is_prior_only)
    return imported


def aggregates(sheet: Sheet, ground: Ground) -> ImportedRows:
    """Published counts. A missing length follows from the period; a missing bound is ``=``."""
    imported = _imported(sheet, "aggregates")
    for row in imported.rows:
        period = row.value.get("period", "")
        if re.fullmatch(r"\d{4}\.0", period):
            imported.cleaner.rewrite(
                row, "period", "a whole number written with decimals", period[:4]
            )
    _fill(imported, "months", _length)
    _fill(imported, "bound", lambda row: "=")
    _fill(imported, "scope", lambda row: "Tajik-Afghan border")
    _fill(imported, "source", lambda row: sheet.path.name)
    return imported


def _move_text(row: Cells, column: str, words: str, guess: str, cleaner: CellCleaner) -> None:
    """Move a text that is not a known name to the column ``words``; refuse a likely misspelling."""
    if guess:
        cleaner.refuse(row, column, "is not a known name", guess)
        return
    if not row.value.get(words):
        row.value[words] = row.value[column]
    cleaner.rewrite(row, column, f"an unknown {column}, moved to {words}", "")


def _imported(sheet: Sheet, kind: Kind) -> ImportedRows:
    """The rows with the columns of a kind, their cells cleaned; other columns become unused."""
    known, other = column_names(kind), _OTHER_NAMES[kind]
    names = {
        column: other[column] if column in other and other[column] not in sheet.columns else column
        for column in sheet.columns
    }
    unused = {
        column: did_you_mean(column, [n for n in known if n not in names.values()])
        or f"is not a column of {kind}"
        for column, name in names.items()
        if name not in known
    }
    rows = [
        Row(row.line, {names[c]: cell for c, cell in row.value.items() if c not in unused})
        for row in sheet.rows
    ]
    cleaner = CellCleaner(sheet.path, ROW_TYPES[kind])
    return ImportedRows(kind, cleaner.clean(rows), unused, cleaner)


def _fill(imported: ImportedRows, column: str, default: Callable[[Cells], str]) -> None:
    """Fill the empty cells of a column, and note that this was done."""
    filled = [row for row in imported.rows if not row.value.get(column)]
    values = {row.line: default(row) for row in filled}
    for row in filled:
        row.value[column] = values[row.line]
    given = sorted({value for value in values.values() if value})
    if given:
        shown = given[0] if len(given) == 1 else f"{given[0]} and others"
        count = f"{len(filled)} row{'s' * (len(filled) != 1)}"
        imported.notes.append(f"{column} was missing in {count}: {shown}")


def _length(row: Cells) -> str:
    """Months from the beginning to the end of a period; empty if it is not a period."""
    window = read_window(row.value.get("period", ""))
    if window is None or window.text == "year":
        return ""
    return str(window.length)


INCIDENT_TABLE: Final = TableFormat(
    "incidents",
    frozenset({"kind"}),
    frozenset({*column_names("incidents"), *_OTHER_NAMES["incidents"]}),
    incidents,
    frozenset(
        name for name, base in bases(ROW_TYPES["incidents"]).items() if base is not str
    ) | {"date", "identity", "district"},
)  # fmt: skip
AGGREGATE_TABLE: Final = TableFormat(
    "aggregates",
    frozenset({"metric", "value", "unit"}),
    frozenset({*column_names("aggregates"), *_OTHER_NAMES["aggregates"]}),
    aggregates,
    frozenset({"period", "year"}),
)
