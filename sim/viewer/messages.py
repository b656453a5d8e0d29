"""What a browser may ask, checked before anything is done."""

import json
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sim.errors import PanjError

LARGEST: Final = 64 * 1024
"""Bytes of the longest message that is read."""

_LARGEST_SEED: Final = 2**63 - 1

Day = Annotated[float, Field(ge=0.0)]
Side = Literal["a", "b"]
Value = Annotated[float | int | str, Field(union_mode="smart")]
Text = Annotated[str, Field(max_length=200)]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Open(_Message):
    """Show a scenario, or two."""

    do: Literal["open"]
    scenario: Text
    against: Text | None = None
    seed: int | Annotated[str, Field(pattern=r"^\d{1,19}$")] = 1
    levers: dict[Text, Value] = {}


class More(_Message):
    """Go on to a day."""

    do: Literal["more"]
    until: Day


class Pull(_Message):
    """Move a lever."""

    do: Literal["lever"]
    key: Text
    value: Value
    at: Day | None = None
    side: Side | None = None


Message = Open | More | Pull
KNOWN: Final = ("open", "more", "lever")
_MESSAGE: Final[TypeAdapter[Message]] = TypeAdapter(Annotated[Message, Field(discriminator="do")])


def read(text: str) -> Message:
    """Read one message.

    Raises :class:`~sim.errors.PanjError`, in words, if it is too long, not JSON, or not known.
    """
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise PanjError(f"a message may have {LARGEST:,} bytes at most")
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError):
        raise PanjError("the message is not JSON") from None
    if not isinstance(asked, dict) or asked.get("do") not in KNOWN:
        do = asked.get("do") if isinstance(asked, dict) else None
        raise PanjError(
            "the server does not know this message",
            key=None if do is None else "do",
            value=do,
            remedy=f'Send an object whose "do" is one of {", ".join(KNOWN)}.',
        )
    try:
        return _MESSAGE.validate_python(asked)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = [str(part) for part in first["loc"][1:]]
        raise PanjError(
            f"{first['msg'][:1].lower()}{first['msg'][1:]}",
            key=".".join([str(asked["do"]), *where[:2]]),
            value=None if first["type"] == "missing" else first["input"],
        ) from None


def seed_of(message: Open) -> int:
    """The seed as a number.

    Raises :class:`~sim.errors.PanjError` if it is out of range.
    """
    seed = int(message.seed)
    if not 0 <= seed <= _LARGEST_SEED:
        raise PanjError("a seed is a whole number from 0 to 2^63 - 1", key="seed", value=seed)
    return seed
