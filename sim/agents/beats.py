"""One half of a post's section and its sorties, which are computed and never stepped.

A sortie leaves the post, walks to the end of the half section and back at constant speed, so
it passes a place at distance ``d`` at ``d/v`` and ``(2H - d)/v`` after it left. Which sorties
leave is a function of (half section, time): a random schedule is a thinned Poisson process on
a plane fixed by the seed; a regular one has fixed period and phase; a jittered one delays each
regular departure by its own share of the period (it never brings one forward, so that a later
change of the rate does not affect the past).
"""

from collections.abc import Callable
from functools import partial
from math import ceil
from typing import Any, NamedTuple

from sim.engine.arrivals import Arrivals, Point
from sim.engine.draws import Draws, Stream
from sim.engine.path import Path, Waypoint
from sim.engine.step_function import StepFunction
from sim.frontier.season import Calendar
from sim.scenario.spec_guard import Patrols

_TILE_DAYS, _TILE_RATE = 2.0, 1.5  # part of the identity of every departure

Departure = Point
"""A sortie that leaves its post at ``at`` if the rate exceeds its ``mark``."""


class Pass(NamedTuple):
    """A patrol passes a place at ``at``; it is within r km of it for r/speed before and after."""

    at: float
    speed: float
    leaves: float
    home: float
    departure: "Departure"
    leg: str

    def name(self, purpose: str) -> str:
        """A purpose of draws for this pass, by sortie and leg: the same in every world."""
        column, row, number = self.departure.place
        return f"{purpose} {column}.{row}.{number} {self.leg}"

    def within(self, reach_km: float) -> tuple[float, float]:
        """First and last instant within ``reach_km`` while it is out."""
        margin = reach_km / self.speed
        return max(self.at - margin, self.leaves), min(self.at + margin, self.home)


class Stretch(NamedTuple):
    """Place and walking speed of a beat: km, km, district, km/day, km/day."""

    km: float
    reach: float
    district: int
    day_speed: float
    night_speed: float

    @property
    def slowest(self) -> float:
        """km/day of the slowest sortie."""
        return min(self.day_speed, self.night_speed)

    @property
    def sortie_days(self) -> float:
        """Mean duration of a sortie, by day and night in equal parts."""
        return abs(self.reach) * (1.0 / self.day_speed + 1.0 / self.night_speed)


class _Past(NamedTuple):
    """Timing and walking of the sorties that left before ``until``."""

    until: float
    patrols: Patrols
    stretch: Stretch


