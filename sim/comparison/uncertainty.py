"""Two kinds of not knowing: the parameters, and the luck of a year.

Where a batch was run with draws of the uncertain parameters, several replicates a draw, the
spread of the paired differences splits in two: between draws, what nobody knows about the world;
within a draw, what no knowledge would tell. More replicates shrink the share of the second only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.comparison.intervals import percentile
from sim.comparison.ranking import common_replicates, losses_of
from sim.comparison.samples import Floats, Integers, Pairs, Sample, by_draw
from sim.comparison.significance import holm
from sim.comparison.source import year_in_words
from sim.comparison.terms import Terms, listed
from sim.measures.registry import described
from sim.theory.distributions import fisher_upper_tail, student_two_tails

if TYPE_CHECKING:
    from sim.comparison.source import Posterior, UncertainParameter

LEAST: Final = 8
"""Draws below which nothing is said of how a ranking depends on a parameter."""


@dataclass(frozen=True)
class Split:
    """What of a paired difference is owed to the parameters, and what to chance.

    ``sd_parameters`` is the spread, over draws, of the difference that is to be expected once
    the parameters are known; ``sd_chance`` that of a single pair, as counted, around it.
    ``p_parameters`` tests that the first is zero. ``low`` and ``high`` bound the expected
    difference over the draws; ``p_better`` is the share of draws in which it is for the better.
    ``error_parameters`` is the share of the mean difference's variance that more replicates of
    the same draws would leave. ``None`` is "cannot be said".
    """

    scenario: str
    outcome: str
    draws: int
    n: int
    difference: float
    sd_parameters: float
    sd_chance: float
    p_parameters: float | None
    low: float
    high: float
    p_better: float | None
    error_parameters: float | None


@dataclass(frozen=True)
class Dependence:
    """Whether the best scenario depends on a parameter.

    ``best_low`` and ``best_high`` are the best by ``outcome`` in the lower and upper half of its
    draws; ``p_holm`` tests that the gap between these two (or, where they are one, between it
    and the runner-up) does not change along the parameter. ``moved`` tells that the data taught
    something of it; ``year`` names the year whose state it is, where it is not a lasting unknown.
    """

    parameter: str
    outcome: str
    contraction: float | None
    moved: bool
    best_low: str
    best_high: str
    p_value: float
    p_holm: float
    depends: bool
    year: str = ""


def splits(scenario: str, pairs: Pairs, outcomes: Sequence[str], confidence: float) -> list[Split]:
    """Split every outcome's difference; nothing where no draw has a second replicate.

    Components of variance by the analysis of variance with unequal groups (Searle, Casella and
    McCulloch 1992); expected differences of the draws are their means, drawn together until
    they spread as the component says (Louis 1984).
    """
    if pairs.draws is None:
        return []
    found = []
    for k, outcome in enumerate(outcomes):
        said = np.isfinite(pairs.differences[:, k])
        values, draws = pairs.mean_differences[said, k], pairs.draws[said]
        if len(np.unique(draws)) > 1 and len(values) > len(np.unique(draws)):
            split = _split((scenario, outcome), values, draws, confidence)
            if outcome in pairs.expected:  # luck is that of whole years
                luck = _within(pairs.differences[said, k], draws) ** 0.5
                split = replace(split, sd_chance=luck)
            found.append(split)
    return found


def _split(names: tuple[str, str], values: Floats, draws: Integers, confidence: float) -> Split:
    groups, sizes = np.unique(draws, return_counts=True)
    k, n, mean = len(groups), len(values), float(values.mean())
    means = by_draw(values[:, None], draws)[:, 0]
    between = float(np.sum(sizes * (means - mean) ** 2)) / (k - 1)
    within = _within(values, draws)
    per_draw = (n - float(np.sum(sizes**2)) / n) / (k - 1)
    parameters = max(0.0, (between - within) / per_draw)
    kept = parameters / (parameters + within / per_draw) if parameters > 0.0 else 0.0
    expected = mean + np.sqrt(kept) * (means - mean)
    ends = percentile(expected, confidence)
    error = parameters / k + within / n
    return Split(
        *names, k, n, mean, parameters**0.5, within**0.5,
        _f_test(between, within, k - 1, n - k),
        ends.low, ends.high, _p_better(names[1], expected),
        parameters / k / error if error > 0.0 else None,
    )  # fmt: skip


def _within(values: Floats, draws: Integers) -> float:
    """Variance around the means of the draws."""
    groups, place = np.unique(draws, return_inverse=True)
    means = by_draw(values[:, None], draws)[:, 0]
    return float(np.sum((values - means[place]) ** 2)) / (len(values) - len(groups))


def _f_test(between: float, within: float, above: int, below: int) -> float | None:
    """Chance of a ratio of mean squares as large, if the draws do not differ (Fisher 1925)."""
    if within == 0.0:
        return None if between == 0.0 else 0.0
    return fisher_upper_tail(between / within, above, below)


def _p_better(outcome: str, expected: Floats) -> float | None:
    way = described(outcome).better
    if way == "neither":
        return None
    return float(np.mean(expected < 0.0 if way == "less" else expected > 0.0))


def dependences(
    samples: Sequence[Sample], outcome: str, posterior: Posterior, confidence: float
) -> list[Dependence]:
    """Ask of each parameter whether the best scenario is another where it is low or high.

    The gap between the two scenarios in question is regressed on the parameter's rank over the
    draws (Spearman 1904); p-values are corrected over the parameters (Holm 1979). What is the
    same in every draw is left out.
    """
    common = common_replicates(samples, outcome)
    used = [posterior.draw_of(int(replicate)) for replicate in common]
    draws = np.unique(np.asarray(used, dtype=np.int64))
    if len(samples) < 2 or len(draws) < LEAST:
        return []
    losses = losses_of(samples, outcome, common)
    if len(losses) != len(draws):  # every replicate with a draw of its own, in their order
        losses = by_draw(losses, np.asarray(used, dtype=np.int64))
    elif samples[0].draws is None:
        losses = losses[np.argsort(used, kind="stable")]
    if described(outcome).better == "more":
        losses = -losses
    names = [sample.scenario for sample in samples]
    values = np.asarray(posterior.draws)[draws]
    varying = np.flatnonzero(np.ptp(values, axis=0) > 0.0)
    halves = [_halves(losses, values[:, place]) for place in varying]
    adjusted = holm([half.p_value for half in halves])
    return [
        _dependence(posterior.parameters[place], outcome, names, half, p, confidence)
        for place, half, p in zip(varying, halves, adjusted, strict=True)
    ]


@dataclass(frozen=True)
class _Halves:
    low: int
    high: int
    p_value: float


def _halves(losses: Floats, values: Floats) -> _Halves:
    upper = values > np.median(values)
    if not upper.any() or upper.all():  # most draws have its highest value
        best = int(losses.mean(axis=0).argmin())
        return _Halves(best, best, 1.0)
    low, high = (int(losses[half].mean(axis=0).argmin()) for half in (~upper, upper))
    other = high
    if low == high:
        means = losses.mean(axis=0)
        means[low] = np.inf
        other = int(means.argmin())
    return _Halves(low, high, _rank_test(losses[:, low] - losses[:, other], values))


def _rank_test(gap: Floats, values: Floats) -> float:
    """Chance of ranks that agree or disagree as much, if they have nothing in common.

    By Student's law (Kendall and Stuart 1973, ch. 31).
    """
    if np.ptp(gap) == 0.0:
        return 1.0
    free = len(gap) - 2
    agreement = float(np.corrcoef(_ranks(gap), _ranks(values))[0, 1])
    if abs(agreement) >= 1.0:
        return 0.0
    t = agreement * (free / ((1.0 + agreement) * (1.0 - agreement))) ** 0.5
    return student_two_tails(t, free)


def _ranks(values: Floats) -> Floats:
    """Place of each value in their order; equal values share the mean of their places."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    mean_place: Floats = np.cumsum(counts) - (counts - 1) / 2.0
    return mean_place[which]


