"""Registries of entries by name."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Protocol

from sim.errors import PanjError


class Named(Protocol):
    """An entry that can be registered."""

    @property
    def name(self) -> str:
        """The name in records and files: letters, digits and underscores."""
        ...


class UnknownNameError(PanjError, KeyError):
    """A name that nothing has been registered under."""


class Registry[E: Named](Mapping[str, E]):
    """Entries by name, in the order of registration; errors call an entry ``what``.

    An unknown name raises :class:`UnknownNameError`, which suggests similar names.
    """

    # A registry is compared by identity, whatever it holds, since it is used in annotations.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __init__(self, what: str, *entries: E) -> None:
        self._what = what
        self._entries: dict[str, E] = {}
        for entry in entries:
            self.register(entry)

    def register(self, entry: E) -> E:
        """Add an entry and return it. Raises ``PanjError`` if its name is taken or not a name."""
        if entry.name in self._entries:
            raise PanjError(
                f"this {self._what} is registered already",
                value=entry.name,
                remedy="Give the new one another name.",
            )
        if not entry.name.isidentifier():
            raise PanjError(
                f"this is not a name for a {self._what}",
                value=entry.name,
                remedy="Use letters, digits and underscores.",
            )
        self._entries[entry.name] = entry
        return entry

    def remove(self, name: str) -> None:
        """Remove an entry, for example one that a test has registered."""
        del self._entries[self[name].name]

    def __getitem__(self, name: str) -> E:
        try:
            return self._entries[name]
        except KeyError:
            raise UnknownNameError(
                f"no such {self._what}",
                value=name,
                remedy=did_you_mean(name, self) or f"Use one of {', '.join(self)}, or register it.",
            ) from None

    def __contains__(self, name: object) -> bool:
        return name in self._entries  # without a search for similar names

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def did_you_mean(name: str, known: Iterable[str], most: int = 3) -> str:
    """A question that suggests the names similar to ``name``; empty if there are none."""
    close = get_close_matches(name, list(known), n=most)
    return f"Did you mean {' or '.join(close)}?" if close else ""
