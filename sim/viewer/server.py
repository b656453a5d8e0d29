"""The live view's page and its websocket.

A tab has a websocket and a session of its own. The model works in a thread, so no tab waits for
another, and goes when the tab does. The years of their odds are run in turn.
"""

import gc
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from sim.frontier.basemap import basemap
from sim.runs.background import Background
from sim.viewer.loopback import answered, application, dumped
from sim.viewer.session import First, Session

STATIC: Final = Path(__file__).parent / "static"


def app(
    first: First, port: int, assets: Path = STATIC, background: Background | None = None
) -> Starlette:
    """The application: the page at ``/``, its files and the base map beside it, talk at ``/ws``.

    What the tabs have in the ``background`` ends with each of them.
    """
    background = background or Background()

    async def talk(websocket: WebSocket) -> None:
        await websocket.accept()
        session = Session(first, background)
        try:
            await websocket.send_text(dumped(await run_in_threadpool(session.catalogue)))
            while (asked := await websocket.receive())["type"] == "websocket.receive":
                text = asked.get("text") or ""  # bytes are as good as nothing
                for answer in await run_in_threadpool(answered, session.answer, text):
                    await websocket.send_text(answer)
        except WebSocketDisconnect:
            pass  # the tab was closed while its answer was made
        finally:
            session.close()
            del session
            gc.collect()  # a model is full of circles

    async def drawn(_: Request) -> Response:
        return JSONResponse(basemap().page_data)

    page = StaticFiles(directory=assets, html=True)
    routes = [WebSocketRoute("/ws", talk), Route("/basemap.json", drawn), Mount("/", page)]
    return application(routes, port)
