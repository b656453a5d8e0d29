"""Scenarios as data: flat, compared, varied, and known by a digest."""

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
    """A parameter in which two scenarios differ; ``None`` is "not in the table"."""

    key: str
    a: object
    b: object
    unit: str


def flatten(scenario: Scenario) -> dict[str, object]:
    """Return every value by dotted key, labels left out, in the order of the specification.

    An entry of a district table has its own key; an empty table has none.
    """
    values = leaves(scenario.model_dump(exclude={STATED, *LABELS}))
    return dict(values)


def digest(scenario: Scenario) -> str:
    """Return 32 hexadecimal digits that stand for everything that changes a run.

    The name, title and description change nothing; neither does the order of keys.
    """
    canonical = json.dumps(
        {key: _canonical(value) for key, value in flatten(scenario).items()},
        sort_keys=True,
        allow_nan=False,
    )
    return hashlib.blake2b(canonical.encode("ascii"), digest_size=16).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, Ground):
        return value.digest
    if isinstance(value, float):
        return value + 0.0  # minus zero is zero
    return value.isoformat() if isinstance(value, dt.date) else value


def diff(a: Scenario, b: Scenario) -> list[Difference]:
    """Return the parameters in which two scenarios differ, in the order of the specification."""
    one, two = flatten(a), flatten(b)
    keys = [key for key in one.keys() | two.keys() if one.get(key) != two.get(key)]
    found = []
    for key in sorted(keys, key=partial(_place, a.ground)):
        known = parameter(key)
        found.append(Difference(key, one.get(key), two.get(key), known.unit if known else ""))
    return found


def _place(ground: Ground, key: str) -> tuple[int, int]:
    """Place a key in the specification, and an entry of a district table along the line."""
    known = parameter(key)
    if known is None:
        return -1, 0
    info = ground.by_slug.get(key.rpartition(".")[2])
    along = len(ground.slugs) if info is None else info.index
    return list(parameters()).index(known.key), along


def with_stated(scenario: Scenario, overrides: Overrides | None) -> Scenario:
    """The scenario, which says from now on that these values were set by hand.

    What was set by hand is known: it holds even where the value is the one that was calibrated.
    """
    keys = {key for key, _ in leaves(nested(overrides))} - {*LABELS, "ground"}
    told = tuple(sorted(keys.union(scenario.stated)))
    return scenario.model_copy(update={STATED: told}) if keys else scenario


def with_overrides(scenario: Scenario, overrides: Overrides) -> Scenario:
    """Return the scenario with other values, validated as a file would be.

    Raises :class:`~sim.errors.ScenarioError` with every problem found.
    """
    above = nested(overrides)
    sources = {key: OVERRIDE for key, _ in leaves(above)}
    return validated(merged(scenario.model_dump(), above), sources)
