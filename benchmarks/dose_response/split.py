"""The effect of a level, split exactly into deterrence, interception, protection and tiredness.

Victims per plan are a sum over what cells choose (a mode against a kind of target, or to drop the
plan): share chosen x victims per plan of that kind. So the difference between two worlds is exactly
the effect of other choices at the same danger, plus the effect of other danger at the same choices
(Kitagawa 1955). The first is deterrence, including substitution: cells drop plans, or choose other
modes and targets. The second is divided among the parts of a level by running the level with every
subset of parts and averaging each part's effect over all orders of adding them (Shapley 1953).
These are the only shares that add up, treat equal parts equally, and give nothing to a part without
effect.

Choices within a kind (another post, another place to cross) count as danger.
"""

from collections.abc import Mapping
from math import factorial
from typing import Final

from benchmarks.dose_response.study import Floats, Study, over
from benchmarks.dose_response.tally import ATTACKS
from benchmarks.dose_response.world import PARTS, part_arm, subsets
from sim.scenario.spec_guard import LevelName

DETERRENCE: Final = "deterrence"


def split(study: Study, level: LevelName) -> Mapping[str, Floats]:
    """Effect of each part of a level on victims per 100 plans, against routine; their sum last."""
    names = [part.name for part in PARTS]
    value = {on: _same_choices(study, level, part_arm(level, on)) for on in subsets()}
    none = 0.0 * study.per_plan(level)
    shares = {
        name: sum(
            (
                _weight(len(on), len(names)) * (value[on | {name}] - value[on])
                for on in subsets()
                if name not in on
            ),
            none,
        )
        for name in names
    }
    total = study.per_plan(level) - study.per_plan("routine")
    parts = {DETERRENCE: total - value[frozenset(names)], **shares, "all": total}
    return {name: 100.0 * values for name, values in parts.items()}


def _same_choices(study: Study, level: LevelName, arm: str) -> Floats:
    """Victims per plan in a world less those at routine, at choices halfway between the two."""
    change = 0.0 * study.per_plan(arm)
    for kind in ATTACKS:
        ends = ("routine", level)
        chosen = [over(study.of(w, f"plans {kind}"), study.plans(w)) for w in ends]
        before, after = (_danger(study, world, kind, level) for world in ("routine", arm))
        change += (chosen[0] + chosen[1]) / 2.0 * (after - before)
    return change


def _danger(study: Study, arm: str, kind: str, level: LevelName) -> Floats:
    """Victims per plan of a kind; a kind that nobody chose has the danger of routine."""
    plans = study.of(arm, f"plans {kind}")
    rate = over(study.of(arm, f"victims {kind}"), plans)
    if arm == "routine":
        rate[plans == 0] = 0.0
        return rate
    none = plans == 0
    rate[none] = _danger(study, "routine", kind, level)[none]
    return rate


def _weight(before: int, parts: int) -> float:
    """The share of orders in which ``before`` of the parts come before a given one."""
    return factorial(before) * factorial(parts - before - 1) / factorial(parts)
