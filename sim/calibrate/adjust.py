"""Regression adjustment: what the accepted would be if they had met the targets exactly.

Local linear regression of the parameters on the residuals, weighted by the kernel of Epanechnikov
(1969) within the threshold (Beaumont, Zhang and Balding 2002), on the latent scale, so that the
bounds of the priors hold. A residual of 0 is a target met, so equalities, floors and ranges are
one case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.calibrate.distance import Distance, residuals
from sim.calibrate.latent import values_of
from sim.calibrate.posterior import Posterior, effective
from sim.calibrate.problem import Aim, Floats, PriorLike


@dataclass(frozen=True)
class Adjusted:
    """A posterior after adjustment; ``refused`` says in words what was not adjusted for."""

    posterior: Posterior
    refused: tuple[str, ...]


def adjust(posterior: Posterior, distance: Distance, priors: Sequence[PriorLike]) -> Adjusted:
    """Adjust a posterior to its targets.

    A target outside everything that was accepted is left out, for beyond it a regression only
    guesses. Where nothing is left, or the accepted are too few, the posterior stays as it is.
    """
    fitted = [aim for aim in distance.aims if aim.weight > 0.0]
    if not fitted:
        return Adjusted(posterior, ())
    columns = np.stack([posterior.statistic(aim.name) for aim in fitted], axis=1)
    off = residuals(columns, fitted)
    refused = [_outside(aim, off[:, i], columns[:, i]) for i, aim in enumerate(fitted)]
    kept = [i for i, words in enumerate(refused) if not words and np.ptp(off[:, i]) > 0.0]
    told = [words for words in refused if words]
    if not kept:
        return Adjusted(posterior, tuple(told))
    closeness = 1.0 - (posterior.distances / max(posterior.threshold, 1e-300)) ** 2
    weights = posterior.weights * np.maximum(closeness, 0.0)
    if weights.sum() <= 0.0 or effective(weights / weights.sum()) < 2.0 * (len(kept) + 1):
        told.append(f"too few were accepted to regress on {len(kept)} targets")
        return Adjusted(posterior, tuple(told))
    weights /= weights.sum()
    latent = _moved(posterior.latent, off[:, kept] / off[:, kept].std(axis=0), weights)
    moved = replace(posterior, latent=latent, values=values_of(latent, priors), weights=weights)
    return Adjusted(moved, tuple(told))


def _moved(latent: Floats, off: Floats, weights: Floats) -> Floats:
    """Take away the linear part that the residuals explain, (members, targets)."""
    root = np.sqrt(weights)[:, None]
    design = np.hstack([np.ones((len(off), 1)), off])
    slopes = np.linalg.lstsq(design * root, latent * root, rcond=None)[0]
    found: Floats = latent - off @ slopes[1:]
    return found


def _outside(aim: Aim, off: Floats, statistics: Floats) -> str:
    """Why a target cannot be adjusted for; nothing where the accepted reach it on both sides."""
    if (off < 0.0).all() or (off > 0.0).all():
        low, high = float(statistics.min()), float(statistics.max())
        return f"{aim.told()} lies outside what was accepted ({low:g} to {high:g})"
    return ""
