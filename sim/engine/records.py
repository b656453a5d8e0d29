"""An append-only log of frozen records: one table per type of record."""

from hashlib import blake2b
from typing import Any, NamedTuple


class Log:
    """Records of what happened, in the order in which it became certain."""

    def __init__(self) -> None:
        self._tables: dict[type[Any], list[Any]] = {}

    def add(self, record: NamedTuple) -> None:
        """Append a record to the table of its type."""
        self._tables.setdefault(type(record), []).append(record)

    def __getitem__[R](self, kind: type[R]) -> list[R]:
        """All records of a type (the live list: do not change it)."""
        return self._tables.setdefault(kind, [])

    def copy(self) -> "Log":
        """A copy with the same records."""
        other = Log()
        other._tables = {kind: list(records) for kind, records in self._tables.items()}
        return other

    def __len__(self) -> int:
        """Number of records of all types."""
        return sum(map(len, self._tables.values()))

    def fingerprint(self) -> str:
        """A digest of every field of every record; only equal logs share it."""
        digest = blake2b(digest_size=16)
        for kind in sorted(self._tables, key=lambda kind: kind.__name__):
            for record in self._tables[kind]:
                digest.update(repr(record).encode())
        return digest.hexdigest()
