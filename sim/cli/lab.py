"""``panj lab``: start, stop and read batches in the browser, on a store of ``panj batch``."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli import completion, options, page_server


@click.command(
    epilog="""\b
Examples:
  panj lab
  panj lab results/policies
  panj lab results/policies my_policy.toml other.toml
  panj lab results/policies --jobs 1 --port 0 --no-open

See docs/lab.md for what is on the page."""
)
@click.argument(
    "store",
    type=options.NEW_PATH,
    default=Path("results/lab"),
    metavar="[STORE]",
    shell_complete=completion.stores,
)
@click.argument("scenarios", metavar="[SCENARIO]...", nargs=-1, shell_complete=completion.scenarios)
@options.jobs
@options.allow_code
@options.allow_mixed
@page_server.page_options(8718)
def lab(
    store: Path,
    scenarios: tuple[str, ...],
    jobs: int | None,
    allow_mixed: bool,
    page: page_server.PageOptions,
) -> None:
    """Start, watch, stop and read batches of STORE in the browser.

    STORE is a folder for 'panj batch' and 'panj compare'; it need not exist yet  [default:
    results/lab]. The page offers the shipped scenarios, and each SCENARIO, a TOML file. Press
    Ctrl-C to stop the lab and its batch; finished runs are kept.
    """
    page_server.check_extra("the lab")
    from sim.lab.choices import load_choices
    from sim.lab.controller import Controller, LabOptions
    from sim.lab.run_speed import RunSpeed
    from sim.lab.server import app
    from sim.rules import user_rules
    from sim.scenario.catalogue import SUFFIX

    if store.suffix == SUFFIX:
        raise click.UsageError(
            f"{store} is a scenario, but the store comes first: panj lab results/lab {store}"
        )
    if store.exists() and not store.is_dir():
        raise click.UsageError(f"{store} is a file; a store is a folder.")
    speed = RunSpeed()
    # report a mistake in a scenario here, not in the browser
    controller = Controller(
        LabOptions(store, jobs, user_rules.code_allowed(), allow_mixed),
        load_choices(scenarios),
        speed,
    )
    speed.start()
    with page_server.ended_by_signals():
        try:
            page_server.serve_page(app(controller), "The lab is", page)
        finally:
            stopped = controller.close()
            if stopped and stopped.text:
                click.echo(stopped.text, err=True)
