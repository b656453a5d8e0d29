"""Errors that a user can correct, and their messages.

::

    Exception
    └── PanjError             anything a user can correct; the command line ends with status 2
        ├── ScenarioError     a scenario file or an override: all problems at once
        ├── GroundError       a ground: all problems of its folder at once
        ├── SeedTableError    a table under seeds/: file, row, column, value
        ├── StoreError        a store of results that is damaged, missing or does not fit
        ├── OutcomeError      a user-defined outcome that cannot be registered or measured
        └── OutputError       a file or folder that cannot be written

An error carries its data in ``problems`` and reads as one message. A mistake of the program
itself is not a ``PanjError``: it keeps its own type and its traceback.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import reprlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike, fspath
from typing import Final, Self


class _Short(reprlib.Repr):
    """Short representations, also of whole numbers too long for Python to write in decimals."""

    def repr_int(self, x: int, level: int) -> str:
        bits = x.bit_length()
        return f"<a number of {bits:,} bits>" if bits > _MOST_BITS else super().repr_int(x, level)


_MOST_BITS = 4096
_SHORT = _Short(maxlevel=2, maxdict=3, maxlist=6, maxtuple=6, maxlong=40, maxother=60)
_LONGEST_TEXT = 60
_LONGEST_LIST = 12

HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
    "|\r(?!\n)"
)
"""Invisible characters that control a terminal or change the order of letters."""


def escape_hidden(text: str) -> str:
    """Replace hidden characters with escapes, as JSON writes them."""
    return HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def format_value(value: object) -> str:
    """Write a value as a scenario file would, short enough for one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        cut = value if len(value) <= _LONGEST_TEXT else value[: _LONGEST_TEXT - 3] + "..."
        return escape_hidden(json.dumps(cut, ensure_ascii=False))
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, list):
        cells = [
            _SHORT.repr(v) if isinstance(v, list) else format_value(v)
            for v in value[:_LONGEST_LIST]
        ]
        return f"[{', '.join([*cells, *(['...'] if len(value) > _LONGEST_LIST else [])])}]"
    return _SHORT.repr(value)


@dataclass(frozen=True)
class Problem:
    """One problem: where it is, the value, why it is refused, and what to do.

    ``line`` counts from 1; ``key`` is a dotted key or a column. None means "not known" or "does
    not apply".
    """

    reason: str
    path: str | None = None
    line: int | None = None
    key: str | None = None
    value: object = None
    remedy: str = ""

    def __str__(self) -> str:
        parts = []
        if self.path is not None:
            parts.append(self.path if self.line is None else f"{self.path}:{self.line}")
        elif self.line is not None:
            parts.append(f"line {self.line}")
        if self.key is not None:
            parts.append(
                self.key if self.value is None else f"{self.key} = {format_value(self.value)}"
            )
        elif self.value is not None:
            parts.append(format_value(self.value))
        reason = self.reason if not self.remedy else f"{self.reason.rstrip('.')}. {self.remedy}"
        return escape_hidden(": ".join([*(part.replace("\n", "\\n") for part in parts), reason]))


class PanjError(Exception):
    """A user's mistake, with all that is needed to correct it.

    The attributes ``path``, ``line``, ``key``, ``value`` and ``remedy`` are those of the first
    of ``problems``.
    """

    problems: tuple[Problem, ...]

    def __init__(
        self,
        reason: str,
        *,
        path: str | PathLike[str] | None = None,
        line: int | None = None,
        key: str | None = None,
        value: object = None,
        remedy: str = "",
    ) -> None:
        # Only `reason` goes into `args`, so that the error can be pickled by a worker.
        super().__init__(reason)
        where = None if path is None else fspath(path)
        self.problems = (Problem(reason, where, line, key, value, remedy),)

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> Self:
        """Make one error of several problems. Raises ``ValueError`` without any."""
        found = tuple(problems)
        if not found:
            raise ValueError("an error needs at least one problem")
        error = cls(found[0].reason)
        error.problems = found
        return error

    @property
    def path(self) -> str | None:
        """File of the first problem."""
        return self.problems[0].path

    @property
    def line(self) -> int | None:
        """Line of the first problem, from 1."""
        return self.problems[0].line

    @property
    def key(self) -> str | None:
        """Key or column of the first problem."""
        return self.problems[0].key

    @property
    def value(self) -> object:
        """Refused value of the first problem."""
        return self.problems[0].value

    @property
    def remedy(self) -> str:
        """What to do about the first problem."""
        return self.problems[0].remedy

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return str(self.problems[0])
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        return f"{len(self.problems)} problems\n{lines}"


class ScenarioError(PanjError):
    """A scenario file or an override that cannot be used."""


class GroundError(PanjError):
    """A ground that does not exist or cannot be used."""


class SeedTableError(PanjError):
    """A cell, a row or a whole table under ``seeds/`` that cannot be used.

    ``line`` is the line of the row in the file (the header is line 1); ``key`` is the column.
    """


class StoreError(PanjError):
    """A store of results that is damaged, missing, or does not fit the request."""


class OutcomeError(PanjError):
    """A user-defined outcome that cannot be registered, measured or sent to a worker."""


class OutputError(PanjError):
    """A file or folder that cannot be written."""


@contextmanager
def output_errors(
    path: str | PathLike[str],
    kept: str = "",
    remedy: str = "Name a place with room where you may write.",
) -> Iterator[None]:
    """Raise an ``OSError`` as an :class:`OutputError`; ``kept`` says what is not lost."""
    try:
        yield
    except OSError as error:
        reason = f"cannot be written ({error.strerror or error}){kept}"
        raise OutputError(reason, path=path, remedy=remedy) from error
