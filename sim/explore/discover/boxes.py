"""The search for the box of one or two limits in which a mean stands out most, and its luck."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.comparison.samples import Floats

_GRID: Final = 7
"""So many values of each parameter are tried as a limit; then all, near the best."""

_SMALLEST: Final = 0.05
"""The least share of draws in a box; and 5 draws at least."""

_LARGEST: Final = 0.75
"""The greatest: what holds nearly everywhere is not a place."""

_SHUFFLES: Final = 99
_FOLDS: Final = 10

type Inside = NDArray[np.bool_]


class DrawSummary(NamedTuple):
    """Of each draw the mean difference, the share of its years that are worse, and how many they
    are; and its parameters (draws, parameters).
    """

    means: Floats
    worse: Floats
    years: Floats
    values: Floats

    def subset(self, which: Inside) -> DrawSummary:
        """Some of the draws."""
        return DrawSummary(*(column[which] for column in self))


class Cut(NamedTuple):
    """Column ``place`` of the parameters, at least (``sign`` 1) or at most (-1) a value."""

    place: int
    sign: int
    value: float

    def keeps(self, values: Floats) -> Inside:
        """Which draws it keeps, of parameters (draws, parameters)."""
        kept: Inside = self.sign * values[:, self.place] >= self.sign * self.value
        return kept


def inside_box(cuts: Sequence[Cut], values: Floats) -> Inside:
    """Which draws keep all of some limits."""
    inside = np.ones(len(values), dtype=np.bool_)
    for cut in cuts:
        inside &= cut.keeps(values)
    return inside


# -- the search ------------------------------------------------------------------------------


class CandidateLimits(NamedTuple):
    """All single limits that are tried, and who keeps them: (draws, limits), the first keeps all;
    ``size`` of every pair's box is 0 where it is too small or too large.
    """

    cuts: Sequence[Cut]
    kept: NDArray[np.float32]
    size: Floats


def candidate_limits(values: Floats) -> CandidateLimits:
    """The limits that are tried of parameters (draws, parameters)."""
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
    """How far each pair's box stands out: the root of the sum of squares between inside and
    outside, over that of all, with the sign of the difference; -1 for a pair without a box.
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
    """The box of one or two limits in which the mean stands out most, and by how much."""
    candidates = candidate_limits(values)
    found = strengths(means, candidates)
    best = float(found.max())
    if best <= 0.0:
        return [], 0.0
    alone = int(found[0].argmax())
    one, two = (int(k) for k in np.unravel_index(int(found.argmax()), found.shape))
    # a second limit is worth its words if it explains a tenth more than one alone
    if one == two or 0 in (one, two) or found[0, alone] ** 2 > 0.9 * best**2:
        chosen = [candidates.cuts[alone - 1]]
    else:
        chosen = [candidates.cuts[one - 1], candidates.cuts[two - 1]]
    return _refined(means, values, chosen), best


def _refined(means: Floats, values: Floats, cuts: list[Cut]) -> list[Cut]:
    """Each limit in turn at the value, of all there are, at which the box stands out most."""
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
    """A limit half way between the last draw inside and the first outside."""
    cut = cuts[k]
    column = values[inside_box([*cuts[:k], *cuts[k + 1 :]], values), cut.place]
    beyond = column[cut.sign * column < cut.sign * cut.value]
    if not len(beyond):
        return cut
    return cut._replace(value=float(cut.value + beyond[(cut.sign * beyond).argmax()]) / 2.0)


# -- is it luck? -----------------------------------------------------------------------------


def p_value_of(runs: DrawSummary, strength: float, seed: int) -> float:
    """Chance of a box as strong if no parameter mattered: differences dealt anew to the draws
    (Fisher 1935), the whole search repeated.
    """
    rng, candidates = np.random.default_rng([seed, len(runs.means)]), candidate_limits(runs.values)
    above = sum(
        float(strengths(rng.permutation(runs.means), candidates).max()) >= strength - 1e-6
        for _ in range(_SHUFFLES)
    )
    return (1 + above) / (1 + _SHUFFLES)


def cross_validated(runs: DrawSummary, seed: int) -> Inside:
    """Who lies in the box that the others find: draws in ten parts, each left out once."""
    n = len(runs.means)
    part = np.random.default_rng([seed, n]).permutation(n) % _FOLDS
    inside = np.zeros(n, dtype=np.bool_)
    for fold in range(_FOLDS):
        out = part == fold
        cuts, _ = strongest_box(runs.means[~out], runs.values[~out])
        inside[out] = inside_box(cuts, runs.values[out]) if cuts else False
    return inside


def trade_off(runs: DrawSummary) -> Iterator[tuple[float, float]]:
    """The greatest density of any box that covers at least so much, from the largest coverage."""
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
