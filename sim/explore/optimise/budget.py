"""A budget file: levers with bounds and extra costs, and the money to spend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.errors import Problem, ScenarioError
from sim.measures.registry import known
from sim.registry import did_you_mean
from sim.scenario.catalogue import display
from sim.scenario.merge import leaves
from sim.scenario.parameters import MONTHS, Parameter, parameter, parameters
from sim.scenario.read import read
from sim.scenario.spec import Scenario
from sim.validation import VisibleText, problems

SHIPPED: Final = "budget.toml"
STEPS: Final = 10
"""Default units in the range of a lever."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Lever(_Table):
    """What money buys: parameters that move together from one amount to another.

    For a list of months, the amount is how many of the months in ``order`` it takes; a flag is 0
    or 1.
    """

    name: VisibleText = Field(
        min_length=1, max_length=60, description='Give it a name: name = "teams".'
    )
    keys: tuple[str, ...] = Field(
        min_length=1, description='Name what it sets: keys = ["teams.per_district"].'
    )
    low: float = Field(alias="from", description="Give the amount without it: from = 0.")
    high: float = Field(alias="to", description="Give the most of it: to = 3.")
    order: tuple[int, ...] = ()
    unit: float | None = Field(default=None, gt=0.0)
    cost: float | None = Field(default=None, ge=0.0)
    """Cost of one more, a year, beyond what the accounts of a quiet year charge."""

    @cached_property
    def known(self) -> tuple[Parameter, ...]:
        """The parameters that the lever sets."""
        return tuple(found for key in self.keys if (found := parameter(key)))

    @property
    def whole(self) -> bool:
        """Whether it has only whole amounts."""
        return any(p.kind in ("whole number", "flag", "list") for p in self.known)

    @property
    def step(self) -> float:
        """The size of one unit more."""
        return self.unit or (1.0 if self.whole else abs(self.high - self.low) / STEPS)

    @property
    def districts(self) -> tuple[str, ...]:
        """The districts in which it acts, if it acts in some only."""
        tables = {p.key for p in self.known if p.kind == "district table"}
        split = [key.rpartition(".") for key in self.keys]
        return tuple(slug for table, _, slug in split if table in tables)

    def sets(self, amount: float) -> dict[str, object]:
        """The parameters of a scenario for an amount, by key."""
        return {k: self._value(p, amount) for k, p in zip(self.keys, self.known, strict=True)}

    def _value(self, known: Parameter, amount: float) -> object:
        if known.kind == "list":
            return sorted(self.order[: round(amount)])
        if known.kind == "flag":
            return round(amount) == 1
        return round(amount) if known.kind == "whole number" else amount

    def bounds(self) -> tuple[float, float]:
        """The least and the greatest amount that its parameters allow."""
        pairs = [self._allowed(each) for each in self.known]
        return max(low for low, _ in pairs), min(high for _, high in pairs)

    def _allowed(self, known: Parameter) -> tuple[float, float]:
        if known.kind == "list":
            return 0.0, float(len(self.order))
        if known.kind == "flag":
            return 0.0, 1.0
        low = -1e300 if known.low is None else known.low
        return low, 1e300 if known.high is None else known.high


class Budget(_Table):
    """The money and the levers. ``total`` is for a year, in the unit of the outcome ``currency``.

    The default total is what ``scenario`` itself costs in a quiet year. ``set`` holds in any mix.
    """

    scenario: str = "baseline"
    currency: str = "cost_usd"
    total: float | None = Field(default=None, gt=0.0)
    set: dict[str, object] = Field(default_factory=dict)
    lever: tuple[Lever, ...] = Field(
        min_length=1, description='Write each lever as [[lever]] with name, keys, from and to.'
    )  # fmt: skip


def shipped() -> Path:
    """The budget that comes with Panj."""
    from sim.incidents.seeds import seeds_folder

    return seeds_folder() / SHIPPED


