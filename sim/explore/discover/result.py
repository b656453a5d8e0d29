"""The result of ``panj discover``, as it is stored: boxes, their figures, data for pictures."""

from __future__ import annotations

from typing import ClassVar, Literal

from sim.explore.result import Part, Result

type Verdict = Literal["loses", "may lose", "gains least"]


class Limit(Part):
    """A parameter at least, or at most, a value in its unit; ``share`` of all draws lie within."""

    parameter: str
    way: Literal["above", "below"]
    value: float
    unit: str
    share: float


class Figures(Part):
    """Figures of a box; ``None`` where one cannot be computed.

    They are its share of the draws, the mean difference inside, with its interval, and outside.
    ``coverage`` is the share of all worse years that lie in the box, ``density`` the share of the
    years in the box that are worse.
    """

    share: float
    inside: float | None
    low: float | None
    high: float | None
    outside: float | None
    coverage: float | None
    density: float | None


class Box(Part):
    """Limits, figures on the draws of the search (``found``) and on draws held out (``held``).

    ``p_value`` is the probability of a box as strong if no parameter mattered. By the ``verdict``
    the policy "loses" there, "may lose", or does not lose but "gains least".
    """

    limits: tuple[Limit, ...]
    found: Figures
    held: Figures
    p_value: float
    verdict: Verdict


class Plane(Part):
    """The values of two parameters in each draw, and its mean difference."""

    parameters: tuple[str, str]
    units: tuple[str, str]
    across: tuple[float, ...]
    up: tuple[float, ...]
    differences: tuple[float, ...]


class Discovery(Result):
    """Where a policy does worse than a baseline by more than ``worse_by``, in the outcome's unit.

    Differences are positive where the policy is worse. ``boxes`` are those beyond chance;
    ``p_value`` is that of the strongest box in any case. ``worse`` is the share of years, as
    counted, in which the policy is worse. ``trade_off`` are pairs of coverage and the greatest
    density of any box.
    """

    kind: ClassVar[str] = "discover"

    policy: str
    baseline: str
    outcome: str
    worse_by: float
    confidence: float
    expected: bool
    draws: int
    parameters: int
    mean: float
    worse: float
    p_value: float
    boxes: tuple[Box, ...]
    plane: Plane
    trade_off: tuple[tuple[float, float], ...]
