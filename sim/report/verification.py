"""A verification on a page: its cases by family, each with its figures."""

from collections.abc import Sequence
from itertools import groupby

from sim.comparison.number_format import real_minus
from sim.verify.case import Case


def cases_by_family(cases: Sequence[Case]) -> list[tuple[str, list[Case]]]:
    """The cases of each family, in the order in which they were run."""
    groups = groupby(cases, key=lambda case: case.family)
    return [(name, list(members)) for name, members in groups]


def case_figures(case: Case) -> tuple[str, ...]:
    """Theory, estimate, standard error, z and control; an exact case has no standard error."""
    theory, estimate = (real_minus(f"{value:.5g}") for value in (case.theory, case.estimate))
    if case.error:
        z = real_minus(f"{case.z:+.2f}")
        return theory, estimate, f"{case.error:.2g}", z, f"{case.control:.1f}"
    control = "found" if case.sees else "missed"
    return theory, estimate, "exact", "0" if case.holds else "off", control
