"""Walking speed on a slope."""

from math import exp

from sim.precision import single


def tobler_km_h(slope: float) -> float:
    """Walking speed on a path of this slope (m/m, up is positive), km/h.

    The hiking function of Tobler (1993), ``6 exp(-3.5 |S + 0.05|)``: 6 km/h at most, on a gentle
    descent, and 5.04 km/h on the flat. Off the path he uses 0.6 of it.
    """
    return 6.0 * single(exp(-3.5 * abs(slope + 0.05)))
