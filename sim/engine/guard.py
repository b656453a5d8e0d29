"""A debug switch: no two places in the code may read one number with two meanings.

A draw is named by identity, purpose and ``n``. Whoever takes a name that is taken gets the same
number as the other place, and nothing shows it. Within :func:`guarded` every name remembers the
place that read it first in a run, and a second place is refused. The same place may read it again.

A place is a line; where a stream was handed to a function as an argument, it is also the line
that handed it over. So two fights of one party that call ``clash`` with one purpose are found.
"""

import sys
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from os import sep
from pathlib import Path
from types import FrameType

from sim.engine.arrivals import Arrivals
from sim.engine.draws import Draws, Stream

_Place = tuple[tuple[str, int], ...]
_ROOT = f"{Path(__file__).parents[2]}{sep}"
_MACHINERY = (str(Path(__file__).with_name("draws.py")), __file__)


class SharedDrawError(RuntimeError):
    """Two places use one name of a draw: a mistake of the program."""


@contextmanager
def guarded() -> Iterator[None]:
    """Refuse a name that is used twice, in every run made meanwhile. Not for several threads.

    The plane of an identity has one owner in a run and tiles of one size in all runs. Raises
    :class:`SharedDrawError` in the second place.
    """
    ledger = _Ledger()

    class Watched(Stream):
        """A stream that tells the ledger what is read, and from where."""

        __slots__ = ("_whose",)

        def __init__(self, key: blake2b, draws: Draws, identity: str) -> None:
            super().__init__(key)
            self._whose = draws, identity

        def uniforms(self, purpose: str, count: int) -> list[float]:
            place = _place(self)
            for n in range(count):
                ledger.read(self._whose, purpose, n, place)
            return super().uniforms(purpose, count)

        def uniform(self, purpose: str, n: int = 0) -> float:
            ledger.read(self._whose, purpose, n, _place(self))
            return super().uniform(purpose, n)

    def watched(draws: Draws, identity: str) -> Stream:
        ledger.take((draws, identity), "a stream", f"{identity!r}")
        return Watched(draws.key_of(identity), draws, identity)

    def owned(plane: Arrivals, draws: Draws, identity: str, days: float, rate: float) -> None:
        told = f"the plane of {identity!r}"
        ledger.take((draws, identity), "a plane", f"{identity!r}")
        ledger.take((identity, "tiles"), f"{days:g} days x {rate:g} a day", told)
        ledger.take((draws, identity, "owner"), plane, told)
        plain(plane, draws, identity, days, rate)

    of, plain = Draws.of, Arrivals.__init__
    setattr(Draws, "of", watched)  # noqa: B010
    setattr(Arrivals, "__init__", owned)  # noqa: B010
    try:
        yield
    finally:
        setattr(Draws, "of", of)  # noqa: B010
        setattr(Arrivals, "__init__", plain)  # noqa: B010


class _Ledger:
    """What each name was first used for, and where."""

    def __init__(self) -> None:
        self._first: dict[Hashable, tuple[object, _Place]] = {}

    def read(self, whose: tuple[Draws, str], purpose: str, n: int, place: _Place) -> None:
        """A number is read, always by one place."""
        _, first = self._first.setdefault((*whose, purpose, n), (None, place))
        if first != place:
            raise SharedDrawError(
                f"number {n} of {purpose!r} of {whose[1]!r} is read in {_told(first)}"
                f" and in {_told(place)}: give one of them a purpose of its own"
            )

    def take(self, name: Hashable, use: object, told: str) -> None:
        """A name is taken, always for one use."""
        place = _place()
        first, where = self._first.setdefault(name, (use, place))
        if first != use:
            of = f": {first}, and {use}" if isinstance(use, str) else ""
            raise SharedDrawError(
                f"{told} is used twice, in {_told(where)} and in {_told(place)}{of}"
            )


def _place(stream: Stream | None = None) -> _Place:
    """The line outside this machinery that asks, and those that handed it ``stream``."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename in _MACHINERY:
        frame = frame.f_back
    lines = []
    while frame is not None:
        lines.append((frame.f_code.co_filename, frame.f_lineno))
        if stream is None or not _handed(frame, stream):
            break
        frame = frame.f_back
    return tuple(lines)


def _told(place: _Place) -> str:
    return " from ".join(f"{name.removeprefix(_ROOT)}:{line}" for name, line in place)


def _handed(frame: FrameType, stream: Stream) -> bool:
    """Whether the function was given the stream as an argument."""
    code = frame.f_code
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return any(frame.f_locals.get(name) is stream for name in names)
