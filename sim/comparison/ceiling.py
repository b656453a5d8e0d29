"""The ceiling: how near patrols come to the most that any plan with as many could achieve.

There are two crossers. One ignores patrols: the flow gives where and when they come. The other
looks first: they know the plan, but not what chance decides, and choose place, light and moment.
For each, the probability that a patrol sees a crosser in the open is compared with an upper bound
over all plans with as many patrols out, at the same speed and with the same sight; see
:mod:`sim.theory.patrol_bounds`. Everything follows from the scenario by quadrature, without a run.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from math import pow
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.comparison.crossings import exposure_times, exposures, flow, steady_exposures
from sim.comparison.planned_patrols import Cells, Day, cells_of, days_of
from sim.theory.patrol_bounds import most_expected, most_guaranteed
from sim.theory.sortie_detection import (
    Array,
    Beat,
    DepartureLengths,
    Exposure,
    departure_lengths,
    timed_chance,
    turning_phases,
)

if TYPE_CHECKING:
    from sim.model import BorderModel
    from sim.scenario.spec import Scenario

_PHASES: Final = 24
"""Moments of the period that are tried, besides those at which a pass begins or ends."""
_TURNS: Final = 3
"""Positions of the clock for each crosser who does not know it."""
_GOLDEN: Final = (5.0**0.5 - 1.0) / 2.0


@dataclass(frozen=True)
class CeilingRow:
    """What the patrols of a scenario reach of their ceiling; probabilities lie in [0, 1].

    ``patrols_out`` is the mean number of patrols out at an instant. ``expected`` is the
    probability that a patrol sees a crosser who ignores patrols, ``expected_most`` its upper bound
    over plans with as many patrols out, ``expected_reached`` their quotient. ``guaranteed``,
    ``..._most`` and ``..._reached`` are the same for one who looks first, who goes to ``weakest``,
    a district, ``by_night`` or not (``None`` if nothing is guaranteed: then many places will do).
    A quotient is ``None`` if nothing can be reached. ``basis`` says what in the policy depends on
    incidents, and how it is treated here; mostly it is empty.
    """

    scenario: str
    patrols_out: float
    expected: float
    expected_most: float
    expected_reached: float | None
    guaranteed: float
    guaranteed_most: float
    guaranteed_reached: float | None
    weakest: str | None
    by_night: bool | None
    basis: str


class Weakest(NamedTuple):
    """The smallest probability over places and lights, and where it is."""

    chance: float
    district: int
    by_night: bool


class MeetingCache:
    """A cache of when sorties meet crossers, shared by scenarios with the same sorties."""

    def __init__(self) -> None:
        self._first: dict[Hashable, tuple[list[bytes], list[DepartureLengths]]] = {}

    def at(
        self, when: Hashable, beat: Beat, who: Exposure, times: list[tuple[float, float]]
    ) -> list[DepartureLengths]:
        """The lengths for each time in the open; ``when`` is a day, or a day and a light."""
        arrays = [*beat[:3], *(beat.dark or ()), *who, np.array(times)]
        key = [each.tobytes() for each in arrays]
        if when in self._first and self._first[when][0] == key:
            return self._first[when][1]
        lengths = [departure_lengths(beat, who._replace(days=who.days * time)) for time, _ in times]
        self._first.setdefault(when, (key, lengths))
        return lengths


def ceilings(specs: Mapping[str, Scenario]) -> tuple[CeilingRow, ...]:
    """What the patrols of each scenario reach of their ceiling."""
    cache = MeetingCache()
    return tuple(ceiling(spec, name, cache) for name, spec in specs.items())


def ceiling(
    spec: Scenario, name: str | None = None, cache: MeetingCache | None = None
) -> CeilingRow:
    """What the patrols of one scenario reach of their ceiling, under its ``name``."""
    from sim.model import BorderModel

    world, cache = BorderModel(spec, 0), cache or MeetingCache()
    days, cells = days_of(world), cells_of(world)
    out = _patrols_out(cells, days)
    expected, expected_most = _expected(world, cells, days, out, cache)
    weakest, guaranteed_most = _guaranteed(world, cells, days, cache)
    return CeilingRow(
        spec.name if name is None else name,
        out,
        expected,
        expected_most,
        _share(expected, expected_most),
        weakest.chance,
        guaranteed_most,
        _share(weakest.chance, guaranteed_most),
        spec.ground.slugs[weakest.district] if weakest.chance > 0.0 else None,
        weakest.by_night if weakest.chance > 0.0 else None,
        basis(spec),
    )


def basis(spec: Scenario) -> str:
    """What in a policy depends on incidents, and how it is treated here; mostly empty."""
    alert, patrols = spec.alert, spec.patrols
    parts = []
    if alert.policy == "triggered":
        parts.append(f"at {alert.level}, its level until something happens")
    elif alert.policy == "preemptive":
        parts.append("at the levels of the season, without warnings")
    if patrols.hot_spot_share > 0.0:
        parts.append(
            "before sorties follow incidents; guaranteed: after they have left for elsewhere"
        )
    return "; ".join(parts)


def _share(reached: float, most: float) -> float | None:
    return reached / most if most > 0.0 else None


def _patrols_out(cells: Cells, days: list[Day]) -> float:
    """The mean number of patrols out; as many sorties leave by day as by night."""
    per_km = cells.sorties * (1.0 / cells.day_speed + 1.0 / cells.night_speed)
    routine = float(per_km @ cells.length)
    return routine * sum(day.sorties for day in days) / len(days)


def _sight(world: BorderModel, readiness: float) -> float:
    """The probability that a patrol sees a crosser within its reach."""
    return world.spec.patrols.p_sight * pow(readiness, world.spec.readiness.effect_on_sighting)


# -- one who ignores patrols ----------------------------------------------------------------


def _expected(
    world: BorderModel, cells: Cells, days: list[Day], out: float, cache: MeetingCache
) -> tuple[float, float]:
    """The probability that a patrol sees a crosser of the flow, and its upper bound."""
    q = sum(_sight(world, day.readiness) for day in days) / len(days)
    comes = np.zeros(len(cells.km))  # how many, how many are seen, how many looks they get
    seen = np.zeros(len(cells.km))
    looks = np.zeros(len(cells.km))
    for day in days:
        groups, beat = flow(world, cells, day.day), cells.beat_on(world, day.day)
        who, rate = exposures(world, cells, day.day), cells.sorties * day.sorties
        comes += groups
        times = exposure_times(world)
        for (stay, weight), meets in zip(times, cache.at(day.day, beat, who, times), strict=True):
            if world.spec.patrols.schedule == "random":
                chances = meets.seen(rate[:, None], q)
            else:
                each = who._replace(days=who.days * stay)
                chances = _by_the_clock(world, beat, each, rate[:, None], q)
            seen += groups * weight * chances.mean(axis=1)
            looks += groups * weight * day.sorties * (meets.out + meets.back).mean(axis=1)
    total = float(comes.sum())
    if total == 0.0:
        return 0.0, 0.0
    # km of walking for one sortie each way, in patrols out; looks are those of such a sortie
    walk = (1.0 / cells.day_speed + 1.0 / cells.night_speed) * cells.length
    walk *= sum(day.sorties for day in days) / len(days)
    there = (comes > 0.0) & (looks > 0.0)
    prices = walk[there] / (looks[there] / comes[there])
    most = most_expected(comes[there] / total, prices, out, q)
    return float(seen.sum()) / total, most


def _by_the_clock(world: BorderModel, beat: Beat, who: Exposure, rate: Array, q: float) -> Array:
    """The probability that each crosser is seen who does not know the clock."""
    turns: Array = _GOLDEN * np.arange(who.at.size, dtype=np.float64).reshape(who.at.shape)
    total = np.zeros(who.at.shape)
    for n in range(_TURNS):
        phase: Array = (turns + n / _TURNS) % 1.0
        total += timed_chance(beat, who, rate, q, (_spread(world), phase))
    return total / _TURNS


def _spread(world: BorderModel) -> float:
    patrols = world.spec.patrols
    return patrols.jitter if patrols.schedule == "jittered" else 0.0


# -- one who looks first --------------------------------------------------------------------


def _guaranteed(
    world: BorderModel, inner: Cells, days: list[Day], cache: MeetingCache
) -> tuple[Weakest, float]:
    """The smallest probability that a crosser can choose, and its upper bound.

    They choose a long day or night, not the hours around dusk, when patrols that left by day
    and by night follow each other at different speeds.
    """
    cells = cells_of(world, ends=True)
    kept = _share_kept(world)
    weakest, most = [], []
    for day in days:
        q = _sight(world, day.readiness)
        lights = zip(
            (False, True),
            steady_exposures(world, cells, day.day),
            steady_exposures(world, inner, day.day),
            strict=True,
        )
        for by_night, who, among in lights:
            rate = cells.sorties * day.sorties * kept
            beat = cells.beat(by_night)
            if world.spec.patrols.schedule == "random":
                times = exposure_times(world)
                meets = cache.at((day.day, by_night), beat, who, times)
                chances = np.sum(
                    [w * m.seen(rate, q) for (_, w), m in zip(times, meets, strict=True)], axis=0
                )
            else:
                chances = _by_the_moment(world, beat, who, rate, q)
            at = int(np.argmin(chances))
            weakest.append(Weakest(float(chances[at]), int(cells.district[at]), by_night))
            speed = inner.night_speed if by_night else inner.day_speed
            out = float((2.0 * inner.sorties * day.sorties / speed) @ inner.length)
            prices = inner.length / (speed * among.days + 2.0 * among.reach)
            most.append(most_guaranteed(prices, out, q))
    return min(weakest), min(most)


def _share_kept(world: BorderModel) -> float:
    """The share of its sorties that a district keeps when incidents are elsewhere."""
    patrols = world.spec.patrols
    return 1.0 - patrols.hot_spot_share if patrols.hot_spot_ceiling > 1.0 else 1.0


def _by_the_moment(world: BorderModel, beat: Beat, who: Exposure, rate: Array, q: float) -> Array:
    """The probability at each place of seeing one who picks the best moment."""
    clocks = [
        turning_phases(beat, who._replace(days=who.days * stay), rate, _spread(world))
        for stay, _ in exposure_times(world)
    ]
    evenly = np.tile(np.arange(_PHASES) / _PHASES, (len(rate), 1))
    phases = np.concatenate([*clocks, evenly], axis=1)
    columns = Beat(beat.place[:, None], beat.half[:, None], beat.speed[:, None])
    total = np.zeros(phases.shape)
    for stay, weight in exposure_times(world):
        each = Exposure(*(part[:, None] for part in who._replace(days=who.days * stay)))
        clock = _spread(world), phases
        total += weight * timed_chance(columns, each, rate[:, None], q, clock)
    return total.min(axis=1)
