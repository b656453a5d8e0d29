"""A progress bar changes nothing in a run."""

import io
import sys
import time

import pytest

from sim.cli.progress import SLICES, run_with_progress


class Terminal(io.StringIO):
    """A stream that is a terminal or not."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        """Return whether the stream is a terminal."""
        return self._terminal


class Runner:
    """A model that records the days, and moves a clock by some seconds with each."""

    def __init__(self, seconds: float) -> None:
        self.days: list[float] = []
        self.now = 0.0
        self._seconds = seconds

    def run_until(self, end_time: float) -> None:
        """Run to a day."""
        self.days.append(end_time)
        self.now += self._seconds

    def monotonic(self) -> float:
        """The clock."""
        return self.now


def watch(
    monkeypatch: pytest.MonkeyPatch, *, seconds: float, terminal: bool
) -> tuple[list[float], str]:
    """Run a year in slow pieces; return the days and the output."""
    runner = Runner(seconds)
    stream = Terminal(terminal=terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(time, "monotonic", runner.monotonic)
    monkeypatch.setenv("TERM", "xterm")
    run_with_progress(runner, 365.0)
    return runner.days, stream.getvalue()


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.02, 3.0])
def test_the_days_are_the_same_watched_or_not(
    monkeypatch: pytest.MonkeyPatch, seconds: float, terminal: bool
) -> None:
    """The days are the same with and without a bar, at any speed."""
    days, _ = watch(monkeypatch, seconds=seconds, terminal=terminal)
    assert days == [365.0 * piece / SLICES for piece in range(1, SLICES + 1)]
    assert days[-1] == 365.0


def test_a_quick_run_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is over within a second shows no bar."""
    assert watch(monkeypatch, seconds=0.9 / SLICES, terminal=True)[1] == ""


def test_nobody_watching_sees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal there is no bar, at any speed."""
    assert watch(monkeypatch, seconds=1.0, terminal=False)[1] == ""


def test_a_long_run_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of more than a second shows the day, the horizon and the rate."""
    shown = watch(monkeypatch, seconds=1.0, terminal=True)[1]
    assert "of 365" in shown
    assert "days/s" in shown
