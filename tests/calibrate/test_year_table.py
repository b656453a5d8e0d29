"""The table of years: what the shipped rows become, how they are combined, and what is refused."""

import csv
from dataclasses import fields
from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_rows import DAY, report

from sim.calibrate.cells import disjoint
from sim.calibrate.intervals import (
    Interval,
    alternatives,
    as_text,
    intersections,
    interval_of_bound,
    widen,
)
from sim.calibrate.reports import reports_of_seeds
from sim.calibrate.statistics import compute
from sim.calibrate.year_table import YearTable, read_years
from sim.errors import SeedTableError
from sim.incidents.seeds import Aggregate, read_incidents, seeds_folder
from sim.incidents.windows import read_window

SHIPPED = read_years()
COLUMNS = [field.name for field in fields(Aggregate)]


def row(period: str, metric: str, value: float, **said: object) -> dict[str, object]:
    """A published count of the border."""
    units = {"drugs_seized": "kg", "armed_clashes": "count", "intruders_killed": "persons"}
    months = {"H1": 6, "H2": 6}.get(period[-2:], 12)
    return {
        "period": period, "months": months, "metric": metric, "value": value,
        "unit": units.get(metric, "persons"), "bound": "=", "scope": "Tajik-Afghan border",
        "source": "an agency", **said,
    }  # fmt: skip


