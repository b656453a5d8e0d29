"""Sliders for the free parameters of a calibration and the levers of a defender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from sim.calibrate.priors import Parameter
from sim.calibrate.types import Floats
from sim.report.density import curve, has_spread
from sim.runs.posterior import Posterior
from sim.runs.uncertain_parameter import value_at
from sim.scenario.parameters import parameter
from sim.scenario.spec import Scenario
from sim.viewer.levers import Value, levers

POINTS: Final = 48
"""Number of points of the curves behind a slider."""

_WIDE: Final = 8.0
"""A prior with this ratio of its ends, or more, has a logarithmic slider."""


@dataclass(frozen=True)
class Slider:
    """A parameter that can be moved from ``low`` to ``high``, or through ``choices``.

    ``prior`` and ``posterior`` are densities along the slider, at the midpoints of :data:`POINTS`
    equal parts; ``middle`` is the median of the posterior.
    """

    key: str
    about: str
    unit: str
    group: Literal["free", "lever"]
    value: Value
    low: float = 0.0
    high: float = 0.0
    step: float | None = None
    log: bool = False
    choices: tuple[str, ...] = ()
    prior: tuple[float, ...] = ()
    posterior: tuple[float, ...] = ()
    middle: float | None = None


def sliders(
    base: Scenario, free: Sequence[Parameter], posterior: Posterior | None
) -> dict[str, Slider]:
    """Return sliders by key: free parameters, the most contracted first, then the levers."""
    known = {} if posterior is None else {p.name: i for i, p in enumerate(posterior.parameters)}

    def contraction(one: Parameter) -> float:
        if posterior is None or one.key not in known:
            return 0.0
        return posterior.parameters[known[one.key]].contraction or 0.0

    by_key = {}
    for one in sorted(free, key=contraction, reverse=True):
        draws = None
        if posterior is not None and one.key in known:
            draws = np.array([row[known[one.key]] for row in posterior.draws])
        by_key[one.key] = _free(one, base, draws)
    for lever in levers(base):
        if lever["group"] == "guards" and lever["key"] not in by_key:
            by_key[lever["key"]] = Slider(
                lever["key"], lever["label"], lever["unit"], "lever", lever["value"],
                lever["low"] or 0.0, lever["high"] or 0.0, lever["step"],
                choices=tuple(lever["choices"] or ()),
            )  # fmt: skip
    return by_key


def _free(one: Parameter, base: Scenario, draws: Floats | None) -> Slider:
    known = parameter(one.key)
    value = 1.0 if one.multiplies else value_at(base, one.key)
    low, high = min(one.low, value), max(one.high, value)
    log = low > 0.0 and high / low >= _WIDE
    edges = np.linspace(0.0, 1.0, POINTS + 1)
    at = low * (high / low) ** edges if log else low + (high - low) * edges
    mass = np.diff([one.share(float(x)) for x in at]) * POINTS
    about = f"times {len(one.keys)} weights of one district" if known is None else known.doc
    density: tuple[float, ...] = ()
    if draws is not None:
        place = np.log(draws / low) / np.log(high / low) if log else (draws - low) / (high - low)
        if has_spread(place, (0.0, 1.0)):
            middles = 0.5 * (edges[1:] + edges[:-1])
            density = tuple(curve(place, (0.0, 1.0), middles).round(3).tolist())
    return Slider(
        one.key, about, one.unit, "free", value, low, high, log=log,
        prior=tuple(mass.round(3).tolist()), posterior=density,
        middle=None if draws is None else float(np.median(draws)),
    )  # fmt: skip
