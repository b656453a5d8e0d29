"""What plans foretell: the harm to be expected of an attack before it is carried out.

Chance decides whether a plan comes, what a cell does about it and who joins. Each time, what that
foretells less the mean over all that might have been is luck: a run sums it up, and expected harm
leaves it out. The mean of this luck is 0 however rough the figures are (a martingale; Henderson and
Glynn 2002); good ones take more of the variance away. Nothing here is drawn, and no agent reads it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from math import expm1
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.agents.choices import Chooser, Option, options, p_unseen, weights
from sim.agents.encounters import party_sides
from sim.agents.expected_harm import SolvedFight, raid_harm, solve_fight, strike_harm
from sim.agents.frontier import Frontier
from sim.agents.parties import needed, power_law
from sim.agents.pursuit import Chase, chase
from sim.agents.strikes import p_arrives, p_fire_hits
from sim.agents.targets import Mode, Target
from sim.incidents.records import HARM
from sim.scenario.spec import Scenario
from sim.theory.choice import quantal_response

Harm = NDArray[np.float64]
"""Killed and wounded by side, in the order of :data:`~sim.incidents.records.HARM`."""

NO_HARM: Final[Harm] = np.zeros(len(HARM))
"""Nobody is hurt."""

_PARTIES: Final = (0.25, 0.75)
"""Quantiles of the law of parties that stand for it where a plan has no party yet."""


class PlanForecast(NamedTuple):
    """What is at forecast where chance decides whether a cell makes one more plan, or acts on it.

    ``own`` is the harm of a plan, which is acted on with the chance ``acts``; ``brood`` that of
    all plans which one attack brings forth in the end, and ``per_day`` how soon they come.
    """

    own: Harm
    acts: float
    brood: Harm
    per_day: float

    def after(self, left: float) -> Harm:
        """What an attack brings forth in the ``left`` days of a run."""
        return -expm1(-self.per_day * left) * self.brood

    def plan(self, left: float) -> Harm:
        """One more plan with all that follows from it in the ``left`` days of a run."""
        return self.own + self.acts * self.after(left)

    def of_choice(
        self, model: Frontier, ways: Sequence[Option], chances: Sequence[float], way: Option | None
    ) -> Harm:
        """What the choice of one way, or of none, foretells beyond the mean of all."""
        after = self.after(model.spec.days - model.now)
        came = NO_HARM if way is None else attack_harm(model, [way], [1.0]) + after
        return came - attack_harm(model, ways, chances) - sum(chances) * after


def forecast_plan(cell: Chooser) -> PlanForecast:
    """What one more plan of a cell has at forecast as things are now.

    An attack brings forth ``branching`` plans, of which those that are acted on bring forth others,
    a lag and a preparation later.
    """
    rules, own, acts = cell.model.spec.cells, NO_HARM, 0.0
    most = min(rules.party_most, rules.strength)
    for luck in _PARTIES:
        small = most < rules.party_least
        party = 0 if small else power_law(luck, rules.party_least, most, rules.party_exponent)
        ways = options(cell, party)
        if ways:
            chances = quantal_response(weights(cell, ways), 1.0)[: len(ways)]
            own = own + attack_harm(cell.model, ways, chances) / len(_PARTIES)
            acts += sum(chances) / len(_PARTIES)
    ends = 1.0 - acts * rules.branching
    brood = rules.branching * own / ends
    return PlanForecast(own, acts, brood, ends / (rules.lag_days + rules.preparation_days))


def attack_harm(model: Frontier, ways: Sequence[Option], chances: Sequence[float]) -> Harm:
    """The harm of an attack that goes one of these ways, each with its chance.

    Strikes as if they came now, by day or night as cells do; a party gets through unseen and
    raids, or is met by a patrol before.
    """
    hit: dict[Target, float] = defaultdict(float)
    raids: dict[_Raid, float] = defaultdict(float)
    meetings: dict[_Party, float] = defaultdict(float)
    for way, chance in zip(ways, chances, strict=True):
        if way.mode == "infiltration":
            passed = p_unseen(model, way.km)
            running = chase(model.spec, way.km, 0.0, night=True, deliberate=False)
            party = _Party(way.party, running)
            meetings[party] += chance * (1.0 - passed)
            for share, part in way.target.parts:
                if way.party >= needed(model.spec.cells, part.defenders):
                    raids[_Raid.on(part, party)] += chance * passed * share
        else:
            for share, part in way.target.parts:
                hit[part] += chance * share * _p_hit(model.spec, way.mode, part)
    costs = [(p, strike_harm(target, target.exposed, 1.0)) for target, p in hit.items()]
    costs += [(p, party.met(model.spec)) for party, p in meetings.items()]
    costs += [(p, cost) for raid, p in raids.items() for cost in raid.costs(model.spec)]
    found: dict[str, float] = dict.fromkeys(HARM, 0.0)
    for p, cost in costs:
        for column, value in cost.items():
            found[column] += p * value
    return np.array(list(found.values()))


def _p_hit(spec: Scenario, mode: Mode, target: Target) -> float:
    """The chance that a strike reaches somebody in the open and hits."""
    rules = spec.strikes
    if mode == "drone":
        return p_arrives(rules, target) * rules.drone_p_hit
    by_night = spec.cells.night_share
    light = by_night * rules.fire_night_factor + 1.0 - by_night
    return p_fire_hits(rules, target) * light


class _Party(NamedTuple):
    """People who cross, and how well they run where they do."""

    size: int
    running: Chase

    def met(self, spec: Scenario) -> dict[str, float]:
        """Expected columns where a patrol meets it."""
        found = self.fight(spec, spec.patrols.size, spec.clash.p_guards_first)
        return found.columns("militants", spec.contact.p_militants_fight)

    def fight(
        self,
        spec: Scenario,
        guards: int,
        p_first: float,
        *,
        raid: bool = False,
        prepared: bool = False,
    ) -> SolvedFight:
        """A fight with guards, who fire first with a chance."""
        sides = partial(party_sides, spec.clash, self.size, guards, raid=raid, prepared=prepared)
        return solve_fight(p_first, sides, spec.clash.intensity_spread, self.running)


class _Raid(NamedTuple):
    """A party at a target in a state that other targets may share."""

    party: _Party
    defenders: int
    prepared: bool
    bystanders: int
    hardening: float
    lethality: float
    sides: tuple[tuple[str, float], ...]

    @classmethod
    def on(cls, target: Target, party: _Party) -> "_Raid":
        """On a target as it is now."""
        return cls(
            party, target.defenders, target.prepared, target.bystanders, target.hardening,
            target.lethality, tuple(target.shares.items()),
        )  # fmt: skip

    @property
    def shares(self) -> Mapping[str, float]:
        """Whose people they are."""
        return dict(self.sides)

    def costs(self, spec: Scenario) -> list[dict[str, float]]:
        """Expected columns of the fight, and of what comes after it."""
        fought = None
        if self.defenders:
            fought = self.party.fight(spec, self.defenders, 0.0, raid=True, prepared=self.prepared)
        return raid_harm(spec, self, self.party.size, self.bystanders, fought)
