"""What drives a result and no run can tell: the levers that differ, and what is only assumed."""

from collections.abc import Mapping, Sequence
from typing import Final

from sim.comparison.number_format import DASH
from sim.comparison.terms import Terms
from sim.comparison.text_tables import TextTable
from sim.scenario.field import ASSUMPTION
from sim.scenario.parameter_page import value_text
from sim.scenario.parameters import parameter, parameters
from sim.scenario.spec import Scenario
from sim.scenario.values import Difference, diff

MOST: Final = 12
"""So many levers of a scenario are listed."""


def levers(
    specs: Mapping[str, Scenario], names: Sequence[str], terms: Terms
) -> tuple[TextTable, list[str]]:
    """What sets each scenario apart from the first, the baseline; sentences on what is left out."""
    found: list[tuple[str, ...]] = []
    left = []
    baseline, *policies = names
    for name in policies:
        own = diff(specs[baseline], specs[name])
        found += [(terms.label(name), *_lever(each)) for each in own[:MOST]]
        if len(own) > MOST:
            left.append(f"{terms.label(name)} differs in {len(own) - MOST} parameters more.")
        if not own:
            left.append(f"{terms.label(name)} differs in nothing from {terms.label(baseline)}.")
    heads = ("Scenario", "Parameter", "Baseline", "Scenario", "Unit", "Source of the default")
    return TextTable("Levers", heads, found, tuple(range(6))), left


def _lever(each: Difference) -> tuple[str, ...]:
    known = parameter(each.key)
    unit = "" if each.unit in ("flag", "choice", "-") else each.unit
    before, after = (DASH if v is None else value_text(v) for v in (each.a, each.b))
    return each.key, before, after, unit, known.source if known else ""


def assumed() -> tuple[int, int]:
    """How many parameters have no source but an assumption, and how many there are."""
    every = parameters().values()
    return sum(each.source.startswith(ASSUMPTION) for each in every), len(every)
