"""The period of a figure, and the same period of a simulated year."""

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass, replace
from typing import Final

_PERIOD: Final = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]|H[12]))?")
_ALL: Final = frozenset(range(1, 13))
_DAYS_A_YEAR: Final = 365.25


@dataclass(frozen=True, slots=True)
class Window:
    """A period of the calendar, both days included.

    ``months`` are the months of a year that it covers. A simulated year has no date, so a figure
    of 2016 is compared with the whole of it, and one of ``2025-H1`` with its first half.
    """

    text: str
    first: dt.date
    last: dt.date
    months: frozenset[int]

    def holds(self, day: dt.date) -> bool:
        """Whether ``day`` is in the period."""
        return self.first <= day <= self.last and day.month in self.months

    def of_a_run(self) -> "Window":
        """The same part of any year."""
        return replace(self, first=dt.date.min, last=dt.date.max)

    @property
    def years(self) -> float:
        """Years of counts in it: whole years between its ends, or 1 for part of a year."""
        if (self.first, self.last) == (dt.date.min, dt.date.max) or self.months != _ALL:
            return 1.0
        return max(round(((self.last - self.first).days + 1) / _DAYS_A_YEAR, 1), 1.0)

    @property
    def length(self) -> int:
        """Number of months from its first to its last, both included; 12 for any year."""
        years = self.last.year - self.first.year
        whole = 12 * years + self.last.month - self.first.month + 1
        return min(whole, len(self.months)) if self.months != _ALL or self is YEAR else whole

    def __str__(self) -> str:
        return self.text


YEAR: Final = Window("year", dt.date.min, dt.date.max, _ALL)
"""Any year."""


def read_window(text: str) -> Window | None:
    """Read ``year``, ``2025``, ``2025-H1``, ``2025-12`` or ``2022..2025``; ``None`` if no period.

    A range of parts of years, such as ``2015..2016-10``, counts as whole years.
    """
    if text == YEAR.text:
        return YEAR
    ends = [_PERIOD.fullmatch(end) for end in text.split("..")]
    if len(ends) > 2 or ends[0] is None or ends[-1] is None:
        return None
    first, last = _months(ends[0]), _months(ends[-1])
    begins = dt.date(int(ends[0][1]), first[0], 1)
    year = int(ends[-1][1])
    ends_on = dt.date(year, last[-1], monthrange(year, last[-1])[1])
    months = frozenset(first) if len(ends) == 1 else _ALL
    return Window(text, begins, ends_on, months) if begins <= ends_on else None


def _months(part: re.Match[str]) -> range:
    """The months of a year, of one of its halves, or one month."""
    if part[2] is None:
        return range(1, 13)
    if part[2].startswith("H"):
        return range(1, 7) if part[2] == "H1" else range(7, 13)
    return range(int(part[2]), int(part[2]) + 1)
