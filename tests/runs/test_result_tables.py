"""Records as tables: the record type decides the schema, and nothing is lost on the way."""

import datetime as dt
import math
from pathlib import Path
from types import NoneType
from typing import Literal, NamedTuple, get_args, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.incidents.records import RECORD_TYPES, Incident
from sim.runs.arrow import LOCAL, column, from_table, to_table

START = dt.date(2025, 11, 26)

PLAIN = {
    float: st.floats(0.0, 40_000.0),
    int: st.integers(-(2**63), 2**63 - 1),
    bool: st.booleans(),
    str: st.text(max_size=8),
}


def values(hint: object) -> st.SearchStrategy[object]:
    """Every value an annotation admits, within what a simulation can write."""
    if hint in PLAIN:
        return PLAIN[hint]
    if hint is NoneType:
        return st.none()
    parts = get_args(hint)
    literal = getattr(hint, "__origin__", None) is Literal
    return st.sampled_from(parts) if literal else st.one_of([values(part) for part in parts])


def records(kind: type) -> st.SearchStrategy[list[tuple[object, ...]]]:
    """Lists of records of a type."""
    hints = get_type_hints(kind)
    return st.lists(st.builds(kind, **{name: values(hint) for name, hint in hints.items()}))


class Reading(NamedTuple):
    """A small record with one field of each kind of type."""

    name: str
    at: float
    seen_at: float | None = None
    mean: float = 0.0
    number: int = 0
    known: bool = False
    word: Literal["a", "b"] | Literal["c"] | None = None


@pytest.mark.parametrize("kind", RECORD_TYPES)
@settings(max_examples=12)
@given(data=st.data())
def test_records_survive_the_table(kind: type, data: st.DataObject) -> None:
    """Any list of records of any type comes back from its table as it went in.

    The schema is that of a table without rows.
    """
    given_records = data.draw(records(kind))
    table = to_table(given_records, kind, START)
    assert from_table(table, kind) == given_records
    assert table.schema == to_table([], kind, START).schema


@pytest.mark.parametrize("kind", RECORD_TYPES)
def test_nullable_is_what_the_annotation_says(kind: type) -> None:
    """A column is nullable exactly where the field may be None."""
    schema = to_table([], kind).schema
    for name, hint in get_type_hints(kind).items():
        assert schema.field(name).nullable == (NoneType in get_args(hint))


@pytest.mark.parametrize("kind", RECORD_TYPES)
def test_columns_are_fields_in_order(kind: type) -> None:
    """Without a start date the columns are the fields, in their order."""
    assert to_table([], kind).column_names == list(get_type_hints(kind))


def test_types_follow_annotations() -> None:
    """Text, numbers, whole numbers, flags and words each have one column type."""
    types = {field.name: str(field.type) for field in to_table([], Reading).schema}
    assert types == {
        "name": "string",
        "at": "double",
        "seen_at": "double",
        "mean": "double",
        "number": "int64",
        "known": "bool",
        "word": "string",
    }


def test_local_times_stand_beside_their_times() -> None:
    """With a start date each time, and nothing else, is followed by its local timestamp."""
    names = to_table([], Reading, START).column_names
    assert names[:5] == ["name", "at", "at_local", "seen_at", "seen_at_local"]
    assert [name for name in names if name.endswith(LOCAL)] == ["at_local", "seen_at_local"]


@pytest.mark.parametrize(
    ("days", "local"),
    [
        (0.0, dt.datetime(2025, 11, 26)),
        (0.5, dt.datetime(2025, 11, 26, 12)),
        (23.5 / 24, dt.datetime(2025, 11, 26, 23, 30)),
        (1 + 11.25 / 24, dt.datetime(2025, 11, 27, 11, 15)),
        (36.0, dt.datetime(2026, 1, 1)),
        (-0.25, dt.datetime(2025, 11, 25, 18)),
        (1 / 86_400 * 0.4, dt.datetime(2025, 11, 26)),
    ],
)
def test_local_time_is_start_plus_days(days: float, local: dt.datetime) -> None:
    """Day 0 is the first midnight, and a local time is rounded to the second."""
    table = to_table([Reading("x", days)], Reading, START)
    assert table.column("at_local").to_pylist() == [local]


