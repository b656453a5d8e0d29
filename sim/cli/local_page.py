"""Pages for browsers: their options, and how they are shown until Ctrl-C."""

from __future__ import annotations

import signal
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from sim.cli.options import Asked, flag, together, value
from sim.errors import PanjError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

NEEDED: Final = ("starlette", "uvicorn", "websockets")
"""What the extra ``view`` brings."""


class Where(NamedTuple):
    """Where a page is to be served, and whether a browser is opened on it."""

    host: str
    port: int
    no_open: bool


def options(port: int) -> Asked:
    """``--host``, ``--port``, taken unless another is given, and ``--no-open``, as ``where``."""
    host = value(
        "--host",
        "ADDRESS",
        "Let other machines in at this one's ADDRESS, by a secret link, unencrypted; "
        "without it only browsers on this machine can connect.",
        default="127.0.0.1",
    )
    number = value(
        "--port",
        "N",
        "Port on this machine; 0 takes any that is free.",
        type=click.IntRange(0, 65535),
        default=port,
        show_default=True,
    )
    link = flag("--no-open", "Only print the link; open no browser.")
    return together("where", Where, [host, number, link])


def check_extra(what: str) -> None:
    """Raise :class:`~sim.errors.PanjError` if the libraries of ``what`` are missing."""

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise PanjError(
            f"{what} needs {', '.join(missing)}",
            remedy="Install the extra: pip install 'panj[view]'.",
        )


def show(app: ASGIApp, verb: str, where: Where) -> None:
    """Serve an application until Ctrl-C; ``verb`` says what is done at its link."""
    from sim.serving.server import bound, serve

    place = bound(where.port, where.host)
    if place.token:
        click.echo(_warning(where.host, place.port), err=True)

    def on_ready(link: str) -> None:
        click.echo(f"{verb} at {link} (Ctrl-C ends it)")
        # the list of processes would show the secret to all users of this machine
        if not (where.no_open or place.token):
            webbrowser.open(link)

    try:
        serve(app, place, on_ready)
    except KeyboardInterrupt:
        click.echo("")  # the way such a page ends


def _warning(host: str, port: int) -> str:
    return (
        f"warning: --host {host} lets other machines in, and nothing is encrypted.\n"
        "People who have the link can do all that this page does, with your rights on this "
        "machine; people who listen on the network can read the link and all that is shown.\n"
        "Safer: leave --host out, and give on the other machine\n"
        f"  ssh -L {port}:127.0.0.1:{port} NAME-OF-THIS-MACHINE"
    )


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a page as Ctrl-C does, so that what runs for it is stopped."""

    def end(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    def hang_up(number: int, frame: object) -> None:
        signal.raise_signal(signal.SIGTERM)  # which the server knows, and this one it does not

    handlers = {signal.SIGTERM: end, signal.SIGHUP: hang_up}
    # what is ignored stays so: "nohup" asks for that
    listened = [number for number in handlers if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, handlers[number]) for number in listened}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
