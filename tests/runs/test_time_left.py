"""How long a batch will take, as a sentence and as a number."""

import pytest

from sim.runs.time_left import TimeLeft, duration


def test_how_long_it_takes_is_told_each_minute_by_the_pace_after_the_start() -> None:
    """The first runs wait for workers to start, and would make the rest look slow."""
    estimate = TimeLeft()
    said = [
        estimate.report(ended, 1400, now)
        for ended, now in [(0, 0.0), (8, 9.0), (16, 10.0), (58, 15.0), (100, 20.0), (558, 75.0)]
    ]
    told = "About 3 minutes to go for 1,342 runs, at the 8.3 runs/s so far."
    again = "About 2 minutes to go for 842 runs, at the 8.3 runs/s so far."
    assert said == ["", "", "", told, "", again]


def test_a_short_wait_is_not_worth_a_word() -> None:
    """Nor is anything said that is not known."""
    estimate = TimeLeft()
    assert [estimate.report(n, 60, now) for n, now in [(2, 1.0), (50, 9.0), (60, 11.0)]] == [""] * 3
    assert TimeLeft().report(0, 5, 100.0) == ""


def test_the_seconds_left_go_by_the_pace_since_the_first() -> None:
    """Nothing before five seconds of runs; then what is missing over the pace."""
    estimate = TimeLeft()
    asked = [(0, 0.0), (10, 3.0), (20, 5.0), (30, 13.0), (110, 53.0)]
    left = [estimate.seconds(ended, 210, now) for ended, now in asked]
    assert left == [None, None, None, pytest.approx(90.0), pytest.approx(50.0)]


def test_another_batch_has_a_pace_of_its_own() -> None:
    """Years simulated again after a bank are estimated by their own rate."""
    estimate = TimeLeft()
    for ended, now in [(1, 0.0), (8000, 1000.0), (8, 1300.0)]:
        estimate.seconds(ended, 8000, now)
    assert estimate.seconds(28, 1000, 1310.0) == pytest.approx(486.0)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.2, "10 seconds"),
        (44.0, "40 seconds"),
        (100.0, "2 minutes"),
        (5400.0, "1.5 hours"),
    ],
)
def test_a_duration_is_rounded_as_far_as_it_is_uncertain(seconds: float, told: str) -> None:
    """Tens of seconds, minutes, tenths of hours; never nothing."""
    assert duration(seconds) == told
