"""What a militant cell can do, what it thinks of it, and how it chooses.

Subjective-utility quantal response (Nguyen et al. 2013, SUQR): an option's chance is in
proportion to ``exp(rationality x (w_reward V - w_risk risk - w_distance d))``. The risk is what
the cell believes: partly the true density of patrols, as far as it can watch them, partly what
it heard of how such attempts went.
"""

from collections import Counter
from collections.abc import Sequence
from math import exp, log
from typing import NamedTuple, Protocol

from sim.agents.beliefs import Beliefs
from sim.agents.frontier import Frontier
from sim.agents.targets import MODES, Mode, Target
from sim.frontier.season import HOUR
from sim.theory.choice import choose


class Option(NamedTuple):
    """One thing a cell may do: a mode, a target, and where it would cross or strike from."""

    mode: Mode
    target: "Target"
    km: float
    value: float

    @property
    def kind(self) -> tuple[str, type]:
        """What a cell sees as one idea: a mode against a kind of target."""
        return self.mode, type(self.target)


class Chooser(Protocol):
    """Who chooses: a cell."""

    model: Frontier
    km: float
    profile: str
    beliefs: Beliefs


def options(cell: Chooser) -> list[Option]:
    """Everything within the cell's reach that is there to be attacked now."""
    model = cell.model
    rules = model.spec.cells
    modes = [mode for mode in MODES if mode not in rules.modes_off]
    foreign_first = cell.profile == "anti_foreign"
    found: list[Option] = []
    for target in model.targets:
        if target.open and abs(target.km - cell.km) <= rules.reach_km:
            ways = [mode for mode in modes if mode in target.attacks]
            found += _ways(model, target, target.worth(foreign_first), ways)
    return found


def _ways(
    model: Frontier,
    target: Target,
    value: float,
    modes: Sequence[Mode],
) -> list[Option]:
    """The modes that can reach a target; a party may cross beside it as well as opposite it."""
    rules, strikes = model.spec.cells, model.spec.strikes
    ways: list[Option] = []
    for mode in modes:
        worth = value + getattr(rules, mode)
        if mode == "infiltration":
            sides = (-rules.detour_km, 0.0, rules.detour_km) if rules.detour_km else (0.0,)
            ways += [
                Option(mode, target, target.km + side, worth)
                for side in sides
                if 0.0 <= target.km + side < model.ground.length_km
            ]
        elif mode == "drone" or 0.0 < strikes.fire_range_km >= target.depth:
            ways.append(Option(mode, target, target.km, worth))
    return ways


class Outlook:
    """What a cell believes of risks at one instant: part surveillance, part experience."""

    def __init__(self, cell: Chooser) -> None:
        self._cell = cell
        self._heard: dict[tuple[str, int], float] = {}

    def risk(self, option: Option) -> float:
        """Believed chance of failing, weighted by the cell's skill of surveillance."""
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


def _seen_risk(model: Frontier, option: Option) -> float:
    """What one who watches sees: the density of patrols, or the protection of a site."""
    if option.mode == "infiltration":
        sorties = model.sector_at(option.km).sorties.current
        exposed: float = (
            getattr(model.spec.exposure.hours, model.spec.ground.terrain_at(option.km)) * HOUR
        )
        return 1.0 - exp(-sorties * exposed)
    spared = option.target.hardening
    if option.mode == "drone":
        return 1.0 - (1.0 - spared) * (1.0 - model.spec.worksites.counter_drone)
    return spared


def choose_option(cell: Chooser, open_options: list[Option], luck: float) -> Option:
    """Quantal response over kinds of option and the options of a kind.

    Each option's weight is shared by all of its kind (mode and kind of target): ten posts are
    not ten times the temptation of one, nor are three places to cross three times that of one.
    Without this the number of posts, which the defender chooses, would draw attacks by the
    independence of irrelevant alternatives (Debreu 1960; Ben-Akiva and Lerman 1985, ch. 9, for
    the size correction).
    """
    rationality = cell.model.spec.cells.rationality
    of_kind = Counter(option.kind for option in open_options)
    outlook = Outlook(cell)
    weights = [
        rationality * outlook.utility(option) - log(of_kind[option.kind]) for option in open_options
    ]
    return open_options[choose(weights, 1.0, luck)]
