"""What a page may ask, one JSON object a message, checked before anything is done."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sim.errors import PanjError

LARGEST: Final = 64 * 1024
"""Bytes of the longest message that is read."""

Answer = dict[str, object]
Text = Annotated[str, Field(max_length=200)]


class ClientMessage(BaseModel):
    """A message of a browser; its field ``do`` says what is asked."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def answer_message[M](
    text: str,
    adapter: TypeAdapter[M],
    known: Sequence[str],
    answer: Callable[[M], Iterable[Answer]],
) -> list[Answer]:
    """Answer one message of those whose ``do`` is ``known``.

    What is wrong with it is told in an ``error`` that repeats what was asked, and changes nothing.
    """
    do: object = None
    try:
        asked = _read(text, known)
        do = asked["do"]
        return list(answer(_checked(asked, adapter)))
    except PanjError as error:
        return [{"is": "error", "text": str(error), "do": do}]


def _read(text: str, known: Sequence[str]) -> dict[str, object]:
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise PanjError(f"a message may have {LARGEST:,} bytes at most")
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError):
        raise PanjError("the message is not JSON") from None
    if not isinstance(asked, dict) or asked.get("do") not in known:
        do = asked.get("do") if isinstance(asked, dict) else None
        raise PanjError(
            "the server does not know this message",
            key=None if do is None else "do",
            value=do,
            remedy=f'Send an object whose "do" is one of {", ".join(known)}.',
        )
    return asked


def _checked[M](asked: dict[str, object], adapter: TypeAdapter[M]) -> M:
    try:
        return adapter.validate_python(asked)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = [str(part) for part in first["loc"][1:]]
        raise PanjError(
            f"{first['msg'][:1].lower()}{first['msg'][1:]}",
            key=".".join([str(asked["do"]), *where[:2]]),
            value=None if first["type"] == "missing" else first["input"],
        ) from None
