"""A debug switch: find two places in the code that read one random number for two purposes.

Code that draws under a name (identity, purpose, ``n``) that another place uses gets that place's
number, and nothing shows it. Inside :func:`no_shared_draws` every name remembers the first place
that read it in a run, and a second place is refused. The same place may read a number again.

A place is a line of code. Where a stream was passed to a function as an argument, the place also
has the line that passed it, so two fights of one party that call ``clash`` with one purpose are
found.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from os import sep
from pathlib import Path
from types import FrameType

from sim.engine.arrivals import Arrivals
from sim.engine.draws import Draws, Stream

_Place = tuple[tuple[str, int], ...]
_ROOT = f"{Path(__file__).parents[2]}{sep}"
_MACHINERY = (str(Path(__file__).with_name("draws.py")), __file__)


class SharedDrawError(RuntimeError):
    """Two places in the code use one name of a draw, which is a programming error."""


@contextmanager
def no_shared_draws() -> Iterator[None]:
    """Refuse a name that two places use, in every run made inside the block; not for threads.

    The plane of an identity has one owner in a run, and tiles of one size in all runs. Raises
    :class:`SharedDrawError` at the second place.
    """
    taken: dict[tuple[Draws | None, str], tuple[object, _Place]] = {}

    def take(run: Draws | None, name: str, use: object, place: _Place) -> None:
        first, where = taken.setdefault((run, name), (use, place))
        if first != use:
            places = " and in ".join(map(_written, (where, place)))
            raise SharedDrawError(f"{name} is used for two things, in {places}")

    def watched(draws: Draws, identity: str) -> Stream:
        take(draws, f"identity {identity!r}", "stream", _place())

        def read(purpose: str, numbers: Iterable[int], place: _Place) -> None:
            for n in numbers:
                take(draws, f"number {n} of {purpose!r} of {identity!r}", place, place)

        return _Watched(draws, identity, read)

    def owned(plane: Arrivals, draws: Draws, identity: str, days: float, rate: float) -> None:
        take(draws, f"identity {identity!r}", "plane", _place())
        take(draws, f"the plane of {identity!r}", plane, _place())
        take(None, f"the size of the tiles of {identity!r}", (days, rate), _place())
        init(plane, draws, identity, days, rate)

    of, init = Draws.of, Arrivals.__init__
    setattr(Draws, "of", watched)  # noqa: B010
    setattr(Arrivals, "__init__", owned)  # noqa: B010
    try:
        yield
    finally:
        setattr(Draws, "of", of)  # noqa: B010
        setattr(Arrivals, "__init__", init)  # noqa: B010


class _Watched(Stream):
    """A stream that reports what is read, and from where."""

    __slots__ = ("_read",)

    def __init__(
        self, draws: Draws, identity: str, read: Callable[[str, Iterable[int], _Place], None]
    ) -> None:
        super().__init__(draws, identity)
        self._read = read

    def uniforms(self, purpose: str, count: int) -> list[float]:
        self._read(purpose, range(count), _place(self))
        return super().uniforms(purpose, count)

    def uniform(self, purpose: str, n: int = 0) -> float:
        self._read(purpose, (n,), _place(self))
        return super().uniform(purpose, n)


def _place(stream: Stream | None = None) -> _Place:
    """The line outside this machinery that draws, and the lines that passed it ``stream``."""
    frame: FrameType | None = sys._getframe(1)
    lines: list[tuple[str, int]] = []
    while frame is not None:
        code = frame.f_code
        if code.co_filename not in _MACHINERY:
            lines.append((code.co_filename, frame.f_lineno))
            arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            if stream is None or all(frame.f_locals.get(a) is not stream for a in arguments):
                break
        frame = frame.f_back
    return tuple(lines)


def _written(place: _Place) -> str:
    return " from ".join(f"{name.removeprefix(_ROOT)}:{line}" for name, line in place)
