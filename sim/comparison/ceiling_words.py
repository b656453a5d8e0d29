"""The distance from the ceiling in sentences."""

from collections.abc import Sequence
from typing import Final

from sim.comparison.ceiling import CeilingRow
from sim.comparison.number_format import per_cent, short
from sim.comparison.terms import Terms, listed

_OVERALL: Final = {
    "expected": "Of what as many patrols could do against crossers who heed none, {} is reached",
    "guaranteed": "Against one who knows the plan and picks place and hour, {} is",
}


def sentences(rows: Sequence[CeilingRow], terms: Terms) -> list[str]:
    """What the first scenario's patrols do in full, then how near all of them come in short."""
    if not rows:
        return []
    told = [one(rows[0], terms)]
    if len(rows) > 1:
        told.append(_overall(rows, terms))
    return told


def one(row: CeilingRow, terms: Terms) -> str:
    """One scenario in full."""
    out, name = short(row.patrols_out), terms.label(row.scenario)
    if row.expected_most == 0.0 and row.guaranteed_most == 0.0:
        return f"{name}: {out} patrols are out at a time, and they can see nobody."
    told = (
        f"{name}: {out} patrols are out at a time. They see {chance(row.expected)} of crossers "
        "who heed no patrol; no plan with as many out could see more than "
        f"{chance(row.expected_most)}."
    )
    most = chance(row.guaranteed_most)
    if row.guaranteed == 0.0:
        return (
            f"{told} One who knows the plan and picks place and hour is never seen; the most "
            f"that a plan can promise is {most}."
        )
    light = "by night" if row.by_night else "by day"
    return (
        f"{told} One who knows the plan and picks place and hour comes to {row.weakest} "
        f"{light} and is seen with {chance(row.guaranteed)}; no plan can promise more than "
        f"{most}."
    )


def _overall(rows: Sequence[CeilingRow], terms: Terms) -> str:
    parts = []
    for measure, words in _OVERALL.items():
        if shares := reached(rows, measure):
            parts.append(f"{words.format(least_to_most(shares))}.")
    nothing = [
        terms.label(row.scenario)
        for row in rows
        if row.guaranteed == 0.0 and row.guaranteed_most > 0.0
    ]
    if nothing:
        parts.append(
            f"Nothing is guaranteed by {listed(nothing)}: there is a place and an hour that no "
            "patrol comes to."
        )
    return " ".join(parts)


def reached(rows: Sequence[CeilingRow], measure: str) -> list[float]:
    """The shares reached of ``expected`` or ``guaranteed``, where something can be."""
    shares = [getattr(row, f"{measure}_reached") for row in rows]
    return [share for share in shares if share is not None]


def least_to_most(shares: Sequence[float]) -> str:
    """The least and the largest of some shares, or the one that all are, in per cent."""
    low, high = per_cent(min(shares)), per_cent(max(shares))
    return high if low == high else f"{low} to {high}"


def chance(value: float) -> str:
    """A chance in per cent, two digits of it."""
    return f"{short(value, 100.0)} %"