def _dependence(
    parameter: UncertainParameter, outcome: str, names: Sequence[str], half: _Halves, p: float,
    confidence: float,
) -> Dependence:  # fmt: skip
    return Dependence(
        parameter.name, outcome, parameter.contraction, parameter.moved,
        names[half.low], names[half.high], half.p_value, p,
        half.low != half.high and p <= 1.0 - confidence, parameter.year,
    )  # fmt: skip


def robustness(found: Sequence[Dependence], terms: Terms) -> list[str]:
    """Say whether the ranking depends on parameters that the data left unmoved."""
    if not found:
        return []
    told = [
        f"Which policy is best by {described(d.outcome).named} depends on {d.parameter}, "
        f"{_known(d)}: "
        f"where it is low {terms.label(d.best_low)}, where it is high {terms.label(d.best_high)}."
        for d in found
        if d.depends
    ]
    unmoved = [d for d in found if not d.moved]
    if not any(d.depends for d in unmoved):
        told.append(_steady(found, unmoved, terms))
    return told


def _known(found: Dependence) -> str:
    if found.year:
        return f"the state of {year_in_words(found.year)}"
    return "which the data narrowed" if found.moved else "which the data left unmoved"


def _steady(found: Sequence[Dependence], unmoved: Sequence[Dependence], terms: Terms) -> str:
    name = described(found[0].outcome).named
    if not unmoved:
        return f"The data moved all {len(found)} parameters."
    names = {d.best_low for d in unmoved} | {d.best_high for d in unmoved}
    best = [terms.label(name) for name in sorted(names)]
    lasting = [d for d in found if not d.year]
    years = {d.year: f" or the state of {year_in_words(d.year)}" for d in unmoved if d.year}
    which = f"that the data left unmoved ({sum(not d.moved for d in lasting)} of {len(lasting)})"
    which += "".join(years.values())
    if len(best) == 1:
        each = "in either half of the range of each parameter"
        return f"By {name} {best[0]} is the best {each} {which}."
    return (
        f"Whether the best policy by {name} depends on a parameter {which} is not settled: "
        f"{listed(best)} each lead in half of some range, but that may be chance."
    )
