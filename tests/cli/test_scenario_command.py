"""``panj scenario``: its output and its exit status."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sim.cli.main import main
from sim.cli.scenario import scenario
from sim.scenario.catalogue import names, shipped
from sim.scenario.load import load
from sim.scenario.parameters import parameters
from sim.scenario.spec_guard import Level
from sim.scenario.values import digest, flatten


@pytest.fixture
def panj(capsys):
    """Return a function that runs the command and returns status, stdout and stderr."""

    def run(*arguments):
        status = main(["scenario", *map(str, arguments)])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Return a function that writes a file into an empty working folder."""
    monkeypatch.chdir(tmp_path)

    def contents(name, data):
        path = Path(name)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return name

    return contents


def test_list_names_every_shipped_scenario(panj):
    """One line each: name, title, parent and the number of differences."""
    status, out, err = panj("list")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].split() == ["name", "title", "extends", "differences"]
    assert [line.split()[0] for line in lines[1:]] == names()
    row = next(line for line in lines if line.startswith("triggered_by_district"))
    assert row.split()[-2:] == ["baseline", "3"]
    assert lines[1].split()[-2:] == ["–", "0"]
    assert max(map(len, lines)) <= 100


def test_list_for_machines(panj):
    """The same as JSON."""
    rows = json.loads(panj("list", "--json")[1])
    assert [row["name"] for row in rows] == names()
    assert rows[0]["extends"] is None


def test_show_has_every_parameter_with_what_is_allowed(panj):
    """Every parameter is shown, with bounds and units."""
    status, out, err = panj("show", "baseline")
    assert (status, err) == (0, "")
    shown = {line.split()[0] for line in out.splitlines() if line}
    assert set(flatten(load("baseline"))) <= shown
    assert {key for key, known in parameters().items() if known.kind != "district table"} <= shown
    line = next(line for line in out.splitlines() if line.startswith("patrols.sorties_per_day"))
    assert line.split(maxsplit=2)[1:] == ["2", "0 to 48 (1/day)"]


def test_show_begins_with_title_and_description(panj):
    """Title and description come before the values."""
    out = panj("show", "triggered")[1]
    assert out.startswith("triggered: Alert raised by incidents")
    assert "The level rests at `routine`" in out


def test_show_sources_says_where_each_value_comes_from(panj):
    """A source is a file and line, a parent, a default and reference, or the command line."""
    out = panj("show", "triggered", "--sources", "--set", "patrols.size=5")[1]
    rows = {line.split()[0]: line for line in out.splitlines() if line}
    assert "triggered.toml:" in rows["alert.policy"]
    assert "baseline.toml:" in rows["alert.scope"]
    assert rows["patrols.size"].endswith("--set")
    assert "default: Tobler 1993" in rows["patrols.off_path_factor"]
    assert "default: " in rows["patrols.emphasis"]


def test_show_a_section(panj):
    """Only the chosen section is shown, at any depth."""
    out = panj("show", "baseline", "--section", "alert.levels.elevated")[1]
    assert [line.split()[0] for line in out.splitlines()[1:]] == [
        f"alert.levels.elevated.{name}" for name in Level.model_fields
    ]


@pytest.mark.parametrize(("section", "words"), [("alrt", "Did you mean alert?"), ("qqq", "posts")])
def test_an_unknown_section_is_answered_with_the_known_ones(panj, section, words):
    """An unknown section gives status 2 and the right name."""
    status, out, err = panj("show", "baseline", "--section", section)
    assert (status, out) == (2, "")
    assert words in err


def test_show_for_machines(panj):
    """Every value with unit, bounds and source, the digest, and the files in order."""
    told = json.loads(panj("show", "triggered", "--json", "--set", "start=2026-01-01")[1])
    assert told["name"] == "triggered"
    assert told["digest"] == digest(load("triggered", ["start=2026-01-01"]))
    assert [Path(file).name for file in told["files"]] == ["triggered.toml", "baseline.toml"]
    assert told["values"]["start"]["value"] == "2026-01-01"
    size = told["values"]["patrols.size"]
    assert (size["value"], size["unit"], size["low"], size["high"]) == (4, "persons", 1, 30)
    assert told["values"]["patrols.schedule"]["choices"] == ["regular", "jittered", "random"]
    assert told["values"]["posts.density"]["value"] == {}


def test_check_says_ok(panj):
    """One line for each file without a mistake."""
    status, out, err = panj("check", *sorted(shipped().glob("*.toml")))
    assert (status, err) == (0, "")
    assert len(out.splitlines()) == len(names())
    assert all(line.startswith("ok  ") for line in out.splitlines())


