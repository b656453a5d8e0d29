"""Every outcome by name: those of the model, those of one's own, those that a store tells of."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from sim.errors import GroundError
from sim.frontier.ground import Ground
from sim.measures.crossings import DETECTION, FLOW, seized_in
from sim.measures.expected import EXPECTED
from sim.measures.guards import ALERT, COST, RESPONSE, WORKSITES
from sim.measures.incidents import HAPPENED
from sim.measures.outcome import Number, Outcome
from sim.measures.people import PEOPLE
from sim.measures.run_view import RunView
from sim.registry import Registry

SHIPPED: Final = (
    *PEOPLE, *EXPECTED, *HAPPENED, *FLOW, *DETECTION, *RESPONSE, *WORKSITES, *ALERT, *COST,
)  # fmt: skip
"""The outcomes of the model on any ground, in the order of their columns."""

EXPECTATIONS: Final = {outcome.mean_of: outcome.name for outcome in EXPECTED}
"""Of some outcomes the one that has the same mean with less chance in it."""

OUTCOMES: Final = Registry("outcome", *SHIPPED)
"""Every outcome that this process can measure; those of one's own come last."""


@lru_cache(maxsize=16)
def outcomes_on(ground: Ground) -> tuple[Outcome, ...]:
    """The model's outcomes on a ground: its regions' shares follow the weight seized.

    Raises :class:`~sim.errors.GroundError` where the ground gives one the name of another.
    """
    shares = [seized_in(share) for share in ground.description.seized_in]
    names = Counter(outcome.name for outcome in (*SHIPPED, *shares))
    for share in shares:
        if names[share.name] > 1:
            raise GroundError(
                "is the name of another outcome", key="seized_in.outcome", value=share.name,
                remedy="Give it another in ground.toml.",
            )  # fmt: skip
    tell(shares)
    after = next(n for n, outcome in enumerate(SHIPPED, 1) if outcome.name == "seized_kg")
    return (*SHIPPED[:after], *shares, *SHIPPED[after:])


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
    if name in OUTCOMES:
        return OUTCOMES[name]
    if name not in _told:
        outcomes_on(Ground.default())  # of tables that no store tells of
    return _told.get(name) or Outcome(name, unit="")


def headlines() -> dict[str, Outcome]:
    """The outcomes that are shown when none is asked for, by name, gravest first."""
    found = [outcome for outcome in OUTCOMES.values() if outcome.headline is not None]
    return {outcome.name: outcome for outcome in sorted(found, key=lambda o: o.headline or 0.0)}


def outcome_row(run: RunView, outcomes: Iterable[Outcome] | None = None) -> dict[str, Number]:
    """The values of outcomes, by name and in their order; without any, of those of the model."""
    wanted = outcomes_on(run.ground) if outcomes is None else outcomes
    return {outcome.name: outcome.measure(run) for outcome in wanted}


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


def known(ground: Ground | None = None) -> dict[str, Outcome]:
    """Every outcome of a run on a ground (the shipped one), by name; one's own come last."""
    model = {outcome.name: outcome for outcome in outcomes_on(ground or Ground.default())}
    return model | {name: outcome for name, outcome in OUTCOMES.items() if name not in model}


def outcomes() -> Listing:
    """What every outcome is: name, label, unit, what is better, how it is computed, and more."""
    return Listing(outcome.as_data for outcome in known().values())
