"""A table as read from its file: encoding, separator, named columns and rows of text.

Blank rows, columns without a name and an index, which spreadsheets and data frames leave around a
table, are dropped and listed. No cell is changed.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.csv_table import Row, csv_rows, read_file, wrong_width
from sim.errors import Problem, SeedTableError

SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_HINT: Final = re.compile(r'"?sep=([,;\t|])"?\r?\n')
_UNNAMED: Final = re.compile(r"(unnamed(_\d+)?)?")
_BINARY: Final = {
    b"PK\x03\x04": "is an Excel workbook or another packed file",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook",
    b"PAR1": "is a Parquet file",
}
_SAVE: Final = 'Save it as text: "CSV UTF-8" in a spreadsheet, to_csv in Python.'
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Sheet:
    """Rows of text cells by column, with their lines.

    ``encoding`` and ``separator`` say in words how the file is written; ``dropped`` says what was
    left out around the table.
    """

    path: Path
    encoding: str
    separator: str
    columns: tuple[str, ...]
    rows: tuple[Row[dict[str, str]], ...]
    dropped: tuple[str, ...]


def slug(text: str) -> str:
    """A name as columns and kinds are written: small letters, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", text.strip().casefold()).strip("_")


def read_sheet(path: Path, known: Collection[str]) -> Sheet:
    """Read a file, with the separator that yields most ``known`` columns.

    Raises ``SeedTableError`` if it is not a table of text, or with every row of the wrong width.
    """
    text, encoding = _text(path)
    hint = _HINT.match(text)
    lines, separator = _best(text[hint.end() :] if hint else text, path, known, hint)
    shift = 1 if hint else 0
    full = [(line + shift, cells) for line, cells in lines if any(map(str.strip, cells))]
    if len(full) < 2:
        what = "has a header but no rows" if full else "is empty"
        raise SeedTableError(what, path=path, remedy="Give a header line and at least one row.")
    header = [slug(cell) for cell in full[0][1]]
    named = [n for n, name in enumerate(header) if not _UNNAMED.fullmatch(name)]
    _check(path, full, header, named)
    rows = tuple(
        Row(line, {header[n]: cells[n].strip() for n in named}) for line, cells in full[1:]
    )
    blank = len(lines) - len(full)
    dropped = [f"{blank} blank row{'s' * (blank != 1)}"] if blank else []
    dropped += _nameless(header, named, [cells for _, cells in full[1:]])
    columns = tuple(header[n] for n in named)
    return Sheet(path, encoding, SEPARATORS[separator], columns, rows, tuple(dropped))


def _text(path: Path) -> tuple[str, str]:
    """The text of a file, and its encoding."""
    content = read_file(path)
    for magic, what in _BINARY.items():
        if content.startswith(magic):
            raise SeedTableError(f"{what}, not a table of text", path=path, remedy=_SAVE)
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), _unmarked(content))
    try:
        return content.decode(encoding).removeprefix("\ufeff"), encoding[:6].rstrip("-").upper()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SeedTableError(
            f"is neither UTF-8 nor UTF-16 text: byte {error.start} does not decode as {encoding}",
            path=path,
            line=line,
            remedy=_SAVE,
        ) from error


def _unmarked(content: bytes) -> str:
    """Guess the encoding: UTF-16 without a mark has a zero in every other byte of ASCII text."""
    low, high = content[:2000:2].count(0), content[1:2000:2].count(0)
    if max(low, high) * 8 > min(len(content), 2000):
        return "utf-16-be" if low > high else "utf-16-le"
    return "utf-8"


def _best(
    text: str, path: Path, known: Collection[str], hint: re.Match[str] | None
) -> tuple[list[tuple[int, list[str]]], str]:
    """The rows, and the separator that yields most known columns."""
    if hint:
        return csv_rows(text, path, hint[1]), hint[1]
    first = text.lstrip("\r\n").partition("\n")[0]

    def names(separator: str) -> tuple[int, int]:
        cells = [slug(cell) for cell in first.split(separator)]
        return sum(cell in known for cell in cells), len(cells)

    separator = max(SEPARATORS, key=names)
    return csv_rows(text, path, separator), separator


def _check(
    path: Path, full: Sequence[tuple[int, list[str]]], header: Sequence[str], named: Sequence[int]
) -> None:
    """Check that every row has a cell for each named column, and none beyond the header."""
    line = full[0][0]
    problems = [
        Problem("is twice in the header", str(path), line, name, remedy="Remove one of them.")
        for name in dict.fromkeys(header[n] for n in named)
        if header.count(name) > 1
    ]
    least = max(named, default=-1) + 1
    for line, cells in full[1:]:
        extra = any(map(str.strip, cells[len(header) :]))
        if len(cells) < least or extra:
            problems.append(wrong_width(path, line, len(cells), len(header)))
    if problems:
        raise SeedTableError.of(problems)


def _nameless(
    header: Sequence[str], named: Sequence[int], rows: Sequence[Sequence[str]]
) -> Iterator[str]:
    """Describe each column without a name."""
    empty = 0
    for n in range(len(header)):
        if n in named:
            continue
        cells = [row[n].strip() for row in rows if n < len(row)]
        if not any(cells):
            empty += 1
        elif all(re.fullmatch(r"\d+(\.0)?", cell) for cell in cells):
            yield f"column {n + 1}: numbers without a name, an index"
        else:
            first = next(cell for cell in cells if cell)
            yield f'column {n + 1}: it has no name (its first cell: "{first}")'
    if empty:
        yield f"{empty} empty column{'s' * (empty != 1)} without a name"
