"""The search for the box of one or two limits whose mean stands out most, and its p-value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.comparison.samples import Floats

_GRID: Final = 7
"""Values of each parameter that are tried as a limit; then all values, near the best."""

_SMALLEST: Final = 0.05
"""Least share of draws in a box, which also has at least 5 draws."""

_LARGEST: Final = 0.75
"""Greatest share of draws in a box: what holds nearly everywhere is not a place."""

_SHUFFLES: Final = 99
_FOLDS: Final = 10

type Inside = NDArray[np.bool_]


class DrawSummary(NamedTuple):
    """For each draw the mean difference, the share of its years that are worse, and the number of
    its years; ``values`` are the parameters, (draws, parameters).
    """

    means: Floats
    worse: Floats
    years: Floats
    values: Floats

    def subset(self, which: Inside) -> DrawSummary:
        """The summary of some of the draws."""
        return DrawSummary(*(column[which] for column in self))


class Cut(NamedTuple):
    """A limit: parameter ``place`` is at least (``sign`` 1) or at most (-1) a value."""

    place: int
    sign: int
    value: float

    def keeps(self, values: Floats) -> Inside:
        """Which draws lie within the limit, for parameters (draws, parameters)."""
        kept: Inside = self.sign * values[:, self.place] >= self.sign * self.value
        return kept


def inside_box(cuts: Sequence[Cut], values: Floats) -> Inside:
    """Which draws lie within all these limits."""
    inside = np.ones(len(values), dtype=np.bool_)
    for cut in cuts:
        inside &= cut.keeps(values)
    return inside


# -- the search ------------------------------------------------------------------------------


class CandidateLimits(NamedTuple):
    """All single limits to try; ``kept`` says which draws lie within each, (draws, 1 + limits).

    The first column of ``kept`` keeps all. ``size`` is the number of draws in the box of each pair
    of limits, 0 where it is too small or too large.
    """

    cuts: Sequence[Cut]
    kept: NDArray[np.float32]
    size: Floats


def candidate_limits(values: Floats) -> CandidateLimits:
    """The limits to try on parameters (draws, parameters)."""
    shares = np.arange(1, _GRID + 1) / (_GRID + 1)
    cuts = [
        Cut(place, sign, float(value))
        for place, column in enumerate(values.T)
        for sign in (1, -1)
        for value in np.unique(np.quantile(column, shares, method="inverted_cdf"))
    ]
    kept = np.ones((len(values), len(cuts) + 1), dtype=np.float32)
    for k, cut in enumerate(cuts):
        kept[:, k + 1] = cut.keeps(values)
    inside = (kept.T @ kept).astype(float)
    return CandidateLimits(cuts, kept, np.where(_fits(inside, len(values)), inside, 0.0))


def _fits(size: Floats, draws: int) -> Inside:
    """Whether boxes are neither too small nor too large."""
    least = max(5, int(np.ceil(_SMALLEST * draws)))
    fits: Inside = (size >= least) & (size <= _LARGEST * draws)
    return fits


def strengths(means: Floats, candidates: CandidateLimits) -> Floats:
    """How far the box of each pair of limits stands out; -1 for a pair without a box.

    It is the root of the sum of squares between inside and outside over the total sum of squares,
    with the sign of the difference.
    """
    centred = means - means.mean()
    total = float(np.sum(centred**2)) or 1.0
    sums = (candidates.kept.T @ (candidates.kept * centred[:, None].astype(np.float32))).astype(
        float
    )
    spare = candidates.size * (len(means) - candidates.size) / len(means)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(spare > 0.0, sums / np.sqrt(spare * total), -1.0)
    return found


def strongest_box(means: Floats, values: Floats) -> tuple[list[Cut], float]:
    """The box of one or two limits whose mean stands out most, and its strength."""
    candidates = candidate_limits(values)
    found = strengths(means, candidates)
    best = float(found.max())
    if best <= 0.0:
        return [], 0.0
    alone = int(found[0].argmax())
    one, two = (int(k) for k in np.unravel_index(int(found.argmax()), found.shape))
    # a second limit is worth it if it explains a tenth more than one alone
    if one == two or 0 in (one, two) or found[0, alone] ** 2 > 0.9 * best**2:
        chosen = [candidates.cuts[alone - 1]]
    else:
        chosen = [candidates.cuts[one - 1], candidates.cuts[two - 1]]
    return _refined(means, values, chosen), best


def _refined(means: Floats, values: Floats, cuts: list[Cut]) -> list[Cut]:
    """Move each limit in turn to the value of all draws at which the box stands out most."""
    n = len(means)
    for _ in range(2):
        for k, cut in enumerate(cuts):
            others = inside_box(cuts[:k] + cuts[k + 1 :], values)
            tried = [cut._replace(value=float(v)) for v in np.unique(values[others, cut.place])]
            kept = np.stack([each.keeps(values) & others for each in tried], axis=1)
            size = kept.sum(axis=0).astype(float)
            spare = np.where(_fits(size, n), size * (n - size), np.inf)
            cuts[k] = tried[int(((means - means.mean()) @ kept / np.sqrt(spare)).argmax())]
    return [_midway(cuts, k, values) for k in range(len(cuts))]


def _midway(cuts: Sequence[Cut], k: int, values: Floats) -> Cut:
    """Move a limit half way between the last draw inside and the first outside."""
    cut = cuts[k]
    column = values[inside_box([*cuts[:k], *cuts[k + 1 :]], values), cut.place]
    beyond = column[cut.sign * column < cut.sign * cut.value]
    if not len(beyond):
        return cut
    return cut._replace(value=float(cut.value + beyond[(cut.sign * beyond).argmax()]) / 2.0)


# -- luck ------------------------------------------------------------------------------------


def p_value_of(runs: DrawSummary, strength: float, seed: int) -> float:
    """Probability of a box as strong if no parameter mattered, by a permutation test (Fisher 1935).

    Each permutation of the differences over the draws repeats the whole search.
    """
    rng, candidates = np.random.default_rng([seed, len(runs.means)]), candidate_limits(runs.values)
    above = sum(
        float(strengths(rng.permutation(runs.means), candidates).max()) >= strength - 1e-6
        for _ in range(_SHUFFLES)
    )
    return (1 + above) / (1 + _SHUFFLES)


def cross_validated(runs: DrawSummary, seed: int) -> Inside:
    """Which draws lie in the box that the others give: ten parts, each left out once."""
    n = len(runs.means)
    part = np.random.default_rng([seed, n]).permutation(n) % _FOLDS
    inside = np.zeros(n, dtype=np.bool_)
    for fold in range(_FOLDS):
        out = part == fold
        cuts, _ = strongest_box(runs.means[~out], runs.values[~out])
        inside[out] = inside_box(cuts, runs.values[out]) if cuts else False
    return inside


def trade_off(runs: DrawSummary) -> Iterator[tuple[float, float]]:
    """Coverage and the greatest density of any box with at least that coverage, largest first."""
    candidates, worse = candidate_limits(runs.values), runs.worse * runs.years
    if not worse.any():
        return
    kept = candidates.kept.astype(float)
    hits, years = kept.T @ (kept * worse[:, None]), kept.T @ (kept * runs.years[:, None])
    there = candidates.size > 0.0
    coverage, density = hits[there] / worse.sum(), hits[there] / years[there]
    best = -1.0
    for k in np.lexsort((-density, -coverage)):
        if density[k] > best:
            best = float(density[k])
            yield float(coverage[k]), best
