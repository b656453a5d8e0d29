"""Progress bars on a terminal, and an orderly end when the user interrupts a command."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sim.cli.terminal import raw_stream
from sim.runs.time_left import TimeLeft, rate

if TYPE_CHECKING:
    from rich.progress import Progress

    from sim.model import BorderModel
    from sim.runs.batch import BatchProgress

SLICES: Final = 200

PATIENCE_SECONDS: Final = 1.0
"""A run that takes less time shows no bar."""


def run_with_progress(model: BorderModel, days: float, since: float = 0.0) -> None:
    """Run a model from day ``since`` to ``days``; on a terminal, show a bar after a second.

    The run is cut into slices with and without a bar, so that both give the same run.
    """
    began = time.monotonic()
    with ExitStack() as open_bar:
        bar: Progress | None = None
        for piece in range(1, SLICES + 1):
            day = since + (days - since) * piece / SLICES
            model.run_until(day)
            waited = time.monotonic() - began
            if waited > PATIENCE_SECONDS and sys.stderr.isatty():
                if bar is None:
                    count = "day {task.completed:.0f} of {task.total:.0f}"
                    bar = open_bar.enter_context(_rich_bar(count))
                    bar.add_task("", total=days)
                speed = rate((day - since) / waited, "days")
                bar.update(bar.task_ids[0], completed=day, description=speed)


type Handler = Callable[[int, object], None]
"""Takes the number of a signal and a stack frame."""

type ShowProgress = Callable[[int, int, str], None]
"""Takes the number done, the number in all, and a few words."""


_signals: Final[list[int]] = []
"""Signals to end that came while :func:`resumable` handles them.

Python drops an exception that a handler raises inside some calls, such as an import. So the
handler also notes the signal here, and every report of progress checks for one.
"""


@contextmanager
def signal_handlers(handlers: Mapping[signal.Signals, Handler]) -> Iterator[None]:
    """Handle signals; one that is ignored stays ignored, as "nohup" asks."""
    before = {
        number: signal.signal(number, handler)
        for number, handler in handlers.items()
        if signal.getsignal(number) != signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def resumable(folder: Path, command: str) -> Iterator[None]:
    """When Ctrl-C, SIGTERM or SIGHUP ends the work in a folder, print how to continue it."""

    def end(number: int, frame: object) -> None:
        _signals.append(number)
        raise KeyboardInterrupt

    with signal_handlers(dict.fromkeys((signal.SIGINT, signal.SIGTERM, signal.SIGHUP), end)):
        try:
            yield
            _raise_if_signalled()
        except BaseException:
            if not _signals:
                raise
            number = _signals[0]
            click.echo(
                f"\nFinished work is kept in {folder}. Continue with:\n  {command}", err=True
            )
            if number == signal.SIGINT:
                raise click.Abort from None
            raise SystemExit(128 + number) from None
        finally:
            _signals.clear()


def _raise_if_signalled() -> None:
    if _signals:
        raise KeyboardInterrupt


@contextmanager
def progress_bar(noun: str) -> Iterator[ShowProgress]:
    """Show a live bar that counts things, such as "runs"."""
    if not sys.stderr.isatty():
        yield lambda done, total, words: _raise_if_signalled()
        return
    with _rich_bar(f"{{task.completed:,.0f}} of {{task.total:,.0f}} {noun}") as progress:
        task = progress.add_task("", total=0)

        def show(done: int, total: int, words: str) -> None:
            _raise_if_signalled()
            progress.update(task, total=total, completed=done, description=words)

        yield show


@contextmanager
def batch_progress() -> Iterator[Callable[[BatchProgress], None]]:
    """Show a live bar over the runs of a batch; in a log, print an estimate of the time left."""
    began = time.monotonic()
    estimate = TimeLeft()
    with progress_bar("runs") as show_runs:

        def show(tally: BatchProgress) -> None:
            ended = tally.done + tally.failed
            line = estimate.report(ended, tally.missing, time.monotonic())
            if line and not sys.stderr.isatty():  # on a terminal the bar shows it
                click.echo(line, err=True)
            failed = f"{tally.failed:,} failed, " if tally.failed else ""
            pace = ended / max(time.monotonic() - began, 1e-9)
            show_runs(ended, tally.missing, failed + rate(pace, "runs"))

        yield show


def _rich_bar(count: str) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(count),
        BarColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(file=raw_stream(sys.stderr)), transient=True)
