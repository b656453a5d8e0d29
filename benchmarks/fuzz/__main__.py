"""``python -m benchmarks.fuzz``: a hundred thousand corrupted inputs, and their results."""

from __future__ import annotations

import resource
import signal
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from socket import AddressFamily, socket
from tempfile import TemporaryDirectory
from typing import Final

import click

from benchmarks.figures import write
from benchmarks.fuzz.readers import READERS
from sim.errors import PanjError

SLOW_SECONDS: Final = 1.0
"""Processor time; an input that takes longer is a fault."""

WORK_SECONDS: Final = {"messages": 5.0}
"""Additional time for what an input may request: a lever moved late runs a year again."""

HANG_SECONDS: Final = 30
MEMORY_BYTES: Final = 6 * 2**30
_WRITING: Final = ("w", "a", "x", "+")


@dataclass
class Met:
    """The results of the inputs of one reader."""

    taken: int = 0
    refused: int = 0
    slowest: float = 0.0
    faults: list[str] = field(default_factory=list)


class Watch:
    """Records every file opened for writing, and every program and socket, from now on."""

    def __init__(self) -> None:
        self.inside: Path | None = None
        self.outside: list[str] = []
        sys.addaudithook(self._saw)

    def _saw(self, event: str, about: tuple[object, ...]) -> None:
        if self.inside is None:
            return
        if event in ("subprocess.Popen", "os.system", "os.exec"):
            self.outside.append(f"{event} {about[:1]}")
        elif event == "socket.connect":
            (link, address) = about
            # the server of workers is reached by a socket of the machine itself
            if not (isinstance(link, socket) and link.family is AddressFamily.AF_UNIX):
                self.outside.append(f"{event} {address}")
        elif event == "open" and isinstance(about[0], str | bytes) and isinstance(about[1], str):
            path = Path(str(about[0])).absolute()
            if any(letter in about[1] for letter in _WRITING) and self.inside not in path.parents:
                self.outside.append(f"wrote {path}")


def feed(name: str, inputs: int, seed: int, folder: Path, watch: Watch) -> Met:
    """Give ``inputs`` corrupted inputs to a reader."""
    make, _ = READERS[name]
    reader, met = make(folder), Met()
    for number in range(inputs):
        random = Random(f"{seed}/{name}/{number}")
        watch.inside, began = folder, time.process_time()
        signal.alarm(HANG_SECONDS)
        try:
            reader(random)
            met.taken += 1
        except PanjError as error:
            met.refused += 1
            if not str(error).strip() or "Traceback" in str(error):
                met.faults.append(f"{number}: says nothing: {error!r}")
        except (Exception, RecursionError) as error:
            told = traceback.format_exception(error)[-1].strip()
            where = traceback.extract_tb(error.__traceback__)[-1]
            met.faults.append(
                f"{number}: {told[:200]} ({Path(where.filename).name}:{where.lineno})"
            )
        finally:
            signal.alarm(0)
            watch.inside = None
        took = time.process_time() - began
        met.slowest = max(met.slowest, took)
        if took > SLOW_SECONDS + WORK_SECONDS.get(name, 0.0):
            met.faults.append(f"{number}: took {took:.1f} s")
        met.faults += [f"{number}: {said}" for said in watch.outside]
        watch.outside.clear()
    return met


def _hung(*_: object) -> None:
    raise TimeoutError(f"no answer in {HANG_SECONDS} s")


def run(inputs: int, seed: int, only: str = "") -> dict[str, Met]:
    """Divide the inputs among the readers whose names contain ``only``."""
    signal.signal(signal.SIGALRM, _hung)
    chosen = {name: share for name, (_, share) in READERS.items() if only in name}
    whole, watch = sum(chosen.values()), Watch()
    found = {}
    for name, share in chosen.items():
        with TemporaryDirectory(prefix="panj-") as folder:
            count = max(1, round(inputs * share / whole))
            found[name] = feed(name, count, seed, Path(folder).resolve(), watch)
    return found


@click.command()
@click.option("-n", "--inputs", default=100_000, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=1, show_default=True)
@click.option("--only", default="", help="Readers whose name has this in it.")
@click.option("--json", "path", type=click.Path(dir_okay=False, path_type=Path), help="Write here.")
def main(inputs: int, seed: int, only: str, path: Path | None) -> None:
    """Give INPUTS corrupted inputs to the readers, and report those neither read nor refused."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    found = run(inputs, seed, only)
    for name, met in found.items():
        click.echo(
            f"{name:12} {met.taken + met.refused + len(met.faults):7,} inputs  "
            f"{met.refused:7,} refused  slowest {met.slowest:.2f} s  {len(met.faults)} faults"
        )
        kinds = Counter(fault.partition(": ")[2] for fault in met.faults)
        for kind, count in kinds.most_common(12):
            first = next(fault for fault in met.faults if fault.endswith(kind))
            click.echo(f"    {count} x {kind}  (first: input {first.partition(':')[0]})")
    faults = sum(len(met.faults) for met in found.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"inputs": inputs, "faults": faults, "peak_mb": round(peak)}
    if path:
        write(path, figures)
    click.echo(f"{inputs:,} inputs, {faults} faults, peak {peak:,.0f} MB")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
