"""What a browser may ask, checked before anything is done."""

from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from sim.errors import PanjError
from sim.serving.messages import ClientMessage, Text

MOST_YEARS: Final = 2000
"""Most paired years of one comparison."""

_LARGEST_SEED: Final = 2**63 - 1

Day = Annotated[float, Field(ge=0.0)]
Side = Literal["a", "b"]
Value = Annotated[float | int | str, Field(union_mode="smart")]


class Open(ClientMessage):
    """Show a scenario, or two."""

    do: Literal["open"]
    scenario: Text
    against: Text | None = None
    seed: int | Annotated[str, Field(pattern=r"^\d{1,19}$")] = 1
    levers: dict[Text, Value] = Field(default_factory=dict)


class More(ClientMessage):
    """Go on to a day."""

    do: Literal["more"]
    until: Day


class Pull(ClientMessage):
    """Move a lever."""

    do: Literal["lever"]
    key: Text
    value: Value
    at: Day | None = None
    side: Side | None = None


class Ask(ClientMessage):
    """Tell the odds so far; ``years``: go on to so many, or with 0 no further."""

    do: Literal["odds"]
    years: int | None = Field(default=None, ge=0, le=MOST_YEARS)


Message = Open | More | Pull | Ask
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
