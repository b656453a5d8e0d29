"""A model in the middle of its run is a value: copied, sent elsewhere, each copy ends the same."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import BUSY, QUICK, WORLDS, scenario, unbroken

from sim.model import BorderModel

WAYS: dict[str, Callable[[BorderModel], BorderModel]] = {
    "deepcopy": deepcopy,
    "pickle": lambda model: pickle.loads(pickle.dumps(model)),
    "old pickle": lambda model: pickle.loads(pickle.dumps(model, protocol=2)),
}


def at(day: float, name: str = "busy", seed: int = 1) -> BorderModel:
    """A model in the middle of its run."""
    model = BorderModel(scenario(WORLDS[name]), seed)
    model.run_until(day)
    return model


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "way"),
    [
        *(("busy", way) for way in WAYS),
        ("defaults", "deepcopy"),
        ("preemptive", "pickle"),
        ("watched", "old pickle"),
    ],
)
def test_copy_and_original_reach_the_unbroken_run(name: str, way: str) -> None:
    """Whichever goes first: to run one leaves the other as it was."""
    whole, model = unbroken(name), at(30.3, name)
    copy, mid = WAYS[way](model), model.fingerprint()
    assert copy.fingerprint() == mid != whole
    assert copy.run().fingerprint() == whole
    assert (model.fingerprint(), model.time) == (mid, 30.3)
    assert model.run().fingerprint() == whole


@settings(QUICK, max_examples=2)
@given(st.sampled_from(sorted(WORLDS)), st.lists(st.floats(0.0, 60.0), min_size=1, max_size=4))
def test_copies_of_copies(name: str, days: list[float]) -> None:
    """At any instants, the start and the end among them, every copy ends as the run does."""
    model, kept = at(0.0, name), []
    for number, day in enumerate([0.0, *sorted(days), 60.0]):
        model.run_until(day)
        kept.append(model)
        model = list(WAYS.values())[number % len(WAYS)](model)
    whole = unbroken(name)
    assert {copy.run().fingerprint() for copy in kept} == {whole}


def test_nothing_is_shared_but_what_never_changes() -> None:
    """Scenario, ground and calendar are the same objects; of agents and logs there are two."""
    model = at(20.0)
    copy = deepcopy(model)
    assert (copy.spec, copy.ground, copy.calendar) == (model.spec, model.ground, model.calendar)
    assert copy.calendar is model.calendar
    assert not {id(agent) for agent in model.agents} & {id(agent) for agent in copy.agents}
    assert [agent.identity for agent in copy.agents] == [agent.identity for agent in model.agents]
    assert {agent.model for agent in copy.agents} == {copy}
    records = len(model.log)
    copy.run()
    assert len(copy.log) > records == len(model.log)


@pytest.mark.thorough
def test_a_crowded_world_can_be_copied() -> None:
    """Hundreds of cells and crossings under way, which lead from one to the other."""
    crowd = {"cells.count": 200, "smugglers.loads_per_year": 200000.0, "days": 4.3}
    model = BorderModel(scenario(BUSY, crowd), 1)
    model.run_until(4.0)
    assert len(model.passages) > 300
    copies = [copied(model).run().fingerprint() for copied in WAYS.values()]
    assert set(copies) == {model.run().fingerprint()}


def test_it_goes_on_in_another_process(tmp_path: Path) -> None:
    """From a file, with other hashes of texts: the end is the same."""
    file = tmp_path / "model.pickle"
    file.write_bytes(pickle.dumps(at(30.3)))
    code = (
        "import pickle, sys\n"
        "print(pickle.load(open(sys.argv[1], 'rb')).run().fingerprint())"
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == unbroken("busy")


class Own(BorderModel):
    """A user's model with an attribute of its own."""

    def __init__(self, seed: int) -> None:
        super().__init__(scenario(BUSY), seed)
        self.days: list[float] = []

    def step(self) -> None:
        """Note the day."""
        self.days.append(self.time)


@pytest.mark.parametrize("way", WAYS)
def test_a_class_of_ones_own_is_copied_as_it_is(way: str) -> None:
    """Its constructor is not called again, and what it holds goes with it."""
    model = Own(1)
    model.run_until(3.0)
    copy = WAYS[way](model)
    copy.run_until(5.0)
    assert type(copy) is Own
    assert (model.days, copy.days) == ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0, 4.0, 5.0])
