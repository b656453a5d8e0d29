"""Every outcome by name: those of the model, those of one's own, those that a store tells of."""

from collections.abc import Iterable
from typing import Final

from sim.measures.crossings import DETECTION, FLOW
from sim.measures.guards import ALERT, COST, RESPONSE, WORKSITES
from sim.measures.incidents import HAPPENED
from sim.measures.outcome import Number, Outcome
from sim.measures.people import PEOPLE
from sim.measures.run_view import RunView
from sim.registry import Registry

SHIPPED: Final = (
    *PEOPLE, *HAPPENED, *FLOW, *DETECTION, *RESPONSE, *WORKSITES, *ALERT, *COST,
)  # fmt: skip
"""The outcomes of the model, in the order of their columns."""

OUTCOMES: Final = Registry("outcome", *SHIPPED)
"""Every outcome that this process can measure; those of one's own come last."""

BY_DISTRICT: Final = sorted(
    (outcome for outcome in SHIPPED if outcome.district), key=lambda outcome: outcome.district or 0
)
"""The columns of the district table."""

_told: dict[str, Outcome] = {}


def tell(outcomes: Iterable[Outcome]) -> None:
    """Take note of what a store says of outcomes that may not be registered here."""
    _told.update((outcome.name, outcome) for outcome in outcomes)


def described(name: str) -> Outcome:
    """What is known of an outcome; a stranger is a plain number called by its name."""
    return OUTCOMES.get(name) or _told.get(name) or Outcome(name, unit="")


def headlines() -> dict[str, Outcome]:
    """The outcomes that are shown when none is asked for, by name, gravest first."""
    found = [outcome for outcome in OUTCOMES.values() if outcome.headline is not None]
    return {outcome.name: outcome for outcome in sorted(found, key=lambda o: o.headline or 0.0)}


def outcome_row(run: RunView, outcomes: Iterable[Outcome] = SHIPPED) -> dict[str, Number]:
    """The values of outcomes, by name and in their order."""
    return {outcome.name: outcome.measure(run) for outcome in outcomes}


def district_rows(run: RunView) -> list[dict[str, Number | str]]:
    """Crossings, interdictions and harm of each district: the finest published resolution."""
    return [
        {"district": slug, **outcome_row(there, BY_DISTRICT)}
        for slug, there in run.by_district().items()
    ]


class Listing(list[dict[str, object]]):
    """Records of outcomes, as pandas takes them; shown as a table."""

    def __repr__(self) -> str:
        columns = ("name", "unit", "better", "label")
        rows = [columns, *(tuple(str(each[column]) for column in columns) for each in self)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = (
            "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
            for row in rows
        )
        return "\n".join(line.rstrip() for line in lines)


def outcomes() -> Listing:
    """What every outcome is: name, label, unit, what is better, how it is computed, and more."""
    return Listing(outcome.said for outcome in OUTCOMES.values())
