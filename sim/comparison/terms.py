"""What a reader calls scenarios and their runs, and how names stand in a sentence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Self

from sim.frontier.ground import Ground

MOST: Final = 8
"""So many names stand in a sentence; of more the rest are counted."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a reader calls things: ``labels`` by scenario name, and ``run``, a year if it is one.

    ``days`` is the horizon that all scenarios share, ``None`` where they do not or nobody knows.
    ``ground`` is where all of it happens.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    run: str = "year"
    ground: Ground = field(default_factory=Ground.default)
    days: float | None = None

    def label(self, scenario: str) -> str:
        """Name of a scenario for a reader."""
        return self.labels.get(scenario) or scenario.replace("_", " ").strip() or scenario

    def exactly(self, names: Iterable[str]) -> Self:
        """The same with scenarios under their own names, as a command takes them."""
        return replace(self, labels={name: name for name in names})

    @property
    def per_run(self) -> str:
        """As in "1.8 fewer victims a year"."""
        if self.run == "year" or self.days is None:
            return f"a {self.run}"
        return f"in {self.days:g} days"

    def runs(self, n: int) -> str:
        """``1 year``, ``60 years``."""
        return counted(n, self.run)

    def paired(self, n: int) -> str:
        """``60 paired years``."""
        return counted(n, f"paired {self.run}")


PLAIN: Final = Terms()
"""Scenarios by their names, runs of a year."""


def counted(n: int, word: str) -> str:
    """``1 pair``, ``60 pairs``."""
    return f"{n:,} {word}{'' if n == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def several(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and 4 more``."""
    shown = list(names[:MOST])
    if len(names) > MOST:
        shown.append(f"{len(names) - MOST} more")
    return listed(shown)


def capital(words: str) -> str:
    """The first letter large, the others as they are."""
    return words[:1].upper() + words[1:]
