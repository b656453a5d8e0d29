"""``panj discover``: what would have to be true for a policy to lose."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from sim.cli import completion, options
from sim.cli.output_files import write_picture


@click.command(
    epilog="""\b
Examples:
  panj discover results/policies --policy triggered
  panj discover results/policies --policy joint_control --outcome guards_killed
  panj discover results/policies --policy triggered --worse-by 0.5 --plot box.png
  panj discover results/policies --policy triggered --json

docs/explore.md says how it is done and how to read it."""
)
@options.store
@options.value(
    "--policy",
    "NAME",
    "Ask where this scenario loses.",
    required=True,
    shell_complete=completion.scenarios,
)
@options.baseline
@options.outcome("Lose in this outcome.")
@options.number(
    "--worse-by",
    default=0.0,
    metavar="X",
    help="Lose by more than X, in the outcome's unit; below zero: gain less than that.",
)
@options.confidence
@options.plot
@options.as_json
@click.pass_obj
def discover(
    command: str | None,
    /,
    folder: Path,
    policy: str,
    plot: Path | None,
    as_json: bool,
    **wishes: Any,
) -> None:
    """Find the parameter values for which a policy does worse.

    STORE is a store whose runs have draws of uncertain parameters. Boxes of one or two limits are
    looked for in which the policy does worse than the baseline; those that luck alone would give
    are left out, so there may be none. What is found stays with the store.
    """
    from sim.comparison.source import open_source, terms_of
    from sim.explore.discover.study import discover as ask
    from sim.explore.discover.words import sentences, sheets

    source = open_source(folder)
    asked = command or f"panj discover {shlex.quote(str(folder))} --policy {policy}"
    found = ask(source, policy, command=asked, **wishes)
    terms = terms_of({name: source.specs[name] for name in (policy, found.baseline)})
    if as_json:
        click.echo(found.model_dump_json())
    else:
        from sim.cli.tables import result_lines

        exactly = terms.exactly([policy, found.baseline])
        click.echo("\n".join(result_lines(sentences(found, exactly), sheets(found))))
    if plot is not None:
        from sim.report.discover import draw_discovery

        write_picture(draw_discovery(found, terms), plot, to_stderr=as_json)
