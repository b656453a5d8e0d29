"""What a discovery found: boxes, how sure they are, and what is drawn of them."""

from __future__ import annotations

from typing import ClassVar, Literal

from sim.explore.result import Part, Result

type Verdict = Literal["loses", "may lose", "gains least"]


class Limit(Part):
    """A parameter at least, or at most, a value, in its unit; ``share`` of all draws keep it."""

    parameter: str
    way: Literal["above", "below"]
    value: float
    unit: str
    share: float


class Figures(Part):
    """Of a box: its share of the draws; the mean difference inside, with its interval, and
    outside; the share of all years in which the policy is worse that lie in it (``coverage``), and
    the share of its years that are such (``density``). ``None`` is "cannot be said".
    """

    share: float
    inside: float | None
    low: float | None
    high: float | None
    outside: float | None
    coverage: float | None
    density: float | None


class Box(Part):
    """Limits, figures on the draws that they were found in, and ``held`` on draws held out.

    ``p_value`` is the chance of a box as strong if no parameter mattered. ``verdict``: the policy
    "loses" there, "may lose", or does not but "gains least".
    """

    limits: tuple[Limit, ...]
    found: Figures
    held: Figures
    p_value: float
    verdict: Verdict


class Plane(Part):
    """Two parameters over the draws, and the mean difference in each."""

    parameters: tuple[str, str]
    units: tuple[str, str]
    across: tuple[float, ...]
    up: tuple[float, ...]
    differences: tuple[float, ...]


class Discovery(Result):
    """Where a policy does worse than a baseline by more than ``worse_by``, in the outcome's unit.

    Differences are positive where the policy is worse. ``boxes`` are those beyond chance;
    ``p_value`` is of the strongest_box, whether it is or not. ``worse`` is the share of years, as
    counted, in which the policy is worse; ``trade_off`` are the greatest densities for rising
    coverage that any box has.
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
