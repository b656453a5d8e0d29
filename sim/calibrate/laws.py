"""The laws a prior may follow, each cut off at the bounds of its parameter.

A law is given by a function ``mass`` that grows as its distribution function does, up to scale
and shift: cutting off divides by ``mass(high) - mass(low)``, so neither needs to be known.
Numbers and arrays may be given alike.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
from scipy import special

Values = Any
"""A float or an array of floats; what goes in comes out."""


class Law(NamedTuple):
    """A law with shape numbers ``a`` and ``b`` (0 where it has fewer).

    ``shape`` names them in a file; ``least`` and ``most`` bound its support (``least`` itself
    belongs to it only if ``closed``). ``log_slope`` is the logarithm of the derivative of ``mass``.
    """

    shape: tuple[str, ...]
    least: float
    most: float
    closed: bool
    mass: Callable[[Values, float, float], Values]
    inverse: Callable[[Values, float, float], Values]
    log_slope: Callable[[Values, float, float], Values]


def _normal_log(z: Values) -> Values:
    return -0.5 * z * z - 0.5 * np.log(2.0 * np.pi)


LAWS: Final[Mapping[str, Law]] = MappingProxyType(
    {
        "uniform": Law(
            (), -np.inf, np.inf, True,
            lambda x, a, b: x,
            lambda m, a, b: m,
            lambda x, a, b: 0.0 * x,
        ),
        "loguniform": Law(
            (), 0.0, np.inf, False,
            lambda x, a, b: np.log(x),
            lambda m, a, b: np.exp(m),
            lambda x, a, b: -np.log(x),
        ),
        "beta": Law(
            ("a", "b"), 0.0, 1.0, True,
            lambda x, a, b: special.betainc(a, b, x),
            lambda m, a, b: special.betaincinv(a, b, m),
            lambda x, a, b: (
                special.xlogy(a - 1.0, x) + special.xlog1py(b - 1.0, -x) - special.betaln(a, b)
            ),
        ),
        "normal": Law(
            ("mean", "sd"), -np.inf, np.inf, True,
            lambda x, a, b: special.ndtr((x - a) / b),
            lambda m, a, b: a + b * special.ndtri(m),
            lambda x, a, b: _normal_log((x - a) / b) - np.log(b),
        ),
        "lognormal": Law(
            ("median", "sigma"), 0.0, np.inf, False,
            lambda x, a, b: special.ndtr(np.log(x / a) / b),
            lambda m, a, b: a * np.exp(b * special.ndtri(m)),
            lambda x, a, b: _normal_log(np.log(x / a) / b) - np.log(b) - np.log(x),
        ),
        "gamma": Law(
            ("shape", "scale"), 0.0, np.inf, True,
            lambda x, a, b: special.gammainc(a, x / b),
            lambda m, a, b: b * special.gammaincinv(a, m),
            lambda x, a, b: (
                special.xlogy(a - 1.0, x / b) - x / b - special.gammaln(a) - np.log(b)
            ),
        ),
    }
)  # fmt: skip
"""Laws by name; formulas as in any textbook (Johnson, Kotz and Balakrishnan 1994)."""
