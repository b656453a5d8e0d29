"""``panj discover``: the parameter values for which a policy does worse than the baseline."""

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

See docs/explore.md for the method and how to read the result."""
)
@options.store
@options.value(
    "--policy",
    "NAME",
    "Find where this scenario does worse.",
    required=True,
    shell_complete=completion.scenarios,
)
@options.baseline
@options.outcome("Judge by this outcome.")
@options.number(
    "--worse-by",
    default=0.0,
    metavar="X",
    help="Worse by more than X, in the outcome's unit; a negative X: better by less than -X.",
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
    **query: Any,
) -> None:
    """Find the parameter values for which a policy does worse.

    STORE is a store whose runs have draws of uncertain parameters. The command searches for boxes
    with one or two limits in which the policy does worse than the baseline. It leaves out boxes
    that chance alone would give, so there may be none. It keeps the result in the store.
    """
    from sim.cli.tables import print_result, result_lines
    from sim.comparison.source import open_source, terms_of
    from sim.explore.discover.study import discover as study
    from sim.explore.discover.words import sentences, text_tables

    source = open_source(folder)
    command = command or f"panj discover {shlex.quote(str(folder))} --policy {policy}"
    result = study(source, policy, command=command, **query)
    terms = terms_of({name: source.specs[name] for name in (policy, result.baseline)})
    exactly = terms.exactly([policy, result.baseline])
    print_result(result, result_lines(sentences(result, exactly), text_tables(result)), as_json)
    if plot is not None:
        from sim.report.discover import draw_discovery

        write_picture(draw_discovery(result, terms), plot, to_stderr=as_json)
