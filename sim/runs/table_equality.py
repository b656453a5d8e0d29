"""Two ways to say that tables are the same: within rounding, and to the bit by a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pyarrow as pa

TOLERANCE: Final = 1e-6
SECONDS: Final = 1


def tables_match(one: pa.Table, other: pa.Table) -> bool:
    """Whether two tables of one run are the same, made on this machine or on another.

    Whole numbers, words and nulls must be equal; numbers to a millionth of their value or of one,
    and times to a second. A rerun nearly always equals the first run to the last bit, and
    otherwise differs by far less than that: see ``docs/reproducibility.md``.
    """
    return one.schema.equals(other.schema) and all(
        _columns_match(a, b) for a, b in zip(one.columns, other.columns, strict=True)
    )


def _columns_match(one: pa.ChunkedArray[Any], other: pa.ChunkedArray[Any]) -> bool:
    import numpy as np
    import pyarrow as pa

    if not one.is_valid().equals(other.is_valid()):
        return False
    a, b = (column.drop_null().to_numpy() for column in (one, other))
    if pa.types.is_floating(one.type):
        return bool(np.isclose(a, b, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True).all())
    if pa.types.is_timestamp(one.type):
        return bool((np.abs(a - b) <= np.timedelta64(1, "s") * SECONDS).all())
    return one.equals(other)


def table_digest(table: pa.Table, leave_out: Collection[str] = ()) -> bytes:
    """Return 32 bytes that stand for column names, values, nulls and the order of rows.

    Every bit of a number counts. Arrow's chunks, encodings and metadata do not.
    """
    total = hashlib.sha256()
    for name in table.column_names:
        if name not in leave_out:
            total.update(name.encode() + b"\0" + _column_bytes(table[name]))
    return total.digest()


def _column_bytes(column: pa.ChunkedArray[Any]) -> bytes:
    import pyarrow as pa
    import pyarrow.types as types

    if types.is_integer(column.type) or types.is_floating(column.type):
        valid = column.is_valid().to_numpy().tobytes()
        return valid + column.fill_null(pa.scalar(0, column.type)).to_numpy().tobytes()
    if types.is_timestamp(column.type):
        return _column_bytes(column.cast(pa.int64()))
    return json.dumps(column.to_pylist(), ensure_ascii=False).encode("utf-8", "surrogatepass")
