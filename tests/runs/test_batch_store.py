"""Run, resume and extend are one thing; the store is the same on any executor, in any order."""

import os
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.compute as pc
import pytest
import quick_runs
from filled import ran
from quick_runs import CHOSEN, OTHER, quick, raising

import sim
from sim.errors import PanjError, StoreError
from sim.runs import batch as run
from sim.runs import chunks, execute, parts, writer
from sim.runs.batch import BatchOptions, BatchProgress, fill_store
from sim.runs.chunks import PROCESS_DIED
from sim.runs.replicate import Simulate, seed_of
from sim.runs.request import Request
from sim.runs.store import Store
from sim.runs.store_tables import RUN
from sim.runs.workers import start_workers
from sim.scenario.spec import Scenario

BOTH = (CHOSEN, OTHER)


def fill(
    folder: Path,
    replicates: int,
    scenarios: Sequence[Scenario] = BOTH,
    simulate: Simulate = quick,
    **watch: Any,
) -> Store:
    """Run a batch of quick runs in this process."""
    request = Request(scenarios, replicates)
    return ran(folder, request, simulate, **watch).store


def files(store: Path) -> dict[str, bytes]:
    """Every part of a store."""
    return {str(p.relative_to(store)): p.read_bytes() for p in sorted(store.glob("*/*.parquet"))}


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of 8 replicates, joined from 3 chunks, so that there are many."""
    monkeypatch.setattr(parts, "BLOCK", 8)
    monkeypatch.setattr(chunks, "STRIDE", 8)
    monkeypatch.setattr(writer, "JOIN_AT", 3)


def test_no_chunk_lies_in_two_parts() -> None:
    """Parts begin where the turn of a scenario begins, so a chunk belongs to one of them."""
    assert parts.BLOCK % chunks.STRIDE == 0
    assert run.CHECK_EVERY % chunks.STRIDE == 0


@pytest.mark.thorough
@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("steps", [[1, 20], [7, 8, 9, 20], [19, 20], [20, 20, 5]], ids=str)
def test_extending_is_running(tmp_path: Path, steps: list[int]) -> None:
    """In steps or at once, the parts are the same byte for byte."""
    whole = fill(tmp_path / "whole", 20)
    for n in steps:
        stepped = fill(tmp_path / "steps", n)
    assert files(stepped.path) == files(whole.path)
    assert stepped.table_hash() == whole.table_hash()


@pytest.mark.usefixtures("small_parts")
def test_what_is_there_is_not_run_again(tmp_path: Path) -> None:
    """A second batch runs only what the first lacks: replicates, and scenarios."""
    ran: list[int] = []

    def counted(scenario: Scenario, seed: int, keep: Sequence[str]) -> run.simulate:  # type: ignore[valid-type]
        ran.append(seed)
        return quick(scenario, seed, keep)

    fill(tmp_path / "s", 5, [CHOSEN], counted)
    assert sorted(ran) == sorted(seed_of(r) for r in range(5))
    ran.clear()
    fill(tmp_path / "s", 7, BOTH, counted)
    assert sorted(ran) == sorted(seed_of(r) for r in (*range(5, 7), *range(7)))
    ran.clear()
    fill(tmp_path / "s", 7, [], counted)
    assert ran == []


@pytest.mark.usefixtures("small_parts")
def test_the_order_of_scenarios_changes_no_part(tmp_path: Path) -> None:
    """Scenarios the other way round give the same parts and the same hash."""
    one, two = fill(tmp_path / "one", 11), fill(tmp_path / "two", 11, BOTH[::-1])
    assert files(one.path) == files(two.path)
    assert one.table_hash() == two.table_hash()
    assert list(two.scenarios) == ["triggered", "baseline"]


@pytest.mark.thorough
@pytest.mark.usefixtures("small_parts")
def test_threads_and_shuffled_chunks_change_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chunks run in any order, of any size, on your own executor, give the same parts."""
    whole = fill(tmp_path / "whole", 30)
    planned = run.missing_chunks

    def shuffled(wanted: int, there: dict[str, set[int]], size: Callable[[int], int]) -> object:
        found = list(planned(wanted, there, lambda left: random.Random(7).randint(1, 5)))
        random.Random(3).shuffle(found)
        return iter(found)

    monkeypatch.setattr(run, "missing_chunks", shuffled)
    with ThreadPoolExecutor(3) as pool, start_workers(pool, 3) as workers:
        fill_store(tmp_path / "other", Request(BOTH, 30), workers, BatchOptions(simulate=quick))
    assert files(tmp_path / "other") == files(whole.path)


