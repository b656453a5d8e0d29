"""Pages for browsers on this machine: their options, and how they are shown until Ctrl-C."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from starlette.types import ASGIApp

NEEDED: Final = ("starlette", "uvicorn", "websockets")
"""What the extra ``view`` brings."""


def port(default: int) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """``--port``, with the one that is taken unless it is given."""
    return click.option(
        "--port",
        type=click.IntRange(0, 65535),
        default=default,
        show_default=True,
        metavar="N",
        help="Port on this machine; 0 takes any that is free.",
    )


no_open = click.option("--no-open", is_flag=True, help="Only print the address; open no browser.")


def check_extra(what: str) -> None:
    """Raise :class:`~sim.errors.PanjError` if the libraries of ``what`` are missing."""
    from sim.errors import PanjError

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise PanjError(
            f"{what} needs {', '.join(missing)}",
            remedy="Install the extra: pip install 'panj[view]'.",
        )


def show(made: Callable[[int], ASGIApp], verb: str, port: int, *, no_open: bool) -> None:
    """Serve what is ``made`` for a port until Ctrl-C; ``verb`` says what is done at its address."""
    from sim.viewer.loopback import bound, serve

    def on_ready(address: str) -> None:
        click.echo(f"{verb} at {address} (Ctrl-C ends it)")
        if not no_open:
            webbrowser.open(address)

    try:
        serve(made, bound(port), on_ready)
    except KeyboardInterrupt:
        click.echo("")  # the way such a page ends
