"""``panj run``: its output, its files and its refusals."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from invoking import panj, refused

from sim import BorderModel, load, read_run
from sim.cli import run as verb
from sim.cli.main import main
from sim.cli.run_text import MOST_INCIDENTS
from sim.cli.terminal import WIDTH
from sim.frontier.ground import Ground
from sim.incidents.records import Crossing, Incident
from sim.measures.registry import outcomes_on
from sim.scenario.values import digest

SHIPPED = outcomes_on(Ground.default())

SHORT = ["--days", "40"]


@pytest.fixture
def no_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every simulation fail."""

    def simulate(*_: object) -> BorderModel:
        raise AssertionError("it ran, though it was known that it should not")

    monkeypatch.setattr(verb, "simulate", simulate)


def test_the_heading_says_what_was_run(capsys: pytest.CaptureFixture[str]) -> None:
    """The heading gives title, period, horizon and seed."""
    title, period, *_ = panj(capsys, "run", "baseline", "--seed", "7", *SHORT).splitlines()
    assert title == load("baseline").title
    assert period == "1 Jan 2025 to 9 Feb 2025 (40 days), seed 7, 13 districts"


def test_every_outcome_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Each field of the outcome row is in the table, under the heading of its group."""
    shown = re.sub(r"\s+", " ", panj(capsys, "run", "baseline", *SHORT))
    for field in SHIPPED:
        assert field.label in shown
        assert field.group.capitalize() in shown


def test_the_table_tells_the_outcomes_of_that_run(capsys: pytest.CaptureFixture[str]) -> None:
    """The numbers are those that the model gives for the same scenario and seed."""
    shown = panj(capsys, "run", "baseline", "--seed", "3", *SHORT)
    outcomes = BorderModel(load("baseline", {"days": 40.0}), seed=3).run().outcomes()
    (crossings,) = re.findall(r"crossings attempted +([\d,]+)", shown)
    assert int(crossings.replace(",", "")) == outcomes["crossings"]


def test_every_line_fits_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    """No line of a year is wider than 100 columns."""
    assert max(map(len, panj(capsys, "run", "baseline").splitlines())) <= WIDTH


def test_the_gravest_incidents_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """At most eight sentences follow, with the number of all incidents."""
    shown = panj(capsys, "run", "baseline")
    (told, happened) = re.findall(r"^The (\d+) gravest of (\d+) incidents$", shown, re.M)[0]
    sentences = re.findall(r"^  [A-Z][a-z]{2} \d", shown.partition("gravest")[2], re.M)
    assert int(told) == len(sentences) == MOST_INCIDENTS
    assert int(happened) == len(BorderModel(load("baseline"), seed=1).run().log[Incident])


def test_a_quiet_run_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """Without crossings there is no incident, and no number is missing."""
    quiet = ["smugglers.loads_per_year=0", "cells.count=0"]
    shown = panj(capsys, "run", "baseline", *SHORT, *(f"--set={key}" for key in quiet))
    assert "No incidents" in shown
    assert "crossings attempted" in shown


def test_the_same_seed_gives_the_same_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Two runs with a seed print the same; another seed gives another year."""
    first = panj(capsys, "run", "baseline", "--seed", "5", *SHORT)
    assert panj(capsys, "run", "baseline", "--seed", "5", *SHORT) == first
    assert panj(capsys, "run", "baseline", "--seed", "6", *SHORT) != first


def test_in_slices_it_is_the_same_run(capsys: pytest.CaptureFixture[str]) -> None:
    """The command runs in pieces for its progress bar; that changes nothing."""
    found = json.loads(panj(capsys, "run", "baseline", "--json", *SHORT))
    whole = BorderModel(load("baseline", {"days": 40.0}), seed=1).run()
    assert found["provenance"]["fingerprint"] == whole.fingerprint()


def test_set_changes_a_parameter(capsys: pytest.CaptureFixture[str]) -> None:
    """Each ``--set`` changes the scenario; the last one for a key counts."""
    changes = ["--set", "teams.per_district=2", "--set", "patrols.sorties_per_day=4.5"]
    found = json.loads(panj(capsys, "run", "baseline", "--json", *SHORT, *changes))
    scenario = found["provenance"]["scenario"]
    assert scenario["teams"]["per_district"] == 2
    assert scenario["patrols"]["sorties_per_day"] == 4.5
    assert scenario["days"] == 40.0


