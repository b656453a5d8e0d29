"""``panj outcomes``: the list and the description of outcomes."""

import json
import subprocess
import sys

import pytest

from sim.cli.main import USER_MISTAKE, main
from sim.frontier.ground import Ground
from sim.measures.registry import outcomes_on

SHIPPED = outcomes_on(Ground.default())


def test_all_are_listed_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    """The list has a head and one line for each outcome."""
    assert main(["outcomes"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["name", "group", "unit", "better", "meaning"]
    assert [line.split()[0] for line in lines] == [outcome.name for outcome in SHIPPED]
    assert lines[0].split(maxsplit=4) == [
        "deaths",
        "people",
        "persons",
        "less",
        "killed, all sides",
    ]


def test_one_is_told_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    """A description gives meaning, unit, group, direction and formula."""
    assert main(["outcomes", "interdiction_share"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("interdiction_share: smuggled weight stopped\n")
    for line in ("unit share", "group flow", "better more",
                 "formula seized_kg / weight that smuggling crossings carried"):  # fmt: skip
        assert line in " ".join(shown.split())
    assert all(len(line) <= 100 for line in shown.splitlines())


def test_machines_get_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON is a list of records, or one record."""
    assert main(["outcomes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [outcome.as_data for outcome in SHIPPED]
    assert main(["outcomes", "victims", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["unit"], found["better"], found["headline"]) == ("persons", "less", 1)


def test_a_slip_is_answered_with_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown name gives status 2 and similar names."""
    assert main(["outcomes", "victms"]) == USER_MISTAKE
    assert '"victms": no such outcome. Did you mean victims' in capsys.readouterr().err


def test_nothing_heavy_is_loaded() -> None:
    """Describing an outcome imports no numerical library; pydantic reads the ground."""
    code = "import sys; from sim.cli.main import main; main(['outcomes']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"mesa", "numpy", "scipy", "matplotlib", "pandas", "pyarrow", "rich"}
    assert not heavy & set(done.stdout.split())
