"""What a design moves: free parameters over their believed values, and levers between bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.priors import read_priors
from sim.errors import PanjError
from sim.runs.uncertain_parameter import UncertainParameter, value_at
from sim.scenario.error_messages import nearest
from sim.scenario.parameters import Parameter, parameter, parameters

if TYPE_CHECKING:
    from sim.runs.posterior import Posterior
    from sim.scenario.spec import Scenario

Floats = NDArray[np.float64]

FREE: Final = "free"
"""Stands for every free parameter."""

OVER: Final = "--over"
_FORM: Final = "Write it as patrols.sorties_per_day=1:6."


@dataclass(frozen=True)
class Factor:
    """What a design moves: the keys that it ``sets``, and their value at a place in [0, 1].

    The value of a free parameter is that quantile of what is believed; a ``lever`` is spread evenly
    between its bounds.
    """

    sets: UncertainParameter
    value: Callable[[Any], Any]
    lever: bool

    @property
    def name(self) -> str:
        """Its key, or the name of a free parameter that moves several keys."""
        return self.sets.name

    @property
    def moves(self) -> bool:
        """Whether it has more than one value; what is known of a past year has one."""
        return bool(self.value(0.0) < self.value(1.0))


def factors_of(
    over: Iterable[str], scenarios: Sequence[Scenario], believed: Posterior | None = None
) -> list[Factor]:
    """The factors that ``over`` names: ``"free"``, and levers as ``"KEY=LOW:HIGH"``.

    A lever replaces a free parameter with its key, and overrides what a scenario sets itself. A
    free parameter that every scenario sets itself is left out. ``believed`` gives draws for each
    parameter separately; without it the prior does. Raises :class:`~sim.errors.PanjError` for a
    lever that cannot be moved, and where no factor moves.
    """
    names = list(over)
    levers = {lever.name: lever for lever in map(_lever, (o for o in names if o != FREE))}
    if len(levers) < sum(text != FREE for text in names):
        raise PanjError("names a lever twice", key=OVER, remedy="Give one range for each.")
    free = _free(scenarios[0], believed) if FREE in names else ()
    factors = [
        factor
        for factor in free
        if not levers.keys() & {factor.name, *factor.sets.keys}
        and any(factor.sets.values(0.0, scenario) for scenario in scenarios)
    ]
    factors += levers.values()
    if not any(factor.moves for factor in factors):
        raise PanjError(
            "the design is empty: it moves nothing",
            key=OVER,
            remedy=f"Name {FREE!r} for the free parameters, or levers. {_FORM}",
        )
    return factors


def _free(scenario: Scenario, believed: Posterior | None) -> Iterator[Factor]:
    if believed is not None:
        for each, column in zip(
            believed.parameters, zip(*believed.draws, strict=True), strict=True
        ):
            yield Factor(each, _quantiles(column), lever=False)
        return
    for prior in read_priors():
        base = tuple(value_at(scenario, key) for key in prior.keys)
        sets = UncertainParameter(
            prior.key, prior.keys, "scale" if prior.multiplies else "set", base, prior.unit
        )
        yield Factor(sets, prior.quantile, lever=False)


def _quantiles(column: Sequence[float]) -> Callable[[Any], Any]:
    draws = np.sort(np.asarray(column))
    return lambda u: np.quantile(draws, u)


def _lever(text: str) -> Factor:
    key, _, bounds = text.partition("=")
    key, (low, high) = key.strip(), _bounds(text, bounds)
    known = _number(key)
    whole = known.kind == "whole number"
    if not low < high:
        reason, remedy = f"{low:g} is not below {high:g}", "Give two bounds, the lower first."
    elif known.low is None or known.high is None or not known.low <= low < high <= known.high:
        reason, remedy = "goes beyond the bounds of the parameter", f"Allowed: {known.allowed}."
    elif whole and not (low.is_integer() and high.is_integer()):
        reason, remedy = f"{key} is a whole number", "Give whole bounds."
    else:
        sets, width = UncertainParameter(key, (key,), unit=known.unit), high - low
        if whole:  # each whole number has the same share of [0, 1]
            return Factor(sets, lambda u: np.minimum(np.floor(low + (width + 1.0) * u), high), True)
        return Factor(sets, lambda u: low + width * u, lever=True)
    raise PanjError(reason, key=OVER, value=text, remedy=remedy)


def _number(key: str) -> Parameter:
    """A parameter that is a number, by its key."""
    known = parameter(key)
    if known is None:
        close = [other for other in nearest(key.split(".")) if other in parameters()]
        raise PanjError(
            "no scenario has such a lever",
            key=OVER,
            value=key,
            remedy=f"Did you mean {' or '.join(close)}?"
            if close
            else "'panj scenario show baseline' lists every parameter.",
        )
    table = known.kind == "district table"
    if known.kind not in ("number", "whole number") and not (table and key != known.key):
        raise PanjError(
            f"is a {known.kind}, and only a number can be moved",
            key=OVER,
            value=key,
            remedy=f"Name one district of it, as in {key}.darvoz."
            if table
            else "Compare its settings as scenarios: 'panj batch', 'panj compare'.",
        )
    return known


def _bounds(text: str, bounds: str) -> tuple[float, float]:
    try:
        low, high = map(float, bounds.split(":"))
        if not np.isfinite([low, high]).all():
            raise ValueError
    except ValueError:
        raise PanjError(
            "is not a lever with two bounds", key=OVER, value=text, remedy=_FORM
        ) from None
    return low, high
