"""The lab's page, its websocket, and the comparison as HTML and files."""

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

NEWS_SECONDS: Final = 0.4
"""How often a tab is sent the state, if it has changed."""

_CONFLICT: Final = 409
_log = logging.getLogger("panj.lab")


class Tab:
    """A tab: it shares the controller with all others, and is sent the state when it changes."""

    def __init__(self, controller: Controller) -> None:
        self._sent: Answer = {}
        self.catalogue, self.answer = controller.catalogue, controller.answer
        self._state = controller.state

    def news(self) -> Iterator[Answer]:
        """The state, if it differs from the one sent last."""
        state = self._state()
        if state != self._sent:
            self._sent = state
            yield state

    def close(self) -> None:
        """The controller outlives the tab."""


def app(controller: Controller, assets: Path = STATIC) -> Starlette:
    """The application: the page, the comparison, and a websocket for each tab."""
    store = controller.options.store
    findings = Findings(store)

    def page(request: Request) -> Response:
        return _html_or_error(partial(findings.page, _query(request), controller.stamp()))

    def picture(request: Request) -> Response:
        return _html_or_error(partial(findings.picture, _query(request), controller.stamp()))

    def whole(request: Request) -> Response:
        return HTMLResponse(findings.report(_query(request), controller.stamp()))

    def table(request: Request) -> Response:
        name = request.path_params["name"]
        content = findings.table(name, _query(request), controller.stamp())
        saved = {"content-disposition": f'attachment; filename="{name}.csv"'}
        return Response(content, media_type="text/csv", headers=saved)

    def years(request: Request) -> Response:
        with tempfile.NamedTemporaryFile(suffix=".csv", delete=False) as made:
            path = Path(made.name)
        remove = BackgroundTask(path.unlink, missing_ok=True)
        try:
            export(Store.open(store), "outcomes", path, _query(request).scenarios, force=True)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return FileResponse(path, filename="years.csv", media_type="text/csv", background=remove)

    routes = [
        Route("/found", _route(page)),
        Route("/picture", _route(picture)),
        Route("/report.html", _route(whole)),
        Route("/years.csv", _route(years)),
        Route("/{name:str}.csv", _route(table)),
        Mount("/view", StaticFiles(directory=view.STATIC)),
    ]
    return application(lambda: Tab(controller), assets, routes, NEWS_SECONDS)


def _route(make: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    """A route that runs in a thread and reports errors as text."""

    async def respond(request: Request) -> Response:
        try:
            return await run_in_threadpool(make, request)
        except PanjError as error:
            return PlainTextResponse(str(error), _CONFLICT)
        except asyncio.CancelledError:
            return PlainTextResponse("the lab has ended", 503)  # during a long answer
        except Exception:
            _log.exception("a request could not be answered")
            return PlainTextResponse(MISTAKE, 500)

    return respond


def _html_or_error(make: Callable[[], str]) -> Response:
    """HTML for the page, or why there is none; an empty store is not an error of the request."""
    try:
        return JSONResponse({"html": make()})
    except PanjError as error:
        return JSONResponse({"error": str(error)})


def _query(request: Request) -> ComparisonQuery:
    """The comparison that an address asks for."""
    parameters = request.query_params
    scenarios = parameters.getlist("scenario")
    return ComparisonQuery(
        parameters.get("baseline") or "baseline",
        parameters.get("harm") or None,
        tuple(scenarios) if scenarios else None,
    )
