"""One baseline year: its parts, the whole, its variants, and the floor under it."""

from benchmarks import variants
from benchmarks.bare import BareLoop
from benchmarks.counting import Counts, counted_run
from benchmarks.setting import Setting
from benchmarks.table import Row, Section
from benchmarks.timing import Work, in_turn
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


def section(setting: Setting) -> Section:
    """Time everything about a year in turn; ratios to the baseline of the same round."""
    scenario, seed = setting.scenario, setting.seed
    counts, _ = counted_run(scenario, seed)
    others = variants.scenarios(scenario)
    todo = work(scenario, seed, counts)
    todo |= {name: whole(variant, seed) for name, variant in others.items()}
    timings = in_turn(todo, setting.repeat)
    rows = [Row(name, timings.ms(name), timings.ratio(name, TOTAL)) for name in todo]
    rows += [
        Row("baseline over the bare loop", None, timings.ratio(TOTAL, BARE)),
        Row("the same, one draw a hash", None, timings.ratio(TOTAL, BARE_HASHES)),
    ]
    return Section(f"A baseline run of {scenario.days:g} days", rows, _notes(counts))


def _notes(counts: Counts) -> tuple[str, ...]:
    return (
        f"One baseline run: {counts.crossings} crossings, {counts.events} events, "
        f"{counts.pushes} heap pushes, {counts.pops} pops, {counts.numbers} random numbers from "
        f"{counts.digests} keyed hashes, {counts.keys - counts.digests} streams derived. The bare "
        "loop pushes, pops and draws as often. It draws each number by itself; the run reads up "
        "to eight from a hash, so the second ratio gives the loop one a hash.",
    )
