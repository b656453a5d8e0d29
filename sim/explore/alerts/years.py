"""Years lived twice: where the alert rule acts, and where the level stays at rest.

Those of a store are lived again, from the seeds and draws of its runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.errors import PanjError
from sim.explore.alerts.observer import RuleObserver, UnitLevels, YearEvents
from sim.incidents.kinds import ACTORS
from sim.incidents.records import Crossing, Incident
from sim.model import BorderModel
from sim.rules import user_rules
from sim.runs.execute import call_all
from sim.runs.replicate import RunKey
from sim.runs.workers import Serial, Workers

if TYPE_CHECKING:
    from sim.runs.posterior import Posterior
    from sim.runs.structure import Variant
    from sim.scenario.spec import Scenario

AT_REST: Final = "fixed"
"""The alert rule of the world in which nobody follows the rule that is looked at."""


class Year(NamedTuple):
    """A replicate where the rule acts and where it looks on: what happened, and what it kept."""

    replicate: int
    block: int
    """Replicates of one draw are one block."""
    acting: tuple[YearEvents, list[UnitLevels]]
    looking: tuple[YearEvents, list[UnitLevels]]


@dataclass(frozen=True)
class Task:
    """A scenario whose rule is looked at, and the replicates in which it is."""

    scenario: Scenario
    replicates: tuple[int, ...]
    root: int
    posterior: Posterior | None = None
    variant: Variant | None = None

    def which(self, replicate: int) -> RunKey:
        """One of its runs."""
        return RunKey(replicate, self.root, self.posterior, self.variant)

    def drawn(self, replicate: int) -> Scenario:
        """The scenario of a replicate, for its rule: most draws leave that as it is."""
        keys = {
            key for p in (self.posterior.parameters if self.posterior else ()) for key in p.keys
        }
        touched = any(key.startswith("alert.") for key in keys)
        return self.which(replicate).drawn(self.scenario) if touched else self.scenario


def at_rest(scenario: Scenario) -> Scenario:
    """The scenario with its level kept as it is at rest."""
    alert = scenario.alert.model_copy(update={"policy": AT_REST})
    return scenario.model_copy(update={"alert": alert})


def simulate_year(text: str, which: RunKey, acts: bool, rules: bytes | None) -> YearEvents | str:
    """Live a year of a scenario as JSON, where the rule acts or the level stays at rest; a text
    says what went wrong.
    """
    from sim.scenario.spec import Scenario

    user_rules.unpack(rules)
    scenario = Scenario.model_validate_json(text)
    try:
        drawn = which.drawn(scenario if acts else at_rest(scenario))
        return events_of_run(BorderModel(drawn, which.empty_run().seed).run())
    except Exception as error:  # whatever is wrong with one year, the others go on
        return f"{type(error).__name__}: {error}"


def events_of_run(model: BorderModel) -> YearEvents:
    """What happened in a run that is over, as far as a rule hears of it or warns of it."""
    crossings = [
        (c.crossed_at, c.district, c.identity.removesuffix("+joint"))
        for c in model.log[Crossing]
        if ACTORS[c.actor].attacks
    ]
    heard = [i for i in model.log[Incident] if i.clash or i.is_attack]
    return YearEvents(tuple(heard), tuple(model.command.warnings), tuple(crossings))


def simulate_years(
    task: Task, workers: Workers, progress: Callable[[int], None]
) -> tuple[list[Year], int]:
    """The years of a task in both worlds, in order, and how many failed in either.

    ``progress`` is told of each two years done.
    """
    rules = (
        None if isinstance(workers, Serial) else user_rules.packed(user_rules.own([task.scenario]))
    )
    text = task.scenario.model_dump_json()
    calls = (
        ((replicate, acts), partial(simulate_year, text, task.which(replicate), acts, rules))
        for replicate in task.replicates
        for acts in (True, False)
    )
    found: dict[tuple[int, bool], YearEvents | str] = {}
    for year, told in call_all(calls, workers):
        found[year] = told or "the process that lived it died"
        progress(len(found))
    return _paired(task, found)


def _paired(
    task: Task, found: Mapping[tuple[int, bool], YearEvents | str]
) -> tuple[list[Year], int]:
    years: list[Year] = []
    wrong: list[str] = []
    for replicate in task.replicates:
        acting, looking = found[replicate, True], found[replicate, False]
        if isinstance(acting, str) or isinstance(looking, str):
            wrong += [said for said in (acting, looking) if isinstance(said, str)][:1]
            continue
        scenario, draw = task.drawn(replicate), task.which(replicate).empty_run().draw
        both = ((each, RuleObserver(scenario).observe(each)) for each in (acting, looking))
        years.append(Year(replicate, replicate if draw is None else draw, *both))
    if not years:
        raise PanjError("every year failed", value=wrong[0] if wrong else None)
    return years, len(wrong)