def test_processes_give_what_one_process_gives(tmp_path: Path) -> None:
    """Real years, short ones: three processes and none at all give the same parts."""
    short = [sim.load(name, {"days": 15.0}) for name in ("baseline", "triggered")]
    serial = sim.run_batch(short, 6, tmp_path / "serial", executor="serial", incidents=True)
    pool = sim.run_batch(short, 6, tmp_path / "pool", jobs=3, incidents=True)
    assert files(serial.path) == files(pool.path)
    assert serial.table_hash() == pool.table_hash()


def test_a_batch_of_a_table_has_a_scenario_for_each_row(tmp_path: Path) -> None:
    """Overrides in a frame, with draws in another: the store's parameters tell both."""
    frame = pd.DataFrame({"days": [5.0, 5.0], "patrols.size": [3, 6], "name": ["few", "many"]})
    draws = pd.DataFrame({"patrols.p_sight": [0.1, 0.2, 0.3]})
    store = sim.run_batch(frame, 4, tmp_path / "s", executor="serial", posterior=draws)
    assert list(store.scenarios) == ["few", "many"]
    assert store.outcomes()["draw"].to_pylist() == [0, 1, 2, 0] * 2
    said = store.parameters().to_pandas()
    sizes = said[(said.key == "patrols.size") & said.draw.isna()]
    assert dict(zip(sizes.scenario, sizes.value, strict=True)) == {"few": 3.0, "many": 6.0}
    sight = said[(said.key == "patrols.p_sight") & (said.scenario == "many") & said.draw.notna()]
    assert sight.value.to_list() == [0.1, 0.2, 0.3]


def test_a_name_is_one_scenario(tmp_path: Path) -> None:
    """Not one for each of its letters."""
    store = sim.run_batch({"days": 5.0, "name": "short"}, 1, tmp_path / "s", executor="serial")
    assert list(store.scenarios) == ["short"]


def test_a_row_is_the_model_s(tmp_path: Path) -> None:
    """The row of a replicate is the outcome row of a model with that replicate's seed."""
    short = sim.load("baseline", {"days": 15.0})
    store = sim.run_batch([short], 3, tmp_path / "s", executor="serial")
    for row in store.outcomes().to_pylist():
        assert row["seed"] == seed_of(row["replicate"])
        outcomes = sim.BorderModel(short, seed=row["seed"]).run().outcomes()
        assert {name: row[name] for name in outcomes} == outcomes


def test_rows_come_by_scenario_then_replicate(tmp_path: Path) -> None:
    """The table is in the order of the manifest, each key once, and pairs share a seed."""
    table = fill(tmp_path / "s", 9).outcomes()
    keys = list(zip(*(table[name].to_pylist() for name in ("scenario", "replicate")), strict=True))
    assert keys == [(name, r) for name in ("baseline", "triggered") for r in range(9)]
    assert table["seed"].to_pylist() == [seed_of(r) for r in range(9)] * 2


