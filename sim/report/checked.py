"""A verification as the rows of a page: families in short, and case by case."""

from itertools import groupby
from typing import Final, NamedTuple

from sim.comparison.digits import real_minus
from sim.verify.case import Case
from sim.verify.run import Verification

HOLDS: Final = "holds"


class Row(NamedTuple):
    """A case in words: where it is exact there is no standard error."""

    name: str
    theory: str
    estimate: str
    error: str
    z: str
    control: str
    verdict: str


class Family(NamedTuple):
    """Cases of one kind: the farthest from theory, the control that was found by least, all."""

    name: str
    farthest: str
    least: str
    verdict: str
    rows: list[Row]


def families(found: Verification) -> list[Family]:
    """The cases of each family, in the order in which they were run."""
    groups = groupby(found.cases, key=lambda case: case.family)
    return [_family(name, list(cases)) for name, cases in groups]


def _family(name: str, cases: list[Case]) -> Family:
    measured = [case for case in cases if case.error]
    farthest = f"{max(abs(case.z) for case in measured):.2f}" if measured else "exact"
    least = f"{min(case.control for case in measured):.1f}" if measured else "found"
    rows = [_row(case) for case in cases]
    wrong = sum(row.verdict != HOLDS for row in rows)
    return Family(name, farthest, least, HOLDS if not wrong else f"{wrong} do not", rows)


def _row(case: Case) -> Row:
    verdict = HOLDS if case.holds and case.sees else "cannot see" if case.holds else "fails"
    if case.error:
        measured = (f"{case.error:.2g}", real_minus(f"{case.z:+.2f}"), f"{case.control:.1f}")
    else:
        measured = ("exact", "0" if case.holds else "off", "found" if case.sees else "missed")
    theory, estimate = (real_minus(f"{value:.5g}") for value in (case.theory, case.estimate))
    return Row(case.name, theory, estimate, *measured, verdict)
