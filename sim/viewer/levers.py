"""Levers: the parameters that a viewer may move, and how one is moved in a world that runs.

A lever is live where everything that it governs is read at the moment at which it acts, so that
a change holds from that moment on and leaves the past as it was. Where a parameter has shaped
what was built or planned before the run (places, the traffic's plan, beliefs), the world is
built anew with the same seed.
"""

from dataclasses import replace
from typing import Final, Literal, NamedTuple, TypedDict

from sim.errors import PanjError
from sim.model import BorderModel
from sim.rules.alert import LEVELS, Fixed
from sim.scenario.parameters import parameter
from sim.scenario.spec import Scenario
from sim.scenario.vary import flatten, with_overrides

Value = float | int | str


class Knob(NamedTuple):
    """A lever as it is offered: a span and step that suit a slider, within the bounds.

    ``span`` is low, high and step; ``None`` for a choice. ``live`` says whether it may be moved
    in a world that runs (:func:`is_live` says whether in this one).
    """

    key: str
    label: str
    group: Literal["guards", "unknown"]
    span: tuple[float, float, float] | None
    live: bool


KNOBS: Final = (
    Knob("alert.level", "Alert level", "guards", None, True),
    Knob("patrols.sorties_per_day", "Sorties of a post", "guards", (0.0, 12.0, 0.5), True),
    Knob("patrols.schedule", "Timing of sorties", "guards", None, False),
    Knob("technical.camera_coverage", "Line in view of cameras", "guards", (0.0, 0.5, 0.01), True),
    Knob("technical.uav_hours_per_day", "Flying hours, each district", "guards",
         (0.0, 24.0, 0.5), True),
    Knob("tips.programme", "Tips programme", "guards", (0.0, 1.0, 0.05), False),
    Knob("teams.per_district", "Teams in each district", "guards", (0.0, 4.0, 1.0), False),
    Knob("teams.reserve", "Reserve teams", "guards", (0.0, 8.0, 1.0), False),
    Knob("teams.mobilisation_hours", "Time to turn out", "guards", (0.0, 6.0, 0.1), True),
    Knob("teams.air_mobility", "Helicopter at hand", "guards", (0.0, 1.0, 0.05), True),
    Knob("worksites.hardening", "Hardening of worksites", "guards", (0.0, 1.0, 0.05), False),
    Knob("worksites.counter_drone", "Counter-drone cover", "guards", (0.0, 1.0, 0.05), True),
    Knob("cells.plans_per_year", "Plans of a cell", "unknown", (0.0, 12.0, 0.25), True),
    Knob("cells.count", "Militant cells", "unknown", (0.0, 20.0, 1.0), False),
    Knob("smugglers.loads_per_year", "Loads smuggled", "unknown", (0.0, 4000.0, 50.0), False),
    Knob("smugglers.displacement", "Smugglers who shift", "unknown", (0.0, 1.0, 0.05), True),
    Knob("patrols.p_sight", "Chance that a patrol sees", "unknown", (0.0, 1.0, 0.05), True),
    Knob("host_state.control", "Control of the far bank", "unknown", (0.0, 1.0, 0.05), False),
)  # fmt: skip
"""What a defender decides, then what nobody knows well; in the order in which they are shown."""

_BY_KEY: Final = {knob.key: knob for knob in KNOBS}


class Lever(TypedDict):
    """A knob with its value in one world, as it is sent."""

    key: str
    label: str
    unit: str
    group: str
    kind: Literal["number", "choice"]
    low: float | None
    high: float | None
    step: float | None
    choices: list[str] | None
    value: Value
    live: bool


def levers(spec: Scenario, built: Scenario) -> list[Lever]:
    """Every lever of a world at ``spec`` that was built as ``built``."""
    values = flatten(spec)
    return [_lever(knob, values[knob.key], built) for knob in KNOBS]


def _lever(knob: Knob, value: object, built: Scenario) -> Lever:
    known = parameter(knob.key)
    assert known is not None
    assert isinstance(value, float | int | str)
    low, high, step = knob.span or (None, None, None)
    if isinstance(value, float | int) and low is not None and high is not None:
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
        "live": is_live(knob.key, built),
    }


def is_live(key: str, built: Scenario) -> bool:
    """Whether a lever may be moved in a running world that was built as ``built``.

    The level only where it is fixed, since other policies move it by themselves; the sorties
    only where there are some to have more or fewer of.

    Raises :class:`~sim.errors.PanjError` if there is no such lever.
    """
    if key == "alert.level":
        return built.alert.policy == Fixed.name
    if key == "patrols.sorties_per_day":
        return built.patrols.sorties_per_day > 0.0
    return known_lever(key).live


def known_lever(key: str) -> Knob:
    """The lever of a key.

    Raises :class:`~sim.errors.PanjError` if there is no such lever.
    """
    if key not in _BY_KEY:
        raise PanjError(
            "there is no such lever", key=key, remedy=f"Levers are {', '.join(_BY_KEY)}."
        )
    return _BY_KEY[key]


def overrides(spec: Scenario, values: dict[str, Value]) -> Scenario:
    """A scenario with levers at other values.

    Raises :class:`~sim.errors.PanjError` for a key that is no lever or a value that the
    scenario does not allow.
    """
    for key in values:
        known_lever(key)
    try:
        return with_overrides(spec, {key: _typed(key, value) for key, value in values.items()})
    except PanjError as error:  # a lever comes from no file and no flag
        raise PanjError.of(replace(problem, path=None) for problem in error.problems) from None


def _typed(key: str, value: Value) -> Value:
    """JSON has one kind of number: 3 stands for 3.0, and 3.0 for 3, where the other is wanted."""
    known = parameter(key)
    assert known is not None
    if isinstance(value, str):
        return value
    if known.kind == "whole number" and float(value).is_integer():
        return int(value)
    return float(value) if known.kind == "number" else value


def move(model: BorderModel, built: Scenario, key: str, value: Value) -> None:
    """Move a live lever of a running model, now; ``built`` is the scenario it was made from.

    The past stays as it was. False alarms are planned some months ahead: after the level has
    been raised, those of the time already planned stay as few as the lower level had.
    """
    model.spec = overrides(model.spec, {key: value})
    now = model.agenda.now
    if key == "alert.level":
        for sector in model.sectors:
            if sector.set_level(now, LEVELS.index(model.spec.alert.level)):
                model.record(sector.alert_change(now, "lever"))
    elif key == "patrols.sorties_per_day":
        share = model.spec.patrols.sorties_per_day / built.patrols.sorties_per_day
        for sector in model.sectors:
            sector.emphasis = built.patrols.emphasis.get(sector.slug, 1.0) * share
            sector.replan(now)
    elif key == "patrols.p_sight":
        for sector in model.sectors:
            for watcher in list(sector.watchers.values()):
                watcher()
    elif key == "cells.plans_per_year":
        for cell in model.cells:
            cell.replan()
