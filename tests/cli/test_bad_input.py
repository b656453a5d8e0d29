"""Bad input to any command of ``panj`` gives one message and status 2, never a traceback.

The tests take commands and options from click, so they cover new ones too. The input is wrong for
every command, so nothing runs.
"""

import shutil

import click
import pytest

from sim.cli.main import COMMANDS, USER_MISTAKE, main
from sim.runs.batch import BatchOptions, fill_store
from sim.runs.posterior import Posterior, UncertainParameter
from sim.runs.request import Request
from sim.runs.workers import start_workers
from sim.scenario.load import load
from tests.runs.quick_runs import quick


def commands(command, path=()):
    """Yield every command with the words that call it."""
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, (*path, name))
    else:
        yield path, command


VERBS = dict(each for verb in COMMANDS for each in commands(verb.load(), (verb.name,)))
NEEDED = {
    "--output": "OUT", "--policy": "triggered", "--event": "victims>=3", "--against": "triggered",
}  # fmt: skip
"""What the required options get."""

NUMBERS = ("integer", "integer range", "float", "float range")
NO_NUMBERS = ("nonsense", "1e", "--", "९x", "0x10", "1,5")
NO_SHARES = ("nan", "inf", "-inf", "-1", "1e400", "2", "0")
ENDLESS = "x" * 5000
STEERING = "caf\u00e9\u202e\x1b[31m"
SCENARIOS = ("scenario", "scenarios", "where", "source", "name", "names", "a")
"""What arguments are called that name scenarios."""
STORES = [path for path, command in VERBS.items()
          if any(p.name in ("store", "folder") and isinstance(p, click.Argument)
                 for p in command.params)]  # fmt: skip
DRAWING = [path for path, command in VERBS.items()
           if any(p.name == "plot" and not getattr(p, "is_flag", False)
                  for p in command.params)]  # fmt: skip


def asked(path, folder, **given):
    """Return the words of a command with a value for each required parameter."""
    words = list(path)
    for parameter in VERBS[path].params:
        if isinstance(parameter, click.Argument) and parameter.required:
            words.append(given.get("argument", "nowhere"))
        elif parameter.required:
            option = parameter.opts[-1]
            words += [option, NEEDED[option].replace("OUT", str(folder / "out"))]
    return words


def refused(capsys, words):
    """Return the message of a refused command."""
    assert main(words) == USER_MISTAKE, words
    said = capsys.readouterr()
    assert said.out == "", words
    assert said.err.startswith("error: "), (words, said.err)
    assert "Traceback" not in said.err
    assert len(said.err) < 2000, (words, len(said.err))
    assert not set("\x1b\u202e") & set(said.err), words
    return said.err


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch, tmp_path):
    """Files without a folder are written outside the project."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("path", VERBS, ids=" ".join)
def test_numbers_that_are_none(capsys, tmp_path, path):
    """Every option for a number refuses a word before anything is read."""
    for parameter in VERBS[path].params:
        if parameter.type.name in NUMBERS and not isinstance(parameter, click.Argument):
            for value in (*NO_NUMBERS, ENDLESS, STEERING):
                said = refused(capsys, [*asked(path, tmp_path), f"{parameter.opts[-1]}={value}"])
                assert parameter.opts[-1] in said


@pytest.mark.parametrize("path", VERBS, ids=" ".join)
def test_arguments_that_name_nothing(capsys, tmp_path, path):
    """Bad names, a folder, a device and files of other kinds are refused."""
    if not any(isinstance(p, click.Argument) and p.required for p in VERBS[path].params):
        return
    (tmp_path / "folder").mkdir()
    for name in ("text.txt", "empty.toml", "empty.json", "cut.parquet", "empty.csv"):
        (tmp_path / name).write_text("" if "empty" in name else "PAR1 cut")
    wrong = ["nonsense", ENDLESS, STEERING, "/dev/null", *map(str, sorted(tmp_path.iterdir()))]
    if path in (("outcomes",), ("help",)):
        wrong = wrong[:3]
    for value in wrong:
        if path == ("scenario", "check") and value.endswith("empty.toml"):
            continue  # an empty file is a scenario: all is as by default
        if path[0] in (
            "scenario",
            "run",
            "batch",
            "rare",
            "alerts",
            "incident",
            "view",
            "replay",
            "sensitivity",
            "calibrate",
        ) and value.endswith("empty.toml"):
            continue
        refused(capsys, asked(path, tmp_path, argument=value))


@pytest.mark.parametrize("path", VERBS, ids=" ".join)
def test_an_empty_word_is_told_by_its_place(capsys, tmp_path, path):
    """The message gives the place of an empty argument."""
    assert "is empty; give a value" in refused(capsys, [*asked(path, tmp_path), ""])


@pytest.mark.parametrize("value", NO_SHARES)
@pytest.mark.parametrize(
    "path", [path for path, c in VERBS.items() if any(p.name == "confidence" for p in c.params)],
    ids=" ".join,
)  # fmt: skip
def test_a_confidence_that_is_none(capsys, tmp_path, store, path, value):
    """NaN, infinities and numbers out of bounds are refused."""
    words = asked(path, tmp_path, argument=str(store))
    if path[0] in ("rare", "sensitivity"):
        words = asked(path, tmp_path, argument="baseline")
    said = refused(capsys, [*words, f"--confidence={value}"])
    assert "confidence" in said or path == ("discover",)  # which asks for more draws first


@pytest.mark.parametrize("path", DRAWING, ids=" ".join)
def test_a_picture_is_replaced_only_when_asked(capsys, tmp_path, path):
    """Every command that draws refuses an existing file before it reads anything."""
    there = tmp_path / "there.png"
    there.write_bytes(b"mine")
    for file, words in (
        (there, "--force to replace"), (tmp_path / "a.gif", "End the name in .svg"),
        (tmp_path / "no" / "a.png", "folder does not exist"), (tmp_path, "cannot be written"),
    ):  # fmt: skip
        assert words in refused(capsys, [*asked(path, tmp_path), "--plot", str(file)])
    assert "give --plot FILE too" in refused(capsys, [*asked(path, tmp_path), "--force"])
    assert there.read_bytes() == b"mine"


# -- stores -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store of two scenarios with draws of two parameters, sixteen quick runs each."""
    folder = tmp_path_factory.mktemp("stores") / "whole"
    posterior = Posterior(
        (
            UncertainParameter("sight", ("patrols.p_sight",)),
            UncertainParameter("found", ("sign.p_found",)),
        ),
        tuple((0.1 + 0.02 * k, 0.1 + 0.01 * (k * 3 % 8)) for k in range(8)),
        "made up",
    )
    request = Request([load("baseline"), load("triggered")], 16, posterior=posterior)
    with start_workers("serial") as workers:
        fill_store(folder, request, workers, BatchOptions(simulate=quick))
    return folder


