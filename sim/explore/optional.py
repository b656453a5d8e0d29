"""The libraries of the extra ``panj[explore]``, imported when an exploration needs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sim.errors import PanjError


def import_optional(module: str) -> Any:
    """Import a module of the extra. Raises :class:`~sim.errors.PanjError` where it is missing."""
    try:
        return import_module(module)
    except ImportError as error:
        raise PanjError(
            f"this exploration needs the library {module.partition('.')[0]}",
            remedy="Install the extra: pip install 'panj[explore]'.",
        ) from error
