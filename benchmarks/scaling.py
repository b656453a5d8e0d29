"""The cost of a run as it grows in one dimension at a time."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.dimensions import CROSSINGS, steps
from benchmarks.setting import Setting
from benchmarks.table import Row, Section
from benchmarks.timing import Spread, Timings, Work, in_turn
from sim.model import BorderModel
from sim.scenario.spec import Scenario


class Point(NamedTuple):
    """A size relative to the first of its curve: its cost, in ms and relative, and its contents."""

    factor: float
    ms: Spread
    ratio: Spread
    posts: int
    crossings: int


class Line(NamedTuple):
    """A least-squares line of time on crossings, and the share of variance that it explains."""

    ms_at_none: float
    ms_per_crossing: float
    r_squared: float


class Scaling(NamedTuple):
    """The points of each dimension, and the cost of one more crossing when there are many.

    ``marginal``: time of one more crossing between the two largest flows, over that between
    the two smallest; one value per round, and 1 is a straight line. ``None`` if the clock saw no
    difference.
    """

    curves: dict[str, list[Point]]
    marginal: Spread | None


def measure(setting: Setting) -> Scaling:
    """Time all sizes of all dimensions in turn."""
    held: dict[str, tuple[int, int]] = {}

    def work(name: str, scenario: Scenario) -> Work:
        def do() -> object:
            model = BorderModel(scenario, setting.seed).run()
            held[name] = len(model.posts), int(model.outcomes()["crossings"] or 0)
            return held

        return do

    plan = steps(setting.scenario)
    todo = {
        _name(what, n): work(_name(what, n), step.scenario)
        for what, several in plan.items()
        for n, step in enumerate(several)
    }
    timings = in_turn(todo, setting.repeat)
    curves: dict[str, list[Point]] = {}
    for what, several in plan.items():
        names = [_name(what, n) for n in range(len(several))]
        curves[what] = [
            Point(step.factor, timings.ms(n), timings.ratio(n, names[0]), *held[n])
            for n, step in zip(names, several, strict=True)
        ]
    return Scaling(curves, marginal(timings, curves[CROSSINGS]))


def _name(what: str, number: int) -> str:
    return f"{what}, size {number}"


def marginal(timings: Timings, flows: Sequence[Point]) -> Spread | None:
    """The marginal costs of ``Scaling``; ``flows`` are the points of the crossings."""

    def step(few: int) -> list[float]:
        more = max(flows[few + 1].crossings - flows[few].crossings, 1)
        pairs = zip(
            timings.of[_name(CROSSINGS, few)], timings.of[_name(CROSSINGS, few + 1)], strict=True
        )
        return [(b - a) / more for a, b in pairs]

    pairs = zip(step(len(flows) - 2), step(0), strict=True)
    ratios = [late / early for late, early in pairs if early > 0.0]
    return Spread.of(ratios) if ratios else None


def fit(flows: Sequence[Point]) -> Line:
    """A straight line through the median times."""
    x = np.array([point.crossings for point in flows], dtype=float)
    y = np.array([point.ms.median for point in flows])
    if np.ptp(x) == 0.0:  # a run too short for anyone to cross
        return Line(float(y.mean()), 0.0, 0.0)
    slope, intercept = np.polyfit(x, y, 1)
    rest, whole = y - (intercept + slope * x), y - y.mean()
    return Line(float(intercept), float(slope), float(1.0 - (rest @ rest) / (whole @ whole)))


def section(scaling: Scaling) -> Section:
    """A row for ten times the size in each dimension, and two rows on the straight line."""
    rows = []
    for what, points in scaling.curves.items():
        between = ", ".join(f"x {p.factor:.0f}: {p.ratio.median:.2f}" for p in points[1:-1])
        last = points[-1]
        rows.append(Row(f"{what} x {last.factor:.0f}", last.ms, last.ratio, between))
    line = fit(scaling.curves[CROSSINGS])
    told = (
        f"{line.ms_at_none:.1f} ms + {1000.0 * line.ms_per_crossing:.0f} us, "
        f"R2 {line.r_squared:.4f}"
    )
    rows.append(Row("each crossing, many over few", None, scaling.marginal, told))
    return Section("Ten times as much, over once", rows, _notes(scaling))


def _notes(scaling: Scaling) -> tuple[str, ...]:
    few, *_, many = scaling.curves[CROSSINGS]
    return (
        "Ten times the posts send ten times the sorties too. Kilometres: the ground is fixed, so "
        "the same posts, sorties and crossings are put on 135 km and on 1,340 km; there nobody "
        f"moves along the line. Each crossing: one more among up to {many.crossings:,} over one "
        f"more among some {few.crossings:,}, 1 for a straight line; beside it that line.",
    )


def as_data(scaling: Scaling) -> dict[str, list[dict[str, object]]]:
    """The curves as plain data."""
    return {
        what: [
            {**point._asdict(), "ms": list(point.ms), "ratio": list(point.ratio)}
            for point in points
        ]
        for what, points in scaling.curves.items()
    }
