"""Every parameter of the specification is read by a run, and changes some run."""

import datetime as dt
from collections.abc import Iterator
from functools import cache

import pytest
from worlds import BUSY, PREEMPTIVE, SLUGS, WATCHED, Settings, run, scenario

from sim.errors import ScenarioError
from sim.model import BorderModel
from sim.scenario.field import Section
from sim.scenario.parameters import LABELS, Parameter, parameters
from sim.scenario.spec import Scenario
from sim.scenario.values import flatten

SHORT: Settings = {
    "days": 40.0,
    "strikes.raid_p_hit": 0.6,
    "strikes.fire_p_hit": 0.9,
    "strikes.drone_p_arrive": 0.9,
    "strikes.villagers_exposed": 30,
    "strikes.shared": 0.1,
}
"""Short, and workers and villagers are hurt in it all the same."""
BASES: list[Settings] = [
    BUSY | SHORT,
    WATCHED | SHORT,
    PREEMPTIVE | SHORT,
    BUSY
    | SHORT
    | {
        "alert.policy": "fixed",
        "alert.level": "elevated",
        "posts.density": {},
        "cells.strength": 5,
        "cells.party_most": 5,
    },
    {"days": 370.0, "smugglers.loads_per_year": 300.0},
    BUSY
    | SHORT
    | {
        "smugglers.district_weights": dict.fromkeys(SLUGS, 1.0) | {"murghob": 40.0},
        "smugglers.p_armed": 1.0,
        "clash.pursuit_hit": 2.0,
    },
]
"""Between them every policy, schedule, scope and level acts, a year turns, and people fight and
run where hardly anybody crosses."""


# -- read ---------------------------------------------------------------------------------


def places(section: Section, prefix: str = "") -> Iterator[tuple[int, str]]:
    """Every section within a scenario, by the identity of the object, with its dotted prefix."""
    yield id(section), prefix
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from places(value, f"{prefix}{name}.")


def read_in(spec: Scenario) -> set[str]:
    """Keys of the parameters read while a model is built, run and its outcomes are read."""
    prefixes = dict(places(spec))
    seen: set[str] = set()
    plain = Section.__getattribute__

    def recording(section: Section, name: str) -> object:
        prefix = prefixes.get(id(section))
        if prefix is not None:
            seen.add(prefix + name)
        return plain(section, name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Section, "__getattribute__", recording)
        BorderModel(spec, 1).run().outcomes()
    return seen


@pytest.mark.thorough
def test_every_parameter_is_read() -> None:
    """Over runs with every policy and mode; a parameter nobody reads has to go."""
    seen: set[str] = set()
    for base in BASES:
        seen |= read_in(scenario(base))
    assert sorted(parameters().keys() - seen) == []


def test_labels_are_not_read() -> None:
    """Negative control: name, title and description are read by no run, and are noticed so."""
    assert not read_in(scenario(BUSY)) & set(LABELS)


# -- matters ------------------------------------------------------------------------------


TRIED: list[Settings] = [*({**base, "days": 8.0} for base in BASES[:3]), *BASES]
"""The worlds in the order in which a parameter is tried: most show within a week."""


@cache
def base_fingerprint(base: int) -> str:
    """Of the run that the changed ones are compared with."""
    return run(TRIED[base]).fingerprint()


def others(known: Parameter, value: object) -> Iterator[object]:
    """Other values of a parameter: far away, at its bounds, or any other choice."""
    low, high = known.low, known.high
    if known.kind == "flag":
        yield not value
    elif known.kind == "date":
        yield dt.date(2025, 6, 1)
    elif known.kind == "choice":
        yield from (choice for choice in known.choices if choice != value)
    elif known.kind == "list":
        yield ["drone"] if known.choices else [1, 3]
    elif known.kind == "district table":
        yield dict.fromkeys(known.choices, 0.0) | {"darvoz": 0.8, "panj": 0.6}
    else:
        assert isinstance(value, int | float)
        assert low is not None
        assert high is not None
        for other in (2 * value, value / 2, 0.3 * high, value / 8, value + 1, low, high, value - 1):
            if low <= other <= high and other != value:
                yield round(other) if known.kind == "whole number" else float(other)


SOME = 16
"""Each sixteenth parameter is tried in the default run, which has seen that all are read."""


@pytest.mark.thorough
@pytest.mark.parametrize(
    "key",
    [
        pytest.param(key, marks=() if number % SOME == 0 else pytest.mark.slow)
        for number, key in enumerate(parameters())
    ],
)
def test_every_parameter_matters(key: str) -> None:
    """Some other value of it gives another run, in one of the scenarios where it should."""
    known = parameters()[key]
    for number, base in enumerate(TRIED):
        value = flatten(scenario(base)).get(key)
        for other in list(others(known, value))[:4]:
            try:
                changed = run(base, {key: other})
            except ScenarioError:
                continue  # not with the other values of this scenario
            if changed.fingerprint() != base_fingerprint(number):
                return
    pytest.fail(f"{key} changes nothing in any of {len(TRIED)} scenarios")
