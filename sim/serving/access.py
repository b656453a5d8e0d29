"""Who may open a page, and what the page may load."""

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
"""Headers of every response; pages load nothing from elsewhere and cannot be embedded."""

HERE: Final = "This page is for browsers on its own machine.\n"
BY_LINK: Final = "This page opens only by the link that the terminal shows.\n"

# The page itself redirects: on the way from a link elsewhere, a browser would not send the cookie.
_REDIRECT: Final = (
    '<!doctype html><meta http-equiv="refresh" content="0; url=/"><title>Panj</title>'
)


@dataclass(frozen=True)
class AccessGuard:
    """Passes requests from pages of this server on to ``inner``, and refuses all others.

    The host in the request must be one of ``names``, with the ``port``. This guards against names
    made to point here ("DNS rebinding"). A request from a page of another origin or site is
    refused, too, unless it follows a link to the page as a whole.

    With a ``token`` the host may also be an IP address, which no other page can have as its name.
    Then each request must carry the token: in the link, or in the cookie that the link has set.
    """

    inner: ASGIApp
    port: int
    names: frozenset[str] = frozenset({"127.0.0.1", "localhost"})
    token: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on or refuse it."""
        request, by_link = HTTPConnection(scope), False
        if self.token:
            by_link = self._is_token(request.query_params.get("token", ""))
        own_page = self._is_own_page(request.headers)
        if own_page and (not self.token or by_link or self._has_cookie(request)):
            set_cookie = by_link and scope["type"] == "http"
            redirect = set_cookie and scope["path"] == "/"
            app = HTMLResponse(_REDIRECT) if redirect else self.inner
            await app(scope, receive, self._with_headers(send, set_cookie=set_cookie))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            # a refused client keeps no connection open
            reason = BY_LINK if self.token else HERE
            refusal: Response = PlainTextResponse(reason, 403, {"connection": "close"})
            await refusal(scope, receive, self._with_headers(send))

    @property
    def _cookie(self) -> str:
        return f"panj-{self.port}"  # cookies are shared by all ports of a host

    def _has_cookie(self, request: HTTPConnection) -> bool:
        return self._is_token(request.cookies.get(self._cookie, ""))

    def _is_token(self, secret: str) -> bool:
        return compare_digest(secret.encode("utf-8", "replace"), self.token.encode())

    def _is_own_page(self, headers: Mapping[str, str]) -> bool:
        host = headers.get("host", "")
        name, _, port = host.rpartition(":")
        known = name in self.names or (bool(self.token) and _is_ip_address(name))
        same_origin = headers.get("origin", f"http://{host}") == f"http://{host}"
        return known and port == str(self.port) and same_origin and not _is_embedded(headers)

    def _with_headers(self, send: Send, *, set_cookie: bool = False) -> Send:
        headers = dict(HEADERS)
        if set_cookie:
            cookie = f"{self._cookie}={self.token}; Path=/; HttpOnly; SameSite=Strict"
            headers["set-cookie"] = cookie
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *raw]
            await send(message)

        return send_with_headers


def _is_ip_address(name: str) -> bool:
    try:
        return bool(ip_address(name.removeprefix("[").removesuffix("]")))
    except ValueError:
        return False


def _is_embedded(headers: Mapping[str, str]) -> bool:
    """Whether a page of another site requests something to embed, such as a picture."""
    other_site = headers.get("sec-fetch-site") in ("cross-site", "same-site")
    return other_site and headers.get("sec-fetch-dest") != "document"
