"""What engines are given and what they give back."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sim.calibrate.aims import Floats
from sim.calibrate.cells import Cell


class Dataset(NamedTuple):
    """A masked table of a world whose parameters nobody tells.

    ``values`` has the same cells as numbers, of a bound the value beyond or within it; engines
    look at it through :meth:`~benchmarks.learning.layout.Layout.features` alone.
    """

    cells: tuple[Cell, ...]
    values: Floats


class Sample(NamedTuple):
    """Equally weighted draws of a posterior, (n, parameters), in the order of the priors."""

    values: Floats


type Infer = Callable[[Dataset], Sample]
"""An engine that is ready to infer."""
