"""A scenario as a file that anyone can run: it extends the baseline and sets what differs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import PanjError, output_errors
from sim.frontier.ground import Ground
from sim.runs.store_files import write_file
from sim.scenario.load import load
from sim.scenario.values import diff, digest

if TYPE_CHECKING:
    from sim.scenario.spec import Scenario


def as_toml(scenario: Scenario, title: str, comments: Iterable[str] = ()) -> str:
    """The text of a scenario file."""
    tables: dict[str, list[str]] = {"": []}
    for change in diff(load("baseline"), scenario):
        table, _, name = change.key.rpartition(".")
        tables.setdefault(table, []).append(f"{name} = {_written(change.b)}")
    lines = [
        *(f"# {comment}" for comment in comments),
        'extends = "baseline.toml"',
        f"title = {json.dumps(title)}",
        *tables.pop(""),
    ]
    for table, inside in tables.items():
        lines += ["", f"[{table}]", *inside]
    return "\n".join(lines) + "\n"


def write_scenario(
    path: Path, scenario: Scenario, title: str, comments: Iterable[str] = (), *, force: bool = False
) -> Path:
    """Write a scenario file, whole or not at all, and check that it loads as the same scenario.

    Raises :class:`~sim.errors.PanjError` where the file exists already, where its name does not
    end in .toml, and where a file cannot express the scenario; and
    :class:`~sim.errors.OutputError` when the disk refuses.
    """
    if path.suffix != ".toml":
        raise PanjError("a scenario file ends in .toml", path=path)
    if path.exists() and not force:
        raise PanjError("exists already", path=path, remedy="Give another name.")
    with output_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, as_toml(scenario, title, comments).encode())
    if digest(load(path)) != digest(scenario):
        path.unlink()
        raise PanjError(
            "a file that extends the baseline cannot express this scenario",
            value=scenario.name,
            remedy="Start from a shipped scenario, or from your own file that extends one.",
        )
    return path


def _written(value: object) -> str:
    if isinstance(value, Ground):
        return json.dumps(value.name)
    return json.dumps(value, default=str) if not hasattr(value, "isoformat") else str(value)
