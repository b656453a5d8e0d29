"""The distributions that a prior may have, each truncated at the bounds of its parameter.

A distribution is given by a function ``mass``: its distribution function up to scale and shift.
Truncation divides by ``mass(high) - mass(low)``, so neither needs to be known. The functions take
numbers and arrays.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
from scipy import special

Values = Any
"""A float or an array of floats; a function returns what it is given."""


class Distribution(NamedTuple):
    """A distribution with shape numbers ``a`` and ``b`` (0 where it has fewer).

    ``shape`` gives their names in a file. ``least`` and ``most`` bound the support, which contains
    ``least`` itself only if ``closed``.
    """

    shape: tuple[str, ...]
    least: float
    most: float
    closed: bool
    mass: Callable[[Values, float, float], Values]
    inverse: Callable[[Values, float, float], Values]


DISTRIBUTIONS: Final[Mapping[str, Distribution]] = MappingProxyType(
    {
        "uniform": Distribution(
            (), -np.inf, np.inf, True,
            lambda x, a, b: x,
            lambda m, a, b: m,
        ),
        "loguniform": Distribution(
            (), 0.0, np.inf, False,
            lambda x, a, b: np.log(x),
            lambda m, a, b: np.exp(m),
        ),
        "beta": Distribution(
            ("a", "b"), 0.0, 1.0, True,
            lambda x, a, b: special.betainc(a, b, x),
            lambda m, a, b: special.betaincinv(a, b, m),
        ),
        "normal": Distribution(
            ("mean", "sd"), -np.inf, np.inf, True,
            lambda x, a, b: special.ndtr((x - a) / b),
            lambda m, a, b: a + b * special.ndtri(m),
        ),
        "lognormal": Distribution(
            ("median", "sigma"), 0.0, np.inf, False,
            lambda x, a, b: special.ndtr(np.log(x / a) / b),
            lambda m, a, b: a * np.exp(b * special.ndtri(m)),
        ),
        "gamma": Distribution(
            ("shape", "scale"), 0.0, np.inf, True,
            lambda x, a, b: special.gammainc(a, x / b),
            lambda m, a, b: b * special.gammaincinv(a, m),
        ),
    }
)  # fmt: skip
"""Distributions by the ``law`` of a prior; formulas: Johnson, Kotz and Balakrishnan (1994)."""
