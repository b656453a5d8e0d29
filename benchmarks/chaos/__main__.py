"""``python -m benchmarks.chaos``: batches disturbed in every way, and their outcome."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

import click

from benchmarks.chaos.batch import Round
from benchmarks.chaos.kinds import KINDS, Bench, Job, combined
from benchmarks.figures import show, write


class Line(NamedTuple):
    """All rounds of one kind of disturbance."""

    name: str
    rounds: list[Round]
    seconds: float

    @property
    def faults(self) -> list[Round]:
        """The rounds with a wrong outcome."""
        may_refuse = KINDS[self.name].may_refuse
        return [
            one
            for one in self.rounds
            if one[:3] != (0, 0, 0) or not (one.equal or (may_refuse and one.refused))
        ]

    def figures(self) -> dict[str, int]:
        """The outcome in numbers; ``lost``, ``double`` and ``wrong`` should be 0."""
        all_ = combined(self.rounds)
        return {
            "times": all_.times,
            "stores": len(self.rounds),
            "lost": all_.lost,
            "double": all_.double,
            "wrong": all_.wrong,
            "told": sum(bool(one.told or one.refused) for one in self.rounds),
            "refused": sum(bool(one.refused) for one in self.rounds),
            "equal": sum(one.equal for one in self.rounds),
        }


def disturb(name: str, bench: Bench, times: int | None = None, jobs: int = 2) -> Line:
    """Disturb stores in one way, several at a time, as often as usual or at most N times."""
    kind, began = KINDS[name], perf_counter()
    most = kind.times if times is None else min(kind.times, times)
    with ThreadPoolExecutor(jobs) as pool:
        rounds = list(pool.map(_round, kind.jobs(bench, most)))
    return Line(name, [one for one in rounds if one], perf_counter() - began)


def _round(job: Job) -> Round | None:
    """The outcome of a store; None where the disturbance cannot be made here."""
    try:
        return job()
    except PermissionError:
        return None
    except Exception as error:  # a traceback, where a message should be
        return Round(equal=False, refused=repr(error))


def made() -> TemporaryDirectory[str]:
    """A folder in memory if possible; it survives a killed process."""
    memory = Path("/dev/shm")
    there = str(memory) if os.access(memory, os.W_OK) else None
    return TemporaryDirectory(prefix="panj-", dir=there)


def _lines(
    kinds: tuple[str, ...], folder: Path, seed: int, times: int | None, jobs: int
) -> Iterator[Line]:
    bench = Bench(folder, seed)
    for name in kinds or KINDS:
        line = disturb(name, bench, times, jobs)
        click.echo(f"{name}: {line.seconds:.0f} s, {line.figures()}", err=True)
        for fault in line.faults[:5]:
            click.echo(f"  {fault}", err=True)
        yield line


@click.command()
@click.argument("kinds", nargs=-1, type=click.Choice(list(KINDS)))
@click.option("--times", type=click.IntRange(min=1), help="Disturb at most so often, each kind.")
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(min=1),
              help="Stores that are disturbed at the same time.")  # fmt: skip
@click.option("--seed", default=1, show_default=True, help="Seed of what is left to chance.")
@click.option("--json", "path", type=click.Path(dir_okay=False, path_type=Path), help="Write here.")
def main(
    kinds: tuple[str, ...], times: int | None, jobs: int, seed: int, path: Path | None
) -> None:
    """Disturb batches in all KINDS of ways, or some, and compare them with an undisturbed one."""
    began = perf_counter()
    with made() as folder:
        lines = list(_lines(kinds, Path(folder), seed, times, jobs))
    columns = list(lines[0].figures())
    rows = [
        [line.name, *(str(v) for v in line.figures().values()), f"{line.seconds:.0f}"]
        for line in lines
    ]
    notes = [
        f"{perf_counter() - began:.0f} s. lost: runs that were said to be done and had to be made "
        "again. double: runs there twice. wrong: rows read as something else. told: stores with a "
        "message. refused: the next batch did not go on and said why. equal: it left what a batch "
        "left alone leaves.",
    ]
    show("Batches disturbed", ("disturbance", *columns, "s"), rows, notes)
    write(path, {"seed": seed, "lines": {line.name: line.figures() for line in lines}})
    if any(line.faults for line in lines):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
