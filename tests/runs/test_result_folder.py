"""A result folder appears whole or not at all, and nothing else is ever touched."""

import json
import os
import stat
from pathlib import Path

import pytest

from sim.errors import OutputError
from sim.runs.run_folder import FORMAT, MANIFEST, check_output, manifest, new_folder


def write_result(folder: Path, text: str = "new", *, force: bool = False) -> None:
    """Write a result that holds one table with a text of its own."""
    with new_folder(folder, force=force) as place:
        (place / "table").write_text(text)
        (place / MANIFEST).write_text(json.dumps({"format": FORMAT, "files": {"table": "-"}}))


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder, with its text."""
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_new_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    """A result may be put several folders deep, and only the result is left there."""
    write_result(tmp_path / "a" / "b" / "run")
    assert set(tree(tmp_path)) == {"a/b/run/table", f"a/b/run/{MANIFEST}"}
    assert os.listdir(tmp_path / "a" / "b") == ["run"]


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    """A folder without files belongs to nobody: a result may take its place."""
    (tmp_path / "run").mkdir()
    write_result(tmp_path / "run")
    assert (tmp_path / "run" / "table").read_text() == "new"


def test_others_may_read_a_result(tmp_path: Path) -> None:
    """A result has the permissions of any folder its owner makes."""
    (tmp_path / "plain").mkdir()
    write_result(tmp_path / "run")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "run")]
    assert modes[0] == modes[1]


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), ValueError("odd")])
def test_a_failure_leaves_nothing(tmp_path: Path, failure: Exception) -> None:
    """If writing fails, neither the folder nor anything half written is there."""

    def fill() -> None:
        with new_folder(tmp_path / "run") as place:
            (place / "table").write_text("half")
            raise failure

    with pytest.raises((OutputError, ValueError)):
        fill()
    assert os.listdir(tmp_path) == []


def test_a_full_disk_is_said_in_words(tmp_path: Path) -> None:
    """What the disk says reaches the user with the path and a remedy."""

    def fill() -> None:
        with new_folder(tmp_path / "run"):
            raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left on device") as caught:
        fill()
    assert str(tmp_path / "run") in str(caught.value)
    assert caught.value.remedy


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C while writing leaves nothing behind."""

    def fill() -> None:
        with new_folder(tmp_path / "run") as place:
            (place / "table").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill()
    assert os.listdir(tmp_path) == []


def test_a_result_is_not_replaced_unasked(tmp_path: Path) -> None:
    """A result that is there stays, and the message names it and the way out."""
    write_result(tmp_path / "run", "old")
    with pytest.raises(OutputError, match="--force") as caught:
        write_result(tmp_path / "run")
    assert str(tmp_path / "run") in str(caught.value)
    assert tree(tmp_path)["run/table"] == "old"


def test_a_result_is_replaced_when_told_to(tmp_path: Path) -> None:
    """With force the new result stands in the place of the old, and nothing is left beside it."""
    write_result(tmp_path / "run", "old")
    write_result(tmp_path / "run", "new", force=True)
    assert tree(tmp_path)["run/table"] == "new"
    assert os.listdir(tmp_path) == ["run"]


def test_a_failed_replacement_keeps_the_old(tmp_path: Path) -> None:
    """If a replacement fails while it is written, the old result is as it was."""
    write_result(tmp_path / "run", "old")
    before = tree(tmp_path)

    def fill() -> None:
        with new_folder(tmp_path / "run", force=True):
            raise OSError(5, "Input/output error")

    with pytest.raises(OutputError):
        fill()
    assert tree(tmp_path) == before