def years(folder: Path, *rows: dict[str, object], vocabulary: str = "") -> YearTable:
    """The table of these published counts, with a vocabulary that has something added."""
    with (folder / "aggregates.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    shipped = (seeds_folder() / "years.toml").read_text("utf-8")
    incidents = (seeds_folder() / "incidents.csv").read_text("utf-8")
    (folder / "incidents.csv").write_text(incidents, "utf-8")
    (folder / "years.toml").write_text(f"{shipped}\n{vocabulary}", "utf-8")
    return read_years(folder)


def refused(folder: Path, *rows: dict[str, object], vocabulary: str = "") -> SeedTableError:
    """The error with which they are refused."""
    with pytest.raises(SeedTableError) as caught:
        years(folder, *rows, vocabulary=vocabulary)
    return caught.value


def texts(table: YearTable, statistic: str) -> dict[str, str]:
    """What a table tells of a statistic by period, in words."""
    return {
        period.text: as_text(period.cells[statistic].intervals)
        for period in table.periods
        if statistic in period.cells
    }


# -- the shipped rows ---------------------------------------------------------------------


def test_every_published_count_is_used_or_has_a_reason() -> None:
    """One line each, with a reason where it is not a plain figure."""
    with (seeds_folder() / "aggregates.csv").open(encoding="utf-8") as file:
        lines = len(list(csv.DictReader(file)))
    assert [used.line for used in SHIPPED.row_uses] == list(range(2, lines + 2))
    for used in SHIPPED.row_uses:
        assert used.use.startswith("not used: ") == (used.statistic is None)
        assert used.reads == "figure" or used.why or used.interval.high == inf
        assert len(used.use) > 10


def test_the_shipped_clashes() -> None:
    """Half years and what is left of their years, a floor, and two sources of the war."""
    assert texts(SHIPPED, "clashes") == {
        "1992..2005": "535 or 530",
        "2015-H1": "18",
        "2015 less 2015-H1": ">= 12",
        "2016": "27",
        "2025-H1": "10",
        "2025 less 2025-H1": "7",
    }


def test_the_shipped_weights() -> None:
    """The country is a ceiling of the border, one of its regions a floor; sources conflict."""
    assert texts(SHIPPED, "seized_kg") == {
        "2006-H1": ">= 130",
        "2015-H1": ">= 657",
        "2016": "904.2",
        "2020": "<= 2,425",
        "2021": "<= 4,083",
        "2022": "<= 4,165 or <= 4,991",
        "2023-H1": "<= 2,478",
        "2024-H1": "1,381 to 3,096.6",
        "2025-H1": "1,690",
        "2025 less 2025-H1": "1,052 or 1,062",
    }


def test_rare_kinds_are_counts_over_their_years() -> None:
    """Three in four years is one figure, and none in four years is one too."""
    cells = {c.statistic.name: c for c in SHIPPED.cells if c.period == "2022..2025"}
    assert {name: as_text(cell.intervals) for name, cell in cells.items()} == {
        "deadly_worker_attacks": "3",
        "deadly_infiltrations": "3",
        "post_attacks": "0",
        "like_kavo": "1",
    }
    assert all(cell.length == 4.0 for cell in cells.values())
    assert texts(SHIPPED, "workers_killed") == {"2022": "0", "2023": "0", "2024": "1", "2025": "5"}


def test_a_soft_floor_may_be_missed_by_what_it_is_soft() -> None:
    """Thirteen are reported, twelve can be located: neither contradicts the other."""
    (cell,) = [c for c in SHIPPED.cells if c.statistic.name == "worst_35_days"]
    assert (cell.period, as_text(cell.intervals), cell.soft) == ("2025", ">= 13", 3.0)
    assert [cell.allows(dead) for dead in (20, 12, 10, 9)] == [True, True, True, False]


def test_a_period_may_be_counted_in_part() -> None:
    """1992 to 2005 are fourteen years, of which thirteen were counted."""
    (cell,) = [
        c for c in SHIPPED.cells if c.period == "1992..2005" and c.statistic.name == "clashes"
    ]
    assert cell.length == 13.0
    fought = {year: [report(clash=True)] * 14 for year in range(1992, 2006)}
    assert cell.figure(fought) == pytest.approx(14 * 13)


def test_the_mask_is_what_is_known() -> None:
    """Periods by statistics; the long table has a row for each alternative."""
    assert SHIPPED.mask.shape == (len(SHIPPED.periods), len(SHIPPED.statistics))
    assert SHIPPED.mask.sum() == len(SHIPPED.cells)
    rows = SHIPPED.rows()
    assert len(rows) == sum(len(cell.intervals) for cell in SHIPPED.cells)
    assert {r["kind"] for r in rows} == {"figure", "floor", "ceiling", "range", "mixture"}
    for cell in SHIPPED.cells:
        weights = [
            r["weight"] for r in rows
            if (r["period"], r["statistic"]) == (cell.period, cell.statistic.name)
        ]  # fmt: skip
        assert sum(weights) == pytest.approx(1.0)


def test_no_month_of_a_statistic_counts_twice() -> None:
    """Exact figures of one statistic share none; a bound may lie beside another bound."""
    for one in SHIPPED.cells:
        for other in SHIPPED.cells:
            if one is not other and one.statistic.name == other.statistic.name:
                assert not one.months & other.months, (one, other)


def test_the_seeds_meet_what_is_counted_on_them() -> None:
    """The code that counts rows counts a run: reports in, the same figures out, in any year."""
    by_year: dict[int, list] = {year: [] for year in range(2022, 2026)}
    for each in reports_of_seeds(read_incidents()):
        by_year.get(each.day.year, []).append(each)
    for cell in SHIPPED.cells:
        if cell.sources == ("incident rows",):
            value = cell.figure(by_year)
            assert value is not None
            assert cell.allows(value)


def test_a_cell_asks_for_its_months_only() -> None:
    """Ten months of 2016 beside all of 2015; a year that is not given is missed."""
    (cell,) = [c for c in SHIPPED.cells if c.period == "2015..2016-10"]
    dead = [report(killed_guards=1, day=DAY.replace(month=month)) for month in (1, 10, 11)]
    assert cell.figure({2015: dead, 2016: dead}) == 5.0
    assert cell.length == pytest.approx(22 / 12)
    with pytest.raises(KeyError):
        cell.figure({2015: dead})


def test_a_cell_of_a_year_is_what_a_target_of_it_is() -> None:
    """The same reports give the same figure by either way, whatever year they are of."""
    rows = [
        report(clash=True, killed_intruders=n, seized_kg=2.0 * n, day=DAY.replace(month=n + 1))
        for n in range(8)
    ]
    for cell in SHIPPED.cells:
        window = read_window(cell.period)
        if window is not None and len(cell.spans) == 1:
            year = window.of_a_run()
            assert cell.figure({cell.spans[0].year: rows}) == compute(cell.statistic, rows, year)


# -- how rows are combined ----------------------------------------------------------------


def test_of_a_whole_with_an_exact_part_the_rest_is_left(tmp_path: Path) -> None:
    """Each report is in one cell; the rest of a mixture is a mixture."""
    table = years(
        tmp_path,
        row("2019", "armed_clashes", 20),
        row("2019", "armed_clashes", 22, source="another"),
        row("2019-H1", "armed_clashes", 9),
        row("2018", "armed_clashes", 20),
        row("2018-H1", "armed_clashes", 5, bound=">="),
        row("2017", "armed_clashes", 20, bound=">="),
        row("2017-H1", "armed_clashes", 5, bound=">="),
        row("2014", "armed_clashes", 8),
        row("2014-H1", "armed_clashes", 3),
        row("2014-H2", "armed_clashes", 5),
    )
    assert texts(table, "clashes") == {
        "2014-H1": "3", "2014-H2": "5",
        "2017-H1": ">= 5", "2017": ">= 20",
        "2018": "20",
        "2019-H1": "9", "2019 less 2019-H1": "11 or 13",
    }  # fmt: skip


def test_a_ratio_or_a_worst_spell_is_not_taken_disjoint(tmp_path: Path) -> None:
    """Only what adds up over time can be."""
    counts = 'statistic = "worst_35_days"\nperiods = ["2023..2025", "2024"]\nwhy = "x"\n'
    clashes = row("2016", "armed_clashes", 27)
    table = years(tmp_path, clashes, vocabulary=f"[counts.spells]\n{counts}")
    assert set(texts(table, "worst_35_days")) == {"2023..2025", "2024", "2025"}


def test_what_says_less_is_no_other_source(tmp_path: Path) -> None:
    """About 28 beside 27 adds nothing; about 40 does."""
    table = years(
        tmp_path,
        row("2016", "armed_clashes", 27),
        row("2016", "armed_clashes", 28, bound="~", source="b"),
        row("2017", "armed_clashes", 27),
        row("2017", "armed_clashes", 40, bound="~", source="b"),
    )
    assert texts(table, "clashes") == {"2016": "27", "2017": "27 or 36 to 44"}
    uses = [used.use for used in table.row_uses]
    assert uses[0] == "figure of clashes"
    assert uses[1] == "figure of clashes: says no more than another row"
    assert uses[3] == "figure of clashes: one of 2 that conflict"


def test_a_row_may_be_set_aside(tmp_path: Path) -> None:
    """With the reason, which the account repeats."""
    aside = '[aside.odd]\nperiod = "2016"\nmetric = "armed_clashes"\nsource = "b"\nwhy = "a slip"\n'
    two = row("2016", "armed_clashes", 27), row("2016", "armed_clashes", 2, source="b")
    table = years(tmp_path, *two, vocabulary=aside)
    assert texts(table, "clashes") == {"2016": "27"}
    assert table.row_uses[1].use == "not used: a slip"
    wrong = aside.replace('"2016"', '"2017"')
    assert "names no row of aggregates.csv" in str(refused(tmp_path, *two, vocabulary=wrong))


def test_user_rows_give_rates_only_with_a_years_file(tmp_path: Path) -> None:
    """Else years of which nothing was noted would count as years without an attack."""
    table = years(tmp_path, row("2016", "armed_clashes", 27))
    assert table.gives_rates
    assert texts(table, "post_attacks") == {"2022..2025": "0"}
    (tmp_path / "years.toml").unlink()
    alone = read_years(tmp_path)
    assert not alone.gives_rates
    assert texts(alone, "post_attacks") == {}
    assert alone.marks == table.marks


# -- what is refused ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("2016", "armed_clahses", 27)], "Did you mean armed_clashes?"),
        ([("2016", "sightings", 27)], "Define it in years.toml: [metrics.sightings]"),
        ([("2016", "armed_clashes", 27, {"unit": "kg"})], "is not the unit of armed_clashes"),
        ([("2016", "armed_clashes", 27, {"months": 13})], "does not fit the period 2016"),
        ([("2016..2017", "armed_clashes", 27, {"months": 25})], "which has 24 months"),
        ([("2016", "armed_clashes", 27, {"unit": ""})], "unit: is empty"),
        ([("2016", "armed_clashes", 27, {"scope": "the sea"})], "how it relates to the border"),
        ([("1991", "armed_clashes", 27)], "is in no regime"),
        (
            [("2005..2006", "armed_clashes", 27, {"months": 24})],
            "is in more than one regime (republic, war)",
        ),
        (
            [("2016", "armed_clashes", 27), ("2015..2016-10", "armed_clashes", 3, {"months": 22})],
            "2015..2016-10 and 2016 (line 2) overlap",
        ),
        (
            [("2016", "armed_clashes", 27), ("2016-H1", "armed_clashes", 28)],
            "2016-H1 has more than 2016, which contains it (line 2)",
        ),
        (
            [("2014-H1", "drugs_seized", 3), ("2014-H2", "drugs_seized", 5),
             ("2014", "drugs_seized", 7)],
            "is less than the sum of 2014-H1 and 2014-H2, 8",
        ),
        (
            [("2014-H1", "drugs_seized", 3), ("2014-H2", "drugs_seized", 5),
             ("2014", "drugs_seized", 9)],
            "is more than the sum of 2014-H1 and 2014-H2, 8",
        ),
        (
            [("2016-H1", "drugs_seized", 28), ("2016", "drugs_seized", 20)],
            "2016-H1 has more than 2016",
        ),
        (
            [
                ("2016", "drugs_seized", 904),
                ("2016", "drugs_seized", 800, {"scope": "Tajikistan, whole country"}),
            ],
            "contradicts the other figures of 2016: 904 (line 2)",
        ),
        (
            [
                ("2016", "drugs_seized", 904),
                ("2016", "drugs_seized", 950, {"scope": "Khatlon"}),
            ],
            "contradicts the other figures of 2016: 904 (line 2)",
        ),
    ],
)  # fmt: skip
def test_rows_that_cannot_stand_together_are_one_message(
    tmp_path: Path, rows: list[tuple], words: str
) -> None:
    """With the line of the later row, and what to do."""
    made = [row(*each[:3], **(each[3] if len(each) > 3 else {})) for each in rows]
    error = refused(tmp_path, *made)
    assert words in str(error)
    assert error.line == len(rows) + 1
    assert error.remedy
    assert len(error.problems) == 1


