"""A rare event: an outcome reaches a threshold; and how near a year is to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, Final, Self

from sim.errors import PanjError
from sim.frontier.ground import Ground
from sim.incidents.records import Incident
from sim.measures.outcome import Outcome
from sim.measures.registry import known
from sim.measures.run_view import RunView
from sim.registry import did_you_mean

if TYPE_CHECKING:
    from sim.model import BorderModel

_FORM: Final = re.compile(r"\s*(\w+)\s*>=\s*(\S+)\s*")
_WINDOW_OUTCOME: Final = "worst_35_days"
_WINDOW_DAYS: Final = 35

_TOLL: Final = {_WINDOW_OUTCOME: 0.5, "deaths": 0.5, "victims": 0.2}
"""What each member of an armed party that is out may add to an outcome, roughly."""


@dataclass(frozen=True)
class Event:
    """``outcome >= threshold`` by the end of the run."""

    outcome: str
    threshold: float

    @classmethod
    def parse(cls, text: str, ground: Ground | None = None) -> Self:
        """Read ``worst_35_days>=12``.

        Raises :class:`~sim.errors.PanjError` for anything else, an unknown outcome, and one that
        may fall during the year.
        """
        found = _FORM.fullmatch(text)
        threshold = _number(found[2]) if found else None
        if not found or threshold is None:
            raise PanjError(
                "is not an event", key="--event", value=text,
                remedy='Write an outcome, >= and a number in its unit: "worst_35_days>=12".',
            )  # fmt: skip
        outcomes = known(ground)
        if found[1] not in outcomes:
            remedy = did_you_mean(found[1], outcomes).rstrip() or "'panj outcomes' lists them."
            raise PanjError(f"there is no outcome {found[1]!r}", key="--event", remedy=remedy)
        _check_never_falls(outcomes[found[1]])
        return cls(found[1], threshold)

    @property
    def never(self) -> Self:
        """The event with a threshold that nothing reaches."""
        return replace(self, threshold=inf)

    def __str__(self) -> str:
        return f"{self.outcome} >= {self.threshold:g}"


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _check_never_falls(outcome: Outcome) -> None:
    if outcome.mean_of:
        raise PanjError(
            f"{outcome.name} is an expectation, which does not say how grave a year becomes",
            key="--event",
            remedy=f"Name {outcome.mean_of} instead.",
        )
    if outcome.name != _WINDOW_OUTCOME and not outcome.adds_up:
        kind = "a share" if outcome.unit == "share" else "a level of the run"
        raise PanjError(
            f"{outcome.name} is {kind}, which may rise and fall, so no year is on its way to it",
            key="--event",
            remedy="Name a count, an amount or worst_35_days; for this one run many years: "
            f"'panj batch', then 'panj compare --above {outcome.name}:X'.",
        )  # fmt: skip


class Gauge:
    """How near one run is to the event: the outcome so far, and the quantity that splits the run.

    The quantity is the outcome so far plus what armed parties that are out may add. For the worst
    35 days it is the deaths of the last 35, since a month that has passed adds nothing. The
    quantity affects only the variance of the estimate, never its mean.
    """

    def __init__(self, outcome: Outcome) -> None:
        self._measure, self._name = outcome.measure, outcome.name
        self._toll = _TOLL.get(outcome.name, 0.0)
        self._seen, self._day = 0, -1
        self._deadly: list[tuple[float, int]] = []
        self._sum = 0.0
        self.value = -inf

    def look(self, model: BorderModel, *, end: bool = False) -> float:
        """Read the outcome after new incidents or at the end, and return the quantity now."""
        incidents, day = model.log[Incident], int(model.now)
        changed = len(incidents) != self._seen
        if changed or end or self.value == -inf:
            self._read(model)
        if self._name != _WINDOW_OUTCOME:
            self._sum = self.value
        elif changed or day != self._day:
            self._deadly += [(i.at, i.deaths) for i in incidents[self._seen :] if i.deaths]
            first = day + 1 - _WINDOW_DAYS
            self._sum = sum(dead for at, dead in self._deadly if at >= first)
        self._seen, self._day = len(incidents), day
        if not self._toll:
            return self._sum
        return self._sum + self._toll * sum(c.size for c in model.cells if c.passage is not None)

    def _read(self, model: BorderModel) -> None:
        found = self._measure(_PartialView(model))
        value = -inf if found is None else float(found)
        if value < self.value:
            raise PanjError(
                f"{self._name} fell from {self.value:g} to {value:g} within a run",
                key="--event",
                remedy="Only an outcome that never falls can be split on its way to a threshold.",
            )
        self.value = value


class _PartialView(RunView):
    """A run so far; all but its incidents is computed when it is read."""

    def __init__(self, model: BorderModel) -> None:
        self._whole: Callable[[], RunView] = model._view
        self.log, self.spec, self.ground = model.log, model.spec, model.ground
        self.incidents = model.log[Incident]

    def __getattr__(self, name: str) -> Any:
        whole = vars(self._whole())
        if name not in whole:
            raise AttributeError(name)
        vars(self).update(whole)
        return whole[name]
