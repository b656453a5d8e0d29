"""``python -m benchmarks.crashes``: batches killed at random instants, and what was lost."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

import click

from benchmarks.figures import show, write
from benchmarks.interrupted import Killer, Result, Task, complete
from sim.runs.store import Store


def kill_again_and_again(task: Task, kills: int, seed: int) -> list[Result]:
    """Interrupt stores until ``kills`` batches were killed and the last store is complete."""
    results: list[Result] = []
    with TemporaryDirectory(prefix="panj-") as made:
        folder = Path(made)
        complete(folder / "reference", task)
        expected = Store.open(folder / "reference").table_hash()
        killer = Killer(task, Random(seed))
        patience = killer.patience(folder)
        while sum(result.kills for result in results) < kills:
            store = folder / str(len(results))
            results.append(killer.until_complete(store, expected, patience))
    return results


def figures(results: list[Result]) -> dict[str, int]:
    """What happened, in numbers; the last two should be 0."""
    return {
        "batches killed": sum(result.kills for result in results),
        "of them with a file half written": sum(result.half_written for result in results),
        "most kills of one store": max(result.kills for result in results),
        "stores completed": len(results),
        "of them never killed": sum(not result.kills for result in results),
        "stores whose table hash differs": sum(not result.same for result in results),
        "stores that do not verify": sum(not result.sound for result in results),
    }


@click.command()
@click.option("--kills", default=200, show_default=True, type=click.IntRange(min=1))
@click.option("-n", "--replicates", default=24, show_default=True, type=click.IntRange(min=1))
@click.option("--days", default=1.0, show_default=True, help="Horizon of every run, days.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(min=1),
              help="Processes of each batch; 1 runs in the one that is killed.")  # fmt: skip
@click.option("--seed", default=1, show_default=True, help="Seed of the instants.")
@click.option("--json", "path", type=click.Path(dir_okay=False, path_type=Path), help="Write here.")
def main(kills: int, replicates: int, days: float, jobs: int, seed: int, path: Path | None) -> None:
    """Kill batches of two scenarios with SIGKILL until they are complete, again and again."""
    task = Task(replicates, days, jobs)
    start = perf_counter()
    found = figures(kill_again_and_again(task, kills, seed))
    seconds = perf_counter() - start
    notes = [
        f"{2 * replicates} runs of {days:g} days to a store, in chunks of a few; {seconds:.0f} s. "
        "A batch is killed at an instant drawn evenly from the time that a whole one takes, or at "
        "the next write after it; the same call then goes on from there, until one is through.",
        "The table hash is compared with that of a batch left alone, in chunks as large as usual.",
    ]
    show("Batches killed", ("what", "count"), [[k, str(v)] for k, v in found.items()], notes)
    write(path, {**task._asdict(), "seed": seed, "seconds": seconds, "counts": found})
    if found["stores whose table hash differs"] or found["stores that do not verify"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
