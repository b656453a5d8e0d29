"""The tables of what was reported: the shipped ones, and what is refused."""

import csv
import dataclasses
import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import SeedTableError
from sim.incidents.kinds import INCIDENTS
from sim.incidents.seeds import (
    Aggregate,
    ObservedIncident,
    read_aggregates,
    read_incidents,
    seeds_folder,
)

INCIDENT = {
    "identity": "X1",
    "date_start": "2025-03-01",
    "date_end": "2025-03-02",
    "district": "darvoz",
    "kind": "smuggling_interdiction",
    "group_size": "5",
    "killed_intruders": "1",
    "escaped": "4",
    "origin": "search",
    "best_row": "1",
    "prior_only": "0",
}
AGGREGATE = {
    "period": "2025",
    "months": "12",
    "metric": "armed_clashes",
    "value": "17",
    "unit": "count",
    "bound": "=",
    "scope": "Tajik-Afghan border",
    "source": "an agency",
}


@pytest.fixture
def write(tmp_path):
    """Write rows as a table of incidents or aggregates; returns its path."""

    def table(*rows, row_type=ObservedIncident, columns=None):
        names = columns or [field.name for field in dataclasses.fields(row_type)]
        path = tmp_path / "table.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, names, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return table


def refused(read, path):
    """The error with which ``read`` refuses the table at ``path``."""
    with pytest.raises(SeedTableError) as caught:
        read(path)
    return caught.value


def test_the_shipped_incidents_are_read_whole():
    """31 rows, 24 of them the best of their event."""
    rows = read_incidents()
    assert len(rows) == 31
    assert sum(row.best_row for row in rows) == 24


def test_the_seed_event_is_told_as_it_was_reported():
    """Two guards and three intruders dead, 11.75 h after the crossing, in the hot district."""
    (row,) = [row for row in read_incidents() if row.identity == "E1"]
    assert (row.killed_guards, row.killed_intruders, row.delay_hours) == (2, 3, 11.75)
    assert row.district == "shamsiddin_shohin"
    assert row.night is True
    assert row.seized_arms == 7


def test_the_shipped_tables_agree_with_published_totals():
    """The figures that calibration leans on: 17 clashes, 10 and 2 dead, 2,742 kg in 2025."""
    border = [a for a in read_aggregates() if a.scope == "Tajik-Afghan border"]
    counts = {(a.period, a.metric): a.value for a in border if a.period == "2025"}
    assert counts == {
        ("2025", "armed_clashes"): 17,
        ("2025", "intruders_killed"): 10,
        ("2025", "guards_killed"): 2,
        ("2025", "drugs_seized"): 2742,
    }


def test_a_soft_bound_is_a_floor():
    """More than a dozen lives is at least 13, of all sides, in a month or two, and no incident."""
    floors = [a for a in read_aggregates() if a.metric == "deaths_all_sides"]
    assert [(floor.period, floor.value, floor.bound) for floor in floors] == [
        ("2025-12", 13, ">="),
        ("2025-11..2025-12", 13, ">="),
    ]
    assert all(row.kind != "aggregate_statistic" for row in read_incidents())


def test_every_event_is_counted_once():
    """Rows that report one event link to each other, and exactly one of them is the best."""
    rows = {row.identity: row for row in read_incidents()}
    events = {name: {name} for name in rows}
    for name, row in rows.items():
        if row.same_event_as:
            joined = events[name] | events[row.same_event_as]
            for each in joined:
                events[each] = joined
    together = {frozenset(event) for event in events.values() if len(event) > 1}
    assert together == {
        frozenset({"S1", "E1", "E1b", "E1c"}), frozenset({"S2", "E2"}), frozenset({"S3", "E3"}),
        frozenset({"H11", "H11b"}),
    }  # fmt: skip
    for event in together:
        assert sum(rows[name].best_row for name in event) == 1


def test_reports_use_the_words_of_the_model():
    """Every kind of the shipped rows but the states' own clashes is one that can be simulated."""
    kinds = {row.kind for row in read_incidents()}
    assert kinds - set(INCIDENTS) == {"state_clash_river_dispute"}


def test_older_rows_are_priors_only():
    """Rows from before 2022 are marked, and no others."""
    for row in read_incidents():
        old = row.date_start is not None and row.date_start.year < 2022
        assert row.prior_only == old


def test_every_column_is_explained():
    """SOURCES.md names each column of the incidents."""
    text = (seeds_folder() / "SOURCES.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`([a-z_*]+)`", text))
    for field in dataclasses.fields(ObservedIncident):
        name = field.name
        assert (
            name in explained
            or f"{name.split('_')[0]}_*" in explained
            or (name.startswith("delay_hours") and "delay_hours" in explained)
        ), name


def test_a_sound_row_is_read_by_type(write):
    """Empty cells are None or empty text; numbers and dates have their type."""
    (row,) = read_incidents(write(INCIDENT))
    assert row.group_size == 5
    assert row.killed_guards is None
    assert row.date_end.isoformat() == "2025-03-02"
    assert row.note == ""
    assert row.same_event_as is None


