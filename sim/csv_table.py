"""Reading a CSV table into frozen rows; all problems of the file are reported at once."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError

from sim.errors import HIDDEN, Problem, SeedTableError
from sim.validation import control_character, refusal
from sim.validation import problems as refusals

_REQUIRED: Final = "Give a value: this column may not be empty."


@dataclass(frozen=True, slots=True)
class Row[T]:
    """One row and its line in the file; the header is line 1."""

    line: int
    value: T


class TableProblems(list[Problem]):
    """The problems found in one file so far."""

    def __init__(self, path: Path, found: Iterable[Problem] = ()) -> None:
        super().__init__(found)
        self._path = str(path)

    def add(
        self, line: int | None, key: str | None, value: object, reason: str, remedy: str
    ) -> None:
        """Add a problem of a key or column at a line."""
        self.append(Problem(reason, self._path, line, key, value, remedy))

    def check(self) -> None:
        """Raise ``SeedTableError`` with all problems, in the order of the lines, if any."""
        if self:
            raise SeedTableError.of(sorted(self, key=lambda problem: problem.line or 0))


def _matching(pattern: str, what: str, remedy: str) -> BeforeValidator:
    """Require a pattern: other texts that Python reads as a number or a date are mistakes."""

    def check(cell: str) -> str:
        if re.fullmatch(pattern, cell) is None:
            raise refusal(what, remedy)
        return cell

    return BeforeValidator(check)


_DIGITS = r"[0-9]+\.?[0-9]*|\.[0-9]+"
_NUMBER = _matching(
    rf"[-+]?({_DIGITS})([eE][-+]?[0-9]+)?",
    "is not a number",
    "Write a number in digits, or leave it empty.",
)
_WHOLE = _matching(
    r"[-+]?[0-9]+",
    "is not a whole number",
    "Write a whole number in digits, or leave it empty.",
)
FIRST_YEAR: Final = 1900
"""No seed table has a date before this year."""


def implausible_date(first: dt.date) -> tuple[str, str] | None:
    """Why a report about a time that begins on this day is implausible, and the remedy."""
    today = dt.date.today()
    if first.year < FIRST_YEAR:
        return f"is before {FIRST_YEAR}", "Write the year in four digits."
    if first > today + dt.timedelta(days=1):
        reason = f"is in the future: today is {today.isoformat()}"
        return reason, "Correct the date, or the clock of this computer."
    return None


def _plausible(day: dt.date) -> dt.date:
    if (reason := implausible_date(day)) is not None:
        raise refusal(*reason)
    return day


_DAY = _matching(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "is not a date", "Write it as YYYY-MM-DD, or leave it empty."
)
Number = Annotated[float, Field(allow_inf_nan=False), _NUMBER]
Amount = Annotated[float, Field(ge=0.0, allow_inf_nan=False), _NUMBER]
"""A number that is not negative."""
Count = Annotated[int, Field(ge=0), _WHOLE]
Size = Annotated[int, Field(ge=1), _WHOLE]
Flag = Annotated[bool, _matching("[01]", "is neither 0 nor 1", "Write 1 for yes, 0 for no.")]
Date = Annotated[dt.date, _DAY, AfterValidator(_plausible)]
"""A plausible day of a report: neither before :data:`FIRST_YEAR` nor in the future."""


def read_table[T](path: Path, row_type: type[T]) -> tuple[list[Row[T]], list[Problem]]:
    """Read ``path`` into rows of the dataclass ``row_type``; see :func:`parse_table`."""
    return parse_table(read_text(path), path, row_type)


def parse_table[T](
    text: str, path: Path, row_type: type[T], *, more_columns: bool = False
) -> tuple[list[Row[T]], list[Problem]]:
    """Turn the text of the table at ``path`` into rows of the dataclass ``row_type``.

    Its fields are the columns. A cell may be empty where the field has a default. Returns the
    rows that could be read and what is wrong with the others. Raises ``SeedTableError`` when
    the file as a whole cannot be used: missing, not UTF-8, empty, or of other columns.
    ``more_columns`` allows columns that are not fields, for notes.
    """
    lines = _lines(text, path)
    columns = [field.name for field in fields(row_type)]  # type: ignore[arg-type]
    _check_header(path, lines, columns, more_columns)
    header = lines[0][1]
    uneven = [
        wrong_width(path, line, len(row), len(header))
        for line, row in lines[1:]
        if len(row) != len(header)
    ]
    cells = [
        Row(line, dict(zip(header, row, strict=True)))
        for line, row in lines[1:]
        if len(row) == len(header)
    ]
    rows, problems = parse_rows(cells, path, row_type)
    return rows, sorted([*uneven, *problems], key=lambda problem: problem.line or 0)


def parse_rows[T](
    cells: Iterable[Row[Mapping[str, str]]], path: Path, row_type: type[T]
) -> tuple[list[Row[T]], list[Problem]]:
    """Turn rows of text cells by column into ``row_type``; see :func:`parse_table`."""
    reader = TypeAdapter(row_type)
    rows: list[Row[T]] = []
    problems: list[Problem] = []
    for line, row in ((each.line, each.value) for each in cells):
        stripped = {column: cell.strip() for column, cell in row.items()}
        for column, cell in stripped.items():
            if (found := HIDDEN.search(cell)) is not None:
                reason, remedy = control_character(found[0])
                problems.append(Problem(reason, str(path), line, column, cell, remedy))
        try:
            filled = {column: cell for column, cell in stripped.items() if cell}
            rows.append(Row(line, reader.validate_strings(filled)))
        except ValidationError as error:
            for problem in refusals(error, otherwise=_REQUIRED):
                reason = "is empty" if problem.value is None else problem.reason
                problems.append(replace(problem, reason=reason, path=str(path), line=line))
    return rows, problems


def read_file(path: Path) -> bytes:
    """The content of a file. Raises ``SeedTableError`` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise SeedTableError(
            f"cannot be read: {error.strerror or error}",
            path=path,
            remedy="Give the path of a file that exists.",
        ) from error


