"""How much faster two processes are than one, and what a batch costs besides the model."""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

from benchmarks.forgetting import forgetting
from benchmarks.timing import Timings
from sim.model import BorderModel
from sim.runs.batch import BatchOptions, BatchProgress, fill_store
from sim.runs.replicate import seed_of
from sim.runs.request import Request
from sim.runs.workers import Workers, start_workers
from sim.scenario.spec import Scenario

HALVES = 2


def run_bare(order: tuple[str, tuple[int, ...]]) -> int:
    """Run a scenario, given as JSON, for each seed and keep nothing; return the number of runs."""
    text, seeds = order
    scenario = Scenario.model_validate_json(text)
    for seed in seeds:
        BorderModel(scenario, seed).run().outcomes()
    return len(seeds)


def _bare(workers: Workers, scenario: Scenario, runs: int) -> int:
    text, seeds = scenario.model_dump_json(), [seed_of(r) for r in range(runs)]
    halves = [tuple(seeds[half::HALVES]) for half in range(HALVES)]
    return sum(f.result() for f in [workers.submit(run_bare, (text, half)) for half in halves])


def two_against_one(scenario: Scenario, runs: int, rounds: int, folder: Path) -> Timings:
    """Wall time, ms, of ``runs`` runs in one and in two processes, bare and as a batch, in turn.

    The bare pair writes nothing and waits for nothing: it shows what the machine allows.
    Pools are started and warmed before; stores are new each time.
    """
    numbers = iter(range(4 * (rounds + 1)))

    def batch(workers: Workers, replicates: int) -> None:
        fill_store(folder / str(next(numbers)), Request([scenario], replicates), workers)

    with start_workers(jobs=1) as one, start_workers(jobs=2) as two:
        work: dict[str, Callable[[int], object]] = {
            "bare 1": lambda n: _bare(one, scenario, n),
            "bare 2": lambda n: _bare(two, scenario, n),
            "batch 1": lambda n: batch(one, n),
            "batch 2": lambda n: batch(two, n),
        }
        for do in work.values():
            do(2 * HALVES)
        timings = Timings(list(work))
        for _ in range(rounds):
            for name, do in work.items():
                start = perf_counter()
                do(runs)
                timings.of[name].append(1000.0 * (perf_counter() - start))
    return timings


class Clocks(NamedTuple):
    """Wall time and processor time, s."""

    wall: float
    processor: float

    @classmethod
    def now(cls) -> "Clocks":
        """Read the clocks."""
        return cls(perf_counter(), process_time())

    def since(self, then: "Clocks") -> "Clocks":
        """The time between two readings."""
        return Clocks(self.wall - then.wall, self.processor - then.processor)


class Around(NamedTuple):
    """A serial batch, and the same runs bare."""

    batch: Clocks
    bare: Clocks

    @property
    def share(self) -> Clocks:
        """The share of the batch besides the model, in wall time and in processor time."""
        return Clocks(
            1.0 - self.bare.wall / self.batch.wall,
            1.0 - self.bare.processor / self.batch.processor,
        )


def around(scenario: Scenario, runs: int, folder: Path) -> Around:
    """Time a serial batch; after each chunk the runs of that chunk are done again, bare.

    So both halves of the comparison run on the same machine within a second or two. Importing is
    done before and counts for neither.
    """
    spent = Clocks(0.0, 0.0)
    seeds: Iterator[int] = (seed_of(replicate) for replicate in range(runs))
    did = 0

    def again(tally: BatchProgress) -> None:
        nonlocal spent, did
        start = Clocks.now()
        while did < tally.done + tally.failed:
            with forgetting():  # the batch has just read the same seeds
                BorderModel(scenario, next(seeds)).run().outcomes()
            did += 1
        more = Clocks.now().since(start)
        spent = Clocks(spent.wall + more.wall, spent.processor + more.processor)

    with start_workers("serial") as workers:
        fill_store(folder / "warm", Request([scenario], 1), workers)
        start = Clocks.now()
        fill_store(
            folder / "timed", Request([scenario], runs), workers, BatchOptions(progress=again)
        )
        whole = Clocks.now().since(start)
    return Around(whole.since(spent), spent)