def test_a_fork_is_the_first_run_until_its_date(capsys: pytest.CaptureFixture[str]) -> None:
    """The heading gives the fork; before its date the runs are the same."""
    fork = ("--fork", "2025-02-01:triggered")
    title, period, forked, *_ = panj(capsys, "run", "baseline", *SHORT, *fork).splitlines()
    assert title == load("baseline").title
    assert period == "1 Jan 2025 to 9 Feb 2025 (40 days), seed 1, 13 districts"
    assert forked == f"from 1 Feb 2025 (day 31): {load('triggered').title}"
    whole = json.loads(panj(capsys, "run", "baseline", *SHORT, "--json"))
    found = json.loads(panj(capsys, "run", "baseline", *SHORT, *fork, "--json"))
    before = [incident for incident in whole["incidents"] if incident["at"] <= 31.0]
    assert [incident for incident in found["incidents"] if incident["at"] <= 31.0] == before != []
    model = BorderModel(load("baseline", {"days": 40.0}), seed=1)
    model.run_until(31.0)
    other = load("triggered", {"days": 40.0})
    assert found["provenance"]["fingerprint"] == model.fork(other).run().fingerprint()
    assert found["provenance"]["digest"] == whole["provenance"]["digest"] == digest(model.spec)
    (said,) = found["provenance"]["forks"]
    assert (said["day"], said["digest"]) == (31.0, digest(other))
    assert "forks" not in whole["provenance"]


def test_settings_hold_for_both_scenarios_of_a_fork(capsys: pytest.CaptureFixture[str]) -> None:
    """``--set`` and ``--days`` apply to both scenarios of a fork."""
    found = panj(capsys, "run", "baseline", *SHORT, "--json",
        "--set", "patrols.size=7", "--fork", "2025-01-05:triggered",
    )  # fmt: skip
    provenance = json.loads(found)["provenance"]
    for scenario in (provenance["scenario"], provenance["forks"][0]["scenario"]):
        assert (scenario["patrols"]["size"], scenario["days"]) == (7, 40.0)


@pytest.mark.parametrize(
    ("fork", "said"),
    [
        ("2025-02-10:triggered", "the run goes from 2025-01-01 to 2025-02-09. Give a date within"),
        ("2024-12-31:triggered", "the run goes from 2025-01-01"),
        ("yesterday:triggered", "must be a date, a colon and a scenario. Write the date as"),
        ("2025-02-31:triggered", "must be a date, a colon and a scenario"),
        ("2025-02-01", "must be a date, a colon and a scenario"),
        ("2025-02-01:", "must be a date, a colon and a scenario"),
        ("2025-02-01:nowhere", "nowhere: no such file"),
    ],
)
@pytest.mark.usefixtures("no_runs")
def test_a_fork_that_cannot_be_is_refused_before_the_run(
    capsys: pytest.CaptureFixture[str], fork: str, said: str
) -> None:
    """A missing date, one outside the run, and an unknown scenario are refused."""
    assert said in refused(capsys, "run", "baseline", *SHORT, "--fork", fork)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("start = 2024-01-01", "start = 2024-01-01: sets how a run begins"),
        ("[posts]\nspacing_km = 30.0", "posts.spacing_km = 30.0: places are fixed"),
        ('ground = "elsewhere"', "ground = <ground elsewhere"),
    ],
)
@pytest.mark.usefixtures("no_runs")
def test_a_scenario_that_cannot_take_over_is_refused_before_the_run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, said: str
) -> None:
    """Another period, other places and another ground give one message for each key."""
    path, elsewhere = tmp_path / "other.toml", tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name, table in Ground.default().texts.items():
        (elsewhere / name).write_text(table.replace("name =", 'name = "elsewhere" #', 1), "utf-8")
    path.write_text(text + "\n")
    told = refused(capsys, "run", "baseline", *SHORT, "--fork", f"2025-02-01:{path}")
    assert said in told
    assert told.count("\n") == 1


def test_a_scenario_file_of_one_s_own_is_run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A scenario may be a path."""
    path = tmp_path / "mine.toml"
    path.write_text('title = "Mine"\ndays = 10.0\n')
    assert panj(capsys, "run", str(path)).startswith("Mine\n")


def test_json_is_one_object_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    """``--json`` prints outcomes, incidents and provenance, with null where nothing can be said."""
    found = json.loads(panj(capsys, "run", "baseline", "--json", *SHORT))
    assert set(found) == {"outcomes", "incidents", "provenance"}
    assert list(found["outcomes"]) == [field.name for field in SHIPPED]
    assert found["provenance"]["seed"] == 1
    assert found["provenance"]["command"] == "panj run baseline --json --days 40"
    for incident in found["incidents"]:
        assert set(incident) == set(Incident._fields)


def test_a_result_folder_holds_the_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """``-o`` writes the run and prints the folder; reading it gives the same records."""
    shown = panj(capsys, "run", "baseline", "--seed", "3", *SHORT, "-o", str(tmp_path / "run"))
    assert shown.splitlines()[-1] == f"Written to {tmp_path / 'run'}"
    stored = read_run(tmp_path / "run")
    model = BorderModel(load("baseline", {"days": 40.0}), seed=3).run()
    assert stored.outcomes() == model.outcomes()
    assert stored.records(Incident) == model.log[Incident]
    assert stored.records(Crossing) == model.log[Crossing]
    assert stored.provenance["fingerprint"] == model.fingerprint()


def test_json_and_a_folder_go_together(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """With ``--json -o`` the folder is written and the output is still one object."""
    found = json.loads(
        panj(capsys, "run", "baseline", "--json", *SHORT, "-o", str(tmp_path / "run"))
    )
    stored = read_run(tmp_path / "run").provenance
    assert found["provenance"]["fingerprint"] == stored["fingerprint"]


def test_two_pictures_are_drawn_on_request(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """``--plot`` adds the strip map and the gravest incident, and prints their names."""
    shown = panj(capsys, "run", "baseline", *SHORT, "--plot", "-o", str(tmp_path / "run"))
    files = str(read_run(tmp_path / "run").provenance["files"])
    for name in ("strip_map", "gravest_incident"):
        assert name in shown.splitlines()[-1]
        assert "<svg" in (tmp_path / "run" / f"{name}.svg").read_text("utf-8")
        assert (tmp_path / "run" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert f"{name}.svg" in files
        assert f"{name}.png" in files


def test_a_run_without_incidents_has_one_picture(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A run without incidents has no picture of the gravest one."""
    quiet = ["--set", "smugglers.loads_per_year=0", "--set", "cells.count=0"]
    panj(capsys, "run", "baseline", *SHORT, *quiet, "--plot", "-o", str(tmp_path / "run"))
    assert {path.stem for path in (tmp_path / "run").glob("*.svg")} == {"strip_map"}


