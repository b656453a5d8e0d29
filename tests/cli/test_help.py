"""The command ``panj`` itself: help without heavy imports, and answers to mistakes."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pages.command_lines import understood

import sim
from sim.cli import main as frame
from sim.cli.main import COMMANDS, LazyCommand, LazyGroup, main, panj
from sim.errors import PanjError, Problem, ScenarioError

HEAVY = ("mesa", "numpy", "scipy", "matplotlib", "pandas", "pyarrow", "pydantic", "rich")


def commands(
    group: click.Group, path: tuple[str, ...] = ("panj",)
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command below a group, with the words that call it."""
    for name, entry in group.commands.items():
        command = entry.load() if isinstance(entry, LazyCommand) else entry
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


EVERY_COMMAND = list(commands(panj))


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["-h"], [], ["rnu"], ["run", "--help"], ["scenario", "--help"]],
    ids=shlex.join,
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """Help, version and a mistyped command import no library that takes time to load."""
    code = (
        "import json, sys\n"
        "from sim.cli.main import main\n"
        f"main({arguments!r})\n"
        "print('\\n' + json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout.splitlines()[-1])
    assert not [name for name in HEAVY if name in loaded]


def test_every_public_name_is_there() -> None:
    """Every public name can be imported from the package."""
    for name in sim.__all__:
        assert getattr(sim, name).__name__.rpartition(".")[2] == name
    assert set(sim.__all__) <= set(dir(sim))


def test_the_package_itself_loads_nothing_heavy() -> None:
    """``import sim`` imports nothing heavy."""
    code = "import sys, sim; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(HEAVY) & set(done.stdout.split())


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    """An unknown name raises ``AttributeError``."""
    with pytest.raises(AttributeError, match="no attribute 'Border'"):
        _ = sim.Border


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """``panj --help`` names each command with its line of help, and ends with 0."""
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for command in COMMANDS:
        assert command.name is not None
        assert re.search(
            rf"^  {command.name} +{re.escape(command.get_short_help_str(200))}$", shown, re.M
        )


def test_the_list_says_what_the_command_says() -> None:
    """The line of help in the list is the first line of the command's own help."""
    for deferred in COMMANDS:
        loaded = deferred.load()
        assert loaded.name == deferred.name
        assert loaded.get_short_help_str(200) == deferred.get_short_help_str(200)


def test_every_command_helps(capsys: pytest.CaptureFixture[str]) -> None:
    """The help of each command fits 100 columns, with each example on its own line."""
    for words, command in EVERY_COMMAND:
        assert main([*words[1:], "--help"]) == 0
        shown = capsys.readouterr().out
        assert f"Usage: {shlex.join(words)}" in shown
        assert command.help, words
        assert max(map(len, shown.splitlines())) <= 100, words
        given = (command.epilog or "").count("\n  panj ")
        assert shown.count("\n    panj ") == given, words
        assert "\n\n    panj " not in shown, words


OWN = {"my_scenario.toml", "my_policy.toml", "other.toml"}
"""Files of a reader's own that examples name."""


def examples() -> list[str]:
    """Return every example in the help texts."""
    epilogs = [panj.epilog, *(command.epilog for _, command in EVERY_COMMAND)]
    lines = "\n".join(epilog or "" for epilog in epilogs).splitlines()
    return [line.strip() for line in lines if line.startswith("  panj ")]


def test_every_example_is_a_command_that_exists() -> None:
    """Every example names existing commands, options, scenarios, keys and outcomes."""
    for example in examples():
        understood(example, OWN)


@pytest.mark.parametrize(
    ("typed", "meant"), [("rnu", "run"), ("scenarios", "scenario"), ("scenaro", "scenario")]
)
def test_a_mistyped_command_is_answered_with_the_right_one(
    typed: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown command gives status 2 and the likely name."""
    assert main([typed]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: No such command '{typed}'")
    assert f"'{meant}'" in err


def test_a_mistyped_option_is_answered_with_the_right_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An unknown option gives status 2, the likely name, and where to look."""
    assert main(["run", "baseline", "--sede", "3"]) == 2
    err = capsys.readouterr().err
    assert "'--seed'" in err
    assert "panj run --help" in err


def test_version_is_the_package_s(capsys: pytest.CaptureFixture[str]) -> None:
    """``panj --version`` prints the version of the package."""
    for option in ("--version", "-V"):
        assert main([option]) == 0
        assert capsys.readouterr().out == f"panj {sim.__version__}\n"


def test_no_command_shows_help(capsys: pytest.CaptureFixture[str]) -> None:
    """``panj`` alone prints the help to stderr, and ends with 2."""
    assert main([]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Commands:" in err


def failing(error: BaseException) -> LazyGroup:
    """Return a group with one command ``fail`` that raises."""

    @click.command()
    def fail() -> None:
        raise error

    return LazyGroup("panj", commands={"fail": fail})


def run_failing(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run a command that raises, within the real ``main``."""
    monkeypatch.setattr(frame, "panj", failing(error))
    return main(["fail"])


def test_a_user_s_mistake_is_a_message(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A PanjError gives status 2 and its message on stderr, without a traceback."""
    error = ScenarioError("must be less", path="a.toml", line=3, key="days", value=-1)
    assert run_failing(error, monkeypatch) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"error: {error}\n"


def test_every_problem_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of several problems shows each."""
    run_failing(PanjError.of([Problem("first"), Problem("second")]), monkeypatch)
    err = capsys.readouterr().err
    assert "first" in err
    assert "second" in err


def test_an_interruption_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C gives status 130 and one line."""
    assert run_failing(KeyboardInterrupt(), monkeypatch) == 130
    assert capsys.readouterr().err.strip() == "interrupted"


def test_a_mistake_of_the_program_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the program is not hidden."""
    with pytest.raises(ZeroDivisionError):
        run_failing(ZeroDivisionError(), monkeypatch)


def test_a_reader_that_leaves_is_no_error() -> None:
    """Output into a pipe that is closed early (``| head``) ends without a word, and well."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "sim", "--help"],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write)
    assert done.stderr == ""
    assert done.returncode == 0


def test_what_a_command_writes_is_written_though_nobody_reads(tmp_path: Path) -> None:
    """A reader that leaves ends no work, and a mistake keeps its status."""
    read, write = os.pipe()
    os.close(read)
    code = (
        "import sys, click, pathlib\n"
        "from sim.cli import main as frame\n"
        "from sim.cli.main import LazyGroup\n"
        "@click.command()\n"
        "def work():\n"
        "    click.echo('first')\n"
        f"    pathlib.Path({str(tmp_path / 'second')!r}).touch()\n"
        "    click.echo('second')\n"
        "    return 1\n"
        "frame.panj = LazyGroup('panj', commands={'work': work})\n"
        "sys.exit(frame.main(['work']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")
    assert (tmp_path / "second").exists()


@pytest.mark.parametrize("words", [[], ["batch"], ["store", "sql"], ["help"]], ids=shlex.join)
def test_help_is_a_command_too(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """``panj help batch`` is ``panj batch --help``."""
    assert main(["help", *words]) == 0
    asked = capsys.readouterr().out
    assert main([*words, "--help"]) == 0
    assert asked == capsys.readouterr().out


def test_help_about_nothing_is_answered_like_a_mistyped_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The name that was meant, and status 2."""
    assert main(["help", "rnu"]) == 2
    assert "'run'" in capsys.readouterr().err


def test_a_terminal_without_some_letter_gets_a_question_mark() -> None:
    """Output in an encoding that lacks a letter is not a crash."""
    code = "from sim.cli.main import main; import click; main(['--version']); click.echo('5 – 7')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "5 ? 7"


def test_the_module_is_the_command() -> None:
    """``python -m sim`` is ``panj``, exit status and all."""
    done = subprocess.run(
        [sys.executable, "-m", "sim", "rnu"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: No such command 'rnu'")
