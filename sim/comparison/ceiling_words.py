"""The ceiling in sentences: how near patrols come to the most possible."""

from collections.abc import Sequence
from typing import Final

from sim.comparison.ceiling import CeilingRow
from sim.comparison.number_format import per_cent, short
from sim.comparison.terms import Terms, listed

_OVERALL: Final = {
    "expected": "Against crossers who ignore patrols the scenarios reach {} of their ceiling",
    "guaranteed": "Against one who knows the plan they reach {}",
}


def sentences(rows: Sequence[CeilingRow], terms: Terms) -> list[str]:
    """The first scenario in full, then all of them in short."""
    if not rows:
        return []
    return [one(rows[0], terms), *([_overall(rows, terms)] if len(rows) > 1 else [])]


def one(row: CeilingRow, terms: Terms) -> str:
    """One scenario in full."""
    out, name = short(row.patrols_out), terms.label(row.scenario)
    if row.expected_most == 0.0 and row.guaranteed_most == 0.0:
        return f"{name}: {out} patrols are out at a time, and they can see nobody."
    text = (
        f"{name}: {out} patrols are out at a time. They see {chance(row.expected)} of the crossers "
        "who ignore patrols; no plan with as many patrols could see more than "
        f"{chance(row.expected_most)}. A crosser who knows the plan and picks place and hour"
    )
    most = f"no plan can guarantee more than {chance(row.guaranteed_most)}."
    if row.guaranteed == 0.0:
        return f"{text} is never seen; {most}"
    light = "by night" if row.by_night else "by day"
    return (
        f"{text} comes to {row.weakest} {light} and is seen with a probability of "
        f"{chance(row.guaranteed)}; {most}"
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
        guarantee = "guarantees" if len(nothing) == 1 else "guarantee"
        parts.append(
            f"{listed(nothing)} {guarantee} nothing: there is a place and an hour that no patrol "
            "reaches."
        )
    return " ".join(parts)


def reached(rows: Sequence[CeilingRow], measure: str) -> list[float]:
    """The shares reached of ``expected`` or ``guaranteed``, where they are known."""
    shares = [getattr(row, f"{measure}_reached") for row in rows]
    return [share for share in shares if share is not None]


def least_to_most(shares: Sequence[float]) -> str:
    """The least and the largest of some shares in per cent; one figure if they are equal."""
    low, high = per_cent(min(shares)), per_cent(max(shares))
    return high if low == high else f"{low} to {high}"


def chance(value: float) -> str:
    """A probability in per cent, with two digits."""
    return f"{short(value, 100.0)} %"
