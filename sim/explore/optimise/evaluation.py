"""Runs of mixes in a store of their own: training years, or years that are held out."""

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
    """Draws for training and draws that are held out: every other one; a single one is both."""
    if posterior is None or len(posterior.draws) < 2:
        return posterior, posterior
    one, other = (replace(posterior, draws=posterior.draws[first::2]) for first in (0, 1))
    return one, other


@dataclass(frozen=True)
class Evaluator:
    """Years of one root and one list of draws; what the store holds is not run again."""

    store: Path
    root: int
    posterior: Posterior | None
    workers: Workers
    watch: BatchOptions

    def run(
        self, scenarios: Sequence[Scenario], years: int, outcomes: Sequence[str]
    ) -> dict[str, Sample]:
        """The first so many years of each scenario, by name.

        Two names of one scenario share its runs. Raises :class:`~sim.errors.StoreError` where
        all years of one failed.
        """
        first: dict[str, Scenario] = {}
        alike = {}
        for scenario in scenarios:
            alike[scenario.name] = first.setdefault(digest(scenario), scenario).name
        request = Request(list(first.values()), years, self.root, posterior=self.posterior)
        fill_store(self.store, request, self.workers, self.watch)
        names = list(dict.fromkeys(alike.values()))
        samples = open_source(self.store).samples(names, outcomes)
        for name, sample in samples.items():
            if not len(sample.before(years).replicates):
                raise StoreError(
                    f"every {years} years of {name} failed", path=self.store,
                    remedy=f"'panj store info {self.store}' tells why.",
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
    """An outcome of every run as a loss, (runs,): what should be more is turned round."""
    values = sample.mean_of(outcome)
    return -values if described(outcome).better == "more" else values


def mean(values: Floats) -> float | None:
    """Mean of what is known; ``None`` of nothing."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None