def test_rows_are_frozen(write):
    """What was read stays as it was read."""
    (row,) = read_incidents(write(INCIDENT))
    with pytest.raises(dataclasses.FrozenInstanceError):
        row.escaped = 3


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("identity", "", "is empty"),
        ("date_start", "1 March 2025", "is not a date"),
        ("date_start", "2025-02-30", "is not a date"),
        ("date_start", "0025-03-01", "is before 1900. Write the year in four digits"),
        ("date_end", "3025-03-01", "is in the future: today is"),
        ("date_end", "2025-02-01", "is before date_start, 2025-03-01"),
        ("district", "Darvoz", "is not a district of the ground"),
        ("kind", "ambush", "is not known here"),
        ("kind", "", "is empty"),
        ("cue", "luck", "is not known here"),
        ("killed_guards", "-1", "is below 0. Give 0 or more"),
        ("killed_guards", "two", "is not a whole number"),
        ("killed_guards", "1.5", "is not a whole number"),
        ("killed_guards", "1_0", "is not a whole number"),
        ("group_size", "0", "is below 1. Give 1 or more"),
        ("group_size", "3", "is less than the 5 killed, escaped or detained"),
        ("seized_kg", "nan", "is not a number"),
        ("seized_kg", "1e999", "is not a finite number"),
        ("night", "yes", "is neither 0 nor 1"),
        ("best_row", "2", "is neither 0 nor 1"),
        ("best_row", "", "is empty"),
        ("origin", "hearsay", "is not known here"),
        ("same_event_as", "X9", "is not the identity of another row"),
        ("same_event_as", "X1", "is not the identity of another row"),
        ("note", "\x1b[2J", "holds a control character (U+001B)"),
        ("place", "a\u202eb", "holds a control character (U+202E)"),
    ],
)
def test_a_bad_cell_is_named_by_place_value_and_remedy(write, column, value, reason):
    """The message gives file, line, column, value, what is wrong and what to do."""
    path = write(INCIDENT | {"identity": "X0", "same_event_as": ""}, INCIDENT | {column: value})
    error = refused(read_incidents, path)
    assert (error.path, error.line, error.key) == (str(path), 3, column)
    assert str(error.value or "") == value
    assert reason in str(error)
    assert error.remedy


def test_a_report_is_of_today_at_the_latest(write):
    """A day's grace for clocks and time zones; a date further off is a slip."""
    today = dt.date.today()
    told = {"date_start": today.isoformat(), "date_end": (today + dt.timedelta(1)).isoformat()}
    assert len(read_incidents(write(INCIDENT | told))) == 1
    late = told | {"date_end": (today + dt.timedelta(3)).isoformat()}
    assert "is in the future" in str(refused(read_incidents, write(INCIDENT | late)))


def test_delays_are_in_order(write):
    """The best value is between its bounds."""
    bad = {"delay_hours_low": "10", "delay_hours": "5", "delay_hours_high": "20"}
    error = refused(read_incidents, write(INCIDENT | bad))
    assert error.key == "delay_hours"
    assert "is less than delay_hours_low, 10" in str(error)


def test_an_end_needs_a_beginning(write):
    """A last day without a first is half an answer."""
    error = refused(read_incidents, write(INCIDENT | {"date_start": ""}))
    assert (error.key, error.line) == ("date_end", 2)


def test_an_identity_is_unique(write):
    """The message says where the name was given first."""
    error = refused(read_incidents, write(INCIDENT, INCIDENT))
    assert "in line 2" in str(error)
    assert error.line == 3


def test_an_event_has_one_best_row(write):
    """Two best rows of one event would count it twice."""
    twin = INCIDENT | {"identity": "X2", "same_event_as": "X1"}
    error = refused(read_incidents, write(INCIDENT, twin))
    assert (error.key, error.line) == ("best_row", 3)
    read_incidents(write(INCIDENT, twin | {"best_row": "0"}))
    far = INCIDENT | {"identity": "X3", "same_event_as": "X2"}
    error = refused(read_incidents, write(INCIDENT, twin | {"best_row": "0"}, far))
    assert "is 1 here and in row X1" in str(error), "however many steps away"


def test_all_problems_of_a_file_are_told_at_once(write):
    """One run of the reader finds every slip, in the order of the lines."""
    path = write(
        INCIDENT | {"kind": "ambush", "killed_guards": "-1"},
        INCIDENT | {"identity": "X2", "date_end": "2024-01-01"},
        INCIDENT | {"identity": "X3", "night": "9"},
    )
    error = refused(read_incidents, path)
    assert [(p.line, p.key) for p in error.problems] == [
        (2, "kind"),
        (2, "killed_guards"),
        (3, "date_end"),
        (4, "night"),
    ]


def test_missing_and_unknown_columns_are_named(write):
    """The header is checked before any row."""
    columns = [f.name for f in dataclasses.fields(ObservedIncident) if f.name != "kind"]
    error = refused(read_incidents, write(INCIDENT, columns=[*columns, "mood"]))
    assert {(p.key, p.reason) for p in error.problems} == {
        ("kind", "is missing"),
        ("mood", "is not a column of this table"),
    }
    assert error.line == 1


