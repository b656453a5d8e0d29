"""Whether a run that was made again came out the same, on this machine or on another.

Whole numbers, words and what is missing must be equal; numbers to a millionth of themselves or
of one, and times to a second. A run is the same to the last bit nearly always, see
``docs/reproducibility.md``; where it is not, it differs by far less than that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pyarrow as pa

NUMBERS: Final = 1e-6
SECONDS: Final = 1


def alike(one: pa.Table, other: pa.Table) -> bool:
    """Whether two tables tell of the same runs, column by column and row by row."""
    return one.schema.equals(other.schema) and all(
        _alike(a, b) for a, b in zip(one.columns, other.columns, strict=True)
    )


def _alike(one: pa.ChunkedArray[Any], other: pa.ChunkedArray[Any]) -> bool:
    import numpy as np
    import pyarrow as pa

    if not one.is_valid().equals(other.is_valid()):
        return False
    a, b = (column.drop_null().to_numpy() for column in (one, other))
    if pa.types.is_floating(one.type):
        return bool(np.isclose(a, b, rtol=NUMBERS, atol=NUMBERS, equal_nan=True).all())
    if pa.types.is_timestamp(one.type):
        return bool((np.abs(a - b) <= np.timedelta64(1, "s") * SECONDS).all())
    return one.equals(other)
