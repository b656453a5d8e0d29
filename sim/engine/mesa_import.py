"""Mesa without its spaces, tables and progress bars, until somebody wants them.

``import mesa`` also loads pandas, networkx, scipy.spatial and asyncio, for data frames, spaces and
bars that this package does not use: most of the time that a short run takes. So while Mesa is
imported, a stand-in takes the place of each. It goes as soon as Mesa is there, and it imports the
real module when something is asked of it: all of Mesa works as ever, only later. Where Mesa is
imported already, this is nothing but another name for it.
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
"""What this package never asks for. A name that Mesa no longer imports does no harm."""

CALLED: Final = {"tqdm.auto": "tqdm"}
"""The same, where Mesa takes something to call out of the module at once."""


class _StandIn(ModuleType):
    """A module that is imported when something is asked of it."""

    def __getattr__(self, name: str) -> Any:
        if name in ("__file__", "__path__"):  # asked of every module, by who can do without
            raise AttributeError(name)
        _leave(self)
        return getattr(import_module(self.__name__), name)


def _call(module: str, name: str, *arguments: Any, **options: Any) -> Any:
    """Import what is called, and call it."""
    return getattr(import_module(module), name)(*arguments, **options)


def _leave(stand_in: _StandIn) -> None:
    """Let the next who imports the module get the real one."""
    if sys.modules.get(stand_in.__name__) is stand_in:
        del sys.modules[stand_in.__name__]


@contextmanager
def _unused(names: tuple[str, ...]) -> Iterator[None]:
    """Put a stand-in in the place of each of these modules that is not there yet."""
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
    """Tell the module of a frame by its name, as Mesa's log asks for it, and read no source.

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
