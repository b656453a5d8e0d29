"""Panj: an agent-based laboratory for border-security policy on the Tajik-Afghan frontier.

The names below are imported when they are first used, so ``import sim`` costs nothing::

    import sim

    model = sim.BorderModel(sim.load("scenarios/baseline.toml"), seed=1)
    model.run()
    print(model.outcomes())
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.comparison.comparison import compare as compare
    from sim.errors import OutcomeError as OutcomeError
    from sim.errors import OutputError as OutputError
    from sim.errors import PanjError as PanjError
    from sim.errors import Problem as Problem
    from sim.errors import ScenarioError as ScenarioError
    from sim.errors import SeedTableError as SeedTableError
    from sim.errors import StoreError as StoreError
    from sim.explore.alerts.study import alerts as alerts
    from sim.explore.discover.study import discover as discover
    from sim.explore.incident.changed import turned as turned
    from sim.explore.incident.study import incident as incident
    from sim.explore.optimise.study import optimise as optimise
    from sim.explore.sensitivity.study import sensitivity as sensitivity
    from sim.measures.registry import outcomes as outcomes
    from sim.measures.run_view import RunView as RunView
    from sim.measures.user_defined import outcome as outcome
    from sim.model import BorderModel as BorderModel
    from sim.rare.run import run_rare as run_rare
    from sim.rules.alert import AlertRule as AlertRule
    from sim.rules.alert import alert_rule as alert_rule
    from sim.rules.allocation import AllocationRule as AllocationRule
    from sim.rules.allocation import allocation_rule as allocation_rule
    from sim.runs.batch import run_batch as run_batch
    from sim.runs.one_run import StoredRun as StoredRun
    from sim.runs.one_run import read_run as read_run
    from sim.runs.one_run import write_run as write_run
    from sim.runs.store import Store as Store
    from sim.scenario.load import load as load
    from sim.scenario.spec import Scenario as Scenario
    from sim.tuning.tune import tune as tune

__version__ = "0.1.0"

_HOMES = {
    "AlertRule": "sim.rules.alert",
    "AllocationRule": "sim.rules.allocation",
    "BorderModel": "sim.model",
    "OutcomeError": "sim.errors",
    "OutputError": "sim.errors",
    "PanjError": "sim.errors",
    "Problem": "sim.errors",
    "RunView": "sim.measures.run_view",
    "Scenario": "sim.scenario.spec",
    "ScenarioError": "sim.errors",
    "SeedTableError": "sim.errors",
    "Store": "sim.runs.store",
    "StoreError": "sim.errors",
    "StoredRun": "sim.runs.one_run",
    "incident": "sim.explore.incident.study",
    "turned": "sim.explore.incident.changed",
    "alert_rule": "sim.rules.alert",
    "alerts": "sim.explore.alerts.study",
    "allocation_rule": "sim.rules.allocation",
    "compare": "sim.comparison.comparison",
    "discover": "sim.explore.discover.study",
    "load": "sim.scenario.load",
    "optimise": "sim.explore.optimise.study",
    "outcome": "sim.measures.user_defined",
    "outcomes": "sim.measures.registry",
    "read_run": "sim.runs.one_run",
    "run_batch": "sim.runs.batch",
    "run_rare": "sim.rare.run",
    "sensitivity": "sim.explore.sensitivity.study",
    "tune": "sim.tuning.tune",
    "write_run": "sim.runs.one_run",
}

__all__ = [*_HOMES]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(home), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
