"""The prediction of the calibration for a year that is left out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from benchmarks.learning.predictive_distributions import Counts, Predictive, Weights
from benchmarks.learning.reference_predictors import Figure, Predictor
from sim.calibrate.emulator import Surfaces, emulate
from sim.calibrate.evidence import Evidence
from sim.calibrate.inference import Likelihood, Sampling, sample_posterior
from sim.calibrate.noise import Counts as CountNoise
from sim.calibrate.noise import Weights as WeightNoise
from sim.calibrate.regressions import Regressions
from sim.calibrate.simulator import Simulator
from sim.calibrate.types import Floats
from sim.calibrate.unknowns import Unknowns

_DRAWS, _SAMPLING = 600, Sampling(120, 120, 100)
_MOST = 400


def calibration_predictor(
    regressions: Regressions, model: Simulator, evidence: Evidence
) -> Predictor:
    """Return the predictor that calibrates to all other years and their events.

    The state of the year depends on those of its neighbours. The regression of the figure is not
    conditioned on other figures of the year.
    """
    unknowns = Unknowns(model, evidence.years, evidence.regimes)
    inputs = regressions.training.inputs.shape[1]

    @cache
    def points(year: int) -> tuple[Likelihood, Floats]:
        likelihood = Likelihood(unknowns, emulate(regressions, evidence.without([year])))
        return likelihood, sample_posterior(likelihood, _DRAWS, year, _SAMPLING).points

    def predict(wanted: Figure, known: Sequence[Figure]) -> Predictive:
        del known  # the evidence without this year replaces it
        likelihood, at = points(wanted.year)
        weight = wanted.statistic == "seized_kg"
        found = regressions.figure(wanted.statistic, wanted.months, (), weight)
        surface = Surfaces([found], inputs).at_points(
            likelihood.other_inputs(at, unknowns.regime(wanted.year).name)
        )
        eta = surface.at(0, likelihood.logs(at)[wanted.year])
        if isinstance(found.noise, WeightNoise):
            return Weights.of(eta, found.noise.sd(eta))
        assert isinstance(found.noise, CountNoise)
        logs = [found.noise.log_probability(eta, k, k) for k in range(_MOST)]
        chances = np.exp(logs).mean(axis=1)
        return Counts(chances / chances.sum())

    return predict
