"""Print as JSON what comes out here: versions, golden runs, the rows of a batch, its comparison.

`.ci/worlds` starts this in every world, with the repository and `tests/model` on the path, and
compares what is printed. The argument says on what the batch runs: serial, processes or dask.
"""

import json
import locale
import platform
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import elsewhere
from golden_worlds import differences, frozen, read, runs

import sim
from sim.runs.provenance import versions

POLICIES = ("baseline", "triggered", "joint_control")


@contextmanager
def workers(name):
    """What :func:`sim.run_batch` takes as its executor."""
    if name != "dask":
        yield name
        return
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster.scheduler_address


def batch(executor):
    """The digest of all rows of a short batch, what it says, and the numbers behind that."""
    short = [sim.load(name, {"days": 40.0}) for name in POLICIES]
    with tempfile.TemporaryDirectory() as folder, workers(executor) as where:
        store = sim.run_batch(
            short, 12, Path(folder) / "store", executor=where, posterior="shipped"
        )
        failures = {row["message"] for row in store.outcomes().to_pylist() if row["message"]}
        if failures:
            sys.exit(f"runs fail: {min(failures)}")
        comparison = sim.compare(store)
        numbers = {
            f"{contrast.scenario} {contrast.outcome} {name}": value
            for contrast in comparison.contrasts
            for name, value in asdict(contrast).items()
            if isinstance(value, float | None)
        }
        return store.table_hash(), comparison.verdicts, numbers


def main():
    """Print it, in the locale that the environment names: libraries may look at that."""
    locale.setlocale(locale.LC_ALL, "")
    rows, words, numbers = batch(sys.argv[1])
    kept = read()
    now = {name: frozen(model) for name, model in runs().items()}
    told = {
        "versions": versions(),
        "libc": " ".join(platform.libc_ver()),
        "machine": platform.machine(),
        "kernels": elsewhere.kernels(),
        "golden": [line for name in now for line in differences(name, kept.get(name), now[name])],
        "rows": rows,
        "words": words,
        "numbers": numbers,
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
