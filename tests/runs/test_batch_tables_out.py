"""A store checked, asked and exported."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

import sim
from sim.errors import OutputError, StoreError
from sim.runs import store_files as place
from sim.runs.catalogue import Catalogue
from sim.runs.export import export
from sim.runs.lock import locked
from sim.runs.sql import query
from sim.runs.store import Store
from sim.runs.verify import rerun, verify

SHORT = [sim.load(name, {"days": 25.0}) for name in ("baseline", "triggered")]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of short real runs with every table."""
    folder = tmp_path_factory.mktemp("stores") / "s"
    sim.run_batch(SHORT, 6, folder, executor="serial", incidents=True)
    return folder


@pytest.fixture
def store(path: Path) -> Store:
    """That store, opened."""
    return Store.open(path)


def rewrite(store: Store, column: str, value: object) -> None:
    """Forge a column of the first part of outcomes, checksum and seal and all."""
    part, path = store.parts[0], store.files("outcomes")[0]
    table = pq.read_table(path)
    at = table.column_names.index(column)
    values = value if isinstance(value, list) else [value] * table.num_rows
    forged = pa.array(values, table[column].type)
    pq.write_table(table.set_column(at, table.field(column), forged), path)
    sums = {**part.sums, "outcomes": place.checksum(path.read_bytes())}
    relist(store, drop=[part], add=[part._replace(sums=sums)])


def relist(store: Store, **changes: Any) -> None:
    """Change a catalogue as one would who knows how."""
    forged = Catalogue.create(store.path, store.manifest)
    forged.write(**changes)
    forged.close()


@pytest.fixture
def forgeable(tmp_path: Path) -> Store:
    """A store of its own, to be spoilt."""
    return sim.run_batch(SHORT, 3, tmp_path / "s", executor="serial")


def test_a_fresh_store_is_sound(store: Store) -> None:
    """Nothing is wrong with a store that a batch has just left."""
    assert verify(store) == []


def test_runs_made_again_are_the_same(store: Store) -> None:
    """Every run of the store, made again, gives every table."""
    found = list(rerun(store, 100, random.Random(1)))
    assert len({key for key, _ in found}) == 12
    assert all(unlike == [] for _, unlike in found)


def test_a_forged_number_is_found_by_running_again(forgeable: Store) -> None:
    """A number that was changed together with its checksum does not survive a rerun."""
    rewrite(forgeable, "deaths", 77)
    opened = Store.open(forgeable.path)
    assert verify(opened) == []
    assert sum(unlike == ["outcomes"] for _, unlike in rerun(opened, 6, random.Random(1))) == 3


@pytest.mark.parametrize(
    ("column", "factor", "found"),
    [("cost_usd", 1.0 + 1e-9, 0), ("cost_usd", 1.0 + 1e-5, 3), ("mean_readiness", 1.0 - 1e-5, 3)],
)
def test_far_digits_are_of_another_machine_and_near_ones_are_not(
    forgeable: Store, column: str, factor: float, found: int
) -> None:
    """A rerun forgives a billionth and finds a hundred-thousandth."""
    (part, *_) = forgeable.files("outcomes")
    values = pq.read_table(part)[column].to_pylist()
    rewrite(forgeable, column, [value * factor for value in values])
    opened = Store.open(forgeable.path)
    assert sum(unlike == ["outcomes"] for _, unlike in rerun(opened, 6, random.Random(1))) == found


@pytest.mark.parametrize(
    ("column", "value"),
    [("seed", 5), ("replicate", 5), ("draw", 1), ("status", "failed"), ("scenario", "x"),
     ("digest", "0" * 32)],
)  # fmt: skip
def test_wrong_keys_are_found(forgeable: Store, column: str, value: object) -> None:
    """A row whose seed, draw, replicate, scenario or end is not its own is named."""
    rewrite(forgeable, column, value)
    (problem,) = verify(Store.open(forgeable.path))
    assert problem.startswith("outcomes/")
    assert "are not its own" in problem


def spoilt(store: Store, **changes: object) -> list[str]:
    """What verify says of a store whose manifest was changed, seal and all."""
    relist(store, manifest=replace(store.manifest, **changes))  # type: ignore[arg-type]
    return verify(Store.open(store.path))


def test_wrong_values_of_a_scenario_are_found(forgeable: Store) -> None:
    """Values that do not give the digest under which runs are kept are named."""
    scenarios = dict(forgeable.manifest.scenarios)
    values = {**scenarios["baseline"].values, "days": 26.0}
    scenarios["baseline"] = replace(scenarios["baseline"], values=values)
    problems = spoilt(forgeable, scenarios=scenarios)
    assert any("'baseline' do not give its digest" in problem for problem in problems)
    assert any("table of parameters" in problem for problem in problems)


def test_a_scenario_that_was_taken_out_is_missed(forgeable: Store) -> None:
    """Its parts are still listed, and nobody asked for them."""
    scenarios = {"baseline": forgeable.manifest.scenarios["baseline"]}
    problems = spoilt(forgeable, scenarios=scenarios)
    assert any("of a scenario that the store does not have" in problem for problem in problems)


