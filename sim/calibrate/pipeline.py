"""A calibration from its bank on: emulate, look at reach, learn, simulate the years anew, check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sim.calibrate.bank import posterior_draws
from sim.calibrate.diagnostics import Check, concerns
from sim.calibrate.emulator import Emulator, emulate
from sim.calibrate.evidence import Evidence
from sim.calibrate.inference import Likelihood, PosteriorSample, Sampling, as_posterior, learn
from sim.calibrate.posterior import Posterior
from sim.calibrate.posterior_check import WORLDS, check_posterior, latent_years, simulate_years
from sim.calibrate.prior_check import HARDLY, PriorCheck, check_prior, refuse_unreachable
from sim.calibrate.prior_sample import sample_prior
from sim.calibrate.record import write_record
from sim.calibrate.regressions import Regressions
from sim.calibrate.simulator import Simulator
from sim.calibrate.training_data import train
from sim.calibrate.unknowns import Unknowns
from sim.runs.batch import BatchProgress
from sim.runs.store import Store
from sim.runs.workers import Workers

DRAWS = 1000
"""Draws in which a posterior is handed on."""

MIXED = 1.1
"""Chains that differ by more have not forgotten where they began (Gelman and Rubin 1992)."""

FAR_OUT = 0.05
"""More years than this beyond the bank's flow or plans, and the emulator is guessing."""


@dataclass(frozen=True)
class Calibration:
    """What came out: ``bank`` years, the posterior as drawn and as marginals, and what was found
    before and after.
    """

    bank: int
    likelihood: Likelihood
    learnt: PosteriorSample
    posterior: Posterior
    before: tuple[PriorCheck, ...]
    checks: tuple[Check, ...]

    def write(
        self, folder: Path, model: Simulator, source: str, fixed: Mapping[str, float] | None = None
    ) -> None:
        """Write the draws that batches take, and the record that pictures and reports are made of.

        ``source`` says in a few words where they come from. Raises
        :class:`~sim.errors.OutputError` where the disk refuses.
        """
        own = self.posterior
        posterior_draws(own, model, source, len(own), latent_years(self.learnt)).write(folder)
        write_record(folder, own, model.parameters, self.checks, fixed)

    @property
    def emulator(self) -> Emulator:
        """What stands for the model in the likelihood."""
        return self.likelihood.emulator

    @cached_property
    def concerns(self) -> list[str]:
        """What a reader must know before the posterior is used, in sentences."""
        far = [one for one in self.before if one.least < HARDLY]
        told = [f"Hardly within the prior's reach: {one.words}." for one in far]
        if (worst := float(self.learnt.mixing.max())) > MIXED:
            told.append(f"The chains have not mixed (R-hat {worst:.2f}): take more rounds.")
        if self.learnt.outside > FAR_OUT:
            told.append(
                f"{self.learnt.outside:.0%} of the years lie beyond any flow or plans of the bank: "
                "the emulator guesses there. Use a wider prior or a larger bank."
            )
        return [*told, *concerns(self.posterior, self.checks)]


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
    """From the first ``years`` of a bank, or all, to a posterior that has been looked at.

    Raises ``PanjError`` where a figure lies beyond every world of the prior.
    """
    emulator = emulate(Regressions(train(model, evidence, store, years)), evidence)
    likelihood = Likelihood(Unknowns(model, evidence.years, evidence.regimes), emulator)
    years_read = len(emulator.training)
    before = check_prior(likelihood, seed)
    refuse_unreachable(before)
    learnt = learn(likelihood, draws or DRAWS, seed, sampling)
    _, prior = sample_prior(model.parameters, store.manifest.root, years_read)
    told = check_posterior(
        model, evidence, simulate_years(model, learnt, workers, worlds or WORLDS, seed, progress)
    )
    return Calibration(
        years_read, likelihood, learnt, as_posterior(learnt, prior),
        tuple(before), told,
    )  # fmt: skip
