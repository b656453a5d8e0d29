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
        raise _refused(path, "the file is empty", 'A scenario has at least extends = "baseline".')
    for name, value in values.items():
        if _depth(value) >= DEEPEST:
            reason = f"tables are nested more than {DEEPEST} deep"
            remedy = "No parameter is so deep; see `panj scenario show baseline`."
            raise _refused(path, reason, remedy, lines.get(name), name)
    return Table(path, values, lines)


def _refused(
    path: Path, reason: str, remedy: str, line: int | None = None, key: str | None = None
) -> ScenarioError:
    return ScenarioError(reason, path=display(path), line=line, key=key, remedy=remedy)


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
    raise _refused(path, reason, remedy)


def _suggest(path: Path) -> str:
    close = near(path)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return "`panj scenario list` names the shipped scenarios."


def _text(path: Path, contents: bytes) -> str:
    if b"\0" in contents:
        line = contents.count(b"\n", 0, contents.index(b"\0")) + 1
        raise _refused(
            path, "is not a text file", "Name a scenario file, saved as UTF-8 text.", line
        )
    try:
        return contents.decode("utf-8-sig")  # some editors write a byte-order mark first
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} (0x{contents[error.start]:02x}) is not UTF-8"
        line = contents.count(b"\n", 0, error.start) + 1
        raise _refused(path, reason, "Save the file as UTF-8.", line) from None


def _check_lines(path: Path, text: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST_LINE:
            reason = f"the line is longer than {LONGEST_LINE} characters"
            remedy = "Break it: a list may span several lines, a text in triple quotes too."
            raise _refused(path, reason, remedy, number)


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
    remedy = next((hint for word, hint in _HINTS if word in message), "")
    reason = f"not valid TOML{at}: {message[:1].lower()}{message[1:]}"
    raise _refused(path, reason, remedy, line) from None


def _depth(value: object) -> int:
    """Depth of nested tables, found without recursion, up to one beyond the limit."""
    depth, layer = 0, [value]
    while depth <= DEEPEST:
        layer = [inner for outer in layer if isinstance(outer, dict) for inner in outer.values()]
        if not layer:
            break
        depth += 1
    return depth
