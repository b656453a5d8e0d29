"""``sim.alerts``: how well alert rules predict, in the runs of a store or of scenarios."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from sim.comparison.question import Question
from sim.errors import PanjError
from sim.explore.alerts.events import EVENTS
from sim.explore.alerts.observer import RuleObserver
from sim.explore.alerts.result import Alerts, RuleResult
from sim.explore.alerts.scoring import Criteria, score_rule
from sim.explore.alerts.years import AT_REST, Task, simulate_years
from sim.explore.result import save_result
from sim.rules.alert import LEVELS
from sim.runs.batch import ScenariosLike
from sim.runs.posterior import DrawsLike, choose_draws
from sim.runs.store import Store
from sim.runs.workers import start_workers

if TYPE_CHECKING:
    from sim.scenario.spec import Scenario

YEARS = 100
WITHIN = 30.0


def alerts(
    where: Store | ScenariosLike,
    years: int | None = None,
    jobs: int | None = None,
    executor: Executor | str | None = None,
    *,
    scenarios: Sequence[str] | None = None,
    event: str = "attack",
    level: str | None = None,
    within: float = WITHIN,
    root: int = 0,
    posterior: DrawsLike = None,
    draws: int | None = None,
    year: str | None = None,
    confidence: float = 0.9,
    asked: str = "sim.alerts",
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Alerts:
    """Measure how well the alert rules of scenarios predict an ``event`` ``within`` some days.

    ``where`` is a store (opened, or its folder as a :class:`~pathlib.Path`), or scenarios as
    :func:`sim.runs.batch.run_batch` takes them; the other arguments are as there. In a store the
    rules are those of ``scenarios``, or of all scenarios whose level moves, in its first ``years``
    replicates, or in all; the store keeps the result. Of scenarios, ``years`` (100) are simulated.

    ``event`` is a name in :data:`sim.explore.alerts.events.EVENTS`. An alarm is up while the level
    is at ``level`` or above; the default is the first level above that at rest. Raises
    :class:`~sim.errors.PanjError` for a question that cannot be answered.
    """
    if not isfinite(within) or within <= 0.0:
        raise PanjError(
            "is not a horizon", key="within", value=within, remedy="Give days, more than 0."
        )
    Question(confidence=confidence)  # refuses what is not a confidence
    if isinstance(where, Path) and where.is_dir():
        where = Store.open(where)
    if isinstance(where, Store):
        tasks = _tasks_in_store(where, scenarios, years)
    else:
        from sim.scenario.design import scenarios as resolve

        count = YEARS if years is None else years
        choice = choose_draws(posterior, draws, year)
        tasks = [Task(spec, tuple(range(count)), root, choice) for spec in resolve(where)]
        _require_years(count, tasks[0].scenario.name if tasks else "")
    for task in tasks:
        if within >= task.scenario.days:
            raise PanjError(
                f"is not shorter than a run of {task.scenario.name}, {task.scenario.days:g} days",
                key="within",
                value=within,
                remedy="Give a shorter horizon.",
            )
    criteria = [
        Criteria(EVENTS[event], within, _alarm_level(task.scenario, level), confidence)
        for task in tasks
    ]
    total = 2 * sum(len(task.replicates) for task in tasks)
    rules: list[RuleResult] = []
    done = 0
    with start_workers(executor, jobs) as workers:
        for task, criterion in zip(tasks, criteria, strict=True):

            def report(finished: int, before: int = done) -> None:
                progress(before + finished, total)

            simulated, failed = simulate_years(task, workers, report)
            _require_years(len({each.block for each in simulated}), task.scenario.name)
            rules.append(score_rule(task.scenario, simulated, failed, criterion))
            done += 2 * len(task.replicates)
    result = Alerts(
        asked=asked,
        runs=sum(rule.years for rule in rules),
        event=event,
        within=within,
        confidence=confidence,
        rules=tuple(rules),
    )
    if isinstance(where, Store):
        save_result(where.path, result)
    return result


def _tasks_in_store(store: Store, scenarios: Sequence[str] | None, years: int | None) -> list[Task]:
    """One task for each of these scenarios of a store, with its replicates that ended well."""
    names = scenarios or [
        name
        for name, spec in store.scenarios.items()
        if name not in store.origins and spec.alert.policy != AT_REST
    ]
    if not names:
        raise PanjError(
            "no scenario of this store has a rule that moves the alert level",
            path=store.path,
            remedy="Add one, such as 'panj batch triggered -o STORE'.",
        )
    tasks = []
    for name in names:
        replicates = sorted(store.finished(name) - store.failed(name))[:years]
        _require_years(len(replicates), name)
        origin = store.origins.get(name)
        tasks.append(
            Task(
                store.scenarios[name], tuple(replicates), store.manifest.root, store.posterior,
                origin.variant if origin else None,
            )
        )  # fmt: skip
    return tasks


def _require_years(years: int, scenario: str) -> None:
    if years < 2:
        raise PanjError(
            "needs at least two years for an interval",
            key=scenario,
            value=years,
            remedy="Run more replicates (-n).",
        )


def _alarm_level(scenario: Scenario, name: str | None) -> int:
    """The level of the alarm: one that the rule can reach, above that at rest."""
    rule = RuleObserver(scenario).alert_units[0].rule
    reach = range(rule.rest + 1, rule.highest + 1)
    if not reach:
        raise PanjError(
            f"the level of {scenario.name} never changes, so it warns of nothing",
            key="alert.policy",
            value=scenario.alert.policy,
            remedy="Name a scenario with a rule that moves it, such as triggered.",
        )
    if name is None:
        return reach[0]
    if name not in LEVELS:
        raise PanjError(
            "is not a level", key="level", value=name, remedy=f"Use one of {', '.join(LEVELS)}."
        )
    level = LEVELS.index(name)
    if level not in reach:
        why = "is its level at rest, or below" if level < reach[0] else "is never reached"
        raise PanjError(
            f"{why}: {scenario.name} moves from {LEVELS[rule.rest]} up to {LEVELS[rule.highest]}",
            key="level",
            value=name,
            remedy=f"Use one of {', '.join(LEVELS[k] for k in reach)}.",
        )
    return level
