"""Probability that sorties from a post, to the end of a half section and back, see a crosser.

The crosser is in the open for a time at a place ``place`` km from the post; a sortie passes it
twice and sees with ``q`` on each pass, independently, if it comes within ``reach`` km meanwhile.
For each leg the departures that do so fill an interval of time; probabilities follow from the
lengths of these intervals and of their overlap, so nothing is simulated (integral geometry of
paths and exposures; cf. Koopman 1980, *Search and Screening*). A sortie keeps the speed of the
light in which it left. Times are days, distances km, speeds km/day; arguments are arrays that
broadcast.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_INSTANT = 1e-7
"""Days over which a departure at a fixed time is spread, so that it has a length."""

_RAREST = 1e-9
"""Regular departures a day below which none is counted."""


class Dark(NamedTuple):
    """The effect of night: a patrol that leaves between sunset and sunrise walks at ``speed``."""

    speed: Array
    sunrise: Array  # share of the day, as is sunset
    sunset: Array


class Beat(NamedTuple):
    """The place of the crosser on a half section of length ``half``, and the speed of patrols."""

    place: Array
    half: Array
    speed: Array
    dark: Dark | None = None


class Exposure(NamedTuple):
    """When the crosser comes, how long they are exposed, and how far patrols see them."""

    at: Array
    days: Array
    reach: Array


class DepartureLengths(NamedTuple):
    """Days of departure for which a leg meets the crosser: out, back, and both."""

    out: Array
    back: Array
    both: Array

    def chance(self, q: float) -> Array:
        """Days of departure times the probability to see: ``q`` for each leg, independently."""
        return q * (self.out + self.back) - q * q * self.both

    def seen(self, rate: Array, q: float) -> Array:
        """Probability to be seen if sorties leave at random, ``rate`` a day."""
        return -np.expm1(-rate * self.chance(q))


def departure_lengths(beat: Beat, who: Exposure) -> DepartureLengths:
    """Lengths of the intervals of departures that meet the crosser."""
    return _lengths(_walks(beat, who))


def timed_chance(
    beat: Beat, who: Exposure, rate: Array, q: float, clock: tuple[float, Array]
) -> Array:
    """Probability to be seen if sorties leave at a fixed period, each with a random delay.

    ``clock`` holds the width of the uniform delay as a share of the period (0: none), and the
    phase of the clock as a share of the period in [0, 1), one for each crosser.
    """
    spread, phase = clock
    period, width, earliest = _clockwork(beat, who, rate, spread)
    start = earliest + phase * period
    count = int(np.max(np.ceil((who.at + who.days - start) / period), initial=0.0))
    missed = np.ones(np.broadcast(start, beat.place).shape)
    walks = _walks(beat, who)
    for _ in range(count + 1):
        hit = _lengths(walks, (start, start + width)).chance(q) / width
        missed *= 1.0 - np.minimum(np.maximum(hit, 0.0), 1.0)
        start = start + period
    return np.where(rate > _RAREST, 1.0 - missed, 0.0)


def turning_phases(beat: Beat, who: Exposure, rate: Array, spread: float) -> Array:
    """Phases of the clock between which :func:`timed_chance` has no kink; a last axis of 8.

    Its least value is just past one of them, or far from all. For constant light.
    """
    period, width, earliest = _clockwork(beat, who, rate, spread)
    nudge = 10.0 * _INSTANT
    starts = [
        start
        for first, last in _legs(beat, who, beat.speed)
        for start in (first - width - nudge, first, last - width, last + nudge)
    ]
    return np.stack([((start - earliest) / period) % 1.0 for start in starts], axis=-1)


def _clockwork(beat: Beat, who: Exposure, rate: Array, spread: float) -> tuple[Array, Array, Array]:
    """Period, width of the delay, and the start of the first relevant delay."""
    period = 1.0 / np.where(rate > _RAREST, rate, 1.0)
    width = np.maximum(spread * period, _INSTANT)
    slow = beat.speed if beat.dark is None else np.minimum(beat.speed, beat.dark.speed)
    return period, width, who.at - (2.0 * beat.half + who.reach) / slow - width


def _legs(beat: Beat, who: Exposure, speed: Array) -> list[tuple[Array, Array]]:
    """First and last departure that meets the crosser on the way out, and on the way back."""
    legs = []
    for walked in (beat.place, 2.0 * beat.half - beat.place):
        near = np.maximum(walked - who.reach, 0.0) / speed
        far = np.minimum(walked + who.reach, 2.0 * beat.half) / speed
        legs.append((who.at - far, who.at + who.days - near))
    return legs


class _Walk(NamedTuple):
    """The legs of sorties that leave by day or by night; without ``dark`` it is always day."""

    legs: list[tuple[Array, Array]]
    dark: Dark | None
    by_day: bool


def _walks(beat: Beat, who: Exposure) -> list[_Walk]:
    walks = [_Walk(_legs(beat, who, beat.speed), beat.dark, True)]
    if beat.dark is not None:
        walks.append(_Walk(_legs(beat, who, beat.dark.speed), beat.dark, False))
    return walks


def _lengths(walks: list[_Walk], window: tuple[Array, Array] | None = None) -> DepartureLengths:
    """Lengths of the departures of these walks, only of those within ``window`` if given."""
    parts = []
    for legs, dark, by_day in walks:
        (a, b), (c, d) = legs if window is None else [
            (np.maximum(first, window[0]), np.minimum(last, window[1])) for first, last in legs
        ]  # fmt: skip
        both = np.maximum(a, c), np.minimum(b, d)
        parts.append([_length(dark, *ends, by_day) for ends in ((a, b), (c, d), both)])
    if len(parts) == 1:
        return DepartureLengths(*parts[0])
    return DepartureLengths(*(a + b for a, b in zip(*parts, strict=True)))


def _length(dark: Dark | None, first: Array, last: Array, by_day: bool) -> Array:
    """Length of an interval, or of its daylight, or of its darkness; 0 if it is empty."""
    end = np.maximum(last, first)
    if dark is None:
        return end - first
    lit = _daylight(dark, end) - _daylight(dark, first)
    return lit if by_day else end - first - lit


def _daylight(dark: Dark, t: Array) -> Array:
    """Days of daylight from day 0 to ``t``, if every day is like the crosser's."""
    day = np.floor(t)
    light = dark.sunset - dark.sunrise
    return day * light + np.minimum(np.maximum(t - day - dark.sunrise, 0.0), light)
