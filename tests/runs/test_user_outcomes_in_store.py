"""User-defined outcomes in a store: on every executor, kept apart, read without registration."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import sim
from sim.errors import OutcomeError, PanjError, StoreError
from sim.measures.registry import OUTCOMES, described
from sim.measures.user_defined import user_outcomes
from sim.runs.export import export
from sim.runs.verify import rerun

SHORT = sim.load("baseline", {"days": 40.0, "name": "short"})
LONGER = sim.load("baseline", {"days": 40.0, "name": "more", "patrols.sorties_per_day": 6.0})


def forget() -> None:
    """Forget every user-defined outcome."""
    for outcome in user_outcomes():
        OUTCOMES.remove(outcome.name)


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """Leave no outcome behind."""
    yield
    forget()


def register(name: str = "alarms_a_day") -> None:
    """An outcome whose function is local: only by value can it be sent."""

    def alarms_a_day(run: sim.RunView) -> float:
        return len(run.alarms) / run.spec.days

    sim.outcome(
        name, "alarms a day", unit="alarms", better="less", noun="alarms a day", level=True
    )(alarms_a_day)


def values(store: sim.Store) -> list[Any]:
    """The column."""
    return store.outcomes(columns=["alarms_a_day"])["alarms_a_day"].to_pylist()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store of two scenarios and a user-defined outcome, run in this process."""
    folder = tmp_path_factory.mktemp("own") / "store"
    register()
    sim.run_batch([SHORT, LONGER], 3, folder, executor="serial")
    forget()
    return folder


def test_a_pool_of_processes_measures_the_same(filled: Path, tmp_path: Path) -> None:
    """A function defined in a function reaches the workers, and gives the same store."""
    register()
    store = sim.run_batch([SHORT, LONGER], 3, tmp_path / "pool", jobs=2)
    assert store.table_hash() == sim.Store.open(filled).table_hash()
    assert all(value > 0.0 for value in values(store))


@pytest.mark.thorough
def test_a_cluster_measures_the_same(filled: Path, tmp_path: Path) -> None:
    """So does a Dask cluster, whose workers are processes of their own."""
    distributed = pytest.importorskip("dask.distributed")
    register()
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        store = sim.run_batch(
            [SHORT, LONGER], 3, tmp_path / "dask", executor=cluster.scheduler_address
        )
    assert store.table_hash() == sim.Store.open(filled).table_hash()


def test_it_is_compared_and_said_in_its_own_words(filled: Path) -> None:
    """The store has its words and its direction, even if it is not registered."""
    store = sim.Store.open(filled)
    assert user_outcomes() == ()
    assert described("alarms_a_day").label == "alarms a day"
    found = sim.compare(store, "short", outcomes=["alarms_a_day"])
    row = next(r for r in found.table("contrasts").to_pylist() if r["outcome"] == "alarms_a_day")
    assert (row["unit"], row["orientation"], row["n"]) == ("alarms", "less", 3)
    assert "alarms a day" in found.verdicts[0]


def test_the_column_is_read_exported_and_found_in_an_empty_store(
    filled: Path, tmp_path: Path
) -> None:
    """Without registration: by name, in a file for other programs, and where no run is."""
    store = sim.Store.open(filled)
    assert len(values(store)) == 6
    export(store, "outcomes", tmp_path / "out.parquet")
    assert pq.read_table(tmp_path / "out.parquet")["alarms_a_day"].to_pylist() == values(store)
    assert store.outcomes([], ["alarms_a_day"]).column_names[-1] == "alarms_a_day"


def test_runs_are_made_again_with_it(filled: Path) -> None:
    """What is registered now is what was, so runs come out the same; else it is refused."""
    import random

    register()
    assert [unlike for _, unlike in rerun(sim.Store.open(filled), 2, random.Random(1))] == [[], []]
    forget()
    with pytest.raises(StoreError, match="alarms_a_day is not registered now"):
        list(rerun(sim.Store.open(filled), 1, random.Random(1)))


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ([], "alarms_a_day is not registered now"),
        (["alarms_a_day", "second"], "second is not in its runs"),
    ],
)
def test_a_store_is_not_continued_with_other_outcomes(
    filled: Path, now: list[str], told: str
) -> None:
    """Fewer or more outcomes than its runs have are refused before anything is written."""
    for name in now:
        register(name)
    before = {path: path.read_bytes() for path in filled.rglob("*") if path.is_file()}
    with pytest.raises(StoreError, match=told):
        sim.run_batch([SHORT], 4, filled, executor="serial")
    assert {path: path.read_bytes() for path in filled.rglob("*") if path.is_file()} == before


def test_a_store_is_not_continued_with_another_function(filled: Path) -> None:
    """The same name and words for something else would be mixed in silence."""
    sim.outcome(
        "alarms_a_day", "alarms a day", unit="alarms", better="less", noun="alarms a day",
        level=True,
    )(lambda run: 1.0 * len(run.alarms))  # fmt: skip
    with pytest.raises(StoreError, match="alarms_a_day is another function"):
        sim.run_batch([SHORT], 4, filled, executor="serial")


def test_a_store_begun_without_is_not_continued_with(tmp_path: Path) -> None:
    """Runs that were never asked have no value, so the two do not mix."""
    sim.run_batch([SHORT], 1, tmp_path / "plain", executor="serial")
    register()
    with pytest.raises(StoreError, match="alarms_a_day is not in its runs"):
        sim.run_batch([SHORT], 2, tmp_path / "plain", executor="serial")


@pytest.mark.parametrize("executor", ["serial", "processes"])
def test_nonsense_ends_the_batch_and_the_store_can_begin_again(
    tmp_path: Path, executor: str
) -> None:
    """One message, no row; with the function mended the same folder is filled."""
    sim.outcome("thing")(lambda run: "many")
    with pytest.raises(OutcomeError, match='outcome thing: gave "many", which is not a number'):
        sim.run_batch([SHORT], 2, tmp_path / "store", jobs=1, executor=executor)
    assert sim.Store.open(tmp_path / "store").outcomes().num_rows == 0
    forget()
    sim.outcome("thing")(lambda run: 3)
    store = sim.run_batch([SHORT], 2, tmp_path / "store", executor="serial")
    assert store.outcomes(columns=["thing"])["thing"].to_pylist() == [3, 3]


def test_what_cannot_be_sent_is_refused_before_a_folder_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without cloudpickle a local function stays here: another process is refused at once."""
    import sys

    monkeypatch.setitem(sys.modules, "cloudpickle", None)
    register()
    with pytest.raises(PanjError, match="cannot be sent to workers"):
        sim.run_batch([SHORT], 1, tmp_path / "store", jobs=1)
    assert not (tmp_path / "store").exists()
    sim.run_batch([SHORT], 1, tmp_path / "store", executor="serial")
