"""Regressions on a bank: a figure given earlier ones, a mark of an event, or a target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtri

from sim.calibrate.evidence import MarkLink, Months
from sim.calibrate.glm import COUNTS, NUMBERS, SHARES, Fit, fit
from sim.calibrate.noise import (
    Counts,
    Noise,
    Shares,
    Weights,
    fit_counts,
    fit_shares,
    fit_weights,
)
from sim.calibrate.training_data import EventTable, TrainingData
from sim.calibrate.types import Floats

FEWEST: Final = 40
"""A mark that fewer events of a bank report is not fitted."""

_TINY: Final = 1e-300


@dataclass(frozen=True, eq=False)
class Predictor:
    """A regression: coefficients of the features, and of ``log(1 + earlier figure)`` by name.

    ``coverage`` is the share of held-out years within the central 90 % interval.
    """

    coefficients: Floats
    given: dict[str, float]
    centre: dict[str, float]
    noise: Noise
    coverage: float = float("nan")

    def shift(self, known: dict[str, float]) -> float:
        """Return what earlier figures add to the predictor."""
        return sum(
            slope * (float(np.log1p(known[name])) - self.centre[name])
            for name, slope in self.given.items()
        )


def quadratic(inputs: Floats) -> Floats:
    """Return the features of a quadratic surface: inputs, (n, k), and all their products."""
    first, second = np.triu_indices(inputs.shape[-1])
    products = inputs[:, first] * inputs[:, second]
    products[:, first == second] -= 1.0
    return np.hstack([inputs, products])


class Regressions:
    """The regressions of a bank, each fitted once, when it is first needed."""

    def __init__(self, training: TrainingData) -> None:
        self.training = training
        self.features = quadratic(training.inputs)
        self._known: dict[object, Predictor | None] = {}

    def figure(self, name: str, months: Months, given: tuple[str, ...], weight: bool) -> Predictor:
        """Regress a statistic over some months given others over the same months."""

        def fitted() -> Predictor:
            figures = self.training.figures
            y, earlier = figures[name, months], {other: figures[other, months] for other in given}
            design, centre = _with_given(self.features, earlier)
            regression, noise = fit_with_noise(design, y, weight)
            coverage = interval_coverage(noise, regression.held_out, y)
            return _predictor(regression, self.features.shape[1], centre, noise, coverage)

        predictor = self._once((name, months, given), fitted)
        assert predictor is not None
        return predictor

    def mark(self, group: tuple[str, bool], link: MarkLink) -> Predictor | None:
        """Regress a mark of a class of events given others; ``None`` if it is too rare."""
        key = group, link.mark, tuple(name for name, _ in link.given), link.trials is None
        events = self.training.events.get(group)
        return self._once(key, lambda: _of_mark(self.training, events, link))

    def target(self, name: str) -> Predictor | None:
        """Regress the figure of a target in a year; ``None`` if too few years define it."""

        def fitted() -> Predictor | None:
            y = self.training.targets[name]
            usable = np.isfinite(y)
            if usable.sum() < FEWEST:
                return None
            slopes = fit(NUMBERS, self.features[usable], y[usable]).coefficients
            return Predictor(slopes, {}, {}, Weights(0.0, 0.0))

        return self._once(name, fitted)

    def _once(self, key: object, make: Callable[[], Predictor | None]) -> Predictor | None:
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]


def fit_with_noise(
    design: Floats, y: Floats, weight: bool, least: float = 0.0
) -> tuple[Fit, Counts | Weights]:
    """Regress a weight, or a count from ``least`` on, on features, (n, k); fit the noise."""
    if weight:
        regression = fit(NUMBERS, design, np.log1p(y))
        return regression, fit_weights(regression.held_out, y)
    regression = fit(COUNTS, design, y - least)
    return regression, fit_counts(regression.held_out, y - least, least)


def _with_given(features: Floats, given: Mapping[str, Floats]) -> tuple[Floats, dict[str, float]]:
    """Append the centred logs of earlier figures to the features; return the centres too."""
    logs = {name: np.log1p(column) for name, column in given.items()}
    centre = {name: float(column.mean()) for name, column in logs.items()}
    columns = [column - centre[name] for name, column in logs.items()]
    return np.column_stack([features, *columns]), centre


def interval_coverage(noise: Noise, eta: Floats, y: Floats) -> float:
    """Return the share of figures in central 90 % intervals; counts across an end count in part."""
    edge = 0.05
    if isinstance(noise, Weights):
        return float(np.mean(np.abs(np.log1p(y) - eta) <= ndtri(1.0 - edge) * noise.sd(eta)))
    held = 0.0
    for value in np.unique(y).tolist():
        here = eta[y == value]
        upto = np.exp(noise.log_probability(here, 0.0, value))
        mass = np.maximum(np.exp(noise.log_probability(here, value, value)), _TINY)
        inside = np.minimum(upto, 1.0 - edge) - np.maximum(upto - mass, edge)
        held += float(np.sum(np.clip(inside / mass, 0.0, 1.0)))
    return held / len(y)


def _predictor(
    regression: Fit,
    features: int,
    centre: dict[str, float],
    noise: Noise,
    coverage: float = float("nan"),
) -> Predictor:
    slopes = dict(zip(centre, map(float, regression.coefficients[features + 1 :]), strict=True))
    return Predictor(regression.coefficients[: features + 1], slopes, centre, noise, coverage)


def _of_mark(training: TrainingData, events: EventTable | None, link: MarkLink) -> Predictor | None:
    """Regress a mark on parameters and earlier marks; ``None`` if it is reported too rarely."""
    names = [name for name, _ in link.given]
    if events is None or not {link.mark, *names} <= events.marks.keys():
        return None
    y, given = events.marks[link.mark], {name: events.marks[name] for name in names}
    usable = np.isfinite([y, *given.values()]).all(axis=0)
    trials = None
    if link.trials is not None:
        size = events.marks["group_size"]
        others = [given[name] for name in ("killed_intruders", "detained") if name in given]
        trials = size - np.sum(others, axis=0) if others else size.copy()
        usable &= np.isfinite(trials) & (trials > 0.0) & (y <= trials)
    y = y[usable]
    if len(y) < FEWEST or np.ptp(y) == 0.0:
        return None
    features = training.inputs[events.year[usable], 2:]
    design, centre = _with_given(features, {name: x[usable] for name, x in given.items()})
    noise: Noise
    if link.mark == "night":
        regression = fit(SHARES, design, y)
        noise = Shares(1e-6)
    elif trials is not None:
        n = trials[usable]
        regression = fit(SHARES, design, y, n)
        noise = Shares(fit_shares(regression.held_out, y, n))
    else:
        heavy = link.mark in ("delay_hours", "seized_kg")
        regression, noise = fit_with_noise(design, y, heavy, float(y.min()))
    return _predictor(regression, features.shape[1], centre, noise)
