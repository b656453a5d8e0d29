"""Judge the cases of a study."""

from collections.abc import Sequence

from sim.verify.case import Case


def failing(cases: Sequence[Case]) -> list[str]:
    """Names of the cases in which simulator and theory disagree."""
    return [case.name for case in cases if not case.holds]


def blind(cases: Sequence[Case]) -> list[str]:
    """Names of the cases whose negative control does not fail."""
    return [case.name for case in cases if not case.sees]


def named(cases: Sequence[Case], part: str) -> Case:
    """The one case with this in its name."""
    (case,) = (case for case in cases if part in case.name)
    return case
