"""Cleaning of cells: from how other programs write them to how the seed tables do.

A data frame turns a whole number into ``2.0``; a spreadsheet may write a decimal comma, or the day
before the month. A cell with one possible reading is rewritten, and the change is listed; a cell
with two is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args, get_type_hints

from sim.csv_table import Row
from sim.errors import Problem

NOTHING: Final = frozenset(
    ("#N/A", "#NA", "<NA>", "N/A", "NA", "NULL", "NaN", "NaT", "None", "n/a", "nan", "null")
)
"""Words for an empty cell in data frames and spreadsheets."""
_DASHES: Final = frozenset(("-", "–", "—", "?"))
_YES: Final = {"1", "1.0", "true", "yes", "y"}
_NO: Final = {"0", "0.0", "false", "no", "n"}

_COMMA: Final = re.compile(r"[-+]?\d+,\d+")
_POINT: Final = re.compile(r"[-+]?\d+\.\d+")
_GROUPED: Final = re.compile(r"[-+]?\d{1,3}([ \u00a0\u2009\u202f'’]\d{3})+(?=\D|$)")
_BOTH: Final = re.compile(r"[-+]?\d{1,3}(,\d{3})+\.\d+")
_WHOLE: Final = re.compile(r"([-+]?\d+)\.0+")
_CLOCK: Final = r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_ISO: Final = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_CLOCK}")
_POINTED: Final = re.compile(rf"(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}}){_CLOCK}")
_SLASHED: Final = re.compile(rf"(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}){_CLOCK}")
_WORDED: Final = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})")
_MONTHS: Final = "janfebmaraprmayjunjulaugsepoctnovdec"

Table = Iterable[Row[dict[str, str]]]


class Change(NamedTuple):
    """A cell that was rewritten; ``what`` says how, in the same words for the same change."""

    what: str
    line: int
    column: str
    before: str
    after: str


@dataclass
class CellCleaner:
    """Rewrites the cells of a table of ``row_type``; lists its changes and the cells it refused."""

    path: Path
    row_type: type
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def clean(self, rows: Table) -> list[Row[dict[str, str]]]:
        """Copies of the rows, with cells written as in the seed tables."""
        kinds = bases(self.row_type)
        copies = [Row(row.line, dict(row.value)) for row in rows]
        self._each(copies, lambda column, cell: _empty(cell, kinds.get(column, str)))
        self._numbers(copies, [name for name, base in kinds.items() if base in (int, float)])
        for column in [name for name, base in kinds.items() if base is dt.date]:
            self._days(copies, column)
        self._each(copies, lambda column, cell: _flag(cell) if kinds.get(column) is bool else None)
        return copies

    def _each(self, rows: Table, change: Callable[[str, str], tuple[str, str] | None]) -> None:
        """Rewrite each cell for which ``change`` returns what it did and the new text."""
        for row in rows:
            for column, cell in row.value.items():
                done = change(column, cell)
                if done is not None and done[1] != cell:
                    self.rewrite(row, column, *done)

    def rewrite(self, row: Row[dict[str, str]], column: str, what: str, after: str) -> None:
        """Write a text into a cell, and list the change."""
        self.changes.append(Change(what, row.line, column, row.value[column], after))
        row.value[column] = after

    def refuse(self, row: Row[dict[str, str]], column: str, reason: str, remedy: str) -> None:
        """List a problem of a cell, and empty the cell so that it causes no second one."""
        cell = row.value[column]
        self.problems.append(Problem(reason, str(self.path), row.line, column, cell, remedy))
        row.value[column] = ""

    def _numbers(self, rows: list[Row[dict[str, str]]], columns: list[str]) -> None:
        cells = [(row, c) for row in rows for c in columns if c in row.value]
        for row, column in cells:
            cell = row.value[column]
            if _GROUPED.match(cell) or _BOTH.fullmatch(cell):
                plain = re.sub(r"[\s'’]" if _GROUPED.match(cell) else ",", "", cell)
                self.rewrite(row, column, "separators between thousands", plain)
        commas = [(r, c) for r, c in cells if _COMMA.fullmatch(r.value[c])]
        points = [(r, c) for r, c in cells if _POINT.fullmatch(r.value[c])]
        clear = any(not re.search(r",\d{3}$", row.value[column]) for row, column in commas)
        for row, column in commas:
            cell = row.value[column]
            if points:
                other = points[0][0].line
                reason = f"has a comma where line {other} has a decimal point"
                self.refuse(row, column, reason, "Write all numbers of the table with a point.")
            elif not clear:
                reason = "may be thousands or a decimal comma: no cell of the table shows which"
                self.refuse(row, column, reason, "Write it with a point, or without the comma.")
            else:
                self.rewrite(row, column, "a decimal comma", cell.replace(",", "."))
        for row, column in cells:
            whole = _WHOLE.fullmatch(row.value[column])
            if whole and bases(self.row_type)[column] is int:
                self.rewrite(row, column, "a whole number written with decimals", whole[1])

    def _days(self, rows: list[Row[dict[str, str]]], column: str) -> None:
        filled = [row for row in rows if row.value.get(column)]
        slashed = [match for row in filled if (match := _SLASHED.fullmatch(row.value[column]))]
        orders = {
            order
            for order, place in (("day first", 1), ("month first", 2))
            if any(int(match[place]) > 12 for match in slashed)
        }
        for row in filled:
            cell = row.value[column]
            if _SLASHED.fullmatch(cell) and len(orders) != 1:
                reason = "may be day/month or month/day: " + (
                    "other rows of the column have both" if orders else "no row shows which"
                )
                self.refuse(row, column, reason, "Write dates as YYYY-MM-DD.")
                continue
            day = _day(cell, "month first" in orders)
            if day is not None and day != cell:
                self.rewrite(row, column, "a date in another format", day)


@lru_cache(maxsize=8)
def bases(row_type: type) -> Mapping[str, type]:
    """The plain type of each column: ``int``, ``float``, ``bool``, ``date`` or ``str``."""
    hints = get_type_hints(row_type)
    return {field.name: _base(hints[field.name]) for field in fields(row_type)}


def _base(hint: Any) -> type:
    inner = next((part for part in get_args(hint) if part is not type(None)), hint)
    return inner if inner in (int, float, bool, dt.date) else str


def _empty(cell: str, base: type) -> tuple[str, str] | None:
    empty = cell in NOTHING or (base is not str and cell in _DASHES)
    return ("a word for an empty cell", "") if empty else None


def _flag(cell: str) -> tuple[str, str] | None:
    low = cell.casefold()
    flag = "1" if low in _YES else "0" if low in _NO else None
    return None if flag is None else ("yes or no in words", flag)


def _day(cell: str, month_first: bool) -> str | None:
    """A date as YYYY-MM-DD, without a time of day that follows it."""
    for pattern, order in ((_ISO, (1, 2, 3)), (_POINTED, (3, 2, 1)), (_SLASHED, (3, 2, 1))):
        if match := pattern.fullmatch(cell):
            year, month, day = (match[place] for place in order)
            if pattern is _SLASHED and month_first:
                month, day = day, month
            return f"{year}-{month:0>2}-{day:0>2}"
    if (match := _WORDED.fullmatch(cell)) is not None:
        place, odd = divmod(_MONTHS.find(match[2].casefold()), 3)
        return None if odd else f"{match[3]}-{place + 1:02}-{match[1]:0>2}"
    return None


def count_changes(changes: Iterable[Change]) -> Iterator[tuple[str, int, Change]]:
    """Each kind of change, with how many cells it changed and the first of them."""
    first: dict[str, Change] = {}
    count: dict[str, int] = {}
    for change in changes:
        first.setdefault(change.what, change)
        count[change.what] = count.get(change.what, 0) + 1
    for what, change in first.items():
        yield what, count[what], change
