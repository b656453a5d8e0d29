"""The effect of a setting on every reported figure, from simulated years and the emulator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import nan
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.calibrate.types import Floats
from sim.runs.uncertain_parameter import COMING, value_at
from sim.tuning.reported_figures import Part, ReportedFigure, distance, reported_figures
from sim.tuning.year_runs import Worlds, YearRequest, YearResult

if TYPE_CHECKING:
    from sim.calibrate.cells import Cell
    from sim.calibrate.priors import Parameter
    from sim.calibrate.surrogate import Surrogate
    from sim.calibrate.targets import Target
    from sim.runs.posterior import Posterior
    from sim.scenario.spec import Scenario
    from sim.viewer.levers import Value

type Setting = frozenset[tuple[str, object]]
"""The moved parameters and levers, as pairs of key and value."""


class Row(NamedTuple):
    """A figure over the worlds: ``mean`` with its standard ``error``, and quantiles of the years.

    ``scales`` is the distance of the mean from the reported figure in its scale. ``simulated`` are
    the figures of the worlds whose years were simulated.
    """

    reported: ReportedFigure
    mean: float
    error: float
    low: float
    lower: float
    upper: float
    high: float
    scales: float
    simulated: Floats


class Answer(NamedTuple):
    """The effect of a setting: its distance, that of the held-out figures, and every figure.

    ``done`` of ``wanted`` years were simulated. The emulator gives the others, unless the setting
    has keys that it does not know (``strange``).
    """

    distance: float | None
    held_out: float | None
    rows: tuple[Row, ...]
    done: int
    wanted: int
    strange: tuple[str, ...]


class TuningData(NamedTuple):
    """The reported figures of a session, its free parameters, posterior and emulator."""

    cells: tuple[Cell, ...]
    targets: tuple[Target, ...]
    free: tuple[Parameter, ...]
    posterior: Posterior
    surrogate: Surrogate | None


class AnswerCache:
    """The figures of all settings so far.

    ``years`` are the known years, ``cells`` those that cover only known years.
    """

    def __init__(self, base: Scenario, data: TuningData, worlds: int) -> None:
        self._base, self._data = base, data
        known = data.posterior.years.items()
        states = {int(name): year for name, year in known if name != COMING}
        self.years = sorted(states)
        self.cells = [c for c in data.cells if c.years <= states.keys()]
        self._figures_of: dict[tuple[int, ...], list[ReportedFigure]] = {}
        every = self._of_years(tuple(self.years)) if states else []
        keys = tuple(dict.fromkeys(part.key for reported in every for part in reported.parts))
        self._place = {key: i for i, key in enumerate(keys)}
        count = min(worlds, len(data.posterior.draws))
        self.worlds = Worlds(count, states, keys, data.targets, base.ground, data.surrogate)
        self._true: dict[tuple[Setting, int], tuple[Floats, Any]] = {}
        self._predicted: dict[tuple[Setting, int], tuple[Floats, Floats]] = {}

    def add(self, result: YearResult) -> None:
        """Add a simulated year."""
        request = result.request
        figures, done = self._simulated(request.setting, request.year)
        done[request.world] = True
        if result.figures is not None:
            figures[request.world] = result.figures

    def missing(
        self, setting: Setting, scenario: Scenario, years: Sequence[int]
    ) -> Iterator[YearRequest]:
        """Yield the years of a setting that are not simulated yet, world by world."""
        for world in range(self.worlds.count):
            for year in years:
                if not self._simulated(setting, year)[1][world]:
                    yield self.worlds.request(scenario, setting, year, world)

    def of(
        self,
        setting: Setting,
        scenario: Scenario,
        values: Mapping[str, Value],
        years: tuple[int, ...],
    ) -> Answer:
        """Return the current answer for a setting; ``values`` are its parameters and levers."""
        means, drawn, done = {}, {}, {}
        for year in years:
            predicted_mean, predicted = self._prediction(setting, scenario, values, year)
            true, simulated = self._simulated(setting, year)
            mean = np.where(simulated[:, None], true, predicted_mean)
            figure = np.where(simulated[:, None], true, predicted)
            for key, i in self._place.items():
                part = Part(year, key)
                means[part], drawn[part], done[part] = mean[:, i], figure[:, i], simulated
        rows = tuple(self._row(reported, means, drawn, done) for reported in self._of_years(years))
        surrogate = self.worlds.surrogate
        return Answer(
            distance((r.reported, r.mean) for r in rows if not r.reported.held_out),
            distance((r.reported, r.mean) for r in rows if r.reported.held_out),
            rows,
            sum(int(self._simulated(setting, year)[1].sum()) for year in years),
            self.worlds.count * len(years),
            ("no emulator",) if surrogate is None else tuple(surrogate.unknown_settings(scenario)),
        )

    def _row(
        self,
        reported: ReportedFigure,
        means: Mapping[Part, Floats],
        drawn: Mapping[Part, Floats],
        done: Mapping[Part, Any],
    ) -> Row:
        all_done = np.all([done[part] for part in reported.parts], axis=0)
        expected, figures = reported.over(means), reported.over(drawn)
        known = figures[np.isfinite(figures)]
        simulated = figures[all_done & np.isfinite(figures)]
        if not known.size:
            return Row(reported, nan, nan, nan, nan, nan, nan, nan, simulated)
        mean = float(np.nanmean(expected))
        share = len(simulated) / len(known)
        emulator_error = self._emulator_error(reported, mean) * (1.0 - share)
        error = np.hypot(np.sqrt(share / len(known)) * known.std(), emulator_error)
        ends = np.quantile(known, (0.05, 0.25, 0.75, 0.95), method="inverted_cdf")
        low, lower, upper, high = map(float, ends)
        return Row(
            reported, mean, float(error), low, lower, upper, high, reported.off(mean), simulated
        )  # fmt: skip

    def _emulator_error(self, reported: ReportedFigure, mean: float) -> float:
        """Return the standard error of the emulator at a mean."""
        surrogate = self.worlds.surrogate
        keys = [part.key for part in reported.parts]
        if surrogate is None or not all(key in surrogate.figures for key in keys):
            return 0.0
        return reported.share * sum(
            surrogate.error(key, mean / len(keys) / reported.share) for key in keys
        )

    def _prediction(
        self, setting: Setting, scenario: Scenario, values: Mapping[str, Value], year: int
    ) -> tuple[Floats, Floats]:
        if (setting, year) not in self._predicted:
            surrogate = self.worlds.surrogate
            factors = {one.key for one in self._data.free if one.multiplies}
            free = {
                one.key: values[one.key] if one.key in factors else value_at(scenario, one.key)
                for one in (surrogate.free if surrogate else ())
            }
            self._predicted[setting, year] = self.worlds.predict(scenario, free, year)  # type: ignore[arg-type]
        return self._predicted[setting, year]

    def _simulated(self, setting: Setting, year: int) -> tuple[Floats, Any]:
        """Return figures of simulated years, (worlds, keys), and which are done, (worlds,)."""
        empty = np.full((self.worlds.count, len(self._place)), np.nan)
        blank = empty, np.zeros(self.worlds.count, bool)
        return self._true.setdefault((setting, year), blank)

    def _of_years(self, years: tuple[int, ...]) -> list[ReportedFigure]:
        if years not in self._figures_of:
            data = self._data
            self._figures_of[years] = reported_figures(
                years, self.cells, data.targets, data.surrogate, self._base.ground
            )
        return self._figures_of[years]
