"""``panj seeds``: tables of one's own, with an account of what was done."""

import json
from pathlib import Path

import click
import pytest

from sim.cli.main import main
from sim.incidents.seeds import read_incidents

ROWS = (
    "sep=;",
    ";Date;Kind;District;killed guards;seized kg;mood;",
    "0;13.02.2025;Smuggling interdiction;Shuro-obod;2,0;58,47;fine;",
    ";;;;;;;",
    "1;21.02.2025;cross_border_fire;NA;;;;",
)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A table as a spreadsheet of another country writes it."""
    path = tmp_path / "mine.csv"
    path.write_bytes("\r\n".join(ROWS).encode("utf-16"))
    return path


def said(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    """What ``panj seeds`` prints; on a mistake, what it complains of."""
    capsys.readouterr()
    assert main(["seeds", *arguments]) == status
    out, err = capsys.readouterr()
    return click.unstyle(err if status else out)


def test_it_shows_and_accounts_and_writes_nothing(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A preview, what was rewritten, what was not taken, and how to keep it."""
    text = said(capsys, "import", str(mine))
    for words in (
        "incidents; UTF-16, separated by semicolons; 2 of 2 rows are taken",
        "shamsiddin_shohin",
        'a decimal comma: 2 cells, first in line 3: killed_guards "2,0" -> "2.0"',
        "a word for nothing: 1 cell",
        "best_row was not told in 2 rows: 1",
        "1 blank row",
        "column 1: numbers without a name, an index",
        "1 empty column without a name",
        "column mood: is no column of incidents",
        "Nothing is written.",
    ):
        assert words in text
    assert [file.name for file in mine.parent.iterdir()] == ["mine.csv"]


def test_it_writes_a_folder_that_other_commands_take(
    mine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reader of the seed tables takes it; what is there is not replaced unasked."""
    folder = tmp_path / "seeds"
    text = said(capsys, "import", str(mine), "-o", str(folder))
    assert f"panj calibrate --seeds {folder}" in text
    one, two = read_incidents(folder / "incidents.csv")
    assert (one.killed_guards, one.seized_kg, one.district) == (2, 58.47, "shamsiddin_shohin")
    assert (two.identity, two.district) == ("L5", None)
    again = ("import", str(mine), "-o", str(folder))
    assert "is there already" in said(capsys, *again, status=2)
    said(capsys, *again, "--force")


def test_machines_get_the_same(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object: rows with their lines, what was rewritten, and what was not taken."""
    told = json.loads(said(capsys, "import", str(mine), "--json"))
    assert [row["line"] for row in told["taken"]] == [3, 5]
    assert told["unused_columns"] == {"mood": "is no column of incidents"}
    assert told["written"] is None


def test_rows_that_are_left_are_grouped_by_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """However many, a reason is one line."""
    path = tmp_path / "export.csv"
    head = "event_date,event_type,sub_event_type,fatalities,admin2,actor1"
    far = "2025-01-01,Protests,Peaceful protest,0,Rudaki,Somebody"
    near = "2025-01-01,Battles,Armed clash,0,Panj,Police Forces of Tajikistan"
    path.write_text("\n".join([head, *[far] * 9, near]))
    text = said(capsys, "import", str(path))
    assert "9 rows (lines 2, 3, 4, 5, 6, 7...): its admin2 is no district" in text
    assert "1 of 10 rows are taken" in text


def test_a_mistake_is_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2, the place, the remedy, and no traceback."""
    path = tmp_path / "mine.csv"
    path.write_text("date,kind\n2025-01-01,ambush\n")
    text = said(capsys, "import", str(path), "-o", str(tmp_path / "out"), status=2)
    assert f'{path}:2: kind = "ambush": is not known here' in text
    assert not (tmp_path / "out").exists()
