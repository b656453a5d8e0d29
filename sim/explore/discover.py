"""What would have to be true for a policy to lose: boxes of parameters in which it does.

Scenario discovery (Bryant and Lempert 2010) with every box of one or two limits looked at, none by
steps. A single year is mostly luck, so the search is for boxes in which the paired difference is
greater *on average*, and what it finds is held against what it finds in luck alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.comparison.comparison import asked
from sim.comparison.intervals import student
from sim.comparison.question import Question
from sim.comparison.results import Floats, by_draw
from sim.comparison.source import MissingTableError, Results, Source, opened
from sim.comparison.terms import counted
from sim.errors import PanjError
from sim.explore.findings import Finding, Part, keep
from sim.measures.registry import described

LEAST: Final = 20
"""Draws below which no box is looked for."""

_GRID: Final = 7
"""So many values of each parameter are tried as a limit; then all, near the best."""

_SMALLEST: Final = 0.05
"""The least share of draws in a box; and 5 draws at least."""

_LARGEST: Final = 0.75
"""The greatest: what holds nearly everywhere is not a place."""

_SHUFFLES: Final = 99
_FOLDS: Final = 10
_MOST: Final = 3
"""So many boxes at most."""

type Inside = NDArray[np.bool_]


class Limit(Part):
    """A parameter at least, or at most, a value, in its unit; ``share`` of all draws keep it."""

    parameter: str
    way: Literal["above", "below"]
    value: float
    unit: str
    share: float


class Figures(Part):
    """Of a box: its share of the draws; the mean difference inside, with its interval, and
    outside; the share of all years in which the policy is worse that lie in it (``coverage``), and
    the share of its years that are such (``density``). ``None`` is "cannot be said".
    """

    share: float
    inside: float | None
    low: float | None
    high: float | None
    outside: float | None
    coverage: float | None
    density: float | None


class Box(Part):
    """Limits, figures on the draws that they were found in, and ``held`` on draws held out.

    ``p_value`` is the chance of a box as strong if no parameter mattered. ``verdict``: the policy
    "loses" there, "may lose", or does not but "gains least".
    """

    limits: tuple[Limit, ...]
    found: Figures
    held: Figures
    p_value: float
    verdict: Literal["loses", "may lose", "gains least"]


class Plane(Part):
    """Two parameters over the draws, and the mean difference in each."""

    parameters: tuple[str, str]
    units: tuple[str, str]
    across: tuple[float, ...]
    up: tuple[float, ...]
    differences: tuple[float, ...]


class Discovery(Finding):
    """Where a policy does worse than a baseline by more than ``worse_by``, in the outcome's unit.

    Differences are positive where the policy is worse. ``boxes`` are those beyond chance;
    ``p_value`` is of the strongest, whether it is or not. ``worse`` is the share of years, as
    counted, in which the policy is worse; ``trade_off`` are the greatest densities for rising
    coverage that any box has.
    """

    kind: ClassVar[str] = "discover"

    policy: str
    baseline: str
    outcome: str
    worse_by: float
    confidence: float
    expected: bool
    draws: int
    parameters: int
    mean: float
    worse: float
    p_value: float
    boxes: tuple[Box, ...]
    plane: Plane
    trade_off: tuple[tuple[float, float], ...]


class _Runs(NamedTuple):
    """Of each draw the mean difference, the share of its years that are worse, and how many they
    are; and its parameters (draws, parameters).
    """

    means: Floats
    worse: Floats
    years: Floats
    values: Floats

    def of(self, which: Inside) -> _Runs:
        return _Runs(*(column[which] for column in self))


class _Cut(NamedTuple):
    """Column ``place`` of the parameters, at least (``sign`` 1) or at most (-1) a value."""

    place: int
    sign: int
    value: float

    def keeps(self, values: Floats) -> Inside:
        kept: Inside = self.sign * values[:, self.place] >= self.sign * self.value
        return kept


def discover(
    results: Results,
    policy: str,
    baseline: str = "baseline",
    outcome: str = "victims",
    *,
    worse_by: float = 0.0,
    confidence: float = Question.confidence,
    seed: int = Question.seed,
    command: str = "",
) -> Discovery:
    """Find boxes of the parameters in which a policy does worse than a baseline.

    ``results`` is a store with draws, or its path, which then keeps what is found; ``worse_by``,
    in the outcome's unit, is by how much it must be worse. Boxes are those that would come from
    luck alone with a chance of at most ``1 - confidence``, and that draws held out of the search
    do not deny; there may be none.

    Raises :class:`~sim.errors.PanjError` for a name that is not there, runs without draws, or
    with too few.
    """
    source = opened(results)
    runs, sample = _runs(source, policy, baseline, outcome, worse_by)
    posterior = source.posterior
    assert posterior is not None
    varied = [
        n for n in np.flatnonzero(np.ptp(runs.values, axis=0) > 0.0).tolist()
        if posterior.parameters[n].name not in _pinned(source, (policy, baseline))
    ]  # fmt: skip
    if not varied:
        raise PanjError("no parameter differs between the draws of these runs", value=policy)
    names = [posterior.parameters[n] for n in varied]
    runs = runs._replace(values=runs.values[:, varied])

    def limits(cuts: Sequence[_Cut]) -> tuple[Limit, ...]:
        return tuple(
            Limit(
                parameter=names[cut.place].name,
                way="above" if cut.sign > 0 else "below",
                value=cut.value,
                unit=names[cut.place].unit,
                share=float(cut.keeps(runs.values).mean()),
            )
            for cut in cuts
        )

    boxes, first, shown = [], 1.0, [0, min(1, len(names) - 1)]
    left = np.ones(len(runs.means), dtype=np.bool_)
    for number in range(_MOST):
        if left.sum() < LEAST:
            break
        here = runs.of(left)
        cuts, strength = strongest(here.means, here.values)
        p = _luck(here, strength, seed + number)
        first = p if number == 0 else first
        if number == 0 and cuts:
            shown = list(dict.fromkeys([cuts[0].place, cuts[-1].place, *shown]))[:2] * 2
        if not cuts or p > 1.0 - confidence:
            break
        inside, held = _kept(cuts, here.values), _held_out(here, seed + number)
        figures = _figures(here, held, confidence)
        if figures.inside is None or figures.inside <= (figures.outside or 0.0):
            break
        boxes.append(
            Box(
                limits=limits(cuts),
                found=_figures(here, inside, confidence),
                held=figures,
                p_value=p,
                verdict=_verdict(figures, worse_by),
            )
        )
        left[np.flatnonzero(left)[inside]] = False
    across, up = shown[0], shown[1]
    found = Discovery(
        asked=command or f"sim.discover(STORE, {policy!r}, {baseline!r}, {outcome!r})",
        runs=int(runs.years.sum()), policy=policy, baseline=baseline, outcome=outcome,
        worse_by=worse_by, confidence=confidence, expected=sample, draws=len(runs.means),
        parameters=len(names), mean=_mean(runs.means), p_value=first, boxes=tuple(boxes),
        worse=float(np.average(runs.worse, weights=runs.years)),
        plane=Plane(
            parameters=(names[across].name, names[up].name),
            units=(names[across].unit, names[up].unit),
            across=tuple(runs.values[:, across].tolist()), up=tuple(runs.values[:, up].tolist()),
            differences=tuple(runs.means.tolist()),
        ),
        trade_off=tuple(_trade_off(runs)),
    )  # fmt: skip
    if source.store is not None:
        keep(source.store.path, found)
    return found


def _runs(
    source: Source, policy: str, baseline: str, outcome: str, worse_by: float
) -> tuple[_Runs, bool]:
    """The pairs by draw, and whether means are of expected harm."""
    if source.posterior is None:
        raise MissingTableError(
            "these runs have no draws of uncertain parameters, and boxes are made of them",
            remedy="'panj batch -o STORE --posterior shipped' runs scenarios with draws.",
        )
    if not np.isfinite(worse_by):
        raise PanjError("must be a number", key="--worse-by", value=worse_by)
    question = Question([outcome], [policy], harm=outcome)
    found = asked(source, baseline, question)
    if policy == found.baseline:
        raise PanjError(
            "is the baseline itself", key="--policy", value=policy, remedy="Name another scenario."
        )
    both, column = found.pairs[policy], found.outcomes.index(outcome)
    sign = -1.0 if described(outcome).better == "more" else 1.0
    means, counts = (sign * each[:, column] for each in (both.mean_differences, both.differences))
    said = np.isfinite(means) & np.isfinite(counts)
    draws = np.array([source.posterior.draw_of(int(r)) for r in both.replicates[said]], dtype=int)
    used, years = np.unique(draws, return_counts=True)
    if len(used) < LEAST:
        raise MissingTableError(
            f"there are pairs in {counted(len(used), 'draw')} of the parameters, and {LEAST} or "
            "more are needed to tell where a policy loses",
            remedy="Add replicates with 'panj batch -n 100 -o STORE'.",
        )
    worse = (counts[said] > worse_by).astype(float)
    whole = by_draw(np.stack([means[said], worse], axis=1), draws)
    values = np.asarray(source.posterior.draws, dtype=float)[used]
    return _Runs(whole[:, 0], whole[:, 1], years.astype(float), values), outcome in both.expected


def _pinned(source: Source, scenarios: Sequence[str]) -> set[str]:
    """Parameters that both scenarios set themselves: no draw reaches them."""
    if source.posterior is None or not set(scenarios) <= set(source.specs):
        return set()
    one, other = (set(source.posterior.pinned(source.specs[name])) for name in scenarios)
    return one & other


# -- the search ------------------------------------------------------------------------------


class _Halves(NamedTuple):
    """All single limits that are tried, and who keeps them: (draws, limits), the first keeps all;
    ``size`` of every pair's box is 0 where it is too small or too large.
    """

    cuts: Sequence[_Cut]
    kept: NDArray[np.float32]
    size: Floats


def _halves(values: Floats) -> _Halves:
    shares = np.arange(1, _GRID + 1) / (_GRID + 1)
    cuts = [
        _Cut(place, sign, float(value))
        for place, column in enumerate(values.T)
        for sign in (1, -1)
        for value in np.unique(np.quantile(column, shares, method="inverted_cdf"))
    ]
    kept = np.ones((len(values), len(cuts) + 1), dtype=np.float32)
    for k, cut in enumerate(cuts):
        kept[:, k + 1] = cut.keeps(values)
    inside = (kept.T @ kept).astype(float)
    least = _smallest(len(values))
    fits = (inside >= least) & (inside <= _LARGEST * len(values))
    return _Halves(cuts, kept, np.where(fits, inside, 0.0))


def _smallest(draws: int) -> int:
    return max(5, int(np.ceil(_SMALLEST * draws)))


def _strengths(means: Floats, halves: _Halves) -> Floats:
    """How far each pair's box stands out: the root of the sum of squares between inside and
    outside, over that of all, with the sign of the difference; minus one where there is no box.
    """
    centred = means - means.mean()
    total = float(np.sum(centred**2)) or 1.0
    sums = (halves.kept.T @ (halves.kept * centred[:, None].astype(np.float32))).astype(float)
    spare = halves.size * (len(means) - halves.size) / len(means)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(spare > 0.0, sums / np.sqrt(spare * total), -1.0)
    return found


def strongest(means: Floats, values: Floats) -> tuple[list[_Cut], float]:
    """The box of one or two limits in which the mean stands out most, and by how much."""
    halves = _halves(values)
    strengths = _strengths(means, halves)
    best = float(strengths.max())
    if best <= 0.0:
        return [], 0.0
    alone = int(strengths[0].argmax())
    one, two = (int(k) for k in np.unravel_index(int(strengths.argmax()), strengths.shape))
    # a second limit is worth its words if it explains a tenth more than one alone
    if one == two or 0 in (one, two) or strengths[0, alone] ** 2 > 0.9 * best**2:
        chosen = [halves.cuts[alone - 1]]
    else:
        chosen = [halves.cuts[one - 1], halves.cuts[two - 1]]
    return _refined(means, values, chosen), best


def _refined(means: Floats, values: Floats, cuts: list[_Cut]) -> list[_Cut]:
    """Each limit in turn at the value, of all there are, at which the box stands out most."""
    for _ in range(2):
        for k, cut in enumerate(cuts):
            others = _kept(cuts[:k] + cuts[k + 1 :], values)
            column = values[:, cut.place]
            tried = [cut._replace(value=float(v)) for v in np.unique(column[others])]
            kept = np.stack([each.keeps(values) & others for each in tried], axis=1)
            size = kept.sum(axis=0).astype(float)
            least, n = _smallest(len(means)), len(means)
            spare = np.where((size >= least) & (size <= _LARGEST * n), size * (n - size), np.inf)
            cuts[k] = tried[int(((means - means.mean()) @ kept / np.sqrt(spare)).argmax())]
    return [_midway(cuts, k, values) for k in range(len(cuts))]


def _midway(cuts: Sequence[_Cut], k: int, values: Floats) -> _Cut:
    """A limit half way between the last draw inside and the first outside."""
    cut = cuts[k]
    column = values[_kept([*cuts[:k], *cuts[k + 1 :]], values), cut.place]
    beyond = column[cut.sign * column < cut.sign * cut.value]
    if not len(beyond):
        return cut
    return cut._replace(value=float(cut.value + beyond[(cut.sign * beyond).argmax()]) / 2.0)


def _kept(cuts: Sequence[_Cut], values: Floats) -> Inside:
    inside = np.ones(len(values), dtype=np.bool_)
    for cut in cuts:
        inside &= cut.keeps(values)
    return inside


# -- is it luck? -----------------------------------------------------------------------------


def _luck(runs: _Runs, strength: float, seed: int) -> float:
    """Chance of a box as strong if no parameter mattered: differences dealt anew to the draws
    (Fisher 1935), the whole search repeated.
    """
    rng, halves = np.random.default_rng([seed, len(runs.means)]), _halves(runs.values)
    above = sum(
        float(_strengths(rng.permutation(runs.means), halves).max()) >= strength - 1e-6
        for _ in range(_SHUFFLES)
    )
    return (1 + above) / (1 + _SHUFFLES)


def _held_out(runs: _Runs, seed: int) -> Inside:
    """Who lies in the box that the others find: draws in ten parts, each left out once."""
    n = len(runs.means)
    part = np.random.default_rng([seed, n]).permutation(n) % _FOLDS
    inside = np.zeros(n, dtype=np.bool_)
    for fold in range(_FOLDS):
        out = part == fold
        cuts, _ = strongest(runs.means[~out], runs.values[~out])
        inside[out] = _kept(cuts, runs.values[out]) if cuts else False
    return inside


def _figures(runs: _Runs, inside: Inside, confidence: float) -> Figures:
    worse = runs.worse * runs.years
    ends = student(runs.means[inside], confidence)
    every, within = float(worse.sum()), float(worse[inside].sum())
    return Figures(
        share=float(inside.mean()),
        inside=_mean(runs.means[inside]) if inside.any() else None,
        low=ends.low if ends else None,
        high=ends.high if ends else None,
        outside=_mean(runs.means[~inside]) if not inside.all() else None,
        coverage=within / every if every else None,
        density=within / float(runs.years[inside].sum()) if inside.any() else None,
    )


def _verdict(held: Figures, worse_by: float) -> Literal["loses", "may lose", "gains least"]:
    if held.low is not None and held.low > worse_by:
        return "loses"
    return "gains least" if held.high is not None and held.high <= worse_by else "may lose"


def _mean(values: Floats) -> float:
    return float(values.mean())


def _trade_off(runs: _Runs) -> Iterator[tuple[float, float]]:
    """The greatest density of any box that covers at least so much, from the largest coverage."""
    halves, worse = _halves(runs.values), runs.worse * runs.years
    if not worse.any():
        return
    kept = halves.kept.astype(float)
    hits, years = kept.T @ (kept * worse[:, None]), kept.T @ (kept * runs.years[:, None])
    there = halves.size > 0.0
    coverage, density = hits[there] / worse.sum(), hits[there] / years[there]
    order, best = np.lexsort((-density, -coverage)), -1.0
    for k in order:
        if density[k] > best:
            best = float(density[k])
            yield float(coverage[k]), best
