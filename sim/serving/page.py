"""A page as an application: its files, its routes, and a talk with each tab at ``/ws``."""

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
"""Tabs that are talked with at once; each may have worlds of its own."""

MISTAKE: Final = "the program has made a mistake; the terminal shows where"

_TRY_LATER: Final = 1013
_log = logging.getLogger("panj.page")


class Tab(Protocol):
    """A tab of a browser, as the program answers it: one question at a time, in a thread."""

    def catalogue(self) -> Answer:
        """What is told first."""

    def answer(self, text: str) -> Iterable[Answer]:
        """The answers to a message."""

    def news(self) -> Iterable[Answer]:
        """What the tab is told unasked."""

    def close(self) -> None:
        """The tab is gone."""


def application(
    opened: Callable[[], Tab],
    assets: Path,
    routes: Sequence[BaseRoute] = (),
    look_seconds: float | None = None,
) -> Starlette:
    """The application: ``assets`` at ``/``, ``routes`` beside them, talks with tabs at ``/ws``.

    A tab has what is ``opened`` for it, and is told its news every ``look_seconds``, if at all.
    """
    tabs = 0

    async def talk(websocket: WebSocket) -> None:
        nonlocal tabs
        await websocket.accept()
        if tabs >= MOST_TABS:
            told = f"{MOST_TABS} tabs are open, and more are not served: close one"
            await websocket.close(_TRY_LATER, told)
            return
        tabs += 1
        try:
            await _talk(websocket, opened, look_seconds)
        finally:
            tabs -= 1

    return Starlette(
        routes=[
            Route("/favicon.ico", lambda _: Response(status_code=204)),
            WebSocketRoute("/ws", talk),
            *routes,
            Mount("/", StaticFiles(directory=assets, html=True)),
        ]
    )


async def _talk(
    websocket: WebSocket, opened: Callable[[], Tab], look_seconds: float | None
) -> None:
    tab, hearing = opened(), asyncio.ensure_future(websocket.receive())

    async def tell(answers: Callable[[], Iterable[Answer]]) -> None:
        for text in await run_in_threadpool(_answered, answers):
            await websocket.send_text(text)

    try:
        await tell(lambda: [tab.catalogue()])
        while True:
            await tell(tab.news)
            if not (await asyncio.wait({hearing}, timeout=look_seconds))[0]:
                continue
            if (asked := hearing.result())["type"] != "websocket.receive":
                return
            text = asked.get("text") or ""  # bytes are as good as nothing
            await tell(partial(tab.answer, text))
            hearing = asyncio.ensure_future(websocket.receive())
    except WebSocketDisconnect:
        pass  # the tab was closed while its answer was made
    finally:
        hearing.cancel()
        tab.close()


def _answered(answers: Callable[[], Iterable[Answer]]) -> list[str]:
    """Answers as they are sent, also when the program itself has made a mistake."""
    try:
        return [_dumped(each) for each in answers()]
    except Exception:
        _log.exception("a message could not be answered")
        return [_dumped({"is": "error", "text": MISTAKE, "do": None})]


def _dumped(answer: Answer) -> str:
    return json.dumps(answer, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
