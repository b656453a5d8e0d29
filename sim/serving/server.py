"""The server of a page: its socket, and the timeouts and limits of connections."""

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
REQUEST_SECONDS: Final = 10.0
"""How long a browser may take to send the whole head of a request."""

# websockets under uvicorn neither answers nor ends a connection that begins with more
_LONGEST_LINE: Final = 4096
_MOST_LINES: Final = 64

_LARGEST_FRAME: Final = 2**20  # bytes; more than a message may have, so that we can refuse it


@dataclass(frozen=True)
class Listener:
    """A listening socket at ``host``, with a secret ``token`` where other machines reach it."""

    socket: socket.socket
    host: str = HERE
    token: str = field(default="", repr=False)

    @property
    def port(self) -> int:
        """The port, chosen by the system if 0 was given."""
        return int(self.socket.getsockname()[1])

    @property
    def link(self) -> str:
        """The link that opens the page."""
        query = f"?token={self.token}" if self.token else ""
        return f"http://{_bracketed(self.host)}:{self.port}/{query}"

    def guard(self, inner: ASGIApp) -> AccessGuard:
        """An application behind an access guard."""
        names = {"localhost", HERE, _bracketed(self.host)} | (
            {socket.gethostname()} if self.token else set()
        )
        return AccessGuard(inner, self.port, frozenset(names), self.token)


def listen(port: int, host: str = HERE) -> Listener:
    """Listen at the loopback address, or at one that other machines reach, with a token.

    Port 0 takes any free port. Raises :class:`~sim.errors.PanjError` if the port is taken or not
    allowed, or the address is not one of this machine.
    """
    opened = None
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # asyncio sends small answers without delay only if the protocol is named
        opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen()
    except (OSError, UnicodeError) as error:
        if opened is not None:
            opened.close()
        raise _unusable(port, host, error) from None
    where = ip_address(str(address[0]))
    token = "" if where.is_loopback else secrets.token_urlsafe(32)
    return Listener(opened, _own_address() if where.is_unspecified else host, token)


def _unusable(port: int, host: str, error: OSError | UnicodeError) -> PanjError:
    why = getattr(error, "strerror", None) or error
    unknown = isinstance(error, UnicodeError | socket.gaierror)
    if unknown or getattr(error, "errno", None) == errno.EADDRNOTAVAIL:
        return PanjError(
            f"is not an address of this machine: {why}",
            key="host",
            value=host,
            remedy="Leave --host out to serve this machine only, or give one of its addresses.",
        )
    return PanjError(
        f"cannot be used: {why}",
        key="port",
        value=port,
        remedy="Is another page open? Give another --port, or --port 0 for any free port.",
    )


def _own_address() -> str:
    """The address at which other machines most likely reach this one; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for examples, outside this network
        except OSError:
            return socket.gethostname()
        return str(probe.getsockname()[0])


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class TimedConnection(H11Protocol):
    """A connection that is closed if the head of a request does not come in time.

    That is within :data:`REQUEST_SECONDS`.

    Above :data:`MOST_CONNECTIONS` the connection that has waited longest for a request is closed.
    So a client that opens many and sends nothing does not keep others out.
    """

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the timer."""
        super().connection_made(transport)
        self._start_timer()
        if len(self.connections) > MOST_CONNECTIONS:
            waiting = [
                each
                for each in self.connections
                if isinstance(each, TimedConnection) and each._timer
            ]
            min(waiting, key=TimedConnection._deadline)._abort()

    def data_received(self, data: bytes) -> None:
        """Keep the timer running until the head of the request is complete."""
        super().data_received(data)
        cycle: Any = self.cycle  # None before the first request
        waiting = cycle is None or cycle.response_complete
        if waiting and self in self.connections:  # a websocket is not among them
            self._start_timer()
        else:
            self._stop_timer()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Stop the timer: the connection becomes a websocket, which has its own timeouts."""
        self._stop_timer()
        lines = (event.target, *(name + value for name, value in self.headers))
        if max(map(len, lines)) > _LONGEST_LINE or len(lines) > _MOST_LINES:
            self.send_400_response("The head of the request is too long.")
        else:
            super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer."""
        self._stop_timer()
        super().connection_lost(exc)

    def _deadline(self) -> float:
        return self._timer.when() if self._timer else 0.0

    def _start_timer(self) -> None:
        if self._timer is None and not self.transport.is_closing():
            self._timer = self.loop.call_later(REQUEST_SECONDS, self._abort)

    def _abort(self) -> None:
        self._stop_timer()
        self.transport.abort()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def serve(app: ASGIApp, listener: Listener, on_ready: Callable[[str], None] | None = None) -> None:
    """Serve an application until interrupted.

    ``on_ready`` is called with the link once browsers can connect.
    """
    settings = uvicorn.Config(
        listener.guard(app),
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
    # A user who presses Ctrl-C during a long answer knows that the answer is cut short.
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: "graceful shutdown exceeded" not in record.getMessage()
    )

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if on_ready is not None:
                on_ready(listener.link)

    Server(settings).run(sockets=[listener.socket])