def test_check_goes_on_after_a_mistake_and_tells_all(panj, write):
    """Good files are listed, then every problem of the others; the status is 2."""
    write("a.toml", "[patrols]\nsize = 0\n")
    write("b.toml", "days = nan\n[patrols]\nsise = 3\n")
    status, out, err = panj("check", "a.toml", "baseline", "b.toml")
    assert status == 2
    assert out.startswith("ok  baseline")
    assert "3 problems" in err
    for words in ("a.toml:2: patrols.size = 0", "b.toml:1: days = nan", "b.toml:3: patrols.sise"):
        assert words in err


def test_a_problem_of_a_common_parent_is_told_once(panj, write):
    """A problem of a common parent is listed once."""
    write("a.toml", "days = 0\n")
    for name in ("b.toml", "c.toml"):
        write(name, 'extends = "a.toml"\n')
    assert panj("check", "b.toml", "c.toml")[2].count("a.toml:1") == 1


def test_a_contradiction_with_a_list_in_it_is_told(panj, write):
    """Values that cannot be hashed are reported like others."""
    write("a.toml", "[alert]\nseason_months = [1, 1]\n")
    status, _, err = panj("check", "a.toml")
    assert status == 2
    assert "alert.season_months = [1, 1]" in err


def test_diff_names_key_values_and_unit(panj):
    """One row for each value that differs."""
    status, out, err = panj("diff", "baseline", "surveillance")
    assert (status, err) == (0, "")
    assert [line.split() for line in out.splitlines()] == [
        ["key", "baseline", "surveillance", "unit"],
        ["technical.camera_coverage", "0.02", "0.1", "share"],
        ["technical.uav_hours_per_day", "0.5", "4", "h/day"],
    ]


def test_diff_says_no_difference(panj, write):
    """Two files with the same values have no difference."""
    write("same.toml", 'extends = "baseline.toml"\ntitle = "other words"\n')
    assert panj("diff", "baseline", "same.toml")[:2] == (0, "no difference\n")
    assert panj("diff", "baseline", "same.toml", "--json")[1] == "[]\n"


def test_diff_for_machines(panj):
    """The same as JSON."""
    found = json.loads(panj("diff", "baseline", "joint_control", "--json")[1])
    expected = {"key": "diplomacy.joint_mechanism", "a": False, "b": True, "unit": "flag"}
    assert found == [expected]


def test_what_only_one_of_them_has_is_a_dash_in_the_other(panj, write):
    """A district that only one scenario names has a dash for the other."""
    write("a.toml", "[patrols.emphasis]\npanj = 2\n")
    assert panj("diff", "baseline", "a.toml")[1].splitlines()[1].split()[1:3] == ["–", "2"]


BAD = [
    ("", ["is empty", "extends"]),
    (b"\x7fELF\x00\x01", ["is not a text file", "UTF-8"]),
    (b"a = 1\nb = '\xff'", ["bad.toml:2", "byte 11", "UTF-8"]),
    ("#" * 1_000_001, ["larger than 1 MB"]),
    ("[alert\n", ["bad.toml:1", "column"]),
    ("days = 1\ndays = 2", ["bad.toml:2", "keep one"]),
    ("days = nan", ["bad.toml:1", "days = nan", "0.01 to 36500 (days)"]),
    ("days = -inf", ["bad.toml:1", "days = -inf", "finite"]),
    ("days = 1e999", ["days = inf", "finite"]),
    ("[teams]\nreserve = -1", ["bad.toml:2", "teams.reserve = -1", "0 to 50 (teams)"]),
    ("start = 1900-01-01", ["start = 1900-01-01", "1950"]),
    ("start = 2025-02-30", ["bad.toml:1", "date of the calendar"]),
    ("[patrols]\nsize = true", ["patrols.size = true", "a whole number"]),
    ("[patrols]\nsize = 4.5", ["patrols.size = 4.5", "a whole number"]),
    ('[patrols]\nsize = "4"', ['patrols.size = "4"', "not a text"]),
    ("patrols = 3", ["patrols = 3", "[patrols]"]),
    ("[patrols]\nsise = 3", ["bad.toml:2", "patrols.sise", "Did you mean patrols.size?"]),
    ("[patrol]\nsize = 3", ["patrol", "Did you mean patrols?"]),
    ('[alert]\nlevel = "high" # really', ["bad.toml:2", 'alert.level = "high"', "routine"]),
    ("[patrols.emphasis]\nPanj = 2", ["patrols.emphasis.Panj", "Did you mean panj?"]),
    ("extends = 3", ["bad.toml:1", "extends = 3", "quotes"]),
    ('extends = "bad.toml"', ["is circular", "bad.toml -> bad.toml"]),
    ('extends = "/etc/passwd"', ["is outside the folder"]),
    ('extends = "nothing.toml"', ["bad.toml:1", "no such file"]),
    ("a = " + "[" * 2000, ["nested too deep"]),
    ("a.a.a.a.a.a.a.a.a = 1", ["more than 8 deep"]),
    ("[cells]\nparty_least = 29", ["cells.party_least = 29", "cells.party_most"]),
]


