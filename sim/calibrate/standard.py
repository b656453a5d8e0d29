"""The default calibration: one year, the seeds' priors and targets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.calibrate.priors import read_priors
from sim.calibrate.problem import CalibrationProblem
from sim.calibrate.simulator import Simulator
from sim.calibrate.targets import read_targets
from sim.scenario.vary import digest

if TYPE_CHECKING:
    from sim.scenario.spec import Scenario


def standard_problem(scenario: Scenario, folder: str | Path | None = None) -> CalibrationProblem:
    """Priors and targets of a folder (what it lacks: the shipped ones) for a scenario of a year.

    Raises :class:`~sim.errors.PanjError` with what is wrong in them.
    """
    priors, targets = read_priors(folder), read_targets(folder, scenario.ground)
    simulate = Simulator(scenario, priors, targets)
    return CalibrationProblem(priors, targets, simulate, digest(scenario))
