"""``python -m benchmarks.damaged``: how commands deal with damaged stores."""

import hashlib
import io
import os
import resource
import shutil
import signal
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from types import FrameType
from typing import Final, NamedTuple

import click

from benchmarks.damages import Damage, every
from benchmarks.figures import show, write
from benchmarks.fuzz.readers import small_store
from sim.cli.main import main as panj

SECONDS: Final = 60
"""A command that takes longer hangs."""

ROOM: Final = 3 << 30
"""Bytes of memory that a command may ask for beyond what this process has."""

CHANGED: Final = "changed what it may not touch"
JOURNAL: Final = "store.sqlite-journal"
STORE, OUTSIDE, OUT = "store", "outside", "out"

READERS: Final = (
    ("store", "info", STORE),
    ("store", "info", STORE, "--json"),
    ("store", "verify", STORE),
    ("store", "verify", STORE, "--rerun", "1"),
    ("store", "sql", STORE, "SELECT scenario, count(*), avg(deaths) FROM outcomes GROUP BY ALL"),
    ("store", "sql", STORE, "SELECT * FROM districts, parameters LIMIT 3", "--json"),
    ("store", "export", STORE, "--force", "-o", f"{OUT}/outcomes.csv"),
    ("store", "export", STORE, "--force", "--table", "districts", "-o", f"{OUT}/districts.parquet"),
    ("compare", STORE),
    ("report", STORE, "-o", f"{OUT}/report.html"),
    ("plot", STORE, "-o", f"{OUT}/plot.png", "--force"),
)
WRITER: Final = ("batch", "-n", "4", "--serial", "-o", STORE)
COMMANDS: Final = (*READERS, WRITER)


class Met(NamedTuple):
    """How a command ended: its status, or a forbidden effect."""

    damage: str
    command: str
    status: int
    seconds: float
    fault: str = ""
    said: str = ""


class Hangs(BaseException):
    """A command took too long."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Limit time and memory within the block."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Hangs

    before = resource.getrlimit(resource.RLIMIT_AS)
    there = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    handler = signal.signal(signal.SIGALRM, stop)
    resource.setrlimit(resource.RLIMIT_AS, (there + ROOM, before[1]))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_AS, before)
        signal.signal(signal.SIGALRM, handler)


def meet(case: Path, damage: str, command: tuple[str, ...]) -> Met:
    """Run a command in a folder with a store and what is outside it."""
    kept = [case / OUTSIDE] if command == WRITER else [case / OUTSIDE, case / STORE]
    before = list(map(state, kept))
    output, fault, status = io.StringIO(), "", -1
    here, began = Path.cwd(), perf_counter()
    os.chdir(case)
    try:
        with bounded(SECONDS), redirect_stdout(output), redirect_stderr(output):
            status = panj(list(command))
    except Hangs:
        fault = "hangs"
    except BaseException as error:  # whatever reaches the user's terminal as a traceback
        fault = f"traceback: {''.join(traceback.format_exception(error))}"
    finally:
        os.chdir(here)
    said = output.getvalue()
    if not fault:
        fault = _fault(status, said)
    if not fault and list(map(state, kept)) != before:
        fault = CHANGED
    if not fault and not set(os.listdir(case)) <= {STORE, OUTSIDE, OUT}:
        fault = "left something outside"
    return Met(damage, " ".join(command), status, perf_counter() - began, fault, said)


def _fault(status: int, said: str) -> str:
    if status not in (0, 1, 2):
        return f"ends with status {status}"
    if "Traceback" in said:
        return f"prints a traceback: {said}"
    if status and not said.strip():
        return "says nothing"
    if strange := sorted({c for c in said if not c.isprintable() and c != "\n"}):
        return f"prints {strange}"
    return ""


def state(folder: Path) -> dict[str, tuple[int, str]]:
    """Kind and content of everything in a folder, or of a file."""
    found = {}
    for path in (folder, *sorted(folder.rglob("*"))) if os.path.lexists(folder) else ():
        mode = path.lstat().st_mode
        if path.is_symlink():
            content = str(path.readlink())
        elif path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            content = ""
        if path.name != JOURNAL:  # the next reader may undo a torn transaction
            found[str(path.relative_to(folder))] = (mode, content)
    return found


def damage(
    whole: Path, folder: Path, step: int = 1, kinds: Iterable[tuple[str, Damage]] | None = None
) -> Iterator[Met]:
    """Damage a copy of a store in every way and run every ``step``-th command on it."""
    turn = count()
    for name, spoil in every() if kinds is None else kinds:
        for command in COMMANDS:
            if next(turn) % step == 0:
                case = folder / "case"
                shutil.copytree(whole, case / STORE)
                for made in (OUTSIDE, OUT):
                    (case / made).mkdir()
                spoil(case / STORE, case / OUTSIDE)
                yield meet(case, name, command)
                shutil.rmtree(case)


def figures(met: list[Met]) -> dict[str, int]:
    """What happened, in counts; those that begin with "of them" should be 0."""
    faults = [m.fault for m in met if m.fault]
    status = Counter(m.status for m in met if not m.fault)
    hangs = sum(fault == "hangs" for fault in faults)
    tracebacks = sum("traceback" in fault for fault in faults)
    return {
        "kinds of damage": len({m.damage for m in met}),
        "commands on damaged stores": len(met),
        "ended with status 0": status[0],
        "ended with status 1": status[1],
        "ended with status 2": status[2],
        "of them with a traceback": tracebacks,
        "of them hanging": hangs,
        "of them otherwise wrong": len(faults) - tracebacks - hangs,
    }


@click.command()
@click.option("--step", default=5, show_default=True, type=click.IntRange(min=1),
              help="Run only every N-th command on each damaged store.")  # fmt: skip
@click.option("--only", default="", help="Only kinds of damage whose name contains this.")
@click.option(
    "--json",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the figures as JSON.",
)
def main(step: int, only: str, path: Path | None) -> None:
    """Damage a store in many ways and check how each command deals with it."""
    began = perf_counter()
    with TemporaryDirectory(prefix="panj-") as made:
        whole = small_store(Path(made) / "whole").path
        met = []
        for one in damage(whole, Path(made), step, [k for k in every() if only in k[0]]):
            met.append(one)
            if one.fault:
                click.echo(f"{one.damage}: panj {one.command}: {one.fault}", err=True)
    found, seconds = figures(met), perf_counter() - began
    longest = max(met, key=lambda m: m.seconds, default=Met("", "", 0, 0.0))
    notes = [
        f"{seconds:.0f} s; the longest command took {longest.seconds:.1f} s "
        f"({longest.damage}: {longest.command}). Each command is given to a "
        "fresh copy of the store, damaged in one way; it may end with 0, 1 or 2 and a message, "
        "and change nothing outside the store.",
    ]
    show("Damaged stores", ("what", "count"), [[k, str(v)] for k, v in found.items()], notes)
    write(path, {"seconds": seconds, "counts": found})
    if any(value for what, value in found.items() if what.startswith("of them")):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
