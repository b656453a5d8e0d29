"""``panj view`` and ``panj replay``: what they write, and what they refuse."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sim.cli import page_server
from sim.cli.replay import replay
from sim.cli.view import view
from sim.errors import OutputError, PanjError
from sim.viewer import replay as pages


@pytest.fixture(autouse=True)
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page with one script replaces the real one."""
    folder = tmp_path / "assets"
    folder.mkdir()
    (folder / "index.html").write_text('<!doctype html><script src="x.js"></script>')
    (folder / "x.js").write_text("1")
    monkeypatch.setattr(pages.replay, "__defaults__", (1, folder))


def run(*arguments: object) -> Result:
    """Run ``panj replay`` in this process."""
    return CliRunner().invoke(replay, [*map(str, arguments)], catch_exceptions=False)


def test_a_replay_is_written(tmp_path: Path) -> None:
    """One file, with its size shown; nothing else is left."""
    target = tmp_path / "out" / "run.html"
    target.parent.mkdir()
    done = run("baseline", "--against", "triggered", "--days", 2, "-o", target)
    assert done.exit_code == 0
    assert f"Written to {target}" in done.output
    assert [path.name for path in target.parent.iterdir()] == ["run.html"]
    text = target.read_text("utf-8")
    assert text.startswith("<!doctype html>")
    assert "panj-replay" in text


def test_the_options_change_the_run(tmp_path: Path) -> None:
    """Seed, days and settings count; the same order is the same file."""
    pages_of = []
    for options in ([], [], ["--seed", 2], ["--set", "patrols.sorties_per_day=4"]):
        target = tmp_path / "run.html"
        run("baseline", "--days", 1, *options, "--force", "-o", target)
        pages_of.append(target.read_bytes())
    assert pages_of[0] == pages_of[1]
    assert len(set(pages_of)) == 3


def test_a_file_is_not_replaced_unasked(tmp_path: Path) -> None:
    """Without --force what is there stays."""
    target = tmp_path / "run.html"
    target.write_text("mine")
    with pytest.raises(OutputError, match=r"already exists.*--force"):
        run("baseline", "-o", target)
    assert target.read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "said"),
    [("run.txt", "End the name in .html"), ("no/where/run.html", "folder"), (".", "an ending")],
)
def test_where_no_page_can_be_is_told_before_the_run(tmp_path: Path, name: str, said: str) -> None:
    """Another ending, a folder that is not there, a folder itself."""
    with pytest.raises(OutputError, match=said):
        run("baseline", "-o", tmp_path / name)


@pytest.mark.parametrize(
    "arguments", [["nowhere"], ["baseline", "--set", "days=x"], ["baseline", "--against", "x"]]
)
def test_a_scenario_that_cannot_run_starts_no_view(arguments: list[str]) -> None:
    """The terminal shows the mistake, before any browser opens."""
    with pytest.raises(PanjError):
        CliRunner().invoke(view, [*arguments, "--no-open"], catch_exceptions=False)


def test_a_port_that_is_none_is_refused() -> None:
    """Ports end at 65535."""
    done = CliRunner().invoke(view, ["baseline", "--port", "70000"])
    assert done.exit_code == 2
    assert "65535" in done.output


def test_missing_libraries_are_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the message says what to install."""
    monkeypatch.setattr(page_server, "NEEDED", ("json", "no_such_library"))
    with pytest.raises(PanjError, match=r"needs no_such_library.*panj\[view\]"):
        page_server.check_extra("the live view")
