"""Exports of ACLED (acleddata.com), known by their columns.

Sub-events become kinds: an armed clash of Tajik forces is a meeting with smugglers where the row
speaks of smuggling, else with infiltrators; an attack on civilians is one on workers where it
speaks of people at work, else on a village; shelling is fire across the line. ``fatalities`` has
no sides, so the dead of a clash stay open.
"""

from __future__ import annotations

from typing import Final

from sim.frontier.ground import Ground
from sim.incidents.foreign.coded import (
    Cells,
    LeftOutError,
    between_states,
    coded,
    district,
    number,
    smuggling,
    workers,
)
from sim.incidents.foreign.places import Places
from sim.incidents.foreign.sheet import Sheet
from sim.incidents.foreign.take import Shape, Taken
from sim.incidents.seeds import STATES_CLASH

_NEEDS: Final = frozenset({"event_date", "event_type", "sub_event_type", "fatalities"})
_TEXTS: Final = ("actor1", "assoc_actor_1", "actor2", "assoc_actor_2", "notes", "tags")
_USED: Final = _NEEDS | {*_TEXTS, "event_id_cnty", "time_precision", "admin2", "location", "source"}
_CERTAINTY: Final = {"1": "exact day", "2": "within a week", "3": "within a month"}
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


def _take(sheet: Sheet, ground: Ground) -> Taken:
    taken = coded(sheet, ground, _incident, _USED)
    open_ = sum("sides not told" in row.value["note"] for row in taken.rows)
    if open_:
        some = f"{open_} row{'s' * (open_ != 1)}"
        taken.notes.append(f"fatalities have no sides: who died is left open in {some}")
    return taken


def _incident(row: Cells, places: Places) -> dict[str, str]:
    name = row.get("admin2", "") or row.get("location", "")
    found = district(name, places, "its admin2 is not a district of this ground")
    kind = _kind(row)
    dead = number(row["fatalities"])
    cells = {} if dead else dict.fromkeys(_KILLED, "0")
    note = ""
    if dead and kind in _CIVILIANS:
        cells = {f"killed_{_CIVILIANS[kind]}": str(dead)}
    elif dead:
        note = f"{dead} killed, sides not told"
    return {
        **cells,
        "identity": row.get("event_id_cnty", ""),
        "date_start": row["event_date"],
        "date_end": row["event_date"],
        "date_certainty": _CERTAINTY.get(row.get("time_precision", "").removesuffix(".0"), ""),
        "district": found,
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
            raise LeftOutError("a clash without Tajik forces")
        return "smuggling_interdiction" if smuggling(text) else "infiltration_then_clash"
    if event == "attack":
        return "armed_attack_on_workers" if workers(text) else "armed_attack_on_village"
    if event == "air/drone_strike" and (workers(text) or smuggling(text)):
        return "drone_attack_on_workers" if workers(text) else "smuggling_interdiction"
    if event == "shelling/artillery/missile_attack":
        return "cross_border_fire_on_workers" if workers(text) else "cross_border_fire"
    raise LeftOutError(
        f"no kind of incident here is like {row['sub_event_type'] or 'an event untold'}"
    )


ACLED: Final = Shape("an ACLED export", _NEEDS, _USED, _take)
