"""Records as Arrow tables: the schema follows from the record type, never from the rows.

So a year in which nothing happened has the same columns as any other, and the tables of many
runs can be concatenated.
"""

from __future__ import annotations

import datetime as dt
import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
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
    """Turn records of one type, named tuples or dataclasses, into a table with a column per field.

    A field annotated ``X | None`` is nullable. Where ``start``, the first day of the scenario,
    is given, each time in days called ``at`` or ``..._at`` is followed by a column
    ``..._local``: the same instant as a local timestamp, to the second.

    Raises ``TypeError`` for a field type without a column type, and ``TypeError`` or
    ``ValueError`` for a value of another type than its field.
    """
    import pyarrow as pa

    fields = [_field(name, hint, record_type) for name, hint in get_type_hints(record_type).items()]
    columns = [[getattr(record, field.name) for record in records] for field in fields]
    schema: list[pa.Field[pa.DataType]] = []
    arrays: list[pa.Array[Any]] = []
    for field, values in zip(fields, columns, strict=True):
        # Arrow would silently cut 2.5 down to 2.
        if field.type == pa.int64() and any(isinstance(value, float) for value in values):
            raise TypeError(f"{record_type.__name__}.{field.name} must be whole numbers")
        made = column(values, field.type)
        if made.null_count and not field.nullable:
            raise ValueError(f"{record_type.__name__}.{field.name} may not be None")
        schema.append(field)
        arrays.append(made)
        if start is not None and _is_time(field):
            schema.append(pa.field(field.name + LOCAL, pa.timestamp("ms"), nullable=field.nullable))
            arrays.append(column(_local(values, start), pa.timestamp("ms")))
    return pa.Table.from_arrays(arrays, schema=pa.schema(schema))


def column(values: Sequence[object], kind: pa.DataType) -> pa.Array[Any]:
    """An Arrow array of text, booleans, numbers or timestamps (in milliseconds); None is null.

    ``pa.array`` is not used: it imports pandas first, which takes longer than starting a batch.
    A float given for a whole number is cut as Arrow would cut it. Raises ``TypeError`` or
    ``ValueError`` for a value of another type.
    """
    import pyarrow as pa

    given = [value is not None for value in values]
    filled = values if all(given) else [_EMPTY[str(kind)] if v is None else v for v in values]
    parts = [_bits(given) if filled is not values else None, *_buffers(filled, str(kind))]
    buffers = [None if part is None else pa.py_buffer(part) for part in parts]
    return pa.Array.from_buffers(kind, len(values), buffers)


_EMPTY: Final[Mapping[str, object]] = {
    "string": "", "bool": False, "int64": 0, "double": 0.0, "timestamp[ms]": 0,
}  # fmt: skip
"""The value stored where an entry is null, by type; it is never read."""


def _buffers(values: Sequence[Any], kind: str) -> list[bytes]:
    """Values in Arrow's memory layout, without the bits that mark nulls."""
    if kind == "string":
        words = [str.encode(value) for value in values]
        return [array("i", accumulate(map(len, words), initial=0)).tobytes(), b"".join(words)]
    if kind == "bool":
        if not all(isinstance(value, bool) for value in values):
            raise TypeError("must be true or false")
        return [_bits(values)]
    if kind == "double":
        return [array("d", values).tobytes()]
    whole = [int(value) if isinstance(value, float) else value for value in values]
    return [array("q", whole).tobytes()]


def _bits(values: Iterable[bool]) -> bytes:
    """One bit per value, the lowest first."""
    import numpy as np

    return np.packbits(np.fromiter(values, np.bool_), bitorder="little").tobytes()


def from_table[R: tuple[object, ...]](table: pa.Table, record_type: type[R]) -> list[R]:
    """Turn a table made by :func:`to_table` back into records; local times are dropped."""
    columns = [table.column(name).to_pylist() for name in get_type_hints(record_type)]
    return [record_type(*row) for row in zip(*columns, strict=True)]


def records_by_replicate[R: tuple[object, ...]](
    table: pa.Table, record_type: type[R]
) -> dict[int, list[R]]:
    """The records of a table of a store by replicate; replicates without records are left out."""
    found: dict[int, list[R]] = {}
    replicates: list[Any] = table.column("replicate").to_pylist()
    for replicate, record in zip(replicates, from_table(table, record_type), strict=True):
        found.setdefault(replicate, []).append(record)
    return found


def rows_to_table(rows: Sequence[Mapping[str, object]], schema: pa.Schema) -> pa.Table:
    """Turn rows into a table with these columns; a key that a row lacks is null."""
    import pyarrow as pa

    arrays = [column([row.get(field.name) for row in rows], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


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
    """The plain types in an annotation; a literal counts as the type of its values."""
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
