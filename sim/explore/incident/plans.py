"""Follows one plan of a cell: what the cell chose and why, until it acts or gives the plan up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import exp
from typing import TYPE_CHECKING, Final

from sim.agents.cells import MilitantCell
from sim.agents.choices import Outlook, weights
from sim.agents.parties import needed
from sim.agents.targets import Target, met
from sim.explore.incident.conditions import CONTROL, PLANS, at_target, level
from sim.explore.incident.observer import Observer
from sim.explore.incident.story import Cause, Step
from sim.incidents.kinds import AGENTS
from sim.incidents.records import Plan

if TYPE_CHECKING:
    from sim.model import BorderModel

MODES: Final = {"infiltration": "a raid on", "drone": "a drone strike on", "fire": "fire on"}


@dataclass
class Choice:
    """What a cell could do with its plan, by mode and target: chances, and the risk that it saw.

    ``guards`` are those of each target, ``shut`` are evacuated targets, ``party`` is how many
    people it could send, ``refrains`` the chance that it does nothing.
    """

    chances: dict[tuple[str, str], float] = field(default_factory=dict)
    risks: dict[tuple[str, str], float] = field(default_factory=dict)
    guards: dict[str, int] = field(default_factory=dict)
    shut: frozenset[str] = frozenset()
    party: int = 0
    refrains: float = 0.0
    level: Cause | None = None

    def causes(self, picks: Mapping[tuple[str, str], str]) -> tuple[Cause, ...]:
        """The conditions of these picks, each named after the worlds that chose it."""
        found = [Cause("people in a party of the cell", str(self.party))]
        if self.level is not None:
            found.insert(0, self.level)
        for (mode, target), name in picks.items():
            if target in self.shut:
                found.append(Cause(f"the target{name}", "evacuated"))
            elif mode == "infiltration":
                guards = str(self.guards.get(target, 0))
                found.append(Cause(f"guards at home at the target{name}", guards))
            risk = self.risks.get((mode, target))
            value = "could not be tried" if risk is None else f"{risk:.2f}"
            found.append(Cause(f"risk the cell saw in the attempt{name}", value))
        return tuple(found)


def follow_plan(observer: Observer) -> None:
    """Follow the plan of a militant cell from the instant at which it may be made."""
    model, origin = observer.model, observer.origin
    first = origin.partition("+")[0]
    name, _, key = first.partition("/plan/")
    cell = next((cell for cell in model.cells if cell.identity == name), None)
    point = None if cell is None else cell.planning.arrivals.point(key)
    if cell is None or point is None or point.at >= model.spec.days:
        return
    observer.reach(point.at)
    there = cell in model.cells
    rate = cell.planning.rate(model.now) if there else 0.0
    causes = (
        Cause(PLANS, f"{365 * rate:.2f}"),
        Cause(CONTROL, f"{model.host_state.control(cell.district, model.now):.2f}"),
    )  # fmt: skip
    if point.mark >= rate:
        words = "the cell made no plan" if there else "the cell was no more"
        observer.steps.append(Step("plan", point.at, words, "no", causes=causes))
        return
    possible = True
    if not cell.free:
        words = "a plan came while the cell was busy, and waited or was passed on"
        observer.steps.append(Step("waits", point.at, words, "busy"))
    elif first == origin:
        observer.choice = _weigh(model, cell, origin)
        possible = bool(observer.choice.chances)
    before = origin.removesuffix("+joint")
    observer.follow(
        lambda: not possible or _made(model, origin) is not None
        or (before != origin and _made(model, before) is not None)
    )  # fmt: skip
    plan = _made(model, origin)
    if plan is None:
        words = "nothing was planned: no target was in reach of the people it had"
        words = words if possible and before == origin else "no second party was sent"
        observer.steps.append(Step("plan", point.at, words, "no", causes=causes))
        return
    planner = next((c for c in model.cells if c.identity == plan.cell), None)
    if planner is not None and observer.choice is None:
        observer.choice = _weigh(model, planner, origin)
    observer.steps.append(_chosen(model, plan, causes))
    if planner is not None and plan.mode != "refrain":
        _follow_attack(observer, plan, planner)


def _made(model: BorderModel, origin: str) -> Plan | None:
    return next((plan for plan in model.log[Plan] if plan.identity == origin), None)


# -- what it chose ----------------------------------------------------------------------------


def _weigh(model: BorderModel, cell: MilitantCell, origin: str) -> Choice:
    """All that the cell could do, with the chance of each and the risk that the cell saw."""
    sector, ways = model.sectors[cell.district], cell.ways(origin)
    choice = Choice(
        guards={target.identity: target.defenders for target in model.targets},
        shut=frozenset(target.identity for target in model.targets if not target.open),
        level=level(model, sector),
    )
    if not ways:
        return choice
    choice.party, outlook, found = ways[0].party, Outlook(cell), weights(cell, ways)
    most = max(found)
    shares = [exp(weight - most) for weight in found]
    choice.refrains = sum(shares[len(ways) :]) / sum(shares)
    for way, share in zip(ways, shares, strict=False):
        pick = way.mode, way.target.identity
        choice.chances[pick] = choice.chances.get(pick, 0.0) + share / sum(shares)
        choice.risks[pick] = min(outlook.risk(way), choice.risks.get(pick, 1.0))
    return choice


def _chosen(model: BorderModel, plan: Plan, causes: tuple[Cause, ...]) -> Step:
    """The decision of the cell."""
    if plan.mode == "refrain":
        words = "the cell weighed an attack and refrained"
    else:
        place = model.ground.name_of(model.sector_at(target_of(model, plan).km).slug)
        target = AGENTS[plan.target.split("/")[0]].label
        words = f"the cell planned {MODES[plan.mode]} a {target} in {place}"
    done = f"{plan.mode} {plan.target} {plan.km:.3f} {plan.cell}"
    return Step("plan", plan.at, words, done, causes=causes)


def add_alternatives(observers: Sequence[Observer]) -> None:
    """Add to the plan in each world what the cell saw in its own choice and in those elsewhere."""
    picks: dict[tuple[str, str], str] = {}
    for observer in observers:
        plan = _made(observer.model, observer.origin)
        if plan is not None and plan.mode != "refrain":
            picks.setdefault((plan.mode, plan.target), f" chosen in {observer.world.name}")
    if len(picks) == 1:
        picks = dict.fromkeys(picks, "")
    for observer in observers:
        plan, choice = _made(observer.model, observer.origin), observer.choice
        if plan is None or choice is None:
            continue
        refrains = plan.mode == "refrain"
        chance = choice.refrains if refrains else choice.chances.get((plan.mode, plan.target), 0.0)
        for n, step in enumerate(observer.steps):
            if step.key == "plan":
                words = f"{step.words}, {100 * chance:.0f} % likely among all that it could do"
                causes = (*step.causes, *choice.causes(picks))
                observer.steps[n] = replace(step, words=words, causes=causes)


def target_of(model: BorderModel, plan: Plan) -> Target:
    """The target of a plan."""
    return next(target for target in model.targets if target.identity == plan.target)


# -- how it was carried out -------------------------------------------------------------------


def _follow_attack(observer: Observer, plan: Plan, cell: MilitantCell) -> None:
    """Follow the preparation and the attack; a party that crossed goes to its target."""
    model = observer.model
    target, draw = target_of(model, plan), model.draws.of(plan.identity)

    def look() -> None:
        observer.at_target = at_target(model, met(target, draw))

    strength = int(cell.strength)
    observer.follow(lambda: cell.state != "preparing", look)
    now, passage = model.now, observer.passage
    if plan.mode == "drone":
        cover = met(target, draw).counter_drone
        p, luck = model.spec.strikes.drone_p_arrive * (1.0 - cover), draw.uniform("drone arrives")
        words = "the drone came through" if luck < p else "the drone was stopped or fell"
        observer.steps.append(
            Step("drone", now, words, str(luck < p), chance=p, luck=luck, causes=observer.at_target)
        )  # fmt: skip
    elif plan.mode == "infiltration" and passage is None:
        causes = (
            *observer.at_target,
            Cause("people in the cell", str(strength)),
            Cause("people that it would have taken",
                  str(needed(model.spec.cells, target.defenders))),
        )  # fmt: skip
        words = "the plan was given up: too few people for the guards there"
        observer.steps.append(Step("sets out", now, words, "gave up", causes=causes))
    elif passage is not None:
        observer.follow(
            lambda: passage.ending is not None or passage.struck_at is not None
            or observer.origin not in model.passages, look,
        )  # fmt: skip
