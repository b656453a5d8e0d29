"""``panj sensitivity``: which parameters change an outcome, or a difference between policies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli import options
from sim.cli.output_files import write_picture
from sim.cli.progress import batch_progress, resumable

METHODS = ("morris", "sobol")


@click.command(
    epilog="""\b
Examples:
  panj sensitivity baseline -o results/screening
  panj sensitivity baseline triggered -o results/screening --outcomes victims,cost_usd
  panj sensitivity baseline --over patrols.sorties_per_day=1:6 -o results/sorties
  panj sensitivity baseline --over free --over patrols.size=2:6 --seeds 8 -o results/both
  panj sensitivity baseline --method sobol --over tips.p_tip=0.02:1 -o results/tips
  panj sensitivity baseline --posterior shipped -o results/after --plot after.png

See docs/explore.md for the method and how to read the result."""
)
@options.scenario_arguments("scenarios", "SCENARIO [OTHER]")
@options.value(
    "--over",
    "KEY=LOW:HIGH|free",
    "Vary this lever between two bounds, or the free parameters; can be given more than once  "
    "[default: free].",
    multiple=True,
)
@options.choice(
    "--method",
    METHODS,
    "Elementary effects (Morris), or shares of variance (Sobol).",
)
@options.value(
    "-n",
    "N",
    "Trajectories (Morris), or base points, a power of two (Sobol)  [default: 20, 256].",
    type=int,
)
@options.integer(
    "--seeds",
    least=1,
    default=4,
    metavar="S",
    help="Number of seeds, the same at every point; more seeds tell influence from chance better.",
)
@options.outcomes("Study these outcomes  [default: victims].")
@options.output("STORE", "Folder of the runs; existing runs are kept.")
@options.workers_anywhere
@options.settings
@options.allow_code
@options.root_seed(
    "Seed from which the design and the seeds of its runs are derived.",
    most=options.LARGEST_SEED - 1,
)
@options.value(
    "--posterior",
    "FOLDER|FILE.csv|prior",
    "Vary each free parameter, independently, over the draws of this  [default: the prior].",
)
@options.year
@options.confidence
@options.plot
@options.as_json
@click.pass_obj
def sensitivity(
    command: str,
    /,
    scenarios: tuple[str, ...],
    over: tuple[str, ...],
    outcomes: list[str] | None,
    folder: Path,
    workers: options.Workers,
    settings: tuple[str, ...],
    seed: int,
    posterior: str | None,
    year: str | None,
    plot: Path | None,
    as_json: bool,
    **design: Any,
) -> None:
    """Show which parameters and levers change an outcome of SCENARIO.

    With OTHER the command shows which of them change the difference between OTHER and SCENARIO:
    what the verdict between two policies depends on.

    The runs are an ordinary batch in STORE: existing runs are not repeated, and more --seeds or
    another scenario add to them. Every point of the design has the same seeds, so that the command
    can separate influence from chance.
    """
    from sim.cli.tables import print_result, result_lines
    from sim.comparison.source import terms_of
    from sim.explore.sensitivity.study import sensitivity as study
    from sim.explore.sensitivity.words import sentences, text_tables
    from sim.runs.posterior import choose_draws
    from sim.scenario.load import load

    specs = [load(name, settings) for name in scenarios]
    draws = choose_draws(None if posterior == "prior" else posterior, 10**9, year)
    with resumable(folder, command), batch_progress() as progress:
        result = study(
            specs, over or "free", folder=folder, **workers._asdict(), **design,
            outcomes=outcomes or ["victims"], root=seed, posterior=draws, command=command,
            progress=progress,
        )  # fmt: skip
    terms = terms_of({spec.name: spec for spec in specs}).exactly(spec.name for spec in specs)
    title = "What the outcome depends on"
    lines = result_lines(sentences(result, terms), text_tables(result, terms), title)
    print_result(result, lines, as_json)
    if plot is not None:
        from sim.report.sensitivity import draw_sensitivity

        write_picture(draw_sensitivity(result, terms), plot, to_stderr=as_json)
