"""Regressions on what a bank shows: a figure given earlier ones, a mark of an event, a target."""

from __future__ import annotations

from collections.abc import Mapping
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
"""A mark that fewer events of a bank tell is not fitted."""

_TINY: Final = 1e-300


@dataclass(frozen=True, eq=False)
class Predictor:
    """A regression: coefficients of the features, and of ``log(1 + earlier figure)`` by name.

    ``coverage`` is the share of years not seen that its central 90 % interval holds.
    """

    coefficients: Floats
    given: dict[str, float]
    centre: dict[str, float]
    noise: Noise
    coverage: float = float("nan")

    def shift(self, known: dict[str, float]) -> float:
        """The part that earlier figures make."""
        return sum(
            slope * (float(np.log1p(known[name])) - self.centre[name])
            for name, slope in self.given.items()
        )


def quadratic(inputs: Floats) -> Floats:
    """Inputs, (n, k), with all their products: a quadratic surface."""
    first, second = np.triu_indices(inputs.shape[-1])
    products = inputs[:, first] * inputs[:, second]
    products[:, first == second] -= 1.0
    return np.hstack([inputs, products])


class Regressions:
    """Every regression that was asked for of a bank, each fitted once."""

    def __init__(self, training: TrainingData) -> None:
        self.training = training
        self.features = quadratic(training.inputs)
        self._known: dict[object, Predictor | None] = {}

    def figure(self, name: str, months: Months, given: tuple[str, ...], weight: bool) -> Predictor:
        """Of a statistic over some months given others over the same."""
        key = name, months, given
        if key not in self._known:
            figures = self.training.figures
            columns = {other: figures[other, months] for other in given}
            self._known[key] = _of_figure(self.features, figures[name, months], columns, weight)
        found = self._known[key]
        assert found is not None
        return found

    def mark(self, group: tuple[str, bool], chance: MarkLink) -> Predictor | None:
        """Of a mark of a class of events given others; ``None`` where too few events tell it."""
        key = group, chance.mark, tuple(name for name, _ in chance.given), chance.trials is None
        if key not in self._known:
            told = self.training.events.get(group)
            found = None if told is None else _of_mark(self.training, told, chance)
            self._known[key] = found
        return self._known[key]

    def target(self, name: str) -> Predictor | None:
        """Of the figure of a target in a year; ``None`` where hardly a year defines it."""
        if name not in self._known:
            y = self.training.targets[name]
            usable, found = np.isfinite(y), None
            if usable.sum() >= FEWEST:
                slopes = fit(NUMBERS, self.features[usable], y[usable]).coefficients
                found = Predictor(slopes, {}, {}, Weights(0.0, 0.0))
            self._known[name] = found
        return self._known[name]


def fit_with_noise(
    design: Floats, y: Floats, weight: bool, least: float = 0.0
) -> tuple[Fit, Counts | Weights]:
    """A weight, or a count from ``least`` on, on features, (n, k), with how it scatters."""
    if weight:
        found = fit(NUMBERS, design, np.log1p(y))
        return found, fit_weights(found.unseen, y)
    found = fit(COUNTS, design, y - least)
    return found, fit_counts(found.unseen, y - least, least)


def _with_given(features: Floats, given: Mapping[str, Floats]) -> tuple[Floats, dict[str, float]]:
    """Features and the logarithms of earlier figures, centred; and their centres."""
    logs = {name: np.log1p(column) for name, column in given.items()}
    centre = {name: float(column.mean()) for name, column in logs.items()}
    columns = [column - centre[name] for name, column in logs.items()]
    return np.column_stack([features, *columns]), centre


def _of_figure(features: Floats, y: Floats, given: dict[str, Floats], weight: bool) -> Predictor:
    design, centre = _with_given(features, given)
    found, noise = fit_with_noise(design, y, weight)
    return _split(found, features.shape[1], centre, noise, covered(noise, found.unseen, y))


def covered(noise: Noise, eta: Floats, y: Floats) -> float:
    """Share of figures that central 90 % intervals hold; of a count across an end, a part."""
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


def _split(
    found: Fit,
    features: int,
    centre: dict[str, float],
    noise: Noise,
    coverage: float = float("nan"),
) -> Predictor:
    slopes = dict(zip(centre, map(float, found.coefficients[features + 1 :]), strict=True))
    return Predictor(found.coefficients[: features + 1], slopes, centre, noise, coverage)


def _of_mark(training: TrainingData, told: EventTable, chance: MarkLink) -> Predictor | None:
    """The regression of a mark on parameters and earlier marks; ``None`` where there is none."""
    others = training.inputs[:, 2:]
    names = [name for name, _ in chance.given]
    if not {chance.mark, *names} <= told.marks.keys():
        return None
    y, given = told.marks[chance.mark], {name: told.marks[name] for name in names}
    usable = np.isfinite([y, *given.values()]).all(axis=0)
    trials = None
    if chance.trials is not None:
        size = told.marks["group_size"]
        gone = [given[name] for name in ("killed_intruders", "detained") if name in given]
        trials = size - np.sum(gone, axis=0) if gone else size.copy()
        usable &= np.isfinite(trials) & (trials > 0.0) & (y <= trials)
    y = y[usable]
    if len(y) < FEWEST or np.ptp(y) == 0.0:
        return None
    features = others[told.year[usable]]
    design, centre = _with_given(features, {name: x[usable] for name, x in given.items()})
    noise: Noise
    if chance.mark == "night":
        found = fit(SHARES, design, y)
        noise = Shares(1e-6)
    elif trials is not None:
        n = trials[usable]
        found = fit(SHARES, design, y, n)
        noise = Shares(fit_shares(found.unseen, y, n))
    else:
        heavy = chance.mark in ("delay_hours", "seized_kg")
        found, noise = fit_with_noise(design, y, heavy, float(y.min()))
    return _split(found, features.shape[1], centre, noise)
