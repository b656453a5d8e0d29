"""Outcomes: expected harm, which has the mean of the dead and wounded with less noise.

It leaves out the luck of each fight and strike, and the part of the choice of plans, modes and
targets that is above or below its mean. See ``docs/verdict.md``.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from sim.incidents.records import SIDES
from sim.measures.outcome import within
from sim.measures.people import HURT, PEOPLE
from sim.measures.run_view import RunView


def _summed(columns: Sequence[str]) -> Callable[[RunView], float]:
    return lambda run: sum(run.expected[column] for column in columns)


_COLUMNS: Final = {
    "deaths": [f"killed_{side}" for side in SIDES],
    "victims": [f"killed_{side}" for side in SIDES if side not in ("militants", "smugglers")],
    **{outcome: [column] for outcome, column in HURT.items()},
}

EXPECTED: Final = within(
    "expected",
    *(
        replace(
            outcome,
            name=f"expected_{outcome.name}",
            label=f"{outcome.label}, expected",
            formula=f"sum over encounters of {outcome.name} as expected just before each, less the "
            "luck in which attacks took place; may be below 0",
            measure=_summed(_COLUMNS[outcome.name]),
            noun=f"expected {outcome.named}",
            headline=None,
            district=None,
            mean_of=outcome.name,
        )
        for outcome in PEOPLE
        if outcome.name in _COLUMNS
    ),
)
