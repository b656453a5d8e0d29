"""The distance from the ceiling in sentences."""

from collections.abc import Mapping, Sequence
from typing import Final

from sim.comparison.digits import per_cent, short

Row = Mapping[str, object]

_OVERALL: Final = {
    "expected": "Of what as many patrols could do against crossers who heed none, {} is reached",
    "guaranteed": "Against one who knows the plan and picks place and hour, {} is",
}


def sentences(rows: Sequence[Row]) -> list[str]:
    """What the first scenario's patrols do in full, then how near all of them come in short."""
    if not rows:
        return []
    told = [one(rows[0])]
    if len(rows) > 1:
        told.append(_overall(rows))
    return told


def one(row: Row) -> str:
    """One scenario in full."""
    out, name = _number(row["patrols_out"]), row["scenario"]
    if _number(row["expected_most"]) == 0.0 and _number(row["guaranteed_most"]) == 0.0:
        return f"{name}: {short(out)} patrols are out at a time, and they can see nobody."
    told = (
        f"{name}: {short(out)} patrols are out at a time. They see {chance(row['expected'])} of "
        "crossers who heed no patrol; no plan with as many out could see more than "
        f"{chance(row['expected_most'])}."
    )
    most = chance(row["guaranteed_most"])
    if _number(row["guaranteed"]) == 0.0:
        return (
            f"{told} One who knows the plan and picks place and hour is never seen; the most "
            f"that a plan can promise is {most}."
        )
    light = "by night" if row["by_night"] else "by day"
    return (
        f"{told} One who knows the plan and picks place and hour comes to {row['weakest']} "
        f"{light} and is seen with {chance(row['guaranteed'])}; no plan can promise more than "
        f"{most}."
    )


def _overall(rows: Sequence[Row]) -> str:
    parts = []
    for measure, words in _OVERALL.items():
        shares = [s for row in rows if isinstance(s := row[f"{measure}_reached"], float)]
        if shares:
            parts.append(f"{words.format(span(shares))}.")
    nothing = [
        str(row["scenario"])
        for row in rows
        if row["guaranteed"] == 0.0 and _number(row["guaranteed_most"]) > 0.0
    ]
    if nothing:
        parts.append(
            f"Nothing is guaranteed by {_listed(nothing)}: there is a place and an hour that no "
            "patrol comes to."
        )
    return " ".join(parts)


def span(shares: Sequence[float]) -> str:
    """The least and the largest of some shares, or the one that all are, in per cent."""
    low, high = per_cent(min(shares)), per_cent(max(shares))
    return high if low == high else f"{low} to {high}"


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def chance(value: object) -> str:
    """A chance in per cent, two digits of it."""
    return f"{short(100.0 * _number(value))} %"


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
