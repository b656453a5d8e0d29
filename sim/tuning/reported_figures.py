"""What a setting is held against: reported figures of chosen years, and how far a mean is off."""

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

TELLING: Final = 3
"""A year of which so many figures are told is shown unless others are asked for."""


class Part(NamedTuple):
    """A figure of one simulated year."""

    year: int
    key: Key


@dataclass(frozen=True)
class ReportedFigure:
    """A reported figure: the sum of its parts is held against what is ``told``.

    ``scale`` is how far off counts as one: of a count what a year differs by from another of the
    same kind, of a target what its file says. What is ``held_out`` is not in the distance.
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
        """The figure in every world, from those of the years, each (worlds,)."""
        found: Floats = self.share * np.sum([figures[part] for part in self.parts], axis=0)
        return found

    def off(self, value: float) -> float:
        """How far a value is from the nearest that is told, signed, in scales; 0 within it."""
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
    """Every figure that is told of these years alone, and every target that is not of another.

    A target of no single year is held against the last of them, as a calibration does.
    """
    chosen = set(years)
    ordered = sorted(cells, key=lambda cell: (min(cell.months), -len(cell.months)))
    told = [cell for cell in ordered if {span.year for span in cell.spans} <= chosen]
    found = [_of_cell(cell, surrogate) for cell in told]
    names = {(cell.statistic.name, cell.period) for cell in told}
    for target in targets:
        window = target.window
        one = window.first.year if window.first.year == window.last.year else None
        if (target.statistic, window.text) in names or (one is not None and one not in chosen):
            continue
        found.append(_of_target(target, max(chosen) if one is None else one, ground))
    return found


def well_reported_years(cells: Iterable[Cell]) -> tuple[int, ...]:
    """The years of which at least :data:`TELLING` figures are told; the last where none is."""
    count: dict[int, int] = {}
    for cell in cells:
        if len(years := {span.year for span in cell.spans}) == 1:
            count[min(years)] = count.get(min(years), 0) + cell.exact
    return tuple(sorted(year for year, n in count.items() if n >= TELLING)) or (max(count),)


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
    """``2025 less 2025-H1`` as people say it."""
    whole, _, gone = period.partition(" less ")
    return f"the rest of {whole}" if gone else whole


def _of_target(target: Target, year: int, ground: Ground) -> ReportedFigure:
    aim = target.range
    known = statistics(ground).get(target.statistic)
    if known is None:
        label = described(target.statistic.removeprefix(RUN)).label
        unit = of_runs(ground).get(target.statistic, "")
    else:
        label, unit = known.about, known.unit
    return ReportedFigure(
        target.name, label, "a year" if target.window.text == "year" else target.window.text, unit,
        (Interval(aim.low, aim.high),), (Part(year, target.name),), aim.scale, target.weight,
        target.use != "fit", source=target.source,
    )  # fmt: skip


def distance(found: Iterable[tuple[ReportedFigure, float]]) -> float | None:
    """How far means are off, in scales: root of the weighted mean square; ``None`` of nothing.

    A mean that is not defined is left out.
    """
    known = [(reported.weight, reported.off(mean)) for reported, mean in found if isfinite(mean)]
    if not known:
        return None
    return sqrt(sum(w * off**2 for w, off in known) / sum(w for w, _ in known))
