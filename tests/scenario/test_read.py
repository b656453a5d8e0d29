"""Files that cannot be read, and how that is said."""

import os
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.read import LARGEST_BYTES, LONGEST_LINE, read


@pytest.fixture
def file(tmp_path):
    """Return a function that writes bytes or text to a file and returns its path."""

    def write(contents, name="x.toml"):
        path = tmp_path / name
        path.write_bytes(contents if isinstance(contents, bytes) else contents.encode())
        return path

    return write


def refused(path):
    """Return the error of a file that cannot be read; it always names the file."""
    with pytest.raises(ScenarioError) as caught:
        read(path)
    assert caught.value.path is not None
    assert path.name in caught.value.path
    return caught.value


def test_values_and_lines_come_together(file):
    """A file gives its nested values and the line of each key."""
    table = read(file("days = 3\n\n[patrols]\nsize = 5\n"))
    assert table.values == {"days": 3, "patrols": {"size": 5}}
    assert table.lines == {"days": 1, "patrols": 3, "patrols.size": 4}


@pytest.mark.parametrize("contents", ["", "\n \t\n", "# a comment\n"])
def test_a_file_that_says_nothing_is_a_mistake(file, contents):
    """An empty file would silently be the defaults."""
    error = refused(file(contents))
    assert "is empty" in str(error)
    assert "extends" in error.remedy


def test_a_mark_before_the_first_letter_and_carriage_returns_are_harmless(file):
    """Some editors write them."""
    table = read(file(b"\xef\xbb\xbfdays = 3\r\n[alert]\r\nlevel = 'x'\r\n"))
    assert table.lines == {"days": 1, "alert": 2, "alert.level": 3}


@pytest.mark.parametrize(
    ("contents", "line", "words"),
    [
        (b"a = 1\n\x00\x01", 2, "is not a text file"),
        ("days = 1\n".encode("utf-16"), 1, "is not a text file"),
        (b"a = 1\nb = '\xff'\n", 2, "byte 11 (0xff) is not UTF-8"),
        (b"a = 'caf\xe9'", 1, "not UTF-8"),
    ],
)
def test_what_is_no_text_is_told_with_its_place(file, contents, line, words):
    """Binary contents and other encodings: the line, the byte, and how to save the file."""
    error = refused(file(contents))
    assert words in str(error)
    assert error.line == line
    assert "UTF-8" in error.remedy


@pytest.mark.parametrize(
    ("contents", "line", "words"),
    [
        ("[alert]\nlevel = routine\n", 2, "Put quotes around texts"),
        ("days = 1\ndays = 2\n", 2, "same key occurs twice"),
        ("[a]\nx=1\n[b]\n[a]\n", 4, "same table occurs twice"),
        ("a = [1,\n2\n", 1, "what begins here is not closed"),
        ("a = 1\nb = 'x\nc = 2\n", 2, "what begins here is not closed"),
        ('a = "x\n', 1, "column 7"),
        ("start = 2025-02-30\n", 1, "date of the calendar"),
        ("a b = 1\n", 1, "column 3"),
        ("\n[alert\nlevel = 1\n", 2, "column 7"),
        ("a = 1 # fine\nb = = 2\n", 2, "column 5"),
    ],
)
def test_a_slip_of_syntax_is_told_with_line_and_column(file, contents, line, words):
    """Line and column, or where something unclosed begins, and for frequent slips what to write."""
    error = refused(file(contents))
    assert error.line == line
    assert "not valid TOML" in str(error)
    assert words in str(error)


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        ("days = " + "[" * 2500 + "]" * 2500, "nested too deep"),
        ("days = " + "9" * 5000, "too many digits"),
        (".".join("a" * 20) + " = 1", "more than 8 deep"),
        ("[a.b.c.d.e.f.g.h.i]\nx = 1", "more than 8 deep"),
        (".".join("a" * 200000) + " = 1", f"longer than {LONGEST_LINE} characters"),
        ("#" * (LARGEST_BYTES + 1), "larger than 1 MB"),
    ],
)
def test_monstrous_files_are_refused_at_once(file, contents, words):
    """What no person writes neither hangs nor crashes the program."""
    assert words in str(refused(file(contents)))


def test_a_file_of_the_largest_size_is_read(file):
    """The limit itself is allowed."""
    line = "#" * 98 + "\n"
    contents = (line * (LARGEST_BYTES // 99))[: LARGEST_BYTES - 7] + "\ndays=1"
    assert read(file(contents)).values == {"days": 1}


def test_a_folder_is_no_scenario(tmp_path):
    """A folder is reported as one."""
    assert "is a folder" in str(refused(tmp_path))


def test_a_pipe_is_no_scenario(tmp_path):
    """Something that is neither file nor folder is refused without waiting for it."""
    path = tmp_path / "pipe.toml"
    os.mkfifo(path)
    assert "not an ordinary file" in str(refused(path))


def test_a_missing_file_brings_names_like_it(file):
    """A misspelt name gets suggestions of files beside it."""
    there = file("days = 1", "my_scenario.toml")
    error = refused(there.with_name("my_scenarios.toml"))
    assert "no such file" in str(error)
    assert f"Did you mean {there}?" in error.remedy


def test_a_missing_file_like_nothing_brings_the_way_to_the_list(tmp_path):
    """Where nothing is like it, the command that lists scenarios is named."""
    assert "panj scenario list" in refused(tmp_path / "qqqqqqq.toml").remedy


def test_a_missing_folder_is_a_missing_file(tmp_path):
    """No folder, no file, no crash."""
    assert "no such file" in str(refused(tmp_path / "none" / "qqqqqqq.toml"))


@pytest.mark.parametrize("name", ["a\0b.toml", "x" * 5000 + ".toml"])
def test_an_impossible_name_is_a_mistake_like_any_other(name):
    """The operating system refuses such names; so do we, with a message."""
    with pytest.raises(ScenarioError, match="cannot be read"):
        read(Path(name))


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (PermissionError(13, "Permission denied"), "permission denied"),
        (OSError(5, "Input/output error"), "cannot be read (Input/output error)"),
    ],
)
def test_a_file_that_may_not_be_read_is_told(file, monkeypatch, failure, words):
    """Rights and broken disks: one line, no traceback."""
    path = file("days = 1")

    def fail(*args, **kwargs):
        raise failure

    monkeypatch.setattr(Path, "open", fail)
    assert words in str(refused(path))
