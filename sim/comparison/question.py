"""The question of a comparison: its options, checked before anything is computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from sim.errors import PanjError

RESAMPLES: Final = 2000
DEFAULT_ROPE: Final = 0.05
"""Half-width of the region of practical equivalence as a share of the baseline's mean."""


@dataclass(frozen=True)
class Question:
    """What to compare, and with which confidence.

    ``outcomes`` and ``scenarios`` are names, ``None`` for all; ``confidence`` is that of every
    interval; ``rope`` maps an outcome to the half-width of its region of practical equivalence, in
    its unit; ``harm`` and ``cost`` name the outcomes of the verdict, the ranking and the cost
    table; ``response`` names the districts where the policies act; ``seed`` is that of the
    bootstrap; ``above`` maps an outcome to thresholds, in its unit, for exceedance probabilities.
    """

    outcomes: Sequence[str] | None = None
    scenarios: Sequence[str] | None = None
    confidence: float = 0.9
    rope: Mapping[str, float] = field(default_factory=dict)
    harm: str | None = None
    cost: str = "cost_usd"
    response: Sequence[str] | None = None
    seed: int = 1
    above: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0.5 <= self.confidence < 1.0:
            raise PanjError(
                "must lie between 0.5 and 1",
                key="confidence",
                value=self.confidence,
                remedy="0.9 is usual here.",
            )
        for outcome, width in self.rope.items():
            if not 0.0 <= width < float("inf"):
                raise PanjError("must be zero or more", key=f"rope of {outcome}", value=width)


def check_names(kind: str, wanted: Sequence[str], known: Sequence[str]) -> None:
    """Raise :class:`~sim.errors.PanjError` for an unknown name; the message gives the nearest."""
    for name in wanted:
        if name not in known:
            close = get_close_matches(name, known, n=2, cutoff=0.5)
            listed = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
            raise PanjError(
                f"no such {kind}",
                value=name,
                remedy=f"Did you mean {' or '.join(close)}?" if close else f"There are: {listed}.",
            )


def parse_outcome_value(text: str, what: str, *, above_zero: bool = False) -> tuple[str, float]:
    """Parse ``victims:0.1`` as an outcome and a number in its unit.

    Raises :class:`~sim.errors.PanjError` for anything else; ``what`` names the value in it.
    """
    outcome, colon, number = text.partition(":")
    try:
        value = float(number)
    except ValueError:
        value = -1.0
    allowed = value > 0.0 if above_zero else value >= 0.0
    if not (colon and outcome.strip() and allowed and value < float("inf")):
        raise PanjError(
            f"is not {what}",
            value=text,
            remedy="Write an outcome, a colon and a number"
            f'{" above zero" if above_zero else ""} in its unit: "victims:0.1".',
        )
    return outcome.strip(), value
