"""``panj lab``: what it refuses before any browser is opened."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli import page_server
from sim.cli.lab import lab
from sim.errors import PanjError


def test_a_scenario_in_the_place_of_the_store_is_told(tmp_path: Path) -> None:
    """The message gives the right command."""
    done = CliRunner().invoke(lab, ["my.toml", "--no-open"])
    assert done.exit_code == 2
    assert "the store comes first: panj lab results/lab my.toml" in " ".join(done.output.split())


def test_a_file_is_not_a_store(tmp_path: Path) -> None:
    """A file in place of the store is refused."""
    (tmp_path / "s").write_text("x")
    done = CliRunner().invoke(lab, [str(tmp_path / "s"), "--no-open"])
    assert done.exit_code == 2
    assert "a store is a folder" in " ".join(done.output.split())


@pytest.mark.parametrize("name", ["nowhere", "x.toml"])
def test_a_scenario_that_cannot_run_starts_no_lab(tmp_path: Path, name: str) -> None:
    """The message comes before the page; no store is made."""
    (tmp_path / "x.toml").write_text("patrols.sorties_per_day = -1")
    with pytest.raises(PanjError, match=name):
        CliRunner().invoke(
            lab,
            [str(tmp_path / "s"), str(tmp_path / name), "--no-open"],
            catch_exceptions=False,
        )
    assert not (tmp_path / "s").exists()


def test_missing_libraries_are_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the message says what to install."""
    monkeypatch.setattr(page_server, "NEEDED", ("json", "no_such_library"))
    with pytest.raises(PanjError, match=r"the lab needs no_such_library.*panj\[view\]"):
        CliRunner().invoke(lab, ["--no-open"], catch_exceptions=False)
