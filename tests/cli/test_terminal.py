"""Output to a terminal, for any text in scenarios, stores, paths and arguments."""

import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cli.main import main
from sim.cli.tables import column_lines
from sim.cli.terminal import NARROWEST, WIDTH, colour_judgements, safe_output, text_width
from sim.errors import HIDDEN

TITLE = "\x1b]0;mine\x07"
"""Sets the title of a terminal's window."""
TURNED = "\u202egnp.exe"
ERASE = "\x9b2J"
HOSTILE = [TITLE, TURNED, ERASE, "\x7f\x08"]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Always."""
        return True


def printed(text: str, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what a stream receives when a command prints ``text``."""
    monkeypatch.setattr(sys, "stdout", stream)
    with safe_output():
        print(text, end="")
    return stream.getvalue()


@given(st.text())
def test_no_control_character_passes_and_json_says_the_same(text: str) -> None:
    """JSON with control characters is read back unchanged."""
    with pytest.MonkeyPatch.context() as patch:
        said = printed(json.dumps({"a": text}, ensure_ascii=False), io.StringIO(), patch)
    assert not HIDDEN.search(said)
    assert json.loads(said) == {"a": text}


def test_letters_of_any_script_and_lines_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only invisible characters are written out."""
    text = "Панҷ\n\tپنج – “x”\r\n"
    assert printed(text, io.StringIO(), monkeypatch) == text


def test_only_bold_reaches_a_terminal_and_nothing_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes for colour, cursor and title are written out; in a pipe bold is too."""
    text = f"\x1b[1mbold\x1b[0m \x1b[31mred \x1b[2J {TITLE}"
    assert printed(text, Terminal(), monkeypatch) == (
        "\x1b[1mbold\x1b[0m \\u001b[31mred \\u001b[2J \\u001b]0;mine\\u0007"
    )
    assert "\x1b" not in printed(text, io.StringIO(), monkeypatch)


@pytest.mark.parametrize("bad", HOSTILE)
def test_commands_print_no_control_character_of_an_argument(
    bad: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Messages show names, keys, values, options and paths without control characters."""
    for arguments in (
        [bad],
        [f"--{bad}"],
        ["run", bad],
        ["run", "baseline", "--seed", bad],
        ["run", "baseline", "--set", bad],
        ["run", "baseline", "--set", f"{bad}=3"],
        ["run", "baseline", "--set", f"patrols.{bad}=3"],
        ["run", "baseline", "--set", f"title={bad}"],
        ["run", "baseline", "--ground", bad],
        ["outcomes", bad],
        ["store", "info", str(tmp_path / bad)],
        ["compare", str(tmp_path / bad)],
        ["ground", "check", str(tmp_path / bad)],
        ["batch", "baseline", bad, "-n", "1", "-o", str(tmp_path / "store")],
    ):
        assert main(arguments) == 2, arguments
        out, err = capsys.readouterr()
        assert err.startswith("error: ")
        assert not HIDDEN.search(out + err), arguments


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('title = "a\\u001b[2J"', "title"),
        ('description = "a\\u009b2J"', "description"),
        ('title = "a\u202eb"', "title"),
        ('name = "\\u001b"', "name"),
        ('"\\u001b[2J" = 3', "no such parameter"),
        ('"\u202e" = 3', "no such parameter"),
        ('ground = "\\u001b"', "ground"),
        ('[alert]\nrule = "\\u001b:X"', "alert.rule"),
        ('[patrols]\nemphasis = { "\\u001b" = 1.0 }', "no such district"),
    ],
)
def test_a_scenario_with_a_control_character_is_refused(
    text: str, key: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The message gives the place, without the character."""
    path = tmp_path / "mine.toml"
    path.write_text(f'extends = "baseline.toml"\n{text}\n', encoding="utf-8")
    assert main(["scenario", "check", str(path)]) == 2
    out, err = capsys.readouterr()
    assert "mine.toml:" in err
    assert key in err
    assert not HIDDEN.search(out + err)


def test_an_argument_that_is_not_text_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """Bytes that are not UTF-8 are refused."""
    for arguments in (["run", "\udcff"], ["run", "baseline", "--set", "title=\udcff"]):
        assert main(arguments) == 2
        assert f"argument {len(arguments)} is not text in UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        ["run", "baseline"],
        ["batch", "baseline", "-n", "1"],
        ["replay", "baseline"],
        ["calibrate", "baseline"],
        ["verify", "--quick"],
        ["report", "store"],
        ["plot", "store"],
        ["store", "export", "store"],
    ],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize("length", [300, 240])
def test_a_name_too_long_to_write_is_refused_before_anything_runs(
    command: list[str], length: int, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A name is refused also if only that of the temporary file is too long."""
    assert main([*command, "-o", str(tmp_path / f"{'x' * length}.html")]) == 2
    assert "the name is too long" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [["ground", "check"], ["run", "baseline", "--ground"], ["store", "info"], ["compare"]],
)
def test_a_name_too_long_to_read_is_refused(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A name too long to read gives a message without a traceback."""
    assert main([*command, "x" * 300]) == 2
    assert "too long" in capsys.readouterr().err


def test_better_and_worse_have_colours_unless_they_are_not_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A terminal shows the colours, unless NO_COLOR is set."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    told = colour_judgements("a is better than b; Worse: c")
    assert told == "a is \x1b[94mbetter\x1b[0m than b; \x1b[91mWorse\x1b[0m: c"
    assert printed(told, Terminal(), monkeypatch) == told
    monkeypatch.setenv("NO_COLOR", "1")
    assert colour_judgements("better or worse") == "better or worse"


@pytest.mark.parametrize(("across", "used"), [(20, 60), (60, 60), (80, 80), (240, 100)])
def test_text_is_as_wide_as_the_terminal_within_bounds(
    across: int, used: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe always gets the same width."""
    monkeypatch.setenv("COLUMNS", str(across))
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert text_width() == WIDTH
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert text_width() == used


@pytest.mark.parametrize("across", [60, 80, 100, 240])
def test_a_table_fits_every_terminal(across: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without room side by side, the cells of a row are printed below it."""
    monkeypatch.setenv("COLUMNS", str(across))
    monkeypatch.setattr(sys, "stdout", Terminal())
    rows = [
        ("", "baseline", "scenario", "difference (90 % CI)", "better", "saved", "judgement"),
        ("smuggled", "4.3", "3.2", "-1.1 (-1.8 to -0.81)", "35 %", "4.4x 0.99x", "better"),
        ("USD of cost", "51.5M", "52.5M", "954k (888k to 997k)", "3 %", "6.0x", "open, +140"),
    ]
    lines = list(column_lines(rows, left=(0, 6)))
    assert max(map(len, lines)) <= min(max(across, NARROWEST), WIDTH)
    text = " ".join(" ".join(lines).split())
    assert all(cell in text for row in rows[1:] for cell in row)
    assert (len(lines) == len(rows)) == (across >= 100)
