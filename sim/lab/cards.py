"""Figures that a reader looks for: the best, what stops most, the least cost of averting harm."""

from collections.abc import Iterator

from sim.comparison.comparison import Comparison
from sim.comparison.digits import per_cent, short, span
from sim.comparison.terms import Terms
from sim.comparison.words import best_of
from sim.measures.registry import described

type Card = tuple[str, str, str]
"""What the figure is, the scenario, and the evidence."""


def cards(found: Comparison, terms: Terms) -> Iterator[Card]:
    """The figures that there are; none of one scenario by itself."""
    for figure in (_best, _stopper, _cheapest):
        if found.policies and (card := figure(found, terms)):
            yield card


def _best(found: Comparison, terms: Terms) -> Card | None:
    if not found.ranking or found.ranking[0].p_best is None:
        return None
    best = max(found.ranking, key=lambda place: place.p_best or 0.0)
    others = sum(place.kept for place in found.ranking) - best.kept
    detail = f"the best in {per_cent(best.p_best)} of resamples of the {terms.run}s"
    if others:
        detail += f"; {others} other{'s' if others > 1 else ''} cannot be excluded"
    own = [c for c in found.of(best.outcome) if c.scenario == best.scenario]
    if own and own[0].judgement != "better":
        detail += f"; not known to do better than {terms.label(found.baseline)}"
    label = f"Probably best in {described(best.outcome).named}"
    return (label, terms.label(best.scenario), detail)


def _stopper(found: Comparison, terms: Terms) -> Card | None:
    own = found.of("interdiction_share")
    if not own:
        return None
    label, good = "Stops the most smuggled weight", [c for c in own if c.judgement == "better"]
    if not good:
        return (label, "none", "no policy is known to stop a larger share")
    best = best_of(good)
    gained = f"{short(best.difference, 100.0)} points more ({span(best.low, best.high, 100.0)})"
    return (label, terms.label(best.scenario), gained)


def _cheapest(found: Comparison, terms: Terms) -> Card | None:
    if not found.costs:
        return None
    label = f"Least cost of averting {described(found.harm or '').named}"
    if free := [row for row in found.costs if row.free]:
        best = max(free, key=lambda row: row.harm_averted or 0.0)
    elif priced := [row for row in found.costs if row.cost_per_harm is not None]:
        best = min(priced, key=lambda row: row.cost_per_harm or 0.0)
    else:
        return (label, "no figure", "nowhere are both the cost and the harm averted settled")
    return (label, terms.label(best.scenario), best.words)
