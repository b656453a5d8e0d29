"""Pages for the browser: their options, and how they are served until Ctrl-C."""

from __future__ import annotations

import signal
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from sim.cli.options import Decorator, combined, flag, value
from sim.cli.progress import signal_handlers
from sim.errors import PanjError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

NEEDED: Final = ("starlette", "uvicorn", "websockets")
"""The libraries of the extra ``view``."""


class PageOptions(NamedTuple):
    """Where to serve a page, and whether to leave the browser closed."""

    host: str
    port: int
    no_open: bool


def page_options(port: int) -> Decorator:
    """``--host``, ``--port``, with its default, and ``--no-open``, as one ``page``."""
    host = value(
        "--host",
        "ADDRESS",
        "Let other machines connect at this machine's ADDRESS, by a secret link, unencrypted; "
        "by default only browsers on this machine can connect.",
        default="127.0.0.1",
    )
    number = value(
        "--port",
        "N",
        "Port on this machine; 0 takes any free port.",
        type=click.IntRange(0, 65535),
        default=port,
        show_default=True,
    )
    link = flag("--no-open", "Print the link, but do not open a browser.")
    return combined("page", PageOptions, [host, number, link])


def check_extra(what: str) -> None:
    """Raise :class:`~sim.errors.PanjError` if libraries that ``what`` needs are missing."""

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise PanjError(
            f"{what} needs {', '.join(missing)}",
            remedy="Install the extra: pip install 'panj[view]'.",
        )


def serve_page(app: ASGIApp, message: str, page: PageOptions) -> None:
    """Serve an application until Ctrl-C; ``message`` goes before its link."""
    from sim.serving.server import listen, serve

    place = listen(page.port, page.host)
    if place.token:
        click.echo(_warning(page.host, place.port), err=True)

    def on_ready(link: str) -> None:
        click.echo(f"{message} at {link} (press Ctrl-C to stop)")
        # the list of processes would show the secret to all users of this machine
        if not (page.no_open or place.token):
            webbrowser.open(link)

    try:
        serve(app, place, on_ready)
    except KeyboardInterrupt:
        click.echo("")  # Ctrl-C is how the user ends a page


def _warning(host: str, port: int) -> str:
    return (
        f"warning: --host {host} lets other machines connect, and nothing is encrypted.\n"
        "People who have the link can do everything that this page can do, with your rights on "
        "this machine; people who listen on the network can read the link and the page.\n"
        "It is safer to leave --host out, and to run this on the other machine:\n"
        f"  ssh -L {port}:127.0.0.1:{port} NAME-OF-THIS-MACHINE"
    )


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a page as Ctrl-C does, so that its batch is stopped too."""

    def end(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    def hang_up(number: int, frame: object) -> None:
        signal.raise_signal(signal.SIGTERM)  # the server handles SIGTERM, but not SIGHUP

    with signal_handlers({signal.SIGTERM: end, signal.SIGHUP: hang_up}):
        yield
