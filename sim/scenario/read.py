"""Read one TOML file into values and line numbers, or report why it cannot be read."""

import os.path
import re
import tomllib
from pathlib import Path
from typing import NamedTuple

from sim.errors import ScenarioError
from sim.scenario.catalogue import display, near
from sim.toml_lines import DEEPEST, line_numbers

LARGEST_BYTES = 1_000_000
LONGEST_LINE = 6000
"""Characters; a description may have 5,000. Longer keys would take minutes to read."""

_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_HINTS = (
    ("overwrite", "The same key occurs twice: keep one."),
    ("twice", "The same table occurs twice: put its keys under one header."),
    ("Invalid value", 'Put quotes around texts, as in level = "routine".'),
    ("date", "Write a date of the calendar as 2025-01-31, without quotes."),
    ("after key", "Write each value as key = value, each table as [table] on its own line."),
)


class Table(NamedTuple):
    """The contents of one file: its values, and the line of every key."""

    path: Path
    values: dict[str, object]
    lines: dict[str, int]


def read(path: Path) -> Table:
    """Read a scenario file without checking its keys.

    Raises :class:`~sim.errors.ScenarioError` for anything that is not a readable TOML text in
    UTF-8 of at most 1 MB with at least one key.
    """
    text = _text(path, _contents(path))
    _check_lines(path, text)
    values = _values(path, text)
    lines = line_numbers(text)
    if not values:
        raise ScenarioError(
            "the file is empty",
            path=display(path),
            remedy='A scenario has at least extends = "baseline".',
        )
    for name, value in values.items():
        if _depth(value) >= DEEPEST:
            raise ScenarioError(
                f"tables are nested more than {DEEPEST} deep",
                path=display(path),
                line=lines.get(name),
                key=name,
                remedy="No parameter is so deep; see `panj scenario show baseline`.",
            )
    return Table(path, values, lines)


def _contents(path: Path) -> bytes:
    reason, remedy = "", ""
    try:
        if os.path.isdir(path):
            reason, remedy = "is a folder", "Name a scenario file in it."
        elif os.path.exists(path) and not os.path.isfile(path):
            reason, remedy = "is not an ordinary file", "Name a scenario file."
        else:
            with path.open("rb") as stream:
                contents = stream.read(LARGEST_BYTES + 1)
            if len(contents) <= LARGEST_BYTES:
                return contents
            reason, remedy = "is larger than 1 MB", "A scenario is a short text file."
    except FileNotFoundError:
        reason, remedy = "no such file", _suggest(path)
    except PermissionError:
        reason, remedy = "permission denied", "Ask for the right to read it, or name another file."
    except (OSError, ValueError) as error:
        reason = f"cannot be read ({getattr(error, 'strerror', None) or error})"
        remedy = "Name a scenario file."
    raise ScenarioError(reason, path=display(path), remedy=remedy)


def _suggest(path: Path) -> str:
    close = near(path)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return "`panj scenario list` names the shipped scenarios."


def _text(path: Path, contents: bytes) -> str:
    if b"\0" in contents:
        raise ScenarioError(
            "is not a text file",
            path=display(path),
            line=contents.count(b"\n", 0, contents.index(b"\0")) + 1,
            remedy="Name a scenario file, saved as UTF-8 text.",
        )
    try:
        return contents.decode("utf-8-sig")  # some editors write a byte-order mark first
    except UnicodeDecodeError as error:
        raise ScenarioError(
            f"byte {error.start} (0x{contents[error.start]:02x}) is not UTF-8",
            path=display(path),
            line=contents.count(b"\n", 0, error.start) + 1,
            remedy="Save the file as UTF-8.",
        ) from None


def _check_lines(path: Path, text: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST_LINE:
            raise ScenarioError(
                f"the line is longer than {LONGEST_LINE} characters",
                path=display(path),
                line=number,
                remedy="Break it: a list may span several lines, a text in triple quotes too.",
            )


def _values(path: Path, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(f"{text}\n")  # so that an error on the last line has a line number
    except tomllib.TOMLDecodeError as error:
        message = str(error)
    except RecursionError:
        message = "lists or tables are nested too deep to be read"
    except ValueError:
        message = "a whole number has too many digits to be read"
    place = _PLACE.search(message)
    line, at = None, ""
    if place is not None:
        message = message[: place.start()]
        begun = max(line_numbers(text).values(), default=1)
        line = int(place[1]) if place[1] else begun
        at = f" at column {place[2]}" if place[2] else ": what begins here is not closed"
    raise ScenarioError(
        f"no valid TOML{at}: {message[:1].lower()}{message[1:]}",
        path=display(path),
        line=line,
        remedy=next((hint for word, hint in _HINTS if word in message), ""),
    ) from None


def _depth(value: object) -> int:
    """Depth of nested tables, found without recursion, up to one beyond the limit."""
    depth, layer = 0, [value]
    while depth <= DEEPEST:
        layer = [inner for outer in layer if isinstance(outer, dict) for inner in outer.values()]
        if not layer:
            break
        depth += 1
    return depth
