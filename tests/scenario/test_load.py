"""From a file to a scenario: parents, defaults, overrides, and where each value comes from."""

import datetime as dt
import os

import pytest

from sim.errors import ScenarioError
from sim.scenario.catalogue import shipped
from sim.scenario.load import load, load_with_sources
from sim.scenario.spec import Scenario
from sim.scenario.values import digest, flatten


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Return a function that writes a file into an empty working folder."""
    monkeypatch.chdir(tmp_path)

    def text(name, contents):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(contents, encoding="utf-8")
        return path

    return text


def refused(*arguments):
    """Return the error of a scenario that cannot be loaded."""
    with pytest.raises(ScenarioError) as caught:
        load(*arguments)
    return caught.value


def test_a_file_lies_on_the_defaults(write):
    """What a file does not name keeps the value of the specification."""
    loaded = load(write("a.toml", "days = 30\n[patrols]\nsize = 6\n"))
    assert loaded.days == 30.0
    assert loaded.patrols.size == 6
    assert loaded.patrols.sorties_per_day == Scenario().patrols.sorties_per_day


def test_a_level_keeps_its_own_other_values(write):
    """One line in a level changes one value of that level, not the level into another."""
    levels = load(write("a.toml", "[alert.levels.elevated]\nsorties = 1.5\n")).alert.levels
    default = Scenario().alert.levels.elevated
    assert levels.elevated.sorties == 1.5
    assert levels.elevated.model_copy(update={"sorties": default.sorties}) == default


def test_a_terrain_table_keeps_its_other_entries(write):
    """The defaults of a table are those of its parameter, not of its type."""
    factors = load(write("a.toml", "[patrols.range_factor]\nalpine = 0.1\n")).patrols.range_factor
    default = Scenario().patrols.range_factor
    assert factors.alpine == 0.1
    assert factors.gorge == default.gorge


def test_district_tables_merge_district_by_district(write):
    """A district that is not named keeps its weight; 0 leaves one out."""
    file = write("a.toml", "[cells]\ndistrict_weights = { darvoz = 0.0, panj = 2.0 }\n")
    expected = {**Scenario().cells.district_weights, "darvoz": 0.0, "panj": 2.0}
    assert load(file).cells.district_weights == expected


def test_a_list_is_replaced_whole(write):
    """Lists do not merge."""
    write("parent.toml", "[alert]\nseason_months = [1, 2]\n")
    child = write("child.toml", 'extends = "parent.toml"\n[alert]\nseason_months = [3]\n')
    assert load(child).alert.season_months == [3]


def test_a_child_lies_on_its_parent_at_every_depth(write):
    """A chain of three: each keeps what the next does not say."""
    write("a.toml", "days = 10\n[patrols]\nsize = 5\nsorties_per_day = 5\n")
    write("b.toml", 'extends = "a.toml"\n[patrols]\nsize = 6\n')
    loaded = load_with_sources(write("c.toml", 'extends = "b.toml"\n[patrols]\njitter = 0.1\n'))
    patrols = loaded.scenario.patrols
    assert (patrols.size, patrols.sorties_per_day, patrols.jitter) == (6, 5.0, 0.1)
    assert loaded.scenario.days == 10.0
    assert [file.name for file in loaded.files] == ["c.toml", "b.toml", "a.toml"]


def test_labels_are_not_inherited(write):
    """Name, title and description are the file's own; the name is that of the file otherwise."""
    write("a.toml", 'name = "first"\ntitle = "A"\ndescription = "B"\ndays = 3\n')
    child = load(write("b_2.toml", 'extends = "a.toml"\n'))
    assert (child.name, child.title, child.description) == ("b_2", "", "")
    assert child.days == 3.0
    own = load(write("c.toml", 'extends = "a.toml"\nname = "own"\ntitle = "T"\n'))
    assert (own.name, own.title) == ("own", "T")


def test_a_file_whose_name_cannot_name_a_scenario_is_told(write):
    """The remedy is to rename the file or to say a name in it."""
    error = refused(write("My File.toml", "days = 3\n"))
    assert (error.key, error.value) == ("name", "My File")
    assert "Rename the file" in error.remedy
    assert load(write("My File.toml", 'name = "mine"\n')).name == "mine"


def test_overrides_lie_on_top(write):
    """Texts and mappings override the file and its parents."""
    file = write("a.toml", "[patrols]\nsize = 6\n")
    assert load(file, ["patrols.size=7"]).patrols.size == 7
    assert load(file, {"patrols.size": 7}).patrols.size == 7
    assert load(file, None) == load(file)


