"""Outcomes: harm as it was to be expected when each encounter began, and no attack by luck.

Their means are those of the dead and wounded. The luck of each fight and each strike is not in
them, nor what the choice of plans, modes and targets foretold beyond its mean. See
``docs/verdict.md``.
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
            formula=f"{outcome.name} as expected just before each encounter, summed up, less what "
            "the luck in which attacks there were foretold; may be below 0",
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
