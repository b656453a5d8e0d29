"""Forecast the harm of plans before they are carried out.

Chance decides whether a plan comes, what a cell does with it and who joins. Each time, the forecast
after the decision less its mean before it is luck: a run sums it up, and expected harm leaves it
out. The mean of this luck is 0 however rough the forecasts are (a martingale; Henderson and Glynn
2002); better ones remove more of the variance. Nothing here is drawn, and no agent reads it.
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
"""Quantiles of the party size that represent it where a plan has no party yet."""


class PlanForecast(NamedTuple):
    """The forecast for one more plan of a cell.

    ``own`` is the harm of the plan, which is acted on with chance ``acts``; ``brood`` that of all
    plans that one attack triggers in the end, and ``per_day`` the rate at which they come.
    """

    own: Harm
    acts: float
    brood: Harm
    per_day: float

    def after(self, left: float) -> Harm:
        """Harm of the plans that an attack triggers in the ``left`` days of a run."""
        return -expm1(-self.per_day * left) * self.brood

    def plan(self, left: float) -> Harm:
        """Harm of one more plan and all that it triggers in the ``left`` days of a run."""
        return self.own + self.acts * self.after(left)

    def of_choice(
        self, model: Frontier, ways: Sequence[Option], chances: Sequence[float], way: Option | None
    ) -> Harm:
        """Luck in the choice of one way, or of none: its forecast less the mean of all."""
        after = self.after(model.spec.days - model.now)
        came = NO_HARM if way is None else attack_harm(model, [way], [1.0]) + after
        return came - attack_harm(model, ways, chances) - sum(chances) * after


def forecast_plan(cell: Chooser) -> PlanForecast:
    """Forecast one more plan of a cell in the present state.

    An attack triggers ``branching`` plans, of which those that are acted on trigger others, a lag
    and a preparation later.
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
    """Expected harm of an attack in one of these ways, each with its chance.

    Strikes count as if carried out now, by day or night as cells do; a party gets through unseen
    and raids, or is met by a patrol before.
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
    columns: dict[str, float] = dict.fromkeys(HARM, 0.0)
    for p, cost in costs:
        for column, value in cost.items():
            columns[column] += p * value
    return np.array(list(columns.values()))


def _p_hit(spec: Scenario, mode: Mode, target: Target) -> float:
    """The chance that a strike hits a given person in the open."""
    rules = spec.strikes
    if mode == "drone":
        return p_arrives(rules, target) * rules.drone_p_hit
    by_night = spec.cells.night_share
    light = by_night * rules.fire_night_factor + 1.0 - by_night
    return p_fire_hits(rules, target) * light


class _Party(NamedTuple):
    """People who cross, and the pursuit at their place."""

    size: int
    running: Chase

    def met(self, spec: Scenario) -> dict[str, float]:
        """Expected columns if a patrol meets it."""
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
        """A fight with guards, who fire first with chance ``p_first``."""
        sides = partial(party_sides, spec.clash, self.size, guards, raid=raid, prepared=prepared)
        return solve_fight(p_first, sides, spec.clash.intensity_spread, self.running)


class _Raid(NamedTuple):
    """A party at a target, by the state of the target, which other targets may share."""

    party: _Party
    defenders: int
    prepared: bool
    bystanders: int
    hardening: float
    lethality: float
    sides: tuple[tuple[str, float], ...]

    @classmethod
    def on(cls, target: Target, party: _Party) -> "_Raid":
        """The raid of ``party`` on a target in its present state."""
        return cls(
            party, target.defenders, target.prepared, target.bystanders, target.hardening,
            target.lethality, tuple(target.shares.items()),
        )  # fmt: skip

    @property
    def shares(self) -> Mapping[str, float]:
        """Whose people they are."""
        return dict(self.sides)

    def costs(self, spec: Scenario) -> list[dict[str, float]]:
        """Expected columns of the fight and of the raid after it."""
        fought = None
        if self.defenders:
            fought = self.party.fight(spec, self.defenders, 0.0, raid=True, prepared=self.prepared)
        return raid_harm(spec, self, self.party.size, self.bystanders, fought)
