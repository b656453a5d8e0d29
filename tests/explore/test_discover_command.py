"""``panj discover``, as a user meets it."""

import json
from pathlib import Path

import pytest
from planted import store

from sim.cli.main import main


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which the policy fails where two parameters are high."""
    folder = tmp_path_factory.mktemp("command") / "store"
    store(folder)
    return folder


def test_sentences_a_table_and_a_picture(
    planted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Within the page; the picture is written; the finding names the command."""
    plot = tmp_path / "box.png"
    assert main(["discover", str(planted), "--policy", "triggered", "--plot", str(plot)]) == 0
    out = capsys.readouterr().out
    assert "triggered does worse than baseline on victims where" in " ".join(out.split())
    assert "held out" in out
    assert max(map(len, out.splitlines())) <= 100
    assert plot.read_bytes()[:4] == b"\x89PNG"
    kept = json.loads((planted / "explored" / "discover.json").read_text())
    assert kept["asked"].startswith("panj discover ")


def test_json_and_a_near_miss(planted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object; a slip is one message and status 2."""
    assert main(["discover", str(planted), "--policy", "triggered", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["boxes"][0]["verdict"] == "loses"
    assert main(["discover", str(planted), "--policy", "trigered"]) == 2
    assert "Did you mean triggered" in capsys.readouterr().err
