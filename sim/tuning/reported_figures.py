"""Reported figures of the chosen years, and the distance of a mean from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.calibrate.cells import Cell
from sim.calibrate.intervals import Interval
from sim.calibrate.statistics import RUN, of_runs, statistics
from sim.calibrate.surrogate import Key, Surrogate
from sim.calibrate.targets import Target
from sim.calibrate.types import Floats
from sim.measures.registry import described

if TYPE_CHECKING:
    from sim.frontier.ground import Ground

WELL_REPORTED: Final = 3
"""A year with at least this many reported figures is shown by default."""


class Part(NamedTuple):
    """A figure of one simulated year."""

    year: int
    key: Key


@dataclass(frozen=True)
class ReportedFigure:
    """A reported figure, to be compared with the sum of its parts.

    ``scale`` is the distance that counts as one: for a count the spread of like years, for a target
    the scale in its file. A figure that is ``held_out`` is not in the distance.
    """

    name: str
    label: str
    period: str
    unit: str
    intervals: tuple[Interval, ...]
    parts: tuple[Part, ...]
    scale: float
    weight: float = 1.0
    held_out: bool = False
    soft: float = 0.0
    share: float = 1.0
    source: str = ""

    def over(self, figures: Mapping[Part, Floats]) -> Floats:
        """Return the figure in every world, (worlds,), from those of the years."""
        return self.share * np.sum([figures[part] for part in self.parts], axis=0)

    def off(self, value: float) -> float:
        """Return the signed distance of a value from the nearest interval, in scales; 0 inside."""
        each = [value - min(max(value, one.low - self.soft), one.high + self.soft)
                for one in self.intervals]  # fmt: skip
        return min(each, key=abs) / self.scale


def reported_figures(
    years: Sequence[int],
    cells: Iterable[Cell],
    targets: Iterable[Target],
    surrogate: Surrogate | None,
    ground: Ground,
) -> list[ReportedFigure]:
    """Return every figure that covers only these years, and every target that covers no other.

    A target without a single year is compared with the last of them, as in a calibration.
    """
    chosen = set(years)
    ordered = sorted(cells, key=lambda cell: (min(cell.months), -len(cell.months)))
    chosen_cells = [cell for cell in ordered if cell.years <= chosen]
    figures = [_of_cell(cell, surrogate) for cell in chosen_cells]
    names = {(cell.statistic.name, cell.period) for cell in chosen_cells}
    for target in targets:
        window = target.window
        one = window.first.year if window.first.year == window.last.year else None
        if (target.statistic, window.text) in names or (one is not None and one not in chosen):
            continue
        figures.append(_of_target(target, max(chosen) if one is None else one, ground))
    return figures


def well_reported_years(cells: Iterable[Cell]) -> tuple[int, ...]:
    """Return the years with :data:`WELL_REPORTED` figures or more; the last if there is none."""
    count: dict[int, int] = {}
    for cell in cells:
        if len(years := cell.years) == 1:
            count[min(years)] = count.get(min(years), 0) + cell.exact
    return tuple(sorted(year for year, n in count.items() if n >= WELL_REPORTED)) or (max(count),)


def _of_cell(cell: Cell, surrogate: Surrogate | None) -> ReportedFigure:
    parts = tuple(Part(span.year, (cell.statistic.name, span.months)) for span in cell.spans)
    (first, *_) = cell.intervals
    middle = first.low if first.high == inf else 0.5 * (first.low + first.high)
    each = max(middle, 1.0) / len(parts) / cell.share
    variances = [
        surrogate.scatter(part.key, each) ** 2
        if surrogate is not None and part.key in surrogate.figures
        else each * (1.0 if cell.statistic.unit != "kg" else each)
        for part in parts
    ]
    return ReportedFigure(
        f"{cell.statistic.name} {cell.period}", cell.statistic.about, _period(cell.period),
        cell.statistic.unit, cell.intervals, parts, cell.share * sqrt(sum(variances)),
        soft=cell.soft, share=cell.share, source=", ".join(cell.sources),
    )  # fmt: skip


def _period(period: str) -> str:
    """Write ``2025 less 2025-H1`` as ``the rest of 2025``."""
    whole, less, _ = period.partition(" less ")
    return f"the rest of {whole}" if less else whole


def _of_target(target: Target, year: int, ground: Ground) -> ReportedFigure:
    goal = target.range
    known = statistics(ground).get(target.statistic)
    if known is None:
        label = described(target.statistic.removeprefix(RUN)).label
        unit = of_runs(ground).get(target.statistic, "")
    else:
        label, unit = known.about, known.unit
    return ReportedFigure(
        target.name, label, "a year" if target.window.text == "year" else target.window.text, unit,
        (Interval(goal.low, goal.high),), (Part(year, target.name),), goal.scale, target.weight,
        target.use != "fit", source=target.source,
    )  # fmt: skip


def distance(means: Iterable[tuple[ReportedFigure, float]]) -> float | None:
    """Return the root of the weighted mean square distance of means, in scales.

    An undefined mean is left out; without any mean the result is ``None``.
    """
    known = [(reported.weight, reported.off(mean)) for reported, mean in means if isfinite(mean)]
    if not known:
        return None
    return sqrt(sum(w * off**2 for w, off in known) / sum(w for w, _ in known))
