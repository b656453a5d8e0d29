"""``panj outcomes``: list and describe the outcomes of a run."""

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

    docs/outcomes.md has the same on one page.
    """
    from sim.measures.registry import OUTCOMES, known

    if name is None:
        every = known().values()
        if as_json:
            print_json([outcome.as_data for outcome in every])
            return
        head = ("name", "group", "unit", "better", "meaning")
        print_table(head, [(o.name, o.group, o.unit, o.better, o.label) for o in every])
        return
    outcome = known().get(name) or OUTCOMES[name]
    if as_json:
        print_json(outcome.as_data)
        return
    rows = {
        "unit": outcome.unit,
        "group": outcome.group,
        "better": outcome.better,
        "formula": outcome.formula,
        "shown": "on request" if outcome.headline is None else "by default, in verdicts and tables",
        "over a run": "adds up" if outcome.adds_up else "is a level",
        "districts": "add up to it, in the district table" if outcome.district else "not recorded",
    }
    click.echo(click.style(f"{name}: {outcome.label}", bold=True))
    for label, words in rows.items():
        lines = textwrap.wrap(words, WIDTH - 14) or [""]
        click.echo(f"  {label:<10}  " + ("\n" + " " * 14).join(lines))
