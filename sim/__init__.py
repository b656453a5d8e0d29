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
    from sim import compare
    from sim.batch.run import run_batch
    from sim.batch.store import Store
    from sim.errors import (
        OutcomeError,
        OutputError,
        PanjError,
        Problem,
        ScenarioError,
        SeedTableError,
        StoreError,
    )
    from sim.measures.own import outcome
    from sim.measures.registry import outcomes
    from sim.measures.run_view import RunView
    from sim.model import BorderModel
    from sim.results import StoredRun, read_run, write_run
    from sim.rules.alert import AlertRule, alert_rule
    from sim.rules.allocation import AllocationRule, allocation_rule
    from sim.scenario.load import load
    from sim.scenario.spec import Scenario

__version__ = "0.1.0"

__all__ = [
    "AlertRule",
    "AllocationRule",
    "BorderModel",
    "OutcomeError",
    "OutputError",
    "PanjError",
    "Problem",
    "RunView",
    "Scenario",
    "ScenarioError",
    "SeedTableError",
    "Store",
    "StoreError",
    "StoredRun",
    "alert_rule",
    "allocation_rule",
    "compare",
    "load",
    "outcome",
    "outcomes",
    "read_run",
    "run_batch",
    "write_run",
]

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
    "Store": "sim.batch.store",
    "StoreError": "sim.errors",
    "StoredRun": "sim.results",
    "alert_rule": "sim.rules.alert",
    "allocation_rule": "sim.rules.allocation",
    "load": "sim.scenario.load",
    "outcome": "sim.measures.own",
    "outcomes": "sim.measures.registry",
    "read_run": "sim.results",
    "run_batch": "sim.batch.run",
    "write_run": "sim.results",
}


def __getattr__(name: str) -> object:
    if name == "compare":  # a package that is called: its modules keep their place
        return import_module("sim.compare")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(home), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
