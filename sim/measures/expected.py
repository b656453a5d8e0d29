"""Outcomes: harm as it was to be expected when each encounter began.

Their means are those of the dead and wounded; the luck of each fight and each strike is not in
them. What is left is the luck that brings attacks about, which has an outcome of its own. See
``docs/verdict.md``.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from sim.incidents.records import SIDES
from sim.measures.outcome import Outcome, within
from sim.measures.people import HURT, PEOPLE
from sim.measures.run_view import RunView
from sim.precision import single


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
            formula=f"{outcome.name} as expected just before each encounter, summed up",
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

CONTROL: Final = Outcome(
    "unforeseen_attacks",
    "attacks beyond what was to be expected",
    "attacks",
    "neither",
    "plans that came, plans that were acted on and attacks that others joined, each less its "
    "chance; the mean is 0 under every policy",
    lambda run: single(run.unforeseen_attacks),
    group="expected",
    level=True,
)
"""A martingale control: what chance had to do with the number of attacks."""
