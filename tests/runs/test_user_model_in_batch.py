"""A user-defined model in a batch: stored, continued, refused if it is another, and sent."""

import inspect
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from random import Random

import pytest

import sim
from sim import user_code
from sim.errors import PanjError, StoreError
from sim.incidents.kinds import ENDINGS, Ending
from sim.runs import user_model
from sim.runs.verify import rerun

SHORT = sim.load("baseline", {"days": 20.0, "name": "short"})


class Empty(sim.BorderModel):
    """A frontier that nobody crosses, and a kind of ending that others do not know."""

    populations = ()


class Other(sim.BorderModel):
    """Another one."""

    populations = (*sim.BorderModel.populations,)


@pytest.fixture(autouse=True)
def _an_ending() -> Iterator[None]:
    """Something registered that a worker has to learn of."""
    ENDINGS.register(Ending("vanished", "vanished"))
    yield
    ENDINGS.remove("vanished")


@pytest.fixture
def store(tmp_path: Path) -> sim.Store:
    """Two replicates of an empty frontier."""
    return sim.run_batch(SHORT, 2, tmp_path / "store", executor="serial", model=Empty)


def crossings(store: sim.Store) -> list[int]:
    """How many crossed in each run."""
    return store.outcomes(columns=["crossings"])["crossings"].to_pylist()


def test_it_is_that_model_that_runs_and_goes_on(store: sim.Store) -> None:
    """Its own world, not panj's; the same call extends the store."""
    assert crossings(store) == [0, 0]
    more = sim.run_batch(SHORT, 3, store.path, executor="serial", model=Empty)
    assert crossings(more) == [0, 0, 0]
    assert more.manifest.made_with["model"] == user_model.model_identity(Empty)


@pytest.mark.parametrize("model", [None, Other])
def test_no_other_model_goes_on(store: sim.Store, model: type[sim.BorderModel] | None) -> None:
    """Neither panj's own model nor another user-defined one; the message names both."""
    with pytest.raises(StoreError, match=r"Empty, code [0-9a-f]+ then, (panj's own|Other)"):
        sim.run_batch(SHORT, 3, store.path, executor="serial", model=model)
    with pytest.raises(StoreError, match="Empty"):
        list(rerun(store, 1, Random(1)))


def test_a_store_of_panj_s_model_stays_so(tmp_path: Path) -> None:
    """The other way round."""
    sim.run_batch(SHORT, 1, tmp_path / "store", executor="serial")
    with pytest.raises(StoreError, match="panj's own then, Empty"):
        sim.run_batch(SHORT, 2, tmp_path / "store", executor="serial", model=Empty)


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    """Before a folder is made."""
    for thing in (Ending, sim.BorderModel(SHORT), "Empty"):
        with pytest.raises(PanjError, match="is not a model"):
            sim.run_batch(SHORT, 1, tmp_path / "store", model=thing)
    assert not (tmp_path / "store").exists()


def test_it_is_sent_with_its_kinds(tmp_path: Path) -> None:
    """As bytes, which another process makes the model of; the kinds are known there."""
    how = user_model.simulate_with(Empty, here=False)
    ENDINGS.remove("vanished")
    run = how(SHORT, 1, ("outcomes",))
    assert run.status == "done"
    assert run.outcomes["crossings"] == 0
    assert "vanished" in ENDINGS


def test_a_pool_of_processes_runs_it(store: sim.Store, tmp_path: Path) -> None:
    """Workers that could import neither file nor class give the same store."""
    pool = sim.run_batch(SHORT, 2, tmp_path / "pool", jobs=1, model=Empty)
    assert pool.table_hash() == store.table_hash()


@lru_cache(maxsize=2)
def slow(number: int) -> int:
    """A function with a cache, which other code of this file calls."""
    return number + len(Empty.populations)


def calling(number: int) -> int:
    """That other code."""
    return slow(number)


def test_a_function_with_a_cache_goes_along() -> None:
    """Python sends only its name, which nobody knows in a worker; its cache begins empty there."""
    slow(1)
    sent = user_code.pack((calling, slow), [Empty])
    code = (
        "import sys\nfrom sim import user_code\n"
        "calling, slow = user_code.unpack(sys.stdin.buffer.read())\n"
        "print(calling(41), calling(41), *slow.cache_info(), slow.__module__ in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], input=sent, capture_output=True, check=True)
    assert done.stdout.decode().split() == ["41", "41", "1", "1", "2", "1", "False"]


def test_a_class_without_source_is_known_by_methods_and_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As in a notebook, where Python 3.12 finds the source of functions only."""
    whole = inspect.getsource

    def functions_only(thing: object) -> str:
        if isinstance(thing, type):
            raise TypeError("is a built-in class")
        return whole(thing)

    monkeypatch.setattr(inspect, "getsource", functions_only)
    made = [
        type("Kept", (sim.BorderModel,), {"__module__": "__main__", "rate": rate})
        for rate in (1.0, 1.0, 2.0)
    ]
    one, same, other = (user_model.model_identity(model) for model in made)
    assert one == same != other