def test_only_overrides_are_set_by_hand(write):
    """Not what a file says on top of another; and no file or flag can say so itself."""
    path = write("mine", 'extends = "baseline.toml"\n[patrols]\nsize = 6\n')
    assert load(path).stated == ()
    assert load(path, ["teams.reserve=1"]).stated == ("teams.reserve",)
    with pytest.raises(ScenarioError, match="no such parameter"):
        load(write("other", 'stated = ["patrols.size"]\n'))
    with pytest.raises(ScenarioError, match="no such parameter"):
        load(path, ['stated=["patrols.size"]'])


def test_a_shipped_scenario_is_found_by_name(write):
    """From anywhere, by name, by the path in the source tree, or by its real path."""
    path = shipped() / "triggered.toml"
    assert load("triggered") == load("scenarios/triggered.toml") == load(path)


def test_ones_own_file_may_extend_a_shipped_scenario(write):
    """A bare name that is not beside the file is looked for among the shipped ones."""
    child = load(write("mine.toml", 'extends = "triggered.toml"\n'))
    assert child.alert.policy == "triggered"


def test_a_file_beside_the_child_comes_before_a_shipped_one(write):
    """The user's baseline hides the shipped one."""
    write("baseline.toml", "days = 3\n")
    assert load(write("mine.toml", 'extends = "baseline.toml"\n')).days == 3.0


def test_a_parent_below_the_folder_is_allowed(write):
    """Parents may be kept in a folder of their own."""
    write("parents/a.toml", "days = 3\n")
    assert load(write("mine.toml", 'extends = "parents/a.toml"\n')).days == 3.0


def test_every_value_has_a_source(write):
    """Default with its reference, file with its line, override by its flag; none is missing."""
    write("a.toml", "\n[patrols]\nsize = 5\n")
    file = write("b.toml", 'extends = "a.toml"\n\n[cells.district_weights]\npanj = 1.0\n')
    scenario, sources, _ = load_with_sources(file, ["days=3", "patrols.emphasis.panj=2"])
    assert set(flatten(scenario)) <= set(sources)
    assert str(sources["patrols.size"]) == "a.toml:3"
    assert str(sources["cells.district_weights.panj"]) == "b.toml:4"
    assert str(sources["days"]) == "--set"
    assert str(sources["patrols.emphasis.panj"]) == "--set"
    assert str(sources["patrols.off_path_factor"]) == "default: Tobler 1993"
    assert str(sources["cells.skill"]).startswith("default: ")
    assert str(sources["name"]) == "b.toml"


def test_the_source_of_a_value_said_twice_is_the_upper_one(write):
    """A child that repeats a value owns it."""
    write("a.toml", "days = 3\n")
    loaded = load_with_sources(write("b.toml", 'extends = "a.toml"\ndays = 3\n'))
    assert str(loaded.sources["days"]) == "b.toml:2"


def test_a_wrong_value_is_told_with_the_line_it_stands_on(write):
    """In the child, in the parent, in an inline table, in an override: each has its place."""
    write("a.toml", "\n[patrols]\nsize = 0\n")
    file = write("b.toml", 'extends = "a.toml"\n[cells]\ndistrict_weights = { panj = -1 }\n')
    error = refused(file, ["days=0"])
    assert [(problem.path, problem.line, problem.key) for problem in error.problems] == [
        ("--set", None, "days"),
        ("a.toml", 3, "patrols.size"),
        ("b.toml", 3, "cells.district_weights.panj"),
    ]


def test_a_contradiction_is_placed_at_the_value_that_someone_set(write):
    """A default cannot be the culprit: the line of the other key is named."""
    error = refused(write("a.toml", "days = 3\n[cells]\nparty_most = 1\n"))
    assert (error.key, error.path, error.line) == ("cells.party_least", "a.toml", 3)


def test_a_table_of_noughts_is_placed_where_they_stand(write):
    """A fault of a whole district table has the line of one of its entries."""
    lines = "".join(f"{district} = 0\n" for district in Scenario().cells.district_weights)
    error = refused(write("a.toml", f"[cells.district_weights]\n{lines}"))
    assert (error.key, error.path) == ("cells.district_weights", "a.toml")
    assert error.line is not None


def test_a_parent_may_be_given_by_name(write):
    """As on the command line; a file that is called so goes first."""
    child = load_with_sources(write("b.toml", 'extends = "joint_control"\n')).scenario
    assert child.diplomacy.joint_mechanism
    write("joint_control.toml", "days = 3\n")
    assert load_with_sources(write("b.toml", 'extends = "joint_control"\n')).scenario.days == 3


@pytest.mark.parametrize("value", ["3", "true", '["a.toml"]', '""', '"  "', '"a\\u0000b"'])
def test_extends_wants_the_name_of_one_file(write, value):
    """Numbers, flags, lists and empty texts name no file."""
    error = refused(write("a.toml", f"\nextends = {value}\n"))
    assert (error.key, error.line) == ("extends", 2)
    assert "must be the name of one file" in str(error)


