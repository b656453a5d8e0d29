"""Read several scenarios at once: by name, by file, as values, or from a table."""

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
"""The column that names the scenario a row changes; without it the baseline."""


def scenarios(given: Any) -> list[Scenario]:
    """The scenarios for one item or several.

    An item is a :class:`Scenario`, the name of a shipped one, the path of a file, overrides
    (``{"patrols.size": 3}`` or a pandas row), or a table of them: pandas, Polars or Arrow, one row
    per scenario, with dotted keys as columns. In overrides ``"scenario"`` names the scenario that
    they change (default: the baseline) and ``"name"`` the result (default: ``baseline_1``, by the
    row). Empty cells, None and NaN change nothing. Raises :class:`~sim.errors.ScenarioError`.
    """
    result: list[Scenario] = []
    for item in _items(given):
        if isinstance(item, Scenario):
            result.append(item)
        elif isinstance(item, Mapping):
            result.append(_from_row(item, len(result) + 1))
        elif isinstance(item, str | Path):
            result.append(load(item))
        else:
            raise ScenarioError(
                f"is not a scenario but {type(item).__name__}",
                value=item,
                remedy="Give names, paths of files, scenarios, overrides or a table of them.",
            )
    return result


def read_design(path: Path, settings: Iterable[str] = ()) -> list[Scenario]:
    """The scenarios of a CSV table: the header has dotted keys, each row is a scenario.

    ``settings`` are ``key=value``, for every row that does not set the key itself.

    Raises :class:`~sim.errors.ScenarioError` with every problem, each with its line.
    """
    head, *rows = _csv(path, "the design", "one row per scenario")
    problems = [
        Problem("is twice in the header" if key else "has no name", display(path), 1, key or None)
        for key in dict.fromkeys(head)
        if not key or head.count(key) > 1
    ]
    common = dict(map(parse_override, settings))
    result: list[Scenario] = []
    for line, row in enumerate(rows, 2) if not problems else ():
        if not any(row):
            continue
        try:
            result.append(_from_row({**common, **_cells(head, row)}, len(result) + 1))
        except PanjError as error:
            problems += [_at(path, line, problem) for problem in error.problems]
    if not result and not problems:
        remedy = "Give a header of parameters, and one row per scenario."
        problems = [Problem("has no scenario", display(path), remedy=remedy)]
    if problems:
        raise ScenarioError.of(problems)
    return result


def numbers(table: Any) -> dict[str, list[float]]:
    """The columns of a table of parameter values: pandas, Polars, Arrow, rows, or a CSV file.

    Raises :class:`~sim.errors.ScenarioError` for a column that is not a parameter with a number,
    and for a cell that is not one.
    """
    rows = _from_csv(Path(table)) if isinstance(table, str | Path) else list(_items(table))
    result: dict[str, list[float]] = {}
    for line, row in enumerate(rows, 1):
        for key, cell in dict(row).items():
            value, known = plain_cell(cell), parameter(str(key))
            if known is None or known.kind not in ("number", "whole number", "district table"):
                raise ScenarioError("is not a parameter with a number", key=str(key))
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ScenarioError("is not a number", key=str(key), value=cell, line=line)
            result.setdefault(str(key), []).append(value)
    if not result or any(len(column) != len(rows) for column in result.values()):
        raise ScenarioError("a table of draws needs a number in every row and column")
    return result


def _from_csv(path: Path) -> list[dict[str, object]]:
    head, *rows = _csv(path, "the draws", "one row per draw")
    return [
        {key: _read(key, cell) for key, cell in zip(head, row, strict=False) if key}
        for row in rows
        if any(row)
    ]


def _csv(path: Path, what: str, each: str) -> list[list[str]]:
    """The rows of a table, the header first, each cell stripped of spaces."""
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
    filled = {key: cell for key, cell in zip(head, row, strict=False) if cell}
    return {key: cell if key == BASE else _read(key, cell) for key, cell in filled.items()}


def _read(key: str, cell: str) -> object:
    """A cell as TOML reads it; a bare word is a text."""
    if key in LABELS:
        return cell
    return parse_override(f"{key}={cell}")[1]


def _at(path: Path, line: int, problem: Problem) -> Problem:
    """A problem of a row with the row's line, also where it is in a file that the row names."""
    key, value = problem.key, problem.value
    if key is None and value is None and problem.path is not None:
        key, value = BASE, problem.path
    return Problem(problem.reason, display(path), line, key, value, problem.remedy)


def _items(given: Any) -> Iterator[Any]:
    if isinstance(given, Scenario | str | Path | Mapping):
        yield given
        return
    rows = _rows(given)
    if rows is not None:
        yield from rows
    elif isinstance(given, Iterable):
        for item in given:
            inner = None if isinstance(item, Scenario | str | Path | Mapping) else _rows(item)
            yield from [item] if inner is None else inner
    else:
        yield given


def _rows(table: Any) -> list[Mapping[str, object]] | None:
    """The rows of a pandas, Polars or Arrow table or of a pandas row; None for anything else."""
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


def _from_row(row: Mapping[str, object], number: int) -> Scenario:
    """The scenario with the values of a row."""
    values = {
        str(key): value for key, cell in row.items() if (value := plain_cell(cell)) is not None
    }
    base = values.pop(BASE, "baseline")
    if not isinstance(base, str | Path | Scenario):
        raise ScenarioError("names no scenario", key=BASE, value=base)
    name = getattr(base, "name", None) or Path(cast(str, base)).stem
    return to_scenario(base, {"name": f"{name}_{number}", **values})
