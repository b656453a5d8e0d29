"""Where scenario files are found."""

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import catalogue
from sim.scenario.catalogue import find, names, near, shipped


def test_the_shipped_folder_is_that_of_the_source_tree():
    """In a clone the folder beside the package is used."""
    assert shipped() == Path(__file__).parents[2] / "scenarios"


def test_an_installed_package_uses_the_copy_inside(tmp_path, monkeypatch):
    """Where there is no folder beside the package, its own copy is found."""
    inside = tmp_path / "sim" / "_shipped" / "scenarios"
    inside.mkdir(parents=True)
    (inside / "baseline.toml").write_text("days = 3\n")
    monkeypatch.setattr(catalogue, "_PACKAGE", tmp_path / "sim")
    assert shipped() == inside
    assert find("baseline") == inside / "baseline.toml"


def test_a_folder_of_that_name_without_a_baseline_is_not_ours(tmp_path, monkeypatch):
    """Another project's folder beside the installed package is passed over."""
    (tmp_path / "scenarios").mkdir()
    monkeypatch.setattr(catalogue, "_PACKAGE", tmp_path / "sim")
    with pytest.raises(ScenarioError, match="shipped scenarios are missing"):
        shipped()


def test_names_begin_with_the_baseline():
    """Then by the alphabet."""
    assert names()[0] == "baseline"
    assert names()[1:] == sorted(names()[1:])
    assert "heightened_always" in names()


@pytest.mark.parametrize(
    "asked", ["triggered", "triggered.toml", "scenarios/triggered.toml", "scenarios/triggered"]
)
def test_a_shipped_scenario_is_found_from_anywhere(asked, tmp_path, monkeypatch):
    """By name or by its path in the source tree, with or without the suffix."""
    monkeypatch.chdir(tmp_path)
    assert find(asked) == shipped() / "triggered.toml"


def test_a_file_that_exists_as_given_comes_first(tmp_path, monkeypatch):
    """The user's file hides the shipped one of the same name."""
    monkeypatch.chdir(tmp_path)
    Path("triggered.toml").write_text("days = 3\n")
    assert find("triggered.toml") == Path("triggered.toml")
    assert find("triggered") == shipped() / "triggered.toml"


def test_a_folder_of_the_name_does_not_hide_the_scenario(tmp_path, monkeypatch):
    """A folder of results may be called like a scenario."""
    monkeypatch.chdir(tmp_path)
    Path("triggered").mkdir()
    assert find("triggered") == shipped() / "triggered.toml"


@pytest.mark.parametrize("asked", ["none", "x/triggered", "../triggered", "triggered.txt", ""])
def test_what_is_found_nowhere_comes_back_as_given(asked, tmp_path, monkeypatch):
    """Reading it will say what is wrong."""
    monkeypatch.chdir(tmp_path)
    assert find(asked) == Path(asked)


def test_names_like_a_missing_one_are_found_here_and_there(tmp_path, monkeypatch):
    """Files beside it and shipped scenarios are candidates, three at most."""
    monkeypatch.chdir(tmp_path)
    Path("baseline_2.toml").write_text("days = 3\n")
    assert set(near(Path("baselin_2"))) == {"baseline_2.toml", "baseline"}
    assert near(Path("qqqqqqq")) == []
    assert len(near(Path("triggere"))) <= 3
