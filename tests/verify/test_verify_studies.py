"""Every study: a glance agrees with theory, and a whole look would see a fault.

What is special to a family stands in its own file, where faults are planted too.
"""

import pytest
from judged import blind, failing

from sim.verify.families import FAMILIES, studies

GLANCES = {
    "crossings": 0.08,
    "patrols": 0.04,
    "clash": 0.025,
    "contact": 0.1,
    "response": 0.03,
    "saturation": 0.06,
    "readiness": 0.05,
    "alert": 0.1,
    "self-excitation": 0.03,
    "regimes": 0.08,
    "harm": 0.08,
    "choice": 0.04,
}
"""Families and the part of the quick effort that a glance takes."""
APART = {"strikes", "allocation", "displacement", "experiment", "calibrator"}
"""Families whose few studies are looked at by their own tests, which ask more of them."""
ONCE = {"patrols", "harm", "regimes"}
"""Families that are not looked at with four times the quick effort."""
AT_LEAST = {
    "inside": 6,
    "clashes_to_the_last": 15,
    "clashes_cut_short": 6,
    "militant_clashes": 6,
    "modes_of_a_cell": 3,
}
"""Cases at four times the quick effort, where none is left to a greater one any more."""

EVERY = [(family, name) for family in GLANCES for name in studies(family)]
WHOLE = [(*each, 1.0) for each in EVERY] + [(*each, 4.0) for each in EVERY if each[0] not in ONCE]


def test_no_family_is_forgotten() -> None:
    """A new one has a glance, or is looked at in its own tests."""
    assert {*GLANCES, *APART} == set(FAMILIES)


@pytest.mark.thorough
@pytest.mark.parametrize(("family", "name"), EVERY)
def test_a_glance_agrees_with_theory(family: str, name: str) -> None:
    """At a small part of the quick effort."""
    cases = studies(family)[name](GLANCES[family])
    assert failing(cases) == []
    assert cases


@pytest.mark.slow
@pytest.mark.parametrize(("family", "name", "effort"), WHOLE)
def test_a_study_holds_and_would_see_a_fault(family: str, name: str, effort: float) -> None:
    """At the quick effort and four times it every case holds and every control fails."""
    cases = studies(family)[name](effort)
    assert failing(cases) == blind(cases) == []
    assert len(cases) >= (AT_LEAST.get(name, 1) if effort == 4.0 else 1)
