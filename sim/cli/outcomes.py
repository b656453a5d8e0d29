"""``panj outcomes``: what the outcomes are, without running anything."""

import textwrap

import click

from sim.cli import options


@click.command(
    epilog="""\b
Examples:
  panj outcomes
  panj outcomes interdiction_share
  panj outcomes --json"""
)
@click.argument("name", required=False)
@options.as_json
def outcomes(name: str | None, as_json: bool) -> None:
    """Tell what outcomes are, or one by NAME.

    docs/outcomes.md is the same as a page.
    """
    from sim.cli.scenario_tables import WIDTH, print_json, print_table
    from sim.measures.registry import OUTCOMES

    if name is None:
        if as_json:
            print_json([outcome.said for outcome in OUTCOMES.values()])
            return
        head = ("name", "group", "unit", "better", "meaning")
        found = OUTCOMES.values()
        print_table(head, [(o.name, o.group, o.unit, o.better, o.label) for o in found])
        return
    outcome = OUTCOMES[name]
    if as_json:
        print_json(outcome.said)
        return
    click.echo(click.style(f"{name}: {outcome.label}", bold=True))
    told = {
        "unit": outcome.unit,
        "group": outcome.group,
        "better": outcome.better,
        "formula": outcome.formula,
        "shown": "unasked, in verdicts and tables" if outcome.headline is not None else "if asked",
        "over a run": "adds up" if outcome.adds_up else "is a level",
        "districts": "add up to it, in the district table" if outcome.district else "not told",
    }
    for what, words in told.items():
        first = f"  {what:<10}  "
        for line in textwrap.wrap(words, WIDTH, initial_indent=first, subsequent_indent=" " * 14):
            click.echo(line)
