"""``panj calibrate``: begins, goes on, says what was learnt, and hands a posterior on."""

import json
from pathlib import Path

import click
import pytest

import sim
from sim.calibrate.record import read_record
from sim.cli import calibrate as command
from sim.cli.comparison_text import columns
from sim.cli.main import main
from sim.runs.posterior import Posterior

PRIORS = """
[smugglers.loads_per_year]
law = "loguniform"
low = 50.0
high = 200.0
unit = "1/year"
source = "assumption"

[hot]
law = "uniform"
multiplies = ["smugglers.district_weights.vanj", "smugglers.district_weights.rushon"]
low = 0.5
high = 2.0
unit = "ratio"
source = "assumption"
"""
TARGETS = """
[seized_kg]
statistic = "seized_kg"
window = "year"
relation = "="
value = 250.0
scale = 50.0
weight = 1.0
use = "fit"
source = "made up"

[clashes]
statistic = "clashes"
window = "year"
relation = ">="
value = 1.0
scale = 2.0
weight = 1.0
use = "validate"
source = "made up"
"""
QUIET = ["--set", "cells.count=0", "--set", "false_alarms.per_100_km_year=0"]
SMALL = ["--bank", "24", "--population", "6", "--jobs", "1", *QUIET]


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two priors and two targets; few replicas."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "priors.toml").write_text(PRIORS)
    (folder / "targets.toml").write_text(TARGETS)
    monkeypatch.setattr(command, "REPLICAS", 12)
    return folder


def calibrate(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    """Run ``panj calibrate`` in this process; give what it printed."""
    capsys.readouterr()
    assert main(["calibrate", *arguments]) == status
    return click.unstyle(capsys.readouterr().out)


def test_it_begins_goes_on_and_hands_on(
    seeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A budget stops it; the same command goes on to the same end as at once; a batch uses it."""
    folder, other = tmp_path / "fit", tmp_path / "at once"
    asked = ["--seeds", str(seeds), *SMALL]
    assert "used up" in calibrate(capsys, *asked, "--budget", "10", "-o", str(folder))
    said = calibrate(capsys, *asked, "-o", str(folder))
    assert "the 6 nearest of 24 years" in said
    for words in ("smugglers.loads_per_year", "hot", "Fitted", "Held back", "at least 1"):
        assert words in said
    assert all(len(line) <= 100 for line in said.splitlines() if str(folder) not in line)
    whole = json.loads(calibrate(capsys, *asked, "--json", "-o", str(other)))
    assert [p["key"] for p in whole["parameters"]] == ["smugglers.loads_per_year", "hot"]
    assert Posterior.read(folder).draws == Posterior.read(other).draws
    batch = ["batch", "baseline", *QUIET, "--set", "days=5", "-n", "2", "--serial"]
    batch += ["--posterior", str(folder), "--draws", "2", "-o", str(tmp_path / "s")]
    assert main(batch) == 0
    kept = sim.Store.open(tmp_path / "s").posterior
    assert kept is not None
    assert kept.draws == Posterior.read(folder).draws[:2]
    hot = next(parameter for parameter in kept.parameters if parameter.name == "hot")
    assert (hot.how, len(hot.keys)) == ("scale", 2)


def test_a_free_parameter_that_is_set_is_held(
    seeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The output says so, the record keeps it, and nothing is drawn for it."""
    folder = tmp_path / "fit"
    asked = ["--seeds", str(seeds), *SMALL, "--set", "hot=1.25", "-o", str(folder)]
    said = calibrate(capsys, *asked)
    assert [line.split() for line in said.splitlines() if line.startswith("  hot ")] == [
        ["hot", "1.25", "held", "by", "--set"]
    ]
    assert "--set smugglers.district_weights.vanj=" in said
    drawn = Posterior.read(folder)
    assert [p.name for p in drawn.parameters] == ["smugglers.loads_per_year"]
    assert drawn.made["fixed"] == {"hot": 1.25}
    assert read_record(folder).fixed == {"hot": 1.25}
    assert json.loads(calibrate(capsys, *asked, "--json"))["fixed"] == {"hot": 1.25}


def test_one_best_point_is_a_scenario(
    seeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """--tune writes a file that extends the scenario and can be run; an old file stays."""
    from sim.calibrate import tune

    few = tune.Search
    monkeypatch.setattr(
        tune, "Search", lambda seed: few(rounds=1, members=5, replicates=1, seed=seed)
    )
    path = tmp_path / "point.toml"
    asked = ["--tune", "--seeds", str(seeds), "--jobs", "1", *QUIET, "-o", str(path)]
    said = calibrate(capsys, *asked)
    assert "nearest to the targets" in said
    tuned = sim.load(path)
    assert tuned.cells.count == 0, "what --set said is part of the point"
    assert 50.0 <= tuned.smugglers.loads_per_year <= 200.0
    weights = tuned.smugglers.district_weights, sim.load("baseline").smugglers.district_weights
    assert weights[0]["vanj"] / weights[1]["vanj"] == pytest.approx(
        weights[0]["rushon"] / weights[1]["rushon"]
    )
    calibrate(capsys, *asked, status=2)


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("priors.toml", "loads_per_year", "loads_per_yaer", "loads_per_year"),
        ("priors.toml", "high = 200.0", "high = 20.0", "high"),
        ("targets.toml", '"seized_kg"\nwindow', '"sized_kg"\nwindow', "seized_kg"),
        ("targets.toml", "scale = 50.0", "scale = 0.0", "scale"),
    ],
)
def test_a_mistake_is_one_message_and_nothing_is_written(
    seeds: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    old: str,
    new: str,
    words: str,
) -> None:
    """File, line and remedy; status 2; no folder."""
    path = seeds / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    capsys.readouterr()
    assert main(["calibrate", "--seeds", str(seeds), *SMALL, "-o", str(tmp_path / "fit")]) == 2
    err = capsys.readouterr().err
    assert name in err
    assert words in err
    assert "Traceback" not in err
    assert not (tmp_path / "fit").exists()


def test_a_target_out_of_reach_is_told(
    seeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names target and figure; where others are left, to hold it back mends it."""
    path, folder = seeds / "targets.toml", str(tmp_path / "fit")
    asked = ["calibrate", "--seeds", str(seeds), *SMALL, "-o", folder]
    text = path.read_text().replace("value = 250.0", "value = 9e6")
    path.write_text(text)
    assert main(asked) == 2
    alone = capsys.readouterr().err
    assert "seized_kg = 9e+06 (simulated: " in alone
    assert "hold" not in alone, "nothing would be left to fit"
    text = text.replace('use = "validate"', 'use = "fit"')
    path.write_text(text)
    assert main(asked) == 2
    assert 'hold the target back (use = "validate")' in capsys.readouterr().err
    path.write_text(text.replace('use = "fit"', 'use = "validate"', 1))
    assert main(asked) == 0


def test_a_column_may_be_empty() -> None:
    """Where every target is met there is nothing to say in the last column."""
    assert list(columns([("x", "1", ""), ("y", "22", "")], left=(0, 2))) == ["  x   1", "  y  22"]
