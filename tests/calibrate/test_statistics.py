"""Statistics of reports: what each counts, what silence means, one code for model and world."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_rows import DAY, report

import sim
from sim.calibrate.reports import Report, reports_of_run, reports_of_seeds
from sim.calibrate.statistics import compute, highest, of_runs, statistics
from sim.engine.records import Log
from sim.frontier.ground import Ground
from sim.incidents.records import Accounts, Incident
from sim.incidents.seeds import read_incidents
from sim.incidents.windows import read_window
from sim.measures.registry import OUTCOMES as OUTCOME
from sim.measures.registry import described
from sim.measures.run_view import RunView
from sim.model import BorderModel
from sim.scenario.spec import Scenario

NOTHING = Accounts(**dict.fromkeys(Accounts._fields, 0))

LAND = Ground.default()
STATISTICS = statistics(LAND)


def figure(name, rows, window="year"):
    """A statistic by name over a window by name."""
    return compute(STATISTICS[name], rows, read_window(window))


@pytest.fixture(scope="module")
def run():
    """A baseline year: its incidents and its scenario."""
    scenario = sim.load("baseline")
    return BorderModel(scenario, seed=3).run(), scenario


@pytest.fixture(scope="module")
def seeds():
    """The shipped incident rows as reports."""
    return reports_of_seeds(read_incidents())


# -- one code for both --------------------------------------------------------------------


def test_only_what_was_reported_becomes_a_report(run):
    """Unreported incidents leave no row; the others keep their order and their dead."""
    model, scenario = run
    known = [i for i in model.log[Incident] if i.reported_at is not None]
    rows = reports_of_run(model.log[Incident], scenario)
    assert len(known) < len(model.log[Incident])
    assert [row.identity for row in rows] == [i.identity for i in known]
    assert [row.deaths for row in rows] == [i.deaths for i in known]


def test_a_simulated_incident_keeps_its_day_night_and_delay(run):
    """Day of the incident; night of the crossing, or of the attack; hours to contact."""
    model, scenario = run
    (incident,) = [i for i in model.log[Incident] if i.crossed_at and i.contact_at][:1]
    told = incident._replace(
        at=31.5, crossed_at=30.95, contact_at=31.5, reported_at=33.0, district="darvoz"
    )
    (row,) = reports_of_run([told], scenario)
    assert row.day == dt.date(2025, 2, 1)
    assert row.night is True
    assert row.delay_hours == pytest.approx(13.2)
    (row,) = reports_of_run([told._replace(crossed_at=None, contact_at=None)], scenario)
    assert (row.night, row.delay_hours) == (False, None)


# -- what the seeds say -------------------------------------------------------------------


def test_the_incident_rows_give_the_figures_known_of_2025(seeds):
    """Twelve dead in 35 days, two guards, five workers in two attacks, one event like Kavo."""
    found = {name: figure(name, seeds, "2025") for name in STATISTICS}
    assert found["worst_35_days"] == 12
    assert found["guards_killed"] == 2
    assert found["workers_killed"] == 5
    assert found["deadly_worker_attacks"] == 2
    assert found["like_kavo"] == 1
    assert found["hot_share"] == 0.5
    assert found["khatlon_kg_share"] is None


def test_each_event_of_the_seeds_counts_once_and_two_states_units_never(seeds):
    """Best rows with a date, of kinds that the model has."""
    names = {row.identity for row in seeds}
    assert names == {"E1", "E2", "E3", "E4", "E8", "E9", "E10", "E11", "E12", "E13",
                     "H1", "H2", "H3", "H4", "H5", "H6", "H7", "H8", "H9", "H10",
                     "H11"}  # fmt: skip


def test_several_years_are_given_for_one(seeds):
    """Three deadly attacks on workers in 2022-2025 are 0.75 a year; a share stays a share."""
    assert figure("deadly_worker_attacks", seeds, "2022..2025") == 0.75
    assert figure("hot_share", seeds, "2022..2025") == pytest.approx(3 / 9)
    assert figure("worst_35_days", seeds, "2022..2025") == 12


def test_smugglers_with_casualties_are_a_clash_and_without_are_not_known(seeds):
    """The rows have no column for it: only who was hit tells."""
    clash = {row.identity: row.clash for row in seeds}
    assert clash["E12"] is True
    assert clash["H6"] is None
    assert clash["E10"] is True
    assert clash["E2"] is None


# -- what each counts ---------------------------------------------------------------------


def test_ratios_to_clashes_have_clashes_below():
    """Two clashes with three dead, a quiet arrest of two."""
    rows = [
        report(clash=True, killed_intruders=2, killed_guards=1),
        report(clash=True, killed_intruders=1),
        report(clash=False, detained=2),
    ]
    assert figure("clashes", rows) == 2
    assert figure("intruders_killed_per_clash", rows) == 1.5
    assert figure("guards_killed_per_clash", rows) == 0.5
    assert figure("detained_per_clash", rows) == 1.0


def test_guards_who_die_without_a_clash_are_not_guards_killed_in_clashes():
    """Fire across the line is another matter."""
    assert figure("guards_killed", [report("cross_border_fire", killed_guards=3)]) == 0


def test_escapes_count_where_size_and_escapes_are_reported():
    """5 of 7 and 1 of 3; who merely ran is not met, militants are not smugglers."""
    rows = [
        report(clash=True, group_size=7, escaped=5),
        report(detained=2, group_size=3, escaped=1),
        report(clash=True, group_size=9),
        report(clash=False, group_size=4, escaped=4),
        report("infiltration_then_clash", clash=True, group_size=3, escaped=3),
    ]
    assert figure("escape_share", rows) == 0.6


def test_tips_are_shares_of_smuggling_stopped_with_a_known_cue():
    """One of two; silence about the cue is left out."""
    rows = [report(cue="tip"), report(cue="patrol"), report(),
            report("infiltration_then_clash", cue="tip")]  # fmt: skip
    assert figure("tip_share", rows) == 0.5


def test_the_hot_district_has_a_share_of_what_is_grave_and_placed():
    """Deaths or attacks, in a named district."""
    rows = [
        report(killed_intruders=1, district="shamsiddin_shohin"),
        report("cross_border_fire", district="darvoz"),
        report(district="shamsiddin_shohin"),
        report(killed_intruders=4),
    ]
    assert figure("hot_share", rows) == 0.5


def test_khatlon_is_every_district_up_to_the_hot_one():
    """40 of 50 kg."""
    rows = [
        report(seized_kg=30.0, district="panj"),
        report(seized_kg=10.0, district="shamsiddin_shohin"),
        report(seized_kg=10.0, district="darvoz"),
        report(seized_kg=99.0),
    ]
    assert figure("khatlon_kg_share", rows) == 0.8
    assert figure("seized_kg", rows) == 149.0


def test_the_worst_spell_is_35_days_with_both_ends():
    """Deaths 34 days apart are in one spell, 35 days apart are not."""
    rows = [report(killed_intruders=2), report(day=DAY + dt.timedelta(34), killed_guards=3)]
    assert figure("worst_35_days", rows) == 5
    rows[1] = report(day=DAY + dt.timedelta(35), killed_guards=3)
    assert figure("worst_35_days", rows) == 3
    assert figure("worst_35_days", []) == 0


@given(st.lists(st.tuples(st.floats(0.0, 300.0), st.integers(0, 5)), max_size=12))
def test_the_worst_spell_of_a_run_is_that_of_its_reports(deaths):
    """Where everything is reported, the outcome and the figure are one, at whichever hours."""
    blank = Incident("i", "cross_border_fire", "militants", False, "panj", 230.0, 0.0, None, None,
                     None, None, None, 1, reported_at=0.0)  # fmt: skip
    told = [blank._replace(at=at, killed_guards=dead) for at, dead in deaths]
    log = Log()
    for incident in told:
        log.add(incident)
    outcome = OUTCOME["worst_35_days"].measure(RunView(log, NOTHING, Scenario()))
    assert figure("worst_35_days", reports_of_run(told, Scenario())) == outcome


def test_words_of_a_figure_are_those_of_its_outcome():
    """What is the same in reports and in a run is called the same, in one unit."""
    for name in ("clashes", "detained", "seized_kg", "worst_35_days", "escape_share"):
        assert STATISTICS[name].about == described(name).label
        assert STATISTICS[name].unit == described(name).unit


@pytest.mark.parametrize(
    ("hours", "guards", "intruders", "counts"),
    [(11.75, 2, 3, 1), (6.0, 3, 4, 1), (5.9, 2, 3, 0), (None, 2, 3, 0), (30.0, 1, 3, 0)],
)
def test_like_kavo_is_late_and_deadly_on_both_sides(hours, guards, intruders, counts):
    """Six hours or more inside, two guards, three intruders."""
    row = report(delay_hours=hours, killed_guards=guards, killed_intruders=intruders)
    assert figure("like_kavo", [row]) == counts


def test_wounded_per_killed_counts_reports_with_both():
    """(4 + 2) / (1 + 0); a report silent on one of them is left out."""
    rows = [report(killed_guards=1, wounded_guards=4), report(killed_guards=0, wounded_guards=2),
            report(killed_guards=5)]  # fmt: skip
    assert figure("wounded_per_killed_guard", rows) == 6.0


def test_a_ratio_to_nothing_is_undefined_and_a_count_of_nothing_is_none():
    """Without reports every ratio is None and every count 0."""
    for name, statistic in STATISTICS.items():
        assert figure(name, []) == (0 if statistic.whole is None else None), name


@given(
    st.lists(
        st.builds(
            report,
            clash=st.booleans(),
            night=st.none() | st.booleans(),
            group_size=st.just(20),
            escaped=st.none() | st.integers(0, 20),
            seized_kg=st.none() | st.floats(0.0, 100.0),
            district=st.sampled_from([None, "darvoz", "panj", "shamsiddin_shohin"]),
            cue=st.sampled_from([None, "tip", "sign"]),
        )
    )
)
def test_no_figure_leaves_its_bounds(rows):
    """0 <= figure <= high, which impossible targets are held against."""
    for name in STATISTICS:
        value = figure(name, rows)
        assert value is None or 0.0 <= value <= highest(name, LAND) * (1 + 1e-12)


# -- windows ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last", "years"),
    [
        ("2025", dt.date(2025, 1, 1), dt.date(2025, 12, 31), 1.0),
        ("2025-H1", dt.date(2025, 1, 1), dt.date(2025, 6, 30), 1.0),
        ("2024-02", dt.date(2024, 2, 1), dt.date(2024, 2, 29), 1.0),
        ("2022..2025", dt.date(2022, 1, 1), dt.date(2025, 12, 31), 4.0),
        ("2015..2016-10", dt.date(2015, 1, 1), dt.date(2016, 10, 31), 1.8),
    ],
)
def test_a_window_holds_both_its_ends_and_not_the_days_beside(text, first, last, years):
    """Years, halves, months and ranges."""
    window = read_window(text)
    assert window.holds(first)
    assert window.holds(last)
    assert not window.holds(first - dt.timedelta(1))
    assert not window.holds(last + dt.timedelta(1))
    assert window.years == years
    assert str(window) == text


@pytest.mark.parametrize("text", ["", "25", "2025-13", "2025-H3", "2025..2024", "a..b", "1..2..3"])
def test_what_is_no_period_is_none(text):
    """The reader of targets says so with file and line."""
    assert read_window(text) is None


def test_a_window_of_a_past_year_is_the_same_part_of_any_year():
    """2016 is a whole simulated year, 2016-H1 its first half."""
    assert read_window("2016").of_a_run().holds(dt.date(2025, 9, 1))
    assert not read_window("2016-H1").of_a_run().holds(dt.date(2025, 9, 1))
    assert read_window("2016-H1").of_a_run().holds(dt.date(2025, 6, 30))
    assert read_window("2022..2025").of_a_run().years == 1.0


@given(st.dates(dt.date(2025, 1, 1), dt.date(2025, 12, 31)))
def test_two_halves_and_twelve_months_make_a_year(day):
    """Every day lies in one of each."""
    halves = [read_window(f"2025-H{n}").holds(day) for n in (1, 2)]
    months = [read_window(f"2025-{n:02}").holds(day) for n in range(1, 13)]
    assert halves.count(True) == months.count(True) == 1


def test_highest_knows_reports_and_outcomes_and_nothing_else():
    """Shares end at 1, counts nowhere."""
    assert highest("night_share", LAND) == 1.0
    assert highest("clashes", LAND) == float("inf")
    assert highest("run.interdiction_share", LAND) == 1.0
    assert highest("interdiction_share", LAND) is None
    assert "run.seized_kg" in of_runs(LAND)


def test_a_report_says_nothing_of_whom_it_blames():
    """Attribution is disputed: no statistic can come to rest on it."""
    assert not any("actor" in name for name in Report.__dataclass_fields__)
