"""Two kinds of uncertainty: unknown parameters, and the chance of a single year.

If a batch has draws of the uncertain parameters, with several replicates per draw, the spread of
the paired differences splits in two: between draws, from unknown parameters; within draws, from
chance. More replicates shrink only the second.
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
    from sim.comparison.source import Posterior

LEAST: Final = 8
"""The fewest draws for a test of how the ranking depends on a parameter."""


@dataclass(frozen=True)
class Split:
    """The parts of a paired difference's spread due to the parameters and to chance.

    ``sd_parameters`` is the standard deviation, over draws, of the difference expected once the
    parameters are known; ``sd_chance`` that of a single pair, as counted, around it.
    ``p_parameters`` tests that the first is zero. ``low`` and ``high`` bound the expected
    difference over the draws; ``p_better`` is the share of draws in which it is an improvement.
    ``error_parameters`` is the share of the mean difference's variance that more replicates of
    the same draws would leave. An unknown value is ``None``.
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
    draws; ``p_holm`` tests that the gap between these two (or, if they are the same, between it
    and the runner-up) does not change with the parameter. ``moved``: the data narrowed it;
    ``year`` names the year whose state it is, if it is not a lasting unknown.
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
    """The split of every outcome's difference; empty if no draw has a second replicate.

    Components of variance by the analysis of variance with unequal groups (Searle, Casella and
    McCulloch 1992); the expected differences of the draws are their means, shrunk to the spread
    of the component (Louis 1984).
    """
    if pairs.draws is None:
        return []
    result = []
    for k, outcome in enumerate(outcomes):
        valid = np.isfinite(pairs.differences[:, k])
        values, draws = pairs.mean_differences[valid, k], pairs.draws[valid]
        if len(np.unique(draws)) > 1 and len(values) > len(np.unique(draws)):
            split = _split((scenario, outcome), values, draws, confidence)
            if outcome in pairs.expected:  # chance is that of whole years, as counted
                luck = _within(pairs.differences[valid, k], draws) ** 0.5
                split = replace(split, sd_chance=luck)
            result.append(split)
    return result


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
    """The variance around the means of the draws."""
    groups, place = np.unique(draws, return_inverse=True)
    means = by_draw(values[:, None], draws)[:, 0]
    return float(np.sum((values - means[place]) ** 2)) / (len(values) - len(groups))


def _f_test(between: float, within: float, above: int, below: int) -> float | None:
    """The p-value of a ratio of mean squares if the draws do not differ (Fisher 1925)."""
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
    """Whether the best scenario differs between the low and the high half of each parameter.

    The gap between the two scenarios in question is regressed on the parameter's rank over the
    draws (Spearman 1904); p-values are corrected over the parameters (Holm 1979). Parameters that
    are the same in every draw are left out.
    """
    common = common_replicates(samples, outcome)
    used = [posterior.draw_of(int(replicate)) for replicate in common]
    draws = np.unique(np.asarray(used, dtype=np.int64))
    if len(samples) < 2 or len(draws) < LEAST:
        return []
    losses = losses_of(samples, outcome, common)
    if len(losses) != len(draws):  # several replicates per draw, not yet averaged
        losses = by_draw(losses, np.asarray(used, dtype=np.int64))
    elif samples[0].draws is None:
        losses = losses[np.argsort(used, kind="stable")]
    if described(outcome).better == "more":
        losses = -losses
    names = [sample.scenario for sample in samples]
    values = np.asarray(posterior.draws)[draws]
    varying = np.flatnonzero(np.ptp(values, axis=0) > 0.0)
    halves = [_halves(losses, values[:, place]) for place in varying]
    adjusted = holm([p_value for *_, p_value in halves])
    return [
        Dependence(
            parameter.name, outcome, parameter.contraction, parameter.moved,
            names[low], names[high], p_value, p_holm,
            low != high and p_holm <= 1.0 - confidence, parameter.year,
        )
        for parameter, (low, high, p_value), p_holm in zip(
            [posterior.parameters[place] for place in varying], halves, adjusted, strict=True
        )
    ]  # fmt: skip


def _halves(losses: Floats, values: Floats) -> tuple[int, int, float]:
    """The best scenario where a parameter is low and where it is high, and the p-value."""
    upper = values > np.median(values)
    if not upper.any() or upper.all():  # most draws have its highest value
        best = int(losses.mean(axis=0).argmin())
        return best, best, 1.0
    low, high = (int(losses[half].mean(axis=0).argmin()) for half in (~upper, upper))
    other = high
    if low == high:
        means = losses.mean(axis=0)
        means[low] = np.inf
        other = int(means.argmin())
    return low, high, _rank_test(losses[:, low] - losses[:, other], values)


def _rank_test(gap: Floats, values: Floats) -> float:
    """The two-sided p-value of Spearman's rank correlation, by Student's law.

    Kendall and Stuart (1973), ch. 31.
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
    """The rank of each value; equal values share their mean rank."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    mean_place: Floats = np.cumsum(counts) - (counts - 1) / 2.0
    return mean_place[which]


def robustness(rows: Sequence[Dependence], terms: Terms) -> list[str]:
    """Sentences on whether the ranking depends on parameters that the data left unmoved."""
    if not rows:
        return []
    sentences = [
        f"Which policy is best on {described(d.outcome).named} depends on {d.parameter}, "
        f"{_known(d)}: "
        f"where it is low {terms.label(d.best_low)}, where it is high {terms.label(d.best_high)}."
        for d in rows
        if d.depends
    ]
    unmoved = [d for d in rows if not d.moved]
    if not any(d.depends for d in unmoved):
        sentences.append(_steady(rows, unmoved, terms))
    return sentences


def _known(row: Dependence) -> str:
    if row.year:
        return f"the state of {year_in_words(row.year)}"
    return "which the data narrowed" if row.moved else "which the data left unmoved"


def _steady(rows: Sequence[Dependence], unmoved: Sequence[Dependence], terms: Terms) -> str:
    name = described(rows[0].outcome).named
    if not unmoved:
        return f"The data moved all {len(rows)} parameters."
    names = {d.best_low for d in unmoved} | {d.best_high for d in unmoved}
    best = [terms.label(name) for name in sorted(names)]
    lasting = [d for d in rows if not d.year]
    years = {d.year: f" or the state of {year_in_words(d.year)}" for d in unmoved if d.year}
    which = f"that the data left unmoved ({sum(not d.moved for d in lasting)} of {len(lasting)})"
    which += "".join(years.values())
    if len(best) == 1:
        each = "in either half of the range of each parameter"
        return f"On {name} {best[0]} is the best {each} {which}."
    return (
        f"Whether the best policy on {name} depends on a parameter {which} is not settled: "
        f"{listed(best)} each lead in half of some range, but that may be chance."
    )
