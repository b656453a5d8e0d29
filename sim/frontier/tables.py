"""The shipped tables of the ground, and how a value between their rows is found."""

import csv
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import resources

LENGTH_KM = 1340.0
"""Length of the line from the Uzbekistan tripoint (0) to the China tripoint, km."""

STEP_KM = 5.0
"""Spacing of the points of the ``frontier`` table, km."""


@lru_cache(maxsize=8)
def table(name: str) -> dict[str, tuple[str, ...]]:
    """Columns of a shipped table by name, as text; read once per process."""
    path = resources.files("sim.frontier") / "data" / f"{name}.csv"
    rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    header = next(rows)
    return dict(zip(header, zip(*rows, strict=True), strict=True))


def numbers(name: str, column: str) -> list[float]:
    """One column of a shipped table as numbers."""
    return [float(text) for text in table(name)[column]]


def interpolate(values: Sequence[float], km: float) -> float:
    """Value at ``km`` between the points of the ``frontier`` table; constant past either end."""
    position = min(max(km, 0.0), LENGTH_KM) / STEP_KM
    left = min(int(position), len(values) - 2)
    return values[left] + (position - left) * (values[left + 1] - values[left])


def pieces(values: Sequence[int]) -> Callable[[float], int]:
    """Turn labels at the points of the ``frontier`` table into a step function of ``km``.

    A label reaches half-way to the next point, the half-way mark itself not included; the
    first and the last label reach past the ends. One look-up costs a bisection.
    """
    changes = [i for i in range(1, len(values)) if values[i] != values[i - 1]]
    return steps([(i - 0.5) * STEP_KM for i in changes], [values[0], *(values[i] for i in changes)])


def steps(bounds: Sequence[float], values: Sequence[int]) -> Callable[[float], int]:
    """Step function with ``values[i]`` from ``bounds[i - 1]`` on and up to ``bounds[i]``."""
    inner, labels = list(bounds), list(values)

    def at(km: float) -> int:
        return labels[bisect_right(inner, km)]

    return at
