"""Training data of the emulator, from a bank: inputs, figures and marks of events of each year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import expit, ndtri

from sim.agents.regimes import Regimes
from sim.calibrate.bank import years_of_store
from sim.calibrate.event_marks import marks_of
from sim.calibrate.evidence import DEATHS, Evidence, Months
from sim.calibrate.prior_sample import sample_prior
from sim.calibrate.simulator import figure
from sim.calibrate.statistics import statistics
from sim.calibrate.types import Flags, Floats
from sim.engine.draws import Draws
from sim.runs.replicate import seed_of
from sim.scenario.values import digest

if TYPE_CHECKING:
    from sim.calibrate.simulator import Simulator
    from sim.runs.store import Store
    from sim.scenario.spec import Scenario

FLOW: Final = "smugglers.loads_per_year"
PLANS: Final = "cells.plans_per_year"
LEAST: Final = 1e-9
BETWEEN_YEARS: Final = frozenset(
    f"regimes.{name}" for name in ("flow_spread", "plans_spread", "persistence", "correlation")
)
"""Free parameters of the variation between years: a single year shows its state, not them."""


@dataclass(frozen=True)
class TrainingData:
    """n years of a bank.

    ``inputs``, (n, 2 + others), are the standardised logs of the year's flow and plans, then the
    other free parameters on the normal scale, in the order of ``names``. ``figures``, (n,) each,
    are by statistic and months, ``targets`` by name with NaN where undefined, ``events`` by class.
    """

    names: tuple[str, ...]
    inputs: Floats
    scaling: Scaling
    figures: Mapping[tuple[str, Months], Floats]
    targets: Mapping[str, Floats]
    events: Mapping[tuple[str, bool], EventTable]

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True)
class Scaling:
    """How logs of flow and plans become inputs, and their range in the bank."""

    middle: tuple[float, float]
    spread: tuple[float, float]
    low: tuple[float, float]
    high: tuple[float, float]

    def inputs(self, logs: Floats) -> Floats:
        """Standardised, (..., 2)."""
        scaled: Floats = (logs - np.array(self.middle)) / np.array(self.spread)
        return scaled

    def outside(self, logs: Floats) -> Flags:
        """Whether each is outside the range of the bank, (...)."""
        beyond: Flags = ((logs < np.array(self.low)) | (logs > np.array(self.high))).any(axis=-1)
        return beyond


@dataclass(frozen=True)
class EventTable:
    """Events of one class: the row of their year, and marks by name, NaN where not reported."""

    year: np.ndarray
    marks: Mapping[str, Floats]


def read_training_data(
    model: Simulator, evidence: Evidence, store: Store, years: int | None = None
) -> TrainingData:
    """Read the first ``years`` of the bank of a calibration, or all of them."""
    spec, root = model.scenario, store.manifest.root
    scenario = store.manifest.names[digest(spec)]
    last = years or max(store.finished(scenario), default=0) + 1
    latent, values = sample_prior(model.parameters, root, last)
    classes = {event.group for event in evidence.events}
    known = statistics(spec.ground)
    rows: list[int] = []
    figures: dict[tuple[str, Months], list[float]] = {key: [] for key in _figure_keys(evidence)}
    targets: dict[str, list[float]] = {target.name: [] for target in evidence.targets}
    events: dict[tuple[str, bool], list[tuple[int, dict[str, float]]]] = defaultdict(list)
    for number, year, failure in years_of_store(spec, store, scenario):
        if failure is not None or number >= len(latent):
            continue
        place = len(rows)
        rows.append(number)
        for (name, months), column in figures.items():
            column.append(float(year.over(known[name], months) or 0.0))
        for target in evidence.targets:
            targets[target.name].append(figure(target, year))
        for report in year.reports:
            group = report.kind, any(getattr(report, name) for name in DEATHS)
            if group in classes:
                events[group].append((place, marks_of(report)))
    logs = np.array([
        logs_of_year(spec, dict(zip(model.keys, values[n].tolist(), strict=True)),
                     Regimes(Draws(seed_of(n, root))))
        for n in rows
    ])  # fmt: skip
    scaling = Scaling(
        _pair(logs.mean(axis=0)),
        _pair(np.maximum(logs.std(axis=0), LEAST)), _pair(logs.min(axis=0)),
        _pair(logs.max(axis=0)),
    )  # fmt: skip
    others = [i for i, key in enumerate(model.keys) if key not in {FLOW, PLANS, *BETWEEN_YEARS}]
    normal = ndtri(np.clip(expit(latent[rows][:, others]), 1e-15, 1.0 - 1e-15))
    return TrainingData(
        tuple(model.keys[i] for i in others),
        np.hstack([scaling.inputs(logs), normal]),
        scaling,
        {key: np.array(column) for key, column in figures.items()},
        {name: np.array(column) for name, column in targets.items()},
        {group: _event_table(rows) for group, rows in events.items()},
    )


def _figure_keys(evidence: Evidence) -> Iterable[tuple[str, Months]]:
    """Return each statistic and months that the chain needs, without duplicates."""
    return dict.fromkeys(
        (name, span.months)
        for link in evidence.links
        for span in link.cell.spans
        for name in (link.cell.statistic.name, *(g.statistic for g in link.given))
    )


def _event_table(rows: Sequence[tuple[int, dict[str, float]]]) -> EventTable:
    names = sorted({name for _, marks in rows for name in marks})
    columns = {name: np.array([marks.get(name, np.nan) for _, marks in rows]) for name in names}
    return EventTable(np.array([place for place, _ in rows]), columns)


def _pair(values: Iterable[float]) -> tuple[float, float]:
    first, second = map(float, values)
    return first, second


def logs_of_year(
    spec: Scenario, drawn: Mapping[str, float], regimes: Regimes
) -> tuple[float, float]:
    """Return the logs of smuggling and of own plans in the first year of a run.

    Each is the drawn parameter times the multiplier of the year.
    """
    changed = {
        key.removeprefix("regimes."): value
        for key, value in drawn.items()
        if key.startswith("regimes.")
    }
    rules = spec.regimes.model_copy(update=changed)
    scenario = spec.model_copy(update={"regimes": rules})
    loads = drawn.get(FLOW, spec.smugglers.loads_per_year)
    plans = drawn.get(PLANS, spec.cells.plans_per_year)
    flow = loads * regimes.flow(scenario, 0.0)
    own_plans = plans * regimes.plans(scenario, 0.0)
    return float(np.log(max(flow, LEAST))), float(np.log(max(own_plans, LEAST)))
