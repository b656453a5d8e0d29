"""Regret: how far behind the best each scenario is, over draws of the uncertain parameters.

A scenario's regret in a draw is its expected outcome there less that of the best scenario there
(Savage 1951). A single run says little about an expected outcome: which scenario is best in one
year, and by how much, is mostly chance. So the expected paired differences are regressed on the
parameters, as for the value of information (Strong, Oakley and Brennan 2014), and every figure is
a mean over the regression lines that fit the runs, with an interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from sim.comparison.intervals import percentile
from sim.comparison.question import RESAMPLES
from sim.comparison.ranking import common_replicates
from sim.comparison.resampling import GROUPS, weights
from sim.comparison.samples import Floats, Integers, Sample, by_draw
from sim.comparison.source import MissingTableError, Source
from sim.comparison.terms import counted
from sim.measures.registry import described

LEAST: Final = 8
"""The fewest draws for a regret."""

WORST: Final = 0.1
"""The share of runs that count as the worst."""

LIKELY: Final = 1000
"""The number of sets of regression lines drawn."""

_AT_ONCE: Final = 2_000_000
"""The most numbers held in memory at once."""

_SHARES: Final = np.linspace(0.0, 0.95, 20)
"""Shares of the variance that the parameters may explain."""


@dataclass(frozen=True)
class Regret:
    """The regret of one scenario over draws of the parameters, in the outcome's unit.

    ``mean``, ``p90`` (the quantile) and ``most`` are over ``draws`` of the model as calibrated;
    ``most_anywhere`` is the maximum over structural variants too, and ``worst_in`` names the
    variant where it is most likely. ``p_best`` is the share of draws in which the scenario is the
    best, ``cvar`` the mean outcome of the worst tenth of its ``n`` runs, as counted. ``standing``
    says why it is never far behind, if so: its maximum regret lies ``within`` the ``rope``, or is
    the ``smallest`` of all beyond chance. ``_low`` and ``_high`` are intervals.
    """

    scenario: str
    outcome: str
    draws: int
    n: int
    mean: float
    mean_low: float
    mean_high: float
    p90: float
    p90_low: float
    p90_high: float
    most: float
    most_low: float
    most_high: float
    most_anywhere: float
    anywhere_low: float
    anywhere_high: float
    worst_in: str
    p_best: float
    p_best_low: float
    p_best_high: float
    cvar: float
    cvar_low: float | None
    cvar_high: float | None
    rope: float
    standing: Literal["within", "smallest", ""]
    expected: bool


class VariantRuns(NamedTuple):
    """The runs of scenarios in one variant of the model.

    ``losses`` is (runs, scenarios), the baseline first; ``draws`` the number of the draw of each
    run; ``parameters`` (draws, parameters) in the order of these numbers. ``places`` are the
    indices of the scenarios among all, and ``where`` names the variant in a sentence.
    """

    losses: Floats
    draws: Integers
    parameters: Floats
    places: Sequence[int]
    where: str = ""


def variant_runs(
    source: Source, samples: Sequence[Sample], outcome: str, places: Sequence[int], where: str = ""
) -> VariantRuns:
    """The runs that all scenarios have in common, the baseline first.

    Raises ``MissingTableError`` without draws of the parameters, or with too few.
    """
    posterior = source.posterior
    if posterior is None:
        raise MissingTableError(
            "these runs have no draws of uncertain parameters, which regret needs",
            key="--regret",
            remedy="'panj batch -o STORE --posterior shipped' runs scenarios with draws.",
        )
    common = common_replicates(samples, outcome)
    draws = np.array([posterior.draw_of(int(each)) for each in common], dtype=np.int64)
    used, place = np.unique(draws, return_inverse=True)
    if len(samples) < 2 or len(used) < LEAST:
        lack = (
            f"all scenarios have runs in {counted(len(used), 'draw')} of the parameters, and "
            f"regret needs {LEAST} or more"
            if len(samples) > 1
            else "there is one scenario, and regret compares several"
        )
        remedy = "Add replicates or scenarios to the store with 'panj batch -o STORE'."
        raise MissingTableError(lack, key="--regret", remedy=remedy)
    losses = np.stack(
        [s.mean_of(outcome)[np.searchsorted(s.replicates, common)] for s in samples], axis=1
    )
    losses = -losses if described(outcome).better == "more" else losses
    return VariantRuns(losses, place, np.asarray(posterior.draws)[used], places, where)


def regret_rows(
    variants: Sequence[VariantRuns],
    samples: Sequence[Sample],
    outcome: str,
    rope: float,
    confidence: float,
    seed: int,
) -> list[Regret]:
    """The regret of every scenario; the first variant is the model as calibrated, and has all."""
    figures = [_figures(runs, len(samples), seed + k) for k, runs in enumerate(variants)]
    home = figures[0]
    most = np.stack([each.most for each in figures])
    anywhere = np.nanmax(most, axis=0)
    lead = anywhere <= anywhere.min(axis=1, keepdims=True) + 1e-9 * max(rope, 1e-9)
    within = (anywhere <= rope).mean(axis=0) >= confidence
    smallest = (lead.mean(axis=0) >= confidence) & (len(samples) > 1)
    where = np.nanargmax(np.nan_to_num(most.mean(axis=1), nan=-1.0), axis=0)
    rows = []
    for k, sample in enumerate(samples):
        ends = [
            _with_ends(figure[:, k], confidence)
            for figure in (home.mean, home.p90, home.most, anywhere, home.best)
        ]
        rows.append(
            Regret(
                sample.scenario, outcome, len(variants[0].parameters), len(variants[0].losses),
                *ends[0], *ends[1], *ends[2], *ends[3],
                variants[int(where[k])].where,
                *ends[4], *worst_tenth(sample, outcome, confidence, seed), rope,
                "within" if within[k] else "smallest" if smallest[k] else "",
                outcome in sample.expected,
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: row.mean)


def _with_ends(values: Floats, confidence: float) -> tuple[float, float, float]:
    ends = percentile(values, confidence)
    return float(values.mean()), ends.low, ends.high


# -- expected outcomes in each draw -----------------------------------------------------------


class _Figures(NamedTuple):
    """Regrets over the draws and shares of draws best, each (sets of lines, scenarios)."""

    mean: Floats
    p90: Floats
    most: Floats
    best: Floats


def _figures(runs: VariantRuns, scenarios: int, seed: int) -> _Figures:
    parts: list[tuple[Floats, ...]] = []
    for expected in plausible_differences(runs, seed):
        regret = expected - expected.min(axis=2, keepdims=True)
        best = regret <= 1e-9 * (np.ptp(expected) or 1.0)
        shares = best / best.sum(axis=2, keepdims=True)
        p90 = np.quantile(regret, 0.9, axis=1)
        parts.append((regret.mean(axis=1), p90, regret.max(axis=1), shares.mean(axis=1)))
    columns = []
    for figures in zip(*parts, strict=True):
        whole = np.full((sum(map(len, figures)), scenarios), np.nan)
        whole[:, list(runs.places)] = np.concatenate(figures)
        columns.append(whole)
    return _Figures(*columns)


def plausible_differences(runs: VariantRuns, seed: int) -> Iterator[Floats]:
    """Draws of the expected differences to the baseline, (sets, draws, scenarios), in pieces.

    A difference is linear in the ranks of the parameters, plus a deviation of each draw if draws
    have several runs, plus the chance of the runs. Slopes are normal with one variance for all
    parameters (Lindley and Smith 1972). Their share of the variance is unknown and weighted by its
    likelihood (:func:`_weigh`), so that lines through pure noise are flat. Policies share their
    chance, so their uncertainty is drawn jointly.
    """
    rng = np.random.default_rng([seed, len(runs.losses)])
    gaps = runs.losses[:, 1:] - runs.losses[:, :1]
    groups, place, sizes = np.unique(runs.draws, return_inverse=True, return_counts=True)
    means, per_draw = by_draw(gaps, runs.draws), len(groups) / float(np.sum(1.0 / sizes))
    within = np.sum((gaps - means[place]) ** 2, axis=0) / per_draw
    freedom = len(gaps) - len(groups)
    lines = _Lines.of(runs.parameters, several=freedom > 0)
    middle = means.mean(axis=0)
    along, off = lines.split(means - middle)
    columns = [
        _weigh(lines, along[:, j], float(np.sum(off[:, j] ** 2)), float(within[j]), freedom)
        for j in range(gaps.shape[1])
    ]
    fitted = middle + np.stack(
        [column.shares @ (lines.kept * along[:, j]) @ lines.axes.T
         + (column.shares @ lines.kept_off) * off[:, j] for j, column in enumerate(columns)],
        axis=1,
    ).reshape(means.shape)  # fmt: skip
    shared = _root(_correlation(gaps - fitted[place]))
    step = max(1, _AT_ONCE // (means.size + len(means)))
    for first in range(0, LIKELY, step):
        yield _draw(rng, min(step, LIKELY - first), lines, columns, shared, (middle, along, off))


class _Lines(NamedTuple):
    """The regression on the parameters.

    ``axes`` (draws, directions) are the directions over the draws that the parameters span. For
    every choice of two shares of variance, ``kept`` (choices, directions) and ``kept_off``
    (choices,) are the shares of a difference kept along them and off them.
    """

    axes: Floats
    kept: Floats
    kept_off: Floats

    @classmethod
    def of(cls, parameters: Floats, *, several: bool) -> _Lines:
        ranks = np.argsort(np.argsort(parameters, axis=0, kind="stable"), axis=0).astype(float)
        ranks = ranks[:, np.ptp(parameters, axis=0) > 0.0]
        ranks -= ranks.mean(axis=0)
        axes, lengths, _ = np.linalg.svd(ranks, full_matrices=False)
        real = lengths > 1e-9 * max(lengths.max(initial=0.0), 1.0)
        axes, sizes = axes[:, real], lengths[real] ** 2
        sizes *= (len(parameters) - 1) / sizes.sum() if sizes.size else 1.0
        signal = _SHARES / (1.0 - _SHARES)
        own = signal if several else np.zeros(1)
        slopes, alone = (each.ravel() for each in np.meshgrid(signal, own, indexing="ij"))
        above = slopes[:, None] * sizes + alone[:, None]
        return cls(axes, above / (1.0 + above), alone / (1.0 + alone))

    def split(self, values: Floats) -> tuple[Floats, Floats]:
        """Values over draws (draws, columns) along the directions, and their remainder."""
        along = self.axes.T @ values
        return along, values - self.axes @ along


class _Column(NamedTuple):
    """The weights of each choice of shares for one difference, and the sums of squares of its
    noise, with ``freedom`` degrees of freedom.
    """

    shares: Floats
    squares: Floats
    freedom: int


def _weigh(lines: _Lines, along: Floats, off: float, within: float, freedom: int) -> _Column:
    """Weights of the choices by likelihood, the noise variance integrated out (Harville 1974).

    A quarter of the prior weight is on parameters that explain nothing (an assumption: intervals
    then hold about as often whether the parameters explain something or not).
    """
    draws, directions = lines.axes.shape
    left, left_off = 1.0 - lines.kept, 1.0 - lines.kept_off
    squares = within + left @ along**2 + left_off * off
    free = freedom + draws - 1
    if not squares.max() > 0.0:
        return _Column(np.full(len(squares), 1.0 / len(squares)), squares, free)
    log_likelihood = 0.5 * (np.log(left).sum(axis=1) + (draws - 1 - directions) * np.log(left_off))
    log_likelihood -= 0.5 * free * np.log(np.maximum(squares, 1e-12 * squares.max()))
    before = np.where(lines.kept.sum(axis=1) + lines.kept_off == 0.0, (len(squares) - 1) / 3.0, 1.0)
    likelihood = before * np.exp(log_likelihood - log_likelihood.max())
    return _Column(likelihood / likelihood.sum(), squares, free)


def _draw(
    rng: np.random.Generator, many: int, lines: _Lines, columns: Sequence[_Column],
    shared: Floats, parts: tuple[Floats, Floats, Floats],
) -> Floats:  # fmt: skip
    """Sets of expected differences (sets, draws, scenarios), the baseline a column of zeros."""
    middle, along, off = parts
    draws, policies = off.shape
    sets = np.zeros((many, draws, policies + 1))
    luck = rng.standard_normal((many, draws, policies)) @ shared
    which, size = rng.random(many), rng.chisquare(columns[0].freedom, many) if columns else 0.0
    for j, column in enumerate(columns):
        chosen = np.searchsorted(np.cumsum(column.shares)[:-1], which, side="right")
        sd = np.sqrt(column.squares[chosen] / size)[:, None]
        own, kept = luck[:, :, j], lines.kept[chosen]
        level = own.mean(axis=1, keepdims=True)
        own = own - level
        in_lines = own @ lines.axes
        beside = np.sqrt(lines.kept_off[chosen])[:, None] * (own - in_lines @ lines.axes.T)
        sets[:, :, j + 1] = (
            middle[j] + sd * level
            + (kept * along[:, j] + sd * np.sqrt(kept) * in_lines) @ lines.axes.T
            + lines.kept_off[chosen][:, None] * off[:, j] + sd * beside
        )  # fmt: skip
    return sets


def _correlation(values: Floats) -> Floats:
    """The correlation of columns; 0 for a constant one."""
    values = values - values.mean(axis=0)
    lengths = np.sqrt(np.sum(values**2, axis=0))
    scaled = values / np.where(lengths > 0.0, lengths, 1.0)
    correlation: Floats = scaled.T @ scaled
    np.fill_diagonal(correlation, 1.0)
    return correlation


def _root(matrix: Floats) -> Floats:
    """The symmetric root of a correlation matrix, which may be singular."""
    sizes, axes = np.linalg.eigh(matrix)
    sizes = np.where(sizes > 1e-9, sizes, 0.0)  # keeps equal columns equal
    root: Floats = (axes * np.sqrt(sizes)) @ axes.T
    return root


# -- the worst years -------------------------------------------------------------------------


def worst_tenth(
    sample: Sample, outcome: str, confidence: float, seed: int
) -> tuple[float, float | None, float | None]:
    """The mean outcome of the worst tenth of runs, as counted, and its interval.

    If a tenth of the runs is not a whole number, the last counts in part (Acerbi, Tasche 2002).
    Whole draws are resampled if runs share them (Efron 1979).
    """
    valid = np.isfinite(sample.of(outcome))
    values = sample.of(outcome)[valid]
    sign = 1.0 if described(outcome).better == "more" else -1.0
    order = np.argsort(sign * values, kind="stable")
    n = len(values)
    worst = float(_worst(values[order], np.ones((1, n)))[0])
    if n < 2:
        return worst, None, None
    unit = np.arange(n) if sample.draws is None else np.unique(sample.draws[valid],
                                                               return_inverse=True)[1]  # fmt: skip
    units = int(unit.max()) + 1
    if units > GROUPS:
        unit, units = unit * GROUPS // units, GROUPS
    drawn = weights(units, RESAMPLES, seed)
    ends = percentile(_worst(values[order], drawn[:, unit[order]]), confidence)
    return worst, ends.low, ends.high


def _worst(ordered: Floats, times: Floats) -> Floats:
    """Means of the worst tenth of values, ordered from the worst, with multiplicities ``times``."""
    wanted = WORST * times.sum(axis=1, keepdims=True)
    before = np.cumsum(times, axis=1) - times
    taken = np.clip(wanted - before, 0.0, times)
    means: Floats = (taken @ ordered) / wanted[:, 0]
    return means
