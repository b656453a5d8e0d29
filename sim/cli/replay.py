"""``panj replay``: one run, or two with the same seed, as one HTML file."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli import completion, options
from sim.cli.output_files import PAGE, check_output, write_page


@click.command(
    epilog="""\b
Examples:
  panj replay baseline -o year.html
  panj replay baseline --against triggered --days 90 -o quarter.html
  panj replay my_scenario.toml --seed 7 --set teams.reserve=3 -o run.html"""
)
@click.argument("scenario", shell_complete=completion.scenarios)
@options.against("Show this scenario beside it, with the same seed.")
@options.seed
@options.days
@options.settings
@options.allow_code
@options.output("FILE.html", "Write the page to this new file.", "output")
@options.force("a file")
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

    --set, --ground and --days change both scenarios.
    """

    check_output(output, PAGE, force=force)
    from sim.scenario.load import load
    from sim.viewer.replay import replay as replay_page

    overrides = [*settings, *([] if days is None else [f"days={days!r}"])]
    specs = [load(name, overrides) for name in (scenario, against) if name is not None]
    write_page(output, replay_page(specs, seed))
