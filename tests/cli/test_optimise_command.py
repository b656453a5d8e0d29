"""``panj optimise``: its search, its files, its output and its refusals."""

import json
from pathlib import Path

import pytest

from sim.cli.main import USER_MISTAKE, main
from tests.explore.budgets import SMALL, written

QUICK = ["--mixes", "2", "--training", "2", "-n", "2", "--unit-years", "2", "--serial"]


@pytest.mark.thorough
def test_it_seeks_writes_and_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It prints every lever, writes files and a picture, and repeats the figures in JSON."""
    budget, folder = str(written(tmp_path)), tmp_path / "found"
    picture = tmp_path / "mix.png"
    asked = ["optimise", budget, "-o", str(folder), *QUICK, "--set", "days=2", "--draws", "2"]
    assert main([*asked, "--plot", str(picture)]) == 0
    text = capsys.readouterr().out
    assert all(word in text for word in ("Best mix", "guards at a site", "One unit more", "evenly"))
    assert {path.name for path in folder.iterdir()} == {
        "best.toml", "plan.csv", "training", "held_out",
    }  # fmt: skip
    assert picture.stat().st_size > 10_000
    assert main([*asked, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["total"] == 52_000_000
    assert {row["name"] for row in said["allocations"]} >= {"baseline", "mix", "uniform", "by_risk"}


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        (SMALL.replace("worksites.guards", "walls"), [], "no scenario has this parameter"),
        (SMALL.replace("52_000_000", "1000"), [], "is too little"),
        (SMALL, ["--harm", "gold"], "is not an outcome of which less"),
        (SMALL, ["--confidence", "2"], "must lie between 0.5 and 1"),
        (SMALL, ["--jobs", "2"], "leave out --jobs"),
    ],
)
def test_mistakes_are_told_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, more: list[str], said: str
) -> None:
    """A mistake gives one message and status 2, and makes no folder."""
    folder = tmp_path / "none"
    asked = ["optimise", str(written(tmp_path, text)), "-o", str(folder), *QUICK, *more]
    assert main(asked) == USER_MISTAKE
    assert said in capsys.readouterr().err
    assert not folder.exists()
