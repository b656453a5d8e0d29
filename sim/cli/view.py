"""``panj view``: one scenario or two, live in the browser."""

from __future__ import annotations

import webbrowser
from importlib.util import find_spec
from typing import Final

import click

from sim.cli import complete, options

NEEDED: Final = ("starlette", "uvicorn", "websockets")
"""What the extra ``view`` brings."""


@click.command(
    epilog="""\b
Examples:
  panj view baseline
  panj view baseline --against triggered --seed 7
  panj view my-scenario.toml --set patrols.sorties_per_day=4
  panj view baseline --port 0 --no-open

docs/viewer.md says what is seen and what the levers do."""
)
@click.argument("scenario", shell_complete=complete.scenarios)
@click.option(
    "--against",
    metavar="OTHER",
    shell_complete=complete.scenarios,
    help="Show this scenario beside it, on the same seed.",
)
@options.seed
@options.settings
@options.allow_code
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8717,
    show_default=True,
    metavar="N",
    help="Port on this machine; 0 takes any that is free.",
)
@click.option("--no-open", is_flag=True, help="Only print the address; open no browser.")
def view(
    scenario: str,
    against: str | None,
    seed: int,
    settings: tuple[str, ...],
    port: int,
    no_open: bool,
) -> None:
    """Watch SCENARIO in the browser, until Ctrl-C.

    SCENARIO is the name of a shipped scenario ('panj scenario list') or a TOML file. --set changes
    every world that is shown. Only browsers on this machine can connect.
    """
    check_extra()
    from sim.scenario.load import load
    from sim.viewer.server import bound, serve
    from sim.viewer.session import First

    for name in filter(None, (scenario, against)):
        load(name, settings)  # what is wrong with it is said here, not in the browser
    listening = bound(port)

    def on_ready(address: str) -> None:
        click.echo(f"Watch at {address} (Ctrl-C ends it)")
        if not no_open:
            webbrowser.open(address)

    try:
        serve(First(scenario, against, seed, settings), listening, on_ready)
    except KeyboardInterrupt:
        click.echo("")  # the way a view ends


def check_extra() -> None:
    """Raise :class:`~sim.errors.PanjError` if the libraries of the live view are missing."""
    from sim.errors import PanjError

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise PanjError(
            f"the live view needs {', '.join(missing)}",
            remedy="Install the extra: pip install 'panj[view]'.",
        )
