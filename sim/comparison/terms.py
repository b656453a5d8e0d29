"""Terms: names for scenarios and runs in sentences, and lists of names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Self

from sim.frontier.ground import Ground

MOST: Final = 8
"""A sentence lists at most this many names; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Names for a reader: ``labels`` by scenario name, and ``run``, "year" if it lasts one.

    ``days`` is the horizon that all scenarios share, if any. ``ground`` is their ground.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    run: str = "year"
    ground: Ground = field(default_factory=Ground.default)
    days: float | None = None

    def label(self, scenario: str) -> str:
        """The name of a scenario for a reader."""
        return self.labels.get(scenario) or scenario.replace("_", " ").strip() or scenario

    def exactly(self, names: Iterable[str]) -> Self:
        """The same terms with the exact names of scenarios, as commands take them."""
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
"""Scenarios by their names, and runs of a year."""


def counted(n: int, word: str) -> str:
    """``1 pair``, ``60 pairs``."""
    return f"{n:,} {word}{'' if n == 1 else 's'}"


def an(word: str) -> str:
    """``an attack``, ``a raid``."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


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
    """The text with a capital first letter."""
    return words[:1].upper() + words[1:]
