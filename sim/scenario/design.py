"""A design: scenarios as people have them, by name, by file, as values, or as a table of them."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from sim.errors import PanjError, Problem, ScenarioError
from sim.scenario.catalogue import display
from sim.scenario.load import load, to_scenario
from sim.scenario.overrides import parse_override, plain_cell
from sim.scenario.parameters import LABELS, parameter
from sim.scenario.spec import Scenario

BASE: Final = "scenario"
"""The column that names what a row starts from; without it the baseline."""


def scenarios(asked: Any) -> list[Scenario]:
    """The scenarios meant by one thing or several.

    A thing is a :class:`Scenario`, the name of a shipped one, the path of a file, overrides
    (``{"patrols.size": 3}``; a pandas row is one too), or a table of them: pandas, Polars or
    Arrow, one row a scenario, its columns dotted keys. In overrides ``"scenario"`` names what
    they change (the baseline) and ``"name"`` what comes out (``baseline_1``, by the row).
    Empty cells, None and NaN change nothing. Raises :class:`~sim.errors.ScenarioError`.
    """
    found: list[Scenario] = []
    for thing in _things(asked):
        if isinstance(thing, Scenario):
            found.append(thing)
        elif isinstance(thing, Mapping):
            found.append(_varied(thing, len(found) + 1))
        elif isinstance(thing, str | Path):
            found.append(load(thing))
        else:
            raise ScenarioError(
                f"is not a scenario but {type(thing).__name__}",
                value=thing,
                remedy="Give names, paths of files, scenarios, overrides or a table of them.",
            )
    return found


def read_design(path: Path, settings: Iterable[str] = ()) -> list[Scenario]:
    """The scenarios of a CSV table: the header has dotted keys, a row is a scenario.

    ``settings`` are ``key=value``, for every row that does not set the key itself.

    Raises :class:`~sim.errors.ScenarioError` with every problem, each with its line.
    """
    head, *rows = _csv(path, "the design", "one row a scenario")
    problems = [
        Problem("is there twice" if key else "has no name", display(path), 1, key or None)
        for key in dict.fromkeys(head)
        if not key or head.count(key) > 1
    ]
    common = dict(map(parse_override, settings))
    found: list[Scenario] = []
    for line, row in enumerate(rows, 2) if not problems else ():
        if not any(row):
            continue
        try:
            found.append(_varied({**common, **_cells(head, row)}, len(found) + 1))
        except PanjError as error:
            problems += [_at(path, line, problem) for problem in error.problems]
    if not found and not problems:
        remedy = "Give a header of parameters, and one row a scenario."
        problems = [Problem("holds no scenario", display(path), remedy=remedy)]
    if problems:
        raise ScenarioError.of(problems)
    return found


def numbers(table: Any) -> dict[str, list[float]]:
    """The columns of a table of parameter values: pandas, Polars, Arrow, rows, or a CSV file.

    Raises :class:`~sim.errors.ScenarioError` for a column that is not a parameter with a number,
    and for a cell that is not one.
    """
    rows = _from_csv(Path(table)) if isinstance(table, str | Path) else list(_things(table))
    found: dict[str, list[float]] = {}
    for line, row in enumerate(rows, 1):
        for key, cell in dict(row).items():
            value, known = plain_cell(cell), parameter(str(key))
            if known is None or known.kind not in ("number", "whole number", "district table"):
                raise ScenarioError("is not a parameter with a number", key=str(key))
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ScenarioError("is not a number", key=str(key), value=cell, line=line)
            found.setdefault(str(key), []).append(value)
    if not found or any(len(column) != len(rows) for column in found.values()):
        raise ScenarioError("a table of draws needs a number in every row and column")
    return found


def _from_csv(path: Path) -> list[dict[str, object]]:
    head, *rows = _csv(path, "the draws", "one row a draw")
    return [
        {key: _read(key, cell) for key, cell in zip(head, row, strict=False) if key}
        for row in rows
        if any(row)
    ]


def _csv(path: Path, what: str, each: str) -> list[list[str]]:
    """The lines of a table, the header first, each cell without space around it."""
    try:
        text = path.read_text("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (OSError, UnicodeError, csv.Error, ValueError) as error:
        raise ScenarioError(
            f"{what} cannot be read ({getattr(error, 'strerror', None) or error})",
            path=display(path),
            remedy=f"Give a CSV table in UTF-8: a header of parameters, {each}.",
        ) from error
    return [[cell.strip() for cell in row] for row in rows or [[]]]


def _cells(head: list[str], row: list[str]) -> dict[str, object]:
    if len(row) > len(head):
        raise ScenarioError(f"has {len(row)} cells under {len(head)} columns")
    said = {key: cell for key, cell in zip(head, row, strict=False) if cell}
    return {key: cell if key == BASE else _read(key, cell) for key, cell in said.items()}


def _read(key: str, cell: str) -> object:
    """A cell as TOML would read it; what TOML cannot read is a word."""
    if key in LABELS:
        return cell
    return parse_override(f"{key}={cell}")[1]


def _at(path: Path, line: int, problem: Problem) -> Problem:
    """A problem of a row, with the line of the row; what is wrong with a file it names is said."""
    key, value = problem.key, problem.value
    if key is None and value is None and problem.path is not None:
        key, value = BASE, problem.path
    return Problem(problem.reason, display(path), line, key, value, problem.remedy)


def _things(asked: Any) -> Iterator[Any]:
    if isinstance(asked, Scenario | str | Path | Mapping):
        yield asked
        return
    rows = _rows(asked)
    if rows is not None:
        yield from rows
    elif isinstance(asked, Iterable):
        for thing in asked:
            inner = None if isinstance(thing, Scenario | str | Path | Mapping) else _rows(thing)
            yield from [thing] if inner is None else inner
    else:
        yield asked


def _rows(table: Any) -> list[Mapping[str, object]] | None:
    """The rows of a table of pandas, Polars or Arrow, or a row of pandas; None if it is none."""
    if hasattr(table, "to_pylist"):
        return cast(list[Mapping[str, object]], table.to_pylist())
    if hasattr(table, "to_dicts"):
        return cast(list[Mapping[str, object]], table.to_dicts())
    convert: Callable[..., Any] | None = getattr(table, "to_dict", None)
    if convert is None:
        return None
    return cast(
        list[Mapping[str, object]],
        convert("records") if getattr(table, "ndim", 1) == 2 else [convert()],
    )


def _varied(row: Mapping[str, object], number: int) -> Scenario:
    """A scenario with the values of a row."""
    said = {str(key): value for key, cell in row.items() if (value := plain_cell(cell)) is not None}
    base = said.pop(BASE, "baseline")
    if not isinstance(base, str | Path | Scenario):
        raise ScenarioError("names no scenario", key=BASE, value=base)
    name = getattr(base, "name", None) or Path(cast(str, base)).stem
    values = {"name": f"{name}_{number}", **said}
    return to_scenario(base, values)
