"""The line number of each key in a TOML text.

``tomllib`` reads values but not their line numbers. This scanner finds them: it parses keys,
headers and the ends of values, and leaves the values themselves to ``tomllib``.
"""

import json
import re
import tomllib
from functools import lru_cache

DEEPEST = 8
"""Keys are distinguished to this depth; the specification needs four."""

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY_PART = re.compile(r"""[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*""")
_VALUE_TOKEN = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}'''  # text over several lines; may end in one or two quotes
    r"""|'''.*?'{3,5}"""
    r'''|"(?:[^"\\\n]|\\.)*"'''
    r"""|'[^'\n]*'"""
    r"""|\#[^\n]*"""
    r"""|[\[{]|[\]}]|\n|[^\[\]{}"'\#\n]+""",
    re.DOTALL,
)
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@lru_cache(maxsize=4096)
def dotted(parts: tuple[str, ...]) -> str:
    """Join the parts of a key; a part that is not a bare key is quoted, as in TOML."""
    return ".".join(
        part if _BARE.fullmatch(part) else json.dumps(part, ensure_ascii=False) for part in parts
    )


def line_numbers(text: str) -> dict[str, int]:
    """Return the line, from 1, of every key and table of a valid TOML text.

    Keys of an inline table are not listed: :func:`line_of` returns the line of their table. Text
    that is not TOML ends the scan early and never raises.
    """
    found: dict[str, int] = {}
    table: tuple[str, ...] = ()
    line, at, seen = 1, 0, 0
    while True:
        at = _end(_SPACE, text, at)
        line, seen = line + text.count("\n", seen, at), at
        header = re.compile(r"\[\[?").match(text, at)
        parts, after = _key(text, header.end() if header else at)
        if not parts:
            return found
        path = parts if header else table + parts
        for depth in range(1 if header else len(table) + 1, min(len(path), DEEPEST) + 1):
            found.setdefault(dotted(path[:depth]), line)
        if header:
            table, at = parts, _end(re.compile(r"\]*"), text, after)
        else:
            at = _value_end(text, _end(re.compile(r"="), text, after))


def line_of(lines: dict[str, int], key: str) -> int | None:
    """Return the line of a key, or of the nearest table above it that has one."""
    while key not in lines:
        key = key.rpartition(".")[0]
        if not key:
            return None
    return lines[key]


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _key(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """Read a dotted key; no parts where there is none."""
    parts: list[str] = []
    while match := _KEY_PART.match(text, at):
        parts.append(_plain(match[1]))
        at = match.end()
        if not text.startswith(".", at):
            break
        at += 1
    return tuple(parts), at


def _plain(part: str) -> str:
    """Take the quotes off one part of a key."""
    if "\\" in part and part[0] == '"':
        try:
            return str(next(iter(tomllib.loads(f"{part} = 0"))))
        except tomllib.TOMLDecodeError:
            return part
    return part[1:-1] if part[0] in "\"'" else part


def _value_end(text: str, at: int) -> int:
    """Return where a value ends: at the first line end outside brackets and texts."""
    depth = 0
    while match := _VALUE_TOKEN.match(text, at):
        token = match[0]
        if token == "\n" and depth <= 0:
            return at
        depth += (token in "[{") - (token in "]}")
        at = match.end()
    return at
