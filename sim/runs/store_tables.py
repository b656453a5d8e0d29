"""Finished runs as tables: one row per run, per run and district, and per incident.

The type of a column follows from what the column is, never from the values of a chunk. So parts
written anywhere and in any order can be concatenated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from sim.measures.outcome import Outcome
from sim.measures.registry import BY_DISTRICT, outcomes_on
from sim.measures.user_defined import user_outcomes

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.runs.replicate import Run
    from sim.scenario.spec import Scenario

TableName = Literal["outcomes", "districts", "incidents"]
TABLES: Final[tuple[TableName, ...]] = ("outcomes", "districts", "incidents")
"""Outcomes are always kept; the other tables are optional."""

KEYS: Final = ("scenario", "digest", "replicate", "draw")
"""The columns that identify in every table the run of a row."""

RUN: Final = (*KEYS, "seed", "status")
"""The first columns of the outcome table."""

FAILURE: Final = ("stage", "message", "traceback")
"""The last columns of the outcome table; null for a run that did not fail."""

_LARGEST_COUNT: Final = 2**53
"""A floating-point number holds every whole number up to this one."""


def schema(table: TableName, outcomes: Iterable[Outcome] = ()) -> pa.Schema:
    """The columns of a table; those of the outcome table include ``outcomes``."""
    import pyarrow as pa

    keys: list[pa.Field[Any]] = [
        pa.field("scenario", pa.string(), nullable=False),
        pa.field("digest", pa.string(), nullable=False),
        pa.field("replicate", pa.int64(), nullable=False),
        pa.field("draw", pa.int64()),
    ]
    if table == "outcomes":
        run: list[pa.Field[Any]] = [
            pa.field("seed", pa.int64(), nullable=False),
            pa.field("status", pa.string(), nullable=False),
        ]
        numbers: list[pa.Field[Any]] = [
            pa.field(outcome.name, pa.int64() if outcome.whole else pa.float64())
            for outcome in outcomes
        ]
        return pa.schema([*keys, *run, *numbers, *(pa.field(n, pa.string()) for n in FAILURE)])
    if table == "districts":
        return pa.schema(
            [
                *keys,
                pa.field("district", pa.string(), nullable=False),
                *(pa.field(o.name, pa.int64() if o.whole else pa.float64()) for o in BY_DISTRICT),
            ]
        )
    incidents: list[pa.Field[Any]] = list(_incident_schema())
    return pa.schema([*keys, *incidents])


def check(rows: pa.Table, table: TableName, columns: Sequence[str] | None = None) -> None:
    """Raise ``ValueError`` where rows that were read are not those of this table.

    ``columns`` are the columns that were read; None: all.
    """
    import pyarrow.compute as pc
    import pyarrow.types as types

    names = rows.column_names
    if len(set(names)) < len(names):
        raise ValueError("a column is there twice")
    for field in _required(table):
        if columns is not None and field.name not in columns:
            continue
        if field.name not in names or rows.schema.field(field.name).type != field.type:
            raise ValueError(f"there is no column {field.name} of type {field.type}")
        if not field.nullable and rows[field.name].null_count:
            raise ValueError(f"the column {field.name} has gaps")
    for name, kind in zip(names, rows.schema.types, strict=True):
        if not (
            types.is_integer(kind)
            or types.is_floating(kind)
            or types.is_string(kind)
            or types.is_boolean(kind)
            or types.is_timestamp(kind)
        ):
            raise ValueError(f"the column {name} is of type {kind}")
        ends = pc.min_max(rows[name]).values() if types.is_integer(kind) and name != "seed" else ()
        if any(abs(end.as_py() or 0) > _LARGEST_COUNT for end in ends):
            raise ValueError(f"the column {name} has a number that cannot be a count")


@lru_cache
def _required(table: TableName) -> list[pa.Field[Any]]:
    """The columns that a table has in every version."""
    more = {"outcomes": RUN, "districts": ("district",), "incidents": ()}[table]
    return [field for field in schema(table) if field.name in (*KEYS, *more)]


def _incident_schema() -> pa.Schema:
    import datetime as dt

    from sim.incidents.records import Incident
    from sim.runs.arrow import to_table

    return to_table([], Incident, dt.date(2025, 1, 1)).schema


def to_tables(
    runs: Sequence[Run], scenario: Scenario, digest: str, keep: Sequence[TableName]
) -> dict[TableName, pa.Table]:
    """The runs of one scenario as tables, in the order of ``runs``."""
    makers = {"outcomes": _outcomes, "districts": _districts, "incidents": _incidents}
    return {name: makers[name](runs, scenario, digest) for name in keep}


def _outcomes(runs: Sequence[Run], scenario: Scenario, digest: str) -> pa.Table:
    from sim.runs.arrow import rows_to_table

    rows = [
        {
            **_key(run, scenario, digest),
            "seed": run.seed,
            "status": run.status,
            **run.outcomes,
            **dict(zip(FAILURE, run.failure or (), strict=False)),
        }
        for run in runs
    ]
    return rows_to_table(
        rows, schema("outcomes", (*outcomes_on(scenario.ground), *user_outcomes()))
    )


def _key(run: Run, scenario: Scenario, digest: str) -> dict[str, object]:
    """The first columns of a row of any table."""
    return dict(zip(KEYS, (scenario.name, digest, run.replicate, run.draw), strict=True))


def _districts(runs: Sequence[Run], scenario: Scenario, digest: str) -> pa.Table:
    from sim.runs.arrow import rows_to_table

    rows = [{**_key(run, scenario, digest), **row} for run in runs for row in run.districts]
    return rows_to_table(rows, schema("districts"))


def _incidents(runs: Sequence[Run], scenario: Scenario, digest: str) -> pa.Table:
    import pyarrow as pa

    from sim.incidents.records import Incident
    from sim.runs.arrow import rows_to_table, to_table

    records = [incident for run in runs for incident in run.incidents]
    table = to_table(records, Incident, scenario.start)
    run_keys = [_key(run, scenario, digest) for run in runs for _ in run.incidents]
    columns = schema("incidents")
    keys = rows_to_table(run_keys, pa.schema([columns.field(name) for name in KEYS]))
    return pa.Table.from_arrays([*keys.columns, *table.columns], schema=columns)
