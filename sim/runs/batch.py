"""A batch: scenarios times replicates, minus what the store holds already."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
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
from sim.runs.chunks import Chunk, chunks, missing
from sim.runs.code_version import code_digest, made_with
from sim.runs.execute import Pace, execute
from sim.runs.lock import locked
from sim.runs.provenance import utc_now
from sim.runs.request import Admitted, Request, admit
from sim.runs.store import Store
from sim.runs.store_tables import TableName, simulate
from sim.runs.structure import variants
from sim.runs.work import Order, Simulate, crashed_parcel, run_chunk
from sim.runs.workers import Borrowed, Processes, Serial, Workers, usable_cores
from sim.runs.writer import Writer

if TYPE_CHECKING:
    from sim.model import BorderModel
    from sim.runs.posterior import Posterior
    from sim.scenario.spec import Scenario

type Wanted = Scenario | str | Path | Mapping[str, object] | Iterable[object]
"""What :func:`sim.scenario.design.scenarios` takes."""

type Drawn = Posterior | str | Path | Iterable[object] | None
"""Draws of uncertain parameters: a list of them, a folder, ``"shipped"``, or a table of values."""

LOOK: Final = 50
"""A stopping rule is asked after each 50 replicates of every scenario, on any executor."""

DRAWS: Final = 100
"""Draws of a posterior that a batch uses unless told otherwise."""


class Tally(NamedTuple):
    """How far a batch is: runs that were missing when it began, done since, failed since."""

    missing: int
    done: int
    failed: int


@dataclass(frozen=True)
class Report:
    """What a batch did: ``damage`` it found, and after how many replicates it ended."""

    store: Store
    tally: Tally
    replicates: int
    settled: bool
    damage: Sequence[str]


def _unwatched(tally: Tally) -> None:
    """Nobody looks."""


@dataclass(frozen=True)
class Watch:
    """How a batch is run and who looks on."""

    progress: Callable[[Tally], None] = _unwatched
    """Told after each chunk how far the batch is."""
    until: Callable[[Store, int], bool] | None = None
    """Asked whether the first so many replicates are enough."""
    command: str | None = None
    """The command that asked for it, for the history of the store."""
    retry_failed: bool = False
    """Whether to run again what failed before."""
    simulate: Simulate = simulate


def run_on(store: Path, request: Request, workers: Workers, watch: Watch = Watch()) -> Report:
    """Run on workers what a request wants and a store lacks; the store is left in order.

    Also when interrupted: what is finished then is kept, and the same call goes on from there.
    Raises :class:`sim.errors.StoreError` where the store is another's or in use, and
    :class:`sim.errors.OutputError` when the disk refuses.
    """
    if request.replicates < 1:
        raise PanjError("needs at least one replicate", key="-n", value=request.replicates)
    if not isinstance(workers, Serial):
        pack_user_outcomes()  # it may refuse, and so may this, before a folder is made
    admitted = admit(store, request)
    with store_files.writing(store):
        for folder in (*reversed(store.parents), store):
            store_files.make_folder(folder)
    with locked(store):
        if is_store(store):  # what another batch did meanwhile counts
            admitted = admit(store, request)
        admitted.manifest.history.append(_entry(admitted, request, watch))
        writer = Writer(store, admitted.manifest, admitted.single_files())
        again = admitted.scenarios if watch.retry_failed else ()
        damage = writer.begin(
            lambda part: [
                run for run in part.failed if part.digest in again and run < request.replicates
            ]
        )
        try:
            report = _fill(writer, admitted, request, workers, watch)
        except OutputError:
            raise  # a disk that refuses a part would refuse the rest
        except BaseException:
            try:
                workers.close()
            finally:
                writer.recover()
                writer.close()
            raise
        writer.close()
    return Report(Store.open(store), *report, damage=damage)


def _entry(admitted: Admitted, request: Request, watch: Watch) -> dict[str, object]:
    return {
        "began": utc_now(),
        "finished": None,
        "command": watch.command,
        "scenarios": [scenario.name for scenario in admitted.scenarios.values()],
        "replicates": request.replicates,
        **made_with(request.model),
    }


def _fill(
    writer: Writer, admitted: Admitted, request: Request, workers: Workers, watch: Watch
) -> tuple[Tally, int, bool]:
    """Run what is missing, in steps where a rule is asked after each."""
    there: dict[str, set[int]] = {digest: set() for digest in admitted.scenarios}
    for part in writer.parts:
        there.get(part.digest, set()).update(part.replicates)
    tally = Tally(sum(missing(request.replicates, there).values()), 0, 0)
    step = LOOK if watch.until else request.replicates
    order, pace = _orders(admitted, watch.simulate, workers), Pace(workers.width)
    watch.progress(tally)
    reached, settled = 0, False
    while reached < request.replicates and not settled:
        reached = min(reached + step, request.replicates)
        orders = map(order, chunks(reached, there, pace.size))
        for parcel in execute(orders, run_chunk, crashed_parcel, workers):
            writer.add(parcel)
            runs = len(parcel.chunk.replicates)
            pace.learn(runs, parcel.seconds)
            failed = len(parcel.failed)
            tally = Tally(tally.missing, tally.done + runs - failed, tally.failed + failed)
            watch.progress(tally)
        for replicates in there.values():
            replicates.update(range(reached))
        settled = watch.until is not None and watch.until(Store.open(writer.store), reached)
    return tally, reached, settled


def _orders(admitted: Admitted, how: Simulate, workers: Workers) -> Callable[[Chunk], Order]:
    texts = {d: scenario.model_dump_json() for d, scenario in admitted.scenarios.items()}
    manifest, here = admitted.manifest, isinstance(workers, Serial)
    within = {stored.digest: stored.variant for stored in manifest.scenarios.values()}
    order = partial(
        Order,
        root=manifest.root,
        keep=manifest.tables,
        code=code_digest(),
        simulate=how,
        posterior=admitted.posterior,
        rules=None if here else user_rules.packed(user_rules.own(admitted.scenarios.values())),
        outcomes=None if here else pack_user_outcomes(),
    )
    return lambda chunk: order(chunk, texts[chunk.digest], variant=within[chunk.digest])


@contextmanager
def hired(executor: Executor | str | None = None, jobs: int | None = None) -> Iterator[Workers]:
    """Workers as asked for.

    ``executor``: None or ``"processes"`` (a pool of ``jobs`` processes, one a core unless
    said), ``"serial"`` (this process), ``"tcp://HOST:PORT"`` (a Dask scheduler), or any
    executor of :mod:`concurrent.futures`, which is given ``jobs`` chunks at a time.
    """
    if jobs is not None and jobs < 1:
        raise PanjError("needs at least one", key="--jobs", value=jobs)
    width = jobs or usable_cores()
    if isinstance(executor, Executor):
        yield Borrowed(executor, width)
        return
    if executor is not None and "://" in executor:
        from sim.runs.cluster import cluster

        with cluster(executor) as borrowed:
            yield borrowed
        return
    if executor not in (None, "processes", "serial"):
        raise PanjError(
            "is not an executor",
            value=executor,
            remedy='Allowed: "processes", "serial", the address of a Dask scheduler '
            '("tcp://HOST:PORT"), or an executor of concurrent.futures.',
        )
    workers = Serial() if executor == "serial" else Processes(width)
    try:
        yield workers
    finally:
        workers.close()


def chosen(posterior: Drawn, draws: int | None = None, year: str | None = None) -> Posterior | None:
    """The draws to use: those given, as a table or a file of one, or read from the folder named.

    At most so many; without a number all of a table, and :data:`DRAWS` of any other. Where they
    know of years they stand for the coming one, or for the ``year`` that is named. Raises
    :class:`sim.errors.StoreError` for a year that they do not know.
    """
    from sim.runs.posterior import Posterior

    if posterior is None:
        if year is not None:
            raise PanjError("needs the draws of a posterior", key="year", value=year)
        return None
    if isinstance(posterior, Posterior):
        found = posterior
    elif isinstance(posterior, str | Path) and Path(posterior).suffix != ".csv":
        found = Posterior.read(posterior)
    else:
        found = Posterior.given(posterior, str(posterior)[:80])
        draws = draws or len(found.draws)
    return found.first(draws or DRAWS).of_year(year)


def run_batch(
    scenarios: Wanted,
    replicates: int = 100,
    folder: str | Path | None = None,
    jobs: int | None = None,
    executor: Executor | str | None = None,
    *,
    root: int | None = None,
    posterior: Drawn = None,
    draws: int | None = None,
    year: str | None = None,
    structure: str | Path | Sequence[str | Path] | None = None,
    model: type[BorderModel] | None = None,
    districts: bool | None = None,
    incidents: bool | None = None,
    retry_failed: bool = False,
    allow_mixed: bool = False,
    progress: Callable[[Tally], None] = _unwatched,
) -> Store:
    """Run each scenario ``replicates`` times and return the store that holds the outcomes.

    Only what ``folder`` does not hold yet is run. Without a folder the store is temporary: it
    lasts as long as the object. ``scenarios`` are names, paths of files, scenarios, overrides, or
    a table of overrides, one or several: see :func:`sim.scenario.design.scenarios`; and
    :func:`hired` for ``jobs`` and ``executor``.

    ``root`` is the seed of the seeds, of which a store has one (0). ``posterior`` gives draws of
    the uncertain parameters (a folder of some, ``"shipped"``, or a table of values with a row a
    draw), of which ``draws`` are used (100 of a folder, or as many as there are). Of a posterior
    that knows of years they stand for the coming one, or for ``year`` ("2016"): the first year of
    a run lies as that year did, or may lie. ``structure`` also runs every scenario in variants of
    the model: ``"all"``, or as :func:`sim.runs.structure.variants` takes them. ``model`` is one of
    one's own, a class that extends :class:`sim.BorderModel`; a store knows it by its code, and goes
    on with no other. ``districts`` and ``incidents`` tell whether to keep these tables (yes and
    no). ``retry_failed`` runs again what failed before, and ``allow_mixed`` adds to a store of
    other code, or another scenario of the same name. ``progress`` is told after each chunk how far
    the batch is. Raises
    :class:`sim.errors.PanjError`.
    """
    from sim.scenario.design import scenarios as meant

    specs = meant(scenarios)
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
        chosen(posterior, draws, year),
        () if structure is None else variants(structure),
        None if model is None else user_model.noted(model),
    )
    how = simulate if model is None else user_model.simulating(model, here=executor == "serial")
    path = Path(tempfile.mkdtemp(prefix="panj-") if folder is None else folder)
    watch = Watch(progress=progress, retry_failed=retry_failed, simulate=how)
    with hired(executor, jobs) as workers:
        store = run_on(path, request, workers, watch).store
    if folder is None:
        weakref.finalize(store, shutil.rmtree, path, ignore_errors=True)
    return store
