"""The story of an incident in one world: steps in order of time, each with its causes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sim.explore.result import Part
from sim.incidents.narrative import day_and_month


@dataclass(frozen=True)
class Cause:
    """A condition that mattered for a step: its name, its value in words, and since when or why,
    if that is known.
    """

    name: str
    value: str
    since: str = ""


@dataclass(frozen=True)
class Step:
    """One thing that happened to a group, or could have.

    ``key`` is the same for the same step in every world. ``done`` stands for the result: two worlds
    in which it is equal, at the same minute, have not parted there. A ``quiet`` step left no trace:
    a patrol that passed and saw nobody. Where a draw decided, the step happened if ``luck`` was
    below ``chance``.
    """

    key: str
    at: float
    words: str
    done: str
    quiet: bool = False
    chance: float | None = None
    luck: float | None = None
    causes: tuple[Cause, ...] = ()

    @property
    def odds(self) -> str:
        """``chance 0.31, draw 0.22``, with enough digits to differ; empty without a draw."""
        if self.chance is None or self.luck is None:
            return ""
        digits = 2
        while digits < 9 and self._alike(digits):
            digits += 1
        return f"chance {self.chance:.{digits}f}, draw {self.luck:.{digits}f}"

    def _alike(self, digits: int) -> bool:
        """Whether these digits would hide which is larger, or show a chance as zero."""
        chance, luck = round(self.chance or 0.0, digits), round(self.luck or 0.0, digits)
        return chance == luck or (chance == 0.0 and bool(self.chance))

    @property
    def told(self) -> str:
        """The words, and the odds if there are any."""
        return f"{self.words} ({self.odds})" if self.odds else self.words


class Outcome(Part):
    """How an incident ended: in words, whether guards stopped it, and who was killed."""

    words: str
    happened: bool
    """Whether there was a crossing or a strike."""
    stopped: bool
    victims: int = 0
    deaths: int = 0
    wounded: int = 0


class Story(Part):
    """The steps and the outcome in one world; ``world`` is its name."""

    world: str
    steps: tuple[Step, ...]
    outcome: Outcome

    def step(self, key: str) -> Step | None:
        """The step with a key, or ``None``."""
        return next((step for step in self.steps if step.key == key), None)


def moment(start: dt.date, at: float) -> str:
    """``23 Feb 22:27``, whatever the locale."""
    when = dt.datetime.combine(start, dt.time()) + dt.timedelta(minutes=round(at * 1440))
    return f"{day_and_month(when)} {when:%H:%M}"


def span(days: float) -> str:
    """``40 min``, ``3.2 h`` or ``5 days``."""
    if days < 1.5 / 1440:
        return "at once" if days < 0.5 / 1440 else "1 min"
    if days < 1.5 / 24:
        return f"{days * 1440:.0f} min"
    return f"{days * 24:.1f} h" if days < 2.0 else f"{days:.0f} days"


def in_order(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Steps by time; steps of one instant stay in their order."""
    return tuple(sorted(steps, key=lambda step: step.at))
