"""Progress bars for users who wait, and what is said when they stop waiting; none in a pipe."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sim.cli.terminal import unguarded
from sim.runs.time_left import Estimate, rate

if TYPE_CHECKING:
    from rich.progress import Progress

    from sim.model import BorderModel
    from sim.runs.batch import Tally

SLICES: Final = 200
_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

PATIENCE_SECONDS: Final = 1.0
"""A run that is over sooner shows no bar."""


def run_watched(model: BorderModel, days: float, since: float = 0.0) -> None:
    """Run a model from day ``since`` to ``days``; on a terminal, show a bar after a second.

    The run is cut into slices whether anybody watches or not, so both are the same run.
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
                    bar = open_bar.enter_context(_bar(count))
                    bar.add_task("", total=days)
                speed = rate((day - since) / waited, "days")
                bar.update(bar.task_ids[0], completed=day, description=speed)


Tell = Callable[[int, int, str], None]
"""Takes how many are done, how many there are in all, and a few words."""


_heard: Final[list[int]] = []
"""Signals that asked the process to end, while :func:`resumable` listens.

Python drops what a handler raises inside some calls, an import for instance. So the handler also
notes the signal here, and every report of progress looks whether one came.
"""


@contextmanager
def resumable(folder: Path, command: str) -> Iterator[None]:
    """Where Ctrl-C, SIGTERM or SIGHUP ends the work in a folder, say how it goes on."""

    def end(number: int, frame: object) -> None:
        _heard.append(number)
        raise KeyboardInterrupt

    # what is ignored stays so: "nohup" asks for that
    listened = [number for number in _ENDING if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, end) for number in listened}
    try:
        yield
        _end_if_asked()
    except BaseException:
        if not _heard:
            raise
        number = _heard[0]
        click.echo(f"\nWhat is finished is kept in {folder}. Go on with:\n  {command}", err=True)
        if number == signal.SIGINT:
            raise click.Abort from None
        raise SystemExit(128 + number) from None
    finally:
        _heard.clear()
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_if_asked() -> None:
    if _heard:
        raise KeyboardInterrupt


@contextmanager
def counted(noun: str) -> Iterator[Tell]:
    """A live bar over things that are counted, "runs" for instance."""
    if not sys.stderr.isatty():
        yield lambda done, total, words: _end_if_asked()
        return
    with _bar(f"{{task.completed:,.0f}} of {{task.total:,.0f}} {noun}") as progress:
        task = progress.add_task("", total=0)

        def tell(done: int, total: int, words: str) -> None:
            _end_if_asked()
            progress.update(task, total=total, completed=done, description=words)

        yield tell


@contextmanager
def run_bar() -> Iterator[Callable[[Tally], None]]:
    """A live bar over the runs of a batch."""
    began = time.monotonic()
    estimate = Estimate()
    with counted("runs") as tell:

        def show(tally: Tally) -> None:
            ended = tally.done + tally.failed
            said = estimate.after(ended, tally.missing, time.monotonic())
            if said and not sys.stderr.isatty():  # where somebody watches, the bar tells it
                click.echo(said, err=True)
            failed = f"{tally.failed:,} failed, " if tally.failed else ""
            pace = ended / max(time.monotonic() - began, 1e-9)
            tell(ended, tally.missing, failed + rate(pace, "runs"))

        yield show


def _bar(count: str) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(count),
        BarColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(file=unguarded(sys.stderr)), transient=True)
