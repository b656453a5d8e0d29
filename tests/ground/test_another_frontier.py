"""Another frontier is a folder: it runs, is compared, drawn and viewed without a line of code."""

import json
import math
import pickle
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import NAMES, WET_JANUARY, texts, write

import sim
from sim.calibrate.simulator import simulator
from sim.calibrate.statistics import statistics
from sim.cli.main import main
from sim.comparison.source import shared_ground
from sim.errors import GroundError, PanjError, ScenarioError, SeedTableError, StoreError
from sim.frontier.ground import Ground
from sim.incidents.records import Crossing, Incident
from sim.measures.registry import described
from sim.observe import anatomy
from sim.report.anatomy import draw_anatomy
from sim.report.displacement import draw_displacement
from sim.report.one_run import OneRun
from sim.report.strip_map import draw_strip_map
from sim.runs.export import export
from sim.runs.store import Store
from sim.runs.verify import rerun, verify
from sim.scenario.spec import Scenario
from sim.scenario.values import digest
from sim.viewer.ground import ground as seen_ground
from sim.viewer.replay import replay
from sim.viewer.story import Story

SHORT: dict[str, object] = {"days": 20.0, "smugglers.loads_per_year": 2000.0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small southern frontier: 120 km, three districts, UTC-4, high water in January."""
    return write(tmp_path_factory.mktemp("grounds") / "austral")


def load(folder: Path, **changes: object) -> Scenario:
    """The baseline on that frontier, for 20 busy days."""
    return sim.load("baseline", {**SHORT, **changes}, ground=folder)


@pytest.fixture(scope="module")
def run(folder: Path) -> sim.BorderModel:
    """A run on it."""
    return sim.BorderModel(load(folder, **{"days": 60.0}), seed=3).run()


def test_everything_happens_on_the_line(run: sim.BorderModel) -> None:
    """Crossings, posts and people lie between 0 and 120 km, in districts of this ground."""
    assert len(run.log[Crossing]) > 100
    assert all(0.0 <= crossing.km < 120.0 for crossing in run.log[Crossing])
    assert {crossing.district for crossing in run.log[Crossing]} <= {"d0", "d1", "d2"}
    assert all(0.0 <= agent.position()[0] <= 120.0 for agent in run.agents)
    assert [row["district"] for row in run.district_table()] == ["d0", "d1", "d2"]
    assert run.posts[-1].east_km == 120.0
    assert "seized_khatlon_share" not in run.outcomes()


def test_its_sun_and_river_are_its_own(run: sim.BorderModel) -> None:
    """In January days are long and the water is high; noon comes when the offset says."""
    calendar = run.calendar
    assert calendar.sunset[0][0] - calendar.sunrise[0][0] > 13.5 / 24.0
    noon = (calendar.sunset[0][0] + calendar.sunrise[0][0]) / 2.0
    assert noon == pytest.approx(0.5 + (69.0 / 15.0 - 4.0) / 24.0, abs=5.0 / 1440.0)
    assert calendar.river[15] > 1.5


def test_weights_that_it_does_not_give_are_even(folder: Path) -> None:
    """Smuggling has the weights of the folder, cells and worksites those of length."""
    spec = load(folder)
    assert spec.smugglers.district_weights == {"d0": 1.0, "d1": 3.0}
    assert spec.cells.district_weights == {"d0": 40.0, "d1": 50.0, "d2": 30.0}
    loaded = sim.scenario.load.load_with_sources("baseline", ground=folder)
    said = str(loaded.sources["worksites.district_weights.d0"])
    assert said == "default: the ground austral: assumption: evenly along the line"


def test_a_scenario_names_it_by_a_path_of_its_own(folder: Path, tmp_path: Path) -> None:
    """``ground = "..."`` is seen from the folder of the file that says it."""
    shutil.copytree(folder, tmp_path / "lands" / "south")
    (tmp_path / "parent.toml").write_text('ground = "lands/south"\n', encoding="utf-8")
    (tmp_path / "deep").mkdir()
    (tmp_path / "mine.toml").write_text('extends = "parent.toml"\n', encoding="utf-8")
    spec = sim.load(tmp_path / "mine.toml")
    assert spec.ground == Ground.load(folder)
    assert spec.ground.name == "austral"


@pytest.mark.parametrize(
    ("said", "reason"), [('"nowhere"', "no such ground"), ("7", "must be a name or the path")]
)
def test_a_ground_that_is_not_there_is_told_with_its_line(
    said: str, reason: str, tmp_path: Path
) -> None:
    """File, line, key and value."""
    path = tmp_path / "mine.toml"
    path.write_text(f'extends = "baseline.toml"\nground = {said}\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match=reason) as caught:
        sim.load(path)
    assert (caught.value.line, caught.value.key) == (2, "ground")


def test_a_district_of_another_ground_is_refused(folder: Path) -> None:
    """With the nearest name of this one; also when a scenario is built by hand."""
    with pytest.raises(ScenarioError, match=r"no such district\. Districts: d0, d1, d2"):
        load(folder, **{"posts.density.panj": 2.0})
    with pytest.raises(ValueError, match="austral has no district panj"):
        Scenario.model_validate(
            {"ground": Ground.load(folder), "posts": {"density": {"panj": 2.0}}}
        )


def test_the_ground_is_part_of_what_a_scenario_is(folder: Path, tmp_path: Path) -> None:
    """One changed figure of the line gives another digest; the same texts give the same."""
    files = texts()
    assert Ground.load(write(tmp_path / "same", files)) == Ground.load(folder)
    files["line.csv"] = files["line.csv"].replace("2.5,", "2.50,", 1)
    other = sim.load("baseline", SHORT, ground=write(tmp_path / "other", files))
    assert digest(other) != digest(load(folder))
    assert digest(load(folder)) != digest(sim.load("baseline", SHORT))


def test_a_ground_travels_whole(folder: Path, tmp_path: Path) -> None:
    """Pickled or as JSON it needs no folder; a process holds it once."""
    spec = sim.load("baseline", ground=shutil.copytree(folder, tmp_path / "gone"))
    shutil.rmtree(tmp_path / "gone")
    assert pickle.loads(pickle.dumps(spec)).ground is spec.ground
    assert Scenario.model_validate_json(spec.model_dump_json()) == spec
    shipped = json.loads(sim.load("baseline").model_dump_json())["ground"]
    assert shipped == {"name": "tajik_afghan", "digest": Ground.default().digest}


def test_a_shipped_ground_that_changed_is_not_taken_for_the_old_one() -> None:
    """A name with another digest is refused."""
    with pytest.raises(GroundError, match="not the ground of this name"):
        Ground.of({"name": "tajik_afghan", "digest": "0" * 32})


@pytest.fixture(scope="module")
def store(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two scenarios of it in a store, whose folder of the ground is gone."""
    land = shutil.copytree(folder, tmp_path_factory.mktemp("gone") / "austral")
    specs = [load(land), load(land, **{"name": "denser", "posts.density.d1": 3.0})]
    path = tmp_path_factory.mktemp("stores") / "s"
    sim.run_batch(specs, 6, path, executor="serial", incidents=True)
    shutil.rmtree(land)
    return Store.open(path)


def test_a_store_needs_no_folder(store: Store) -> None:
    """It is opened, checked, run again and extended on processes from what it holds."""
    import random

    assert verify(store) == []
    assert all(unlike == [] for _, unlike in rerun(store, 2, random.Random(1)))
    longer = sim.run_batch([], 8, store.path, jobs=1)
    assert longer.outcomes().num_rows == 16
    assert set(longer.outcomes()["status"].to_pylist()) == {"done"}
    assert longer.scenarios["denser"].ground.name == "austral"


def test_another_ground_of_the_same_name_is_refused(store: Store, tmp_path: Path) -> None:
    """A store cannot hold two grounds that cannot be told apart."""
    files = texts(river=WET_JANUARY[::-1])
    spec = sim.load("baseline", {"name": "new"}, ground=write(tmp_path / "x", files))
    with pytest.raises(StoreError, match="another ground of the same name"):
        sim.run_batch([spec], 1, store.path, executor="serial")


def test_draws_fitted_elsewhere_are_refused_at_once(folder: Path, tmp_path: Path) -> None:
    """The shipped posterior weighs a district of the shipped ground."""
    with pytest.raises(StoreError, match="fitted on another ground: austral has no shamsiddin"):
        sim.run_batch([load(folder)], 1, tmp_path / "s", posterior="shipped")
    assert not (tmp_path / "s").exists()


def test_a_ground_declares_outcomes_of_its_regions(tmp_path: Path) -> None:
    """A share of a region is a column of runs and stores, with the words of the declaration."""
    files = texts(weights="")
    files["ground.toml"] += (
        '[[seized_in]]\nregion = "Alta"\noutcome = "seized_alta_share"\nstatistic = "alta_share"\n'
    )
    spec = sim.load("baseline", {**SHORT, "days": 60.0}, ground=write(tmp_path / "land", files))
    model = sim.BorderModel(spec, seed=1).run()
    seized = [(i.seized_kg, i.district) for i in model.log[Incident]]
    there = sum(kg for kg, district in seized if district == "d1")
    assert there > 0.0
    assert model.outcomes()["seized_alta_share"] == there / sum(kg for kg, _ in seized)
    store = sim.run_batch([spec], 2, tmp_path / "s", executor="serial")
    assert store.outcomes(columns=["seized_alta_share"]).num_rows == 2
    assert described("seized_alta_share").label == "of the weight seized, in Alta"


def test_seeds_are_of_a_ground(folder: Path) -> None:
    """Reports of the shipped frontier name districts that this one does not have."""
    with pytest.raises(
        SeedTableError, match=r"is not a district of the ground\. Use one of d0, d1, d2"
    ):
        simulator(load(folder, **{"days": 365.0}))
    assert "hot_share" in statistics(Ground.default())
    assert "hot_share" not in statistics(Ground.load(folder))


def test_scenarios_of_it_are_compared_by_district(store: Store) -> None:
    """Displacement has its three districts, and the policy acts in one of them."""
    found = sim.compare(store)
    rows = found.table("displacement").to_pylist()
    assert [row["district"] for row in rows[:3]] == ["d0", "d1", "d2"]
    assert [row["area"] for row in rows[:3]] == ["buffer", "response", "buffer"]
    with pytest.raises(PanjError, match="no such district"):
        sim.compare(store, response=["panj"])


def test_runs_on_two_grounds_are_not_paired(store: Store, tmp_path: Path) -> None:
    """One sentence says so."""
    shipped = sim.load("baseline", {**SHORT, "days": 1.0, "name": "elsewhere"})
    copied = Path(shutil.copytree(store.path, tmp_path / "mixed"))
    mixed = sim.run_batch([shipped], 1, copied, executor="serial")
    shares = mixed.outcomes(columns=["seized_khatlon_share"])["seized_khatlon_share"]
    assert shares.null_count == len(shares) - 1 or shares.null_count == len(shares)
    assert export(mixed, "outcomes", tmp_path / "all.csv") == len(shares)
    with pytest.raises(StoreError, match="runs on two grounds cannot be paired"):
        sim.compare(mixed)
    with pytest.raises(StoreError, match="cannot be paired"):
        shared_ground(mixed.scenarios)


def test_it_is_drawn(run: sim.BorderModel, store: Store) -> None:
    """Strip map, anatomy and displacement show its length, names, clock and beginning."""
    figure = draw_strip_map(OneRun.of(run))
    assert figure.axes[0].get_xlim() == (0.0, 120.0)
    words = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert [word for word in words if word in NAMES] == list(NAMES[:3])
    assert "the lighthouse" in figure.axes[2].get_xlabel()
    taken = anatomy(run, run.log[Incident][0])
    assert any("UTC-4" in text.get_text() for text in draw_anatomy(taken).texts)
    strips = draw_displacement(sim.compare(store))
    assert strips.axes[0].get_xlim() == (0.0, 120.0)


def test_it_is_viewed(folder: Path) -> None:
    """The viewer's ground has its line and districts; events name them; a replay is written."""
    model = sim.BorderModel(load(folder), seed=3)
    told = seen_ground(model)
    assert [district["name"] for district in told["districts"]] == list(NAMES[:3])
    assert [told["line"][0][0], told["line"][-1][0]] == [0.0, 120.0]
    events = Story(model).advance(20.0)["events"]
    assert events
    assert all(NAMES[event["district"]] in event["text"] for event in events)
    assert "Norte" in json.dumps(told)
    assert len(replay([load(folder, **{"days": 2.0})])) > 10_000


def test_commands_take_it(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``--ground`` of run, scenario show and ground check; a bad one ends with status 2."""
    assert main(["ground", "check", str(folder)]) == 0
    assert "ok" in capsys.readouterr().out
    land = ["--ground", str(folder)]
    assert main(["run", "baseline", "--days", "3", *land, "-o", str(tmp_path / "r")]) == 0
    assert "3 districts" in capsys.readouterr().out
    assert main(["plot", str(tmp_path / "r"), "--kind", "strip", "-o", str(tmp_path / "p")]) == 0
    assert main(["scenario", "show", "baseline", "--sources", *land]) == 0
    shown = capsys.readouterr().out
    assert "posts.density" in shown
    assert "the ground austral" in shown
    assert main(["ground", "show", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["length_km"] == 120.0
    assert main(["run", "baseline", "--ground", str(tmp_path)]) == 2
    assert "districts.csv" in capsys.readouterr().err


@given(
    lengths=st.lists(st.integers(2, 40), min_size=1, max_size=5),
    step=st.sampled_from([1.0, 2.0, 0.5]),
    lat=st.floats(-58.0, 58.0),
    lon=st.floats(-160.0, 170.0),
    shift=st.floats(-1.5, 1.5),
    river=st.lists(st.floats(0.2, 5.0), min_size=12, max_size=12),
)
@settings(max_examples=25)
def test_any_valid_ground_makes_a_world(
    lengths: list[int],
    step: float,
    lat: float,
    lon: float,
    shift: float,
    river: list[float],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Whatever its length, districts, place and clock: a model is built and runs five days."""
    ends = [2.0 * sum(lengths[: i + 1]) for i in range(len(lengths))]
    utc = round((lon / 15.0 + shift) * 2.0) / 2.0
    files = texts(ends, step, (lon, lat), min(max(utc, -12.0), 14.0), river, "")
    ground = Ground.load(write(tmp_path_factory.mktemp("any"), files))
    spec = sim.load("baseline", {"days": 5.0, "smugglers.loads_per_year": 3000.0}, ground=ground)
    model = sim.BorderModel(spec, seed=1).run()
    assert {crossing.district for crossing in model.log[Crossing]} <= set(ground.slugs)
    assert all(math.isfinite(v) for v in model.outcomes().values() if isinstance(v, float))
