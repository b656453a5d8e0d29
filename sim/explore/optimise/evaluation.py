"""Evaluation of mixes in their own store: on training years, or on held-out years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.comparison.samples import Floats, Sample
from sim.comparison.source import open_source
from sim.errors import StoreError
from sim.measures.registry import described
from sim.runs.batch import BatchOptions, fill_store
from sim.runs.request import Request
from sim.scenario.values import digest

if TYPE_CHECKING:
    from sim.runs.posterior import Posterior
    from sim.runs.workers import Workers
    from sim.scenario.spec import Scenario


def split_draws(posterior: Posterior | None) -> tuple[Posterior | None, Posterior | None]:
    """Split draws alternately into training and held-out draws; a single draw serves as both."""
    if posterior is None or len(posterior.draws) < 2:
        return posterior, posterior
    one, other = (replace(posterior, draws=posterior.draws[first::2]) for first in (0, 1))
    return one, other


@dataclass(frozen=True)
class Evaluator:
    """Runs mixes on years of one root and one list of draws; existing runs are not repeated."""

    store: Path
    root: int
    posterior: Posterior | None
    workers: Workers
    options: BatchOptions

    def run(
        self, scenarios: Sequence[Scenario], years: int, outcomes: Sequence[str]
    ) -> dict[str, Sample]:
        """Run the first ``years`` of each scenario; return samples by scenario name.

        Scenarios with equal values share runs. Raises :class:`~sim.errors.StoreError` where all
        years of one failed.
        """
        first: dict[str, Scenario] = {}
        alike = {}
        for scenario in scenarios:
            alike[scenario.name] = first.setdefault(digest(scenario), scenario).name
        request = Request(list(first.values()), years, self.root, posterior=self.posterior)
        fill_store(self.store, request, self.workers, self.options)
        names = list(dict.fromkeys(alike.values()))
        samples = open_source(self.store).samples(names, outcomes)
        for name, sample in samples.items():
            if not len(sample.before(years).replicates):
                raise StoreError(
                    f"all {years} years of {name} failed", path=self.store,
                    remedy=f"'panj store info {self.store}' shows why.",
                )  # fmt: skip
        return {
            name: replace(samples[ran].before(years), scenario=name) for name, ran in alike.items()
        }

    def harm_by_district(self, scenario: str) -> Mapping[str, float]:
        """Guards, workers and villagers killed in a year, by district."""
        table = open_source(self.store).districts([scenario])
        if table is None:
            return {}
        sums = table.group_by("district").aggregate([("victims", "sum")]).to_pylist()
        return {str(row["district"]): float(row["victims_sum"]) for row in sums}


def as_losses(sample: Sample, outcome: str) -> Floats:
    """An outcome of every run as a loss, (runs,): negated where more is better."""
    values = sample.mean_of(outcome)
    return -values if described(outcome).better == "more" else values


def mean(values: Floats) -> float | None:
    """Mean of the finite values; ``None`` where there are none."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None
