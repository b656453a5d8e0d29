"""What a setting does to every reported figure: simulated years, and the emulator for the rest."""

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
"""What was moved, as pairs of key and value."""


class Row(NamedTuple):
    """A figure over the worlds: ``mean`` with its standard ``error``, quantiles of the years, and
    how many ``scales`` the mean is off. ``simulated`` are the worlds whose years were run.
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
    """What a setting does: its distance, that of what is held out, and every figure.

    ``done`` of ``wanted`` years were simulated; the emulator answered for the others, unless there
    are keys that it does not know (``strange``).
    """

    distance: float | None
    held_out: float | None
    rows: tuple[Row, ...]
    done: int
    wanted: int
    strange: tuple[str, ...]


class TuningData(NamedTuple):
    """What a session is held against, and what it draws from."""

    cells: tuple[Cell, ...]
    targets: tuple[Target, ...]
    free: tuple[Parameter, ...]
    posterior: Posterior
    surrogate: Surrogate | None


class AnswerCache:
    """All that is known of the figures of settings.

    ``years`` are those that may be asked for, ``cells`` what is told of them alone.
    """

    def __init__(self, base: Scenario, evidence: TuningData, worlds: int) -> None:
        self._base, self._evidence = base, evidence
        known = evidence.posterior.years.items()
        states = {int(name): year for name, year in known if name != COMING}
        self.years = sorted(states)
        self.cells = [c for c in evidence.cells if c.years <= states.keys()]
        self._gauges: dict[tuple[int, ...], list[ReportedFigure]] = {}
        every = self._of_years(tuple(self.years)) if states else []
        keys = tuple(dict.fromkeys(part.key for reported in every for part in reported.parts))
        self._place = {key: i for i, key in enumerate(keys)}
        count = min(worlds, len(evidence.posterior.draws))
        self.worlds = Worlds(count, states, keys, evidence.targets, base.ground, evidence.surrogate)
        self._true: dict[tuple[Setting, int], tuple[Floats, Any]] = {}
        self._foretold: dict[tuple[Setting, int], tuple[Floats, Floats]] = {}

    def take(self, told: YearResult) -> None:
        """Let a year that has come take its place."""
        figures, there = self._simulated(told.order.setting, told.order.year)
        there[told.order.world] = True
        if told.figures is not None:
            figures[told.order.world] = told.figures

    def missing(
        self, setting: Setting, scenario: Scenario, years: Sequence[int]
    ) -> Iterator[YearRequest]:
        """The years of a setting that are not there, world by world."""
        for world in range(self.worlds.count):
            for year in years:
                if not self._simulated(setting, year)[1][world]:
                    yield self.worlds.order(scenario, setting, year, world)

    def of(
        self,
        setting: Setting,
        scenario: Scenario,
        values: Mapping[str, Value],
        years: tuple[int, ...],
    ) -> Answer:
        """What is known of a setting now; ``values`` are parameters and levers as they stand."""
        means, drawn, done = {}, {}, {}
        for year in years:
            fore_mean, fore_drawn = self._fore(setting, scenario, values, year)
            true, there = self._simulated(setting, year)
            mean = np.where(there[:, None], true, fore_mean)
            figure = np.where(there[:, None], true, fore_drawn)
            for key, i in self._place.items():
                part = Part(year, key)
                means[part], drawn[part], done[part] = mean[:, i], figure[:, i], there
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
        there = np.all([done[part] for part in reported.parts], axis=0)
        expected, figures = reported.over(means), reported.over(drawn)
        known = figures[np.isfinite(figures)]
        simulated = figures[there & np.isfinite(figures)]
        if not known.size:
            return Row(reported, nan, nan, nan, nan, nan, nan, nan, simulated)
        mean = float(np.nanmean(expected))
        share = len(simulated) / len(known)
        guess = self._guess(reported, mean) * (1.0 - share)
        error = np.hypot(np.sqrt(share / len(known)) * known.std(), guess)
        ends = np.quantile(known, (0.05, 0.25, 0.75, 0.95), method="inverted_cdf")
        low, lower, upper, high = map(float, ends)
        return Row(
            reported, mean, float(error), low, lower, upper, high, reported.off(mean), simulated
        )  # fmt: skip

    def _guess(self, reported: ReportedFigure, mean: float) -> float:
        """How far the emulator may be off with a mean."""
        surrogate = self.worlds.surrogate
        keys = [part.key for part in reported.parts]
        if surrogate is None or not all(key in surrogate.figures for key in keys):
            return 0.0
        return reported.share * sum(
            surrogate.error(key, mean / len(keys) / reported.share) for key in keys
        )

    def _fore(
        self, setting: Setting, scenario: Scenario, values: Mapping[str, Value], year: int
    ) -> tuple[Floats, Floats]:
        if (setting, year) not in self._foretold:
            surrogate = self.worlds.surrogate
            factors = {one.key for one in self._evidence.free if one.multiplies}
            free = {
                one.key: values[one.key] if one.key in factors else value_at(scenario, one.key)
                for one in (surrogate.free if surrogate else ())
            }
            self._foretold[setting, year] = self.worlds.predict(scenario, free, year)  # type: ignore[arg-type]
        return self._foretold[setting, year]

    def _simulated(self, setting: Setting, year: int) -> tuple[Floats, Any]:
        """The figures of simulated years, (worlds, keys), and which of them are there."""
        empty = np.full((self.worlds.count, len(self._place)), np.nan)
        blank = empty, np.zeros(self.worlds.count, bool)
        return self._true.setdefault((setting, year), blank)

    def _of_years(self, years: tuple[int, ...]) -> list[ReportedFigure]:
        if years not in self._gauges:
            told = self._evidence
            self._gauges[years] = reported_figures(
                years, self.cells, told.targets, told.surrogate, self._base.ground
            )
        return self._gauges[years]
