"""The live view's page. A tab has a session of its own, which works in a thread: no tab waits for
another. What the tabs have in the background is run there in turn, and ends with each of them.
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
from sim.viewer.session import First, Session

STATIC: Final = Path(__file__).parent / "static"


def app(first: First, background: Background | None = None, assets: Path = STATIC) -> Starlette:
    """The application: the page, the base map beside it, and a talk with each tab."""
    shared = background or Background()

    def drawn(_: Request) -> Response:
        return JSONResponse(basemap().page_data)

    return application(lambda: Session(first, shared), assets, [Route("/basemap.json", drawn)])