def test_columns_and_scenarios_can_be_chosen(tmp_path: Path) -> None:
    """The first columns are always there; the others as asked, in that order."""
    store = fill(tmp_path / "s", 4)
    table = store.outcomes(["triggered"], ["victims", "cost_usd"])
    assert table.column_names == [*RUN, "victims", "cost_usd"]
    assert table.num_rows == 4
    assert store.outcomes([]).num_rows == 0
    assert store.districts(columns=["crossings"]).column_names[-1] == "crossings"
    assert store.districts().num_rows == 2 * 4 * 2


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda s: s.outcomes(["routine"]), "It holds baseline, triggered"),
        (lambda s: s.outcomes(columns=["killed"]), "no such column"),
        (lambda s: s.incidents(), "does not keep incidents"),
    ],
    ids=["scenario", "column", "table"],
)
def test_what_is_not_there_is_refused(
    tmp_path: Path, ask: Callable[[Store], object], words: str
) -> None:
    """An unknown scenario, column or table is an error that says what there is."""
    with pytest.raises(StoreError, match=words):
        ask(fill(tmp_path / "s", 2))


@pytest.mark.usefixtures("small_parts")
def test_other_programs_read_it(tmp_path: Path) -> None:
    """DuckDB, Polars and pandas read the folder as it lies and count the same deaths."""
    store = fill(tmp_path / "s", 20)
    deaths = pc.sum(store.outcomes()["deaths"]).as_py()
    glob = str(store.path / "outcomes" / "*.parquet")
    assert duckdb.sql(f"SELECT sum(deaths) FROM '{glob}'").fetchall() == [(deaths,)]
    assert pl.scan_parquet(glob).select(pl.col("deaths").sum()).collect().item() == deaths
    assert pd.read_parquet(store.path / "outcomes")["deaths"].sum() == deaths


def test_a_store_being_written_can_be_read(tmp_path: Path) -> None:
    """A reader meanwhile sees every run that is counted, chunks and parts as one table."""
    seen: list[int] = []

    def look(tally: BatchProgress) -> None:
        table = Store.open(tmp_path / "s").outcomes(columns=["deaths"])
        assert table.num_rows == tally.done
        assert Store.open(tmp_path / "s").in_use
        assert not Store.open(tmp_path / "s").complete
        seen.append(tally.done)

    store = fill(tmp_path / "s", 150, progress=look)
    assert len(seen) > 3
    assert seen[-1] == 300
    assert store.complete
    assert not store.in_use
    assert sorted(os.listdir(store.path)) == [
        ".lock", "districts", "outcomes", "parameters.parquet", "store.sqlite",
    ]  # fmt: skip