@given(st.floats(0.0, 40_000.0))
def test_local_time_keeps_the_second(days: float) -> None:
    """Going back from the local time gives the time in days to half a second."""
    (local,) = to_table([Reading("x", days)], Reading, START).column("at_local").to_pylist()
    assert isinstance(local, dt.datetime)
    back = (local - dt.datetime(2025, 11, 26)) / dt.timedelta(days=1)
    assert abs(back - days) <= 0.5001 / 86_400


@pytest.mark.parametrize("time", [None, math.inf, math.nan])
def test_no_local_time_where_there_is_no_time(time: float | None) -> None:
    """What did not happen, or never ends, has no local time."""
    table = to_table([Reading("x", 1.0, seen_at=time)], Reading, START)
    assert table.column("seen_at_local").to_pylist() == [None]


def test_tables_of_runs_can_be_stacked() -> None:
    """A quiet year can be put under a busy one."""
    busy = to_table([Reading("x", 1.0, seen_at=2.0, word="a")], Reading, START)
    quiet = to_table([], Reading, START)
    assert pa.concat_tables([busy, quiet]).num_rows == 1


def test_parquet_keeps_the_schema(tmp_path: Path) -> None:
    """A table read back from Parquet has the types it was written with."""
    table = to_table([], Incident, START)
    pq.write_table(table, tmp_path / "incidents.parquet")
    assert pq.read_table(tmp_path / "incidents.parquet").schema.equals(table.schema)


def test_none_is_refused_where_it_means_nothing() -> None:
    """None in a field that is not nullable is a mistake of the program, with the field's name."""
    with pytest.raises(ValueError, match=r"Reading\.name may not be None"):
        to_table([Reading(None, 1.0)], Reading)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        Reading("x", "soon"),  # type: ignore[arg-type]
        Reading(3, 1.0),  # type: ignore[arg-type]
        Reading("x", 1.0, number=2.5),  # type: ignore[arg-type]
    ],
)
def test_values_of_the_wrong_type_are_refused(wrong: Reading) -> None:
    """A value that is not what the annotation says is refused, never converted silently."""
    with pytest.raises((ValueError, TypeError)):
        to_table([wrong], Reading)


COLUMNS: list[tuple[list[object], pa.DataType]] = [
    (["a", None, "ü–", ""], pa.string()),
    ([True, False, None] * 5, pa.bool_()),
    ([2**62, None, -3, 4.0], pa.int64()),
    ([1.5, None, math.inf, -0.0, 7], pa.float64()),
    ([0, None, 86_400_000], pa.timestamp("ms")),
    ([None, None], pa.float64()),
    ([], pa.string()),
    (["a"] * 9, pa.string()),
]


@pytest.mark.parametrize(("given_values", "kind"), COLUMNS)
def test_a_column_is_the_one_that_arrow_makes(
    given_values: list[object], kind: pa.DataType
) -> None:
    """Without pandas, which ``pa.array`` imports; and the file of it has the same bytes."""
    files = []
    for made in (column(given_values, kind), pa.array(given_values, kind)):
        made.validate(full=True)
        sink = pa.BufferOutputStream()
        pq.write_table(pa.table({"x": made}), sink)
        files.append((made.to_pylist(), made.null_count, sink.getvalue().to_pybytes()))
    assert files[0] == files[1]


@pytest.mark.parametrize(
    ("given_values", "kind"),
    [([1], pa.bool_()), ([b"a"], pa.string()), (["1"], pa.int64()), (["1"], pa.float64())],
)
def test_a_column_refuses_values_of_another_kind(
    given_values: list[object], kind: pa.DataType
) -> None:
    """None is turned into another."""
    with pytest.raises((TypeError, ValueError)):
        column(given_values, kind)


def test_types_without_a_column_type_are_refused() -> None:
    """A record type with a field that no column can hold is named."""

    class Odd(NamedTuple):
        places: list[str]

    class Mixed(NamedTuple):
        value: int | str

    with pytest.raises(TypeError, match=r"Odd\.places: no column type"):
        to_table([], Odd)
    with pytest.raises(TypeError, match=r"Mixed\.value: no column type"):
        to_table([], Mixed)
