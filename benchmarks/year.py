"""A baseline year: its parts, the whole, and the cost under other rules of the guarding side."""

from benchmarks.setting import Setting
from benchmarks.table import Row, Section
from benchmarks.timing import Work, in_turn
from sim.model import BorderModel
from sim.scenario.spec import Scenario
from sim.scenario.values import with_overrides

TOTAL = "baseline, start to end"
VARIANTS: dict[str, dict[str, object]] = {
    "alert heightened, more sorties": {"alert.level": "heightened"},
    "regular departures": {"patrols.schedule": "regular"},
    "jittered departures": {"patrols.schedule": "jittered"},
    "random departures, as baseline": {"patrols.schedule": "random"},
}
"""Other years by name; each changes one thing."""


def whole(scenario: Scenario, seed: int) -> Work:
    """Build, run and summarise."""
    return lambda: BorderModel(scenario, seed).run().outcomes()


def parts(scenario: Scenario, seed: int) -> dict[str, Work]:
    """The three parts; each continues from the one before."""
    made: list[BorderModel] = []

    def build() -> object:
        made[:] = [BorderModel(scenario, seed)]
        return made

    return {
        "of it: build": build,
        "of it: run": lambda: made[0].run(),
        "of it: outcomes": lambda: made[0].outcomes(),
    }


def section(setting: Setting) -> Section:
    """Time everything about a year in turn, as ratios to the baseline of the same round."""
    scenario, seed = setting.scenario, setting.seed
    todo = {TOTAL: whole(scenario, seed), **parts(scenario, seed)}
    todo |= {name: whole(with_overrides(scenario, set_), seed) for name, set_ in VARIANTS.items()}
    timings = in_turn(todo, setting.repeat)
    rows = [Row(name, timings.ms(name), timings.ratio(name, TOTAL)) for name in todo]
    return Section(f"A baseline run of {scenario.days:g} days", rows)