@pytest.mark.parametrize("name", ["../../etc/passwd", "<script>", "other"])
def test_a_scenario_under_another_name_is_found(forgeable: Store, name: str) -> None:
    """The name under which it is kept must be its own."""
    baseline, triggered = forgeable.manifest.scenarios.values()
    problems = spoilt(forgeable, scenarios={name: baseline, "triggered": triggered})
    assert any("has the values of 'baseline'" in problem for problem in problems)


def test_one_digest_under_two_names_is_found(forgeable: Store) -> None:
    """Two scenarios cannot be the same runs."""
    both = forgeable.manifest.scenarios
    problems = spoilt(forgeable, scenarios={**both, "twin": both["baseline"]})
    assert any("has the digest of another" in problem for problem in problems)


def test_a_store_in_use_is_not_verified(forgeable: Store) -> None:
    """While a batch writes, parts come and go: to verify then would find what is not damage."""
    with locked(forgeable.path), pytest.raises(StoreError, match="a batch is writing"):
        verify(forgeable)


def test_runs_of_other_code_are_not_made_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A difference would then mean nothing; the error says what differs."""
    monkeypatch.setattr(
        "sim.runs.verify.made_with", lambda: {**store.manifest.made_with, "code": "x"}
    )
    with pytest.raises(StoreError, match="the model's code"):
        list(rerun(store, 1, random.Random(1)))


def test_sql_sees_every_table(store: Store) -> None:
    """Counting in SQL gives what the tables hold."""
    for name in store.tables:
        answer = query(store, f"SELECT count(*) AS n FROM {name}").to_pylist()
        assert answer == [{"n": store.table(name).num_rows}]


def test_sql_joins_tables(store: Store) -> None:
    """The deaths of the districts of a run add up to those of the run."""
    answer = query(
        store,
        "SELECT count(*) AS wrong FROM outcomes o JOIN (SELECT scenario, replicate, "
        "sum(deaths) AS deaths FROM districts GROUP BY ALL) d USING (scenario, replicate) "
        "WHERE o.deaths <> d.deaths",
    )
    assert answer.to_pylist() == [{"wrong": 0}]


def test_sql_sees_a_store_that_was_cut_short(forgeable: Store) -> None:
    """Without an orderly end every part that is listed is read."""
    relist(forgeable, manifest=replace(forgeable.manifest, closed=False))
    assert query(forgeable, "SELECT count(*) AS n FROM outcomes").to_pylist() == [{"n": 6}]


@pytest.mark.parametrize("statement", ["SELEC 1", "SELECT casualties FROM outcomes", "FROM x"])
def test_a_wrong_statement_is_one_error(store: Store, statement: str) -> None:
    """DuckDB's own words come in one line, with the names of the tables."""
    with pytest.raises(StoreError, match="outcomes, districts, incidents"):
        query(store, statement)


READERS: dict[str, Callable[[Path], int]] = {
    ".csv": lambda path: len(pd.read_csv(path)),
    ".parquet": lambda path: pl.read_parquet(path).height,
    ".arrow": lambda path: feather.read_table(path).num_rows,
}


@pytest.mark.parametrize("suffix", READERS)
@pytest.mark.parametrize("table", ["outcomes", "districts", "incidents"])
def test_every_table_can_be_exported(store: Store, tmp_path: Path, suffix: str, table: str) -> None:
    """Each form is read by a program of its own kind and has all rows."""
    target = tmp_path / f"x{suffix}"
    rows = export(store, table, target)  # type: ignore[arg-type]
    assert rows == store.table(table).num_rows == READERS[suffix](target)  # type: ignore[arg-type]


def test_a_scenario_can_be_exported_alone(store: Store, tmp_path: Path) -> None:
    """Only the rows of the scenarios that are named."""
    assert export(store, "outcomes", tmp_path / "x.csv", ["triggered"]) == 6
    assert set(pd.read_csv(tmp_path / "x.csv")["scenario"]) == {"triggered"}


def test_an_export_replaces_nothing_unless_told(store: Store, tmp_path: Path) -> None:
    """A file that is there stays, until force is given."""
    target = tmp_path / "x.csv"
    target.write_text("mine")
    with pytest.raises(OutputError, match="--force"):
        export(store, "outcomes", target)
    assert target.read_text() == "mine"
    assert export(store, "outcomes", target, force=True) == 12


@pytest.mark.parametrize("name", ["x.xlsx", "x", "gone/x.csv"])
def test_an_export_that_cannot_be_is_refused(store: Store, tmp_path: Path, name: str) -> None:
    """An unknown form or a folder that is not there is one error, and nothing is left."""
    with pytest.raises(OutputError, match=name):
        export(store, "outcomes", tmp_path / name)
    assert list(tmp_path.iterdir()) == []
