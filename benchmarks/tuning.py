"""The tuner: its first answer, and its answer to a slider, against a year of the model."""

from itertools import count

import sim
from benchmarks.setting import Setting
from benchmarks.table import Row, Section
from benchmarks.timing import Work, in_turn
from benchmarks.year import TOTAL, whole
from sim.tuning.session import Tuning
from sim.tuning.view import View

FIRST = "first display of the tuner"
SLIDER = "answer to a slider"
LEVER = "answer to a lever, before its years"


def works(tuning: Tuning) -> dict[str, Work]:
    """The pieces of work: another value each time, with the full message for the screen."""
    view, number = View(tuning), count(1)

    def move(key: str, least: float, step: float) -> object:
        values = {key: least + step * (next(number) % 997)}
        view.refresh(tuning.move(values, trial=True, step=False))
        return view.answer

    def slider() -> object:
        tuning.move({"patrols.sorties_per_day": tuning.base.patrols.sorties_per_day}, trial=True)
        return move("smugglers.loads_per_year", 500.0, 1.0)

    return {
        FIRST: lambda: View(Tuning(tuning.base, tuning.evidence)).answer,
        SLIDER: slider,
        LEVER: lambda: move("patrols.sorties_per_day", 0.1, 0.01),
    }


def section(setting: Setting) -> Section:
    """Time them in turn; ratios to a baseline year of the same round."""
    base = sim.load("baseline")
    with_emulator = sim.tune(base)
    todo = {TOTAL: whole(base, setting.seed), **works(with_emulator)}
    timings = in_turn(todo, setting.repeat)
    with_emulator.close()
    rows = [Row(name, timings.ms(name), timings.ratio(name, TOTAL)) for name in todo]
    return Section("Tuning in a notebook", rows)
