"""How near patrols come to the most that anybody could do with the hours they walk.

Two crossers are looked at. One heeds no patrol: where and when they come is given by the flow.
The other looks first: they know the plan, but not what chance decides, and choose place, light
and moment. Against each the patrols' chance to see a crosser in the open is set against an
upper bound over all plans with as many patrols out, at the same speed and equally keen of
sight; see :mod:`sim.theory.patrol_bounds`. Everything follows from the scenario by quadrature;
no run.
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
"""Moments of the period, besides those at which a pass begins or ends, that are looked at."""
_TURNS: Final = 3
"""Positions of the clock for each crosser who does not know it."""
_GOLDEN: Final = (5.0**0.5 - 1.0) / 2.0


@dataclass(frozen=True)
class CeilingRow:
    """What the patrols of a scenario reach of the most possible; chances lie in [0, 1].

    ``patrols_out`` is the mean number of patrols on their feet at an instant. ``expected`` is
    the chance that a patrol sees a crosser who heeds none, ``expected_most`` what no plan with
    as many patrols out exceeds, ``expected_reached`` their quotient. ``guaranteed``, ``..._most``
    and ``..._reached`` are the same against one who looks first, who goes to ``weakest``, a
    district, ``by_night`` or not (null where nothing is guaranteed: then many places will do).
    A quotient is null where nothing can be reached. ``basis`` tells what of the policy depends
    on incidents, and how it is taken here; mostly it is empty.
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
    """The least chance that a place and a light leave to the guards, and where that is."""

    chance: float
    district: int
    by_night: bool


class Met:
    """When sorties meet crossers; found once for all worlds that are in this like the first."""

    def __init__(self) -> None:
        self._first: dict[Hashable, tuple[list[bytes], list[DepartureLengths]]] = {}

    def at(
        self, when: Hashable, beat: Beat, who: Exposure, times: list[tuple[float, float]]
    ) -> list[DepartureLengths]:
        """For each time in the open, on a day of the horizon and in a light."""
        arrays = [*beat[:3], *(beat.dark or ()), *who, np.array(times)]
        key = [each.tobytes() for each in arrays]
        if when in self._first and self._first[when][0] == key:
            return self._first[when][1]
        found = [departure_lengths(beat, who._replace(days=who.days * time)) for time, _ in times]
        self._first.setdefault(when, (key, found))
        return found


def ceilings(specs: Mapping[str, Scenario]) -> tuple[CeilingRow, ...]:
    """What the patrols of each scenario reach of the most possible."""
    met = Met()
    return tuple(ceiling(spec, name, met) for name, spec in specs.items())


def ceiling(spec: Scenario, name: str | None = None, met: Met | None = None) -> CeilingRow:
    """What the patrols of one scenario reach of the most possible, under its ``name``."""
    from sim.model import BorderModel

    world, met = BorderModel(spec, 0), met or Met()
    days, cells = days_of(world), cells_of(world)
    out = _patrols_out(cells, days)
    expected, expected_most = _expected(world, cells, days, out, met)
    weakest, guaranteed_most = _guaranteed(world, cells, days, met)
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
    """What of a policy depends on incidents, and how it is taken here; mostly nothing."""
    alert, patrols = spec.alert, spec.patrols
    parts = []
    if alert.policy == "triggered":
        parts.append(f"at {alert.level}, its level until something happens")
    elif alert.policy == "preemptive":
        parts.append("at the levels of the season, without warnings")
    if patrols.hot_spot_share > 0.0:
        parts.append("before sorties follow incidents; guaranteed: once they left for elsewhere")
    return "; ".join(parts)


def _share(reached: float, most: float) -> float | None:
    return reached / most if most > 0.0 else None


def _patrols_out(cells: Cells, days: list[Day]) -> float:
    """Mean number of patrols on their feet; as many sorties leave by day as by night."""
    per_km = cells.sorties * (1.0 / cells.day_speed + 1.0 / cells.night_speed)
    routine = float(per_km @ cells.length)
    return routine * sum(day.sorties for day in days) / len(days)


def _sight(world: BorderModel, readiness: float) -> float:
    """Chance that a patrol sees who comes within its reach."""
    return world.spec.patrols.p_sight * pow(readiness, world.spec.readiness.effect_on_sighting)


# -- one who heeds no patrol ----------------------------------------------------------------


def _expected(
    world: BorderModel, cells: Cells, days: list[Day], out: float, met: Met
) -> tuple[float, float]:
    """Chance that a patrol sees a crosser of the flow; the most of any plan."""
    q = sum(_sight(world, day.readiness) for day in days) / len(days)
    comes = np.zeros(len(cells.km))  # how many, how many are seen, how many looks they get
    seen = np.zeros(len(cells.km))
    looks = np.zeros(len(cells.km))
    for day in days:
        groups, beat = flow(world, cells, day.day), cells.beat_on(world, day.day)
        who, rate = exposures(world, cells, day.day), cells.sorties * day.sorties
        comes += groups
        times = exposure_times(world)
        for (stay, weight), meets in zip(times, met.at(day.day, beat, who, times), strict=True):
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
    """Chance that each crosser is seen, who does not know where the clock stands."""
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
    world: BorderModel, inner: Cells, days: list[Day], met: Met
) -> tuple[Weakest, float]:
    """The chance that a crosser cannot get below; the most of any plan.

    They choose a long day or night, not the hours about dusk, in which patrols that left by
    day and by night follow each other at different speeds.
    """
    cells = cells_of(world, ends=True)
    left = _left(world)
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
            rate = cells.sorties * day.sorties * left
            beat = cells.beat(by_night)
            if world.spec.patrols.schedule == "random":
                times = exposure_times(world)
                meets = met.at((day.day, by_night), beat, who, times)
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


def _left(world: BorderModel) -> float:
    """Share of its sorties that a district is sure to keep when incidents are elsewhere."""
    patrols = world.spec.patrols
    return 1.0 - patrols.hot_spot_share if patrols.hot_spot_ceiling > 1.0 else 1.0


def _by_the_moment(world: BorderModel, beat: Beat, who: Exposure, rate: Array, q: float) -> Array:
    """Chance at each place to see one who comes at the moment that suits them best."""
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
