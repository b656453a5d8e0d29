"""Import Mesa without its spaces, tables and progress bars until they are used.

``import mesa`` also loads pandas, networkx, scipy.spatial and asyncio, for data frames, spaces and
bars that this package does not use; that takes most of the time of a short run. So while Mesa is
imported, a stand-in replaces each of them. It is removed once Mesa is imported, and imports the
real module when one of its attributes is read, so all of Mesa works as usual. Where Mesa was
imported before, this module only gives it another name.
"""

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from types import FrameType, ModuleType
from typing import Any, Final

UNUSED: Final = (
    "pandas",
    "mesa.discrete_space",
    "mesa.space",
    "mesa.experimental.continuous_space",
    "mesa.experimental.meta_agents",
)
"""Modules that this package never uses. A name that Mesa no longer imports does no harm."""

CALLED: Final = {"tqdm.auto": "tqdm"}
"""The same, where Mesa takes a function out of the module at once."""


class _StandIn(ModuleType):
    """A module that is imported when one of its attributes is read."""

    def __getattr__(self, name: str) -> Any:
        if name in ("__file__", "__path__"):  # read of every module, by code that can do without
            raise AttributeError(name)
        _leave(self)
        return getattr(import_module(self.__name__), name)


def _call(module: str, name: str, *arguments: Any, **options: Any) -> Any:
    """Import the function and call it."""
    return getattr(import_module(module), name)(*arguments, **options)


def _leave(stand_in: _StandIn) -> None:
    """Remove the stand-in, so that the next import gets the real module."""
    if sys.modules.get(stand_in.__name__) is stand_in:
        del sys.modules[stand_in.__name__]


@contextmanager
def _unused(names: tuple[str, ...]) -> Iterator[None]:
    """Put a stand-in in the place of each of these modules that is not imported yet."""
    stand_ins = [_StandIn(name) for name in (*names, *CALLED) if name not in sys.modules]
    for module in stand_ins:
        if name := CALLED.get(module.__name__):
            setattr(module, name, partial(_call, module.__name__, name))
    sys.modules.update({module.__name__: module for module in stand_ins})
    try:
        yield
    finally:
        for module in stand_ins:
            _leave(module)


@contextmanager
def _names_of_callers() -> Iterator[None]:
    """Find the module of a frame by its name, as Mesa's log requests it, without reading source.

    Python's own way reads the source of every frame above, and looks for every module's file.
    """
    stack, module_of = inspect.stack, inspect.getmodule

    def quick(thing: object, name: str | None = None) -> ModuleType | None:
        if isinstance(thing, FrameType):
            return sys.modules.get(thing.f_globals.get("__name__", ""))
        return module_of(thing, name)

    inspect.stack, inspect.getmodule = partial(stack, 0), quick  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.stack, inspect.getmodule = stack, module_of


with _unused(UNUSED), _names_of_callers():
    import mesa
    from mesa.time import Priority, Schedule

__all__ = ["Priority", "Schedule", "mesa"]
