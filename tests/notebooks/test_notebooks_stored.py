"""The notebooks can be read without running: their outputs are stored, whole and clean."""

from __future__ import annotations

import ast
import json
import re
import socket
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import nbformat

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
NAMES = ["own_policy", "tuning"]
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def read(name: str) -> nbformat.NotebookNode:
    """A notebook, checked against its format by a library that takes seconds to import."""
    import nbformat

    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    return notebook


def code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The cells with code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """All outputs, in order."""
    return [output for cell in code(notebook) for output in cell.outputs]


def plain(source: str) -> str:
    """The source of a cell without what only a notebook understands."""
    return re.sub(r"^[%!].*$", "", source, flags=re.M)


def test_the_notebooks_are_these() -> None:
    """Every notebook of the folder is among those tested."""
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_it_was_run_from_top_to_bottom(name: str) -> None:
    """Cells are numbered in order without gaps, as after a restart."""
    counts = [cell.execution_count for cell in code(read(name))]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_went_wrong(name: str) -> None:
    """No output is an error, and nothing was written to stderr."""
    for output in outputs(read(name)):
        assert output.output_type != "error"
        assert output.get("name") != "stderr", output.get("text")


@pytest.mark.parametrize("name", NAMES)
def test_what_a_cell_shows_is_stored(name: str) -> None:
    """A cell that ends in a value has an output."""
    for cell in code(read(name)):
        last = ast.parse(plain(cell.source)).body[-1]
        if isinstance(last, ast.Expr):
            assert cell.outputs, cell.source


@pytest.mark.parametrize(("name", "least"), [("own_policy", 1), ("tuning", 1)])
def test_figures_are_stored(name: str, least: int) -> None:
    """Pictures are there as PNG, each of a decent size."""
    pictures = [
        o.data["image/png"] for o in outputs(read(name)) if "image/png" in o.get("data", {})
    ]
    assert len(pictures) >= least
    assert all(len(picture) > 10_000 for picture in pictures)


@pytest.mark.parametrize("name", NAMES)
def test_live_widgets_are_not_stored(name: str) -> None:
    """A page without a kernel would show them as an error; what they bring along is there."""
    for output in outputs(read(name)):
        assert not any("widget" in kind for kind in output.get("data", {}))


@pytest.mark.parametrize("name", NAMES)
def test_the_metadata_are_clean(name: str) -> None:
    """The kernel is plain Python 3, and cells carry nothing: no times, no tools."""
    notebook = read(name)
    assert notebook.metadata == {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    assert all(cell.metadata == {} for cell in notebook.cells)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_shows_the_machine(name: str) -> None:
    """Sources and outputs contain no path or name of a machine, and no address of an object."""
    notebook = read(name)
    texts = [cell.source for cell in notebook.cells]
    for output in outputs(notebook):
        data = {k: v for k, v in output.get("data", {}).items() if not k.startswith("image/")}
        texts += [json.dumps(data), str(output.get("text", ""))]
    whole = "\n".join(texts)
    assert not re.search(r"/(tmp|home|root|Users|usr|opt|var|work)/|site-packages", whole)
    assert not re.search(r" at 0x[0-9a-f]+", whole)
    assert socket.gethostname() not in whole


@pytest.mark.parametrize("name", NAMES)
def test_what_it_names_is_there(name: str) -> None:
    """Files, pictures and neighbours that the text names exist."""
    text = "\n".join(cell.source for cell in read(name).cells if cell.cell_type == "markdown")
    for path in re.findall(r"\]\(([^)#]+)\)", text):
        assert (FOLDER / path).exists(), path
    for path in re.findall(r"`((?:docs|notebooks|sim|scenarios|seeds)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"`([\w-]+\.ipynb)`", text):
        assert (FOLDER / path).exists(), path


@pytest.mark.parametrize("name", NAMES)
def test_it_reads_as_a_text(name: str) -> None:
    """It opens with a title, and words precede every code cell."""
    cells = read(name).cells
    assert cells[0].source.startswith("# ")
    for before, cell in pairwise(cells):
        if cell.cell_type == "code":
            assert before.cell_type == "markdown", cell.source
