"""Years simulated twice: where the alert rule acts, and where the level stays at rest.

Years of a store are simulated again from the seeds and draws of its runs.
"""

from __future__ import annotations

from collections.abc import Callable
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
"""The alert rule of the world in which the observed rule does not act."""


class Year(NamedTuple):
    """A replicate where the rule acts and where it only observes: its events and levels in each."""

    replicate: int
    block: int
    """Replicates of one draw are one block."""
    acting: tuple[YearEvents, list[UnitLevels]]
    looking: tuple[YearEvents, list[UnitLevels]]


@dataclass(frozen=True)
class Task:
    """A scenario whose rule is scored, and the replicates to simulate."""

    scenario: Scenario
    replicates: tuple[int, ...]
    root: int
    posterior: Posterior | None = None
    variant: Variant | None = None

    def run_of(self, replicate: int) -> RunKey:
        """The run of a replicate."""
        return RunKey(replicate, self.root, self.posterior, self.variant)

    def drawn(self, replicate: int) -> Scenario:
        """The scenario of a replicate, for its rule; most draws do not change the rule."""
        keys = {
            key for p in (self.posterior.parameters if self.posterior else ()) for key in p.keys
        }
        touched = any(key.startswith("alert.") for key in keys)
        return self.run_of(replicate).drawn(self.scenario) if touched else self.scenario


def at_rest(scenario: Scenario) -> Scenario:
    """The scenario with its level fixed at rest."""
    alert = scenario.alert.model_copy(update={"policy": AT_REST})
    return scenario.model_copy(update={"alert": alert})


def simulate_year(text: str, which: RunKey, acts: bool, rules: bytes | None) -> YearEvents | str:
    """Simulate a year of a scenario (JSON) where the rule acts, or where the level stays at rest.

    Returns the reason as text where the year fails.
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
    """The events of a run that is over, as far as a rule hears of them or predicts them."""
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
    """Simulate the years of a task in both worlds; return them in order, and how many failed.

    ``progress`` is called with the number of simulated years.
    """
    rules = (
        None
        if isinstance(workers, Serial)
        else user_rules.pack(user_rules.used_by([task.scenario]))
    )
    text = task.scenario.model_dump_json()
    calls = (
        ((replicate, acts), partial(simulate_year, text, task.run_of(replicate), acts, rules))
        for replicate in task.replicates
        for acts in (True, False)
    )
    simulated: dict[tuple[int, bool], YearEvents | str] = {}
    for key, events in call_all(calls, workers):
        simulated[key] = events or "the process that simulated it died"
        progress(len(simulated))
    years: list[Year] = []
    failures: list[str] = []
    for replicate in task.replicates:
        acting, looking = simulated[replicate, True], simulated[replicate, False]
        if isinstance(acting, str) or isinstance(looking, str):
            failures.append(acting if isinstance(acting, str) else str(looking))
            continue
        scenario, draw = task.drawn(replicate), task.run_of(replicate).empty_run().draw
        both = ((each, RuleObserver(scenario).observe(each)) for each in (acting, looking))
        years.append(Year(replicate, replicate if draw is None else draw, *both))
    if not years:
        raise PanjError("every year failed", value=failures[0] if failures else None)
    return years, len(failures)