def cut(folder):
    """Cut off the end of the first table."""
    part = next((folder / "outcomes").glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:300])


def emptied(folder):
    """Empty the catalogue."""
    (folder / "store.sqlite").write_bytes(b"")


def foreign(folder):
    """Replace the catalogue by a text."""
    (folder / "store.sqlite").write_text("{}")


def without_outcomes(folder):
    """Remove a folder of the store."""
    shutil.rmtree(folder / "outcomes")


@pytest.mark.parametrize("damage", [cut, emptied, foreign, without_outcomes])
def test_a_damaged_store_is_told(capsys, tmp_path, store, damage):
    """Every command that reads a store reports damage with a remedy, and writes nothing."""
    hurt = tmp_path / "hurt"
    shutil.copytree(store, hurt)
    damage(hurt)
    for path in STORES:
        if path == ("lab",):
            continue  # it says so on its page
        if path == ("store", "info") and damage in (cut, without_outcomes):
            continue  # the catalogue alone answers
        words = [str(hurt) if word == "nowhere" else word for word in asked(path, tmp_path)]
        if path == ("store", "sql"):
            words = [*path, str(hurt), "select count(*) from outcomes"]
        if path == ("store", "export"):
            words[words.index("--output") + 1] = str(tmp_path / "out.csv")
        if path == ("bundle",):
            words[words.index("--output") + 1] = str(tmp_path / "out.zip")
        if path == ("store", "verify"):
            assert main(words) in (1, USER_MISTAKE)
            assert "Traceback" not in "".join(capsys.readouterr())
            continue
        assert str(hurt) in refused(capsys, words)
    assert {each.name for each in tmp_path.iterdir()} == {"hurt"}


def test_where_nothing_may_be_written(capsys, tmp_path, store):
    """The message names a folder without write access, and no partial file is left."""
    (tmp_path / "file").write_text("in the way")
    for words in (
        ["run", "baseline", "--days", "1", "-o", str(tmp_path / "file" / "run")],
        ["batch", "baseline", "-n", "1", "--serial", "-o", str(tmp_path / "file" / "s")],
        ["plot", str(store), "-o", str(tmp_path / "file" / "a.svg")],
        ["report", str(store), "-o", str(tmp_path / "file" / "a.html")],
        ["store", "export", str(store), "-o", str(tmp_path / "file" / "a.csv")],
    ):
        refused(capsys, words)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("option", ["--outcomes", "--scenarios", "--response"])
@pytest.mark.parametrize("value", [",", " , ,", ":"])
def test_lists_without_names(capsys, store, option, value):
    """An empty list is a mistake and does not mean "all"."""
    refused(capsys, ["compare", str(store), f"{option}={value}"])


def test_a_folder_without_seeds_is_refused(capsys, tmp_path):
    """The shipped tables do not replace the user's tables that were not found."""
    assert "targets.toml" in refused(capsys, ["seeds", "show", "--seeds", str(tmp_path)])
