"""Run the notebooks and store their outputs, so that they can be read without running.

``python notebooks/store.py [NOTEBOOK ...]``; default: all notebooks of this folder. Live widgets
are not stored: a page that cannot run them shows the text or the table instead. No details of the
machine are stored.
"""

import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
WIDGET = "application/vnd.jupyter.widget-view+json"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def run_notebook(path: Path) -> nbformat.NotebookNode:
    """Run a notebook from top to bottom in its own folder; an error in a cell is raised."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=900,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        store_widget_state=False,
    )
    client.execute()
    return clean(notebook)


def clean(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Remove times, live widgets and details of the machine."""
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    for cell in notebook.cells:
        cell.metadata = {}
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if data.pop(WIDGET, None) and re.match(r"\w+\(", data.get("text/plain", "")):
                data["text/plain"] = "A widget: run the cell to use it."
    return notebook


def main(names: list[str]) -> None:
    """Run and store the notebooks."""
    for path in [Path(name) for name in names] or sorted(HERE.glob("*.ipynb")):
        nbformat.write(run_notebook(path), path)
        print(path.name)


if __name__ == "__main__":
    main(sys.argv[1:])
