"""Ways to corrupt a valid text: mistakes that people make, and what nobody would write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

NUMBERS: Final = (
    "0", "-1", "1e309", "-1e309", "nan", "inf", "-inf", "1e-320", "9" * 400, "0x7f", "1_000", "1,5",
    "2.0", "9223372036854775808", "true", "null", '""', "[]", "{}", "''",
    "0025-01-01", "2025-02-30",
)  # fmt: skip
WORDS: Final = (
    "\0", "\ufeff", "\u202e", "é", "💥", "\r", "\r\n", "\t", '"', "'", "\\", "#", "=", "[", "]",
    "{", "}",
    ",", ";", "|", "../..", "/etc/passwd", "~", "$(id)", "%s", "{0}", "__class__", "A" * 5000,
    "[" * 3000, '{"a":' * 1000, " " * 4000, "\n" * 200, "NaN", "None", "DROP TABLE outcomes;",
)  # fmt: skip
MOST: Final = 200_000
"""Most characters of a corrupted text."""

type Slip = Callable[[str, Random], str]


def spoilt(text: str, random: Random) -> str:
    """The text after one to four mistakes."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 4))):
        text = random.choice(SLIPS)(text, random)
    return text[:MOST]


def _place(text: str, random: Random) -> int:
    return random.randrange(len(text) + 1)


def _inserted(text: str, random: Random) -> str:
    at = _place(text, random)
    return text[:at] + random.choice(WORDS) + text[at:]


def _removed(text: str, random: Random) -> str:
    at = _place(text, random)
    return text[:at] + text[at + random.choice((1, 2, 10, 100)) :]


def _cut(text: str, random: Random) -> str:
    return text[: _place(text, random)]


def _other_number(text: str, random: Random) -> str:
    """Another number in place of an existing one."""
    ends = [n for n, letter in enumerate(text) if letter.isdigit()]
    if not ends:
        return _inserted(text, random)
    at = stop = random.choice(ends)
    while stop < len(text) and (text[stop].isdigit() or text[stop] in ".-"):
        stop += 1
    return text[:at] + random.choice(NUMBERS) + text[stop:]


def _lines(change: Callable[[list[str], Random], Sequence[str]]) -> Slip:
    def slip(text: str, random: Random) -> str:
        lines = text.splitlines(keepends=True)
        return "".join(change(lines, random)) if lines else text

    return slip


def _twice(lines: list[str], random: Random) -> Sequence[str]:
    at = random.randrange(len(lines))
    return [*lines[:at], lines[at] * random.choice((2, 3, 50)), *lines[at:]]


def _without(lines: list[str], random: Random) -> Sequence[str]:
    at = random.randrange(len(lines))
    return lines[:at] + lines[at + 1 :]


def _moved(lines: list[str], random: Random) -> Sequence[str]:
    line = lines.pop(random.randrange(len(lines)))
    lines.insert(random.randrange(len(lines) + 1), line)
    return lines


def _value(lines: list[str], random: Random) -> Sequence[str]:
    """A line ``key = value`` with another value."""
    at = random.randrange(len(lines))
    key, equals, _ = lines[at].partition("=")
    if equals:
        lines[at] = f"{key}= {random.choice(NUMBERS + WORDS)}\n"
    return lines


def _key(lines: list[str], random: Random) -> Sequence[str]:
    """A line ``key = value`` with another key."""
    at = random.randrange(len(lines))
    _, equals, value = lines[at].partition("=")
    if equals:
        lines[at] = f"{random.choice(('size', 'x', 'extends', 'name', 'a.b.c', '.', ''))} ={value}"
    return lines


def _letters(text: str, random: Random) -> str:
    """One character for another."""
    if not text:
        return text
    at = random.randrange(len(text))
    return (
        text[:at]
        + chr(random.choice((random.randrange(128), random.randrange(0xD7FF))))
        + text[at + 1 :]
    )


SLIPS: Final[tuple[Slip, ...]] = (
    _inserted, _removed, _cut, _other_number, _other_number, _letters, _lines(_twice),
    _lines(_without), _lines(_moved), _lines(_value), _lines(_value), _lines(_key),
)  # fmt: skip