class Beat:
    """A half section: from its post at ``km`` out to ``km + reach`` (reach is signed).

    ``sorties`` is the post's rate with its history; each half gets half of it. ``stretch`` is for
    sorties that leave now.
    """

    __slots__ = (
        "_arrivals",
        "_calendar",
        "_draw",
        "_draws",
        "_known",
        "_past",
        "_patrols",
        "_phase",
        "_sorties",
        "half_km",
        "identity",
        "stretch",
    )

    def __init__(
        self,
        draws: Draws,
        identity: str,
        stretch: Stretch,
        patrols: Patrols,
        sorties: StepFunction,
        calendar: Calendar,
    ) -> None:
        self.identity = identity
        self.stretch = stretch
        self.half_km = abs(stretch.reach)
        self._patrols = patrols
        self._past: list[_Past] = []
        self._sorties = sorties
        self._calendar = calendar
        self._draws = draws
        self._draw: Stream | None = None  # these two are made at first use:
        self._arrivals: Arrivals | None = None  # many half sections are never crossed
        self._known: dict[int, tuple[float, list[Departure]]] = {}
        self._phase: float | None = None

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        """Leave out what can be computed again."""
        return None, {**{name: getattr(self, name) for name in self.__slots__}, "_known": {}}

    def adopt(self, now: float, patrols: Patrols, stretch: Stretch, calendar: Calendar) -> None:
        """Use other rules for the sorties that leave from ``now`` on."""
        timing = (self._patrols.schedule, self._patrols.jitter, self.stretch)
        if now > 0.0 and timing != (patrols.schedule, patrols.jitter, stretch):
            self._past.append(_Past(now, self._patrols, self.stretch))
        self._patrols, self.stretch, self._calendar = patrols, stretch, calendar

    def stretch_at(self, t: float) -> Stretch:
        """The stretch as walked by sorties that left at ``t``."""
        return next((past.stretch for past in self._past if t < past.until), self.stretch)

    @property
    def longest_days(self) -> float:
        """Duration of the longest sortie, days."""
        return 2.0 * self.half_km / self._slowest

    @property
    def _slowest(self) -> float:
        if not self._past:
            return self.stretch.slowest
        return min(stretch.slowest for stretch in (self.stretch, *(p.stretch for p in self._past)))

    # -- which sorties leave --------------------------------------------------------------

    def departures(self, start: float, end: float) -> list[Departure]:
        """Sorties that leave in ``[start, end)``, by time.

        For the future this is what will happen if the rate stays as it is now.
        """
        if not self._past:
            return self._leaving(self._patrols, start, end)
        departures: list[Departure] = []
        for past in self._past:
            if start < past.until:
                departures += self._leaving(past.patrols, start, min(end, past.until))
                start = past.until
        return departures + (self._leaving(self._patrols, start, end) if start < end else [])

    def _leaving(self, patrols: Patrols, start: float, end: float) -> list[Departure]:
        if patrols.schedule == "random":
            return self._random(start, end)
        return self._periodic(patrols, start, end)

    def _random(self, start: float, end: float) -> list[Departure]:
        if self._arrivals is None:
            name = f"{self.identity}/departures"
            self._arrivals = Arrivals(self._draws, name, _TILE_DAYS, _TILE_RATE)
        arrivals, sorties = self._arrivals, self._sorties
        columns = range(arrivals.tile_of(start), arrivals.tile_of(end) + 1)
        every = [d for n in columns for d in self._column(arrivals, n) if start <= d.at < end]
        if len(sorties.times) == 1:
            return every
        return [d for d in every if d.mark < 0.5 * sorties.at(d.at)]

    def _column(self, arrivals: Arrivals, column: int) -> list[Departure]:
        left = arrivals.start_of(column)
        rate = 0.5 * self._sorties.highest(left, left + _TILE_DAYS)
        known = self._known.get(column)
        if known is None or known[0] < rate:
            known = self._known[column] = (rate, arrivals.column(column, rate))
        return known[1]

    def _periodic(
        self, patrols: Patrols, start: float, end: float, nominal: bool = False
    ) -> list[Departure]:
        """Departures at the instants at which the integral of the rate passes n + phase.

        Jittered ones leave later by a uniform share, at most ``jitter``, of the period that
        holds then; ``nominal`` puts all of them in the middle of that range.
        """
        jitter = patrols.jitter if patrols.schedule == "jittered" else 0.0
        if self._draw is None or self._phase is None:
            self._draw = self._draws.of(self.identity)
            self._phase = self._draw.uniform("phase")
        departures: list[Departure] = []
        origin = min(start, 0.0) - 30.0
        done = 0.5 * self._sorties.values[0] * origin  # integral of the rate, from day 0
        for left, right, value in self._sorties.pieces(origin, end + 30.0):
            rate = 0.5 * value
            if rate > 0.0 and right > start - 1.0 / rate and left < end + 1.0 / rate:
                slack = jitter / rate
                first = done + rate * (max(left, start - slack) - left)
                last = done + rate * (min(right, end) - left)
                for n in range(ceil(first - self._phase), ceil(last - self._phase)):
                    at = left + (n + self._phase - done) / rate
                    if jitter:
                        at += slack * (0.5 if nominal else self._draw.uniform(f"jitter {n}"))
                    if start <= at < end:
                        departures.append(Departure(at, 0.0, (n, 0, 0)))
            done += rate * (right - left)
        departures.sort()
        return departures

    # -- when they pass -------------------------------------------------------------------

    def speed(self, leaves: float) -> float:
        """km/day of a sortie that leaves at ``leaves``: set by day or night at the start."""
        stretch = self.stretch_at(leaves) if self._past else self.stretch
        night = self._calendar.is_night(stretch.district, leaves)
        return stretch.night_speed if night else stretch.day_speed

    def passes(self, km: float, start: float, end: float, reach_km: float = 0.0) -> list[Pass]:
        """Passes that come within ``reach_km`` of chainage ``km`` in ``[start, end]``, by time."""
        return self._passes_of(self.departures, km, (start, end), reach_km)

    def predicted(self, km: float, start: float, end: float, reach_km: float) -> list[Pass]:
        """The passes that an observer of weeks would expect: none if departures are random."""
        if self._patrols.schedule == "random":
            return []
        nominal = partial(self._periodic, self._patrols, nominal=True)
        return self._passes_of(nominal, km, (start, end), reach_km)

    def _passes_of(
        self,
        departures: Callable[[float, float], list[Departure]],
        km: float,
        window: tuple[float, float],
        reach_km: float,
    ) -> list[Pass]:
        stretch, (start, end), whole = self.stretch, window, 2.0 * self.half_km
        out = min(abs(km - stretch.km), self.half_km)
        legs = (("out", out), ("back", whole - out))
        passes: list[Pass] = []
        for departure in departures(start - (whole - out + reach_km) / self._slowest, end):
            at = departure.at
            speed = self.speed(at)
            margin = reach_km / speed
            for leg, walked in legs:
                passing = at + walked / speed
                if passing + margin >= start and passing - margin <= end:
                    passes.append(Pass(passing, speed, at, at + whole / speed, departure, leg))
        passes.sort()
        return passes

    # -- where they are -------------------------------------------------------------------

    def world_lines(self, start: float, end: float) -> list[tuple[Waypoint, Waypoint, Waypoint]]:
        """Departure, turn and return of every sortie that is out at some time in the interval."""
        stretch = self.stretch
        lines = []
        for departure in self.departures(start - self.longest_days, end):
            half = self.half_km / self.speed(departure.at)
            if departure.at + 2.0 * half >= start:
                lines.append(
                    (
                        Waypoint(departure.at, stretch.km, 0.0),
                        Waypoint(departure.at + half, stretch.km + stretch.reach, 0.0),
                        Waypoint(departure.at + 2.0 * half, stretch.km, 0.0),
                    )
                )
        return lines

    def places(self, t: float) -> list[float]:
        """Chainages of all sorties that are out at ``t``."""
        return [
            Path(*line).at(t)[0]
            for line in self.world_lines(t, t + 1e-9)
            if line[0].at <= t <= line[2].at
        ]
