"""Check which parameters may change in the middle of a run.

All may change except those that set how a run begins and where things stand, which belong to the
past of a running model.
"""

from collections.abc import Iterator
from typing import Final

from sim.errors import Problem, ScenarioError, format_value
from sim.scenario.spec import Scenario
from sim.scenario.values import Difference, diff

_BUILT: Final = "places are fixed before a run begins"
_BEGUN: Final = "sets how a run begins, and this run has begun"

FIXED: Final = {
    "ground": _BUILT,
    "layout_seed": _BUILT,
    "posts.spacing_km": _BUILT,
    "posts.density": _BUILT,
    "villages.per_100_km": _BUILT,
    "worksites.count": _BUILT,
    "worksites.district_weights": _BUILT,
    "worksites.chinese_share": _BUILT,
    "worksites.headcount": _BUILT,
    "worksites.farthest_km": _BUILT,
    "cells.count": _BUILT,
    "cells.district_weights": _BUILT,
    "cells.anti_foreign_share": _BUILT,
    "start": _BEGUN,
    "readiness.start": _BEGUN,
    "cells.strength": _BEGUN,
    "regimes.correlation": _BEGUN,
    "regimes.persistence": _BEGUN,
    "regimes.flow_first": _BEGUN,
    "regimes.plans_first": _BEGUN,
    "regimes.first_spread": _BEGUN,
}
"""Keys, or tables of keys, that never change in the middle of a run, and the reason."""

GROWING: Final = frozenset({"days", "teams.per_district", "teams.reserve"})
"""Keys that change within limits: a run must end later than now, teams may only become more."""


def check_change(before: Scenario, after: Scenario, now: float) -> bool:
    """Whether a run at day ``now`` changes when it continues under another scenario.

    Raises :class:`~sim.errors.ScenarioError` with every key that can no longer change.
    """
    differences = diff(before, after)
    if problems := list(_problems(differences, now)):
        raise ScenarioError.of(problems)
    return bool(differences)


def _problems(differences: list[Difference], now: float) -> Iterator[Problem]:
    elsewhere = any(difference.key == "ground" for difference in differences)
    for key, was, new, _ in differences:
        table = key.rpartition(".")[0]
        why = FIXED.get(key) or FIXED.get(table)
        if why is not None:
            if elsewhere and key != "ground":
                continue  # another ground has other districts; report it once
            keep = "" if was is None else f" ({format_value(was)})"
            remedy = f"Leave it as it is{keep}, or run that scenario from its start."
        elif key == "days" and isinstance(new, float) and new <= now:
            why, remedy = f"the run is at day {now:g} already", "Give a later end."
        elif key.startswith("teams.") and key in GROWING and new < was:  # type: ignore[operator]
            why = "existing teams cannot be dissolved in the middle of a run"
            remedy = f"Give {was} or more, or run that scenario from its start."
        else:
            continue
        yield Problem(why, key=key, value=new, remedy=remedy)
