"""Targets: the shipped file, where their figures come from, and what is refused."""

import csv
import shutil

import pytest
from report_rows import table, toml

from sim.calibrate.statistics import highest, statistics
from sim.calibrate.targets import read_targets
from sim.calibrate.year_table import read_years
from sim.errors import SeedTableError
from sim.frontier.ground import Ground
from sim.incidents.seeds import seeds_folder

LAND = Ground.default()
STATISTICS = statistics(LAND)

GOOD = {
    "statistic": "clashes",
    "window": "2025",
    "relation": "=",
    "value": 17.0,
    "scale": 4.0,
    "weight": 1.0,
    "use": "fit",
    "source": "an agency",
}
RANGE = GOOD | {"statistic": "escape_share", "relation": "range", "value": None,
                "low": 0.4, "high": 0.7}  # fmt: skip


def one(folder, **changes):
    """The target of a file with one table."""
    table(folder, "targets.toml", toml("mine", **(GOOD | changes)))
    (target,) = read_targets(folder)
    return target


def refused(folder, *tables):
    """The error with which a file of these tables is refused."""
    table(folder, "targets.toml", "\n".join(tables))
    with pytest.raises(SeedTableError) as caught:
        read_targets(folder)
    return caught.value


# -- the shipped file ---------------------------------------------------------------------


def test_the_shipped_targets_take_their_figures_from_the_tables():
    """17 clashes, 10 dead for them and 2,742 kg in 2025; 14 for 27 in 2016."""
    shipped = {target.name: target for target in read_targets()}
    assert shipped["clashes"].value == 17
    assert shipped["intruders_killed_per_clash"].value == pytest.approx(10 / 17)
    assert shipped["intruders_killed_per_clash_2016"].value == pytest.approx(14 / 27)
    assert shipped["seized_kg"].value == 2742


def test_the_shipped_targets_fit_nothing_that_the_table_of_years_tells():
    """Fitted there and here it would count twice: only ranges are fitted, the rest is compared."""
    shipped = read_targets()
    fitted = {target.name for target in shipped if target.use == "fit"}
    assert fitted == {"hot_share", "tip_share", "interdiction_share"}
    told = {cell.statistic.name for cell in read_years().cells}
    assert not told & {target.statistic for target in shipped if target.use == "fit"}


def test_the_shipped_targets_are_fit_for_a_distance():
    """Positive scales and weights, ends in order, a source each."""
    for target in read_targets():
        assert target.scale > 0
        assert target.weight > 0
        assert target.source
        if target.relation == "range":
            assert target.value is None
            assert target.low < target.high
        else:
            assert target.value is not None
            assert (target.low, target.high) == (None, None)


def test_no_figure_is_fitted_and_held_back():
    """Nothing fitted is checked again by the same figure of the same stretch of time."""
    shipped = read_targets()
    fitted = {(t.statistic, t.window.text) for t in shipped if t.use == "fit"}
    held = {(t.statistic, t.window.text) for t in shipped if t.use == "validate"}
    assert not fitted & held


def test_what_no_report_tells_is_marked():
    """The share of the flow that is stopped is known in a run only, and is a range."""
    shipped = {target.name: target for target in read_targets()}
    assert shipped["interdiction_share"].only_in_runs
    assert shipped["interdiction_share"].relation == "range"
    assert not shipped["clashes"].only_in_runs


# -- figures ------------------------------------------------------------------------------


def test_a_figure_may_stand_in_the_file(tmp_path):
    """With everything else as written."""
    target = one(tmp_path)
    assert (target.name, target.value, target.scale) == ("mine", 17.0, 4.0)
    assert (target.relation, target.use, str(target.window)) == ("=", "fit", "2025")


def test_a_figure_may_be_published(tmp_path):
    """By metric, or by one metric over another, of the window's period."""
    assert one(tmp_path, value=None, aggregate="armed_clashes", window="2016").value == 27
    ratio = one(tmp_path, value=None, statistic="detained_per_clash", window="2016",
                aggregate="smugglers_detained / armed_clashes")  # fmt: skip
    assert ratio.value == pytest.approx(18 / 27)


