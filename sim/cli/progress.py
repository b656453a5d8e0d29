"""A run with a progress bar, for those who watch and have to wait."""

import sys
import time
from typing import Final, Protocol

SLICES: Final = 200
PATIENCE_SECONDS: Final = 1.0
"""A run that is over sooner shows no bar."""


class Runs(Protocol):
    """A model that can be run in pieces."""

    def run_until(self, end_time: float, /) -> None:
        """Advance to a day."""
        ...


def run_watched(model: Runs, days: float) -> None:
    """Run a model to day ``days``; on a terminal, show a bar once a second has passed.

    The run is cut into slices whether anybody watches or not, so both are the same run.
    """
    began = time.monotonic()
    for piece in range(1, SLICES + 1):
        model.run_until(days * piece / SLICES)
        waited = time.monotonic() - began > PATIENCE_SECONDS
        if piece < SLICES and waited and sys.stderr.isatty():
            _run_with_bar(model, days, piece)
            return


def _run_with_bar(model: Runs, days: float, done: int) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("day {task.completed:.0f} of {task.total:.0f}"),
        BarColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=days)
        began = time.monotonic()
        for piece in range(done + 1, SLICES + 1):
            model.run_until(days * piece / SLICES)
            rate = days * (piece - done) / SLICES / max(time.monotonic() - began, 1e-9)
            progress.update(
                task,
                completed=days * piece / SLICES,
                description=f"{rate:,.{0 if rate >= 10 else 1}f} days/s",
            )
