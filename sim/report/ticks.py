"""Ticks of time on an axis that counts days: those of matplotlib, with labels that name the day."""

import datetime as dt
from itertools import pairwise
from math import floor, inf
from typing import Any, Final, NamedTuple

from matplotlib import dates

_MOST: Final = 13
_FORMATS: Final = ("%Y", "%b", "%d %b", "%H:%M", "%H:%M", "%S.%f")
_FIRST: Final = ("%Y", "%b %Y", "%d %b", "%H:%M", "%H:%M", "%H:%M")
"""Labels at the first tick of a larger unit, such as the first month of a year."""


class Ticks(NamedTuple):
    """The places of ticks, in days since the first midnight, and their labels."""

    at: list[float]
    labels: list[str]


def date_text(start: dt.date, t: float, *, year: bool = False) -> str:
    """``23 Dec`` or ``23 Dec 2025`` for the day of ``t``."""
    day = start + dt.timedelta(days=floor(t))
    return f"{day.day} {day:%b %Y}" if year else f"{day.day} {day:%b}"


def period_text(start: dt.date, days: float) -> str:
    """``1 Jan 2025 – 31 Dec 2025``; a single day for a period within it."""
    first, last = date_text(start, 0.0, year=True), date_text(start, days - 1e-6, year=True)
    return first if first == last else f"{first} – {last}"


def clock_text(t: float) -> str:
    """``23:30`` for a time in days."""
    minutes = round(t * 1440) % 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def ticks(start: dt.date, t0: float, t1: float, *, dated: bool = False) -> Ticks:
    """About a dozen round times in [t0, t1].

    With ``dated``, clock times at the first tick and at each midnight show the day too.
    """
    lib: Any = dates  # untyped
    first = float(lib.date2num(start))
    locator = lib.AutoDateLocator(minticks=3, maxticks=_MOST)
    marks = locator.tick_values(lib.num2date(first + t0), lib.num2date(first + t1))
    days = [round(float(mark) - first, 9) for mark in marks]
    formatter = lib.ConciseDateFormatter(locator, formats=_FORMATS, zero_formats=_FIRST)
    words = formatter.format_ticks(marks)
    shown = [(t, w) for t, w in zip(days, words, strict=True) if t0 <= t <= t1]
    shown = _apart(shown)
    if dated and any(":" in words for _, words in shown):
        shown = [
            (t, f"{words}\n{_day(start, t)}" if n == 0 or t == floor(t) else words)
            for n, (t, words) in enumerate(shown)
        ]
    return Ticks([t for t, _ in shown], [words for _, words in shown])


def _apart(shown: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Without the last tick of a month where the first of the next follows too soon (29, 1)."""
    gaps = [later - t for (t, _), (later, _) in pairwise(shown)]
    least = 0.6 * max(gaps, default=0.0)
    return [mark for mark, gap in zip(shown, [*gaps, inf], strict=True) if gap >= least]


def _day(start: dt.date, t: float) -> str:
    return f"{start + dt.timedelta(days=floor(t)):%a} {date_text(start, t)}"
