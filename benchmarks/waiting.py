"""``python -m benchmarks.waiting``: how long each command takes, against a common import.

Each command runs in its own process. Its processor time, with all its children, is divided by the
time of a process that imports numpy, pandas and matplotlib in the same round. Compiled bytecode is
kept, as in an installation.
"""

import ctypes
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import click

from benchmarks.figures import between, show, write
from benchmarks.timing import Timings
from sim.runs.batch import run_batch
from sim.runs.catalogue import Catalogue
from sim.runs.parts import BLOCK, Part
from sim.runs.store import Store

ROOT: Final = Path(__file__).resolve().parent.parent
COMMON: Final = "import numpy, pandas, matplotlib"
SCENARIOS: Final = (
    "baseline", "counter_drone_watch", "harden_worksites", "heightened_always", "hot_spot_surge",
    "jittered_patrols", "joint_control", "preemptive_season", "reserve_and_air", "rotation",
    "routine_always", "surveillance", "triggered", "triggered_by_district",
)  # fmt: skip

_SUBREAPER: Final = 36
"""PR_SET_CHILD_SUBREAPER of Linux: a process that outlives its parent becomes our child."""


class Command(NamedTuple):
    """A command to time, and the ratio that it should stay below."""

    what: str
    arguments: tuple[str, ...]
    bar: float


def commands(store: Path, parts: Path, folder: Path) -> list[Command]:
    """The commands to time; ``store`` holds runs, ``parts`` a catalogue of many parts."""
    batch = "batch baseline -n 2 --jobs 2 --set days=1 --posterior none -o"
    page, pictures, started = (str(folder / name) for name in ("page.html", "all", "started"))
    report = ("report", str(store), "-o", page, "--force")
    return [
        Command("panj run baseline", ("run", "baseline"), 1.0),
        Command("panj compare", ("compare", str(store)), 0.8),
        Command("panj report", report, 3.3),
        Command(
            "panj plot --kind all",
            ("plot", str(store), "--kind", "all", "-o", pictures, "--force"),
            3.3,
        ),
        Command("a batch's start, two processes", (*batch.split(), started), 1.0),
        Command("panj store info, many parts", ("store", "info", str(parts)), 1.3),
        Command("panj scenario list", ("scenario", "list"), 1.0),
    ]


def processor_ms(*arguments: str) -> float:
    """Processor time of a Python process and its children, ms.

    Raise ``RuntimeError`` with its output where it fails.
    """
    before = _children_ms()
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    with suppress(ChildProcessError):
        while True:
            os.wait()
    return _children_ms() - before


def _children_ms() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000.0 * (used.ru_utime + used.ru_stime)


def measured(found: list[Command], rounds: int, folder: Path) -> Timings:
    """Time the common import and all commands in turn in each round, after a warm-up round."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    work: Mapping[str, tuple[str, ...]] = {
        COMMON: ("-c", COMMON),
        **{command.what: ("-m", "sim", *command.arguments) for command in found},
    }
    timings = Timings(list(work))
    for number in range(rounds + 1):
        for what, arguments in work.items():
            _forget(folder / "started")
            took = processor_ms(*arguments)
            if number:
                timings.of[what].append(took)
    return timings


def _forget(folder: Path) -> None:
    """Remove a store, so that its runs are made again."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()


def many_parts(folder: Path, like: Store, count: int) -> Path:
    """A store whose catalogue lists full parts, as after a batch, but without their files."""
    catalogue = Catalogue.create(folder, like.manifest)
    digests = list(like.manifest.digests.values())
    parts = []
    for number in range(count):
        block = number // len(digests)
        mark = sha256(str(number).encode()).hexdigest()
        runs = range(block * BLOCK, (block + 1) * BLOCK)
        sums = dict.fromkeys(like.tables, mark)
        parts.append(Part(digests[number % len(digests)], block, runs, (), mark[:16], sums))
    catalogue.write(like.manifest, add=parts)
    catalogue.close()
    return folder


NOTES: Final = (
    "Processor time of the command and of all that it starts, over that of importing numpy, pandas "
    "and matplotlib in the same round; medians. The store holds short runs: what is read, compared "
    "and drawn is of the same size as for years. Where the bar is missed, docs/benchmarks.md says "
    "what takes the time.",
)


@click.command()
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(min=1))
@click.option("--replicates", default=100, show_default=True, type=click.IntRange(min=2),
              help="Replicates of each of the fourteen scenarios.")  # fmt: skip
@click.option("--days", default=7.0, show_default=True, help="Horizon of the runs, days.")
@click.option("--parts", default=10_000, show_default=True, type=click.IntRange(min=1))
@click.option(
    "--json",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the figures as JSON.",
)
def main(rounds: int, replicates: int, days: float, parts: int, path: Path | None) -> None:
    """Measure and print how long each command takes."""
    with TemporaryDirectory(prefix="panj-") as made:
        folder = Path(made)
        design = [{"scenario": name, "name": name, "days": days} for name in SCENARIOS]
        store = run_batch(
            design, replicates, folder / "store", executor="serial", posterior="shipped",
            incidents=True,
        )  # fmt: skip
        (folder / "parts").mkdir()
        catalogue = many_parts(folder / "parts", store, parts)
        found = commands(folder / "store", catalogue, folder)
        timings = measured(found, rounds, folder)
    rows = [[COMMON, f"{timings.ms(COMMON).median:,.0f}", "1.00", "", ""]]
    data: list[dict[str, object]] = []
    for command in found:
        ratio = timings.ratio(command.what, COMMON)
        ms = f"{timings.ms(command.what).median:,.0f}"
        bar = f"< {command.bar:g}"
        rows.append([command.what, ms, f"{ratio.median:.2f}", between(ratio, 2), bar])
        data.append({"what": command.what, "ratio": list(ratio), "bar": command.bar})
    show("Waiting", ("what", "ms", "ratio", "least to most", "wanted"), rows, NOTES)
    write(path, {"rounds": rounds, "replicates": replicates, "days": days, "rows": data})


if __name__ == "__main__":
    main()
