"""The layers of the house hold, and would be seen not to."""

import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
LINT = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the tree in a folder."""
    return subprocess.run(
        [str(LINT), "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package and its contracts, to be spoilt."""
    for name in ("sim", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.csv")
            )
        else:
            shutil.copy(source, tmp_path / name)
    return tmp_path


def test_layers_hold() -> None:
    """No module imports what stands above it or beside it."""
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("sim/errors.py", "import sim.scenario.field"),
        ("sim/scenario/field.py", "import sim.incidents.records"),
        ("sim/theory/search.py", "import mesa"),
        ("sim/incidents/records.py", "import matplotlib"),
        ("sim/scenario/field.py", "import sim.theory.search"),
        ("sim/agents/villages.py", "import sim.agents.worksites"),
        ("sim/model.py", "import sim.runs.arrow"),
    ],
)
def test_a_forbidden_import_is_found(copy: Path, module: str, line: str) -> None:
    """An import upwards, sideways, or of a library that a layer must not know, is refused."""
    with (copy / module).open("a") as file:
        file.write(f"\n{line}\n")
    done = lint(copy)
    assert done.returncode != 0
    assert "BROKEN" in done.stdout


def test_a_module_without_a_layer_is_found(copy: Path) -> None:
    """A new part of the package must be given its place."""
    (copy / "sim" / "weather.py").write_text('"""Weather."""\n')
    done = lint(copy)
    assert done.returncode != 0
    assert "weather" in done.stdout


def test_the_agents_make_no_circle() -> None:
    """No circle of imports among the files of agents, those for annotations alone included."""
    graph = grimp.build_graph("sim", exclude_type_checking_imports=False)
    assert len(graph.find_children("sim.agents")) > 20
    assert graph.nominate_cycle_breakers("sim.agents") == set()


def test_a_circle_would_be_seen() -> None:
    """Negative control: an import from the frontier's interface back to the cells closes one."""
    graph = grimp.build_graph("sim", exclude_type_checking_imports=False)
    graph.add_import(importer="sim.agents.frontier", imported="sim.agents.cells")
    assert graph.nominate_cycle_breakers("sim.agents") != set()
