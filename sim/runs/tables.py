"""Records as Arrow tables: the schema comes from the record type, never from the rows.

So a year in which nothing happened has the same columns as any other, and tables of many
runs can be put under one another.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    import pyarrow as pa

LOCAL: Final = "_local"
"""Ending of the columns that give a time as a local date and clock time (UTC+5)."""

_EPOCH: Final = dt.date(1970, 1, 1)
_SECONDS_A_DAY: Final = 86_400


def to_table[R](
    records: Sequence[R], record_type: type[R], start: dt.date | None = None
) -> pa.Table:
    """Turn records of one type, named tuples or dataclasses, into a table: a column per field.

    A field annotated ``X | None`` is nullable. Where ``start``, the first day of the scenario,
    is given, each time in days called ``at`` or ``..._at`` is followed by a column
    ``..._local``: the same instant as a local timestamp, to the second.

    Raises ``TypeError`` for a field type that has no column type, and ``TypeError`` or
    ``ValueError`` for a value that is not what the record type says.
    """
    import pyarrow as pa

    fields = [_field(name, hint, record_type) for name, hint in get_type_hints(record_type).items()]
    columns = [[getattr(record, field.name) for record in records] for field in fields]
    schema: list[pa.Field[pa.DataType]] = []
    arrays: list[pa.Array[Any]] = []
    for field, values in zip(fields, columns, strict=True):
        # Arrow would cut 2.5 down to 2 without a word.
        if field.type == pa.int64() and any(isinstance(value, float) for value in values):
            raise TypeError(f"{record_type.__name__}.{field.name} must be whole numbers")
        array = pa.array(values, type=field.type)
        if array.null_count and not field.nullable:
            raise ValueError(f"{record_type.__name__}.{field.name} may not be None")
        schema.append(field)
        arrays.append(array)
        if start is not None and _is_time(field):
            schema.append(pa.field(field.name + LOCAL, pa.timestamp("ms"), nullable=field.nullable))
            arrays.append(pa.array(_local(values, start), type=pa.timestamp("ms")))
    return pa.Table.from_arrays(arrays, schema=pa.schema(schema))


def from_table[R: tuple[object, ...]](table: pa.Table, record_type: type[R]) -> list[R]:
    """Turn a table made by :func:`to_table` back into records; local times are dropped."""
    columns = [table.column(name).to_pylist() for name in get_type_hints(record_type)]
    return [record_type(*row) for row in zip(*columns, strict=True)]


def rows_table(rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Turn rows with the same keys into a table: whole numbers, numbers, or text.

    A column that holds both whole and other numbers is one of numbers, and so is one in which
    nothing could be said (all None).
    """
    import pyarrow as pa

    names = list(rows[0]) if rows else []
    columns = {name: [row[name] for row in rows] for name in names}
    return pa.table({name: _column(values) for name, values in columns.items()})


def _column(values: Sequence[object]) -> pa.Array[Any]:
    """Floats where a float or nothing stands in a column; elsewhere Arrow's own judgement."""
    import pyarrow as pa

    said = [value for value in values if value is not None]
    if not said or any(isinstance(value, float) for value in said):
        return pa.array(values, type=pa.float64())
    return pa.array(values)


def _field(name: str, hint: object, record_type: type) -> pa.Field[pa.DataType]:
    import pyarrow as pa

    column_types: dict[object, pa.DataType] = {
        str: pa.string(),
        float: pa.float64(),
        int: pa.int64(),
        bool: pa.bool_(),
    }
    leaves = _leaves(hint)
    kinds = leaves - {NoneType}
    if len(kinds) != 1 or not kinds <= column_types.keys():
        raise TypeError(f"{record_type.__name__}.{name}: no column type for {hint}")
    return pa.field(name, column_types[kinds.pop()], nullable=NoneType in leaves)


def _leaves(hint: object) -> set[object]:
    """The plain types that an annotation admits; a literal counts as the type of its values."""
    if get_origin(hint) is Literal:
        return {type(value) for value in get_args(hint)}
    if get_origin(hint) in (Union, UnionType):
        return set().union(*(_leaves(part) for part in get_args(hint)))
    return {hint}


def _is_time(field: pa.Field[pa.DataType]) -> bool:
    return str(field.type) == "double" and (field.name == "at" or field.name.endswith("_at"))


def _local(days: Sequence[object], start: dt.date) -> list[int | None]:
    """Milliseconds since 1970 on the local clock, to the whole second."""
    midnight = (start - _EPOCH).days * _SECONDS_A_DAY
    return [
        (midnight + round(t * _SECONDS_A_DAY)) * 1000
        if isinstance(t, float | int) and math.isfinite(t)
        else None
        for t in days
    ]
