"""Another machine's mathematics differs in the last bit, and every run gives the same result."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from platform import machine
from types import ModuleType

import elsewhere
import pytest
from golden_worlds import RUNS, Frozen, differences, frozen, read, runs

from sim.engine.perturbed_math import perturbed
from sim.model import BorderModel

QEMU = shutil.which("qemu-x86_64")


def results() -> dict[str, Frozen]:
    """What is kept of each golden world."""
    return {name: frozen(model) for name, model in runs().items()}


@pytest.fixture(scope="module")
def here() -> dict[str, Frozen]:
    """The golden worlds with this machine's mathematics."""
    return results()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_result_hangs_on_the_last_bit(seed: int, here: dict[str, Frozen]) -> None:
    """With every transcendental function moved by up to a unit in the last place: equal logs."""
    with perturbed(seed):
        there = results()
    assert [line for name in here for line in differences(name, here[name], there[name])] == []


ROUNDING = ["engine.draws", "theory.walking", "frontier.season", "agents.sectors",
            "agents.command", "agents.smugglers", "rules.score"]  # fmt: skip
"""The modules that round at the source what can change a run."""

BESIDE = ["agents.expected_harm", "measures.run_view", "rules.alert"]
"""Those that round what nothing in a run reads: expected harm, the luck in attacks, and the
signal of a rule, which only a study of alerts asks for."""


def test_where_is_rounded() -> None:
    """The list above is whole: no other module of the model rounds."""
    names = [name for name, module in rounding_modules() if name != "sim.precision"]
    assert sorted(names) == sorted(f"sim.{name}" for name in (*ROUNDING, *BESIDE))


def rounding_modules() -> list[tuple[str, ModuleType]]:
    """Modules of the model that have a rounding function; its verification reads as they do."""
    return [
        (name, module) for name, module in sys.modules.items()
        if name.startswith("sim.") and not name.startswith("sim.verify.")
        and ("single" in vars(module) or "to_steps" in vars(module))
    ]  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("name", ROUNDING)
def test_each_rounding_is_needed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: where one module does not round, the same shaking is seen."""
    module = sys.modules[f"sim.{name}"]
    for function in ("single", "to_steps"):
        if hasattr(module, function):
            monkeypatch.setattr(module, function, lambda x, *_: x)
    assert any(differences(world, *shaken_twice(make)) for world, make in RUNS.items())


def shaken_twice(make: Callable[[], BorderModel]) -> list[Frozen]:
    """What is kept of a run with the mathematics of two machines."""
    found = []
    for seed in (1, 2):
        with perturbed(seed):
            found.append(frozen(make()))
    return found


@pytest.mark.thorough
@pytest.mark.skipif(
    QEMU is None or machine() != "x86_64" or sys.platform != "linux",
    reason="needs qemu-x86_64 (Debian: qemu-user) on x86-64 Linux",
)
def test_an_older_processor_gives_the_golden_run() -> None:
    """An emulated Nehalem gives the frozen baseline: no AVX-512, AVX2 or FMA.

    Its mathematics is another one: the kernels give another digest. Where they do not, this
    machine has no newer ones, and the test says so after the comparison.
    """
    # a choice of kernels for this processor is not meant for that one
    free = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}
    told = subprocess.run(
        [str(QEMU), "-cpu", "Nehalem", sys.executable, elsewhere.__file__],
        capture_output=True, text=True, check=True, timeout=600, env=free,
    )  # fmt: skip
    there = json.loads(told.stdout)
    name = "baseline, 60 days, seed 1"
    assert differences(name, read()[name], there["run"]) == []
    if there["kernels"] == elsewhere.kernels():
        pytest.skip("the run is the same, but this processor takes the kernels of a Nehalem too")
