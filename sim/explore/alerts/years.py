"""Years lived twice: where the alert rule acts, and where the level stays at rest.

Incidents that a store keeps are read; what it does not keep is lived again, from the seeds and
draws of its runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.errors import PanjError
from sim.explore.alerts.onlooker import Kept, Lived, Onlooker
from sim.incidents.kinds import ACTORS
from sim.incidents.records import Crossing, Incident
from sim.model import BorderModel
from sim.rules import own
from sim.runs.execute import each
from sim.runs.store import Store
from sim.runs.tables import by_replicate
from sim.runs.work import RunOf
from sim.runs.workers import Serial, Workers
from sim.scenario.vary import flatten

if TYPE_CHECKING:
    from sim.runs.posterior import Posterior
    from sim.runs.structure import Variant
    from sim.scenario.spec import Scenario

AT_REST: Final = "fixed"
"""The alert rule of the world in which nobody follows the rule that is looked at."""

_IDLE: Final = frozenset(
    f"alert.{key}"
    for key in (
        *("policy", "scope", "half_life_days", "elevated_at", "heightened_at", "emergency_at"),
        *("minimum_stay_days", "season_level", "season_months", "p_warning", "warning_days"),
    )
)
"""What changes nothing where the level is fixed."""


class Year(NamedTuple):
    """A replicate where the rule acts and where it looks on: what happened, and what it kept."""

    replicate: int
    block: int
    """Replicates of one draw are one block."""
    acting: tuple[Lived, list[Kept]]
    looking: tuple[Lived, list[Kept]]


@dataclass(frozen=True)
class Task:
    """A scenario whose rule is looked at, and the replicates in which it is."""

    scenario: Scenario
    replicates: tuple[int, ...]
    root: int
    posterior: Posterior | None = None
    variant: Variant | None = None
    store: Store | None = None

    def which(self, replicate: int) -> RunOf:
        """One of its runs."""
        return RunOf(replicate, self.root, self.posterior, self.variant)

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


# -- lived again ------------------------------------------------------------------------------


def live(text: str, which: RunOf, acts: bool, rules: bytes | None) -> Lived | str:
    """Live a year of a scenario as JSON, where the rule acts or the level stays at rest; a text
    says what went wrong.
    """
    from sim.scenario.spec import Scenario

    own.unpack(rules)
    scenario = Scenario.model_validate_json(text)
    try:
        drawn = which.drawn(scenario if acts else at_rest(scenario))
        return happened(BorderModel(drawn, which.blank.seed).run())
    except Exception as error:  # whatever is wrong with one year, the others go on
        return f"{type(error).__name__}: {error}"


def happened(model: BorderModel) -> Lived:
    """What happened in a run that is over."""
    crossings = [
        (c.crossed_at, c.district, c.identity.removesuffix("+joint"))
        for c in model.log[Crossing]
        if ACTORS[c.actor].attacks
    ]
    heard = [i for i in model.log[Incident] if i.clash or i.is_attack]
    return Lived(tuple(heard), tuple(model.command.warnings), tuple(crossings))


# -- read -------------------------------------------------------------------------------------


def kept_by(task: Task, crossings: bool) -> dict[tuple[int, bool], Lived]:
    """The years that a store tells enough of: it keeps incidents, and the rule hears no more."""
    store, scenario = task.store, task.scenario
    if store is None or "incidents" not in store.tables or crossings or _warned(scenario):
        return {}
    found: dict[tuple[int, bool], Lived] = {}
    for acts, name in ((True, scenario.name), (False, _twin(store, scenario))):
        if name is not None:
            there = store.finished(name) - store.failed(name)
            wanted = there.intersection(task.replicates)
            rows = by_replicate(store.incidents([name]), Incident)
            found |= {(r, acts): Lived(tuple(rows.get(r, ()))) for r in wanted}
    return found


def _warned(scenario: Scenario) -> bool:
    """Whether the rule of a scenario hears of warnings, which no store keeps."""
    from sim.rules.alert import AlertRule

    rule: type[AlertRule] = own.chosen("alert.policy", scenario.alert.policy)
    return rule.on_warning is not AlertRule.on_warning


def _twin(store: Store, scenario: Scenario) -> str | None:
    """The scenario of a store that is this one at rest."""
    wanted = _resting(scenario)
    names = (
        name
        for name, other in store.scenarios.items()
        if name not in store.origins and other.alert.policy == AT_REST
    )
    return next((name for name in names if _resting(store.scenarios[name]) == wanted), None)


def _resting(scenario: Scenario) -> dict[str, object]:
    return {key: value for key, value in flatten(scenario).items() if key not in _IDLE}


# -- both -------------------------------------------------------------------------------------


def lived(
    task: Task, crossings: bool, workers: Workers, progress: Callable[[int], None]
) -> tuple[list[Year], int]:
    """The years of a task in both worlds, in order, and how many failed in either.

    ``crossings`` tells whether they are asked about. ``progress`` is told of each two years done.
    """
    found: dict[tuple[int, bool], Lived | str] = {**kept_by(task, crossings)}
    wanted = [(r, acts) for r in task.replicates for acts in (True, False)]
    missing = [year for year in wanted if year not in found]
    progress(len(found))
    rules = None if isinstance(workers, Serial) else own.packed(own.own([task.scenario]))
    text = task.scenario.model_dump_json()
    calls = (((r, acts), partial(live, text, task.which(r), acts, rules)) for r, acts in missing)
    for year, told in each(calls, workers):
        found[year] = told or "the process that lived it died"
        progress(len(found))
    return _paired(task, found)


def _paired(task: Task, found: Mapping[tuple[int, bool], Lived | str]) -> tuple[list[Year], int]:
    years: list[Year] = []
    wrong: list[str] = []
    for replicate in task.replicates:
        acting, looking = found[replicate, True], found[replicate, False]
        if isinstance(acting, str) or isinstance(looking, str):
            wrong += [said for said in (acting, looking) if isinstance(said, str)][:1]
            continue
        scenario, draw = task.drawn(replicate), task.which(replicate).blank.draw
        both = ((each, Onlooker(scenario).look_on(each)) for each in (acting, looking))
        years.append(Year(replicate, replicate if draw is None else draw, *both))
    if not years:
        raise PanjError("every year failed", value=wrong[0] if wrong else None)
    return years, len(wrong)
