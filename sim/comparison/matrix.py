"""The matrix: policies by outcomes on one screen, in order, with place and changes.

Terminal, page, notebook, lab and JSON show this same arrangement of the contrasts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast

import numpy as np

from sim.comparison.ranking import common_replicates, losses_of, mean_gaps
from sim.measures.registry import described, headlines

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison
    from sim.comparison.contrasts import Contrast

BESIDE: Final = ("interdiction_share", "cost_usd", "incidents")
"""The outcomes beside the harm, unless the question names a few."""

Mark = Literal["better", "worse", "more", "less", "same", "equal", "open", "unknown"]
"""A judgement in one word. ``same``: in practice. ``equal``: in every pair."""

_MARKS: Final[Mapping[str, Mark]] = {"none": "equal", "same": "same", "open": "open"}
_TIED: Final = ("same", "none", "open")


@dataclass(frozen=True, slots=True)
class Cell:
    """One outcome under one scenario.

    ``mean``, ``difference`` from the baseline, ``low`` and ``high`` are in the outcome's unit;
    ``change``, ``change_low`` and ``change_high`` are the same as shares of the baseline's mean.
    ``mark`` is the judgement, empty for the baseline. An unknown value is ``None``.
    """

    outcome: str
    mean: float | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    change: float | None = None
    change_low: float | None = None
    change_high: float | None = None
    mark: Mark | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario, a cell for each outcome.

    Its place in the harm lies between ``first`` and ``last``; each end holds with the confidence
    of the question. Scenarios that differ by no more than what matters share a place. ``None`` if
    unknown.
    """

    scenario: str
    first: int | None
    last: int | None
    cells: tuple[Cell, ...]

    @property
    def marks(self) -> dict[str, str]:
        """The judgements by outcome."""
        return {cell.outcome: cell.mark for cell in self.cells}


@dataclass(frozen=True, slots=True)
class Matrix:
    """The rows of the baseline and of the policies, the best in ``harm`` first.

    Policies known to be better than the baseline come first, then those not known to differ, then
    those known to be worse. Within each group less harm comes first; if the harm differs by no more
    than what matters, the cheaper policy.
    """

    harm: str
    outcomes: tuple[str, ...]
    base: Row
    rows: tuple[Row, ...]


def matrix(comparison: Comparison, columns: Sequence[str] = ()) -> Matrix | None:
    """The matrix of a comparison; ``None`` if there is only one scenario.

    ``columns`` replaces the usual outcomes.
    """
    harm = comparison.harm
    if harm is None or not comparison.policies:
        return None
    outcomes = tuple(columns) or _columns(comparison)
    places = _places(comparison, harm)
    base = Row(
        comparison.baseline,
        *places[comparison.baseline],
        tuple(Cell(name, _mean(comparison.of(name))) for name in outcomes),
    )
    rows = tuple(
        Row(name, *places[name], tuple(_cell(comparison.contrast(name, o)) for o in outcomes))
        for name in ordered(comparison.of(harm), comparison.of(comparison.question.cost))
    )
    return Matrix(harm, outcomes, base, rows)


def _columns(comparison: Comparison) -> tuple[str, ...]:
    """The outcomes of the question; the usual few if it names none or all headlines."""
    named = comparison.question.outcomes
    usual = {name for name in headlines() if name in comparison.source.outcomes}
    chosen = BESIDE if named is None or usual <= set(named) else named
    wanted = dict.fromkeys([str(comparison.harm), *chosen])
    return tuple(name for name in wanted if name in comparison.outcomes)


def _mean(contrasts: Sequence[Contrast]) -> float | None:
    """The baseline's mean over the most pairs."""
    most = max(contrasts, key=lambda c: c.n, default=None)
    return None if most is None else most.baseline_mean


def _cell(c: Contrast) -> Cell:
    mark = cast(Mark, c.judgement) if c.settled else _MARKS.get(c.standing, "unknown")
    base = c.baseline_mean or 0.0

    def share(size: float | None) -> float | None:
        return None if size is None or base <= 0.0 else size / base

    return Cell(
        c.outcome, c.mean, c.difference, c.low, c.high,
        share(c.difference), share(c.low), share(c.high), mark,
    )  # fmt: skip


# -- order ------------------------------------------------------------------------------------


def ordered(harms: Sequence[Contrast], costs: Sequence[Contrast]) -> list[str]:
    """Scenarios by the judgement on their harm, then by harm, then by cost."""
    by_harm, by_cost = {c.scenario: c for c in harms}, {c.scenario: c for c in costs}
    sections: dict[int, list[str]] = {}
    for name, c in by_harm.items():
        sections.setdefault(_section(c), []).append(name)
    return [
        name
        for _, section in sorted(sections.items())
        for equal_harm in _tied_groups(section, by_harm)
        for equal_cost in _tied_groups(equal_harm, by_cost)
        for name in sorted(equal_cost, key=lambda name: _loss(by_harm[name]))
    ]


def _section(c: Contrast) -> int:
    if c.standing == "unknown":
        return 3
    return 1 if c.standing in _TIED else 2 if c.judgement in ("worse", "more") else 0


def _tied_groups(names: Iterable[str], contrasts: Mapping[str, Contrast]) -> list[list[str]]:
    """Names by an outcome, the best first, in groups as good in practice as their first."""
    groups: list[list[str]] = []
    first = 0.0
    for name in sorted(names, key=lambda name: _loss(contrasts.get(name))):
        c = contrasts.get(name)
        loss = _loss(c)
        if not groups or loss - first > ((c.rope_high if c else None) or 0.0):
            groups.append([])
            first = loss
        groups[-1].append(name)
    return groups


def _loss(c: Contrast | None) -> float:
    """How much worse than the baseline; without a better direction, how much more."""
    if c is None or c.difference is None:
        return 0.0
    return -c.difference if c.orientation == "more" else c.difference


def _places(comparison: Comparison, harm: str) -> dict[str, tuple[int | None, int | None]]:
    """The first and last possible place of each scenario in the harm, with the baseline."""
    samples = list(comparison.samples.values())
    common = common_replicates(samples, harm)
    if len(common) < 2:
        return dict.fromkeys(comparison.names, (None, None))
    losses = losses_of(samples, harm, common)
    behind, errors = mean_gaps(
        -losses if described(harm).better == "more" else losses, comparison.confidence
    )
    matters = max((c.rope_high or 0.0 for c in comparison.of(harm)), default=0.0)
    beaten = behind > np.maximum(errors, matters)
    first, last = 1 + beaten.sum(axis=1), len(samples) - beaten.sum(axis=0)
    return {name: (int(first[k]), int(last[k])) for k, name in enumerate(comparison.names)}
