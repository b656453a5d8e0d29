"""Which runs are missing, cut into chunks; and what a worker does with a chunk.

A run is identified by what it is, never by a counter: the digest of its resolved scenario and the
number of its replicate. So to run, to resume and to extend a batch are one operation: run what
was requested and is not in the store.

A worker never touches the store. It returns its runs as the bytes of Parquet files, and the one
process that owns the store writes them. So a cluster needs no shared disk, and nothing is
half-written when a worker dies.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.errors import StoreError
from sim.measures.user_defined import install_user_outcomes
from sim.rules import user_rules
from sim.runs.code_version import code_digest
from sim.runs.parts import as_parquet
from sim.runs.replicate import PROCESS_DIED, Run, RunKey, Simulate, run_replicate, simulate
from sim.runs.store_tables import TableName, to_tables
from sim.runs.structure import Variant

if TYPE_CHECKING:
    from sim.runs.posterior import Posterior
    from sim.scenario.spec import Scenario

STRIDE: Final = 50
"""Most replicates of one scenario before the next scenario has its turn.

All scenarios advance together, so that an interrupted batch holds replicates in common.
"""


class Chunk(NamedTuple):
    """Replicates of one scenario that one worker runs in one go, in increasing order."""

    digest: str
    replicates: tuple[int, ...]

    def halves(self) -> tuple[Chunk, Chunk]:
        """The chunk as two. Raises ``ValueError`` where it holds a single run."""
        if len(self.replicates) < 2:
            raise ValueError("a chunk of one run has no halves")
        middle = len(self.replicates) // 2
        first, second = self.replicates[:middle], self.replicates[middle:]
        return Chunk(self.digest, first), Chunk(self.digest, second)


def missing_count(replicates: int, done: Mapping[str, Collection[int]]) -> int:
    """How many runs of the replicates 0..replicates-1 are not done yet, over all digests."""
    return sum(replicates - sum(r < replicates for r in ran) for ran in done.values())


def missing_chunks(
    replicates: int, done: Mapping[str, Collection[int]], size: Callable[[int], int]
) -> Iterator[Chunk]:
    """Cut what is missing of the replicates 0..replicates-1 into chunks, all scenarios in step.

    ``done`` holds for each digest, in the order of the scenarios, the replicates that need no
    run. ``size`` is called before each stretch of replicates with the number of runs left and
    returns how many runs a chunk should hold, so that it can learn. A stretch is run in one
    scenario after the other: they share its seeds, and with them most draws.
    """
    remaining = missing_count(replicates, done)
    first = 0
    while first < replicates and remaining:
        last = min(first + max(1, size(remaining)), first - first % STRIDE + STRIDE, replicates)
        for digest, ran in done.items():
            left = tuple(r for r in range(first, last) if r not in ran)
            if left:
                remaining -= len(left)
                yield Chunk(digest, left)
        first = last


@dataclass(frozen=True)
class ChunkTask:
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
    """Draws of the uncertain parameters; None: the scenario's own values."""
    rules: bytes | None = None
    """The user-defined rules that the scenario names."""
    outcomes: bytes | None = None
    """User-defined outcomes; None: those registered in the process that runs the chunk."""
    variant: Variant | None = None
    """The variant of the model that the scenario is run in."""

    def __len__(self) -> int:
        return len(self.chunk.replicates)

    def key(self, replicate: int) -> RunKey:
        """The key of one of its runs."""
        return RunKey(replicate, self.root, self.posterior, self.variant)

    def halves(self) -> tuple[ChunkTask, ChunkTask]:
        """The task as two; it must hold more than one run."""
        first, second = self.chunk.halves()
        return replace(self, chunk=first), replace(self, chunk=second)


@dataclass(frozen=True)
class ChunkResult:
    """A chunk that has been run: a Parquet file for each table, failed replicates, duration."""

    chunk: Chunk
    files: Mapping[TableName, bytes]
    failed: tuple[int, ...]
    seconds: float


def run_chunk(task: ChunkTask) -> ChunkResult:
    """Run a chunk. A failed run is a row.

    Raises :class:`~sim.errors.StoreError` on a worker whose code differs from the store's.
    """
    if task.code != code_digest():
        raise StoreError(
            f"a worker has another version of panj (code {code_digest()}, not {task.code})",
            remedy="Install the same version on every worker and start the workers again.",
        )
    began = time.perf_counter()
    user_rules.unpack(task.rules)
    if task.outcomes is not None:
        install_user_outcomes(task.outcomes)
    scenario = _scenario(task.scenario)
    runs = [
        run_replicate(scenario, task.key(replicate), task.keep, task.simulate)
        for replicate in task.chunk.replicates
    ]
    return _result(task, scenario, runs, time.perf_counter() - began)


def crashed_chunk(task: ChunkTask) -> ChunkResult:
    """The result of a chunk whose every run ends its process."""
    runs = [task.key(replicate).empty_run(PROCESS_DIED) for replicate in task.chunk.replicates]
    return _result(task, _scenario(task.scenario), runs, 0.0)


def _result(
    task: ChunkTask, scenario: Scenario, runs: Sequence[Run], seconds: float
) -> ChunkResult:
    tables = to_tables(runs, scenario, task.chunk.digest, task.keep)
    files = {name: as_parquet(table) for name, table in tables.items()}
    failed = tuple(run.replicate for run in runs if run.status == "failed")
    return ChunkResult(task.chunk, files, failed, seconds)


@lru_cache(maxsize=64)
def _scenario(text: str) -> Scenario:
    """Read a scenario once in each worker, however many of its chunks arrive."""
    from sim.scenario.spec import Scenario

    return Scenario.model_validate_json(text)
