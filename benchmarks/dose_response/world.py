"""The scenario of the experiment, the doses of each lever, and the parts of an alert level."""

from collections.abc import Iterable, Sequence
from itertools import chain, combinations
from typing import Final, NamedTuple

from sim.scenario.load import load
from sim.scenario.spec import Scenario
from sim.scenario.spec_guard import Level, LevelName
from sim.scenario.values import with_overrides

Changes = dict[str, object]

LEVELS: Final[tuple[LevelName, ...]] = ("routine", "elevated", "heightened", "emergency")
USUAL: Final = "elevated"
"""The level of the baseline, at which every other lever is tried."""

AMPLIFIED: Final[Changes] = {
    "cells.count": 12,
    "cells.plans_per_year": 6.0,
    "cells.recruits_per_year": 400.0,
    "cells.branching": 0.0,
    "cells.retaliation": 0.0,
    "regimes.plans_spread": 0.0,
    "smugglers.loads_per_year": 0.0,
    "worksites.p_advisory": 0.0,
    "diplomacy.demarche_deaths": 0,
    "alert.policy": "fixed",
}
"""Many plans and nothing else: cells recover at once, no plan leads to another, all years are
alike, sites stay open and there are no demarches. Guards are the baseline's."""


class Part(NamedTuple):
    """One mechanism of a level: the fields of ``alert.levels`` that belong to it."""

    name: str
    fields: tuple[str, ...]


PARTS: Final = (
    Part("interception", ("sorties", "watch", "mobilisation", "wait")),
    Part("protection", ("garrison", "site_guards", "escorts", "exposed", "counter_drone")),
    Part("tiredness", ("fatigue_per_day", "leave")),
)
"""Together with deterrence, which is measured by the choices of cells, these are all effects."""

ASSUMED: Final[dict[str, Changes]] = {
    "as assumed": {},
    "militants hit no better than guards": {"clash.militant_rate": 0.8},
    "presence deters three times as much": {"deterrence.militants": 0.6},
    "cells weigh no risk": {
        "cells.refrain": -10.0,
        "cells.w_risk": 0.0,
        "deterrence.militants": 0.0,
    },
}
"""Other values of unmeasured assumptions on which the verdict may depend."""

COMPARED: Final[dict[str, tuple[Changes, Changes]]] = {
    "heightened, not routine": ({"alert.level": "routine"}, {"alert.level": "heightened"}),
    "emergency, not routine": ({"alert.level": "routine"}, {"alert.level": "emergency"}),
    "eight sorties, not half of one": (
        {"patrols.sorties_per_day": 0.5},
        {"patrols.sorties_per_day": 8.0},
    ),
    "a team in each district, not none": ({"teams.per_district": 0}, {}),
    "every party found surrounded, not none": (
        {"contact.p_cordon": 0.0},
        {"contact.p_cordon": 1.0},
    ),
    "twelve more guards at each site, not none": (
        {f"alert.levels.{USUAL}.site_guards": 0},
        {f"alert.levels.{USUAL}.site_guards": 12},
    ),
    "two fifths of people in the open, not all": ({}, {f"alert.levels.{USUAL}.exposed": 0.4}),
}
"""The policies compared under each assumption: without the policy, and with it."""


class Lever(NamedTuple):
    """A lever and its doses: the position of each on an axis, and its changes."""

    name: str
    label: str
    doses: tuple[tuple[float, Changes], ...]

    def arms(self) -> Iterable[tuple[str, Changes]]:
        """The world of each dose, by name."""
        return ((self.arm(dose), changes) for dose, changes in self.doses)

    def arm(self, dose: float) -> str:
        """The name of the world of a dose."""
        return f"{self.name} {dose:g}"


def _of(name: str, label: str, key: str, doses: Sequence[float], whole: bool = False) -> Lever:
    return Lever(name, label, tuple((dose, {key: int(dose) if whole else dose}) for dose in doses))


