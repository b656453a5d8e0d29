"""Scenarios compared with a baseline, replicate by replicate: ``sim.compare(results, "baseline")``.

The package itself can be called, so that ``sim.compare(...)`` and ``sim.compare.ranking`` are
the same ``sim.compare`` whichever was imported first.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.compare.comparison import Comparison


class _CallablePackage(ModuleType):
    """A package that does, when called, what it is there for."""

    def __call__(self, *arguments: Any, **options: Any) -> Comparison:
        from sim.compare.comparison import compare

        return compare(*arguments, **options)


sys.modules[__name__].__class__ = _CallablePackage