@pytest.mark.parametrize("step", [1, 2])
def test_a_failed_move_keeps_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Whichever of the two moves of a replacement fails, the old result stands."""
    write_result(tmp_path / "run", "old")
    before = tree(tmp_path)
    rename = Path.rename
    calls = []

    def failing(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == step:
            raise OSError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OutputError, match="Permission denied"):
        write_result(tmp_path / "run", "new", force=True)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(
    "text",
    [None, "not json", "[]", '{"format": "something else"}', '{"files": {}}'],
    ids=["absent", "no json", "a list", "another format", "no format"],
)
def test_what_is_no_result_is_never_replaced(tmp_path: Path, text: str | None, force: bool) -> None:
    """A folder that panj did not write is left alone, force or not."""
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "cat.txt").write_text("cat")
    if text is not None:
        (folder / MANIFEST).write_text(text)
    before = tree(tmp_path)
    with pytest.raises(OutputError, match="not results of panj"):
        write_result(folder, force=force)
    assert tree(tmp_path) == before


def test_a_result_with_notes_in_it_is_not_replaced(tmp_path: Path) -> None:
    """A file that somebody put into a result is not deleted with it, but named."""
    write_result(tmp_path / "run", "old")
    (tmp_path / "run" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"notes\.txt"):
        write_result(tmp_path / "run", force=True)
    assert tree(tmp_path)["run/notes.txt"] == "mine"
    assert tree(tmp_path)["run/table"] == "old"


@pytest.mark.parametrize("force", [False, True])
def test_a_file_is_never_replaced(tmp_path: Path, force: bool) -> None:
    """Where a file stands, no folder is made."""
    (tmp_path / "run").write_text("mine")
    with pytest.raises(OutputError, match="is a file"):
        write_result(tmp_path / "run", force=force)
    assert (tmp_path / "run").read_text() == "mine"


@pytest.mark.parametrize("below", ["run", "a/b/run"])
def test_a_file_cannot_hold_a_folder(tmp_path: Path, below: str) -> None:
    """A parent that is a file is found before anything runs, and named."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="a file is where") as caught:
        check_output(tmp_path / "file" / below)
    assert caught.value.path == str(tmp_path / "file")


def test_a_disk_that_refuses_is_found_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the parent may be written to is tried, not guessed."""

    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OutputError, match="Permission denied"):
        check_output(tmp_path / "run")


def test_a_name_too_long_is_a_message(tmp_path: Path) -> None:
    """A name that the disk does not take is an OutputError, not a traceback."""
    with pytest.raises(OutputError, match="cannot be written"):
        check_output(tmp_path / ("x" * 300))


def test_looking_leaves_nothing(tmp_path: Path) -> None:
    """The check before a run makes no folder, not even a missing parent."""
    check_output(tmp_path / "a" / "run")
    assert os.listdir(tmp_path) == []


def test_the_check_agrees_with_the_writing(tmp_path: Path) -> None:
    """What the check refuses before a run is what the writing would refuse after it."""
    write_result(tmp_path / "run", "old")
    with pytest.raises(OutputError) as before:
        check_output(tmp_path / "run")
    with pytest.raises(OutputError) as after:
        write_result(tmp_path / "run")
    assert str(before.value) == str(after.value)
    check_output(tmp_path / "run", force=True)


def test_a_rival_is_not_overwritten(tmp_path: Path) -> None:
    """A result that another run put there in the meantime stays."""

    def late() -> None:
        with new_folder(tmp_path / "run") as place:
            (place / MANIFEST).write_text("{}")
            write_result(tmp_path / "run", "rival")

    with pytest.raises(OutputError, match="holds a result already"):
        late()
    assert tree(tmp_path)["run/table"] == "rival"
    assert os.listdir(tmp_path) == ["run"]


def test_a_link_is_followed(tmp_path: Path) -> None:
    """Writing to a link to an empty folder fills that folder and keeps the link."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    write_result(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "disk" / "table").read_text() == "new"


def test_the_working_folder_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """'-o .' in a folder with other files is refused."""
    (tmp_path / "mine.txt").write_text("mine")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match="not results of panj"):
        write_result(Path("."), force=True)


def test_the_manifest_of_anything_else_is_none(tmp_path: Path) -> None:
    """A missing folder, an empty one and a file have no manifest."""
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    assert [manifest(tmp_path / name) for name in ("missing", "empty", "file")] == [None] * 3
