"""Numbers as text, with as many digits as a reader needs."""

import math
from typing import Final

MINUS: Final = "\N{MINUS SIGN}"
DASH: Final = "–"
"""Stands for a missing value."""


def short(value: float | None, factor: float = 1.0) -> str:
    """A number with two or three significant digits, a typographic minus, and k, M or B.

    >>> short(0.0432), short(1.84), short(18.4), short(184.2), short(18_420), short(1_842_000)
    ('0.043', '1.8', '18', '184', '18k', '1.84M')
    """
    if value is None:
        return DASH
    value *= factor
    size = abs(value)
    for limit, letter in ((1e9, "B"), (1e6, "M"), (1e4, "k")):
        if size >= 0.9995 * limit:
            scaled = value / (1e3 if letter == "k" else limit)
            return f"{_significant(scaled, 2 if letter == 'k' and abs(scaled) < 99 else 3)}{letter}"
    return _significant(value, 3 if size >= 99.5 else 2)


def _significant(value: float, digits: int) -> str:
    if abs(value) < 1e-12:  # a rounding error of zero
        return "0"
    rounded = float(f"{value:.{digits - 1}e}")
    if abs(rounded) < 1e-4:
        return real_minus(f"{rounded:.1e}")
    places = digits - 1 - math.floor(math.log10(abs(rounded)))
    return real_minus(f"{rounded:,.{max(places, 0)}f}")


def real_minus(number: str) -> str:
    """The text of a number with a typographic minus in place of the hyphen."""
    return number.replace("-", MINUS)


def interval_text(low: float | None, high: float | None, factor: float = 1.0) -> str:
    """``0.30 to 0.80``; empty if an end is missing."""
    if low is None or high is None:
        return ""
    return f"{short(low, factor)} to {short(high, factor)}"


def with_interval(
    middle: float | None, low: float | None, high: float | None, factor: float = 1.0
) -> str:
    """``1.8 (1.1 to 2.6)``; the number alone if there is no interval."""
    ends = interval_text(low, high, factor)
    return short(middle, factor) + (f" ({ends})" if ends and middle is not None else "")


def per_cent(share: float | None) -> str:
    """A share in whole per cent; ``<1 %`` and ``>99 %`` next to 0 and 1."""
    if share is None:
        return DASH
    percent = 100.0 * share
    if 0.0 < percent <= 0.5:
        return "<1 %"
    if 99.5 <= percent < 100.0:
        return ">99 %"
    return f"{percent:.0f} %"


def relative_change(ratio: float, more: str = "more", less: str = "less") -> str:
    """A ratio before a noun: ``4.1 times the`` or, near one, ``6.0 % more``."""
    if ratio >= 1.5 or ratio < 0.5:
        return f"{short(ratio)} times the"
    return f"{short(100.0 * abs(ratio - 1.0))} % {more if ratio >= 1.0 else less}"


def rounded_up(count: int) -> str:
    """An estimated whole number, rounded up to two significant digits."""
    if count > 1_000_000:
        return "over a million"
    step: int = 10 ** max(len(str(count)) - 2, 0)
    return f"{-(-count // step) * step:,}"
