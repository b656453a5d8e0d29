"""``panj view``: watch one scenario or two in the browser, live."""

from __future__ import annotations

import click

from sim.cli import completion, options, page_server


@click.command(
    epilog="""\b
Examples:
  panj view baseline
  panj view baseline --against triggered --seed 7
  panj view my_scenario.toml --set patrols.sorties_per_day=4
  panj view baseline --port 0 --no-open

See docs/viewer.md for what the page shows and what the levers do."""
)
@click.argument("scenario", shell_complete=completion.scenarios)
@options.against("Show this scenario beside it, with the same seed.")
@options.seed
@options.settings
@options.allow_code
@page_server.page_options(8717)
def view(
    scenario: str,
    against: str | None,
    seed: int,
    settings: tuple[str, ...],
    page: page_server.PageOptions,
) -> None:
    """Watch SCENARIO in the browser.

    SCENARIO is the name of a shipped scenario ('panj scenario list') or a TOML file. --set and
    --ground change both scenarios. Press Ctrl-C to stop.
    """
    page_server.check_extra("the live view")
    from sim.runs.background import Background
    from sim.scenario.load import load
    from sim.viewer.server import app
    from sim.viewer.session import InitialView

    for name in filter(None, (scenario, against)):
        load(name, settings)  # report a mistake here, not in the browser
    first = InitialView(scenario, against, seed, settings)
    with page_server.ended_by_signals(), Background() as background:
        page_server.serve_page(app(first, background), "Watch", page)