def test_extends_in_a_table_is_told_where_it_belongs(write):
    """Below a header it is a key of that table and has no meaning."""
    error = refused(write("a.toml", 'days = 3\n[alert]\nextends = "b.toml"\n'))
    assert error.key == "alert.extends"
    assert "the top" in error.remedy


def test_a_circle_is_told_as_a_chain(write):
    """Every file of the circle is named in order; a file that extends itself is one too."""
    write("a.toml", 'extends = "b.toml"\n')
    write("b.toml", 'extends = "c.toml"\n')
    write("c.toml", 'extends = "b.toml"\n')
    assert "b.toml -> c.toml -> b.toml" in str(refused("a.toml"))
    assert "d.toml -> d.toml" in str(refused(write("d.toml", 'extends = "d.toml"\n')))


def test_a_circle_through_a_link_is_a_circle(write, tmp_path):
    """A second name of the same file does not hide it."""
    write("a.toml", 'extends = "link.toml"\n')
    (tmp_path / "link.toml").symlink_to("a.toml")
    assert "is circular" in str(refused("a.toml"))


def test_links_that_go_in_a_circle_are_a_missing_file(write, tmp_path):
    """What the system cannot follow is not there."""
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    assert "no such file" in str(refused(write("a.toml", 'extends = "./loop.toml"\n')))
    assert "cannot be read" in str(refused("loop.toml"))


def test_a_way_through_a_folder_and_back_is_the_short_way(write, tmp_path):
    """Messages and sources name a parent without detours."""
    (tmp_path / "sub").mkdir()
    write("a.toml", "days = 3\n")
    loaded = load_with_sources(write("b.toml", 'extends = "sub/../a.toml"\n'))
    assert str(loaded.sources["days"]) == "a.toml:1"


@pytest.mark.parametrize("where", ["../outside.toml", "{root}/outside.toml", "link.toml"])
def test_a_parent_outside_of_the_folder_is_refused(write, tmp_path, where):
    """Neither a way up, nor an absolute path, nor a link leads out."""
    write("outside.toml", "days = 3\n")
    file = write("in/a.toml", f'extends = "{where.format(root=tmp_path)}"\n')
    (tmp_path / "in" / "link.toml").symlink_to(tmp_path / "outside.toml")
    error = refused(file)
    assert "is outside the folder" in str(error)
    assert error.key == "extends"


def test_a_missing_parent_is_told_at_the_line_that_names_it(write):
    """The child's line, not only the missing name."""
    error = refused(write("a.toml", '\nextends = "none.toml"\n'))
    assert (error.path, error.line, error.value) == ("a.toml", 2, "none.toml")
    assert "no such file" in str(error)


def test_a_folder_as_parent_is_no_file(write, tmp_path):
    """A parent is a file."""
    (tmp_path / "sub").mkdir()
    assert "no such file" in str(refused(write("a.toml", 'extends = "sub"\n')))


def test_a_broken_parent_is_told_by_its_own_name(write):
    """The file to mend is the one that is named."""
    write("a.toml", "days = \n")
    error = refused(write("b.toml", 'extends = "a.toml"\n'))
    assert (error.path, error.line) == ("a.toml", 1)


def test_messages_name_files_from_the_working_folder(write, tmp_path):
    """A path below the working folder is written short, another one in full."""
    file = write("sub/a.toml", "days = 0\n")
    assert refused(file).path == os.path.join("sub", "a.toml")
    (tmp_path / "elsewhere").mkdir()
    os.chdir(tmp_path / "elsewhere")
    assert refused(file).path == str(file)


def test_loading_twice_gives_equal_and_independent_scenarios(write):
    """A table of one scenario is not shared with the next."""
    one, two = load("baseline"), load("baseline")
    assert one == two
    one.cells.district_weights["panj"] = 99.0
    assert load("baseline") == two
    assert Scenario() == Scenario.model_validate({})
    assert "panj" not in Scenario().cells.district_weights


def test_a_date_is_a_date(write):
    """A date of TOML is taken as it is; a date with a time is none."""
    assert load(write("a.toml", "start = 2026-03-01\n")).start == dt.date(2026, 3, 1)
    assert refused(write("b.toml", "start = 2026-03-01T10:00:00\n")).key == "start"


def test_how_a_file_is_written_does_not_matter(write):
    """Headers, dotted keys and inline tables that say the same are the same scenario."""
    texts = [
        "[patrols]\nsize = 6\n[alert.levels.routine]\nwatch = 0.5\n",
        "alert.levels.routine.watch = 0.5\npatrols.size = 6\n",
        "alert = { levels = { routine = { watch = 0.5 } } }\npatrols = { size = 6 }\n",
    ]
    assert len({digest(load(write("a.toml", text))) for text in texts}) == 1
