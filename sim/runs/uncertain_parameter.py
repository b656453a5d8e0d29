"""Uncertain parameters of a scenario, and the uncertain state of single years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from sim.errors import StoreError

if TYPE_CHECKING:
    from sim.scenario.spec import Scenario

COMING: Final = "coming"
"""Name of the year after the last known year."""


@dataclass(frozen=True)
class UncertainParameter:
    """An uncertain parameter.

    ``keys`` of the scenario are set to its value, or multiplied by it (``how``); ``base`` are
    their values in the calibrated scenario. ``contraction`` is the share of the prior variance
    that the data removed (None where no data were used), and ``moved`` tells whether it is large
    enough to matter. ``year`` is the name of a year, for a parameter that is the state of one year
    and not a lasting unknown.
    """

    name: str
    keys: tuple[str, ...]
    how: Literal["set", "scale"] = "set"
    base: tuple[float, ...] = ()
    unit: str = ""
    contraction: float | None = None
    moved: bool = False
    year: str = ""

    def values(self, value: float, scenario: Scenario) -> dict[str, float]:
        """The values that a draw sets in a scenario, by key.

        A scenario that sets a key to another value than the calibrated scenario keeps its value:
        it asks what would happen if the value were known. A value set by hand, over the scenario
        file, is always kept. A factor multiplies any value. Draws from a table have no ``base``:
        they take precedence over the scenario.
        """
        present = {key: value_at(scenario, key) for key in self.keys}
        if self.how == "scale":
            return {key: value * own for key, own in present.items()}
        known = scenario.stated if self.base else ()
        pinned = dict(zip(self.keys, self.base, strict=False))
        return {
            key: value
            for key, own in present.items()
            if own == pinned.get(key, own) and key not in known
        }


@dataclass(frozen=True)
class LatentYear:
    """The state of one year: for each draw a row of values, in the order of ``keys``.

    ``regime`` is a word for who ruled and who reported in that year.
    """

    regime: str
    keys: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        if not self.keys or len(set(self.keys)) < len(self.keys):
            raise StoreError("a year of a posterior sets a key or more, each once", value=self.keys)
        if any(len(row) != len(self.keys) for row in self.values):
            raise StoreError("a row of a year needs a value for each key", value=self.keys)


def year_in_words(name: str) -> str:
    """A year in words."""
    return "the coming year" if name == COMING else f"the year {name}"


def year_parameters(keys: Sequence[str], year: str = "") -> tuple[UncertainParameter, ...]:
    """A parameter for each key of the state of a year; a scenario's own value is kept."""
    return tuple(
        UncertainParameter(key, (key,), base=(base,), year=year)
        for key, base in zip(keys, default_values(keys), strict=True)
    )


def value_at(scenario: Scenario, key: str) -> float:
    """A number of a scenario by its dotted key; 0 for a district that is not in its table."""
    found: object = scenario
    try:
        for name in key.split("."):
            found = found.get(name, 0.0) if isinstance(found, Mapping) else getattr(found, name)
        return float(found)  # type: ignore[arg-type]
    except (AttributeError, TypeError, ValueError):
        raise StoreError(
            "a posterior sets this, which is not a number of a scenario", key=key
        ) from None


def default_values(keys: Sequence[str]) -> list[float]:
    """The default value of each key."""
    from sim.scenario.spec import Scenario

    specification = Scenario()
    return [value_at(specification, key) for key in keys]
