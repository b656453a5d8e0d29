"""``panj demo``: run, compare, draw and report policies, and show each command."""

import os
import re
import shlex
import signal
from pathlib import Path

import click
import pytest

import sim
from sim.cli import demo as module
from sim.cli.main import main, panj
from sim.runs.batch import run_batch


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a demo of short years, as if it had been interrupted after its batch."""
    folder = tmp_path_factory.mktemp("demo") / "first"
    short = [{"scenario": name, "name": name, "days": 5.0} for name in module.POLICIES]
    run_batch(short, 2, folder / "store", executor="serial", posterior="shipped")
    return folder


def short_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the batch run the scenarios of the store, which last five days."""
    steps = module._steps

    def shorter(*asked: object) -> object:
        for words, arguments in steps(*asked):
            yield words, [a for a in arguments if a not in module.POLICIES]

    monkeypatch.setattr(module, "_steps", shorter)


@pytest.mark.thorough
def test_it_does_what_it_says(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It makes the store, the picture and the page, and shows the command of every step."""
    short_batch(monkeypatch)
    for _ in range(2):  # given again, it replaces its own files
        assert main(["demo", "--folder", str(folder), "-n", "2", "--serial"]) == 0
    out = capsys.readouterr().out
    told = [shlex.split(line) for line in re.findall(r"^\$ panj (.*)$", out, re.M)]
    assert [words[0] for words in told[:5]] == ["batch", "compare", "plot", "report", "view"]
    assert "--serial" not in told[0]
    assert "Verdict" in out
    assert sorted(p.name for p in folder.iterdir()) == ["policies.svg", "report.html", "store"]
    assert set(sim.Store.open(folder / "store").scenarios) == set(module.POLICIES)


@pytest.mark.thorough
def test_an_interruption_says_how_it_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C gives status 130 and the command of the demo, not of its step."""
    short_batch(monkeypatch)

    def interrupted(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    before = sorted(folder.rglob("*"))
    monkeypatch.setattr("sim.runs.batch.fill_store", interrupted)
    assert main(["demo", "--folder", str(folder), "-n", "3", "--serial"]) == 130
    assert f"panj demo --folder {folder} -n 3" in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == before


def test_the_commands_shown_are_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They leave out the number of processes, and nothing that happens to be the same number."""
    monkeypatch.setattr(panj, "main", lambda *_, **__: 0)
    with click.Context(panj) as context:
        context.invoke(module.demo, folder=tmp_path, replicates=4, jobs=4, serial=False)
    assert f"$ panj batch baseline joint_control surveillance -n 4 -o {tmp_path}/store\n" in (
        capsys.readouterr().out
    )


def test_a_folder_of_something_else_stays_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another folder and a file are refused before anything runs."""
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    for place in (tmp_path, tmp_path / "notes.txt"):
        assert main(["demo", "--folder", str(place)]) == 2
    err = capsys.readouterr().err
    assert "do not belong to a demo" in err
    assert "is a file" in err
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]


def test_the_policies_are_shipped() -> None:
    """The policies of the demo are shipped scenarios."""
    from sim.scenario.catalogue import names

    assert set(module.POLICIES) <= set(names())
