"""``panj lab``: batches started, stopped and read in the browser, on a store of ``panj batch``."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from sim.cli import complete, local_page, options


@click.command(
    epilog="""\b
Examples:
  panj lab
  panj lab results/policies
  panj lab results/policies my_policy.toml other.toml
  panj lab results/policies --jobs 1 --port 0 --no-open

docs/lab.md says what is on the page."""
)
@click.argument(
    "store",
    type=options.NEW_PATH,
    default=Path("results/lab"),
    metavar="[STORE]",
    shell_complete=complete.stores,
)
@click.argument("scenarios", metavar="[SCENARIO]...", nargs=-1, shell_complete=complete.scenarios)
@options.jobs
@options.allow_code
@local_page.port(8718)
@local_page.no_open
def lab(
    store: Path, scenarios: tuple[str, ...], jobs: int | None, port: int, no_open: bool
) -> None:
    """Start, watch, stop and read batches of STORE in the browser.

    STORE is the folder that 'panj batch -o' fills and 'panj compare' reads; it need not exist yet
    [default: results/lab]. On the page shipped scenarios are picked, and each SCENARIO, a TOML
    file. Only browsers on this machine can connect. Ctrl-C ends the page and stops its batch;
    every finished run is kept.
    """
    local_page.check_extra("the lab")
    from sim.lab.choices import offered
    from sim.lab.desk import Desk, Terms
    from sim.lab.pace import Pace
    from sim.lab.server import app
    from sim.rules import own
    from sim.scenario.catalogue import SUFFIX

    if store.suffix == SUFFIX:
        raise click.UsageError(
            f"{store} names a scenario, and the store comes first: panj lab results/lab {store}"
        )
    if store.exists() and not store.is_dir():
        raise click.UsageError(f"{store} is a file; a store is a folder.")
    pace = Pace()
    # what is wrong with a scenario is said here, not in the browser
    desk = Desk(Terms(store, jobs, own.permitted()), offered(scenarios), pace)
    pace.begin()
    with _ended_in_order():
        try:
            local_page.show(partial(app, desk), "The lab is", port, no_open=no_open)
        finally:
            stopped = desk.close()
            if stopped:
                click.echo(stopped.text, err=True)


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the page as Ctrl-C does, so that its batch is stopped too."""

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
