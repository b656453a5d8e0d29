"""A calibration from its bank on: emulator, prior check, posterior sample, posterior check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sim.calibrate.bank import posterior_draws
from sim.calibrate.emulator import Emulator, emulate
from sim.calibrate.evidence import Evidence
from sim.calibrate.inference import (
    Likelihood,
    PosteriorSample,
    Sampling,
    as_posterior,
    sample_posterior,
)
from sim.calibrate.posterior import Check, Posterior, concerns
from sim.calibrate.posterior_check import WORLDS, check_posterior, latent_years, simulate_years
from sim.calibrate.prior_check import RARE, PriorCheck, check_prior, refuse_unreachable
from sim.calibrate.prior_sample import sample_prior
from sim.calibrate.record import write_record
from sim.calibrate.regressions import Regressions
from sim.calibrate.simulator import Simulator
from sim.calibrate.training_data import read_training_data
from sim.calibrate.unknowns import Unknowns
from sim.runs.batch import BatchProgress
from sim.runs.store import Store
from sim.runs.workers import Workers

DRAWS = 1000
"""Default number of draws of the posterior."""

MIXED = 1.1
"""Above this R-hat the chains have not converged (Gelman and Rubin 1992)."""

FAR_OUT = 0.05
"""Above this share of years outside the range of the bank the emulator extrapolates."""


@dataclass(frozen=True)
class Calibration:
    """The result of a calibration to ``bank_years``, with the checks before and after it."""

    bank_years: int
    likelihood: Likelihood
    sample: PosteriorSample
    posterior: Posterior
    prior_checks: tuple[PriorCheck, ...]
    checks: tuple[Check, ...]

    def write(
        self, folder: Path, model: Simulator, source: str, fixed: Mapping[str, float] | None = None
    ) -> None:
        """Write the draws for batches, and the record for pictures and reports.

        ``source`` says in a few words where they come from. Raise
        :class:`~sim.errors.OutputError` where the disk refuses.
        """
        years = latent_years(self.sample)
        draws = posterior_draws(self.posterior, model, source, len(self.posterior), years)
        draws.write(folder)
        write_record(folder, self.posterior, model.parameters, self.checks, fixed)

    @property
    def emulator(self) -> Emulator:
        """The emulator of the likelihood."""
        return self.likelihood.emulator

    @cached_property
    def concerns(self) -> list[str]:
        """Warnings before the posterior is used, in sentences."""
        far = [one for one in self.prior_checks if one.least < RARE]
        warnings = [f"Barely within reach of the prior: {one.words}." for one in far]
        if (worst := float(self.sample.mixing.max())) > MIXED:
            warnings.append(f"The chains have not mixed (R-hat {worst:.2f}): take more rounds.")
        if self.sample.outside > FAR_OUT:
            warnings.append(
                f"{self.sample.outside:.0%} of the years have more or less flow or plans than any "
                "year of the bank: the emulator extrapolates. Use a wider prior or a larger bank."
            )
        return [*warnings, *concerns(self.posterior, self.checks)]


def calibrate(
    model: Simulator,
    evidence: Evidence,
    store: Store,
    workers: Workers,
    seed: int = 0,
    draws: int | None = None,
    worlds: int | None = None,
    years: int | None = None,
    sampling: Sampling | None = None,
    progress: Callable[[BatchProgress], None] = lambda tally: None,
) -> Calibration:
    """Calibrate to the first ``years`` of a bank, or all, and check the result.

    Raise ``PanjError`` where no world of the prior comes near a figure.
    """
    emulator = emulate(Regressions(read_training_data(model, evidence, store, years)), evidence)
    likelihood = Likelihood(Unknowns(model, evidence.years, evidence.regimes), emulator)
    bank_years = len(emulator.training)
    prior_checks = check_prior(likelihood, seed)
    refuse_unreachable(prior_checks)
    sample = sample_posterior(likelihood, draws or DRAWS, seed, sampling)
    _, prior = sample_prior(model.parameters, store.manifest.root, bank_years)
    years_of_draws = simulate_years(model, sample, workers, worlds or WORLDS, seed, progress)
    checks = check_posterior(model, evidence, years_of_draws)
    return Calibration(
        bank_years, likelihood, sample, as_posterior(sample, prior), tuple(prior_checks), checks
    )
