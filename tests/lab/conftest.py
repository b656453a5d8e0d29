"""A small store of two short scenarios, filled once; every test that changes it takes a copy."""

import shutil
from pathlib import Path

import pytest
from lab_stores import YEARS, written

from sim.runs.batch import run_batch
from sim.scenario.load import load


@pytest.fixture(scope="session")
def shorts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Files of two scenarios of three days: ``plain``, and ``many``, with more smugglers."""
    folder = tmp_path_factory.mktemp("scenarios")
    return [
        written(folder, "plain"),
        written(folder, "many", smugglers__loads_per_year=9000, patrols__sorties_per_day=6),
    ]


@pytest.fixture(scope="session")
def filled(shorts: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their store, which no test changes."""
    folder = tmp_path_factory.mktemp("stores") / "filled"
    run_batch([load(path) for path in shorts], YEARS, folder, executor="serial")
    return folder


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(filled, tmp_path / "store"))
