"""The options of a militant cell, its view of them, and its choice.

Subjective-utility quantal response (Nguyen et al. 2013, SUQR): an option's chance is in
proportion to ``exp(rationality x (w_reward V - w_risk risk - w_distance d))``. The risk is what
the cell believes: partly the true density of patrols, as far as it can watch them, partly what
it has heard of the outcomes of such attempts.
"""

from collections import Counter
from collections.abc import Sequence
from math import exp, log
from typing import NamedTuple, Protocol

from sim.agents.beliefs import Beliefs
from sim.agents.deterrence import presence
from sim.agents.frontier import Frontier
from sim.agents.parties import needed
from sim.agents.targets import MODES, Mode, Target
from sim.frontier.season import HOUR
from sim.scenario.spec_threat import NEVER
from sim.theory.choice import choose, quantal_response


class Option(NamedTuple):
    """An option of a cell: a mode, a target, and where it would cross or strike from."""

    mode: Mode
    target: "Target"
    km: float
    value: float
    party: int
    """Number of people who would go."""

    @property
    def kind(self) -> tuple[str, type]:
        """Kind of option: a mode against a kind of target."""
        return self.mode, type(self.target)


class Chooser(Protocol):
    """A cell, as far as its choice is concerned."""

    model: Frontier
    km: float
    profile: str
    beliefs: Beliefs


def options(cell: Chooser, party: int) -> list[Option]:
    """All options within reach now; a raid needs a large enough ``party``."""
    model = cell.model
    rules = model.spec.cells
    modes = [mode for mode in MODES if mode not in rules.modes_off]
    foreign_first = cell.profile == "anti_foreign"
    result: list[Option] = []
    for target in model.targets:
        if target.open and abs(target.km - cell.km) <= rules.reach_km:
            ways = [mode for mode in modes if mode in target.attacks]
            if party < needed(rules, target.defenders):
                ways = [mode for mode in ways if mode != "infiltration"]
            result += _ways(model, target, target.worth(foreign_first), ways, party)
    return result


def _ways(
    model: Frontier,
    target: Target,
    value: float,
    modes: Sequence[Mode],
    party: int,
) -> list[Option]:
    """Options against a target; a party may cross opposite it or to either side."""
    rules, strikes = model.spec.cells, model.spec.strikes
    ways: list[Option] = []
    for mode in modes:
        worth = value + getattr(rules, mode)
        if mode == "infiltration":
            sides = (-rules.detour_km, 0.0, rules.detour_km) if rules.detour_km else (0.0,)
            ways += [
                Option(mode, target, target.km + side, worth, party)
                for side in sides
                if 0.0 <= target.km + side < model.ground.length_km
            ]
        elif mode == "drone" or 0.0 < strikes.fire_range_km >= target.depth:
            ways.append(Option(mode, target, target.km, worth, party))
    return ways


class Outlook:
    """The risks that a cell believes in at one instant: part surveillance, part experience."""

    def __init__(self, cell: Chooser) -> None:
        self._cell = cell
        self._heard: dict[tuple[str, int], float] = {}

    def risk(self, option: Option) -> float:
        """Believed chance of failing, weighted by the cell's skill of surveillance.

        Experience covers all layers, also tips and teams, as it is about how attempts ended.
        """
        model, skill = self._cell.model, self._cell.model.spec.cells.skill
        place = option.mode, model.sector_at(option.km).index
        if place not in self._heard:
            self._heard[place] = self._cell.beliefs.failure(model.now, *place)
        seen = _seen_risk(model, option) if skill > 0.0 else 0.0
        return skill * seen + (1.0 - skill) * self._heard[place]

    def utility(self, option: Option) -> float:
        """The SUQR utility of an option."""
        rules = self._cell.model.spec.cells
        distance = abs(option.km - self._cell.km) / rules.reach_km
        return (
            rules.w_reward * option.value
            - rules.w_risk * self.risk(option)
            - rules.w_distance * distance
        )

    def weight(self, option: Option) -> float:
        """The logarithm of an option's weight: utility, less deterrence by visible presence."""
        model = self._cell.model
        weight = model.spec.cells.rationality * self.utility(option)
        elasticity = model.spec.deterrence.militants
        if elasticity and option.mode != "drone":  # a drone passes over patrols
            weight -= elasticity * presence(model, option.km)
        return weight


def _seen_risk(model: Frontier, option: Option) -> float:
    """The risk that an observer sees: patrols, watch and guards, or the target's protection."""
    if option.mode == "infiltration":
        guarded = option.target.defenders / (option.target.defenders + option.party)
        return 1.0 - p_unseen(model, option.km) * (1.0 - guarded)
    spared = option.target.hardening
    if option.mode == "drone":
        return 1.0 - (1.0 - spared) * (1.0 - option.target.counter_drone)
    return spared


def p_unseen(model: Frontier, km: float) -> float:
    """The chance that a party crosses at ``km`` by night unseen, as an observer estimates it."""
    sector, posts = model.sector_at(km), model.spec.posts
    exposed: float = getattr(model.spec.exposure.hours, model.spec.ground.terrain_at(km)) * HOUR
    watched = min(2.0 * posts.watch_range_night_km / posts.spacing_km, 1.0)
    passed = exp(-sector.sorties.current * exposed)
    return passed * (1.0 - min(posts.p_watch * sector.rules.watch, 1.0) * watched)


def choose_option(
    cell: Chooser, open_options: list[Option], luck: float
) -> tuple[Option | None, list[float]]:
    """Choose by quantal response; ``None`` is to refrain.

    Also returns the chance of each option; the rest is the chance of refraining.
    """
    logs = weights(cell, open_options)
    chosen = choose(logs, 1.0, luck)
    option = open_options[chosen] if chosen < len(open_options) else None
    return option, quantal_response(logs, 1.0)[: len(open_options)]


def weights(cell: Chooser, open_options: list[Option]) -> list[float]:
    """The logarithm of each option's weight, and last that of refraining, if a cell may.

    Each option's weight is shared by all of its kind (mode and kind of target): ten posts are
    not ten times the temptation of one, nor are three places to cross three times that of one.
    Without this the number of posts, which the defender chooses, would draw attacks by the
    independence of irrelevant alternatives (Debreu 1960; Ben-Akiva and Lerman 1985, ch. 9, for
    the size correction). Refraining is a separate kind, so that plans vanish where every option
    looks bad, and deterrence at one place is partly displacement to others.
    """
    rules = cell.model.spec.cells
    of_kind = Counter(option.kind for option in open_options)
    outlook = Outlook(cell)
    logs = [outlook.weight(option) - log(of_kind[option.kind]) for option in open_options]
    if rules.refrain > NEVER:
        logs.append(rules.rationality * rules.refrain)
    return logs