def read_text(path: Path) -> str:
    """The text of a file in UTF-8. Raises ``SeedTableError`` where it cannot be read."""
    try:
        return read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SeedTableError(
            f"is not UTF-8 text: byte {error.start} does not decode",
            path=path,
            remedy="Save the file in UTF-8.",
        ) from error


def _lines(text: str, path: Path) -> list[tuple[int, list[str]]]:
    """The rows of a table with a header and at least one row; see :func:`csv_rows`."""
    lines = csv_rows(text, path)
    if len(lines) < 2:
        what = "has a header but no rows" if lines else "is empty"
        raise SeedTableError(what, path=path, remedy="Give a header line and at least one row.")
    return lines


def csv_rows(text: str, path: Path, separator: str = ",") -> list[tuple[int, list[str]]]:
    """Every row that is not blank, with the number of the line that it begins on.

    Raises ``SeedTableError`` where quotes do not match.
    """
    lines: list[tuple[int, list[str]]] = []
    begins = 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    try:
        for cells in reader:
            if cells:
                lines.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise SeedTableError(
            f"is not well-formed CSV: {error}",
            path=path,
            line=begins,
            remedy='Enclose a cell that holds a comma or a quote in "...", and double the quotes.',
        ) from error
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
        Problem("is not a column of this table", str(path), 1, column or None, remedy="Remove it.")
        for column in header
        if column not in columns and not more
    ]
    problems += [
        Problem("is twice in the header", str(path), 1, column, remedy="Remove one of them.")
        for column in columns
        if header.count(column) > 1
    ]
    if problems:
        raise SeedTableError.of(problems)


def wrong_width(path: Path, line: int, found: int, wanted: int) -> Problem:
    """The problem of a row with more or fewer cells than the header."""
    return Problem(
        f"has {found} cells where the header has {wanted}",
        str(path),
        line,
        remedy="Enclose cells that hold a comma in quotes.",
    )
