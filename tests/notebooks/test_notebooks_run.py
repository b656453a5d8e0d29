"""The notebooks run from top to bottom, with settings so small that only running is tested."""

import runpy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"


@cache
def store() -> dict[str, Any]:
    """What the program that stores notebooks has; its libraries take seconds to import."""
    return runpy.run_path(str(FOLDER / "store.py"))


def run(name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A notebook after a run in a kernel of its own; an error in a cell is raised."""
    monkeypatch.setenv("PANJ_QUICK", "1")
    return store()["run_notebook"](FOLDER / f"{name}.ipynb")


def kinds(notebook: Any) -> list[list[str]]:
    """What each cell puts out: the kinds of its outputs, text from pictures."""
    return [
        [
            kind
            for output in cell.get("outputs", [])
            for kind in sorted(output.get("data", {output.get("name", "error"): ""}))
        ]
        for cell in notebook.cells
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["own_policy", "tuning"])
def test_a_notebook_runs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every cell runs, and puts out the same kinds of things as are stored."""
    stored = store()["nbformat"].read(FOLDER / f"{name}.ipynb", as_version=4)
    assert kinds(run(name, monkeypatch)) == kinds(stored)


@pytest.mark.thorough
def test_a_run_is_tidied(tmp_path: Path) -> None:
    """What is stored has no live widget, no times, and no kernel but Python 3."""
    nbformat = store()["nbformat"]
    notebook = nbformat.v4.new_notebook(metadata={"widgets": {"state": {}}})
    cell = nbformat.v4.new_code_cell("1", metadata={"execution": {"iopub.status.busy": "now"}})
    view = "application/vnd.jupyter.widget-view+json"
    data = {view: {"model_id": "x"}, "text/html": "<table>"}
    cell.outputs = [nbformat.v4.new_output("display_data", data)]
    notebook.cells = [cell]
    tidy = store()["clean"](notebook)
    assert tidy.metadata == {"kernelspec": store()["KERNEL"], "language_info": {"name": "python"}}
    assert tidy.cells[0].metadata == {}
    assert tidy.cells[0].outputs[0].data == {"text/html": "<table>"}
    nbformat.write(tidy, tmp_path / "x.ipynb")
    nbformat.validate(nbformat.read(tmp_path / "x.ipynb", as_version=4))
