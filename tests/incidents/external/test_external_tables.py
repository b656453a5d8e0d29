"""Tables from other sources: what is refused, and what the account of the import lists."""

from pathlib import Path

import pytest

from sim.errors import OutputError, SeedTableError
from sim.incidents.external.importing import Import, import_table

HEAD = "identity,date_start,district,kind,killed_guards,seized_kg"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the tables of a test stand."""
    return tmp_path


def table(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """A file of these lines."""
    path = folder / "mine.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def taken(folder: Path, *lines: str) -> Import:
    """What is taken of these lines."""
    return import_table(table(folder, *lines))


def refused(folder: Path, *lines: str) -> SeedTableError:
    """The error with which these lines are refused."""
    with pytest.raises(SeedTableError) as caught:
        taken(folder, *lines)
    return caught.value


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n;;\n", "is empty"),
        (b"kind,night\n\n,\n", "has a header but no rows"),
        (b"PK\x03\x04xl/workbook.xml", "is an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1", "is an old Excel workbook"),
        (b"PAR1\x15\x04", "is a Parquet file"),
        (b"kind,night\n\xed\xe0\xe1\xe5\xe3,1\n", "is neither UTF-8 nor UTF-16"),
        (b'kind,night\n"raid,1\n', "is not well-formed CSV"),
        (b"a,b\n1,2\n", "has no known column (it has a, b, separated by commas)"),
        (b"kinds,night,district\n1,2,3\n", "lacks kind (it has kinds, night, district)"),
        (b"period,metric,value\n2025,x,3\n", "looks like aggregates, but lacks unit"),
        (b"kind,night,night\nx,1,1\n", "is twice in the header"),
        (b"kind,night\ncross_border_fire\n", "has 1 cells where the header has 2"),
        (b"kind,night\ncross_border_fire,1,2\n", "has 3 cells where the header has 2"),
    ],
)
def test_a_file_that_is_no_such_table_is_one_message(
    folder: Path, content: bytes, words: str
) -> None:
    """It names the difference, the file, and what to do."""
    path = folder / "mine.csv"
    path.write_bytes(content)
    with pytest.raises(SeedTableError) as caught:
        import_table(path)
    assert words in str(caught.value)
    assert len(caught.value.problems) == 1
    assert caught.value.path == str(path)
    assert caught.value.remedy


def test_a_missing_file_is_named(folder: Path) -> None:
    """So is a folder."""
    for path in (folder / "absent.csv", folder):
        with pytest.raises(SeedTableError, match="cannot be read"):
            import_table(path)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("A,2025-01-01,Dravoz,cross_border_fire,,", "Did you mean darvoz?"),
        ("A,2025-01-01,,cross_border_fir,,", "Did you mean cross_border_fire"),
        ("A,2025-01-01,,cross_border_fire,two,", "is not a whole number"),
        ("A,2025-01-01,,cross_border_fire,-1,", "is below 0"),
        ("A,2025-01-01,,cross_border_fire,1.5,", "is not a whole number"),
        ("A,0025-01-01,,cross_border_fire,,", "is before 1900"),
        ("A,1 Foo 2025,,cross_border_fire,,", "is not a date"),
        ("A,01/02/2025,,cross_border_fire,,", "may be day/month or month/day: no row shows"),
        ('A,,,cross_border_fire,,"4,165"', "may be thousands or a decimal comma"),
        ("A,,,cross_border_fire,,5\x1b[2J", "holds a control character"),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_at_its_line(folder: Path, row: str, words: str) -> None:
    """The line is that of the file, blank rows counted."""
    error = refused(folder, HEAD, "", row)
    assert words in str(error)
    assert error.line == 3
    assert error.remedy


def test_all_that_is_wrong_is_told_at_once(folder: Path) -> None:
    """What could not be rewritten and what could not be read, by line."""
    error = refused(
        folder,
        HEAD,
        "A,03/04/2025,,cross_border_fire,,",
        "A,2025-01-01,,ambush,,",
        "B,2025-01-01,,cross_border_fire,x,",
    )
    assert [(p.line, p.key) for p in error.problems] == [
        (2, "date_start"),
        (3, "kind"),
        (4, "killed_guards"),
    ]


@pytest.mark.parametrize(
    ("cells", "dates"),
    [
        (("13/02/2025", "01/02/2025"), ["2025-02-13", "2025-02-01"]),
        (("2/13/2025", "1/2/2025"), ["2025-02-13", "2025-01-02"]),
    ],
)
def test_one_row_tells_which_is_the_month(
    folder: Path, cells: tuple[str, ...], dates: list[str]
) -> None:
    """A column is written in one order."""
    rows = [f"R{n},{cell},,cross_border_fire,," for n, cell in enumerate(cells)]
    assert [str(row.date_start) for row in taken(folder, HEAD, *rows).rows] == dates
    both = [*rows, "Z,25/12/2025,,cross_border_fire,,", "Y,12/25/2025,,cross_border_fire,,"]
    assert "other rows of the column have both" in str(refused(folder, HEAD, *both))


@pytest.mark.parametrize(
    ("cell", "kg"),
    [
        ("58.475", 58.475),
        ("1 200.5", 1200.5),
        ("1\u00a0200", 1200.0),
        ("1\u202f200\u202f300", 1200300.0),
        ("1,200.5", 1200.5),
        ("1'200", 1200.0),
        ("2e2", 200.0),
        ("–", None),
        ("NaN", None),
    ],
)
def test_numbers_as_programs_write_them(folder: Path, cell: str, kg: float | None) -> None:
    """Thousands may be separated where that can be read in one way."""
    (row,) = taken(folder, HEAD, f'A,2025-01-01,,cross_border_fire,,"{cell}"').rows
    assert row.seized_kg == kg


def test_a_comma_is_a_point_where_the_table_shows_it(folder: Path) -> None:
    """Once some number has other than three digits behind it; never where others have a point."""
    head = HEAD.replace(",", ";")
    one, two = "A;;;cross_border_fire;;58,47", "B;;;cross_border_fire;;4,165"
    assert [r.seized_kg for r in taken(folder, head, one, two).rows] == [58.47, 4.165]
    assert "no cell of the table shows which" in str(refused(folder, head, two))
    point = "C;;;cross_border_fire;;1.5"
    assert "has a comma where line 3 has a decimal point" in str(refused(folder, head, one, point))


def test_what_is_filled_in_is_told(folder: Path) -> None:
    """Names by line, the best row of its event, older rows for priors only."""
    found = taken(
        folder, "date,kind,mood", "2025-01-01,Cross-border fire,x", "2010-01-01,cross_border_fire,y"
    )
    one, two = found.rows
    assert (one.identity, one.best_row, one.prior_only) == ("L2", True, False)
    assert (two.identity, two.best_row, two.prior_only) == ("L3", True, True)
    assert one.origin == "imported"
    assert [note.partition(" ")[0] for note in found.imported.notes] == [
        "identity", "origin", "best_row", "prior_only",
    ]  # fmt: skip
    assert found.imported.unused == {"mood": "is not a column of incidents"}
    assert [change.column for change in found.imported.cleaner.changes] == ["kind"]


def test_a_slip_in_a_column_is_told_with_what_was_meant(folder: Path) -> None:
    """The column is not taken, and the account says which is near."""
    found = taken(folder, "date,kind,kiled_guards", "2025-01-01,cross_border_fire,2")
    assert "killed_guards" in found.imported.unused["kiled_guards"]
    assert found.rows[0].killed_guards is None


def test_words_that_are_none_of_ours_are_kept_as_words(folder: Path) -> None:
    """A place that is not a district and a cue that is none stand where words may stand."""
    found = taken(
        folder,
        "date,kind,district,cue",
        "2025-01-01,cross_border_fire,not stated,rumours at market",
    )
    (row,) = found.rows
    assert (row.district, row.place) == (None, "not stated")
    assert (row.cue, row.found_by) == (None, "rumours at market")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Shuro-obod district", "shamsiddin_shohin"),
        ("Darvaz (GBAO)", "darvoz"),
        ("PYANJ", "panj"),
        ("Shamsiddin Shohin", "shamsiddin_shohin"),
    ],
)
def test_districts_have_other_names(folder: Path, name: str, slug: str) -> None:
    """Former names, other spellings, and text in brackets."""
    (row,) = taken(folder, "date,kind,district", f"2025-01-01,cross_border_fire,{name}").rows
    assert row.district == slug


def test_published_counts_need_little(folder: Path) -> None:
    """A year, a metric, a value and a unit; the rest follows."""
    found = taken(folder, "year;metric;value;unit", "2019.0;armed_clashes;12;count")
    (row,) = found.rows
    assert (row.period, row.months, row.bound) == ("2019", 12, "=")
    assert (row.scope, row.source) == ("Tajik-Afghan border", "mine.csv")
    assert found.file == "aggregates.csv"


def test_a_table_that_is_there_stays(folder: Path) -> None:
    """Unless it may be replaced."""
    found = taken(folder, "date,kind", "2025-01-01,cross_border_fire")
    out = folder / "seeds"
    path = found.write(out)
    with pytest.raises(OutputError, match="exists already"):
        found.write(out)
    assert found.write(out, force=True) == path
    assert [file.name for file in out.iterdir()] == ["incidents.csv"]
