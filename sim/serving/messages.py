"""Messages from a page, one JSON object each, validated before anything is done."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sim.errors import PanjError

LARGEST: Final = 64 * 1024
"""Size of the longest message that is read, bytes."""

Answer = dict[str, object]
Text = Annotated[str, Field(max_length=200)]


class ClientMessage(BaseModel):
    """A message from a browser; its field ``do`` names the request."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def answer_message[M](
    text: str,
    adapter: TypeAdapter[M],
    known: Sequence[str],
    answer: Callable[[M], Iterable[Answer]],
) -> list[Answer]:
    """Answer a message whose ``do`` is one of ``known``.

    The answer to an invalid message is an ``error`` that repeats its ``do``; nothing changes.
    """
    do: object = None
    try:
        message = _read(text, known)
        do = message["do"]
        return list(answer(_validated(message, adapter)))
    except PanjError as error:
        return [{"is": "error", "text": str(error), "do": do}]


def _read(text: str, known: Sequence[str]) -> dict[str, object]:
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise PanjError(f"a message may have {LARGEST:,} bytes at most")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise PanjError("the message is not JSON") from None
    if not isinstance(message, dict) or message.get("do") not in known:
        do = message.get("do") if isinstance(message, dict) else None
        raise PanjError(
            "the server does not know this message",
            key=None if do is None else "do",
            value=do,
            remedy=f'Send an object whose "do" is one of {", ".join(known)}.',
        )
    return message


def _validated[M](message: dict[str, object], adapter: TypeAdapter[M]) -> M:
    try:
        return adapter.validate_python(message)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = [str(part) for part in first["loc"][1:]]
        raise PanjError(
            f"{first['msg'][:1].lower()}{first['msg'][1:]}",
            key=".".join([str(message["do"]), *where[:2]]),
            value=None if first["type"] == "missing" else first["input"],
        ) from None
