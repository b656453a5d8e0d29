"""Larger baselines, each larger in one dimension.

The ground is fixed at 1,340 km, so the line cannot grow. The stretch on which things happen can:
the same number of posts, sorties, crossings, cells and worksites is placed on 135 km, and on twice,
five and ten times as much.
"""

from collections.abc import Callable
from typing import NamedTuple

from sim.frontier.ground import Ground
from sim.scenario.spec import Scenario
from sim.scenario.values import with_overrides

LAND = Ground.default()

FACTORS = (1.0, 2.0, 5.0, 10.0)
CROSSINGS = "crossings"

_STRETCHES = ((1, 3), (0, 4), (0, 9), (0, 13))
"""Districts from, to: 135, 265, 680 and 1,340 km."""
_ONE_POST = 1e-9
"""A density so small that a district keeps one post, the least it has unless it has none."""


class Step(NamedTuple):
    """A scenario, and its size relative to the first of its dimension."""

    factor: float
    scenario: Scenario


def steps(baseline: Scenario) -> dict[str, list[Step]]:
    """The scenarios of each dimension, the smallest first."""
    posts, patrols, smugglers = baseline.posts, baseline.patrols, baseline.smugglers
    return {
        "posts": _grow(baseline, lambda f: {"posts.spacing_km": posts.spacing_km / f}),
        "sorties": _grow(
            baseline, lambda f: {"patrols.sorties_per_day": f * patrols.sorties_per_day}
        ),
        CROSSINGS: _grow(
            baseline, lambda f: {"smugglers.loads_per_year": f * smugglers.loads_per_year}
        ),
        "days": _grow(baseline, lambda f: {"days": f * baseline.days}),
        "kilometres": _stretches(baseline),
    }


def _grow(baseline: Scenario, changes: Callable[[float], dict[str, object]]) -> list[Step]:
    return [Step(factor, with_overrides(baseline, changes(factor))) for factor in FACTORS]


def _stretches(baseline: Scenario) -> list[Step]:
    lengths = [sum(d.length_km for d in LAND.districts[a:b]) for a, b in _STRETCHES]
    return [
        Step(length / lengths[0], with_overrides(baseline, _on(stretch, baseline)))
        for stretch, length in zip(_STRETCHES, lengths, strict=True)
    ]


def _on(stretch: tuple[int, int], baseline: Scenario) -> dict[str, object]:
    """Overrides that place everything in some districts, spread by length.

    Nobody moves along the line, or groups would leave a short stretch. Districts without
    crossings keep one post each, or the sections of the outermost posts would reach hundreds
    of kilometres; the others have so many fewer.
    """
    inside = LAND.districts[slice(*stretch)]
    length = sum(district.length_km for district in inside)
    outside = len(LAND.districts) - len(inside)
    posts = round(LAND.length_km / baseline.posts.spacing_km)
    weights = {d.slug: d.length_km if d in inside else 0.0 for d in LAND.districts}
    return {
        "posts.spacing_km": length / (posts - outside),
        "posts.density": {d.slug: 1.0 if d in inside else _ONE_POST for d in LAND.districts},
        "smugglers.district_weights": weights,
        "smugglers.displacement": 0.0,
        "cells.district_weights": weights,
        "worksites.district_weights": weights,
    }
