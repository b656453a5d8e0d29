"""A null change changes nothing: the same scenario and seed give the same run, byte for byte."""

import os
import subprocess
import sys
from pathlib import Path

import mesa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import BUSY, QUICK, WORLDS, run, scenario, unbroken

from sim.engine.actor import Actor
from sim.model import BorderModel
from sim.scenario.load import load

ROOT = Path(__file__).resolve().parents[2]
SEEDS = st.integers(0, 2**63 - 1)
NAMES = st.sampled_from(sorted(WORLDS))
SHIPPED = sorted(path.stem for path in (ROOT / "scenarios").glob("*.toml"))


@settings(QUICK, max_examples=3)
@given(SEEDS, NAMES)
def test_a_run_can_be_repeated(seed: int, name: str) -> None:
    """Same scenario, same seed: the same fingerprint, from a scenario made again."""
    assert run(WORLDS[name], seed=seed).fingerprint() == run(WORLDS[name], seed=seed).fingerprint()


@pytest.mark.parametrize("name", ["defaults", "busy"])
def test_the_fingerprint_can_differ(name: str) -> None:
    """Negative control: another seed, and a change of a chance or a price, is another run."""
    seen = [run(WORLDS[name], seed=seed).fingerprint() for seed in (1, 2)]
    seen.append(run(WORLDS[name], {"patrols.p_sight": 0.9}).fingerprint())
    seen.append(run(WORLDS[name], {"costs.guard_hour": 2.500001}).fingerprint())
    assert len(set(seen)) == 4


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios_repeat(name: str) -> None:
    """Every shipped scenario, 20 days of it, gives the same run twice."""
    spec = load(ROOT / "scenarios" / f"{name}.toml", {"days": 20.0})
    assert BorderModel(spec, 3).run().fingerprint() == BorderModel(spec, 3).run().fingerprint()