def test_a_published_count_of_several_years_is_given_for_one(tmp_path):
    """One guard killed in the 22 months to October 2016."""
    found = one(tmp_path, value=None, statistic="guards_killed", aggregate="guards_killed",
                window="2015..2016-10")  # fmt: skip
    assert found.value == pytest.approx(1 / 1.8)


def test_a_floor_is_at_least(tmp_path):
    """2015 had 30 clashes or more."""
    found = one(tmp_path, value=None, relation=">=", aggregate="armed_clashes", window="2015")
    assert (found.relation, found.value) == (">=", 30)


def test_a_figure_may_be_counted_on_the_rows(tmp_path):
    """By the statistic's own code."""
    found = one(tmp_path, value=None, statistic="workers_killed", incidents=True)
    assert found.value == 5


def test_the_rows_of_a_user_folder_count(tmp_path):
    """Another row in a user table changes the figure."""
    with (seeds_folder() / "incidents.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    extra = next(row for row in rows if row["identity"] == "E2")
    extra = extra | {"identity": "X9", "same_event_as": "", "killed_workers": "4"}
    with (tmp_path / "incidents.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(extra))
        writer.writeheader()
        writer.writerows([*rows, extra])
    found = one(tmp_path, value=None, statistic="workers_killed", incidents=True)
    assert found.value == 9


def test_a_folder_without_the_file_gives_the_shipped_one(tmp_path):
    """Who brings only priors keeps the shipped targets."""
    shutil.copy(seeds_folder() / "priors.toml", tmp_path)
    assert read_targets(tmp_path) == read_targets()


# -- what is refused ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "key", "told"),
    [
        ({"statistic": "clahses"}, "statistic", "Did you mean clashes"),
        ({"statistic": "run.interdiction"}, "statistic", "Did you mean run.interdict"),
        ({"statistic": "xyzzy"}, "statistic", "Reports give clashes"),
        ({"statistic": None}, "statistic", "is missing"),
        ({"window": "2025-Q1"}, "window", "is not a period"),
        ({"relation": "<="}, "relation", "Choose one of =, >=, range"),
        ({"scale": 0.0}, "scale", "is not above 0"),
        ({"scale": -1.0}, "scale", "is not above 0"),
        ({"weight": 0.0}, "weight", "is not above 0"),
        ({"weight": "much"}, "weight", "is not a number"),
        ({"use": "fitt"}, "use", "Did you mean fit"),
        ({"source": None}, "source", "is missing"),
        ({"source": "a\u202eb"}, "source", "holds a control character (U+202E)"),
        ({"value": -3.0}, "value", "is impossible"),
        ({"statistic": "night_share", "value": 1.2}, "value", "lies between 0 and 1"),
        ({"relation": ">=", "value": 0.0}, "value", "excludes nothing"),
        ({"value": None}, None, "gives no figure"),
        ({"aggregate": "armed_clashes"}, None, "more than once"),
        ({"low": 3.0}, "low", "has no use here"),
        ({"wieght": 1.0}, "wieght", "Did you mean weight"),
        ({"value": None, "aggregate": "armed_clash"}, "aggregate", "Did you mean armed_clashes"),
        ({"value": None, "aggregate": "armed_clashes", "window": "2024"}, "aggregate", "There is"),
        ({"value": None, "aggregate": "drugs_seized", "scope": "Moon"}, "aggregate", "no drugs"),
        ({"value": None, "aggregate": "a / b / c"}, "aggregate", "aggregates.csv has no a"),
        ({"value": None, "aggregate": "armed_clashes", "window": "2015"}, "aggregate", "a floor"),
        ({"value": None, "incidents": False}, "incidents", "is not true"),
        ({"value": None, "incidents": True, "statistic": "run.clashes"}, "incidents", "no report"),
        ({"value": None, "incidents": True, "statistic": "escape_share", "window": "2024"},
         "incidents", "Widen the window"),
        ({"statistic": "run.clashes", "window": "2025-H1"}, "window", "part of a year"),
        ({"statistic": "worst_35_days", "window": "2022..2025"}, "window", "longer than"),
        ({"value": None, "aggregate": "drugs_seized", "statistic": "night_share"}, "aggregate",
         '"drugs_seized": is impossible'),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_with_its_place(tmp_path, changes, key, told):
    """File, line, key and remedy, for each slip."""
    error = refused(tmp_path, toml("mine", **(GOOD | changes)))
    assert told in str(error)
    assert error.path.endswith("targets.toml")
    assert error.key == ("mine" if key is None else f"mine.{key}")
    assert error.line is not None


@pytest.mark.parametrize(
    ("changes", "key", "told"),
    [
        ({"low": 0.8}, "high", "is not above low"),
        ({"low": -0.1}, "low", "is never below 0"),
        ({"high": 1.1}, "high", "is never above 1"),
        ({"low": 0.0, "high": 1.0}, "high", "excludes nothing"),
        ({"high": None}, "high", "is missing"),
        ({"value": 0.5}, "value", "has no use here"),
    ],
)
def test_a_bad_range_is_refused(tmp_path, changes, key, told):
    """Ends in order, within what the statistic can be, and narrower than that."""
    error = refused(tmp_path, toml("mine", **(RANGE | changes)))
    assert told in str(error)
    assert error.key == f"mine.{key}"


def test_a_metric_published_twice_must_be_chosen(tmp_path):
    """2022 has two totals of weight that conflict."""
    text = toml("mine", **(GOOD | {"statistic": "seized_kg", "value": None, "window": "2022",
                                   "aggregate": "drugs_seized",
                                   "scope": "Tajikistan, whole country"}))  # fmt: skip
    assert "more than once for 2022" in str(refused(tmp_path, text))


def test_nothing_need_be_fitted_beside_the_table(tmp_path):
    """A file may have only targets that are not fitted."""
    assert one(tmp_path, use="validate").use == "validate"


def test_every_problem_is_reported_at_once_in_the_order_of_the_lines(tmp_path):
    """Three slips in two tables, with their lines."""
    one_table = toml("mine", **(GOOD | {"scale": 0.0, "use": "test"}))
    other = toml("other", **(GOOD | {"statistic": "clash"}))
    problems = refused(tmp_path, one_table, other).problems
    assert [problem.key for problem in problems] == ["mine.scale", "mine.use", "other.statistic"]
    assert [problem.line for problem in problems] == [6, 8, 12]


def test_a_folder_that_is_none_and_a_file_that_is_no_toml_are_refused(tmp_path):
    """As people's mistakes, with the remedy."""
    with pytest.raises(SeedTableError, match="is not a folder"):
        read_targets(tmp_path / "nowhere")
    error = refused(tmp_path, "[mine]\nstatistic = clashes")
    assert error.line == 2


def test_every_statistic_can_be_a_target(tmp_path):
    """With a figure of its own, over a year."""
    for name in STATISTICS:
        assert one(tmp_path, statistic=name, value=min(highest(name, LAND), 1.0)).statistic == name


def test_rows_of_other_years_do_not_tell_that_nothing_happened(tmp_path):
    """An own table without a single row in the window is not a count of none."""
    lines = (seeds_folder() / "incidents.csv").read_text(encoding="utf-8").splitlines()
    old = [line for line in lines if line.startswith(("H4,", "H6,"))]
    table(tmp_path, "incidents.csv", "\n".join([lines[0], *old]))
    counted = GOOD | {"value": None, "statistic": "workers_killed", "incidents": True}
    error = refused(tmp_path, toml("mine", **counted))
    assert "no dated row of incidents.csv lies in 2025" in str(error)
    assert error.remedy
