"""Years lived twice: where the alert rule acts, and where the level stays at rest.

Incidents that a store keeps are read; what it does not keep is lived again, from the seeds and
draws of its runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.errors import PanjError
from sim.explore.alerts.onlooker import Kept, Lived, Onlooker
from sim.incidents.kinds import ACTORS
from sim.incidents.records import Crossing, Incident
from sim.model import BorderModel
from sim.rules import own
from sim.runs.execute import Pace, execute
from sim.runs.store import Store
from sim.runs.tables import from_table
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


class Failed(NamedTuple):
    """A replicate that did not come to its end."""

    replicate: int
    message: str


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


@dataclass(frozen=True)
class Order:
    """Years that one worker lives, of a scenario as JSON, with all it needs."""

    years: tuple[tuple[int, bool], ...]
    """Replicates, and whether the rule acts."""
    scenario: str
    task: tuple[int, Posterior | None, Variant | None]
    rules: bytes | None

    def __len__(self) -> int:
        return len(self.years)

    def halves(self) -> tuple[Order, Order]:
        """The order as two; it must hold more than one year."""
        middle = len(self.years) // 2
        return replace(self, years=self.years[:middle]), replace(self, years=self.years[middle:])


type Found = tuple[tuple[int, bool], Lived | str]
"""Which year, and what happened in it; a text says what went wrong."""


def live(order: Order) -> tuple[list[Found], float]:
    """Live the years of an order; also the seconds that it took."""
    from sim.scenario.spec import Scenario

    began = time.perf_counter()
    own.unpack(order.rules)
    acting = Scenario.model_validate_json(order.scenario)
    quiet = at_rest(acting)
    found: list[Found] = []
    for replicate, acts in order.years:
        which = RunOf(replicate, *order.task)
        try:
            model = BorderModel(which.drawn(acting if acts else quiet), which.blank.seed).run()
        except Exception as error:  # whatever is wrong with one year, the others go on
            found.append(((replicate, acts), f"{type(error).__name__}: {error}"))
        else:
            found.append(((replicate, acts), happened(model)))
    return found, time.perf_counter() - began


def _died(order: Order) -> tuple[list[Found], float]:
    return [(year, "the process that lived it died") for year in order.years], 0.0


def happened(model: BorderModel) -> Lived:
    """What happened in a run that is over."""
    crossings = [
        (c.crossed_at, c.district, c.identity.removesuffix("+joint"))
        for c in model.log[Crossing]
        if ACTORS[c.actor].attacks
    ]
    heard = [i for i in model.log[Incident] if i.clash or i.is_attack]
    return Lived(tuple(heard), tuple(model.command.warnings), tuple(crossings))


def _orders(
    task: Task, wanted: Sequence[tuple[int, bool]], pace: Pace, here: bool
) -> Iterator[Order]:
    rules = None if here else own.packed(own.own([task.scenario]))
    settled = task.root, task.posterior, task.variant
    order = Order((), task.scenario.model_dump_json(), settled, rules)
    first = 0
    while first < len(wanted):
        size = pace.size(len(wanted) - first)
        yield replace(order, years=tuple(wanted[first : first + size]))
        first += size


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
            rows: dict[int, list[Incident]] = {replicate: [] for replicate in wanted}
            table = store.incidents([name])
            for replicate, incident in zip(
                table["replicate"].to_pylist(), from_table(table, Incident), strict=True
            ):
                if replicate in rows:
                    rows[replicate].append(incident)
            found |= {(r, acts): Lived(tuple(those)) for r, those in rows.items()}
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
) -> tuple[list[Year], list[Failed]]:
    """The years of a task in both worlds, in order, and those that failed in either.

    ``crossings`` tells whether they are asked about. ``progress`` is told of each two years done.
    """
    found: dict[tuple[int, bool], Lived | str] = {**kept_by(task, crossings)}
    wanted = [(r, acts) for r in task.replicates for acts in (True, False)]
    missing = [year for year in wanted if year not in found]
    pace = Pace(workers.width)
    progress(len(wanted) - len(missing))
    orders = _orders(task, missing, pace, isinstance(workers, Serial))
    for some, seconds in execute(orders, live, _died, workers):
        found.update(some)
        pace.learn(len(some), seconds)
        progress(len(found))
    return _paired(task, found)


def _paired(
    task: Task, found: Mapping[tuple[int, bool], Lived | str]
) -> tuple[list[Year], list[Failed]]:
    years, failed = [], []
    for replicate in task.replicates:
        pair = found[replicate, True], found[replicate, False]
        wrong = [said for said in pair if isinstance(said, str)]
        if wrong:
            failed.append(Failed(replicate, wrong[0]))
            continue
        scenario, draw = task.drawn(replicate), task.which(replicate).blank.draw
        acting, looking = (
            (each, Onlooker(scenario).look_on(each)) for each in pair if isinstance(each, Lived)
        )
        years.append(Year(replicate, replicate if draw is None else draw, acting, looking))
    if not years:
        raise PanjError("every year failed", value=failed[0].message if failed else None)
    return years, failed
