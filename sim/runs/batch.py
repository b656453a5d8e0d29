"""A batch: run scenarios times replicates, except what the store holds already.

A run passes through these modules, from the request to its rows in the store:

``request``
    whether the store can take the scenarios, the draws and this code
``chunks``
    which runs are missing, cut into chunks; what a worker does with a chunk
``execute``, ``workers``
    chunks handed to this process, a pool of processes or a cluster; workers that die
``replicate``
    one run: seed, draw, simulation
``store_tables``
    finished runs as tables
``writer``, ``parts``, ``catalogue``
    tables written to the store as Parquet files, and listed there
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.engine.whole_numbers import as_seed, as_whole_number
from sim.errors import OutputError, PanjError
from sim.measures.user_defined import pack_user_outcomes
from sim.rules import user_rules
from sim.runs import store_files, user_model
from sim.runs.catalogue import is_store
from sim.runs.chunks import (
    Chunk,
    ChunkTask,
    crashed_chunk,
    missing_chunks,
    missing_count,
    run_chunk,
)
from sim.runs.code_version import code_digest, made_with
from sim.runs.execute import TaskSize, execute
from sim.runs.lock import locked
from sim.runs.posterior import DrawsLike, choose_draws
from sim.runs.provenance import utc_now
from sim.runs.replicate import Simulate, simulate
from sim.runs.request import AcceptedRequest, Request, accept_request
from sim.runs.store import Store
from sim.runs.store_tables import TableName
from sim.runs.structure import variants
from sim.runs.workers import Serial, Workers, start_workers
from sim.runs.writer import Writer

if TYPE_CHECKING:
    from sim.model import BorderModel
    from sim.scenario.spec import Scenario

type ScenariosLike = Scenario | str | Path | Mapping[str, object] | Iterable[object]
"""What :func:`sim.scenario.design.scenarios` takes."""

CHECK_EVERY: Final = 50
"""A stopping rule is asked after each 50 replicates of every scenario, on any executor."""


class BatchProgress(NamedTuple):
    """Numbers of runs: missing when the batch began, done since, failed since."""

    missing: int
    done: int
    failed: int


@dataclass(frozen=True)
class BatchResult:
    """What a batch did.

    ``replicates`` is how many of each scenario the store holds now; ``settled`` tells whether a
    stopping rule ended the batch; ``damage`` describes the damaged files that it found.
    """

    store: Store
    progress: BatchProgress
    replicates: int
    settled: bool
    damage: Sequence[str]


def _no_progress(progress: BatchProgress) -> None:
    """Show nothing."""


@dataclass(frozen=True)
class BatchOptions:
    """How a batch is run."""

    progress: Callable[[BatchProgress], None] = _no_progress
    """Called after each chunk."""
    until: Callable[[Store, int], bool] | None = None
    """Stopping rule: whether the first N replicates are enough."""
    command: str | None = None
    """The command that requested the batch, for the history of the store."""
    retry_failed: bool = False
    """Whether to run again what failed before."""
    simulate: Simulate = simulate


def fill_store(
    path: Path, request: Request, workers: Workers, options: BatchOptions = BatchOptions()
) -> BatchResult:
    """Run what a request asks for and the store lacks; the store is left in order.

    This also holds for an interrupted batch: what is finished by then is kept, and the same call
    continues from there. Raises :class:`sim.errors.StoreError` where the store does not fit the
    request or is in use, and :class:`sim.errors.OutputError` when the disk refuses.
    """
    if request.replicates < 1:
        raise PanjError("needs at least one replicate", key="-n", value=request.replicates)
    if not isinstance(workers, Serial):
        pack_user_outcomes()  # it may refuse, and so may the next line, before a folder is made
    accepted = accept_request(path, request)
    with store_files.writing(path):
        for folder in (*reversed(path.parents), path):
            store_files.make_folder(folder)
    with locked(path):
        if is_store(path):  # another batch may have added to it meanwhile
            accepted = accept_request(path, request)
        accepted.manifest.history.append(
            {
                "began": utc_now(),
                "finished": None,
                "command": options.command,
                "scenarios": [scenario.name for scenario in accepted.scenarios.values()],
                "replicates": request.replicates,
                **made_with(request.model),
            }
        )
        writer = Writer(path, accepted.manifest, accepted.single_files())
        again = accepted.scenarios if options.retry_failed else ()
        damage = writer.begin(
            lambda part: [
                run for run in part.failed if part.digest in again and run < request.replicates
            ]
        )
        try:
            result = _run_missing(writer, accepted, request.replicates, workers, options)
        except OutputError:
            raise  # a disk that refuses one part would refuse the rest
        except BaseException:
            try:
                workers.close()
            finally:
                writer.recover()
                writer.close()
            raise
        writer.close()
    return BatchResult(Store.open(path), *result, damage=damage)


def _run_missing(
    writer: Writer,
    accepted: AcceptedRequest,
    replicates: int,
    workers: Workers,
    options: BatchOptions,
) -> tuple[BatchProgress, int, bool]:
    """Run what is missing; with a stopping rule in steps, and the rule is asked after each."""
    done: dict[str, set[int]] = {digest: set() for digest in accepted.scenarios}
    for part in writer.parts:
        done.get(part.digest, set()).update(part.replicates)
    progress = BatchProgress(missing_count(replicates, done), 0, 0)
    step = CHECK_EVERY if options.until else replicates
    as_task, size = _task_maker(accepted, options.simulate, workers), TaskSize(workers.width)
    options.progress(progress)
    reached, settled = 0, False
    while reached < replicates and not settled:
        reached = min(reached + step, replicates)
        tasks = map(as_task, missing_chunks(reached, done, size.next_size))
        for result in execute(tasks, run_chunk, crashed_chunk, workers):
            writer.add(result)
            runs, failed = len(result.chunk.replicates), len(result.failed)
            size.learn(runs, result.seconds)
            progress = BatchProgress(
                progress.missing, progress.done + runs - failed, progress.failed + failed
            )
            options.progress(progress)
        for ran in done.values():
            ran.update(range(reached))
        settled = options.until is not None and options.until(Store.open(writer.store), reached)
    return progress, reached, settled


def _task_maker(
    accepted: AcceptedRequest, how: Simulate, workers: Workers
) -> Callable[[Chunk], ChunkTask]:
    texts = {d: scenario.model_dump_json() for d, scenario in accepted.scenarios.items()}
    manifest, here = accepted.manifest, isinstance(workers, Serial)
    variant_of = {stored.digest: stored.variant for stored in manifest.scenarios.values()}
    task = partial(
        ChunkTask,
        root=manifest.root,
        keep=manifest.tables,
        code=code_digest(),
        simulate=how,
        posterior=accepted.posterior,
        rules=None if here else user_rules.pack(user_rules.used_by(accepted.scenarios.values())),
        outcomes=None if here else pack_user_outcomes(),
    )
    return lambda chunk: task(chunk, texts[chunk.digest], variant=variant_of[chunk.digest])


def run_batch(
    scenarios: ScenariosLike,
    replicates: int = 100,
    folder: str | Path | None = None,
    jobs: int | None = None,
    executor: Executor | str | None = None,
    *,
    root: int | None = None,
    posterior: DrawsLike = None,
    draws: int | None = None,
    year: str | None = None,
    structure: str | Path | Sequence[str | Path] | None = None,
    model: type[BorderModel] | None = None,
    districts: bool | None = None,
    incidents: bool | None = None,
    retry_failed: bool = False,
    allow_mixed: bool = False,
    progress: Callable[[BatchProgress], None] = _no_progress,
) -> Store:
    """Run each scenario ``replicates`` times and return the store that holds the outcomes.

    Only what ``folder`` does not hold yet is run. Without a folder the store is temporary: it
    lasts as long as the returned object. ``scenarios`` are names, paths of files, scenarios,
    overrides, or a table of overrides, one or several: see :func:`sim.scenario.design.scenarios`.
    For ``jobs`` and ``executor`` see :func:`sim.runs.workers.start_workers`.

    ``root`` is the seed from which the seeds of all replicates follow; a store has one (0).
    ``posterior`` gives draws of the uncertain parameters: a folder, ``"shipped"``, or a table of
    values with one row per draw. ``draws`` is how many of them are used (100 of a folder, all of a
    table). If the posterior knows the state of years, the first year of each run starts in
    conditions drawn for the coming year, or for ``year`` ("2016").

    ``structure`` also runs every scenario in variants of the model: ``"all"``, or what
    :func:`sim.runs.structure.variants` takes. ``model`` is your own model, a class that extends
    :class:`sim.BorderModel`; the store records a digest of its code and accepts no other model.
    ``districts`` (yes) and ``incidents`` (no) say whether to keep these tables. ``retry_failed``
    runs again what failed before. ``allow_mixed`` adds to a store made with other code, or that
    has another scenario of the same name. ``progress`` is called after each chunk. Raises
    :class:`sim.errors.PanjError`.
    """
    from sim.scenario.design import scenarios as read_scenarios

    specs = read_scenarios(scenarios)
    replicates = as_whole_number(replicates, "replicates")
    root = None if root is None else as_seed(root, "root")
    jobs = None if jobs is None else as_whole_number(jobs, "jobs")
    draws = None if draws is None else as_whole_number(draws, "draws")
    keep: dict[TableName, bool | None] = {"districts": districts, "incidents": incidents}
    request = Request(
        specs,
        replicates,
        root,
        keep,
        allow_mixed,
        choose_draws(posterior, draws, year),
        () if structure is None else variants(structure),
        None if model is None else user_model.model_identity(model),
    )
    how = simulate if model is None else user_model.simulate_with(model, here=executor == "serial")
    path = Path(tempfile.mkdtemp(prefix="panj-") if folder is None else folder)
    options = BatchOptions(progress=progress, retry_failed=retry_failed, simulate=how)
    with start_workers(executor, jobs) as workers:
        store = fill_store(path, request, workers, options).store
    if folder is None:
        weakref.finalize(store, shutil.rmtree, path, ignore_errors=True)
    return store
