"""Output to a terminal: its width, two colours, and control characters written out as text."""

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

from sim.errors import escape_hidden

_STYLES: Final = re.compile(r"(\x1b\[(?:0|1|91|94)m)")
_COLOURS: Final = {"better": "bright_blue", "worse": "bright_red"}
"""Near those of the pictures, and distinct for any colour vision; the words are printed too."""

NARROWEST: Final = 60
WIDTH: Final = 100
"""Longer lines of text are hard to read."""


def text_width() -> int:
    """Columns for text: those of the terminal within bounds; in a pipe :data:`WIDTH`."""
    if not sys.stdout.isatty():
        return WIDTH
    return min(max(shutil.get_terminal_size().columns, NARROWEST), WIDTH)


def table_width() -> int:
    """Columns for a table, which may be wider than text; in a pipe :data:`WIDTH`."""
    if not sys.stdout.isatty():
        return WIDTH
    return max(shutil.get_terminal_size().columns, NARROWEST)


def coloured(text: str, judgement: str) -> str:
    """Return a text in the colour of "better" or "worse", unless NO_COLOR is set."""
    colour = _COLOURS.get(judgement)
    return click.style(text, fg=colour) if colour and not os.environ.get("NO_COLOR") else text


def colour_judgements(line: str) -> str:
    """Return a line with "better" and "worse" in their colours, unless NO_COLOR is set."""
    return re.sub(
        r"\b(better|worse)\b",
        lambda match: coloured(match[0], match[0].lower()),
        line,
        flags=re.IGNORECASE,
    )


class _NameWrapper(textwrap.TextWrapper):
    """Breaks lines after spaces, hyphens, underscores and the dots of a key."""

    wordsep_re = re.compile(r"(\s+|(?<=[-_.])(?=\w))")


def wrap_name(name: str, width: int) -> list[str]:
    """Wrap a name at ``width`` columns; all lines but the first are indented."""
    return _NameWrapper(max(width, 3), subsequent_indent="  ").wrap(name) or [""]


class _SafeStream:
    """A stream that writes control characters as JSON escapes.

    Text from outside (a title, a name in a store, a path) passes through here, whichever command
    prints it; bold and two colours are all that it can do to a terminal.

    When the reader leaves ("| head" has its lines), the rest is dropped and the command continues:
    it may have files to write, and its exit status is that of its work. Most tools end then, with
    141 or, like ripgrep, with 0. Under "set -o pipefail" 141 fails a script where nothing failed,
    and either would leave a batch or a folder of pictures incomplete.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text and return its length."""
        parts = _STYLES.split(text) if self._stream.isatty() else [text]
        safe = "".join(
            part if place % 2 else escape_hidden(part) for place, part in enumerate(parts)
        )
        with self._broken_pipe_ignored():
            self._stream.write(safe)
        return len(text)

    def flush(self) -> None:
        """Flush the stream."""
        with self._broken_pipe_ignored():
            self._stream.flush()

    def writelines(self, lines: Sequence[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    @contextmanager
    def _broken_pipe_ignored(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self._stream.fileno())
            os.close(null)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def safe_output() -> Iterator[None]:
    """Make standard output and error safe; a letter that the terminal lacks is a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    out, err = (cast(TextIO, _SafeStream(stream)) for stream in (sys.stdout, sys.stderr))
    with redirect_stdout(out), redirect_stderr(err):
        yield


def raw_stream(stream: TextIO) -> TextIO:
    """Return the stream itself, for a progress bar, which moves the cursor."""
    return stream._stream if isinstance(stream, _SafeStream) else stream


def check_arguments(arguments: Sequence[str]) -> None:
    """Refuse an argument that is empty or whose bytes are not text.

    An empty argument is most often a shell variable that was never set.
    """
    for number, argument in enumerate(arguments, 1):
        if not argument:
            before = f" (after {arguments[number - 2]})" if number > 1 else ""
            raise click.UsageError(f"argument {number}{before} is empty; give a value.")
        if any("\ud800" <= letter <= "\udfff" for letter in argument):
            raise click.UsageError(
                f"argument {number} is not text in UTF-8: {escape_hidden(argument)}"
            )
