"""``panj incident``: what it prints, and what it refuses."""

import json
from pathlib import Path

import pytest

from sim.cli.main import main

SHORT = ("--set", "days=40")
ONE = ("incident", "baseline", "group/hamadoni/1.0.0", "--against", "triggered", "--seed", "2")


def test_stories_stand_side_by_side(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Both names are heads of the table; the parting, its reason and the picture follow."""
    picture = tmp_path / "told.png"
    assert main([*ONE, *SHORT, "--plot", str(picture)]) == 0
    said = capsys.readouterr().out
    assert "baseline" in said
    assert "triggered" in said
    assert "part 5 Feb 06:33: in baseline a patrol found its sign" in said
    assert "Why: level: elevated in baseline, routine in triggered" in said
    assert picture.stat().st_size > 10_000


def test_json_is_the_finding(capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON is one object with the stories and the parting."""
    assert main([*ONE, *SHORT, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["identity"] == "group/hamadoni/1.0.0"
    assert [story["world"] for story in said["stories"]] == ["baseline", "triggered"]
    assert said["partings"][0]["world"] == "triggered"


def test_find_lists_the_gravest_first(capsys: pytest.CaptureFixture[str]) -> None:
    """It gives the number of changed incidents, and how each ended under both policies."""
    asked = ["incident", "baseline", "--find", "--against", "triggered", "--seed", "2", *SHORT]
    assert main([*asked, "--top", "2"]) == 0
    said = capsys.readouterr().out
    assert "A policy changed " in said
    assert "group/hamadoni/1.0.0" in said
    assert "no incident: the smugglers got through" in said


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        (["baseline", "--against", "triggered"], "--find to list incidents"),
        (["baseline", "x", "--find", "--against", "triggered"], "--find to list incidents"),
        (["baseline", "group/vanj/1.0.0", "--against", "baseline"], "same scenario"),
        (["baseline", "group/vanj/1.0.0", "--against", "nonsense"], "nonsense"),
        (["baseline", "nonsense", "--against", "triggered"], "not the name of a group"),
        (["baseline", "--find", "--against", "triggered", "--replicate", "1"], "of a store"),
        ([".", "--find", "--against", "triggered"], "is not a store"),
        (["baseline", "--find", "--against", "triggered", "--from", "2025-02-01"], "leave out"),
    ],
)
def test_what_cannot_be_told_is_one_clear_message(
    asked: list[str], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistake gives status 2 and one message, without a traceback."""
    assert main(["incident", *asked]) == 2
    said = capsys.readouterr().err
    assert what in said
    assert "Traceback" not in said
