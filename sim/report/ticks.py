"""Marks of time on an axis: clock times for hours, days for weeks, months for years."""

import datetime as dt
from math import ceil, floor
from typing import Final, NamedTuple

_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_CLOCK_STEPS_MIN: Final = (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080)
_DAY_STEPS: Final = (1, 2, 5, 7, 14)
_MONTH_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)


class Ticks(NamedTuple):
    """Where marks stand, in days since the first midnight, and what they say."""

    at: list[float]
    labels: list[str]


def date_words(start: dt.date, t: float, *, year: bool = False) -> str:
    """``23 Dec`` or ``23 Dec 2025`` for the day that ``t`` falls in."""
    day = start + dt.timedelta(days=floor(t))
    return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def clock_words(t: float) -> str:
    """``23:30`` for a time in days."""
    minutes = round(t * 1440) % 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def clock_ticks(start: dt.date, t0: float, t1: float, most: int = 11) -> Ticks:
    """Round clock times in [t0, t1], at most ``most``; the first and each midnight tell the day."""
    span = (t1 - t0) * 1440
    step = next((s for s in _CLOCK_STEPS_MIN if span / s <= most), ceil(span / most / 1440) * 1440)
    first = ceil(t0 * 1440 / step - 1e-9)
    minutes = [i * step for i in range(first, floor(t1 * 1440 / step + 1e-9) + 1)]
    labels: list[str] = []
    for i, minute in enumerate(minutes):
        day = start + dt.timedelta(days=minute // 1440)
        words = f"{minute // 60 % 24:02d}:{minute % 60:02d}"
        if i == 0 or minute // 1440 > minutes[i - 1] // 1440:
            words += f"\n{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
        labels.append(words)
    return Ticks([minute / 1440 for minute in minutes], labels)


def calendar_ticks(start: dt.date, days: float, most: int = 13) -> Ticks:
    """Days or firsts of months in [0, days], at most about ``most``; a new year is named."""
    if days <= 1:
        hours = clock_ticks(start, 0.0, days, most)
        return Ticks(hours.at, [words.split("\n")[0] for words in hours.labels])
    step = next((s for s in _DAY_STEPS if days / s <= most), None)
    if step is not None and days <= 75:
        days_at = [float(i * step) for i in range(floor(days / step) + 1)]
        return Ticks(days_at, [date_words(start, t) for t in days_at])
    months = days / 30.44
    stride = next((s for s in _MONTH_STEPS if months / s <= most), _MONTH_STEPS[-1])
    at: list[float] = []
    labels: list[str] = []
    month = start.year * 12 + start.month - 1
    month = ceil(month / stride) * stride if stride > 1 else month
    while True:
        day = dt.date(month // 12, month % 12 + 1, 1)
        t = float((day - start).days)
        if t > days:
            return Ticks(at, labels)
        if t >= 0:
            new_year = not labels or day.month == 1
            labels.append(_MONTHS[day.month - 1] + (f" {day.year}" if new_year else ""))
            at.append(t)
        month += stride
