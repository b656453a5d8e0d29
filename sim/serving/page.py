"""A page as an application: its files, its routes, and a websocket for each tab at ``/ws``."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from sim.serving.messages import Answer

MOST_TABS: Final = 32
"""Most tabs served at once; each may have worlds of its own."""

MISTAKE: Final = "the program has made a mistake; the terminal shows where"

_TRY_LATER: Final = 1013
_log = logging.getLogger("panj.page")


class Tab(Protocol):
    """The server's side of a tab: it answers one message at a time, in a thread."""

    def catalogue(self) -> Answer:
        """The first message to the tab."""

    def answer(self, text: str) -> Iterable[Answer]:
        """The answers to a message."""

    def news(self) -> Iterable[Answer]:
        """Messages that the tab did not ask for."""

    def close(self) -> None:
        """The tab was closed."""


def application(
    open_tab: Callable[[], Tab],
    assets: Path,
    routes: Sequence[BaseRoute] = (),
    news_seconds: float | None = None,
) -> Starlette:
    """The application: ``assets`` at ``/``, ``routes`` beside them, websockets at ``/ws``.

    ``open_tab`` is called for each tab. Its news is sent after each message, and every
    ``news_seconds`` if given.
    """
    tabs = 0

    async def serve_tab(websocket: WebSocket) -> None:
        nonlocal tabs
        await websocket.accept()
        if tabs >= MOST_TABS:
            reason = f"{MOST_TABS} tabs are open, and more are not served: close one"
            await websocket.close(_TRY_LATER, reason)
            return
        tabs += 1
        try:
            await _serve_tab(websocket, open_tab(), news_seconds)
        finally:
            tabs -= 1

    return Starlette(
        routes=[
            Route("/favicon.ico", lambda _: Response(status_code=204)),
            WebSocketRoute("/ws", serve_tab),
            *routes,
            Mount("/", StaticFiles(directory=assets, html=True)),
        ]
    )


async def _serve_tab(websocket: WebSocket, tab: Tab, news_seconds: float | None) -> None:
    receiving = asyncio.ensure_future(websocket.receive())

    async def send(answers: Callable[[], Iterable[Answer]]) -> None:
        for text in await run_in_threadpool(_texts, answers):
            await websocket.send_text(text)

    try:
        await send(lambda: [tab.catalogue()])
        while True:
            await send(tab.news)
            if not (await asyncio.wait({receiving}, timeout=news_seconds))[0]:
                continue
            if (message := receiving.result())["type"] != "websocket.receive":
                return
            text = message.get("text") or ""  # a message of bytes counts as empty
            await send(partial(tab.answer, text))
            receiving = asyncio.ensure_future(websocket.receive())
    except WebSocketDisconnect:
        pass  # the tab was closed while its answer was made
    finally:
        receiving.cancel()
        tab.close()


def _texts(answers: Callable[[], Iterable[Answer]]) -> list[str]:
    """Answers as JSON; an error message where the program itself has made a mistake."""
    try:
        return [_json(each) for each in answers()]
    except Exception:
        _log.exception("a message could not be answered")
        return [_json({"is": "error", "text": MISTAKE, "do": None})]


def _json(answer: Answer) -> str:
    return json.dumps(answer, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
