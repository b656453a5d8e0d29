"""The frontier of cost and harm: which scenarios are efficient, and how certain that is."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np

from sim.comparison.question import RESAMPLES
from sim.comparison.resampling import resampled_means
from sim.comparison.samples import Floats, Sample, by_draw

Dominance = Literal["efficient", "between", "dominated"]
"""``dominated``: another scenario is no worse in either and better in one. ``between``: a mixture
of two others is (extended dominance). ``efficient``: on the lower left hull."""


class CostHarmPoint(NamedTuple):
    """A scenario's mean change of (cost, harm) against the baseline, and its uncertainty.

    ``cloud`` holds the bootstrap means, (resamples, 2); ``p_efficient`` is the share of resamples
    in which the scenario is on the hull.
    """

    name: str
    place: tuple[float, float]
    cloud: Floats
    standing: Dominance
    p_efficient: float


class CostHarmFrontier(NamedTuple):
    """All scenarios with pairs by ``cost`` and ``harm``, the baseline among them.

    ``n`` counts the replicates that all have; ``baseline_mean`` is that of (cost, harm).
    """

    cost: str
    harm: str
    options: list[CostHarmPoint]
    n: int
    baseline_mean: tuple[float, float]


def cost_harm_frontier(
    samples: Mapping[str, Sample], baseline: str, cost: str, harm: str, seed: int
) -> CostHarmFrontier:
    """Every scenario by cost and harm, with the same resampled replicates for all.

    Only replicates in which every scenario has both values count, so that any two scenarios are
    compared on the same runs. A scenario without any is left out.
    """
    pairs = {name: one.only([cost, harm]) for name, one in samples.items()}
    whole = {
        name: one.replicates[np.isfinite(one.values).all(axis=1)] for name, one in pairs.items()
    }
    common = whole[baseline]
    kept = {baseline}
    for name in samples:
        both = np.intersect1d(common, whole[name], assume_unique=True)
        if name != baseline and both.size:
            common = both
            kept.add(name)
    if not common.size:
        return CostHarmFrontier(cost, harm, [], 0, (0.0, 0.0))
    values_of = {
        name: one.for_means(one.expected)[np.searchsorted(one.replicates, common)]
        for name, one in pairs.items()
        if name in kept
    }
    change = np.stack([values - values_of[baseline] for values in values_of.values()], axis=1)
    means = change.mean(axis=0)
    draws = samples[baseline].draws
    if draws is not None:
        draws = draws[np.searchsorted(samples[baseline].replicates, common)]
    flat = by_draw(change.reshape(len(common), -1), draws)
    clouds = resampled_means(flat, RESAMPLES, seed).reshape(RESAMPLES, len(values_of), 2)
    standing = classify(means)
    on_hull = np.mean([[s == "efficient" for s in classify(each)] for each in clouds], axis=0)
    options = [
        CostHarmPoint(name, (float(means[i, 0]), float(means[i, 1])), clouds[:, i], standing[i],
               float(on_hull[i]))
        for i, name in enumerate(values_of)
    ]  # fmt: skip
    cost_mean, harm_mean = values_of[baseline].mean(axis=0)
    return CostHarmFrontier(cost, harm, options, len(common), (float(cost_mean), float(harm_mean)))


def classify(places: Floats) -> list[Dominance]:
    """The dominance of each of (scenarios, 2) points; less of both is better."""
    x, y = places[:, 0], places[:, 1]
    no_worse = (x[:, None] <= x) & (y[:, None] <= y)
    better = (x[:, None] < x) | (y[:, None] < y)
    dominated = (no_worse & better).any(axis=0)
    hull = set(lower_left_hull(places))
    return [
        "dominated" if dominated[i] else "efficient" if i in hull else "between"
        for i in range(len(places))
    ]


def lower_left_hull(places: Floats) -> list[int]:
    """Indices of the points that no mixture of others beats, from the cheapest to the least harm.

    Andrew's (1979) monotone chain over the points that are not dominated; all equal points are
    kept.
    """
    order = sorted(range(len(places)), key=lambda i: (places[i, 0], places[i, 1]))
    chain: list[int] = []
    lowest = np.inf
    for i in order:
        if places[i, 1] >= lowest:
            continue
        lowest = places[i, 1]
        while len(chain) > 1 and _turns_up(places, chain[-2], chain[-1], i):
            chain.pop()
        chain.append(i)
    corners = {tuple(places[i].tolist()) for i in chain}
    return [i for i in order if tuple(places[i].tolist()) in corners]


def _turns_up(places: Floats, a: int, b: int, c: int) -> bool:
    """Whether ``b`` lies above the straight line from ``a`` to ``c``."""
    (ax, ay), (bx, by), (cx, cy) = places[a], places[b], places[c]
    return bool((bx - ax) * (cy - ay) - (by - ay) * (cx - ax) < 0.0)
