"""Numbers in the digits that a reader needs."""

import math


def short(value: float) -> str:
    """Two or three significant digits; thousands, millions and milliards by a letter.

    >>> short(0.0432), short(1.84), short(18.4), short(184.2), short(18_420), short(-1_842_000)
    ('0.043', '1.8', '18', '184', '18k', '-1.84M')
    """
    size = abs(value)
    for limit, letter in ((1e9, "B"), (1e6, "M"), (1e4, "k")):
        if size >= 0.9995 * limit:
            scaled = value / (1e3 if letter == "k" else limit)
            return f"{_significant(scaled, 2 if letter == 'k' and abs(scaled) < 99 else 3)}{letter}"
    return _significant(value, 3 if size >= 99.5 else 2)


def _significant(value: float, digits: int) -> str:
    if value == 0.0:
        return "0"
    rounded = float(f"{value:.{digits - 1}e}")
    if abs(rounded) < 1e-4:
        return f"{rounded:.1e}"
    places = digits - 1 - math.floor(math.log10(abs(rounded)))
    return f"{rounded:,.{max(places, 0)}f}"


def per_cent(share: float) -> str:
    """A share in whole per cent; one that is not quite nothing or everything says so."""
    percent = 100.0 * share
    if 0.0 < percent <= 0.5:
        return "under 1 %"
    if 99.5 <= percent < 100.0:
        return "over 99 %"
    return f"{percent:.0f} %"


def change(ratio: float) -> str:
    """A factor before a noun: "4.1 times the" or, near one, "6 % more"."""
    if ratio >= 1.5 or ratio < 0.5:
        return f"{short(ratio)} times the"
    return f"{short(100.0 * abs(ratio - 1.0))} % {'more' if ratio >= 1.0 else 'less'}"


def about(count: int) -> str:
    """A whole number that is an estimate: two significant digits, rounded up."""
    if count > 1_000_000:
        return "over a million"
    step: int = 10 ** max(len(str(count)) - 2, 0)
    return f"{-(-count // step) * step:,}"
