"""One piece of work in a process of its own, so that its peak of memory is its own.

``python -m benchmarks.peak batch STORE REPLICATES DAYS`` or ``... compare STORE`` prints JSON.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent


def peak_mib() -> float:
    """Most memory that this process has held since it was started, MiB."""
    try:
        # The other source counts in what the parent held when it started this process.
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024.0
    except OSError:
        pass
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024.0**2 if sys.platform == "darwin" else 1024.0)


def alone(*arguments: str, module: str = "benchmarks.peak") -> dict[str, float]:
    """Let a module do a piece of work in a fresh process; returns the JSON that it printed."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    said: dict[str, float] = json.loads(done.stdout)
    return said


def _batch(store: str, replicates: str, days: str) -> dict[str, float]:
    from sim.runs.batch import run_batch
    from sim.scenario.load import load

    scenario = load("baseline", {"days": float(days)})
    start = perf_counter()
    run_batch([scenario], int(replicates), store, executor="serial")
    return {"seconds": perf_counter() - start, "peak_mib": peak_mib()}


def _compare(folder: str) -> dict[str, float]:
    import pyarrow.parquet  # noqa: F401 - so that importing is not timed
    import scipy.special  # noqa: F401

    from sim.comparison.comparison import compare
    from sim.runs.store import Store

    at_first = peak_mib()
    store = Store.open(folder)
    start = perf_counter()
    rows = store.outcomes().num_rows
    read = perf_counter() - start
    after_reading = peak_mib()
    start = perf_counter()
    str(compare(store, "baseline"))
    return {
        "rows": rows,
        "read_seconds": read,
        "compare_seconds": perf_counter() - start,
        "imported_mib": at_first,
        "read_mib": after_reading,
        "compare_mib": peak_mib(),
    }


def main() -> None:
    """Do what the arguments say and print what it took."""
    what, *arguments = sys.argv[1:]
    do = _batch if what == "batch" else _compare
    print(json.dumps(do(*arguments)))


if __name__ == "__main__":
    main()
