"""Mesa without its spaces and tables, until somebody wants them.

``import mesa`` also loads pandas, networkx and scipy.spatial, for data frames and for spaces that
this package does not use: most of the time that a short run takes. So while Mesa is imported, a
stand-in takes the place of each. It goes as soon as Mesa is there, and it imports the real module
when something is asked of it: all of Mesa works as ever, only later. Where Mesa is imported
already, this is nothing but another name for it.
"""

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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


class _StandIn(ModuleType):
    """A module that is imported when something is asked of it."""

    def __getattr__(self, name: str) -> Any:
        if name == "__file__":  # Mesa's log asks every module for it, and does without
            raise AttributeError(name)
        _leave(self)
        return getattr(import_module(self.__name__), name)


def _leave(stand_in: _StandIn) -> None:
    """Let the next who imports the module get the real one."""
    if sys.modules.get(stand_in.__name__) is stand_in:
        del sys.modules[stand_in.__name__]


@contextmanager
def _unused(names: tuple[str, ...]) -> Iterator[None]:
    """Put a stand-in in the place of each of these modules that is not there yet."""
    stand_ins = [_StandIn(name) for name in names if name not in sys.modules]
    sys.modules.update({module.__name__: module for module in stand_ins})
    try:
        yield
    finally:
        for module in stand_ins:
            _leave(module)


@contextmanager
def _without_source() -> Iterator[None]:
    """Tell of the frames above one without reading the source of each, which Mesa's log ignores.

    It asks for the name of its caller, and is told the lines of every file on the way.
    """
    whole = inspect.getouterframes

    def frames(frame: FrameType | None, context: int = 1) -> list[inspect.FrameInfo]:
        found = []
        while frame is not None:
            code = frame.f_code
            told = code.co_filename, frame.f_lineno, code.co_name, None, None
            found.append(inspect.FrameInfo(frame, *told))
            frame = frame.f_back
        return found

    inspect.getouterframes = frames
    try:
        yield
    finally:
        inspect.getouterframes = whole


with _unused(UNUSED), _without_source():
    import mesa
    from mesa.time import Priority, Schedule

__all__ = ["Priority", "Schedule", "mesa"]
