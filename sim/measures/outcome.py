"""One outcome: its name, its unit, what is better, and how it is computed."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, fields, replace
from typing import Final, Literal, Self, get_args

from sim.measures.run_view import RunView

Number = float | int | None
"""``None`` where there is no value, such as a share of nothing or a delay of nobody."""

type Measure = Callable[[RunView], Number]

Better = Literal["less", "more", "neither"]

BETTER: Final[tuple[str, ...]] = get_args(Better)

COUNTED: Final = ("count", "persons")
"""Units with whole numbers only."""


def elsewhere(run: RunView) -> Number:
    """In place of the function of an outcome that is known from a store, not registered here."""
    raise NotImplementedError("this outcome is known from a store only")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A number that sums up a run; ``None`` where there is no value."""

    name: str
    """Its column name, an identifier."""
    label: str = ""
    """Its name for readers; by default from ``name``."""
    unit: str = "count"
    """``count`` and ``persons`` are whole numbers, but for means; ``share`` is in per cent."""
    better: Better = "neither"
    formula: str = ""
    """A description of how it is computed."""
    measure: Measure = elsewhere
    _: KW_ONLY
    group: str = "own"
    noun: str = ""
    """Its name with its unit in a sentence, as in "1.8 fewer guards killed"; else the label."""
    one: str = ""
    """The name of one of it, as in "2.1M USD per victim averted"."""
    headline: float | None = None
    """Its place among the outcomes that are shown by default, gravest first."""
    level: bool = False
    """Whether it is a level during the run, not an amount that grows with its length."""
    district: int | None = None
    """Its place in the district table, whose rows add up to the total; ``None``: not in it."""
    mean_of: str = ""
    """The outcome that has the same mean with more noise: see ``docs/verdict.md``."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", self.label or self.name.replace("_", " "))

    @property
    def adds_up(self) -> bool:
        """Whether it is an amount per run, not a level or a share."""
        return not self.level and self.unit != "share"

    @property
    def whole(self) -> bool:
        """Whether its values are whole numbers."""
        return self.unit in COUNTED and not self.mean_of

    @property
    def named(self) -> str:
        """Its name in a sentence, in the plural."""
        return self.noun or self.label

    @property
    def singular(self) -> str:
        """The name of one of it."""
        return self.one or f"one of {self.named}"

    @property
    def shown_unit(self) -> str:
        """The unit to show beside its name; empty where the name contains it."""
        return "" if self.noun or self.whole else self.unit

    @property
    def as_data(self) -> dict[str, object]:
        """All fields but the function, as plain data that :meth:`from_data` reads."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "measure"}

    @classmethod
    def from_data(cls, data: dict[str, object]) -> Self:
        """The outcome of this data, without its function."""
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})  # type: ignore[arg-type]


def within(group: str, *members: Outcome) -> tuple[Outcome, ...]:
    """The members with their group set, in order."""
    return tuple(replace(member, group=group) for member in members)
