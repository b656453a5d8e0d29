"""Quantal response: cells choose a mode, smugglers a place, the better options more often."""

from collections import Counter
from math import ceil
from typing import Final

from sim.incidents.records import Plan
from sim.model import BorderModel
from sim.runs.replicate import seed_of
from sim.theory.choice import quantal_response
from sim.verify.case import Case, share
from sim.verify.runs import crossings, trials_needed
from sim.verify.scenarios import LAND, Changes, districts, empty_scenario, exposure

UTILITIES: Final = {"infiltration": 2.0, "drone": 2.4, "fire": 4.5}
"""Utility of each mode; the target itself has none."""

_HOME = "shamsiddin_shohin"
_CELLS, _PLANS_A_YEAR = 10, 40.0
_PLANS_A_RUN = 20_000

ONE_SITE: Final[Changes] = {
    **exposure(0.01),
    "posts.density": districts({"shahritus": 1.0}),
    "patrols.schedule": "regular",
    "worksites.count": 1,
    "worksites.district_weights": districts({_HOME: 1.0}),
    "worksites.guards": 0,
    "cells.count": _CELLS,
    "cells.district_weights": districts({_HOME: 1.0}),
    "cells.plans_per_year": _PLANS_A_YEAR,
    "cells.branching": 0.0,
    "cells.preparation_days": 0.0,
    "cells.regroup_days": 0.0,
    "cells.hide_hours": 0.0,
    "cells.detour_km": 0.0,
    "cells.w_risk": 0.0,
    "cells.w_distance": 0.0,
    "cells.skill": 0.0,
    **{f"cells.{mode}": value for mode, value in UTILITIES.items()},
    "strikes.site_value": 0.0,
    "strikes.other_value": 0.0,
    "strikes.exposed_share": 0.0,
    "strikes.fire_range_km": 30.0,
    "host_state.effect_on_plans": 0.0,
}
"""Cells within reach of one worksite, no village and no post, where they can use every mode.
Nobody there is in the open, so an attempt hurts nobody, changes nothing, and ends at once or
within a few hours. Cells weigh no risk and learn nothing that counts."""


def modes_of_a_cell(effort: float) -> list[Case]:
    """Modes that cells plan, at an intermediate precision of choice.

    With one site of one kind the size correction has no effect. A busy cell makes no plan, which
    favours no mode. Source: the logit (McKelvey and Palfrey 1995).
    """
    rationality = 0.5
    chances = quantal_response(list(UTILITIES.values()), rationality)
    cases = []
    needed = {mode: trials_needed(p, effort) for mode, p in zip(UTILITIES, chances, strict=True)}
    chosen = _modes(rationality, max(needed.values()), 3_001)
    for mode, p in zip(UTILITIES, chances, strict=True):
        if needed[mode]:
            name = f"cell's mode: {mode}, precision {rationality:g}"
            cases.append(share(name, p, chosen[mode], chosen.total()))
    return cases


def modes_at_the_limits(effort: float) -> list[Case]:
    """At precision 0 two modes of three take two thirds; at a high precision the best takes all.

    As :func:`modes_of_a_cell`, with the highest precision allowed: fire is better by 2.1, so
    another mode would be chosen with probability ``exp(-2100)``.
    """
    blind = _modes(0.0, trials_needed(2.0 / 3.0, effort), 3_002)
    best = _modes(1000.0, trials_needed(1.0, effort), 3_003)
    either = blind["drone"] + blind["fire"]
    return [
        share("cell's mode: drone or fire, precision 0", 2 / 3, either, blind.total()),
        share("cell's mode: fire, precision 1000", 1.0, best["fire"], best.total()),
    ]


def _modes(rationality: float, plans: int, root: int) -> Counter[str]:
    """Modes of about ``plans`` plans."""
    runs = ceil(plans / _PLANS_A_RUN)
    days = plans / runs / (_CELLS * _PLANS_A_YEAR) * 365.0
    scenario = empty_scenario(ONE_SITE, {"cells.rationality": rationality, "days": days})
    chosen: Counter[str] = Counter()
    for run in range(runs):
        model = BorderModel(scenario, seed_of(run, root)).run()
        chosen.update(plan.mode for plan in model.log[Plan])
    return chosen


# -- smugglers ------------------------------------------------------------------------------

_STEP_KM, _REACH_STEPS = 20.0, 3
_FARKHOR = next(info for info in LAND.districts if info.slug == "farkhor")


def place_of_a_group(effort: float) -> list[Case]:
    """Groups of one district move along the line in steps; longer moves are rarer.

    All groups choose among seven places 20 km apart. No group ever fails, so there is no risk:
    utility is minus 0.05 a step. The district is 60 km long, and a group that moves by ``d``
    leaves it with probability ``d / 60``. Source: the logit (McFadden 1974).
    """
    steps = range(-_REACH_STEPS, _REACH_STEPS + 1)
    cases = []
    for row, rationality in enumerate((5.0, 0.0)):
        chances = quantal_response([-0.05 * abs(step) for step in steps], rationality)
        moved = (min(abs(step) * _STEP_KM / _FARKHOR.length_km, 1.0) for step in steps)
        theory = sum(p * leaves for p, leaves in zip(chances, moved, strict=True))
        changes = {
            **exposure(0.1),
            "smugglers.district_weights": districts({_FARKHOR.slug: 1.0}),
            "smugglers.displacement": 1.0,
            "smugglers.reach_km": _STEP_KM * _REACH_STEPS,
            "smugglers.distance_weight": 0.05 * _REACH_STEPS,
            "smugglers.rationality": rationality,
        }
        came = crossings(changes, 50.0, trials_needed(theory, effort), 3_004 + row)
        places = [crossing.district for _, crossing in came]
        gone = len(places) - places.count(_FARKHOR.slug)
        name = f"group leaves its district, precision {rationality:g}"
        cases.append(share(name, theory, gone, len(places)))
    return cases