@pytest.mark.parametrize(
    ("vocabulary", "words"),
    [
        (
            '[regimes.mine]\nperiod = "2020..2023"\nreports = "x"\n',
            "contains 2020 to 2021, as regime",
        ),
        ('[regimes.mine]\nperiod = "1980-H1"\nreports = "x"\n', "begins or ends within a year"),
        ('[metrics.mine]\nunit = "kg"\n', "gives neither a statistic nor why it is unused"),
        ('[metrics.mine]\nunit = "kg"\nstatistic = "seized"\n', "is not a known statistic"),
        ('[metrics.mine]\nunit = "t"\nunused = "x"\n', "is not known here"),
        ('[scopes.mine]\nscope = "Khatlon"\n', "is already described by scopes.khatlon"),
        ('[regime.mine]\nperiod = "1980"\nreports = "x"\n', "is not a section of this file"),
        (
            '[counts.mine]\nstatistic = "clashes"\nperiods = ["2021..2022"]\nwhy = "x"\n',
            "is in no regime, or in more than one",
        ),
        (
            '[counts.mine]\nstatistic = "guards_killed_per_clash"\nperiods = ["2022"]\nwhy = "x"\n',
            "is a ratio to nothing there",
        ),
    ],
)
def test_a_problem_in_the_rules_is_reported_at_its_line(
    tmp_path: Path, vocabulary: str, words: str
) -> None:
    """File, line, key and remedy."""
    error = refused(tmp_path, row("2016", "armed_clashes", 27), vocabulary=vocabulary)
    assert words in str(error)
    assert str(error.path).endswith("years.toml")
    assert error.line is not None
    assert error.remedy


