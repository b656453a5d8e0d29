"""Exports of ACLED (acleddata.com), recognised by their columns.

Sub-events become kinds. An armed clash of Tajik forces is a meeting with smugglers if the row
mentions smuggling, else with infiltrators. An attack on civilians is one on workers if the row
mentions people at work, else on a village. Shelling is fire across the line. ``fatalities`` does
not give sides, so the dead of a clash are left empty.
"""

from __future__ import annotations

from typing import Final

from sim.frontier.ground import Ground
from sim.incidents.external.district_names import DistrictNames
from sim.incidents.external.event_exports import (
    Cells,
    SkippedRowError,
    between_states,
    district,
    number,
    read_events,
    smuggling,
    workers,
)
from sim.incidents.external.formats import ImportedRows, TableFormat
from sim.incidents.external.sheet import Sheet
from sim.incidents.seeds import STATES_CLASH

_NEEDS: Final = frozenset({"event_date", "event_type", "sub_event_type", "fatalities"})
_TEXTS: Final = ("actor1", "assoc_actor_1", "actor2", "assoc_actor_2", "notes", "tags")
_USED: Final = _NEEDS | {*_TEXTS, "event_id_cnty", "time_precision", "admin2", "location", "source"}
_CERTAINTY: Final = {"1": "exact day", "2": "within a week", "3": "within a month"}
_SIDES_UNKNOWN: Final = "killed, sides not given"
_FIGHTS: Final = (
    "armed_clash",
    "government_regains_territory",
    "non_state_actor_overtakes_territory",
)
_KILLED: Final = ("killed_guards", "killed_intruders", "killed_workers", "killed_villagers")
_CIVILIANS: Final = {
    "armed_attack_on_workers": "workers",
    "drone_attack_on_workers": "workers",
    "cross_border_fire_on_workers": "workers",
    "armed_attack_on_village": "villagers",
}


def _read(sheet: Sheet, ground: Ground) -> ImportedRows:
    imported = read_events(sheet, ground, _incident, _USED)
    unknown = sum(_SIDES_UNKNOWN in row.value["note"] for row in imported.rows)
    if unknown:
        rows = f"{unknown} row{'s' * (unknown != 1)}"
        imported.notes.append(f"fatalities do not give sides: who died is left empty in {rows}")
    return imported


def _incident(row: Cells, places: DistrictNames) -> dict[str, str]:
    name = row.get("admin2", "") or row.get("location", "")
    place = district(name, places, "its admin2 is not a district of this ground")
    kind = _kind(row)
    dead = number(row["fatalities"])
    cells = {} if dead else dict.fromkeys(_KILLED, "0")
    note = ""
    if dead and kind in _CIVILIANS:
        cells = {f"killed_{_CIVILIANS[kind]}": str(dead)}
    elif dead:
        note = f"{dead} {_SIDES_UNKNOWN}"
    return {
        **cells,
        "identity": row.get("event_id_cnty", ""),
        "date_start": row["event_date"],
        "date_end": row["event_date"],
        "date_certainty": _CERTAINTY.get(row.get("time_precision", "").removesuffix(".0"), ""),
        "district": place,
        "kind": kind,
        "actor_reported": "; ".join(filter(None, (row.get("actor1"), row.get("actor2")))),
        "note": note,
        "source_title": f"ACLED: {row.get('source', '')}".rstrip(": "),
    }


def _kind(row: Cells) -> str:
    one, other = row.get("actor1", ""), row.get("actor2", "")
    text = " ".join(row.get(column, "") for column in _TEXTS)
    event = row["sub_event_type"].casefold().replace("-", "_").replace(" ", "_")
    if event in _FIGHTS:
        if between_states(one, other):
            return STATES_CLASH
        if "tajikistan" not in f"{one} {other}".casefold():
            raise SkippedRowError("a clash without Tajik forces")
        return "smuggling_interdiction" if smuggling(text) else "infiltration_then_clash"
    if event == "attack":
        return "armed_attack_on_workers" if workers(text) else "armed_attack_on_village"
    if event == "air/drone_strike" and (workers(text) or smuggling(text)):
        return "drone_attack_on_workers" if workers(text) else "smuggling_interdiction"
    if event == "shelling/artillery/missile_attack":
        return "cross_border_fire_on_workers" if workers(text) else "cross_border_fire"
    raise SkippedRowError(
        f"no kind of incident matches {row['sub_event_type'] or 'an empty sub_event_type'}"
    )


ACLED: Final = TableFormat("an ACLED export", _NEEDS, _USED, _read)
