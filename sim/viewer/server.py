"""The server of the live view.

Each tab has its own session, which works in a thread, so no tab waits for another. Background work
of all tabs runs in turn, and ends when its tab closes.
"""

from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sim.frontier.basemap import basemap
from sim.runs.background import Background
from sim.serving.page import application
from sim.viewer.session import InitialView, Session

STATIC: Final = Path(__file__).parent / "static"


def app(
    first: InitialView, background: Background | None = None, assets: Path = STATIC
) -> Starlette:
    """The application: the page, the base map, and a session for each tab."""
    shared = background or Background()

    def basemap_data(_: Request) -> Response:
        return JSONResponse(basemap().page_data)

    return application(
        lambda: Session(first, shared), assets, [Route("/basemap.json", basemap_data)]
    )
