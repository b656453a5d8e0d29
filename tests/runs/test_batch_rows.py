"""A finished run as rows: types that come from the columns, failures that name their stage."""

import pyarrow as pa
import pytest
from quick_runs import CHOSEN, quick

from sim.frontier.ground import Ground
from sim.measures.registry import outcomes_on
from sim.model import BorderModel
from sim.runs.parts import as_parquet
from sim.runs.replicate import Run, seed_of, simulate
from sim.runs.store_tables import FAILURE, RUN, TABLES, schema, to_tables
from sim.runs.table_equality import table_digest
from sim.scenario.load import load

SHIPPED = outcomes_on(Ground.default())

SHORT = load("baseline", {"days": 20.0})


def test_an_outcome_row_has_every_outcome() -> None:
    """Key, seed and status come first, then the outcomes in their order, then the failure."""
    names = [field.name for field in SHIPPED]
    assert schema("outcomes", SHIPPED).names == [*RUN, *names, *FAILURE]


def test_what_is_counted_is_whole() -> None:
    """Counts and persons are whole numbers unless they are expected; all else is floating."""
    columns = schema("outcomes", SHIPPED)
    for field in SHIPPED:
        counted = field.unit in ("count", "persons") and not field.mean_of
        assert columns.field(field.name).type == (pa.int64() if counted else pa.float64())


def test_a_run_is_the_model_s() -> None:
    """What is kept of a run is what the model gives for that scenario and seed."""
    model = BorderModel(SHORT, seed=11).run()
    run = simulate(SHORT, 11, TABLES)
    assert run.status == "done"
    assert run.outcomes == model.outcomes()
    assert run.districts == model.district_table()


def test_tables_have_their_schema_whatever_happened() -> None:
    """A real run, an invented one and no run at all give tables of the same columns."""
    real = simulate(SHORT, 11, TABLES)
    for runs in ([real], [quick(SHORT, 5, TABLES)], []):
        for name, table in to_tables(runs, SHORT, "d" * 32, TABLES).items():
            assert table.schema.equals(schema(name, SHIPPED))


def test_each_row_names_its_run() -> None:
    """Scenario, digest and replicate stand in every row of every table."""
    run = simulate(load("baseline", {"days": 90.0}), 11, TABLES)
    for table in to_tables([run], SHORT, "d" * 32, TABLES).values():
        assert table.num_rows > 0
        assert table["scenario"].unique().to_pylist() == ["baseline"]
        assert table["digest"].unique().to_pylist() == ["d" * 32]
        assert table["replicate"].unique().to_pylist() == [0]


@pytest.mark.parametrize(
    ("stage", "method"), [("build", "__init__"), ("run", "run"), ("outcomes", "outcomes")]
)
def test_a_failure_names_its_stage(
    monkeypatch: pytest.MonkeyPatch, stage: str, method: str
) -> None:
    """What raises is kept as a row: stage, type and message, traceback; and no outcome."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the river froze")

    monkeypatch.setattr(BorderModel, method, fail)
    run = simulate(SHORT, 1, ("outcomes",))
    (row,) = to_tables([run], SHORT, "d" * 32, ("outcomes",))["outcomes"].to_pylist()
    assert row["status"] == "failed"
    assert (row["stage"], row["message"]) == (stage, "RuntimeError: the river froze")
    assert "in fail" in row["traceback"]
    assert all(row[field.name] is None for field in SHIPPED)


def test_half_a_death_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A count that is not whole is refused, not cut down to one that is."""
    row = {**simulate(SHORT, 1, ()).outcomes, "deaths": 2.5}
    monkeypatch.setattr(BorderModel, "outcomes", lambda self: row)
    failure = simulate(SHORT, 1, ()).failure
    assert failure is not None
    assert failure[0] == "outcomes"
    assert "deaths is counted, but is 2.5" in failure[1]


def test_a_missing_outcome_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that lacks an outcome is refused and names it."""
    row = dict(simulate(SHORT, 1, ()).outcomes)
    del row["seized_kg"]
    monkeypatch.setattr(BorderModel, "outcomes", lambda self: row)
    failure = simulate(SHORT, 1, ()).failure
    assert failure is not None
    assert "seized_kg" in failure[1]


def test_an_interruption_is_no_failed_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C stops the batch; it does not become a row."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(BorderModel, "run", interrupt)
    with pytest.raises(KeyboardInterrupt):
        simulate(SHORT, 1, ())


def table_of(*replicates: int) -> pa.Table:
    """The outcome table of quick runs."""
    runs = [quick(CHOSEN, seed_of(r), ()) for r in replicates]
    return to_tables(runs, CHOSEN, "d" * 32, ("outcomes",))["outcomes"]


def test_the_same_rows_are_the_same_bytes() -> None:
    """A part is a function of its rows."""
    assert as_parquet(table_of(1, 2)) == as_parquet(table_of(1, 2))
    assert as_parquet(table_of(1, 2)) != as_parquet(table_of(2, 1))


def test_a_digest_sees_rows_and_nothing_else() -> None:
    """Chunks do not matter; order, a value, a null and a column's name do."""
    whole = table_of(1, 2, 3, 4)
    assert table_digest(pa.concat_tables([whole[:1], whole[1:]])) == table_digest(whole)
    assert table_digest(whole.take([1, 0, 2, 3])) != table_digest(whole)
    for column in ("deaths", "cost_usd", "status"):
        place = whole.column_names.index(column)
        kept = whole[column].type
        spoilt = whole.set_column(place, column, pa.array([None] * 4, kept))
        assert table_digest(spoilt) != table_digest(whole)
        assert table_digest(spoilt, leave_out=(column,)) == table_digest(whole, leave_out=(column,))
    assert table_digest(whole.rename_columns([*whole.column_names[:-1], "x"])) != table_digest(
        whole
    )


def test_a_digest_tells_zero_from_nothing() -> None:
    """0 and null are two things, and so are -0.0 and 0.0."""
    columns = [pa.table({"x": pa.array([value], pa.float64())}) for value in (0.0, None, -0.0)]
    assert len({table_digest(table) for table in columns}) == 3


def test_an_invented_run_is_done_unless_it_failed() -> None:
    """The status of a run follows from its failure."""
    assert Run(0, 1).status == "done"
    assert Run(0, 1, failure=("run", "x", None)).status == "failed"
