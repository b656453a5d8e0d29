"""Stores of runs of a made-up simulator in which it is known where a policy fails."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from sim.frontier.ground import Ground
from sim.measures.registry import EXPECTATIONS, outcomes_on
from sim.runs.batch import BatchOptions, fill_store
from sim.runs.posterior import Posterior, UncertainParameter
from sim.runs.replicate import Run
from sim.runs.request import Request
from sim.runs.store import Store
from sim.runs.workers import Serial
from sim.scenario.load import load
from sim.scenario.spec import Scenario
from sim.scenario.values import flatten

FIELDS = outcomes_on(Ground.default())
KEYS = ("patrols.p_sight", "sign.p_found", "tips.p_tip", "contact.p_surrender")
CUT = 0.6
"""The policy fails where the first two parameters are above this."""


def draws(many: int, seed: int = 1) -> Posterior:
    """Independent uniform draws of four probabilities."""
    values = np.random.default_rng(seed).random((many, len(KEYS)))
    names = tuple(UncertainParameter(key, (key,), unit="probability") for key in KEYS)
    return Posterior(names, tuple(map(tuple, values.tolist())), "made up")


def fails(x: Sequence[float]) -> bool:
    """Whether the planted policy fails with these parameters."""
    return x[0] > CUT and x[1] > CUT


def simulator(gap: Callable[[Sequence[float]], float], noise: float = 2.0):
    """Runs whose victims under a policy are those of the baseline and a gap, with luck."""

    def run(scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
        rng = np.random.default_rng(seed % 2**32)
        victims, luck = 30.0 + rng.poisson(10.0), noise * rng.normal()
        if scenario.name != "baseline":
            flat = flatten(scenario)
            victims += gap([float(flat[key]) for key in KEYS]) + luck
        outcomes: dict[str, float | int | None] = {field.name: 5 for field in FIELDS}
        outcomes["victims"] = outcomes[EXPECTATIONS["victims"]] = victims
        outcomes["interdiction_share"] = 0.5 - victims / 1000.0
        outcomes["mean_delay_h"] = None
        return Run(0, seed, {field.name: outcomes[field.name] for field in FIELDS})

    return run


def failing(x: Sequence[float]) -> float:
    """Four more where it fails, two fewer elsewhere."""
    return 4.0 if fails(x) else -2.0


def store(
    folder: Path,
    gap: Callable[[Sequence[float]], float] = failing,
    *,
    many: int = 100,
    replicates: int = 100,
    noise: float = 1.0,
    seed: int = 1,
) -> Store:
    """A baseline and a policy, run with draws."""
    specs = [load("baseline"), load("triggered")]
    request = Request(specs, replicates, posterior=draws(many, seed))
    return fill_store(folder, request, Serial(), BatchOptions(simulate=simulator(gap, noise))).store
