"""What reaches a terminal: text with its control characters written out, and bold of our own."""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, Final, TextIO, cast

import click

from sim.errors import visible

_STYLES: Final = re.compile(r"(\x1b\[(?:0|1|91|94)m)")
_COLOURS: Final = {"better": "bright_blue", "worse": "bright_red"}
"""Near those of the pictures, told apart with any colour vision; the words stand there as well."""

NARROWEST: Final = 60
WIDTH: Final = 100
"""Longer lines of text are hard to read."""


def width() -> int:
    """Columns for text: the terminal's within bounds, and always the same in a pipe."""
    if not sys.stdout.isatty():
        return WIDTH
    return min(max(shutil.get_terminal_size().columns, NARROWEST), WIDTH)


def breadth() -> int:
    """Columns for a table, which may be wider than text; as :func:`width` in a pipe."""
    if not sys.stdout.isatty():
        return WIDTH
    return max(shutil.get_terminal_size().columns, NARROWEST)


def coloured(text: str, judgement: str) -> str:
    """A text in the colour of "better" or "worse", unless NO_COLOR is set."""
    colour = _COLOURS.get(judgement)
    return click.style(text, fg=colour) if colour and not os.environ.get("NO_COLOR") else text


def tinted(line: str) -> str:
    """A line with "better" and "worse" in their colours, unless NO_COLOR is set."""
    return re.sub(
        r"\b(better|worse)\b",
        lambda found: coloured(found[0], found[0].lower()),
        line,
        flags=re.IGNORECASE,
    )


class _Names(textwrap.TextWrapper):
    """Breaks after spaces, hyphens and underscores."""

    wordsep_re = re.compile(r"(\s+|(?<=[-_])(?=\w))")


def in_lines(name: str, room: int) -> list[str]:
    """A name in lines of ``room`` columns; all but the first are indented."""
    return _Names(max(room, 3), subsequent_indent="  ").wrap(name) or [""]


class _Shown:
    """A stream that writes what could steer a terminal as it stands in JSON.

    Text of others (a title, a name in a store, a path) goes out here, whichever command prints
    it; bold and two colours are all that it may do to a terminal.

    When the reader leaves ("| head" has its lines), the rest goes nowhere and the command goes on:
    it may have files to write, and ends with the status of its work. Most tools die then (141), or
    end with 0 (ripgrep). Under "set -o pipefail" the first fails a script where nothing failed, and
    either would leave a batch or a folder of pictures undone.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text; gives its length."""
        parts = _STYLES.split(text) if self._stream.isatty() else [text]
        told = "".join(part if place % 2 else visible(part) for place, part in enumerate(parts))
        with self._read_or_not():
            self._stream.write(told)
        return len(text)

    def flush(self) -> None:
        """Let out what is held back."""
        with self._read_or_not():
            self._stream.flush()

    def writelines(self, lines: Sequence[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    @contextmanager
    def _read_or_not(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def guarded() -> Iterator[None]:
    """Print only what is harmless, and a question mark for a letter the terminal lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    out, err = (cast(TextIO, _Shown(stream)) for stream in (sys.stdout, sys.stderr))
    with redirect_stdout(out), redirect_stderr(err):
        yield


def unguarded(stream: TextIO) -> TextIO:
    """The stream itself, for a bar that moves the cursor and shows no text of others."""
    return stream._stream if isinstance(stream, _Shown) else stream


def check_text(arguments: Sequence[str]) -> None:
    """Refuse an argument whose bytes are not text, or without any, before it names anything.

    An empty one is most often a variable of the shell that was never set.
    """
    for number, argument in enumerate(arguments, 1):
        if not argument:
            before = f" (after {arguments[number - 2]})" if number > 1 else ""
            raise click.UsageError(f"argument {number}{before} is empty; give a value.")
        if any("\ud800" <= letter <= "\udfff" for letter in argument):
            raise click.UsageError(f"argument {number} is not text in UTF-8: {visible(argument)}")