# -- intervals ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bound", "whole", "ends"),
    [
        ("=", True, (10, 10)),
        ("~", False, (9, 11)),
        (">=", True, (10, inf)),
        (">", True, (11, inf)),
        (">", False, (10, inf)),
        ("<=", True, (0, 10)),
        ("<", True, (0, 9)),
    ],
)
def test_bounds_are_intervals(bound: str, whole: bool, ends: tuple[float, float]) -> None:
    """More than ten people are eleven; more than ten kilograms may be a little more."""
    assert interval_of_bound(10.0, bound, whole)[:2] == ends


INTERVALS = st.builds(
    lambda low, width: Interval(float(low), float(low + width)),
    st.integers(0, 9),
    st.integers(0, 4),
)


@given(st.lists(INTERVALS, min_size=1, max_size=5))
def test_alternatives_say_all_that_was_said(told: list[Interval]) -> None:
    """None says less than another, and each of those left out does."""
    kept = alternatives(told)
    assert set(kept) <= set(told)
    for one in told:
        assert any(one.low <= k.low and k.high <= one.high for k in kept)
    for one in kept:
        assert not any(k != one and one.low <= k.low and k.high <= one.high for k in kept)


@given(st.lists(st.lists(INTERVALS, min_size=1, max_size=3), min_size=1, max_size=3))
def test_what_holds_together_is_what_each_allows(statements: list[list[Interval]]) -> None:
    """A value is allowed by the whole if and only if each statement allows it."""
    together = intersections(statements)
    for value in range(14):
        each = all(any(t.holds(value) for t in statement) for statement in statements)
        assert each == any(t.holds(value) for t in together)


def test_to_open_an_interval_keeps_one_end() -> None:
    """Of a wider count a figure is a ceiling, of a narrower one a floor."""
    assert widen(Interval(4.0, 4.0), "ceiling")[:2] == (0.0, 4.0)
    assert widen(Interval(4.0, 4.0), "floor")[:2] == (4.0, inf)
    assert widen(Interval(4.0, 4.0), "figure")[:2] == (4.0, 4.0)


def test_nothing_to_take_disjoint_stays() -> None:
    """The shipped cells are disjoint already."""
    assert set(disjoint(SHIPPED.cells)) == set(SHIPPED.cells)


@pytest.mark.parametrize("key", ["no.such", "smugglers.loads_per_year", "regimes.flow"])
def test_a_regime_has_no_level_or_stranger_for_itself(tmp_path, key):
    """Levels have words of their own, and what no scenario has cannot differ: said with the key."""
    text = (seeds_folder() / "years.toml").read_text("utf-8")
    mine = text.replace('"smugglers.p_armed" = 1.0', f'"{key}" = 1.0')
    (tmp_path / "years.toml").write_text(mine)
    with pytest.raises(SeedTableError, match=f"regimes.republic.own.*{key}"):
        read_years(tmp_path)
