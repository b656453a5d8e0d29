"""One baseline year: its parts, the whole, and the floor under it."""

from benchmarks.bare import BareLoop
from benchmarks.counting import Counts
from benchmarks.timing import Work
from sim.model import BorderModel
from sim.scenario.spec import Scenario

TOTAL = "baseline, start to end"
BARE = "bare loop of heap and draws"
BARE_HASHES = "bare loop, one draw a hash"


def whole(scenario: Scenario, seed: int) -> Work:
    """Build, run and sum up."""

    def work() -> object:
        return BorderModel(scenario, seed).run().outcomes()

    return work


def parts(scenario: Scenario, seed: int) -> dict[str, Work]:
    """The three parts of the whole; each takes up what the one before left."""
    made: list[BorderModel] = []

    def build() -> object:
        made[:] = [BorderModel(scenario, seed)]
        return made

    return {
        "of it: build": build,
        "of it: run": lambda: made[0].run(),
        "of it: outcomes": lambda: made[0].outcomes(),
    }


def work(scenario: Scenario, seed: int, counts: Counts) -> dict[str, Work]:
    """The whole, its parts and the bare loop, by name."""
    return {
        TOTAL: whole(scenario, seed),
        **parts(scenario, seed),
        BARE: BareLoop(counts, seed, one_by_one=True).run,
        BARE_HASHES: BareLoop(counts, seed).run,
    }
