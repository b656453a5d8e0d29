"""Copies of a world that share only what never changes.

Copies go through pickle, which takes a third of the time of ``copy.deepcopy``. Objects that cannot
or need not be pickled are passed beside the pickle: values that never change, classes, functions
that hold nothing, and the records of the log.
"""

from collections.abc import Callable
from io import BytesIO
from pickle import HIGHEST_PROTOCOL, Pickler, PicklingError, Unpickler
from types import FunctionType
from typing import Any

from sim.engine.garbage_collection import collection_paused
from sim.engine.records import Log
from sim.errors import PanjError


def deep_copy[T](thing: T, shared: tuple[type, ...]) -> T:
    """A copy of ``thing``; it shares the instances of the types ``shared``.

    Raises :class:`PanjError` if something in it can be neither copied nor shared.
    """
    return copier(thing, shared)()


def copier[T](thing: T, shared: tuple[type, ...]) -> Callable[[], T]:
    """Return a function that makes copies of ``thing`` as it is now. Raises as :func:`deep_copy`.

    Several copies of one instant cost little more than half as much as one by one.
    """
    file = BytesIO()
    out = _Out(file, shared)
    with collection_paused():
        try:
            out.dump(thing)
        except (PicklingError, TypeError, AttributeError) as error:
            raise PanjError(
                f"cannot be copied: {error}",
                value=type(thing).__name__,
                remedy="Remove open files, generators, and functions defined in functions.",
            ) from error

    def copy() -> T:
        with collection_paused():
            file.seek(0)
            made: T = _In(file, out.beside).load()
        return made

    return copy


class _Out(Pickler):
    """Puts shared objects into a list beside the pickle."""

    def __init__(self, file: BytesIO, shared: tuple[type, ...]) -> None:
        super().__init__(file, HIGHEST_PROTOCOL)
        self._shared = (type, *shared)
        self.beside: list[Any] = []

    def reducer_override(self, thing: Any) -> Any:
        """How to restore ``thing``."""
        if isinstance(thing, Log):
            thing = thing.copy()  # as it is now
        elif isinstance(thing, FunctionType):
            if thing is _beside:
                return NotImplemented
            if thing.__closure__ is not None:
                raise PicklingError(f"{thing.__qualname__} may hold the world it was made for")
        elif not isinstance(thing, self._shared):
            return NotImplemented
        self.beside.append(thing)
        return _beside, (len(self.beside) - 1,)


class _In(Unpickler):
    """Takes shared objects from the list."""

    def __init__(self, file: BytesIO, beside: list[Any]) -> None:
        super().__init__(file)
        self._beside = beside

    def find_class(self, module: str, name: str) -> Any:
        """Resolve :func:`_beside` to this list's reader."""
        if (module, name) == (__name__, _beside.__name__):
            return self._shared
        return super().find_class(module, name)

    def _shared(self, number: int) -> Any:
        thing = self._beside[number]
        return thing.copy() if isinstance(thing, Log) else thing


def _beside(number: int) -> Any:
    """A placeholder in the pickle for reading from the list; it is never called."""
    raise NotImplementedError
