"""A page with a websocket, for browsers on this machine and nobody else.

The live view and the lab are such pages. What is here is the same for both: who is let in, what
a page may load, and how mistakes are told.
"""

import json
import logging
import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sim.errors import PanjError
from sim.viewer.asking import Answer

HOST: Final = "127.0.0.1"

_LARGEST_FRAME: Final = 2**20  # bytes; more than a message may have, so that it can be told so
_log = logging.getLogger("panj.view")


def dumped(answer: Answer) -> str:
    """An answer as it is sent."""
    return json.dumps(answer, separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def answered(answer: Callable[[str], Iterable[Answer]], text: str) -> list[str]:
    """What is sent for a message, also when the program itself has made a mistake."""
    try:
        return [dumped(each) for each in answer(text)]
    except Exception:
        _log.exception("a message could not be answered")
        told = "the program has made a mistake; the terminal shows where"
        return [dumped({"is": "error", "text": told, "do": None})]


def application(routes: Sequence[BaseRoute], port: int) -> Starlette:
    """An application of these routes, that only pages of its own on this machine reach."""
    found = Starlette(routes=[Route("/favicon.ico", _no_icon), *routes])
    found.add_middleware(OnlyHere, hosts=[f"{name}:{port}" for name in (HOST, "localhost")])
    return found


def _no_icon(request: Request) -> Response:
    return Response(status_code=204)


class OnlyHere:
    """Refuses what does not come from a page of this server on this machine.

    The host asked for must be this one (against names that are made to point here, "DNS
    rebinding"), and so must the origin, where a browser names one, and the site that wants to show
    what it gets (against other pages).
    """

    def __init__(self, inner: ASGIApp, hosts: list[str]) -> None:
        self._inner = inner
        self._hosts = {host.encode() for host in hosts}
        self._origins = {b"http://" + host for host in self._hosts}
        sockets = " ".join(f"ws://{host}" for host in hosts)
        policy = (
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
            f"connect-src 'self' {sockets}; frame-ancestors 'none'"
        )
        self._headers = [
            (b"content-security-policy", policy.encode()),
            (b"cache-control", b"no-cache"),
            (b"x-content-type-options", b"nosniff"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self._inner(scope, receive, send)
            return
        headers = dict(scope["headers"])
        origin = headers.get(b"origin")
        here = headers.get(b"host") in self._hosts and not _drawn_in(headers)
        if here and (origin is None or origin in self._origins):
            await self._inner(scope, receive, self._with_headers(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "not from here"})
        else:
            refusal = PlainTextResponse("This page is for browsers on its own machine.\n", 403)
            await refusal(scope, receive, send)

    def _with_headers(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        return sending


def _drawn_in(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a browser asks for another page, as for a picture in it; a link is another thing."""
    elsewhere = headers.get(b"sec-fetch-site") in (b"cross-site", b"same-site")
    return elsewhere and headers.get(b"sec-fetch-dest") != b"document"


def bound(port: int) -> socket.socket:
    """A socket on this machine's own address; port 0 takes any that is free.

    Raises :class:`~sim.errors.PanjError` if the port is taken or not allowed.
    """
    # asyncio sends small answers without delay only where the protocol is named
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((HOST, port))
        taken.listen()
    except OSError as error:
        taken.close()
        raise PanjError(
            f"cannot be used: {error.strerror or error}",
            key="port",
            value=port,
            remedy="Is another page open? Give another --port, or --port 0 for any that is free.",
        ) from None
    return taken


def serve(
    made: Callable[[int], ASGIApp],
    listening: socket.socket,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve what is ``made`` for the port until interrupted.

    ``on_ready`` is told the address once browsers can connect.
    """
    import uvicorn

    port = int(listening.getsockname()[1])
    settings = uvicorn.Config(
        made(port),
        log_level="warning",
        access_log=False,
        ws_max_size=_LARGEST_FRAME,
        ws_per_message_deflate=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    # who presses Ctrl-C in the middle of a long answer knows that it is cut short
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: "graceful shutdown exceeded" not in record.getMessage()
    )

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if on_ready is not None:
                on_ready(f"http://{HOST}:{port}/")

    Server(settings).run(sockets=[listening])