@pytest.mark.parametrize(("contents", "words"), BAD, ids=range(len(BAD)))
@pytest.mark.parametrize("verb", ["check", "show", "diff baseline"])
def test_a_bad_file_is_answered_with_status_2_and_the_remedy(panj, write, verb, contents, words):
    """Every command gives the file, the key and the remedy, and nothing on stdout."""
    status, out, err = panj(*verb.split(), write("bad.toml", contents))
    assert (status, out) == (2, "")
    assert "bad.toml" in err
    assert "Traceback" not in err
    for word in words:
        assert word in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "baselin"], "Did you mean baseline?"),
        (["show", "qqqqqq"], "panj scenario list"),
        (["show", "."], "is a folder"),
        (["show", "baseline", "--set", "patrols.size"], "an override must be key=value"),
        (["show", "baseline", "--set", "patrols.size=0"], "--set: patrols.size = 0"),
        (["show", "baseline", "--set", "patrols.sise=1"], "Did you mean patrols.size?"),
        (["show", "baseline", "--set", "days=1 2"], "cannot be read"),
        (["show"], "Missing argument"),
        (["check"], "Missing argument"),
        (["diff", "baseline"], "Missing argument"),
        (["shwo", "baseline"], "No such command"),
        (["list", "--jsn"], "--json"),
    ],
)
def test_a_slip_on_the_command_line_is_answered_with_status_2(panj, arguments, words):
    """Wrong names, overrides, arguments, commands and options give status 2."""
    status, out, err = panj(*arguments)
    assert (status, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_a_file_that_may_not_be_read_is_told(panj, write, monkeypatch):
    """Without the right to read there is a message and status 2."""
    name = write("bad.toml", "days = 1")
    opened = Path.open

    def fail(self, *args, **kwargs):
        if self.name == "bad.toml":
            raise PermissionError(13, "Permission denied")
        return opened(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", fail)
    status, _, err = panj("check", name)
    assert status == 2
    assert "bad.toml: permission denied" in err


def test_a_message_keeps_letters_and_hides_control_characters(panj, write):
    """Cyrillic is printed; control characters are written out."""
    write("bad.toml", '[alert]\nlevel = "ҷанг\\u001b[2J"\n"\\u001b[2Jkey" = 1\n')
    err = panj("check", "bad.toml")[2]
    assert "ҷанг" in err
    assert "\x1b" not in err


@pytest.mark.parametrize("verb", [[], ["list"], ["show"], ["check"], ["diff"]])
def test_every_verb_has_help_with_examples(verb):
    """Each command has help; those with arguments have examples."""
    told = CliRunner().invoke(scenario, [*verb, "--help"])
    assert told.exit_code == 0
    assert "Traceback" not in told.output
    assert verb == ["list"] or "panj scenario" in told.output


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["show", "triggered", "--sources"], ["show", "baseline"], ["diff", "baseline", "x"]],
)
def test_tables_fit_the_terminal(arguments, panj, write, monkeypatch):
    """Tables fit the terminal; text stays within 100 columns."""
    write("x.toml", "[worksites.district_weights]\nshamsiddin_shohin = 0.123456789012345\n")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for columns in (80, 100, 150):
        monkeypatch.setenv("COLUMNS", str(columns))
        status, out, _ = panj(*[word if word != "x" else "x.toml" for word in arguments])
        assert status == 0
        assert "─" in out
        lines = click.unstyle(out).splitlines()
        assert max(map(len, lines)) <= max(columns, 100)
        assert all(len(line) <= columns for line in lines if line.startswith(" "))


def test_help_and_mistakes_load_nothing_heavy():
    """The scenario commands import neither Mesa, nor Rich, nor a numerical library."""
    code = (
        "import sys; from sim.cli.main import main; main(['scenario', 'diff', 'baseline',"
        "'triggered']); heavy = {'mesa', 'rich', 'numpy', 'scipy', 'pandas', 'matplotlib',"
        "'pyarrow'} & set(sys.modules); sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, cwd=shipped().parent, env={**os.environ}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
