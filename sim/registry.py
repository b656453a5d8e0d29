"""Things that are known by name: each has one entry, which all code reads there."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Protocol

from sim.errors import PanjError


class Named(Protocol):
    """What can be registered."""

    @property
    def name(self) -> str:
        """The name in records and files: letters, digits and underscores."""
        ...


class UnknownNameError(PanjError, KeyError):
    """A name that nothing has been registered under."""


class Registry[E: Named](Mapping[str, E]):
    """Entries by name, in the order of registration; ``what`` says in errors what they are.

    A name that is not there raises :class:`UnknownNameError`, which tells those like it.
    """

    # A registry is a place, the same whatever is in it, and stands in annotations.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __init__(self, what: str, *entries: E) -> None:
        self._what = what
        self._entries: dict[str, E] = {}
        for entry in entries:
            self.register(entry)

    def register(self, entry: E) -> E:
        """Add an entry and return it; :class:`PanjError` if its name is taken or is not a name."""
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
        """Forget an entry, as a test does that has registered it."""
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
        return name in self._entries  # without looking for what is like it

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def did_you_mean(name: str, known: Iterable[str], most: int = 3) -> str:
    """A question after the names like ``name``; nothing where none is."""
    close = get_close_matches(name, list(known), n=most)
    return f"Did you mean {' or '.join(close)}?" if close else ""