@pytest.mark.thorough
def test_other_processes_run_the_same() -> None:
    """Whatever the seed of Python's own hashes: nothing depends on the order of a set."""
    code = (
        "import sys; sys.path.insert(0, 'tests/model')\n"
        "from worlds import QUICK, BUSY, WATCHED, run\n"
        "print(run(BUSY, seed=5).fingerprint(), run(WATCHED, seed=5).fingerprint())\n"
    )
    here = f"{run(BUSY, seed=5).fingerprint()} {run(WORLDS['watched'], seed=5).fingerprint()}"
    for hash_seed in ("0", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment, cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.strip() == here


# -- however it is run --------------------------------------------------------------------


@settings(QUICK, max_examples=3)
@given(NAMES, SEEDS, st.lists(st.floats(0.0, 70.0), max_size=8))
def test_slices_do_not_matter(name: str, seed: int, stops: list[float]) -> None:
    """Run to any instants on the way, past the horizon too, then to the end."""
    model = BorderModel(scenario(WORLDS[name]), seed)
    for stop in sorted(stops):
        model.run_until(stop)
    assert model.run().fingerprint() == run(WORLDS[name], seed=seed).fingerprint()


@pytest.mark.parametrize("name", ["busy", "watched"])
def test_day_by_day_is_the_same(name: str) -> None:
    """Mesa's ``step`` sixty times, or Mesa's own loop, is one run to the horizon."""
    whole = unbroken(name)
    by_day = BorderModel(scenario(WORLDS[name]), 1)
    for _ in range(60):
        by_day.step()
    assert by_day.fingerprint() == whole
    by_mesa = BorderModel(scenario(WORLDS[name]), 1)
    by_mesa.run_model()
    assert by_mesa.fingerprint() == whole


def test_nothing_happens_past_the_horizon() -> None:
    """The run is over at its horizon: further steps leave log, outcomes and clock alone."""
    model = run(BUSY, {"days": 30.5})
    before, records = model.fingerprint(), len(model.log)
    model.step()
    model.run_until(99.0)
    assert (model.fingerprint(), len(model.log), model.time) == (before, records, 30.5)
    assert not model.running


def test_runs_beside_each_other_do_not_touch() -> None:
    """Two models of other scenarios and seeds, stepped in turn, run as each would alone."""
    one, other = BorderModel(scenario(BUSY), 1), BorderModel(scenario(WORLDS["watched"]), 2)
    for _ in range(60):
        one.step()
        other.step()
    assert one.fingerprint() == unbroken("busy")
    assert other.fingerprint() == run(WORLDS["watched"], seed=2).fingerprint()


# -- observation --------------------------------------------------------------------------


class Curious(BorderModel):
    """Asks about everything at the end of each day."""

    def observe(self) -> None:
        """Outcomes, accounts, fingerprint, once a week everybody's place then and about."""
        super().observe()
        self.outcomes()
        self.accounts()
        self.district_table()
        self.fingerprint()
        for agent in self.agents if self.steps % 7 == 0 else ():
            for t in (None, self.time - 0.3, self.time + 0.7):
                agent.position(t)
        for sector in self.sectors:
            sector.trust(self.time)
            sector.readiness(self.time)
        for cell in self.cells:
            cell.planning.rate(self.time)


@pytest.mark.thorough
@settings(QUICK, max_examples=4)
@given(NAMES, SEEDS)
def test_observation_changes_nothing(name: str, seed: int) -> None:
    """Asked about everything every day, the run and its outcomes are the same to the last bit."""
    spec = scenario(WORLDS[name])
    curious = Curious(spec, seed).run()
    assert curious.fingerprint() == BorderModel(spec, seed).run().fingerprint()


@settings(QUICK, max_examples=5)
@given(NAMES, st.lists(st.tuples(st.floats(0.0, 60.0), st.floats(-5.0, 90.0)), max_size=6))
def test_positions_can_be_asked_at_any_instant(name: str, asked: list[tuple[float, float]]) -> None:
    """On the way, for times past and to come: places are on the frontier, nothing changes."""
    model = BorderModel(scenario(WORLDS[name]), 4)
    for now, t in sorted(asked):
        model.run_until(now)
        for agent in model.agents:
            km, depth = agent.position(t)
            assert 0.0 <= km <= 1340.0
            assert -20.0 <= depth <= 110.0
    assert model.run().fingerprint() == run(WORLDS[name], seed=4).fingerprint()


def test_collecting_data_changes_nothing() -> None:
    """A Mesa data collector with model and agent reporters samples 60 days of the same run."""
    model = BorderModel(scenario(BUSY), 1)
    model.datacollector = mesa.DataCollector(
        model_reporters={"crossings": lambda m: m.outcomes()["crossings"], "teams": free_teams},
        agent_reporters={"km": lambda agent: agent.position()[0]},
    )
    model.run()
    frame = model.datacollector.get_model_vars_dataframe()
    assert len(frame) == 60
    assert frame["crossings"].is_monotonic_increasing
    assert len(model.datacollector.get_agent_vars_dataframe()) > 60 * len(model.posts)
    assert model.fingerprint() == unbroken("busy")


def free_teams(model: BorderModel) -> int:
    """Teams at home."""
    return sum(team.free for team in model.dispatch.teams)


def test_what_others_add_changes_nothing_else() -> None:
    """A user's agent, events and random numbers leave the model's draws as they are."""
    model = BorderModel(scenario(BUSY), 1)
    visitor = Actor(model, "visitor/1", 500.0)
    visitor.after(3.0, visitor.remove)
    for day in range(1, 30):
        model.schedule_event(model.random.random, at=float(day))
        visitor.draw.uniform("anything", day)
    model.rng.random(100)
    assert model.run().fingerprint() == unbroken("busy")


# -- names --------------------------------------------------------------------------------


def test_names_do_not_matter() -> None:
    """Name, title and description say what a scenario is called, and change no run."""
    named = run(BUSY, {"name": "another", "title": "Another", "description": "In other words"})
    assert named.fingerprint() == unbroken("busy")
