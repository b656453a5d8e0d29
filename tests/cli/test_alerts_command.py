"""``panj alerts``: its output and its refusals."""

import json
from pathlib import Path

import pytest
from invoking import panj, refused

import sim
from sim.cli.main import main
from sim.explore.alerts.events import EVENTS

SMALL = {
    "smugglers.loads_per_year": 0.0,
    "false_alarms.per_100_km_year": 0.0,
    "days": 60.0,
    "cells.plans_per_year": 25.0,
    "posts.spacing_km": 80.0,
    "villages.per_100_km": 1.0,
}
OPTIONS = ["--serial", "--posterior", "none", "-n", "3", "--within", "7"]
for _key, _value in SMALL.items():
    OPTIONS += ["--set", f"{_key}={_value}"]


def test_text_and_picture(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """It prints sentences, two tables and the place of the picture, within the page width."""
    picture = tmp_path / "a.svg"
    said = panj(capsys, "alerts", "surge_after_attack", *OPTIONS, "--plot", str(picture))
    assert said.startswith(
        "How well the alarms predict\n  surge_after_attack: where the rule only observes"
    )
    assert "every threshold" in said
    assert "hits: an alarm was up" in said
    assert "The Brier skill of the signal is" in said
    assert "3 years are few" in said
    assert all(len(line) <= 100 for line in said.splitlines()[:-1])
    assert picture.read_bytes().startswith(b"<?xml")
    again = refused(capsys, "alerts", "surge_after_attack", "--plot", str(picture))
    assert "already exists" in again


def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON is the result of ``sim.alerts``."""
    said = json.loads(panj(capsys, "alerts", "surge_after_attack", "triggered", *OPTIONS, "--json"))
    assert [rule["scenario"] for rule in said["rules"]] == ["surge_after_attack", "triggered"]
    assert [rule["level"] for rule in said["rules"]] == ["heightened", "elevated"]
    assert said["within"] == 7.0
    assert said["asked"].startswith("panj alerts surge_after_attack triggered")


def test_a_store_keeps_it_for_its_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The store's folder keeps the result, and the report has a section on it."""
    spec = sim.load("surge_after_attack", SMALL)
    folder = tmp_path / "store"
    sim.run_batch([spec, sim.load("baseline", SMALL)], 3, folder, executor="serial", incidents=True)
    assert "surge_after_attack" in panj(capsys, "alerts", str(folder), "--within", "7", "--serial")
    assert (folder / "explored" / "alerts.json").is_file()
    page = tmp_path / "page.html"
    assert main(["report", str(folder), "-o", str(page)]) == 0
    assert "How well an alert rule predicts" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["baseline"], "the level of baseline never changes"),
        (["surge_after_attack", "--within", "0"], "is not a horizon"),
        (["surge_after_attack", "--event", "storm"], "'storm' is not one of"),
        (["surge_after_attack", "-n", "1"], "at least two years"),
        (["surge_after_attack", "--plot", "a.txt"], "cannot be written as .txt"),
        (["surge_after_attack", "--plot", "no/a.png"], "its folder does not exist"),
        (["surge_after_attack", "--scenarios", "a"], "--scenarios needs a store"),
        (["surge_after_attack", "."], "Give one store, or only scenarios"),
        (["."], "is not a store of panj"),
        (["no_such_thing"], "no_such_thing"),
    ],
)
def test_mistakes_are_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    """A mistake gives one message before anything runs."""
    assert said in refused(capsys, "alerts", *arguments)


def test_the_events_of_the_command_are_those_there_are() -> None:
    """The command lists the events without importing their module."""
    from sim.cli.alerts import EVENTS as LISTED

    assert tuple(EVENTS) == LISTED
