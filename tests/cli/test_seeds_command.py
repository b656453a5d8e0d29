"""``panj seeds``: the import of the user's own tables, and the table of years."""

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
    """Return what ``panj seeds`` prints, or the message of a mistake."""
    capsys.readouterr()
    assert main(["seeds", *arguments]) == status
    out, err = capsys.readouterr()
    return click.unstyle(err if status else out)


def test_it_shows_and_accounts_and_writes_nothing(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It shows a preview, what was rewritten and not used, and how to keep the result."""
    text = said(capsys, "import", str(mine))
    for words in (
        "incidents; UTF-16, separated by semicolons; 2 of 2 rows are used",
        "shamsiddin_shohin",
        'a decimal comma: 2 cells, first in line 3: killed_guards "2,0" -> "2.0"',
        "a word for an empty cell: 1 cell",
        "best_row was missing in 2 rows: 1",
        "1 blank row",
        "column 1: numbers without a name, an index",
        "1 empty column without a name",
        "column mood: is not a column of incidents",
        "Nothing was written.",
    ):
        assert words in text
    assert [file.name for file in mine.parent.iterdir()] == ["mine.csv"]


def test_it_writes_a_folder_that_other_commands_take(
    mine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reader of seed tables accepts it; existing files are not replaced without --force."""
    folder = tmp_path / "seeds"
    text = said(capsys, "import", str(mine), "-o", str(folder))
    assert f"panj calibrate --seeds {folder}" in text
    one, two = read_incidents(folder / "incidents.csv")
    assert (one.killed_guards, one.seized_kg, one.district) == (2, 58.47, "shamsiddin_shohin")
    assert (two.identity, two.district) == ("L5", None)
    again = ("import", str(mine), "-o", str(folder))
    assert "exists already" in said(capsys, *again, status=2)
    said(capsys, *again, "--force")


def test_machines_get_the_same(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON has rows with their lines, what was rewritten, and what was not used."""
    told = json.loads(said(capsys, "import", str(mine), "--json"))
    assert [row["line"] for row in told["taken"]] == [3, 5]
    assert told["unused_columns"] == {"mood": "is not a column of incidents"}
    assert told["written"] is None


def test_rows_that_are_left_are_grouped_by_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each reason is one line, for any number of rows."""
    path = tmp_path / "export.csv"
    head = "event_date,event_type,sub_event_type,fatalities,admin2,actor1"
    far = "2025-01-01,Protests,Peaceful protest,0,Rudaki,Somebody"
    near = "2025-01-01,Battles,Armed clash,0,Panj,Police Forces of Tajikistan"
    path.write_text("\n".join([head, *[far] * 9, near]))
    text = said(capsys, "import", str(path))
    assert "9 rows (lines 2, 3, 4, 5, 6, 7...): its admin2 is not a district" in text
    assert "1 of 10 rows are used" in text


def test_a_mistake_is_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistake gives status 2, the place and the remedy."""
    path = tmp_path / "mine.csv"
    path.write_text("date,kind\n2025-01-01,ambush\n")
    text = said(capsys, "import", str(path), "-o", str(tmp_path / "out"), status=2)
    assert f'{path}:2: kind = "ambush": is not known here' in text
    assert not (tmp_path / "out").exists()


def test_show_tells_years_rows_and_incidents(capsys: pytest.CaptureFixture[str]) -> None:
    """It shows the table within the page width, the use of each row, and the marks."""
    text = said(capsys, "show")
    years, _, rest = text.partition("How each row of aggregates.csv is used")
    assert all(len(line) <= 100 for line in years.splitlines())
    for words in ("2015 less 2015-H1", "535 or 530", "1,381 to 3,096.6", "emirate 2022..2026"):
        assert words in years
    for words in (
        "figure of clashes: one of 2 that conflict",
        "not used: posts are an input of a scenario",
        "ceiling of seized_kg (the border is a part of the country)",
        "intruders killed 3 or 2",
        "Not used: E5, E6, E14. No scenario contains",
    ):
        assert words in rest
    assert said(capsys, "show", "rows") in text


def test_show_has_everything_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON has finite numbers only: an open end is null."""
    told = json.loads(said(capsys, "show", "--json"))
    floors = [cell for cell in told["cells"] if cell["kind"] == "floor"]
    assert floors
    assert all(cell["high"] is None for cell in floors)
    assert len(told["rows"]) == 59
    assert {event["row"] for event in told["incidents"]} >= {"E1", "E7", "H11"}
    assert told["incidents_not_used"] == ["E5", "E6", "E14"]


def test_show_reads_a_folder_of_ones_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An imported table is shown with the shipped ones; a mistake gives one message."""
    path = tmp_path / "counts.csv"
    path.write_text("year;metric;value;unit\n2019;armed_clashes;12;count\n")
    folder = str(tmp_path / "mine")
    said(capsys, "import", str(path), "-o", folder)
    assert "figure of clashes" in said(capsys, "show", "--seeds", folder)
    path.write_text("year;metric;value;unit\n2019;armed_clahses;12;count\n")
    said(capsys, "import", str(path), "-o", folder, "--force")
    text = said(capsys, "show", "--seeds", folder, status=2)
    assert "aggregates.csv:2: metric" in text
    assert "Did you mean armed_clashes?" in text
