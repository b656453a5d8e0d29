"""A verification on a page: its cases by family, each in words."""

from itertools import groupby

from sim.comparison.number_format import real_minus
from sim.verify.case import Case
from sim.verify.verification import Verification


def families(found: Verification) -> list[tuple[str, list[Case]]]:
    """The cases of each family, in the order in which they were run."""
    groups = groupby(found.cases, key=lambda case: case.family)
    return [(name, list(cases)) for name, cases in groups]


def figures(case: Case) -> tuple[str, ...]:
    """Theory, estimate, standard error, z and control; an exact case has no standard error."""
    theory, estimate = (real_minus(f"{value:.5g}") for value in (case.theory, case.estimate))
    if case.error:
        z = real_minus(f"{case.z:+.2f}")
        return theory, estimate, f"{case.error:.2g}", z, f"{case.control:.1f}"
    found = "found" if case.sees else "missed"
    return theory, estimate, "exact", "0" if case.holds else "off", found
