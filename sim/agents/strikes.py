"""Drone strikes and fire across the line: from the decision to the casualties."""

from collections.abc import Callable

from sim.agents.choices import Option
from sim.agents.encounters import Casualties, casualties
from sim.agents.expected_harm import expectation, strike_harm
from sim.agents.frontier import Frontier
from sim.agents.targets import Target, met
from sim.engine.draws import Stream
from sim.incidents.records import Incident, Kind
from sim.scenario.spec_threat import Strikes
from sim.theory.distributions import monotone_beta_quantile


def drone_strike(model: Frontier, draw: Stream, identity: str, option: Option) -> Incident:
    """A drone with a charge, which may get through and hit people in the open."""
    rules, target = model.spec.strikes, met(option.target, draw)
    kind, hurt = target.attacks["drone"], Casualties(0, 0)
    _expect(model, identity, kind, option, lambda part: p_arrives(rules, part) * rules.drone_p_hit)
    if draw.chance("drone arrives", p_arrives(rules, target)):
        hurt = strike_casualties(draw, rules, target, target.exposed, rules.drone_p_hit)
    return _incident(model, draw, identity, kind, target, hurt)


def fire(model: Frontier, draw: Stream, identity: str, option: Option) -> Incident:
    """Fire from the other bank: weaker with range, by night, and where guards can answer it."""
    rules, target, now = model.spec.strikes, met(option.target, draw), model.now
    p_hit = p_fire_hits(rules, target)
    if model.calendar.is_night(model.sector_at(target.km).index, now):
        p_hit *= rules.fire_night_factor
    if is_answered(model, target, now):
        p_hit *= 1.0 - rules.patrol_suppression
    kind = target.attacks["fire"]
    _expect(model, identity, kind, option, lambda part: p_hit)
    hurt = strike_casualties(draw, rules, target, target.exposed, p_hit)
    return _incident(model, draw, identity, kind, target, hurt)


def p_arrives(rules: Strikes, target: Target) -> float:
    """The chance that a drone arrives at a target."""
    return rules.drone_p_arrive * (1.0 - target.counter_drone)


def p_fire_hits(rules: Strikes, target: Target) -> float:
    """The chance that fire hits a person in the open by day and unanswered; lower with range."""
    return rules.fire_p_hit * (1.0 - target.depth / rules.fire_range_km)


def _expect(
    model: Frontier, identity: str, kind: Kind, option: Option, p_hit: Callable[[Target], float]
) -> None:
    """Write down the expected harm of a strike, over the parts of its target that it may meet."""
    costs = [
        strike_harm(part, part.exposed, chance * p_hit(part))
        for chance, part in option.target.parts
    ]
    model.expect(expectation(identity, kind, *costs))


def is_answered(model: Frontier, target: Target, now: float) -> bool:
    """Whether another post, or a patrol that is out, is near enough to answer the fire.

    A post that is shot at does not count: what its own guards do is in the chance of a hit.
    """
    km, reach = target.km, model.spec.strikes.suppression_reach_km
    post = model.post_at(km)
    if post.identity != target.identity and abs(post.km - km) <= reach:
        return True
    return any(abs(place - km) <= reach for beat in post.beats for place in beat.places(now))


def strike_casualties(
    draw: Stream, rules: Strikes, target: Target, exposed: int, p_hit: float
) -> Casualties:
    """Casualties among ``exposed`` people who would each be hit with ``p_hit`` without walls.

    Their hits are correlated: the chance of this strike has a beta distribution with mean
    ``p_hit``, and given it they are hit independently (beta-binomial: Skellam 1948). So a strike
    may hurt nobody or nearly all, with the same mean.
    """
    p_here = shared_chance(draw.uniform("strike shared"), p_hit, rules.shared)
    p_behind_walls = p_here * (1.0 - target.hardening)
    return casualties(draw, "strike", exposed, p_behind_walls, target.lethality)


def shared_chance(u: float, mean: float, shared: float) -> float:
    """Inverse CDF of the chance of one strike: a beta distribution with this mean.

    ``shared`` is the correlation of two people's hits; at 0 the chance is the mean. A greater mean
    never gives a smaller chance.
    """
    if shared == 0.0 or not 0.0 < mean < 1.0:
        return mean
    spread = (1.0 - shared) / shared
    return monotone_beta_quantile(u, mean * spread, (1.0 - mean) * spread)


def _incident(
    model: Frontier,
    draw: Stream,
    identity: str,
    kind: Kind,
    target: Target,
    hurt: Casualties,
) -> Incident:
    """The record of an attack without a crossing."""
    now = model.now
    return Incident(
        identity=identity,
        kind=kind,
        actor="militants",
        clash=False,
        district=model.sector_at(target.km).slug,
        km=target.km,
        at=now,
        crossed_at=None,
        detected_at=now,
        cue="attack",
        alarm_at=None,
        contact_at=None,
        group_size=0,
        depth=target.depth,
        target=target.identity,
        **target.columns(draw, hurt),  # type: ignore[arg-type]
    )
