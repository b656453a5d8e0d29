"""A table as bytes that are the same for the same rows: its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def digest_of(table: pa.Table, leave_out: Collection[str] = ()) -> bytes:
    """Return 32 bytes that stand for column names, values, nulls and the order of rows.

    Numbers count bit by bit. Neither chunks nor encodings nor metadata matter.
    """
    total = hashlib.sha256()
    for name in table.column_names:
        if name not in leave_out:
            total.update(name.encode() + b"\0" + _column(table[name]))
    return total.digest()


def _column(column: pa.ChunkedArray[Any]) -> bytes:
    import pyarrow as pa
    import pyarrow.types as types

    if types.is_integer(column.type) or types.is_floating(column.type):
        valid = column.is_valid().to_numpy().tobytes()
        return valid + column.fill_null(pa.scalar(0, column.type)).to_numpy().tobytes()
    if types.is_timestamp(column.type):
        return _column(column.cast(pa.int64()))
    return json.dumps(column.to_pylist(), ensure_ascii=False).encode("utf-8", "surrogatepass")
