"""Free parameters that somebody sets: each is held at its value and is free no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from sim.calibrate.priors import Parameter
from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.merge import leaves
from sim.scenario.overrides import FLAG, nested, parsed
from sim.scenario.vary import flatten, stating, with_overrides

if TYPE_CHECKING:
    from sim.scenario.spec import Scenario


class Held(NamedTuple):
    """A scenario with what was set in it, the parameters still free, and those held."""

    scenario: Scenario
    free: tuple[Parameter, ...]
    fixed: Mapping[str, float]

    def settings(self, priors: Sequence[Parameter]) -> tuple[str, ...]:
        """The fixed ones of ``priors`` as ``KEY=VALUE`` of the scenario, for another command."""
        said = flatten(self.scenario)
        keys = [key for prior in priors if prior.key in self.fixed for key in prior.keys]
        return tuple(f"{key}={said[key]}" for key in keys)


def load_holding(path: str, settings: Sequence[str], priors: Sequence[Parameter]) -> Held:
    """Load a scenario with ``KEY=VALUE`` settings; a free parameter among them is held there.

    A key is one of the scenario, or the name of a factor, which is then multiplied in. Raises
    :class:`~sim.errors.ScenarioError` for a setting that cannot be, or where nothing stays free.
    """
    factors = {prior.key: prior for prior in priors if prior.multiplies}
    pairs = [(text, *parsed(text)) for text in settings]
    scaled = {key: _factor(key, value) for _, key, value in pairs if key in factors}
    plain = [text for text, key, _ in pairs if key not in factors]
    scenario = load(path, plain)
    asked = {key for key, _ in leaves(nested(plain))}
    said = flatten(scenario)
    fixed = {p.key: float(str(said[p.key])) for p in priors if p.key in asked} | scaled
    free = tuple(prior for prior in priors if prior.key not in fixed)
    if priors and not free:
        raise ScenarioError(
            "every free parameter is set, so that there is nothing to calibrate",
            path=FLAG,
            value=", ".join(fixed),
            remedy="Leave at least one of them out.",
        )
    for key, factor in scaled.items():
        scaled_to = factors[key].overrides(factor, scenario)
        scenario = stating(with_overrides(scenario, scaled_to), scaled_to)
    return Held(scenario, free, fixed)


def _factor(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        reason, remedy = "is a factor and wants a number", f"Write it as {key}=1.5."
    elif value < 0:
        reason, remedy = "is a factor and is below 0", "Give 0 or more."
    else:
        return float(value)
    raise ScenarioError(reason, path=FLAG, key=key, value=value, remedy=remedy)
