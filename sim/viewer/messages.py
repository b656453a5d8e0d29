"""Messages of a browser, validated before anything is done."""

from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from sim.errors import PanjError
from sim.serving.messages import ClientMessage, Text

MOST_YEARS: Final = 2000
"""Most paired years in one comparison."""

_LARGEST_SEED: Final = 2**63 - 1

Day = Annotated[float, Field(ge=0.0)]
Side = Literal["a", "b"]
Value = Annotated[float | int | str, Field(union_mode="smart")]


class Open(ClientMessage):
    """Open a scenario, or two."""

    do: Literal["open"]
    scenario: Text
    against: Text | None = None
    seed: int | Annotated[str, Field(pattern=r"^\d{1,19}$")] = 1
    levers: dict[Text, Value] = Field(default_factory=dict)


class More(ClientMessage):
    """Continue to a day."""

    do: Literal["more"]
    until: Day


class MoveLever(ClientMessage):
    """Move a lever."""

    do: Literal["lever"]
    key: Text
    value: Value
    at: Day | None = None
    side: Side | None = None


class CompareYears(ClientMessage):
    """Return the comparison so far; ``years``: continue to that many pairs, or with 0 stop."""

    do: Literal["odds"]
    years: int | None = Field(default=None, ge=0, le=MOST_YEARS)


Message = Open | More | MoveLever | CompareYears
KNOWN: Final = ("open", "more", "lever", "odds")
MESSAGE: Final[TypeAdapter[Message]] = TypeAdapter(Annotated[Message, Field(discriminator="do")])


def seed_of(message: Open) -> int:
    """The seed as a number.

    Raises :class:`~sim.errors.PanjError` if it is out of range.
    """
    seed = int(message.seed)
    if not 0 <= seed <= _LARGEST_SEED:
        raise PanjError("a seed is a whole number from 0 to 2^63 - 1", key="seed", value=seed)
    return seed