def test_a_column_given_twice_is_refused(tmp_path):
    """Which of the two would count?"""
    names = [field.name for field in dataclasses.fields(Aggregate)]
    path = tmp_path / "t.csv"
    path.write_text(",".join([*names, "value"]) + "\n" + "x," * 11 + "x\n", encoding="utf-8")
    assert "is twice in the header" in str(refused(read_aggregates, path))


def test_columns_may_stand_in_any_order(write):
    """Names decide, not places."""
    columns = [field.name for field in dataclasses.fields(ObservedIncident)]
    plain = read_incidents(write(INCIDENT))
    assert read_incidents(write(INCIDENT, columns=columns[::-1])) == plain


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"period,months\n", "has a header but no rows"),
        (b"period,months\n\xff\xfe,3\n", "is not UTF-8"),
        (b'period,months\n"2025,12\n', "is not well-formed CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, content, reason):
    """Empty, headless, wrongly encoded or broken files end with a message, not a traceback."""
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    error = refused(read_aggregates, path)
    assert reason in str(error)
    assert str(path) in str(error)
    assert error.remedy


def test_a_file_that_is_not_there_is_named(tmp_path):
    """The path is in the message."""
    assert "absent.csv" in str(refused(read_incidents, tmp_path / "absent.csv"))
    assert "cannot be read" in str(refused(read_incidents, tmp_path))


def test_a_row_of_another_width_is_refused(tmp_path, write):
    """A comma too many shifts every later cell."""
    path = write(AGGREGATE, row_type=Aggregate)
    path.write_text(path.read_text() + "2025,12\n", encoding="utf-8")
    error = refused(read_aggregates, path)
    assert error.line == 3
    assert "has 2 cells where the header has 11" in str(error)


def test_a_line_is_counted_in_the_file_not_in_rows(write):
    """A cell that spans lines, or a blank line, moves the later rows down."""
    path = write(INCIDENT | {"note": "one\ntwo"}, INCIDENT | {"identity": "X2", "kind": "ambush"})
    assert refused(read_incidents, path).line == 4


def test_a_mark_at_the_head_of_the_file_is_no_column(write):
    """Spreadsheets write a byte order mark."""
    path = write(INCIDENT)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_incidents(path)) == 1


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("period", "last year", "is not a period"),
        ("period", "2025-13", "is not a period"),
        ("period", "2025..2024", "ends before it begins"),
        ("period", "0025", "is before 1900"),
        ("period", "3025", "is in the future"),
        ("period", "2025-H1", "does not fit the period 2025-H1, which has 6"),
        ("months", "0", "is below 1. Give 1 or more"),
        ("months", "11", "does not fit the period 2025, which has 12"),
        ("value", "-1", "is below 0. Give 0 or more"),
        ("value", "many", "is not a number"),
        ("unit", "tons", "is not known here"),
        ("bound", "!", "is not known here"),
        ("metric", "", "is empty"),
        ("source", "", "is empty"),
    ],
)
def test_a_bad_aggregate_is_refused(write, column, value, reason):
    """Counts without a period, a unit or a source are of no use."""
    error = refused(read_aggregates, write(AGGREGATE | {column: value}, row_type=Aggregate))
    assert reason in str(error)
    assert error.line == 2


@pytest.mark.parametrize(
    "period", ["1992..2005", "2015..2016-10", "2016-02..2016-10", "2015..2015"]
)
def test_ranges_of_years_and_months_are_periods(write, period):
    """A range says its own length in ``months``."""
    row = AGGREGATE | {"period": period, "months": "22"}
    assert read_aggregates(write(row, row_type=Aggregate))[0].period == period


def test_one_source_says_one_thing(write):
    """The same count twice from one source is a slip; from two sources, a disagreement."""
    other = AGGREGATE | {"value": "19"}
    error = refused(read_aggregates, write(AGGREGATE, other, row_type=Aggregate))
    assert "by the same source in line 2" in str(error)
    both = read_aggregates(write(AGGREGATE, other | {"source": "another"}, row_type=Aggregate))
    assert [a.value for a in both] == [17, 19]


@given(st.dictionaries(st.sampled_from(sorted(INCIDENT)), st.text(max_size=8), max_size=4))
def test_no_text_in_a_cell_ends_in_a_traceback(tmp_path_factory, cells):
    """Whatever the cells hold, the table is read or refused with a place and a remedy."""
    path = tmp_path_factory.mktemp("cells") / "t.csv"
    names = [field.name for field in dataclasses.fields(ObservedIncident)]
    with path.open("w", newline="", encoding="utf-8", errors="surrogatepass") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerow(INCIDENT | cells)
    problems = []
    try:
        read_incidents(path)
    except SeedTableError as error:
        problems = error.problems
    assert all(problem.path == str(path) and problem.remedy for problem in problems)