def test_a_batch_holds_no_more_than_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many replicates, nothing larger than one part is ever put together."""
    monkeypatch.setattr(parts, "BLOCK", 50)
    largest = 0
    joined = parts.in_order

    def measured(table: object) -> object:
        nonlocal largest
        largest = max(largest, table.num_rows)  # type: ignore[attr-defined]
        return joined(table)  # type: ignore[arg-type]

    monkeypatch.setattr(parts, "in_order", measured)
    fill(tmp_path / "s", 1000, [CHOSEN])
    assert 0 < largest <= 50 * 2  # two districts a run


@pytest.mark.thorough
def test_a_whole_stretch_is_one_part_while_the_batch_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the stretch that is being run lies in pieces, however few they are."""
    monkeypatch.setattr(parts, "BLOCK", 50)
    monkeypatch.setattr(execute, "LARGEST", 5)
    seen: list[tuple[int, int]] = []

    def look(tally: BatchProgress) -> None:
        pieces = len(list((tmp_path / "s" / "outcomes").glob("*.parquet")))
        seen.append((tally.done // 50, pieces))

    fill(tmp_path / "s", 500, [CHOSEN], progress=look)
    assert seen[-1][0] == 10
    assert max(pieces - whole for whole, pieces in seen) <= 25


def test_a_failed_run_is_a_row_and_is_kept(tmp_path: Path) -> None:
    """The others continue; the next batch repeats a failed run only on request."""
    store = fill(tmp_path / "s", 20, simulate=raising)
    failed = store.outcomes().filter(pc.field("status") == "failed")
    assert failed["replicate"].to_pylist() == [3, 17, 3, 17]
    assert failed["message"].unique().to_pylist() == ["ZeroDivisionError: division by zero"]
    assert failed["deaths"].null_count == 4
    assert fill(tmp_path / "s", 20).table_hash() == store.table_hash()
    again = fill(tmp_path / "s", 20, retry_failed=True)
    assert again.table_hash() == fill(tmp_path / "whole", 20).table_hash()
    assert files(again.path) == files(tmp_path / "whole")


@pytest.mark.thorough
def test_a_run_that_kills_its_process_is_a_failed_row(tmp_path: Path) -> None:
    """An exit and a SIGKILL amid others cost their own runs only, and say what happened."""
    with start_workers("processes", 2) as workers:
        request = Request([CHOSEN], 40)
        report = fill_store(
            tmp_path / "s", request, workers, BatchOptions(simulate=quick_runs.killing)
        )
    table = report.store.outcomes()
    failed = table.filter(pc.field("status") == "failed")
    assert table.num_rows == 40
    assert failed["replicate"].to_pylist() == [3, 17]
    assert failed["stage"].to_pylist() == [PROCESS_DIED[0]] * 2
    assert failed["message"].to_pylist() == [PROCESS_DIED[1]] * 2
    assert report.progress == BatchProgress(40, 38, 2)
    whole = fill(tmp_path / "whole", 40, [CHOSEN]).outcomes()
    good = pc.field("status") == "done"
    spared = whole.filter(~pc.is_in(pc.field("replicate"), failed["replicate"].combine_chunks()))
    assert table.filter(good).equals(spared)


def test_an_executor_that_cannot_be_mended_says_so(tmp_path: Path) -> None:
    """With your own executor a death ends the batch; finished runs are kept."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    request = Request([CHOSEN], 20)
    with (
        ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as pool,
        start_workers(pool, 1) as workers,
        pytest.raises(PanjError, match="given executor died"),
    ):
        fill_store(tmp_path / "s", request, workers, BatchOptions(simulate=quick_runs.killing))
    assert fill(tmp_path / "s", 20, [CHOSEN]).outcomes().num_rows == 20


def test_a_worker_with_other_code_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers of another version never reach the store."""
    monkeypatch.setattr("sim.runs.chunks.code_digest", lambda: "elsewhere")
    with pytest.raises(StoreError, match="another version"):
        fill(tmp_path / "s", 3)
    assert Store.open(tmp_path / "s").outcomes().num_rows == 0


def test_a_rule_is_asked_in_steps_of_replicates(tmp_path: Path) -> None:
    """The rule sees whole steps of every scenario, and ends the batch the first time it holds."""
    asked: list[tuple[int, int]] = []

    def until(store: Store, first: int) -> bool:
        asked.append((first, store.outcomes().num_rows))
        return first >= 100

    store = fill(tmp_path / "s", 500, until=until)
    assert asked == [(50, 100), (100, 200)]
    assert store.outcomes().num_rows == 200


def test_a_batch_in_a_temporary_folder_goes_with_its_store() -> None:
    """Without a folder the store lasts as long as somebody holds it."""
    short = sim.load("baseline", {"days": 5.0})
    store = sim.run_batch([short], 2, executor="serial")
    path = store.path
    assert store.outcomes().num_rows == 2
    del store
    assert not path.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"replicates": 0}, "at least one replicate"),
        ({"jobs": 0}, "at least one"),
        ({"executor": "cloud"}, "not an executor"),
        ({"scenarios": ["nowhere"]}, "nowhere"),
        ({"scenarios": []}, "holds no scenario"),
    ],
    ids=str,
)
def test_mistakes_leave_no_folder(tmp_path: Path, arguments: dict[str, object], words: str) -> None:
    """What cannot be run is refused before anything is written."""
    asked: dict[str, object] = {"scenarios": ["baseline"], "replicates": 1, **arguments}
    with pytest.raises(PanjError, match=words):
        sim.run_batch(folder=tmp_path / "s", **asked)  # type: ignore[arg-type]
    assert not (tmp_path / "s").exists()
