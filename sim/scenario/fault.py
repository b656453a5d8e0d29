"""A fault in the values of a scenario, before it is known which file and line it stands in."""

from typing import NamedTuple


class Fault(NamedTuple):
    """One refused value: its key, the keys it was held against, why, and what to do."""

    key: str
    value: object
    reason: str
    remedy: str
    others: tuple[str, ...] = ()
