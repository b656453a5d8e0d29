"""The shipped scenarios, and what their README says about them."""

import re
import tomllib

import pytest

from sim.incidents.records import AlertChange
from sim.model import BorderModel
from sim.scenario.catalogue import names, shipped
from sim.scenario.load import load, load_with_sources
from sim.scenario.merge import leaves
from sim.scenario.overrides import parse_override
from sim.scenario.parameters import parameters
from sim.scenario.read import read
from sim.scenario.spec import Scenario
from sim.scenario.values import diff, digest, flatten

VARIANTS = [name for name in names() if name != "baseline"]
README = (shipped() / "README.md").read_text(encoding="utf-8")
LEVERS = (
    "alert.policy", "alert.level", "alert.scope", "patrols.schedule", "patrols.sorties_per_day",
    "patrols.hot_spot_share", "teams.per_district", "teams.reserve", "teams.air_mobility",
    "tips.programme", "technical.camera_coverage", "technical.uav_hours_per_day",
    "worksites.hardening", "worksites.counter_drone", "diplomacy.joint_mechanism",
)  # fmt: skip


def test_the_baseline_is_the_specification():
    """It names values but changes none."""
    baseline = load("baseline")
    assert diff(Scenario(), baseline) == []
    assert digest(baseline) == digest(Scenario())


def test_the_baseline_names_the_levers_with_what_is_allowed():
    """Each line of a lever carries its bounds and unit as the specification has them."""
    table = read(shipped() / "baseline.toml")
    text = (shipped() / "baseline.toml").read_text(encoding="utf-8").splitlines()
    named = [key for key, _ in leaves(table.values) if key in parameters()]
    assert set(LEVERS) <= set(named)
    for key in named:
        comment = text[table.lines[key] - 1].partition("  # ")[2]
        assert comment.startswith(f"{parameters()[key].allowed}: "), key


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_extends_the_baseline_and_says_only_what_differs(name):
    """Each value in the file of a variant differs from the baseline."""
    contents = tomllib.loads((shipped() / f"{name}.toml").read_text(encoding="utf-8"))
    assert contents["extends"] == "baseline.toml"
    said = {key for key, _ in leaves(contents) if key in flatten(load(name))}
    assert said == {d.key for d in diff(load("baseline"), load(name))}
    assert said


@pytest.mark.parametrize("name", names())
def test_a_shipped_scenario_describes_itself(name):
    """A title, a description of two to four sentences, the name of the file."""
    scenario = load(name)
    assert scenario.name == name
    assert 10 <= len(scenario.title) <= 60
    assert 2 <= len(re.findall(r"\.(?:\s|$)", scenario.description)) <= 4


def test_no_two_shipped_scenarios_are_the_same():
    """Each has a digest and a title of its own."""
    assert len({digest(load(name)) for name in names()}) == len(names())
    assert len({load(name).title for name in names()}) == len(names())


def test_the_table_of_the_readme_is_true():
    """Each scenario has a row, and the row says exactly what differs from the baseline."""
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", README, re.MULTILINE)
    assert [row[0] for row in rows] == list(dict.fromkeys(row[0] for row in rows))
    assert {row[0] for row in rows} == set(names())
    for name, changes, question in rows:
        said = dict(parse_override(change) for change in re.findall(r"`([^`]+)`", changes))
        assert said == {d.key: d.b for d in diff(load("baseline"), load(name))}, name
        assert question


def test_the_example_of_the_readme_works_as_described(tmp_path):
    """The example file loads, merges as the rules say, and its values are where it says."""
    example = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert example is not None
    file = tmp_path / "more_teams.toml"
    file.write_text(example[1], encoding="utf-8")
    loaded = load_with_sources(file)
    assert {(d.key, d.b) for d in diff(load("baseline"), loaded.scenario)} == {
        ("teams.per_district", 2),
        ("patrols.emphasis.shamsiddin_shohin", 1.5),
        ("alert.levels.elevated.sorties", 1.5),
    }
    assert load("baseline", {"teams.per_district": 2}).teams.per_district == 2


def test_a_surge_lasts_thirty_days_and_rests_where_the_baseline_is():
    """Only elevated and heightened occur; one death raises the level, and it stays for 30 days."""
    alert = load("surge_after_attack").alert
    assert alert.level == load("baseline").alert.level == "elevated"
    assert alert.minimum_stay_days == 30.0
    assert alert.incident_weight < alert.heightened_at <= alert.incident_weight + alert.death_weight
    model = BorderModel(load("surge_after_attack"), 3).run()
    changes = [change for change in model.log[AlertChange] if change.district == "darvoz"]
    assert {change.level for change in changes} == {"elevated", "heightened"}
    raised = [c.at for c in changes if c.level == "heightened"]
    lowered = [c.at for c in changes if c.level == "elevated" and c.at > 0.0]
    assert raised
    for up, down in zip(raised, lowered, strict=False):
        assert down - up >= 30.0 - 1e-9


def test_the_hot_district_has_twice_the_garrison_and_no_other_has_less():
    """At the baseline's level, post by post."""
    plain, doubled = (BorderModel(load(n), 1) for n in ("baseline", "garrisons_hot_district"))
    for before, after in zip(plain.posts, doubled.posts, strict=True):
        hot = before.sector.slug == "shamsiddin_shohin"
        times = 2 if hot else 1
        assert after.defenders == pytest.approx(times * before.defenders, abs=1)


@pytest.mark.parametrize("name", ["night_curfew", "escorts_and_shelters"])
def test_what_keeps_people_inside_counts_the_work(name):
    """Work is lost to shelter, and none in the baseline."""
    lost = BorderModel(load(name, {"days": 5}), 1).run().accounts().worker_days_sheltered
    assert lost > 0.0
    assert BorderModel(load("baseline", {"days": 5}), 1).run().accounts().worker_days_sheltered == 0


def test_rotation_rests_people():
    """Readiness at rest is higher than in the baseline, and fewer are at the post."""
    ready, held = {}, {}
    for name in ("baseline", "rotation"):
        model = BorderModel(load(name, {"days": 60}), 1).run()
        ready[name] = model.accounts().mean_readiness
        held[name] = model.posts[0].defenders
    assert ready["rotation"] > ready["baseline"] + 0.02
    assert held["rotation"] < held["baseline"]
