"""What can be picked, and what ``panj batch`` is given for it."""

from pathlib import Path

import pytest
from lab_stores import written

from sim.errors import PanjError
from sim.lab.choices import batch_arguments, load_choices, sentence, store_choices
from sim.runs.catalogue import read
from sim.scenario.catalogue import names


def test_every_shipped_scenario_has_a_title_and_a_sentence() -> None:
    """The baseline first; each has words of its own in one line, without marks of a text format."""
    found = load_choices([])
    assert list(found) == names()
    assert all(each.title != each.name for each in found.values())
    assert all(each.sentence.endswith(".") for each in found.values())
    assert not any(set("\n`") & set(each.sentence) for each in found.values())


@pytest.mark.parametrize(
    ("description", "told"),
    [
        ("", ""),
        ("One. Two.", "One."),
        ("It is 3.5 km\nlong! Is it?", "It is 3.5 km long!"),
        ("No stop", "No stop"),
    ],
)
def test_a_sentence_is_the_first(description: str, told: str) -> None:
    """Up to the first stop that a blank follows; all of it where there is none."""
    assert sentence(description) == told


def test_files_are_offered_too(shorts: list[Path], tmp_path: Path) -> None:
    """First, by their own names, given to the batch as paths; in place of shipped namesakes."""
    own = written(tmp_path, "surveillance")
    found = load_choices([*map(str, shorts), str(own)])
    assert found["plain"].argument == str(shorts[0])
    assert found["plain"].sentence == "The plain one."
    assert found["surveillance"].argument == str(own)
    assert found["baseline"].argument == "baseline"
    assert list(found)[: len(shorts) + 2] == [*(file.stem for file in shorts), own.stem, "baseline"]


def test_two_files_of_one_name_are_refused(shorts: list[Path], tmp_path: Path) -> None:
    """Nobody could tell which was picked."""
    again = written(tmp_path, "plain")
    with pytest.raises(PanjError, match=r"scenarios of one name.*Give one of them another"):
        load_choices([str(shorts[0]), str(again)])


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    """As everywhere."""
    (tmp_path / "x.toml").write_text("days = [")
    with pytest.raises(PanjError, match=r"x\.toml"):
        load_choices([str(tmp_path / "x.toml")])


def test_what_the_store_alone_has_runs_with_all_of_it(filled: Path) -> None:
    """No file is known of it, so it is the whole store, as ``panj batch -o STORE``, or none."""
    there = read(filled).manifest.scenarios
    known = load_choices([]) | store_choices(there, load_choices([]))
    assert batch_arguments(["plain", "many"], known, list(there), "s") == []
    with pytest.raises(PanjError, match=r'"plain": only the store has.*panj lab s FILE\.toml'):
        batch_arguments(["plain"], known, list(there), "s")
    with pytest.raises(PanjError, match="only the store has"):
        batch_arguments(["plain", "many", "baseline"], known, list(there), "s")


def test_what_is_offered_is_given_by_name(filled: Path, shorts: list[Path]) -> None:
    """Files that give what the store has are its scenarios; another value makes another."""
    there = read(filled).manifest.scenarios
    choices = load_choices(map(str, shorts))
    assert store_choices(there, choices) == {}
    assert batch_arguments(["many", "baseline"], choices, list(there), "s") == [
        str(shorts[1]),
        "baseline",
    ]
    shorts_as_other = {name: each._replace(digest="0") for name, each in choices.items()}
    assert list(store_choices(there, shorts_as_other)) == ["plain", "many"]


@pytest.mark.parametrize(
    ("picked", "said"), [([], "no scenario is picked"), (["x"], "is not among")]
)
def test_nothing_and_strangers_are_refused(picked: list[str], said: str) -> None:
    """A message that the page could not have sent."""
    with pytest.raises(PanjError, match=said):
        batch_arguments(picked, load_choices([]), [], "s")
