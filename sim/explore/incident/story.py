"""An incident as it went in one world: steps in order of time, each with what decided it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sim.explore.result import Part


@dataclass(frozen=True)
class Cause:
    """What held where something was decided: what it is called, its value in words, and since
    when or why, where that can be said.
    """

    name: str
    value: str
    since: str = ""


@dataclass(frozen=True)
class Step:
    """One thing that happened to a group, or that passed it by.

    ``key`` is the same for the same step in every world. ``done`` stands for what came of it: two
    worlds in which it is equal, at the same minute, have not parted there. A ``quiet`` step left
    no trace: a patrol that passed and saw nobody. Where a draw decided, it happened if ``luck``
    lay below ``chance``.
    """

    key: str
    at: float
    words: str
    done: str
    quiet: bool = False
    after: bool = False
    """Whether it follows from how the incident ended."""
    chance: float | None = None
    luck: float | None = None
    causes: tuple[Cause, ...] = ()

    @property
    def odds(self) -> str:
        """``chance 0.31, draw 0.22``, in as many digits as tell them apart; empty without."""
        if self.chance is None or self.luck is None:
            return ""
        digits = 2
        while digits < 9 and self._alike(digits):
            digits += 1
        return f"chance {self.chance:.{digits}f}, draw {self.luck:.{digits}f}"

    def _alike(self, digits: int) -> bool:
        """Whether so few digits would hide which is larger, or show a chance as none."""
        chance, luck = round(self.chance or 0.0, digits), round(self.luck or 0.0, digits)
        return chance == luck or (chance == 0.0 and bool(self.chance))

    @property
    def told(self) -> str:
        """The words, and the odds where there are any."""
        return f"{self.words} ({self.odds})" if self.odds else self.words


class Outcome(Part):
    """How it ended: in words, whether guards stopped it, and who was killed."""

    words: str
    happened: bool
    """Whether anything came: a crossing or a strike."""
    stopped: bool
    victims: int = 0
    deaths: int = 0
    wounded: int = 0


class Story(Part):
    """One world's part of the tale; ``world`` is what the world is called."""

    world: str
    steps: tuple[Step, ...]
    outcome: Outcome

    def step(self, key: str) -> Step | None:
        """The step of a key, if there is one."""
        return next((step for step in self.steps if step.key == key), None)


def moment(start: dt.date, at: float) -> str:
    """``23 Feb 22:27``, whatever the locale."""
    when = dt.datetime.combine(start, dt.time()) + dt.timedelta(minutes=round(at * 1440))
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun",
             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[when.month - 1]  # fmt: skip
    return f"{when.day} {month} {when:%H:%M}"


def span(days: float) -> str:
    """``40 min``, ``3.2 h`` or ``5 days``."""
    if days < 1.5 / 1440:
        return "at once" if days < 0.5 / 1440 else "1 min"
    if days < 1.5 / 24:
        return f"{days * 1440:.0f} min"
    return f"{days * 24:.1f} h" if days < 2.0 else f"{days:.0f} days"


def in_order(steps: Sequence[Step]) -> tuple[Step, ...]:
    """By time; of one instant in the order in which they were told."""
    return tuple(sorted(steps, key=lambda step: step.at))