def read_budget(path: Path) -> Budget:
    """Read a budget file.

    Raises :class:`~sim.errors.ScenarioError` with every problem; :func:`check` checks districts.
    """
    table = read(path)
    where = display(path)
    fixed = table.values.get("set", {})
    if not isinstance(fixed, dict):
        raise ScenarioError(
            "is a table of parameters: write [set]", path=where, key="set", value=fixed
        )
    try:
        budget = Budget.model_validate({**table.values, "set": dict(leaves(fixed))})
    except ValidationError as error:
        look = "See docs/explore.md, or the shipped seeds/budget.toml."
        raise ScenarioError.of(
            replace(problem, path=where, line=table.lines.get(problem.key or ""))
            for problem in problems(error, Budget, look)
        ) from None
    if found := list(_problems(budget)):
        raise ScenarioError.of(replace(problem, path=where) for problem in found)
    return budget


def _problems(budget: Budget) -> Iterator[Problem]:
    """What is wrong with the levers of a budget, each and together."""
    taken: dict[str, str] = dict.fromkeys(budget.set, "[set]")
    names: set[str] = set()
    for lever in budget.lever:
        if lever.name in names:
            yield Problem("the name of a lever is used twice", key="lever", value=lever.name)
        names.add(lever.name)
        for key in lever.keys:
            if key in taken:
                yield Problem(
                    f"is set by {taken[key]} too", key=f"lever {lever.name}", value=key,
                    remedy="Name each parameter in one lever.",
                )  # fmt: skip
            taken[key] = f"lever {lever.name}"
        yield from (_invalid_keys(lever) or _invalid_range(lever))


def _invalid_keys(lever: Lever) -> list[Problem]:
    """Problems of keys that no scenario has, or that cannot take an amount."""
    found = []
    for key in lever.keys:
        there, at = parameter(key), f"lever {lever.name}"
        if there is None:
            remedy = did_you_mean(key, parameters()) or "'panj scenario show baseline' lists all."
            found.append(
                Problem("no scenario has this parameter", key=at, value=key, remedy=remedy)
            )
        elif there.kind in ("choice", "date"):
            remedy = "A lever is a number, a flag or a list of months."
            found.append(Problem("is not an amount", key=at, value=key, remedy=remedy))
        elif there.kind == "district table" and key == there.key:
            remedy = f"Name the districts, as in {key}.darvoz."
            found.append(Problem("is a table of districts", key=at, value=key, remedy=remedy))
        elif (there.kind == "list") != bool(lever.order):
            remedy = "Give order = [10, 9, 11] for a list of months, and for nothing else."
            found.append(Problem("needs an order", key=at, value=key, remedy=remedy))
    return found


def _invalid_range(lever: Lever) -> list[Problem]:
    at = f"lever {lever.name}"
    (least, most), (first, last) = lever.bounds(), MONTHS
    if lever.low == lever.high:
        return [Problem("'from' and 'to' are the same, so there is nothing to buy", key=at)]
    if lever.whole and not (lever.low.is_integer() and lever.high.is_integer()):
        return [Problem("has only whole amounts", key=at, remedy="Give whole 'from' and 'to'.")]
    if not least <= min(lever.low, lever.high) <= max(lever.low, lever.high) <= most:
        remedy = f"Stay between {least:g} and {most:g}."
        return [Problem("goes beyond what its parameters allow", key=at, remedy=remedy)]
    if len(set(lever.order)) < len(lever.order) or any(
        not first <= month <= last for month in lever.order
    ):
        return [Problem("its order must name months from 1 to 12, each once", key=at)]
    return []


def check(budget: Budget, spec: Scenario) -> None:
    """Raise :class:`~sim.errors.ScenarioError` for an unknown district or currency."""
    outcomes = known(spec.ground)
    found = [
        Problem(
            f"{spec.ground} has no such district", key=f"lever {lever.name}", value=slug,
            remedy=did_you_mean(slug, spec.ground.slugs),
        )
        for lever in budget.lever for slug in lever.districts if slug not in spec.ground.by_slug
    ]  # fmt: skip
    if budget.currency not in outcomes:
        remedy = did_you_mean(budget.currency, outcomes) or "'panj outcomes' lists all."
        found.append(
            Problem("there is no such outcome", key="currency", value=budget.currency,
                    remedy=remedy)
        )  # fmt: skip
    if found:
        raise ScenarioError.of(found)
