"""One simulated year as the calibration sees it: parameters in, figures out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import nan
from pathlib import Path
from typing import NamedTuple

from sim.calibrate.priors import Parameter, read_priors
from sim.calibrate.reports import Report, reports_of_run
from sim.calibrate.statistics import RUN, compute, statistics
from sim.calibrate.targets import Target, read_targets
from sim.errors import ScenarioError
from sim.frontier.ground import Ground
from sim.incidents.records import Incident
from sim.scenario.parameters import STATED
from sim.scenario.spec import Scenario
from sim.scenario.vary import flatten, with_overrides

_A_YEAR = (365.0, 366.0)


class Year(NamedTuple):
    """What became known of a simulated year, and what happened in it."""

    reports: tuple[Report, ...]
    outcomes: Mapping[str, float | int | None]
    ground: Ground


@dataclass(frozen=True)
class Simulator:
    """A scenario of a year with its free parameters and the targets that it is held against.

    ``fixed`` are parameters that would be free had nobody set them: the scenario has their values.
    What else was set by hand in it is where the free ones begin, and holds none of them.
    Raises ``ScenarioError`` where the scenario is not a year, or does not allow what a prior does.
    """

    scenario: Scenario
    parameters: tuple[Parameter, ...]
    targets: tuple[Target, ...]
    fixed: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        days = self.scenario.days
        if days not in _A_YEAR:
            raise ScenarioError(
                "targets are figures of a year", key="days", value=days, remedy="Use days = 365."
            )
        object.__setattr__(self, "scenario", self.scenario.model_copy(update={STATED: ()}))
        self._check_factors()
        for end in ("low", "high"):
            self.world({free.key: getattr(free, end) for free in self.parameters})

    def _check_factors(self) -> None:
        """A factor on nothing would be a parameter without effect."""
        said = flatten(self.scenario)
        for free in self.parameters:
            for key in free.multiplies:
                if not said.get(key):
                    raise ScenarioError(
                        f"is multiplied by {free.key}, but the scenario has 0 or nothing there",
                        key=key,
                        value=said.get(key),
                        remedy="Give it a value above 0, or take it out of multiplies.",
                    )

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The free parameters, in order."""
        return tuple(free.key for free in self.parameters)

    def world(self, theta: Mapping[str, float]) -> Scenario:
        """The scenario with the free parameters at ``theta``, which must name each of them."""
        if odd := sorted(theta.keys() ^ set(self.keys)):
            raise ValueError(f"parameters and values do not match: {', '.join(odd)}")
        changes: dict[str, object] = {}
        for free in self.parameters:
            changes |= free.overrides(float(theta[free.key]), self.scenario)
        return with_overrides(self.scenario, changes)

    def year(self, theta: Mapping[str, float], seed: int) -> Year:
        """Run the year with parameters ``theta`` and ``seed`` (0..2^63-1)."""
        from sim.model import BorderModel  # Mesa is slow to import

        scenario = self.world(theta)
        model = BorderModel(scenario, seed).run()
        outcomes = model.outcomes() if any(t.only_in_runs for t in self.targets) else {}
        return Year(reports_of_run(model.log[Incident], scenario), outcomes, scenario.ground)


def simulator(
    scenario: Scenario,
    folder: str | Path | None = None,
    free: Sequence[Parameter] | None = None,
    fixed: Mapping[str, float] | None = None,
) -> Simulator:
    """Of a scenario of a year, with the priors and targets of a folder (the shipped where it has
    none).

    ``free`` are the priors in place of the folder's, where some are ``fixed`` (see
    :func:`sim.calibrate.fixing.load_holding`). Raises :class:`~sim.errors.PanjError` with what is
    wrong in them.
    """
    priors = tuple(read_priors(folder) if free is None else free)
    return Simulator(scenario, priors, read_targets(folder, scenario.ground), fixed or {})


def figure(target: Target, year: Year) -> float:
    """The figure of a year that a target is held against; NaN if the year does not define it."""
    if target.only_in_runs:
        value = year.outcomes[target.statistic.removeprefix(RUN)]
    else:
        window = target.window.of_a_run()
        value = compute(statistics(year.ground)[target.statistic], year.reports, window)
    return nan if value is None else float(value)