@pytest.mark.usefixtures("no_runs")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["baseline", "--seed", "-1"], "--seed"),
        (["baseline", "--seed", str(2**63)], "--seed"),
        (["baseline", "--seed", "one"], "--seed"),
        (["baseline", "--days", "0"], "days"),
        (["baseline", "--days", "-3"], "days"),
        (["baseline", "--days", "1e9"], "days"),
        (["baseline", "--days", "nan"], "days"),
        (["baseline", "--days", "inf"], "days"),
        (["baseline", "--days", "soon"], "--days"),
        (["basline"], "baseline"),
        (["no/such/file.toml"], "no/such/file.toml"),
        (["baseline", "--set", "teams.per_distrikt=2"], "per_district"),
        (["baseline", "--set", "teams.per_district=many"], "teams.per_district"),
        (["baseline", "--set", "teams.per_district"], "teams.per_district"),
        (["baseline", "--set", "teams.per_district=-1"], "teams.per_district"),
        (["baseline", "--plot"], "-o DIR"),
        (["baseline", "--force"], "-o DIR"),
        ([], "SCENARIO"),
    ],
    ids=lambda value: " ".join(value) or "nothing" if isinstance(value, list) else "",
)
def test_mistakes_are_found_before_the_run(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    """A wrong value gives status 2 and a message that names it, and nothing runs."""
    assert words in refused(capsys, "run", *arguments)


def test_every_wrong_value_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    """The message has both mistakes of a scenario."""
    err = refused(capsys, "run", "baseline", "--set", "days=-1", "--set", "patrols.size=0")
    assert "days" in err
    assert "patrols.size" in err


def test_a_broken_file_is_named_with_its_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The message on a scenario file gives file and line."""
    path = tmp_path / "broken.toml"
    path.write_text("title = 'x'\ndays = 'many'\n")
    assert f"{path}:2" in refused(capsys, "run", str(path))


@pytest.mark.usefixtures("no_runs")
def test_a_folder_that_is_taken_is_found_before_the_run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Other files, a file, and a file in place of a folder are refused before the run."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.txt").write_text("cat")
    for place in ("photos", "photos/cat.txt", "photos/cat.txt/run"):
        assert str(tmp_path / "photos") in refused(
            capsys, "run", "baseline", "--force", "-o", str(tmp_path / place)
        )
    assert os.listdir(tmp_path / "photos") == ["cat.txt"]


def test_a_result_is_replaced_only_with_force(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A second run into a folder needs ``--force``, and replaces the first."""
    folder = ["-o", str(tmp_path / "run")]
    panj(capsys, "run", "baseline", *SHORT, *folder)
    assert "--force" in refused(capsys, "run", "baseline", *SHORT, *folder, "--seed", "2")
    assert read_run(tmp_path / "run").provenance["seed"] == 1
    panj(capsys, "run", "baseline", *SHORT, *folder, "--seed", "2", "--force")
    assert read_run(tmp_path / "run").provenance["seed"] == 2


def test_a_run_that_cannot_be_written_is_still_shown(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the disk fails after the run, the outcomes are printed, then the error."""
    monkeypatch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(OSError(28, "Disk full")))
    assert main(["run", "baseline", *SHORT, "-o", str(tmp_path / "run")]) == 2
    out, err = capsys.readouterr()
    assert "crossings attempted" in out
    assert "Written to" not in out
    assert "Disk full" in err
    assert os.listdir(tmp_path) == []


def test_the_command_is_quiet_for_pipes() -> None:
    """In a pipe there is no bar, no colour, and nothing on stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "sim", "run", "baseline", *SHORT],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
