"""Indices from the runs of a design: the estimators of SALib, and the luck in them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.explore.optional import import_optional
from sim.explore.sensitivity.design import LEVELS, Design
from sim.explore.sensitivity.factors import Floats
from sim.explore.sensitivity.variance import LUCK_FACTOR, luck_of_mean_effect, luck_of_total_index

_RESAMPLED: Final[dict[str, int]] = {"num_resamples": 200, "seed": 1}
_TURNS: Final = 0.5
"""Below this ratio of mean effect to mean size, an effect goes up in places and down in others."""

type Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Indices:
    """Figures for each factor, all of shape (factors,).

    ``half`` is half the width of the interval of ``index``. ``change`` is that of the outcome from
    the low end of the factor to the high end; ``turns`` says that it is small beside the index, so
    that the outcome goes up and down. Below ``luck`` an index may be luck (NaN with one seed).
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

    A trajectory or base point with a gap is left out; see :func:`complete_points`.
    """
    kept = complete_points(design, values)
    places, runs = design.places[kept], values[kept]
    if np.ptp(runs.mean(axis=1)) == 0.0:
        nothing = np.zeros(len(design.factors))
        return Indices(nothing, nothing, nothing, nothing > 0.0, nothing)
    estimate = _morris if design.method == "morris" else _sobol
    return estimate(design, places, runs, confidence)


def block_size(design: Design) -> int:
    """How many points a trajectory (Morris) or base point (Sobol) has."""
    return len(design.factors) + {"morris": 1, "sobol": 2}[design.method]


def complete_points(design: Design, values: Floats) -> Any:
    """Which points can be used, (points,): those of complete trajectories or base points."""
    whole = np.isfinite(values).all(axis=1).reshape(-1, block_size(design)).all(axis=1)
    return np.repeat(whole, block_size(design))


def _salib(design: Design, *data: Floats, **options: Any) -> dict[str, Floats]:
    """Run the analysis of SALib, without the warnings of its libraries, which help no user."""
    analyze = import_optional(f"SALib.analyze.{design.method}").analyze
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        columns = analyze(design.problem, *data, **options)
    return {
        key: np.asarray(column, np.float64) for key, column in columns.items() if key != "names"
    }


def _morris(design: Design, places: Floats, runs: Floats, confidence: float) -> Indices:
    """Elementary effects (Morris 1991; Campolongo, Cariboni and Saltelli 2007)."""
    result = _salib(design, places, runs.mean(axis=1), num_levels=LEVELS, conf_level=confidence,
                    **_RESAMPLED)  # fmt: skip
    luck = np.full(len(design.factors), np.nan)
    if runs.shape[1] > 1:
        luck = luck_of_mean_effect(_effects(design, places, runs))
    mu, star, half, sigma = (result[k] for k in ("mu", "mu_star", "mu_star_conf", "sigma"))
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
    result = _salib(design, means, calc_second_order=False, conf_level=confidence, **_RESAMPLED)
    blocks = runs.reshape(-1, factors + 2, runs.shape[1])
    luck = np.full(factors, np.nan)
    if runs.shape[1] > 1:
        ends = means.reshape(-1, factors + 2)[:, [0, -1]]
        luck = luck_of_total_index(blocks[:, 1:-1] - blocks[:, :1], float(ends.var()))
    total, half, alone = (result[key] for key in ("ST", "ST_conf", "S1"))
    slopes = _slopes(places, means)
    straight = slopes**2 * places.var(axis=0) / means.var()  # a share of the variance, as total is
    return Indices(total, half, slopes, straight < _TURNS**2 * total, LUCK_FACTOR * luck, alone)


def _slopes(places: Floats, means: Floats) -> Floats:
    """Change of the outcome over the range of each factor by a straight line, (factors,)."""
    away = places - places.mean(axis=0)
    found: Floats = (away * (means - means.mean())[:, None]).sum(axis=0) / (away**2).sum(axis=0)
    return found