def _at_usual(field: str) -> str:
    return f"alert.levels.{USUAL}.{field}"


LEVERS: Final = (
    _of("sorties", "sorties of a post a day",
        "patrols.sorties_per_day", (0.5, 1.0, 2.0, 4.0, 8.0)),
    _of("tips", "intensity of the tips programme", "tips.programme", (0.0, 0.5, 1.0)),
    _of("teams", "response teams in each district",
        "teams.per_district", (0, 1, 2, 4), whole=True),
    _of("cordon", "chance that guards wait and surround a group",
        "contact.p_cordon", (0.0, 0.5, 1.0)),
    _of("garrison", "garrison ready at a post, relative to routine",
        _at_usual("garrison"), (0.5, 1.0, 1.5, 2.0)),
    _of("site guards", "guards added at each site",
        _at_usual("site_guards"), (0, 3, 6, 12), whole=True),
    _of("escorts", "guards added on the road",
        _at_usual("escorts"), (0, 2, 4, 8), whole=True),
    _of("shelter", "people in the open, relative to usual",
        _at_usual("exposed"), (1.0, 0.7, 0.4, 0.2)),
    _of("walls", "share of hits that walls prevent",
        "worksites.hardening", (0.0, 0.3, 0.6, 0.9)),
    _of("drone watch", "chance that a watch stops a drone",
        _at_usual("counter_drone"), (0.0, 0.2, 0.4, 0.8)),
)  # fmt: skip


def baseline() -> Scenario:
    """The baseline with many plans and no smugglers."""
    return with_overrides(load("baseline"), AMPLIFIED)


def subsets() -> list[frozenset[str]]:
    """All sets of parts of a level, from none to all."""
    names = [part.name for part in PARTS]
    sets = chain.from_iterable(combinations(names, n) for n in range(len(names) + 1))
    return [frozenset(each) for each in sets]


def part_arm(level: LevelName, on: frozenset[str]) -> str:
    """The name of the world with these parts as at a level, and the others as at routine."""
    if not on:
        return "routine"
    return level if len(on) == len(PARTS) else f"{level}: {' + '.join(sorted(on))}"


def partial(scenario: Scenario, level: LevelName, on: frozenset[str]) -> Changes:
    """The settings of a level with some of its parts; the other parts are as at routine.

    Leave affects both how many people are at their posts and how rested they are. Here it belongs
    to tiredness; the garrison is set so that only protection decides how many are at a post.
    """
    levels = scenario.alert.levels
    raised, usual = getattr(levels, level), levels.routine
    mixed = {
        field: getattr(raised if part.name in on else usual, field)
        for part in PARTS
        for field in part.fields
        if field in Level.model_fields
    }
    if "leave" in mixed:
        source = raised if "protection" in on else usual
        mixed["garrison"] = source.garrison * (1.0 - source.leave) / (1.0 - mixed["leave"])
    return {"alert.level": level, **{f"alert.levels.{level}.{f}": v for f, v in mixed.items()}}


def compared() -> dict[str, Changes]:
    """The worlds of the compared policies, under each assumption."""
    return {
        compared_arm(policy, assumption, on): {**changes[on], **assumed}
        for policy, changes in COMPARED.items()
        for assumption, assumed in ASSUMED.items()
        for on in (False, True)
    }


def compared_arm(policy: str, assumption: str, on: bool) -> str:
    """The name of the world with or without a policy, under an assumption."""
    return f"{policy}, {assumption}: {'with' if on else 'without'}"


def arms(scenario: Scenario) -> dict[str, Changes]:
    """Every world of the experiment by name, each once."""
    found: dict[str, Changes] = {"routine": {"alert.level": "routine"}}
    for level in LEVELS[1:]:
        for on in subsets()[1:]:
            found[part_arm(level, on)] = partial(scenario, level, on)
    found |= compared()
    for lever in LEVERS:
        found |= dict(lever.arms())
    return found
