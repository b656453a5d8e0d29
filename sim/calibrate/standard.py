"""The default calibration: one year, the seeds' priors and targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.calibrate.priors import Parameter, read_priors
from sim.calibrate.problem import CalibrationProblem
from sim.calibrate.simulator import Simulator
from sim.calibrate.targets import read_targets
from sim.scenario.vary import digest

if TYPE_CHECKING:
    from sim.scenario.spec import Scenario


def standard_problem(
    scenario: Scenario,
    folder: str | Path | None = None,
    free: Sequence[Parameter] | None = None,
    fixed: Mapping[str, float] | None = None,
) -> CalibrationProblem:
    """Priors and targets of a folder (what it lacks: the shipped ones) for a scenario of a year.

    ``free`` are the priors in place of the folder's, where some are ``fixed`` (see
    :func:`sim.calibrate.fixing.load_holding`). Raises :class:`~sim.errors.PanjError` with what is
    wrong in them.
    """
    priors = tuple(read_priors(folder) if free is None else free)
    targets = read_targets(folder, scenario.ground)
    simulate = Simulator(scenario, priors, targets, fixed or {})
    return CalibrationProblem(priors, targets, simulate, digest(scenario))
