"""The same patrols, crossings, sign and contact in fixed steps of time, on Mesa as it comes.

A twin of a part of Panj, to be compared with it: ``python -m benchmarks.twin`` shows that the
twin tends to Panj as its step shrinks, at which step it is good enough, and what that costs.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.table import Row


def rows(repeat: int) -> "list[Row]":
    """The twin's baseline year beside Panj's, for the table of ``python -m benchmarks``."""
    from benchmarks.twin.speed import twin_rows

    return twin_rows(repeat)
