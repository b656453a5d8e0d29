"""Reading a CSV table into frozen rows, with every problem of the file told at once."""

import csv
import datetime as dt
import io
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from pathlib import Path
from typing import Any, Final, Literal

from sim.errors import Problem, SeedTableError, shown


@dataclass(frozen=True, slots=True)
class Row[T]:
    """One row and the line it came from; the header is line 1."""

    line: int
    value: T


class _CellError(Exception):
    """A cell that does not fit its column: ``reason`` and ``remedy``."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason, self.remedy = reason, remedy


def read_table[T](
    path: Path, row_type: type[T], *, least: Mapping[str, float]
) -> tuple[list[Row[T]], list[Problem]]:
    """Read ``path`` into rows of the dataclass ``row_type``; see :func:`parse_table`."""
    return parse_table(decoded(path), path, row_type, least=least)


def parse_table[T](
    text: str,
    path: Path,
    row_type: type[T],
    *,
    least: Mapping[str, float],
    more_columns: bool = False,
) -> tuple[list[Row[T]], list[Problem]]:
    """Turn the text of the table at ``path`` into rows of the dataclass ``row_type``.

    A column's type is the annotation of the field of its name: ``str``, ``int``, ``float``,
    ``bool`` (0 or 1), ``datetime.date`` (ISO), a ``Literal``, or a ``str`` that is ``Annotated``
    with registries or tuples of the names allowed; with ``| None`` an empty cell is ``None``.
    ``least`` gives the smallest value of a number's column. Returns the rows that
    could be read and what is wrong with the others. Raises ``SeedTableError`` when the file as
    a whole cannot be used: missing, not UTF-8, empty, or of other columns. ``more_columns``
    allows columns that are no fields, for notes.
    """
    lines = _lines(text, path)
    columns = [field.name for field in fields(row_type)]  # type: ignore[arg-type]
    _check_header(path, lines, columns, more_columns)
    hints = typing.get_type_hints(row_type, include_extras=True)
    parsers = [_parser(hints[column], least.get(column)) for column in columns]
    order = [lines[0][1].index(column) for column in columns]
    rows: list[Row[T]] = []
    problems: list[Problem] = []
    for line, cells in lines[1:]:
        if len(cells) != len(lines[0][1]):
            problems.append(_wrong_width(path, line, len(cells), len(lines[0][1])))
            continue
        values: list[Any] = []
        for column, parse, place in zip(columns, parsers, order, strict=True):
            try:
                values.append(parse(cells[place].strip()))
            except _CellError as no:
                problem = Problem(no.reason, str(path), line, column, cells[place], no.remedy)
                problems.append(problem)
        if len(values) == len(columns):
            rows.append(Row(line, row_type(*values)))
    return rows, problems


def decoded(path: Path) -> str:
    """The text of a file in UTF-8. Raises ``SeedTableError`` where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SeedTableError(
            f"cannot be read: {error.strerror or error}",
            path=path,
            remedy="Give the path of a file that exists.",
        ) from error
    except UnicodeDecodeError as error:
        raise SeedTableError(
            f"is not UTF-8 text: byte {error.start} does not decode",
            path=path,
            remedy="Save the file in UTF-8.",
        ) from error


def _lines(text: str, path: Path) -> list[tuple[int, list[str]]]:
    """Every row that is not blank, with the number of the line it begins on."""
    lines: list[tuple[int, list[str]]] = []
    begins = 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if cells:
                lines.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise SeedTableError(
            f"is no well-formed CSV: {error}",
            path=path,
            row=begins,
            remedy='Enclose a cell that holds a comma or a quote in "...", and double the quotes.',
        ) from error
    if len(lines) < 2:
        what = "has a header but no rows" if lines else "is empty"
        raise SeedTableError(what, path=path, remedy="Give a header line and at least one row.")
    return lines


def _check_header(
    path: Path, lines: list[tuple[int, list[str]]], columns: Sequence[str], more: bool
) -> None:
    header = [cell.strip() for cell in lines[0][1]]
    lines[0] = (lines[0][0], header)
    problems = [
        Problem("is missing", str(path), 1, column, remedy="Add the column, empty if unknown.")
        for column in columns
        if column not in header
    ]
    problems += [
        Problem("is no column of this table", str(path), 1, column or None, remedy="Remove it.")
        for column in header
        if column not in columns and not more
    ]
    problems += [
        Problem("stands twice in the header", str(path), 1, column, remedy="Remove one of them.")
        for column in columns
        if header.count(column) > 1
    ]
    if problems:
        raise SeedTableError.of(problems)


def _wrong_width(path: Path, line: int, found: int, wanted: int) -> Problem:
    return Problem(
        f"has {found} cells where the header has {wanted}",
        str(path),
        line,
        remedy="Enclose cells that hold a comma in quotes.",
    )


def _parser(hint: Any, least: float | None) -> Callable[[str], Any]:
    """How a cell of this annotation is read."""
    plain, optional = _without_none(hint)
    read: Callable[[str], Any]
    if typing.get_origin(plain) is Literal:
        read = _choice(typing.get_args(plain))
    elif typing.get_origin(plain) is typing.Annotated:
        read = _choice(tuple(chain(*plain.__metadata__)))
    elif plain in (int, float):
        read = _number(plain, least)
    else:
        read = _PARSERS[plain]

    def parse(cell: str) -> Any:
        if cell:
            return read(cell)
        if optional:
            return None
        if plain is str:
            return ""
        raise _CellError("is empty", "Give a value: this column may not be left open.")

    return parse


def _without_none(hint: Any) -> tuple[Any, bool]:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        rest = [part for part in typing.get_args(hint) if part is not types.NoneType]
        return rest[0], True
    return hint, False


def _choice(allowed: tuple[str, ...]) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if cell not in allowed:
            raise _CellError("is not known here", f"Use one of {', '.join(allowed)}.")
        return cell

    return read


def _number(kind: type[int] | type[float], least: float | None) -> Callable[[str], float]:
    name = "a whole number" if kind is int else "a number"

    def read(cell: str) -> float:
        # Underscores, "nan" and "inf" are numbers to Python and slips to a reader.
        if any(letter not in "0123456789+-.eE" for letter in cell):
            raise _CellError(f"is not {name}", f"Write {name} in digits, or leave it empty.")
        try:
            value = kind(cell)
        except ValueError as error:
            raise _CellError(
                f"is not {name}", f"Write {name} in digits, or leave it empty."
            ) from error
        if value == float("inf") or (least is not None and value < least):
            raise _CellError("is out of bounds", f"Give at least {shown(least or 0)}, and finite.")
        return value

    return read


def _flag(cell: str) -> bool:
    if cell not in ("0", "1"):
        raise _CellError("is neither 0 nor 1", "Write 1 for yes, 0 for no.")
    return cell == "1"


def _date(cell: str) -> dt.date:
    try:
        return dt.datetime.strptime(cell, "%Y-%m-%d").date()
    except ValueError as error:
        raise _CellError("is no date", "Write it as YYYY-MM-DD, or leave it empty.") from error


_PARSERS: Final[dict[Any, Callable[[str], Any]]] = {str: str, bool: _flag, dt.date: _date}
