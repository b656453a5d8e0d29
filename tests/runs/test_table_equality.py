"""What counts as the same when a run is made again."""

import datetime as dt

import pyarrow as pa
import pytest

from sim.runs.table_equality import tables_match

WHEN = dt.datetime(2025, 5, 1, 3, 4, 5)


def table(**changes: object) -> pa.Table:
    """A table with a column of each kind, and a gap in each."""
    values = {
        "name": ["a", None],
        "deaths": [3, None],
        "night": [True, None],
        "at": [120.25, None],
        "at_local": [WHEN, None],
        "cue": ["patrol", None],
    } | changes
    types = {"at_local": pa.timestamp("ms"), "at": pa.float64(), "deaths": pa.int64()}
    return pa.table({name: pa.array(v, types.get(name)) for name, v in values.items()})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"at": [120.25 * (1.0 + 5e-7), None]},
        {"at_local": [WHEN + dt.timedelta(milliseconds=1), None]},
    ],
)
def test_far_digits_do_not_count(changes: dict[str, object]) -> None:
    """Numbers to a millionth, times to a second."""
    assert tables_match(table(), table(**changes))
    assert tables_match(table(**changes), table())


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ["b", None]},
        {"deaths": [4, None]},
        {"deaths": [3, 0]},
        {"night": [False, None]},
        {"at": [120.25 * (1.0 + 5e-6), None]},
        {"at": [None, None]},
        {"at": [float("inf"), None]},
        {"at": [120.25, 0.0]},
        {"at_local": [WHEN + dt.timedelta(seconds=2), None]},
        {"at_local": [None, None]},
        {"at_local": [WHEN, WHEN]},
        {"cue": [None, "patrol"]},
        {"at": [120.25, float("nan")]},
        {"other": [1, 2]},
    ],
)
def test_a_difference_is_found(changes: dict[str, object]) -> None:
    """Words, whole numbers and gaps exactly; a number or a time that differs by more."""
    assert not tables_match(table(), table(**changes))
    assert not tables_match(table(**changes), table())


def test_rows_and_their_order_count() -> None:
    """A table with more rows, or with the same ones in another order, is another table."""
    assert not tables_match(table(), table().take([0]))
    assert not tables_match(table(), table().take([1, 0]))
    assert tables_match(table(), pa.concat_tables([table().take([0]), table().take([1])]))
