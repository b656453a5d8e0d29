"""Marks of single incidents: reported values, missing values, and conflicts."""

from math import inf

from report_rows import report

from sim.calibrate.event_marks import marks_of
from sim.calibrate.intervals import Interval, as_text
from sim.calibrate.year_table import read_years
from sim.incidents.kinds import INCIDENTS
from sim.incidents.seeds import read_incidents

TABLE = read_years()
EVENTS = {event.identity: event for event in TABLE.marks}


def test_every_row_of_a_known_kind_is_in_one_event() -> None:
    """The others are named as not used."""
    told = [name for event in TABLE.marks for name in (event.identity, *event.others)]
    rows = read_incidents()
    assert sorted(told) == sorted(row.identity for row in rows if row.kind in INCIDENTS)
    assert set(TABLE.not_modelled) == {row.identity for row in rows if row.kind not in INCIDENTS}


def test_what_a_row_leaves_open_is_missing() -> None:
    """Of the man killed in October 2016 nothing else is known."""
    event = EVENTS["H4"]
    assert {name: as_text(told) for name, told in event.intervals.items()} == {"killed_guards": "1"}
    assert set(event.intervals) == {"killed_guards"}


def test_rows_of_one_event_that_contradict_each_other_are_alternatives() -> None:
    """The better row weighs more; a row that says less adds nothing."""
    kavo = EVENTS["E1"]
    assert set(kavo.others) == {"S1", "E1b", "E1c"}
    assert kavo.intervals["killed_intruders"] == (Interval(3, 3, 1.0), Interval(2, 2, 0.25))
    assert [t[:2] for t in kavo.intervals["detained"]] == [(0, 0), (1, 1)]
    assert [t[:2] for t in kavo.intervals["delay_hours"]] == [(11.75, 11.75)], (
        "not 0 to 48 beside it"
    )
    assert [t[:2] for t in EVENTS["H11"].intervals["killed_guards"]] == [(2, 2), (3, 3)]


def test_a_cue_is_given_where_the_report_leaves_no_doubt() -> None:
    """The smugglers of November 2025 were seen from the air."""
    assert {event.identity: event.cue for event in TABLE.marks if event.cue}["E4"] == "uav"


def test_a_delay_is_as_wide_as_its_bounds() -> None:
    """The best value of a range is not a figure."""
    (delay,) = EVENTS["E9"].intervals["delay_hours"]
    assert delay[:2] == (132, 160)
    assert delay.high < inf


def test_old_and_undated_rows_give_marks_and_no_rates() -> None:
    """A regime is known where a date is."""
    assert (EVENTS["E7"].day, EVENTS["E7"].regime, EVENTS["E7"].for_rates) == (None, None, False)
    assert (EVENTS["H10"].regime, EVENTS["H10"].for_rates) == ("republic", False)
    assert (EVENTS["E1"].regime, EVENTS["E1"].for_rates) == ("emirate", True)


def test_a_run_has_the_same_marks() -> None:
    """One function for reports of runs and rows; 0 is a value, not unknown."""
    found = marks_of(report(group_size=3, killed_guards=0, night=True, seized_kg=1.5))
    assert found == {"group_size": 3.0, "killed_guards": 0.0, "night": 1.0, "seized_kg": 1.5}
