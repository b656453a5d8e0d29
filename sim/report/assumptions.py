"""What drives a result and no run can tell: the levers that differ, and what is only assumed."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sim.comparison.digits import DASH
from sim.comparison.terms import Terms
from sim.scenario.field import ASSUMPTION
from sim.scenario.parameter_page import value_text
from sim.scenario.parameters import parameter, parameters
from sim.scenario.spec import Scenario
from sim.scenario.vary import Difference, diff

MOST: Final = 12
"""So many levers of a scenario are listed."""


class Lever(NamedTuple):
    """A parameter in which a scenario differs from the baseline; ``source`` of its default."""

    scenario: str
    key: str
    before: str
    after: str
    unit: str
    source: str


def levers(
    specs: Mapping[str, Scenario], names: Sequence[str], terms: Terms
) -> tuple[list[Lever], list[str]]:
    """What sets each scenario apart from the first, the baseline; sentences on what is left out."""
    found: list[Lever] = []
    left = []
    baseline, *policies = names
    for name in policies:
        own = diff(specs[baseline], specs[name])
        found += [_lever(terms.label(name), each) for each in own[:MOST]]
        if len(own) > MOST:
            left.append(f"{terms.label(name)} differs in {len(own) - MOST} parameters more.")
        if not own:
            left.append(f"{terms.label(name)} differs in nothing from {terms.label(baseline)}.")
    return found, left


def _lever(name: str, each: Difference) -> Lever:
    known = parameter(each.key)
    unit = "" if each.unit in ("flag", "choice", "-") else each.unit
    before, after = (DASH if v is None else value_text(v) for v in (each.a, each.b))
    return Lever(name, each.key, before, after, unit, known.source if known else "")


def assumed() -> tuple[int, int]:
    """How many parameters have no source but an assumption, and how many there are."""
    every = parameters().values()
    return sum(each.source.startswith(ASSUMPTION) for each in every), len(every)
