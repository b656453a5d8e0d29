"""Who is let in, and what a page may load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from ipaddress import ip_address
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Final = {
    "content-security-policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
}
"""What every answer has; pages load nothing from elsewhere and are shown in no other page."""

HERE: Final = "This page is for browsers on its own machine.\n"
BY_LINK: Final = "This page opens only by the link that the terminal shows.\n"

# a page's own step: a browser that comes from elsewhere sends the new cookie along
_ONWARD: Final = '<!doctype html><meta http-equiv="refresh" content="0; url=/"><title>Panj</title>'


@dataclass(frozen=True)
class AccessGuard:
    """Lets pages of this server in, and refuses all others; ``inner`` is what it stands before.

    The host asked for must be among ``names``, with the ``port`` (against names that are made to
    point here, "DNS rebinding"), and so must the origin, where a browser names one, and the site
    that wants to show what it gets (against other pages).

    With a ``token`` a number will do as the host, since no other page has that for its name, and
    who asks must have the token: in the link, or in the cookie that the link has left.
    """

    inner: ASGIApp
    port: int
    names: frozenset[str] = frozenset({"127.0.0.1", "localhost"})
    token: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through or refuse."""
        asked, given = HTTPConnection(scope), False
        if self.token:
            given = self._right(asked.query_params.get("token", ""))
        here = self._comes_from_here(asked.headers)
        if here and (not self.token or given or self._right(asked.cookies.get(self._cookie, ""))):
            link = given and scope["type"] == "http"
            onward = link and scope["path"] == "/"
            through = HTMLResponse(_ONWARD) if onward else self.inner
            await through(scope, receive, self._with_headers(send, link=link))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            # those who are refused keep no connection open
            told = BY_LINK if self.token else HERE
            refusal: Response = PlainTextResponse(told, 403, {"connection": "close"})
            await refusal(scope, receive, self._with_headers(send))

    @property
    def _cookie(self) -> str:
        return f"panj-{self.port}"  # cookies are shared by all ports of a host

    def _right(self, secret: str) -> bool:
        return compare_digest(secret.encode("utf-8", "replace"), self.token.encode())

    def _comes_from_here(self, headers: Mapping[str, str]) -> bool:
        host = headers.get("host", "")
        name, _, port = host.rpartition(":")
        known = name in self.names or (bool(self.token) and _is_number(name))
        own = headers.get("origin", f"http://{host}") == f"http://{host}"
        return known and port == str(self.port) and own and not _drawn_in(headers)

    def _with_headers(self, send: Send, *, link: bool = False) -> Send:
        more = dict(HEADERS)
        if link:
            kept = f"{self._cookie}={self.token}; Path=/; HttpOnly; SameSite=Strict"
            more["set-cookie"] = kept
        raw = [(name.encode(), value.encode()) for name, value in more.items()]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *raw]
            await send(message)

        return sending


def _is_number(name: str) -> bool:
    try:
        return bool(ip_address(name.removeprefix("[").removesuffix("]")))
    except ValueError:
        return False


def _drawn_in(headers: Mapping[str, str]) -> bool:
    """Whether a browser asks for another page, as for a picture in it; a link is another thing."""
    elsewhere = headers.get("sec-fetch-site") in ("cross-site", "same-site")
    return elsewhere and headers.get("sec-fetch-dest") != "document"
