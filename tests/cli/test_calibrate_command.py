"""``panj calibrate``: start, continue, show the result, and pass a posterior on."""

import json
from pathlib import Path

import pytest
from invoking import panj

import sim
from sim.calibrate import inference, pipeline
from sim.calibrate.record import read_record
from sim.calibrate.surrogate import Surrogate
from sim.cli.main import main
from sim.cli.tables import column_lines
from sim.runs.posterior import Posterior

pytestmark = pytest.mark.thorough

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

[detained]
statistic = "detained"
window = "year"
relation = ">="
value = 1.0
scale = 2.0
weight = 1.0
use = "validate"
source = "made up"
"""
YEARS = """
[regimes.one]
period = "2010..2019"
reports = "guards"

[scopes.border]
scope = "border"

[metrics.crossings_prevented]
statistic = "smuggling_stopped"
unit = "count"
"""
COUNTS = """period,months,metric,value,unit,bound,scope,note,source,source_date,source_address
2015,12,crossings_prevented,4,count,=,border,,x,,
2016,12,crossings_prevented,2,count,>=,border,,x,,
"""
QUIET = ["--set", "cells.count=0", "--set", "false_alarms.per_100_km_year=0"]
SMALL = ["--bank", "24", "--jobs", "1", *QUIET]


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder with two priors, targets and counts; use few draws, chains and worlds."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    held = {"priors.toml": PRIORS, "targets.toml": TARGETS, "years.toml": YEARS}
    for name, text in {**held, "aggregates.csv": COUNTS}.items():
        (folder / name).write_text(text)
    monkeypatch.setattr(inference, "SAMPLING", inference.Sampling(10, 10, 10))
    monkeypatch.setattr(pipeline, "DRAWS", 20)
    monkeypatch.setattr(pipeline, "WORLDS", 4)
    return folder


def test_it_begins_goes_on_and_hands_on(
    seeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A budget stops it; the same command reaches the same result; a batch uses the posterior."""
    folder, other = tmp_path / "fit", tmp_path / "at once"
    asked = ["--seeds", str(seeds), *SMALL]
    stopped = panj(capsys, "calibrate", *asked, "--budget", "10", "-o", str(folder))
    assert "budget is spent" in stopped
    said = panj(capsys, "calibrate", *asked, "-o", str(folder))
    assert "20 draws, learnt from 2 figures" in said
    assert "1 ranges by 24 years" not in said
    for words in ("smugglers.loads_per_year", "hot", "Fitted", "Not fitted", "at least 1", "2016"):
        assert words in said
    assert all(len(line) <= 100 for line in said.splitlines() if str(folder) not in line)
    whole = json.loads(panj(capsys, "calibrate", *asked, "--json", "-o", str(other)))
    assert [p["key"] for p in whole["parameters"]] == ["smugglers.loads_per_year", "hot"]
    assert Posterior.read(folder).draws == Posterior.read(other).draws
    batch = ["batch", "baseline", *QUIET, "--set", "days=5", "-n", "2", "--serial"]
    batch += ["--posterior", str(folder), "--draws", "2", "-o", str(tmp_path / "s")]
    assert main(batch) == 0
    kept = sim.Store.open(tmp_path / "s").posterior
    assert kept is not None
    whole_list = Posterior.read(folder)
    assert list(whole_list.years) == ["coming", "2015", "2016"]
    assert [row[:2] for row in kept.draws] == list(whole_list.draws[:2])
    assert kept.year == "the coming year (regime: one)"
    hot = next(parameter for parameter in kept.parameters if parameter.name == "hot")
    assert (hot.how, len(hot.keys)) == ("scale", 2)


def test_a_free_parameter_that_is_set_is_held(
    seeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fixed parameter is printed and recorded, and is not drawn."""
    folder = tmp_path / "fit"
    asked = ["--seeds", str(seeds), *SMALL, "--set", "hot=1.25", "-o", str(folder)]
    said = panj(capsys, "calibrate", *asked)
    assert [line.split() for line in said.splitlines() if line.startswith("  hot ")] == [
        ["hot", "1.25", "fixed", "by", "--set"]
    ]
    assert "--set smugglers.district_weights.vanj=" in said
    drawn = Posterior.read(folder)
    assert [p.name for p in drawn.parameters] == ["smugglers.loads_per_year"]
    assert drawn.made["fixed"] == {"hot": 1.25}
    assert read_record(folder).fixed == {"hot": 1.25}
    assert json.loads(panj(capsys, "calibrate", *asked, "--json"))["fixed"] == {"hot": 1.25}


def test_one_best_point_is_a_scenario(
    seeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--tune writes a scenario that runs, and replaces no existing file."""
    path = tmp_path / "point.toml"
    asked = ["--seeds", str(seeds), *SMALL, "-o", str(tmp_path / "fit"), "--tune", str(path)]
    panj(capsys, "calibrate", *asked)
    tuned = sim.load(path)
    assert tuned.cells.count == 0, "what --set said is part of the point"
    assert 50.0 <= tuned.smugglers.loads_per_year <= 200.0
    weights = tuned.smugglers.district_weights, sim.load("baseline").smugglers.district_weights
    assert weights[0]["vanj"] / weights[1]["vanj"] == pytest.approx(
        weights[0]["rushon"] / weights[1]["rushon"]
    )
    before = path.read_text()
    panj(capsys, "calibrate", *asked, status=2)
    assert path.read_text() == before


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
    """The message gives file, line and remedy; the status is 2 and no folder is made."""
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


def test_a_figure_out_of_reach_is_told(
    seeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names figure, share and remedies; without that figure the rest fits."""
    folder = str(tmp_path / "fit")
    asked = ["calibrate", "--seeds", str(seeds), *SMALL, "-o", folder]
    (seeds / "aggregates.csv").write_text(COUNTS.replace(",4,", ",90000,"))
    capsys.readouterr()
    assert main(asked) == 2
    told = capsys.readouterr().err
    assert "smuggling_stopped 2015: 90,000 (as many or more in 0.00% of the prior's worlds)" in told
    assert "[aside.NAME] in years.toml" in told
    assert not (tmp_path / "fit" / "posterior").exists()
    aside = '[aside.one]\nperiod = "2015"\nmetric = "crossings_prevented"\nwhy = "too many"\n'
    (seeds / "years.toml").write_text(YEARS + aside)
    assert main(asked) == 0


def test_a_column_may_be_empty() -> None:
    """The last column is empty if every target is met."""
    assert list(column_lines([("x", "1", ""), ("y", "22", "")], left=(0, 2))) == [
        "  x   1",
        "  y  22",
    ]


def test_the_emulator_of_a_bank_that_is_not_full(
    seeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--emulator-only fits the existing years, and refuses a bank with none or too few."""
    folder = str(tmp_path / "fit")
    asked = ["--seeds", str(seeds), "-o", folder, "--jobs", "1", *QUIET]
    panj(capsys, "calibrate", *asked, "--emulator-only", status=2)
    panj(capsys, "calibrate", *asked, "--bank", "60", "--budget", "20")
    panj(capsys, "calibrate", *asked, "--emulator-only", status=2)
    panj(capsys, "calibrate", *asked, "--bank", "60", "--budget", "25")
    assert "of 45 years" in panj(capsys, "calibrate", *asked, "--emulator-only")
    assert Surrogate.read(folder).years == 45
