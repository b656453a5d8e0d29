"""``panj replay``: a run, or two on the same seed, as one HTML file."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli import complete, options


@click.command(
    epilog="""\b
Examples:
  panj replay baseline -o year.html
  panj replay baseline --against triggered --days 90 -o quarter.html
  panj replay my_scenario.toml --seed 7 --set teams.reserve=3 -o run.html"""
)
@click.argument("scenario", shell_complete=complete.scenarios)
@click.option(
    "--against",
    metavar="OTHER",
    shell_complete=complete.scenarios,
    help="Put this scenario beside it, on the same seed.",
)
@options.seed
@options.days
@options.settings
@options.allow_code
@click.option(
    "-o",
    "--output",
    type=options.NEW_PATH,
    required=True,
    metavar="FILE.html",
    help="Write the page to this new file.",
)
@click.option("--force", is_flag=True, help="Replace a file that is already there.")
def replay(
    scenario: str,
    against: str | None,
    seed: int,
    days: float | None,
    settings: tuple[str, ...],
    output: Path,
    force: bool,
) -> None:
    """Write a run of SCENARIO as one HTML file that plays offline.

    --set and --days change both scenarios.
    """
    from sim.cli.new_file import check_page, write_page

    check_page(output, force=force)
    from sim.scenario.load import load
    from sim.viewer.replay import replay as page_of

    changes = [*settings, *([] if days is None else [f"days={days!r}"])]
    specs = [load(name, changes) for name in (scenario, against) if name is not None]
    write_page(output, page_of(specs, seed))
