"""Every outcome by name: of the model, defined by the user, or known from a store."""

from collections import Counter
from collections.abc import Iterable, Mapping
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
"""For some outcomes, the outcome that has the same mean with less noise."""

OUTCOMES: Final = Registry("outcome", *SHIPPED)
"""Every outcome that this process can measure; user-defined ones come last."""


@lru_cache(maxsize=16)
def outcomes_on(ground: Ground) -> tuple[Outcome, ...]:
    """The model's outcomes on a ground; the shares of its regions follow the weight seized.

    Raises :class:`~sim.errors.GroundError` where the ground gives one the name of another.
    """
    shares = [seized_in(share) for share in ground.description.seized_in]
    names = Counter(outcome.name for outcome in (*SHIPPED, *shares))
    for share in shares:
        if names[share.name] > 1:
            raise GroundError(
                "is the name of another outcome", key="seized_in.outcome", value=share.name,
                remedy="Give it another name in ground.toml.",
            )  # fmt: skip
    remember(shares)
    after = next(n for n, outcome in enumerate(SHIPPED, 1) if outcome.name == "seized_kg")
    return (*SHIPPED[:after], *shares, *SHIPPED[after:])


BY_DISTRICT: Final = sorted(
    (outcome for outcome in SHIPPED if outcome.district), key=lambda outcome: outcome.district or 0
)
"""The columns of the district table."""

_remembered: dict[str, Outcome] = {}


def remember(outcomes: Iterable[Outcome]) -> None:
    """Keep the descriptions of outcomes, such as a store's, that may not be registered here."""
    _remembered.update((outcome.name, outcome) for outcome in outcomes)


def described(name: str) -> Outcome:
    """The outcome of a name; an unknown one is a plain number with that name."""
    if name in OUTCOMES:
        return OUTCOMES[name]
    if name not in _remembered:
        outcomes_on(Ground.default())  # for tables without a store
    return _remembered.get(name) or Outcome(name, unit="")


def headlines() -> dict[str, Outcome]:
    """The outcomes that are shown by default, by name, gravest first."""
    found = [outcome for outcome in OUTCOMES.values() if outcome.headline is not None]
    return {outcome.name: outcome for outcome in sorted(found, key=lambda o: o.headline or 0.0)}


def outcome_row(run: RunView, outcomes: Iterable[Outcome] | None = None) -> dict[str, Number]:
    """The values of outcomes by name, in their order; by default of those of the model."""
    chosen = outcomes_on(run.ground) if outcomes is None else outcomes
    return {outcome.name: outcome.measure(run) for outcome in chosen}


def district_rows(run: RunView) -> list[dict[str, Number | str]]:
    """Crossings, interdictions and harm of each district: the finest published resolution."""
    return [
        {"district": slug, **outcome_row(there, BY_DISTRICT)}
        for slug, there in run.by_district().items()
    ]


def headline_rows(outcomes: Mapping[str, Number]) -> list[tuple[str, str, str]]:
    """Label, number and unit of the headline outcomes, as a notebook shows them."""
    return [
        (outcome.label, *_figure(outcomes[name], outcome.unit))
        for name, outcome in headlines().items()
        if name in outcomes
    ]


def _figure(value: Number, unit: str) -> tuple[str, str]:
    if value is None:
        return "–", ""
    if unit == "share":
        return f"{100 * value:.3g}", "%"
    whole = isinstance(value, int) or abs(value) >= 1000.0
    return f"{value:,.0f}" if whole else f"{value:.3g}", "" if unit == "count" else unit


class Listing(list[dict[str, object]]):
    """Records of outcomes, as pandas reads them; printed as a table."""

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
    """Every outcome of a run on a ground (default: the shipped one), by name, user-defined last."""
    model = {outcome.name: outcome for outcome in outcomes_on(ground or Ground.default())}
    return model | {name: outcome for name, outcome in OUTCOMES.items() if name not in model}


def outcomes() -> Listing:
    """A description of every outcome: name, label, unit, what is better, formula, and more."""
    return Listing(outcome.as_data for outcome in known().values())
