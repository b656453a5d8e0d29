"""The lab's page, its websocket, and what is found as HTML and files."""

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sim.errors import PanjError
from sim.lab.controller import Controller
from sim.lab.findings import ComparisonQuery, Findings
from sim.runs.export import export
from sim.runs.store import Store
from sim.serving.messages import Answer
from sim.serving.page import MISTAKE, application
from sim.viewer import server as view

STATIC: Final = Path(__file__).parent / "static"

LOOK_SECONDS: Final = 0.4
"""So often a tab is told how the batch stands, if that has changed."""

_CANNOT: Final = 409
_log = logging.getLogger("panj.lab")


class Tab:
    """A tab: it shares the desk with all others, and is told when the state of it has changed."""

    def __init__(self, desk: Controller) -> None:
        self._told: Answer = {}
        self.catalogue, self.answer = desk.catalogue, desk.answer
        self._state = desk.state

    def news(self) -> Iterator[Answer]:
        """The state, if it is not what was told before."""
        state = self._state()
        if state != self._told:
            self._told = state
            yield state

    def close(self) -> None:
        """The desk outlives the tab."""


def app(desk: Controller, assets: Path = STATIC) -> Starlette:
    """The application: the page, what is found beside it, and a talk with each tab."""
    store = desk.terms.store
    findings = Findings(store)

    def page(request: Request) -> Response:
        return _put(partial(findings.page, _wish(request), desk.stamp()))

    def picture(request: Request) -> Response:
        return _put(partial(findings.picture, _wish(request), desk.stamp()))

    def whole(request: Request) -> Response:
        return HTMLResponse(findings.report(_wish(request), desk.stamp()))

    def table(request: Request) -> Response:
        name = request.path_params["name"]
        content = findings.table(name, _wish(request), desk.stamp())
        saved = {"content-disposition": f'attachment; filename="{name}.csv"'}
        return Response(content, media_type="text/csv", headers=saved)

    def years(request: Request) -> Response:
        with tempfile.NamedTemporaryFile(suffix=".csv", delete=False) as made:
            path = Path(made.name)
        gone = BackgroundTask(path.unlink, missing_ok=True)
        try:
            export(Store.open(store), "outcomes", path, _wish(request).scenarios, force=True)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return FileResponse(path, filename="years.csv", media_type="text/csv", background=gone)

    routes = [
        Route("/found", _said(page)),
        Route("/picture", _said(picture)),
        Route("/report.html", _said(whole)),
        Route("/years.csv", _said(years)),
        Route("/{name:str}.csv", _said(table)),
        Mount("/view", StaticFiles(directory=view.STATIC)),
    ]
    return application(lambda: Tab(desk), assets, routes, LOOK_SECONDS)


def _said(make: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    """A route in a thread; what is wrong is told in words, and a mistake of the program too."""

    async def respond(request: Request) -> Response:
        try:
            return await run_in_threadpool(make, request)
        except PanjError as error:
            return PlainTextResponse(str(error), _CANNOT)
        except asyncio.CancelledError:
            return PlainTextResponse("the lab has ended", 503)  # in the middle of a long answer
        except Exception:
            _log.exception("what is found could not be told")
            return PlainTextResponse(MISTAKE, 500)

    return respond


def _put(make: Callable[[], str]) -> Response:
    """HTML for the page, or why there is none; to have found nothing is not a fault."""
    try:
        return JSONResponse({"html": make()})
    except PanjError as error:
        return JSONResponse({"error": str(error)})


def _wish(request: Request) -> ComparisonQuery:
    """Which comparison an address asks for."""
    asked = request.query_params
    scenarios = asked.getlist("scenario")
    return ComparisonQuery(
        asked.get("baseline") or "baseline",
        asked.get("harm") or None,
        tuple(scenarios) if scenarios else None,
    )
