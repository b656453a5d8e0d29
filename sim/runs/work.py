"""What a worker does: run a chunk and hand back the finished parts, as bytes.

A worker touches no store. The one process that owns the store writes every part, so a cluster
needs no shared disk, and nothing is half written when a worker dies.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.errors import PanjError, StoreError
from sim.measures.user_defined import install_user_outcomes
from sim.rules import user_rules
from sim.runs.chunks import Chunk, seed_of
from sim.runs.code_version import code_digest
from sim.runs.parts import as_parquet
from sim.runs.store_tables import Run, TableName, simulate, to_tables
from sim.runs.structure import Variant, left_to

if TYPE_CHECKING:
    from sim.runs.posterior import Posterior
    from sim.scenario.spec import Scenario

type Simulate = Callable[[Scenario, int, Sequence[str]], Run]
"""From scenario, seed and the names of the tables that are kept to a run."""

DIED: Final = ("process", "the process that ran it died", None)
"""The failure of a run that takes its process with it."""


@dataclass(frozen=True)
class Order:
    """A chunk with all that a worker anywhere needs to run it."""

    chunk: Chunk
    scenario: str
    """The resolved scenario as JSON."""
    root: int
    keep: tuple[TableName, ...]
    code: str
    """Digest of the code that the store belongs to."""
    simulate: Simulate = simulate
    posterior: Posterior | None = None
    """Draws of the uncertain parameters; without one the scenario's own values hold."""
    rules: bytes | None = None
    """Rules of one's own that the scenario names."""
    outcomes: bytes | None = None
    """Outcomes of one's own; ``None``: as they are registered where it is run."""
    variant: Variant | None = None
    """The variant of the model that the scenario is in."""

    def __len__(self) -> int:
        return len(self.chunk.replicates)

    def run(self, replicate: int) -> RunOf:
        """One of its runs."""
        return RunOf(replicate, self.root, self.posterior, self.variant)

    def halves(self) -> tuple[Order, Order]:
        """The order as two; it must hold more than one run."""
        first, second = self.chunk.halves()
        return replace(self, chunk=first), replace(self, chunk=second)


@dataclass(frozen=True)
class Parcel:
    """A chunk that has been run: a Parquet file for each table, and what a progress bar needs."""

    chunk: Chunk
    files: Mapping[TableName, bytes]
    failed: tuple[int, ...]
    """The replicates that failed."""
    seconds: float


def run_chunk(order: Order) -> Parcel:
    """Run a chunk. What fails is a row; only a worker with other code raises a StoreError."""
    if order.code != code_digest():
        raise StoreError(
            f"a worker has another version of panj (code {code_digest()}, not {order.code})",
            remedy="Install the same version on every worker and start the workers again.",
        )
    began = time.perf_counter()
    user_rules.unpack(order.rules)
    if order.outcomes is not None:
        install_user_outcomes(order.outcomes)
    scenario = _scenario(order.scenario)
    runs = [
        run_one(scenario, order.run(replicate), order.keep, order.simulate)
        for replicate in order.chunk.replicates
    ]
    return _parcel(order, scenario, runs, time.perf_counter() - began)


class RunOf(NamedTuple):
    """Which run of a scenario: what settles its seed and its draw, and what no draw changes."""

    replicate: int
    root: int
    posterior: Posterior | None = None
    variant: Variant | None = None

    @property
    def blank(self) -> Run:
        """The run before anything is known of it."""
        if self.posterior is None:
            return Run(self.replicate, seed_of(self.replicate, self.root))
        seed = seed_of(self.posterior.seeded_as(self.replicate), self.root)
        return Run(self.replicate, seed, draw=self.posterior.draw_of(self.replicate))

    def drawn(self, scenario: Scenario) -> Scenario:
        """The scenario as it is run: the draw in it, and over it what the variant settles."""
        from sim.scenario.values import with_overrides

        if self.posterior is None:
            return scenario
        draw = self.posterior.draw_of(self.replicate)
        sets = left_to(self.posterior, scenario, draw, self.variant)
        # The name in a store may be one that no file may have ("a@b", "a~1f3c").
        plain = scenario.model_copy(update={"name": "drawn"})
        return with_overrides(plain, sets).model_copy(update={"name": scenario.name})


def run_one(
    scenario: Scenario, which: RunOf, keep: Sequence[str], simulate: Simulate = simulate
) -> Run:
    """Run one replicate of a scenario; what fails is a row."""
    blank = which.blank
    try:
        scenario = which.drawn(scenario)
    except PanjError as error:
        return replace(blank, failure=("parameters", f"{type(error).__name__}: {error}", None))
    run = simulate(scenario, blank.seed, keep)
    return replace(run, replicate=blank.replicate, draw=blank.draw)


def crashed_parcel(order: Order) -> Parcel:
    """The parcel of a chunk whose every run takes its process with it."""
    runs = [
        replace(order.run(replicate).blank, failure=DIED) for replicate in order.chunk.replicates
    ]
    return _parcel(order, _scenario(order.scenario), runs, 0.0)


def _parcel(order: Order, scenario: Scenario, runs: Sequence[Run], seconds: float) -> Parcel:
    tables = to_tables(runs, scenario, order.chunk.digest, order.keep)
    files = {name: as_parquet(table) for name, table in tables.items()}
    failed = tuple(run.replicate for run in runs if run.status == "failed")
    return Parcel(order.chunk, files, failed, seconds)


@lru_cache(maxsize=64)
def _scenario(text: str) -> Scenario:
    """A worker reads a scenario once, however many chunks of it come by."""
    from sim.scenario.spec import Scenario

    return Scenario.model_validate_json(text)
