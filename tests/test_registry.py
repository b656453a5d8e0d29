"""Entries by name: one for each, in order, and a clear word where there is none."""

from dataclasses import dataclass

import pytest

from sim.errors import PanjError
from sim.registry import Registry, UnknownNameError


@dataclass(frozen=True)
class Thing:
    """Something with a name."""

    name: str


def test_entries_stand_in_the_order_of_registration() -> None:
    """The registry is a mapping from name to entry, the first entry first."""
    things = Registry("thing", Thing("b"), Thing("a"))
    last = things.register(Thing("c"))
    assert list(things) == ["b", "a", "c"]
    assert things["c"] is last
    assert things.get("d") is None
    assert "d" not in things


@pytest.mark.parametrize("name", ["a", "", "two words", "a/b", "3d"])
def test_a_name_that_is_taken_or_is_none_is_refused(name: str) -> None:
    """The error names it and says what to do, and the registry stays as it was."""
    things = Registry("thing", Thing("a"))
    with pytest.raises(PanjError, match="thing") as caught:
        things.register(Thing(name))
    assert caught.value.value == name
    assert caught.value.remedy
    assert list(things) == ["a"]


def test_an_unknown_name_is_told_with_those_that_are_known() -> None:
    """A user reads which names there are; a program may catch it as a missing key."""
    things = Registry("thing", Thing("a"), Thing("b"))
    with pytest.raises(UnknownNameError, match=r'"c": no such thing\. Use one of a, b'):
        things["c"]
    with pytest.raises(KeyError):
        things.remove("c")


def test_a_removed_name_may_be_given_again() -> None:
    """What a test has registered leaves nothing behind."""
    things = Registry("thing", Thing("a"))
    things.remove("a")
    assert list(things) == []
    things.register(Thing("a"))
