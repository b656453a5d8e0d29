"""Where a page listens, and how long it waits for whom."""

from __future__ import annotations

import asyncio
import errno
import logging
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Final

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from sim.errors import PanjError
from sim.serving.access import AccessGuard

HERE: Final = "127.0.0.1"

MOST_CONNECTIONS: Final = 256
QUESTION_SECONDS: Final = 10.0
"""So long a browser may take to send the whole head of a question."""

# a talk that begins with more is neither answered nor ended by websockets under uvicorn
_LONGEST_LINE: Final = 4096
_MOST_LINES: Final = 64

_LARGEST_FRAME: Final = 2**20  # bytes; more than a message may have, so that it can be told so


@dataclass(frozen=True)
class Listener:
    """A socket that listens at ``host``; where other machines reach it, with a secret ``token``."""

    listening: socket.socket
    host: str = HERE
    token: str = field(default="", repr=False)

    @property
    def port(self) -> int:
        """The port, also where any was asked for."""
        return int(self.listening.getsockname()[1])

    @property
    def link(self) -> str:
        """What opens the page."""
        tail = f"?token={self.token}" if self.token else ""
        return f"http://{_bracketed(self.host)}:{self.port}/{tail}"

    def door(self, inner: ASGIApp) -> AccessGuard:
        """The door of this place before an application."""
        names = {"localhost", HERE, _bracketed(self.host)} | (
            {socket.gethostname()} if self.token else set()
        )
        return AccessGuard(inner, self.port, frozenset(names), self.token)


def listen(port: int, host: str = HERE) -> Listener:
    """A place to listen: at this machine's own address, or at one that others reach, by a token.

    Port 0 takes any that is free. Raises :class:`~sim.errors.PanjError` if the port is taken or
    not allowed, or the address is not one of this machine.
    """
    taken = None
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # asyncio sends small answers without delay only where the protocol is named
        taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
        taken.listen()
    except (OSError, UnicodeError) as error:
        if taken is not None:
            taken.close()
        raise _unusable(port, host, error) from None
    where = ip_address(str(address[0]))
    token = "" if where.is_loopback else secrets.token_urlsafe(32)
    return Listener(taken, _own_address() if where.is_unspecified else host, token)


def _unusable(port: int, host: str, error: OSError | UnicodeError) -> PanjError:
    why = getattr(error, "strerror", None) or error
    unknown = isinstance(error, UnicodeError | socket.gaierror)
    if unknown or getattr(error, "errno", None) == errno.EADDRNOTAVAIL:
        return PanjError(
            f"is not an address of this machine: {why}",
            key="host",
            value=host,
            remedy="Leave --host out to serve this machine only, or give an address that it has.",
        )
    return PanjError(
        f"cannot be used: {why}",
        key="port",
        value=port,
        remedy="Is another page open? Give another --port, or --port 0 for any that is free.",
    )


def _own_address() -> str:
    """The address under which other machines most likely reach this one; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))  # an address for examples, beyond this network
        except OSError:
            return socket.gethostname()
        return str(asking.getsockname()[0])


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class TimedConnection(H11Protocol):
    """A connection that asks within :data:`QUESTION_SECONDS`, or is ended.

    Of more than :data:`MOST_CONNECTIONS` the one that has been asking for longest is ended: who
    opens many and says nothing keeps nobody out.
    """

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()
        if len(self.connections) > MOST_CONNECTIONS:
            asking = [
                one for one in self.connections if isinstance(one, TimedConnection) and one._late
            ]
            min(asking, key=TimedConnection._deadline)._end()

    def data_received(self, data: bytes) -> None:
        """Wait on, unless the question is whole."""
        super().data_received(data)
        cycle: Any = self.cycle  # None before the first
        asking = cycle is None or cycle.response_complete
        if asking and self in self.connections:  # as it is not once it is a talk
            self._wait()
        else:
            self._heard()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """It is a talk from now on, which is watched by other means."""
        self._heard()
        lines = (event.target, *(name + value for name, value in self.headers))
        if max(map(len, lines)) > _LONGEST_LINE or len(lines) > _MOST_LINES:
            self.send_400_response("The head of the question is too long.")
        else:
            super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._heard()
        super().connection_lost(exc)

    def _deadline(self) -> float:
        return self._late.when() if self._late else 0.0

    def _wait(self) -> None:
        if self._late is None and not self.transport.is_closing():
            self._late = self.loop.call_later(QUESTION_SECONDS, self._end)

    def _end(self) -> None:
        self._heard()
        self.transport.abort()

    def _heard(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


def serve(app: ASGIApp, place: Listener, on_ready: Callable[[str], None] | None = None) -> None:
    """Serve an application until interrupted.

    ``on_ready`` is told the link once browsers can connect.
    """
    settings = uvicorn.Config(
        place.door(app),
        http=TimedConnection,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=2,
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
                on_ready(place.link)

    Server(settings).run(sockets=[place.listening])
