"""From the runs of a design to indices: one estimator for each method, all of SALib."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.explore.optional import import_optional
from sim.explore.sensitivity.design import LEVELS, Design
from sim.explore.sensitivity.factors import Floats
from sim.explore.sensitivity.variance import LUCK_FACTOR, luck_of_mean_effect, luck_of_total_index

_RESAMPLED: Final[dict[str, int]] = {"num_resamples": 200, "seed": 1}
SLICES: Final = 10
"""Slices into which PAWN cuts the range of a factor."""
_PAWN_RESAMPLES: Final = 25
_DUMMIES: Final = 60
_CERTAIN: Final = 0.95
_TURNS: Final = 0.5
"""An effect that is smaller on average than this part of its size is up here and down there."""

type Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Indices:
    """Of each factor, (factors,): the index with half the width of its interval, the change of the
    outcome from the low end of the factor to its high end, whether that change is small beside the
    index, so that the outcome goes up and down, and the index below which it may be luck (NaN with
    one seed).

    ``second`` is the spread of an effect (Morris) or the share of variance of the factor alone
    (Sobol).
    """

    index: Floats
    half: Floats
    change: Floats
    turns: Truths
    luck: Floats
    second: Floats | None = None


def indices_of(design: Design, values: Floats, confidence: float) -> Indices:
    """The indices of an outcome; ``values`` are (points, seeds), NaN where there is no run.

    A trajectory, base point or point with a gap is left out; see :func:`complete`.
    """
    kept = complete_points(design, values)
    places, runs = design.places[kept], values[kept]
    if np.ptp(runs.mean(axis=1)) == 0.0:
        nothing = np.zeros(len(design.factors))
        return Indices(nothing, nothing, nothing, nothing > 0.0, nothing)
    return _METHODS[design.method](design, places, runs, confidence)


def block_size(design: Design) -> int:
    """How many points of a design stand or fall together."""
    beside = {"morris": 1, "sobol": 2}.get(design.method)
    return 1 if beside is None else len(design.factors) + beside


def complete_points(design: Design, values: Floats) -> Any:
    """Which points are used, (points,): those of whole trajectories or base points."""
    whole = np.isfinite(values).all(axis=1).reshape(-1, block_size(design)).all(axis=1)
    return np.repeat(whole, block_size(design))


def _salib(design: Design, *data: Floats, **options: Any) -> dict[str, Floats]:
    """What SALib makes of data, without the warnings of what lies below it, which tell no user."""
    analyze = import_optional(f"SALib.analyze.{design.method}").analyze
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        said = analyze(design.problem, *data, **options)
    return {key: np.asarray(column, np.float64) for key, column in said.items() if key != "names"}


def _morris(design: Design, places: Floats, runs: Floats, confidence: float) -> Indices:
    """Elementary effects (Morris 1991; Campolongo, Cariboni and Saltelli 2007)."""
    said = _salib(design, places, runs.mean(axis=1), num_levels=LEVELS, conf_level=confidence,
                  **_RESAMPLED)  # fmt: skip
    luck = (
        _unknown(design)
        if runs.shape[1] < 2
        else luck_of_mean_effect(_effects(design, places, runs))
    )
    mu, star, half, sigma = (said[k] for k in ("mu", "mu_star", "mu_star_conf", "sigma"))
    return Indices(star, half, mu, abs(mu) < _TURNS * star, LUCK_FACTOR * luck, sigma)


def _effects(design: Design, places: Floats, runs: Floats) -> Floats:
    """Elementary effects of each seed, (trajectories, factors, seeds)."""
    factors, seeds = len(design.factors), runs.shape[1]
    steps = np.diff(places.reshape(-1, factors + 1, factors), axis=1)
    which = np.abs(steps).argmax(axis=2)
    moved = np.take_along_axis(steps, which[:, :, None], axis=2)
    slopes = np.diff(runs.reshape(-1, factors + 1, seeds), axis=1) / moved
    found = np.empty_like(slopes)
    np.put_along_axis(found, np.repeat(which[:, :, None], seeds, axis=2), slopes, axis=1)
    return found


def _sobol(design: Design, places: Floats, runs: Floats, confidence: float) -> Indices:
    """First and total index (Saltelli et al. 2010; Jansen 1999)."""
    factors, means = len(design.factors), runs.mean(axis=1)
    said = _salib(design, means, calc_second_order=False, conf_level=confidence, **_RESAMPLED)
    blocks = runs.reshape(-1, factors + 2, runs.shape[1])
    luck = _unknown(design)
    if runs.shape[1] > 1:
        ends = means.reshape(-1, factors + 2)[:, [0, -1]]
        luck = luck_of_total_index(blocks[:, 1:-1] - blocks[:, :1], float(ends.var()))
    total, half, alone = (said[key] for key in ("ST", "ST_conf", "S1"))
    slopes = _slopes(places, means)
    straight = slopes**2 * places.var(axis=0) / means.var()  # a share of the variance, as total is
    return Indices(total, half, slopes, straight < _TURNS**2 * total, LUCK_FACTOR * luck, alone)


def _pawn(design: Design, places: Floats, runs: Floats, confidence: float) -> Indices:
    """Median distance between distributions (Pianosi and Wagener 2015, 2018).

    Luck is what factors without influence reach, but for one in twenty: the same numbers dealt
    out anew. The interval resamples points.
    """
    means = runs.mean(axis=1)

    def median(at: Floats, of: Floats) -> Floats:
        return _salib(design, at, of, S=SLICES)["median"]

    chooser = np.random.default_rng(1)
    drawn = (chooser.integers(len(means), size=len(means)) for _ in range(_PAWN_RESAMPLES))
    spread = np.stack([median(places[rows], means[rows]) for rows in drawn]).std(axis=0, ddof=1)
    rounds = -(-_DUMMIES // len(design.factors))
    dummies = [median(chooser.permuted(places, axis=0), means) for _ in range(rounds)]
    luck = np.full(len(design.factors), np.quantile(np.concatenate(dummies), _CERTAIN))
    half = NormalDist().inv_cdf(0.5 + confidence / 2.0) * spread
    slopes = _slopes(places, means)
    return Indices(median(places, means), half, slopes, np.zeros(len(slopes), bool), luck)


def _slopes(places: Floats, means: Floats) -> Floats:
    """Change of the outcome over the range of each factor by a straight line, (factors,)."""
    away = places - places.mean(axis=0)
    found: Floats = (away * (means - means.mean())[:, None]).sum(axis=0) / (away**2).sum(axis=0)
    return found


def _unknown(design: Design) -> Floats:
    return np.full(len(design.factors), np.nan)


_METHODS: Final[Mapping[str, Callable[[Design, Floats, Floats, float], Indices]]] = {
    "morris": _morris,
    "sobol": _sobol,
    "pawn": _pawn,
}
