"""``python -m benchmarks.million``: how a batch and its store grow, up to a million replicates.

Each size is a batch of two scenarios in a folder of its own: its runs are one day of the model, or
a *still* model that hands out one year's outcomes with other counts, so that what is measured is
all that is not the model. Each step is a process of its own, so that its memory is its own.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, ClassVar, Final, Self

import click
import numpy as np

from benchmarks.figures import show, write
from sim.measures.registry import outcomes_on
from sim.model import BorderModel
from sim.runs.batch import run_batch
from sim.runs.store import Store
from sim.scenario.load import load
from sim.scenario.spec import Scenario

ROOT: Final = Path(__file__).resolve().parent.parent
POLICY: Final = "triggered"
"""What the baseline is paired with."""


class Still(BorderModel):
    """A model that simulates nothing: the outcomes of a year run once, with other counts."""

    years: ClassVar[dict[str, dict[str, Any]]] = {}

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self._numbers = np.random.default_rng(seed)
        if scenario.name not in self.years:
            self.years[scenario.name] = BorderModel(scenario, 0).run().outcomes()
        self._year = self.years[scenario.name]
        self._whole = [one.name for one in outcomes_on(scenario.ground) if one.whole]

    def run(self) -> Self:
        """Do nothing."""
        return self

    def outcomes(self) -> dict[str, Any]:
        """The outcomes of the year, each count varied by its own spread."""
        more = self._numbers.poisson(3.0, len(self._whole)).tolist()
        return {**self._year, **dict(zip(self._whole, more, strict=True))}


def peak_mib() -> float:
    """The peak memory of this process, MiB."""
    try:
        # The other source counts in what the parent held when it started this process.
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024.0
    except OSError:
        pass
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024.0**2 if sys.platform == "darwin" else 1024.0)


def _batch(store: str, replicates: str, still: str, jobs: str) -> dict[str, float]:
    """Start or continue a batch of the baseline and a policy; with 0 jobs, in this process."""
    overrides = {} if still == "still" else {"days": 1.0}
    scenarios = [load(name, overrides) for name in ("baseline", POLICY)]
    began = perf_counter()
    run_batch(
        scenarios, int(replicates), store, int(jobs) or None, None if int(jobs) else "serial",
        model=Still if still == "still" else None, districts=False, incidents=False,
    )  # fmt: skip
    return {"wall_s": perf_counter() - began, "batch_s": process_time(), "batch_mib": peak_mib()}


def _open(store: str) -> dict[str, float]:
    """Read what ``panj store info`` shows."""
    began = process_time()
    opened = Store.open(Path(store))
    done = sum(len(opened.finished(name)) for name in opened.manifest.names.values())
    return {"open_s": process_time() - began, "open_mib": peak_mib(), "finished": done}


def _compare(store: str) -> dict[str, float]:
    """Compare the two, in victims and cost."""
    from sim.comparison.comparison import compare

    began = process_time()
    str(compare(Store.open(Path(store)), "baseline", outcomes=["victims", "cost_usd"]))
    return {"compare_s": process_time() - began, "compare_mib": peak_mib()}


STEPS: Final = {"batch": _batch, "open": _open, "compare": _compare}


def _step(*arguments: str) -> dict[str, float]:
    """Run a step in its own process, for its own peak memory."""
    command = [sys.executable, "-m", "benchmarks.million", "step", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    said: dict[str, float] = json.loads(done.stdout)
    return said


def measured(folder: Path, replicates: int, still: str, jobs: int) -> dict[str, float]:
    """A batch of a given size, and the cost to store, open and compare it."""
    store = folder / f"{still}{replicates}"
    found = _step("batch", str(store), str(replicates), still, str(jobs))
    found |= _step("open", str(store)) | _step("compare", str(store))
    files = [path.stat().st_size for path in store.rglob("*") if path.is_file()]
    return {**found, "store_mib": sum(files) / 2**20, "files": len(files)}


def row(replicates: int, what: str, found: Mapping[str, float]) -> list[str]:
    """A row of the table."""
    runs = 2 * replicates
    return [
        f"{replicates:,} x 2, {what}",
        f"{runs / found['wall_s']:,.0f}",
        f"{1e3 * found['batch_s'] / runs:.2f}",
        f"{found['batch_mib']:.0f}",
        f"{found['store_mib']:.1f}",
        f"{found['files']:.0f}",
        f"{found['open_s']:.2f}",
        f"{found['compare_s']:.2f}",
        f"{found['compare_mib']:.0f}",
    ]


HEADINGS: Final = (
    "replicates", "runs/s", "batch, ms a run", "batch, MiB", "store, MiB", "files", "open, s",
    "compare, s", "compare, MiB",
)  # fmt: skip


@click.group(invoke_without_command=True)
@click.option("--replicates", type=click.IntRange(10), multiple=True,
              default=(10_000, 100_000, 1_000_000), show_default=True,
              help="Replicates of each scenario; can be given more than once.")  # fmt: skip
@click.option("--days", is_flag=True, help="Run one day of the model instead of the still model.")
@click.option("--jobs", type=click.IntRange(0), default=2, show_default=True,
              help="Processes besides the one that writes; 0: that one also runs.")  # fmt: skip
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the stores in this folder.")
@click.option("--json", "path", type=click.Path(path_type=Path), help="Write the figures as JSON.")
@click.pass_context
def main(
    context: click.Context,
    replicates: tuple[int, ...],
    days: bool,
    jobs: int,
    keep: Path | None,
    path: Path | None,
) -> None:
    """Measure how a batch and its store grow with the number of replicates."""
    if context.invoked_subcommand:
        return
    what = "day" if days else "still"
    with TemporaryDirectory(prefix="panj-") as made:
        found = {n: measured(keep or Path(made), n, what, jobs) for n in replicates}
    rows = [row(n, what, each) for n, each in found.items()]
    notes = (
        "Processor time and most memory of the process that owns the store; runs/s by the clock.",
    )
    show("Growth", HEADINGS, rows, notes)
    write(path, {"what": what, "sizes": {str(n): each for n, each in found.items()}})


@main.command(hidden=True)
@click.argument("what", type=click.Choice(list(STEPS)))
@click.argument("arguments", nargs=-1)
def step(what: str, arguments: tuple[str, ...]) -> None:
    """One step in this process; prints JSON."""
    click.echo(json.dumps(STEPS[what](*arguments)))


if __name__ == "__main__":
    main()
