"""Exports of the UCDP Georeferenced Event Dataset (ucdp.uu.se), known by their columns.

State-based violence in which Tajikistan is a side is a meeting with infiltrators, its dead by
side; one-sided violence is an attack on workers where the row speaks of people at work, else on
a village. Violence between groups is left.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from sim.incidents.foreign.coded import (
    Cells,
    LeftOutError,
    between_states,
    coded,
    district,
    number,
    workers,
)
from sim.incidents.foreign.places import Places
from sim.incidents.foreign.take import Shape
from sim.incidents.seeds import STATES_CLASH

_DEAD: Final = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
_NEEDS: Final = frozenset({"type_of_violence", "side_a", "side_b", "date_start", *_DEAD})
_TEXTS: Final = ("source_headline", "source_article", "side_b")
_USED: Final = _NEEDS | {*_TEXTS, "id", "date_end", "date_prec", "where_prec", "adm_2"}
_CERTAINTY: Final = {
    "1": "exact day", "2": "2 to 6 days", "3": "a week", "4": "a month", "5": "more than a month",
}  # fmt: skip


def _incident(row: Cells, places: Places) -> dict[str, str]:
    if number(row.get("where_prec", "")) > 3:
        raise LeftOutError("its place is known to the province only")
    found = district(row.get("adm_2", ""), places, "its adm_2 is not a district of this ground")
    own, others, civilians, unknown = (number(row[column]) for column in _DEAD)
    text = " ".join(row.get(column, "") for column in _TEXTS)
    kind = _kind(row, text)
    side = "workers" if workers(text) else "villagers"
    notes = [f"{unknown} killed, sides not told"] if unknown else []
    dead = {side: civilians}
    if kind in ("infiltration_then_clash", STATES_CLASH):
        home = "tajikistan" in row["side_a"].casefold()
        dead |= dict(
            zip(("guards", "intruders"), (own, others) if home else (others, own), strict=True)
        )
    return {
        **{f"killed_{who}": str(n) for who, n in dead.items() if n or not unknown},
        "identity": f"ucdp{number(row['id'])}" if row.get("id") else "",
        "date_start": row["date_start"],
        "date_end": row.get("date_end", ""),
        "date_certainty": _CERTAINTY.get(row.get("date_prec", "").removesuffix(".0"), ""),
        "district": found,
        "kind": kind,
        "actor_reported": f"{row['side_a']}; {row['side_b']}",
        "note": "; ".join(notes),
        "source_title": "UCDP GED",
    }


def _kind(row: Cells, text: str) -> str:
    violence = number(row["type_of_violence"])
    if violence == 1 and between_states(row["side_a"], row["side_b"]):
        return STATES_CLASH
    if violence == 1 and "tajikistan" in f"{row['side_a']} {row['side_b']}".casefold():
        return "infiltration_then_clash"
    if violence == 3:
        return "armed_attack_on_workers" if workers(text) else "armed_attack_on_village"
    told = {1: "a clash without Tajik forces", 2: "violence between groups"}
    raise LeftOutError(told.get(violence, "its type_of_violence is not known"))


UCDP: Final = Shape("a UCDP GED export", _NEEDS, _USED, partial(coded, read=_incident, used=_USED))
