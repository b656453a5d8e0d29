"""Levers: the parameters that a user of the viewer may move.

A lever is live if its parameter may change in the middle of a run:
:meth:`BorderModel.change <sim.model.BorderModel.change>` applies it from that moment on. A lever
that sets where things are, or how many, needs the world to be built again with the same seed.
"""

import sys
from dataclasses import replace
from typing import Any, Final, Literal, NamedTuple

from sim.errors import PanjError
from sim.scenario.mid_run import FIXED, GROWING
from sim.scenario.parameters import parameters
from sim.scenario.spec import Scenario
from sim.scenario.values import flatten, with_overrides

Value = float | int | str


class Knob(NamedTuple):
    """A lever on the page; ``span`` is low, high and step of its slider, ``None`` for a choice."""

    key: str
    label: str
    group: Literal["guards", "unknown"]
    span: tuple[float, float, float] | None

    @property
    def live(self) -> bool:
        """Whether it may be moved in a running world, up as well as down."""
        return self.key not in {*FIXED, *GROWING}


KNOBS: Final = (
    Knob("alert.level", "Alert level", "guards", None),
    Knob("patrols.sorties_per_day", "Sorties of a post", "guards", (0.0, 12.0, 0.5)),
    Knob("patrols.schedule", "Timing of sorties", "guards", None),
    Knob("technical.camera_coverage", "Line in view of cameras", "guards", (0.0, 0.5, 0.01)),
    Knob("technical.uav_hours_per_day", "Flying hours, each district", "guards",
         (0.0, 24.0, 0.5)),
    Knob("tips.programme", "Tips programme", "guards", (0.0, 1.0, 0.05)),
    Knob("teams.per_district", "Teams in each district", "guards", (0.0, 4.0, 1.0)),
    Knob("teams.reserve", "Reserve teams", "guards", (0.0, 8.0, 1.0)),
    Knob("teams.mobilisation_hours", "Time to turn out", "guards", (0.0, 6.0, 0.1)),
    Knob("teams.air_mobility", "Helicopter at hand", "guards", (0.0, 1.0, 0.05)),
    Knob("worksites.hardening", "Hardening of worksites", "guards", (0.0, 1.0, 0.05)),
    Knob("worksites.counter_drone", "Counter-drone cover", "guards", (0.0, 1.0, 0.05)),
    Knob("cells.plans_per_year", "Plans of a cell", "unknown", (0.0, 12.0, 0.25)),
    Knob("cells.count", "Militant cells", "unknown", (0.0, 20.0, 1.0)),
    Knob("smugglers.loads_per_year", "Loads smuggled", "unknown", (0.0, 4000.0, 50.0)),
    Knob("smugglers.displacement", "Smugglers who shift", "unknown", (0.0, 1.0, 0.05)),
    Knob("patrols.p_sight", "Chance that a patrol sees", "unknown", (0.0, 1.0, 0.05)),
    Knob("host_state.control", "Control of the far bank", "unknown", (0.0, 1.0, 0.05)),
)  # fmt: skip
"""What the defender decides, then what nobody knows well, in the order of the page."""

_BY_KEY: Final = {knob.key: knob for knob in KNOBS}

Lever = dict[str, Any]
"""A knob with its value in one world, as it is sent to the page."""


def levers(spec: Scenario) -> list[Lever]:
    """Every lever of a world, with its value in ``spec``."""
    values = flatten(spec)
    return [_lever(knob, values[knob.key]) for knob in KNOBS]


def _lever(knob: Knob, value: Any) -> Lever:
    known = parameters()[knob.key]
    low, high, step = knob.span or (None, None, None)
    if low is not None and high is not None:
        low, high = min(low, float(value)), max(high, float(value))
    return {
        "key": knob.key,
        "label": knob.label,
        "unit": known.unit,
        "group": knob.group,
        "kind": "choice" if knob.span is None else "number",
        "low": low,
        "high": high,
        "step": step,
        "choices": list(known.choices) if knob.span is None else None,
        "value": value,
        "live": knob.live,
    }


def known_lever(key: str) -> Knob:
    """The lever of a key. Raises :class:`~sim.errors.PanjError` if there is none."""
    if key not in _BY_KEY:
        raise PanjError(
            "there is no such lever", key=key, remedy=f"Levers are {', '.join(_BY_KEY)}."
        )
    return _BY_KEY[key]


def overrides(spec: Scenario, values: dict[str, Value]) -> Scenario:
    """A scenario with levers at other values.

    Raises :class:`~sim.errors.PanjError` for a key that is not a lever, or a value that the
    scenario does not allow.
    """
    for key in values:
        known_lever(key)
    try:
        return with_overrides(spec, {key: _typed(key, value) for key, value in values.items()})
    except PanjError as error:  # a lever comes from no file and no flag
        raise PanjError.of(replace(problem, path=None) for problem in error.problems) from None


def value_text(key: str, value: object) -> str:
    """A value of a lever as people read it: "50 %", "6 a day", "heightened"."""
    if not isinstance(value, float | int):
        return str(value)
    known = parameters()[key]
    if known.unit in ("share", "probability"):
        return f"{100.0 * value:.4g} %"
    return f"{value:,.4g} {known.unit.removeprefix('1').replace('/', ' a ').strip()}".strip()


def _typed(key: str, value: Value) -> Value:
    """Convert a number of JSON, which does not tell 3 from 3.0, to the type of the parameter."""
    known = parameters()[key]
    if isinstance(value, str):
        return value
    if abs(value) > sys.float_info.max:
        raise PanjError("is too large", key=key, value=value)
    if known.kind == "whole number" and float(value).is_integer():
        return int(value)
    return float(value) if known.kind == "number" else value
