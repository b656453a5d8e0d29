"""Scenarios as data: flat, compared, varied, and known by a digest."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import product as cartesian
from typing import NamedTuple

from sim.errors import ScenarioError
from sim.frontier.ground import Ground
from sim.scenario.explain import nearest
from sim.scenario.merge import leaves, merged
from sim.scenario.overrides import Overrides, nested
from sim.scenario.parameters import LABELS, Parameter, parameter, parameters
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
    return {key: value for key, value in leaves(scenario.model_dump()) if key not in LABELS}


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


def with_overrides(scenario: Scenario, overrides: Overrides) -> Scenario:
    """Return the scenario with other values, validated as a file would be.

    Raises :class:`~sim.errors.ScenarioError` with every problem found.
    """
    above = nested(overrides)
    sources = {key: OVERRIDE for key, _ in leaves(above)}
    return validated(merged(scenario.model_dump(), above), sources)


def product(levels: Mapping[str, Iterable[object]]) -> list[dict[str, object]]:
    """Return every combination of the values given for each key; the last key runs fastest."""
    for key in levels:
        _known(key)
    return [
        dict(zip(levels, values, strict=True))
        for values in cartesian(*(list(values) for values in levels.values()))
    ]


def latin_hypercube(
    ranges: Mapping[str, tuple[float, float]], n: int, seed: int = 1
) -> list[dict[str, object]]:
    """Return ``n`` sets of overrides that cover each range evenly (McKay, Beckman, Conover 1979).

    Each range is cut into ``n`` equal strata and each stratum is used once. The values of a key
    depend on ``n``, ``seed`` and the key alone, so a further key leaves the others as they are.
    A whole number takes the values from low to high, both included, equally often up to one.
    Raises :class:`~sim.errors.ScenarioError` for a key that is no number or a range outside its
    bounds, ``ValueError`` for ``n`` below 1.
    """
    if n < 1:
        raise ValueError(f"n is {n}: a design needs at least one point")
    columns = {key: _column(key, bounds, n, seed) for key, bounds in ranges.items()}
    return [{key: column[row] for key, column in columns.items()} for row in range(n)]


def _column(key: str, bounds: tuple[float, float], n: int, seed: int) -> list[object]:
    """Draw one value from each stratum of a range, in random order."""
    import numpy as np  # here, so that reading a scenario does not load it

    known = _known(key)
    low, high = bounds
    least = -np.inf if known.low is None else known.low
    most = np.inf if known.high is None else known.high
    whole = known.kind == "whole number"
    if known.kind not in ("number", "whole number", "district table"):
        raise ScenarioError(f"is a {known.kind}: it has no range", key=key, value=bounds)
    fits = least <= low <= high <= most and (not whole or {low % 1, high % 1} == {0})
    if not fits:
        raise ScenarioError(
            "no range within the bounds", key=key, value=bounds, remedy=f"Allowed: {known.allowed}."
        )
    mixed = hashlib.blake2b(f"{seed}/{key}".encode(), digest_size=8).digest()
    rng = np.random.default_rng(int.from_bytes(mixed, "big"))
    share = (rng.permutation(n) + rng.random(n)) / n
    if whole:
        steps = np.floor(share * (int(high) - int(low) + 1)).astype(int)
        return [min(int(low) + int(step), int(high)) for step in steps]
    return [float(value) for value in np.clip(low + share * (high - low), low, high)]


def _known(key: str) -> Parameter:
    known = parameter(key)
    if known is None:
        close = nearest(key.split("."))
        remedy = f"Did you mean {' or '.join(close)}?" if close else ""
        raise ScenarioError("no such parameter", key=key, remedy=remedy)
    return known
