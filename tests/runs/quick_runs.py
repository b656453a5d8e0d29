"""Runs that cost nothing, for tests of what is around them; workers import them by name."""

import os
import signal
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from sim.frontier.ground import Ground
from sim.measures.registry import outcomes_on
from sim.runs.replicate import Run, seed_of
from sim.scenario.load import load
from sim.scenario.spec import Scenario

SHIPPED = outcomes_on(Ground.default())

POISON = {seed_of(replicate) for replicate in (3, 17)}
"""Seeds of the runs that go wrong in the simulators below."""

CHOSEN = load("baseline")
OTHER = load("triggered")


def quick(scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """Numbers that depend on seed and scenario, and some of which nothing can be said."""
    teams = scenario.teams.per_district + len(scenario.name)
    outcomes: dict[str, float | int | None] = {
        field.name: (seed >> place) % 97 + teams for place, field in enumerate(SHIPPED)
    }
    outcomes["delay_to_contact_h"] = None if seed % 3 == 0 else seed / 7.0
    districts = [{"district": name, "crossings": seed % 11, "deaths": 0} for name in ("a", "b")]
    return Run(0, seed, outcomes, districts if "districts" in keep else ())


def slow(scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """The same numbers, after a millisecond."""
    time.sleep(0.001)
    return quick(scenario, seed, keep)


def raising(scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """The same numbers, but two replicates fail."""
    if seed in POISON:
        return Run(0, seed, failure=("run", "ZeroDivisionError: division by zero", "Traceback"))
    return quick(scenario, seed, keep)


def killing(scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """The same numbers, but two replicates take their process with them, in two ways."""
    if seed == seed_of(3):
        os._exit(7)
    if seed == seed_of(17):
        os.kill(os.getpid(), signal.SIGKILL)
    return quick(scenario, seed, keep)


def telling(scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """Say in a file which process runs it, then take for ever."""
    Path(os.environ["PANJ_TEST_PIDS"], str(os.getpid())).touch()
    time.sleep(600)
    return quick(scenario, seed, keep)


def main() -> None:
    """Run a batch: store, replicates, executor, and the name of a simulator above.

    Say a line when all is loaded and one for each chunk.
    """
    import_module("pyarrow.parquet")

    from sim.runs.batch import BatchOptions, fill_store
    from sim.runs.request import Request
    from sim.runs.workers import start_workers

    store, replicates, executor, how = sys.argv[1:]
    simulate = {"quick": quick, "slow": slow, "telling": telling}[how]
    print("ready", flush=True)
    with start_workers(executor, 2) as workers:
        fill_store(
            Path(store),
            Request([CHOSEN, OTHER], int(replicates)),
            workers,
            BatchOptions(lambda tally: print("chunk", flush=True), simulate=simulate),
        )
    print("done", flush=True)


if __name__ == "__main__":
    # By its own name, so that workers find the functions where they look for them.
    import quick_runs

    quick_runs.main()
