"""``panj outcomes``: what the outcomes are, without running anything."""

import textwrap

import click

from sim.cli import completion, options
from sim.cli.tables import print_json, print_table
from sim.cli.terminal import WIDTH


@click.command(
    epilog="""\b
Examples:
  panj outcomes
  panj outcomes interdiction_share
  panj outcomes --json"""
)
@click.argument("name", required=False, shell_complete=completion.outcomes)
@options.as_json
def outcomes(name: str | None, as_json: bool) -> None:
    """List the outcomes, or describe the outcome NAME.

    docs/outcomes.md is the same as a page.
    """
    from sim.measures.registry import OUTCOMES, known

    everyone = known()
    found = list(everyone.values()) if name is None else [everyone.get(name) or OUTCOMES[name]]
    if as_json:
        said = [outcome.as_data for outcome in found]
        print_json(said if name is None else said[0])
        return
    if name is None:
        head = ("name", "group", "unit", "better", "meaning")
        print_table(head, [(o.name, o.group, o.unit, o.better, o.label) for o in found])
        return
    (outcome,) = found
    told = {
        "unit": outcome.unit,
        "group": outcome.group,
        "better": outcome.better,
        "formula": outcome.formula,
        "shown": "if asked" if outcome.headline is None else "unasked, in verdicts and tables",
        "over a run": "adds up" if outcome.adds_up else "is a level",
        "districts": "add up to it, in the district table" if outcome.district else "not told",
    }
    click.echo(click.style(f"{name}: {outcome.label}", bold=True))
    for what, words in told.items():
        lines = textwrap.wrap(words, WIDTH - 14) or [""]
        click.echo(f"  {what:<10}  " + ("\n" + " " * 14).join(lines))
