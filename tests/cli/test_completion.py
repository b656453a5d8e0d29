"""Completion with TAB: the offers, the imports, and the script for bash."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from processes import unwatched

from sim.cli import completion
from sim.cli.main import main
from sim.runs.catalogue import NAME
from sim.scenario.catalogue import names
from sim.scenario.parameters import parameters

HEAVY = {"mesa", "numpy", "scipy", "matplotlib", "pandas", "pyarrow", "duckdb", "rich", "sqlite3"}


def offered(typed: str, how: completion.Completer) -> list[str]:
    """Return the completions of a text."""
    context = click.Context(click.Command("panj"))
    return [item.value for item in how(context, click.Option(["--x"]), typed)]


def asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> list[str]:
    """Return the answer of panj to bash for the last word."""
    monkeypatch.setenv("_PANJ_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "\n".join(("panj", *words)))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    with pytest.raises(SystemExit):
        main([])
    return capsys.readouterr().out.splitlines()


def test_scenarios_come_by_name_with_their_titles() -> None:
    """TAB offers all scenarios, those that match, or a file."""
    assert offered("", completion.scenarios) == names()
    assert offered("joint", completion.scenarios) == ["joint_control"]
    context = click.Context(click.Command("panj"))
    (file,) = completion.scenarios(context, click.Option(["--x"]), "my/own")
    (title,) = completion.scenarios(context, click.Option(["--x"]), "joint")
    assert file.type == "file"
    assert title.help
    assert offered("baseline,joint", completion.scenario_list) == ["baseline,joint_control"]


def test_every_parameter_is_offered_and_then_its_words() -> None:
    """TAB offers a key with an equals sign, then the choices of a choice or a flag."""
    assert offered("", completion.settings) == [f"{key}=" for key in parameters()]
    assert "patrols.size=" in offered("patrols.", completion.settings)
    assert "alert.policy=triggered" in offered("alert.policy=", completion.settings)
    flag = next(key for key, known in parameters().items() if known.kind == "flag")
    assert offered(f"{flag}=", completion.settings) == [f"{flag}=true", f"{flag}=false"]
    assert offered("patrols.size=", completion.settings) == []
    assert offered("no.such=", completion.settings) == []


def test_outcomes_come_alone_in_lists_and_before_a_number() -> None:
    """TAB offers outcomes in the form that the option takes."""
    assert offered("victim", completion.outcomes) == ["victims"]
    assert offered("cost_usd,victim", completion.outcomes) == ["cost_usd,victims"]
    assert offered("victim", completion.outcome_values) == ["victims:"]
    assert offered("victims:0", completion.outcome_values) == []


def test_stores_are_found_here_and_one_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TAB offers folders with a store, or else any folder."""
    monkeypatch.chdir(tmp_path)
    assert NAME == completion.STORE_FILE
    for place in ("results/one", "results/two", "plain", "here", ".hidden"):
        Path(place).mkdir(parents=True)
        if place != "plain":
            (Path(place) / NAME).touch()
    assert offered("", completion.stores) == ["here", "results/one", "results/two"]
    assert offered("re", completion.stores) == ["results/one", "results/two"]
    assert offered("results/t", completion.stores) == ["results/two"]
    assert offered("./h", completion.stores) == ["./here"]
    assert offered(f"{tmp_path}/h", completion.stores) == [f"{tmp_path}/here"]
    context = click.Context(click.Command("panj"))
    (folder,) = completion.stores(context, click.Option(["--x"]), "pl")
    assert folder.type == "dir"
    assert offered("no/such/place", completion.stores) == []


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["he"], "plain,help"),
        (["run", "joint"], "plain,joint_control"),
        (["help", "joint"], ""),
        (["run", "baseline", "--set", "teams.per_d"], "plain,teams.per_district="),
        (["run", "baseline", "--set", "alert.policy", "=", "trig"], "plain,triggered"),
        (["run", "baseline", "--set", "alert.policy", "="], "plain,triggered"),
        (["compare", "x", "--outcomes", "cost_usd,victim"], "plain,cost_usd,victims"),
        (["outcomes", "interdiction_sh"], "plain,interdiction_share"),
    ],
)
def test_bash_is_answered(
    words: list[str],
    answer: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """After an equals sign the answer is the value alone, as bash expects."""
    found = asked(monkeypatch, capsys, *words)
    assert answer in found or (not answer and not found)


def test_a_bash_takes_the_answer(tmp_path: Path) -> None:
    """The script completes a word in a real bash."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    panj = tmp_path / "panj"
    panj.write_text(f'#!/bin/sh\nexec {sys.executable} -m sim "$@"\n', "utf-8")
    panj.chmod(0o755)
    script = (
        'eval "$(_PANJ_COMPLETE=bash_source panj)"\n'
        "COMP_WORDS=(panj run baseline --set alert.policy = trig) COMP_CWORD=6\n"
        '_panj_completion panj; echo "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(
        [bash, "--norc", "-c", script],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "triggered"


def test_nothing_heavy_is_imported_for_a_key_press() -> None:
    """No completion imports a heavy library."""
    code = (
        "import json, sys, click\n"
        "from sim.cli import completion\n"
        "for name in ('scenarios', 'settings', 'outcomes', 'outcome_values', 'stores'):\n"
        "    getattr(completion, name)(None, None, '')\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=unwatched())
    assert not HEAVY & set(json.loads(done.stdout))
