"""Functions with known indices in place of the simulator, and helpers for tests of designs."""

import math
from collections.abc import Sequence
from hashlib import blake2b
from math import pi, sin
from pathlib import Path

from sim.explore.sensitivity.result import Sensitivity
from sim.explore.sensitivity.study import Study, study
from sim.runs.batch import BatchOptions, fill_store
from sim.runs.replicate import Run, Simulate
from sim.runs.store import Store
from sim.runs.workers import Serial
from sim.scenario.load import load
from sim.scenario.spec import Scenario

OVER = ("tips.p_tip=0:1", "patrols.p_sight=0:1", "sign.p_found=0:1")
"""Three levers that stand for the arguments of a function on the unit cube."""

A = (0.0, 1.0, 9.0)
"""Coefficients of the function of Sobol."""


def arguments(scenario: Scenario) -> tuple[float, float, float]:
    """The values of the three levers."""
    return scenario.tips.p_tip, scenario.patrols.p_sight, scenario.sign.p_found


def _run(seed: int, value: float) -> Run:
    return Run(0, seed, {"cost_usd": value})


def ishigami(scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """The function of Ishigami and Homma (1990): no simulator, no chance."""
    x, y, z = (2.0 * pi * u - pi for u in arguments(scenario))
    return _run(seed, sin(x) + 7.0 * sin(y) ** 2 + 0.1 * z**4 * sin(x))


def sobol_g(scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """The function G of Sobol."""
    pairs = zip(arguments(scenario), A, strict=True)
    return _run(seed, math.prod((abs(4.0 * u - 2.0) + a) / (1.0 + a) for u, a in pairs))


def good_years(scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """The first lever and a seed that is good or bad at every point alike."""
    return _run(seed, arguments(scenario)[0] + (seed % 1000) / 100.0)


def all_luck(scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """Only luck, which depends on seed and point."""
    name = repr((seed, arguments(scenario))).encode()
    return _run(seed, int.from_bytes(blake2b(name, digest_size=4).digest()) / 2**32)


def policies(scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """The first lever moves both policies alike, the second their difference."""
    x, y, _ = arguments(scenario)
    more = 2.0 * y if scenario.name == "triggered" else 0.0
    return _run(seed, 10.0 * x + more + seed % 7)


def make_study(
    over: Sequence[str] = OVER, names: Sequence[str] = ("baseline",), **options: object
) -> Study:
    """A study of the outcome that the functions give."""
    said = {"outcomes": ("cost_usd",), "seeds": 1, **options}
    return study([load(name) for name in names], over, **said)  # type: ignore[arg-type]


def run(task: Study, folder: Path, how: Simulate) -> tuple[Sensitivity, Store]:
    """Run a study with a function in place of the simulator, and read it."""
    task.design.check_store(folder)
    store = fill_store(folder, task.request, Serial(), BatchOptions(simulate=how)).store
    return task.read(store, "test"), store
