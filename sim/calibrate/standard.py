"""The calibration that is meant when nothing else is said: one year, the seeds' priors and targets.

And its result as other programs take it: equally likely draws in a folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.calibrate.diagnostics import learnt
from sim.calibrate.priors import Parameter, read_priors
from sim.calibrate.problem import CalibrationProblem
from sim.calibrate.simulator import Simulator
from sim.calibrate.targets import read_targets
from sim.runs.code import made_with
from sim.runs.posterior import Posterior as Dealt
from sim.runs.posterior import Uncertain
from sim.scenario.vary import digest, flatten

if TYPE_CHECKING:
    from sim.calibrate.posterior import Posterior
    from sim.scenario.spec import Scenario

DRAWS: Final = 1000
"""Draws in which a posterior is handed on."""


def standard_problem(scenario: Scenario, folder: str | Path | None = None) -> CalibrationProblem:
    """Priors and targets of a folder (what it lacks: the shipped ones) for a scenario of a year.

    Raises :class:`~sim.errors.PanjError` with what is wrong in them.
    """
    priors, targets = read_priors(folder), read_targets(folder, scenario.ground)
    simulate = Simulator(scenario, priors, targets)
    return CalibrationProblem(priors, targets, simulate, digest(scenario))


def dealt(
    posterior: Posterior,
    scenario: Scenario,
    priors: Sequence[Parameter],
    source: str,
    count: int = DRAWS,
) -> Dealt:
    """A posterior as equally likely draws, with all that a batch needs to know of each parameter.

    ``source`` says in a few words where it comes from.
    """
    said = flatten(scenario)
    taught = {item.marginal.key: item for item in learnt(posterior)}
    parameters = tuple(
        Uncertain(
            prior.key,
            prior.keys,
            "scale" if prior.multiplies else "set",
            tuple(float(str(said.get(key, 0.0))) for key in prior.keys),
            prior.unit,
            taught[prior.key].marginal.contraction,
            taught[prior.key].moved,
        )
        for prior in priors
    )
    rows = [tuple(row.values()) for row in posterior.draw(count)]
    made = {"scenario": scenario.name, "scenario_digest": digest(scenario), **made_with()}
    return Dealt(parameters, tuple(rows), source, made)
