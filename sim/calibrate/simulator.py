"""The simulator of a calibration: parameters in, one simulated year out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite, nan
from pathlib import Path
from typing import NamedTuple

from sim.calibrate.priors import Parameter, read_priors
from sim.calibrate.reports import Report, reports_of_run
from sim.calibrate.statistics import RUN, Statistic, compute, statistics
from sim.calibrate.targets import Target, read_targets
from sim.errors import ScenarioError
from sim.frontier.ground import Ground
from sim.incidents.records import Incident
from sim.scenario.load import load
from sim.scenario.merge import leaves
from sim.scenario.overrides import FLAG, nested, parse_override
from sim.scenario.parameters import STATED
from sim.scenario.spec import Scenario
from sim.scenario.values import flatten, with_overrides, with_stated

_A_YEAR = (365.0, 366.0)


class Year(NamedTuple):
    """A simulated year: its reports, its outcomes and the ground."""

    reports: tuple[Report, ...]
    outcomes: Mapping[str, float | int | None]
    ground: Ground

    def over(self, statistic: Statistic, months: Collection[int]) -> float | None:
        """Compute a statistic over the reports of some months."""
        return statistic.over([row for row in self.reports if row.day.month in months])


@dataclass(frozen=True)
class Simulator:
    """A scenario of a year with its free parameters and its targets.

    ``fixed`` are the parameters that would be free if ``--set`` had not fixed them in the scenario.
    Other settings of the scenario fix no free parameter. Raise ``ScenarioError`` where the scenario
    is not a year long, or does not allow a value that a prior does.
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
        """Refuse a factor on a value of 0, which would have no effect."""
        values = flatten(self.scenario)
        for free in self.parameters:
            for key in free.multiplies:
                if not values.get(key):
                    raise ScenarioError(
                        f"is multiplied by {free.key}, but the scenario has 0 or nothing there",
                        key=key,
                        value=values.get(key),
                        remedy="Give it a value above 0, or remove it from multiplies.",
                    )

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The free parameters, in order."""
        return tuple(free.key for free in self.parameters)

    def world(self, theta: Mapping[str, float]) -> Scenario:
        """Return the scenario with the free parameters at ``theta``, which must name each."""
        if odd := sorted(theta.keys() ^ set(self.keys)):
            raise ValueError(f"parameters and values do not match: {', '.join(odd)}")
        changes: dict[str, object] = {}
        for free in self.parameters:
            changes |= free.overrides(float(theta[free.key]), self.scenario)
        return with_overrides(self.scenario, changes)

    def year(self, theta: Mapping[str, float], seed: int) -> Year:
        """Simulate the year with parameters ``theta`` and ``seed`` (0..2^63-1)."""
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
    """Make the simulator of a scenario, with priors and targets of a folder or the shipped ones.

    ``free`` replaces the priors of the folder where some are ``fixed`` (:func:`load_with_fixed`).
    Raise :class:`~sim.errors.PanjError` with all that is wrong in the files.
    """
    priors = tuple(read_priors(folder) if free is None else free)
    return Simulator(scenario, priors, read_targets(folder, scenario.ground), fixed or {})


def figure(target: Target, year: Year) -> float:
    """Return the figure of a year for a target; NaN where it is undefined."""
    if target.only_in_runs:
        value = year.outcomes[target.statistic.removeprefix(RUN)]
    else:
        window = target.window.of_a_run()
        value = compute(statistics(year.ground)[target.statistic], year.reports, window)
    return nan if value is None else float(value)


class FixedScenario(NamedTuple):
    """A scenario with its settings, the parameters still free, and the fixed ones."""

    scenario: Scenario
    free: tuple[Parameter, ...]
    fixed: Mapping[str, float]

    def settings(self, priors: Sequence[Parameter]) -> tuple[str, ...]:
        """Return the fixed ones of ``priors`` as ``KEY=VALUE`` settings for another command."""
        values = flatten(self.scenario)
        keys = [key for prior in priors if prior.key in self.fixed for key in prior.keys]
        return tuple(f"{key}={values[key]}" for key in keys)


def load_with_fixed(
    path: str, settings: Sequence[str], priors: Sequence[Parameter]
) -> FixedScenario:
    """Load a scenario with ``KEY=VALUE`` settings, which fix the free parameters that they name.

    A key is one of the scenario, or the name of a factor, by which its keys are then multiplied.
    Raise :class:`~sim.errors.ScenarioError` for a bad setting, or where nothing stays free.
    """
    factors = {prior.key: prior for prior in priors if prior.multiplies}
    pairs = [(text, *parse_override(text)) for text in settings]
    scaled = {key: _factor(key, value) for _, key, value in pairs if key in factors}
    plain = [text for text, key, _ in pairs if key not in factors]
    scenario = load(path, plain)
    set_keys = {key for key, _ in leaves(nested(plain))}
    values = flatten(scenario)
    fixed = {p.key: float(str(values[p.key])) for p in priors if p.key in set_keys} | scaled
    free = tuple(prior for prior in priors if prior.key not in fixed)
    if priors and not free:
        raise ScenarioError(
            "every free parameter is set: there is nothing to calibrate",
            path=FLAG,
            value=", ".join(fixed),
            remedy="Leave at least one of them out.",
        )
    for key, factor in scaled.items():
        changes = factors[key].overrides(factor, scenario)
        scenario = with_stated(with_overrides(scenario, changes), changes)
    return FixedScenario(scenario, free, fixed)


def _factor(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        reason, remedy = "is a factor, which must be a number", f"Write it as {key}=1.5."
    elif value < 0:
        reason, remedy = "is a factor and is below 0", "Give 0 or more."
    else:
        return float(value)
    raise ScenarioError(reason, path=FLAG, key=key, value=value, remedy=remedy)
