"""Scenarios as values: flattened, compared, changed, and identified by a digest."""

import datetime as dt
import hashlib
import json
from functools import partial
from typing import NamedTuple

from sim.frontier.ground import Ground
from sim.scenario.merge import leaves, merged
from sim.scenario.overrides import Overrides, nested
from sim.scenario.parameters import LABELS, STATED, parameter, parameters
from sim.scenario.provenance import OVERRIDE
from sim.scenario.spec import Scenario
from sim.scenario.validate import validated


class Difference(NamedTuple):
    """A parameter in which two scenarios differ; ``None``: not in the table."""

    key: str
    a: object
    b: object
    unit: str


def flatten(scenario: Scenario) -> dict[str, object]:
    """Return every value by dotted key, labels left out, in the order of the specification.

    An entry of a district table has its own key; an empty table has none.
    """
    return dict(leaves(scenario.model_dump(exclude={STATED, *LABELS})))


def digest(scenario: Scenario) -> str:
    """Return 32 hexadecimal digits that identify all values that affect a run.

    Name, title, description and the order of keys do not affect it.
    """
    text = json.dumps(
        {key: _plain(value) for key, value in flatten(scenario).items()},
        sort_keys=True,
        allow_nan=False,
    )
    return hashlib.blake2b(text.encode("ascii"), digest_size=16).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, Ground):
        return value.digest
    if isinstance(value, float):
        return value + 0.0  # minus zero is zero
    return value.isoformat() if isinstance(value, dt.date) else value


def diff(a: Scenario, b: Scenario) -> list[Difference]:
    """Return the parameters in which two scenarios differ, in the order of the specification."""
    one, two = flatten(a), flatten(b)
    keys = [key for key in one.keys() | two.keys() if one.get(key) != two.get(key)]
    units = {key: known.unit if (known := parameter(key)) else "" for key in keys}
    return [
        Difference(key, one.get(key), two.get(key), units[key])
        for key in sorted(keys, key=partial(_place, a.ground))
    ]


def _place(ground: Ground, key: str) -> tuple[int, int]:
    """Sort key: place in the specification, and of a district entry along the line."""
    known = parameter(key)
    if known is None:
        return -1, 0
    info = ground.by_slug.get(key.rpartition(".")[2])
    along = len(ground.slugs) if info is None else info.index
    return list(parameters()).index(known.key), along


def with_stated(scenario: Scenario, overrides: Overrides | None) -> Scenario:
    """The scenario with these keys marked as set by hand.

    Such a value counts as known, even where it equals the calibrated one.
    """
    keys = {key for key, _ in leaves(nested(overrides))} - {*LABELS, "ground"}
    stated = tuple(sorted(keys.union(scenario.stated)))
    return scenario.model_copy(update={STATED: stated}) if keys else scenario


def with_overrides(scenario: Scenario, overrides: Overrides) -> Scenario:
    """Return the scenario with other values, validated as a file would be.

    Raises :class:`~sim.errors.ScenarioError` with every problem found.
    """
    above = nested(overrides)
    sources = {key: OVERRIDE for key, _ in leaves(above)}
    return validated(merged(scenario.model_dump(), above), sources)
