"""No command imports a library that it does not need, since imports take most of the time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sim.runs.batch import run_batch

TABLES = {"pandas", "networkx"}
DRAWING = {"matplotlib", "jinja2"}
MODEL = {"mesa", "sim.model"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Make a small store with draws of the parameters."""
    folder = tmp_path_factory.mktemp("s") / "store"
    short = [{"name": "baseline", "days": 2.0}, {"scenario": "triggered", "days": 2.0}]
    run_batch(short, 16, folder, executor="serial", posterior="shipped")
    return str(folder)


def imported(*arguments: str) -> set[str]:
    """Return the modules that a command has imported at its end."""
    code = (
        "import json, sys\n"
        "from sim.cli.main import main\n"
        f"assert main({list(arguments)!r}) == 0\n"
        "print('\\n' + json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_a_run_is_numbers_only() -> None:
    """A run imports no library for tables or pictures, and no scipy."""
    found = imported("run", "baseline", "--days", "2")
    assert "sim.model" in found
    assert not {*TABLES, *DRAWING, "scipy", "pyarrow", "duckdb"} & found


@pytest.mark.parametrize("words", [["batch", "-n", "2", "--serial"], ["run"]], ids=["batch", "run"])
def test_tables_are_written_without_pandas(tmp_path: Path, words: list[str]) -> None:
    """Arrow would import pandas for its first Python value."""
    command, *more = words
    short = ["--set", "days=1", "-o", str(tmp_path / "store")]
    found = imported(command, "baseline", *more, *short)
    assert {"sim.model", "pyarrow"} <= found
    assert not {*TABLES, *DRAWING, "scipy", "duckdb"} & found


def test_a_comparison_needs_no_model_and_no_pictures(store: str) -> None:
    """A comparison imports no model and no library for pictures."""
    found = imported("compare", store)
    assert "sim.comparison.comparison" in found
    assert not {*TABLES, *DRAWING, *MODEL, "scipy", "duckdb"} & found


def test_to_look_into_a_store_is_to_read_its_catalogue(store: str) -> None:
    """``store info`` imports nothing that computes, reads columns or draws."""
    found = imported("store", "info", store)
    assert not {*TABLES, *DRAWING, *MODEL, "scipy", "pyarrow", "duckdb", "numpy"} & found


def test_scenarios_are_listed_without_a_model() -> None:
    """A list of scenarios imports no model."""
    assert not {*TABLES, *DRAWING, *MODEL, "scipy", "pyarrow"} & imported("scenario", "list")


def test_pictures_of_a_store_need_no_statistics_library(store: str, tmp_path: Path) -> None:
    """A picture of a store imports no statistics and no model."""
    found = imported("plot", store, "--kind", "forest", "-o", str(tmp_path / "forest.svg"))
    assert "matplotlib" in found
    assert not {*MODEL, "scipy", "jinja2", "duckdb"} & found
