"""Measurements as rows, for a terminal and as JSON."""

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from benchmarks import figures
from benchmarks.timing import Spread


class Row(NamedTuple):
    """A row: milliseconds for orientation, and the ratio that counts."""

    what: str
    ms: Spread | None
    ratio: Spread | None
    note: str = ""


class Section(NamedTuple):
    """The rows that answer one question, with notes."""

    title: str
    rows: list[Row]
    notes: tuple[str, ...] = ()


def show(title: str, sections: Sequence[Section], notes: Sequence[str]) -> None:
    """Print all sections as one table, with their notes."""
    rows: list[Sequence[str]] = []
    for section in sections:
        rows += [(), (f"[bold]{section.title}",), *map(_cells, section.rows)]
    columns = ("what", "ms", "ratio", "least to most", "")
    figures.show(title, columns, rows, [n for each in sections for n in each.notes] + [*notes])


def _cells(row: Row) -> Sequence[str]:
    ms = f"{row.ms.median:,.1f}" if row.ms else ""
    ratio = (f"{row.ratio.median:,.2f}", figures.between(row.ratio, 2)) if row.ratio else ("", "")
    return f"  {row.what}", ms, *ratio, row.note


def as_data(sections: Sequence[Section]) -> list[dict[str, object]]:
    """The rows as plain data; a spread is median, smallest and largest, ``None`` if infinite."""
    return [
        {
            "section": section.title,
            "what": row.what,
            "ms": plain(row.ms),
            "ratio": plain(row.ratio),
            "note": row.note,
        }
        for section in sections
        for row in section.rows
    ]


def plain(spread: Spread | None) -> list[float | None] | None:
    """A spread as a list that JSON can hold."""
    return spread and [value if isfinite(value) else None for value in spread]
