"""``panj rare``: its output and its refusals."""

import json

import pytest
from invoking import panj, refused

from sim.cli.rare import as_text
from sim.rare.event import Event
from sim.rare.probability import Difference, Probability
from sim.rare.run import Rare
from sim.rare.tree import Levels

SMALL = ["--serial", "--posterior", "none"]
for _setting in (
    "days=20",
    "smugglers.loads_per_year=0",
    "false_alarms.per_100_km_year=0",
    "cells.plans_per_year=12",
    "posts.spacing_km=80",
    "villages.per_100_km=1",
):
    SMALL += ["--set", _setting]


def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON has event, levels, probabilities and differences."""
    arguments = ["baseline", "triggered", "--event", "deaths>=3", "-n", "4", "--json", *SMALL]
    said = json.loads(panj(capsys, "rare", *arguments))
    assert said["event"] == {"outcome": "deaths", "threshold": 3.0, "text": "deaths >= 3"}
    assert [row["scenario"] for row in said["chances"]] == ["baseline", "triggered"]
    assert [row["roots"] for row in said["chances"]] == [4, 4]
    assert [row["baseline"] for row in said["differences"]] == ["baseline"]
    assert said["levels"].keys() == {"at", "copies"}


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("deaths>=5000", "no estimate: none of 3 root years and their copies reached the event"),
        (
            "deaths>=0",
            "no estimate: all 3 root years reached the event, so the",
        ),
    ],
)
def test_what_cannot_be_told_is_said(
    capsys: pytest.CaptureFixture[str], event: str, said: str
) -> None:
    """The message gives a bound, and the highest value."""
    assert said in panj(capsys, "rare", "baseline", "--event", event, "-n", "3", *SMALL)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("victims", '--event = "victims": is not an event'),
        ("victms>=3", "there is no outcome 'victms'"),
        ("hot_share>=0.5", "hot_share is a share"),
        ("mean_readiness>=0.5", "mean_readiness is a"),
        ("expected_deaths>=5", "expected_deaths is an expectation"),
    ],
)
def test_an_event_that_cannot_be_split_is_refused(
    capsys: pytest.CaptureFixture[str], event: str, said: str
) -> None:
    """A mistake gives one message before anything runs."""
    assert said in refused(capsys, "rare", "baseline", "--event", event)


def test_options_that_exclude_each_other_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """The options exclude each other as in 'panj batch'."""
    event = ["baseline", "--event", "deaths>=5"]
    assert "leave out --jobs" in refused(capsys, "rare", *event, "--serial", "--jobs", "2")
    assert "--draws needs a" in refused(
        capsys, "rare", *event, "--posterior", "none", "--draws", "3"
    )


def test_the_text_tells_probabilities_differences_and_levels() -> None:
    """The text gives all of them, and warns of few root years."""
    event = Event("worst_35_days", 20.0)
    chances = (
        Probability("baseline", 0.02, 0.01, 0.03, 200, 25, 31.0, 260.0, 700, 60.0, 900.0),
        Probability("triggered", 0.015, 0.008, 0.025, 200, 9, 24.0, 250.0, 600, 60.0, 800.0),
        Probability("quiet", None, 0.0, 0.011, 200, 0, 7.0, 200.0, 0, 50.0, None),
    )
    differences = (
        Difference("triggered", "baseline", -0.005, -0.012, 0.001, 28),
        Difference("quiet", "baseline", None, None, None, 0),
    )
    found = Rare(event, Levels((8.0, 14.0), 4), 0.9, 0, chances, differences, 40, 0.2)
    said = "\n".join(as_text(found))
    assert "The probability of worst_35_days >= 20, with 90 % intervals:" in said
    assert "2.0 (1.0 to 3.0) %  25 of 200 root years  900 whole years  3.0 times" in said
    assert "quiet: no estimate: none of 200 root years" in said
    assert "less than 1.1 %. The highest worst_35_days was 7." in said
    assert "triggered: \N{MINUS SIGN}0.50 (\N{MINUS SIGN}1.2 to 0.10) percentage points" in said
    assert "Years were split into 4 at 8, 14" in said
    assert "fewer than 10 root years" in said
