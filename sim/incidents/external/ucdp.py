"""Exports of the UCDP Georeferenced Event Dataset (ucdp.uu.se), recognised by their columns.

State-based violence with Tajikistan as a side is a meeting with infiltrators, with its dead by
side. One-sided violence is an attack on workers if the row mentions people at work, else on a
village. Violence between groups is skipped.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from sim.incidents.external.district_names import DistrictNames
from sim.incidents.external.event_exports import (
    Cells,
    SkippedRowError,
    between_states,
    district,
    number,
    read_events,
    workers,
)
from sim.incidents.external.formats import TableFormat
from sim.incidents.seeds import STATES_CLASH

_DEAD: Final = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
_NEEDS: Final = frozenset({"type_of_violence", "side_a", "side_b", "date_start", *_DEAD})
_TEXTS: Final = ("source_headline", "source_article", "side_b")
_USED: Final = _NEEDS | {*_TEXTS, "id", "date_end", "date_prec", "where_prec", "adm_2"}
_CERTAINTY: Final = {
    "1": "exact day", "2": "2 to 6 days", "3": "a week", "4": "a month", "5": "more than a month",
}  # fmt: skip


def _incident(row: Cells, places: DistrictNames) -> dict[str, str]:
    if number(row.get("where_prec", "")) > 3:
        raise SkippedRowError("its place is known only to the province")
    place = district(row.get("adm_2", ""), places, "its adm_2 is not a district of this ground")
    side_a, side_b, civilians, unknown = (number(row[column]) for column in _DEAD)
    text = " ".join(row.get(column, "") for column in _TEXTS)
    kind = _kind(row, text)
    side = "workers" if workers(text) else "villagers"
    notes = [f"{unknown} killed, sides not given"] if unknown else []
    dead = {side: civilians}
    if kind in ("infiltration_then_clash", STATES_CLASH):
        home = "tajikistan" in row["side_a"].casefold()
        dead |= dict(
            zip(
                ("guards", "intruders"),
                (side_a, side_b) if home else (side_b, side_a),
                strict=True,
            )
        )
    return {
        **{f"killed_{who}": str(n) for who, n in dead.items() if n or not unknown},
        "identity": f"ucdp{number(row['id'])}" if row.get("id") else "",
        "date_start": row["date_start"],
        "date_end": row.get("date_end", ""),
        "date_certainty": _CERTAINTY.get(row.get("date_prec", "").removesuffix(".0"), ""),
        "district": place,
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
    reasons = {1: "a clash without Tajik forces", 2: "violence between groups"}
    raise SkippedRowError(reasons.get(violence, "its type_of_violence is unknown"))


UCDP: Final = TableFormat(
    "a UCDP GED export", _NEEDS, _USED, partial(read_events, read=_incident, used=_USED)
)
