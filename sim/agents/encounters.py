"""Encounters of two sides: pure functions of parameters and keyed draws."""

from math import ceil, gamma, pow
from typing import Literal, NamedTuple

from sim.engine.draws import Stream, exponential
from sim.scenario.spec_threat import Clash, Contact

Choice = Literal["fight", "surrender", "flee"]


def probability_at_odds(p_even: float, intruders: int, guards: int, power: float) -> float:
    """Chance of a fight when ``intruders`` face ``guards``.

    The odds at even numbers are multiplied by ``(intruders / guards) ** power`` (a logit model
    with the log force ratio as covariate; the form is an assumption, after the force-ratio
    terms usual in combat modelling, e.g. Helmbold 1993).
    """
    if p_even in (0.0, 1.0) or power == 0.0 or guards == 0:
        return p_even
    odds = p_even / (1.0 - p_even) * pow(intruders / guards, power)
    return odds / (1.0 + odds)


class Side(NamedTuple):
    """One side of a clash.

    ``rate``: hits per hour per head able to fight; ``lethality``: chance that a hit kills;
    ``break_off``: share out of action at which the side breaks off, the median over fights where
    ``spread`` is above 0 (1 without spread is to the last); ``disengage``: hazard per hour of
    slipping away; ``surprise``: factor on the rate until the first hit.
    """

    heads: int
    rate: float
    lethality: float
    break_off: float
    disengage: float = 0.0
    surprise: float = 1.0
    spread: float = 0.0

    def surrounded(self, rules: Contact) -> "Side":
        """This side when surrounded: guards chose their ground, and few slip away."""
        return self._replace(
            rate=self.rate * rules.cordon_cover, disengage=self.disengage * rules.cordon_leak
        )

    def losses_to_break(self, luck: float) -> int:
        """Hits after which the side breaks off: at least one, at most all.

        The share is log-logistic, so that its logarithm has the logistic law with scale
        ``spread``: break points are distributions (Helmbold 1971), the form is an assumption.
        ``luck`` is uniform; without spread it does not matter.
        """
        share = self.break_off * pow(luck / (1.0 - luck), self.spread)
        return max(ceil(min(share, 1.0) * self.heads - 1e-9), min(1, self.heads))


def intensity(luck: float, spread: float) -> float:
    """Intensity of a fight: a factor on both sides' hit rates, Weibull with mean 1.

    It represents range, light and cover, which are the same for both sides and differ between
    fights.

    ``spread`` is the inverse of Weibull's shape: at 0 all fights are alike, at 1 the law is
    exponential. ``luck`` is uniform.
    """
    return pow(-exponential(luck, -1.0), spread) / gamma(1.0 + spread)


def guards_side(rules: Clash, heads: int, fire_first: bool) -> Side:
    """The guards in any clash, with anyone they meet."""
    return Side(
        heads,
        rules.guard_rate,
        rules.lethality_guards,
        rules.break_off_guards,
        surprise=rules.surprise_factor if fire_first else 1.0,
        spread=rules.break_spread,
    )


def party_sides(
    rules: Clash, party: int, guards: int, fire_first: bool, *, raid: bool, prepared: bool
) -> tuple[Side, Side]:
    """Guards and a party of militants at the start of a fight, where the guards fire first or not.

    Raiders choose the moment, and hit and run; against guards in ``prepared`` positions they hit
    less.
    """
    covered = raid and prepared
    theirs = Side(
        party,
        rules.militant_rate * (rules.raid_cover if covered else 1.0),
        rules.lethality_militants,
        rules.break_off_raiders if raid else rules.break_off_militants,
        rules.disengage_militants,
        surprise=1.0 if fire_first else rules.surprise_factor,
        spread=rules.break_spread,
    )
    return guards_side(rules, guards, fire_first), theirs


class ClashResult(NamedTuple):
    """The result of a clash."""

    ended_by: Literal["guards", "intruders", "disengaged"]  # who broke off
    killed_guards: int
    wounded_guards: int
    killed_intruders: int
    wounded_intruders: int
    hours: float
    intensity: float = 1.0  # the factor on both sides' hit rates in this fight


def clash(
    draw: Stream, purpose: str, guards: Side, intruders: Side, intensity_spread: float = 0.0
) -> ClashResult:
    """Sample one clash: a continuous-time Markov chain on the heads able to fight.

    Each side scores hits at (rate x heads able to fight), the stochastic square law
    (Lanchester 1916; Karr 1974), in a fight of its own :func:`intensity`; a hit kills with the
    other side's lethality, otherwise wounds; either way one head fewer fights. The chain ends
    when a side reaches its break-off or the intruders slip away. With no rates at all the
    intruders slip away at once.
    """
    killed, wounded = [0, 0], [0, 0]
    ours, theirs, heat = draw.uniforms(f"{purpose} nerve", 3)
    limit = (guards.losses_to_break(ours), intruders.losses_to_break(theirs))
    heat = intensity(heat, intensity_spread)
    surprise = (guards.surprise, intruders.surprise)
    hours = 0.0
    if 0 in limit:  # nobody stands on one side
        return ClashResult("intruders" if guards.heads else "guards", 0, 0, 0, 0, hours)
    for n in range(guards.heads + intruders.heads):
        fighting_guards = guards.heads - killed[0] - wounded[0]
        fighting_intruders = intruders.heads - killed[1] - wounded[1]
        by_guards = heat * guards.rate * fighting_guards * surprise[0]
        by_intruders = heat * intruders.rate * fighting_intruders * surprise[1]
        total = by_guards + by_intruders + intruders.disengage
        if total == 0.0:
            break
        when, which, lethal = draw.uniforms(f"{purpose} {n}", 3)
        hours += exponential(when, 1.0 / total)
        pick = which * total
        if pick >= by_guards + by_intruders:
            break
        surprise = (1.0, 1.0)
        hit = 1 if pick < by_guards else 0
        lethality = (guards.lethality, intruders.lethality)[hit]
        (killed if lethal < lethality else wounded)[hit] += 1
        if killed[hit] + wounded[hit] >= limit[hit]:
            ended_by: Literal["guards", "intruders"] = "intruders" if hit else "guards"
            return ClashResult(ended_by, killed[0], wounded[0], killed[1], wounded[1], hours, heat)
    return ClashResult("disengaged", killed[0], wounded[0], killed[1], wounded[1], hours, heat)


class Casualties(NamedTuple):
    """People hurt in a strike."""

    killed: int
    wounded: int


def casualties(
    draw: Stream, purpose: str, exposed: int, p_hit: float, lethality: float
) -> Casualties:
    """Each of ``exposed`` people is hit with ``p_hit``; a hit kills with ``lethality``.

    Every person has separate draws, so that more protection spares some of the same people and
    hurts no one else.
    """
    killed = wounded = 0
    for n in range(exposed):
        if draw.uniform(f"{purpose} hit", n) < p_hit:
            if draw.uniform(f"{purpose} lethal", n) < lethality:
                killed += 1
            else:
                wounded += 1
    return Casualties(killed, wounded)
