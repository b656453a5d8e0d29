"""``panj sensitivity``: what an outcome, or the difference between two policies, hangs on."""

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

docs/explore.md says how it is done and how to read it."""
)
@options.scenario_arguments("scenarios", "SCENARIO [OTHER]")
@options.value(
    "--over",
    "KEY=LOW:HIGH|free",
    "Move this lever between two bounds, or the free parameters; may be repeated  [default: free].",
    multiple=True,
)
@options.choice(
    "--method",
    METHODS,
    "Screening by elementary effects, or shares of variance.",
)
@options.value(
    "-n",
    "N",
    "Trajectories of Morris, or base points of Sobol (a power of two)  [default: 20, 256].",
    type=int,
)
@options.integer(
    "--seeds",
    least=1,
    default=4,
    metavar="S",
    help="Seeds of every point, the same at all of them; more tell luck from influence.",
)
@options.outcomes("Look at these outcomes  [default: victims].")
@options.output("STORE", "Folder of the runs; it may hold some of this design already.")
@options.workers_anywhere
@options.settings
@options.allow_code
@options.root_seed(
    "Seed from which the design and the seeds of its runs come.", most=options.LARGEST_SEED - 1
)
@options.value(
    "--posterior",
    "FOLDER|FILE.csv|prior",
    "Let free parameters range over the draws of this, each by itself  [default: the prior].",
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

    With OTHER, which of them move the difference that OTHER makes to SCENARIO: what the verdict
    between two policies hangs on.

    The runs are those of an ordinary batch in STORE: what is there is not run again, and more
    --seeds or another scenario add to it. Every point of the design meets the same seeds, so that
    luck is told from influence.
    """
    from sim.cli.tables import result_lines
    from sim.comparison.source import terms_of
    from sim.explore.sensitivity.study import sensitivity as ask
    from sim.explore.sensitivity.words import sentences, sheets
    from sim.runs.posterior import choose_draws
    from sim.scenario.load import load

    specs = [load(name, settings) for name in scenarios]
    believed = choose_draws(None if posterior == "prior" else posterior, 10**9, year)
    with resumable(folder, command), batch_progress() as progress:
        found = ask(
            specs, over or "free", folder=folder, **workers._asdict(), **design,
            outcomes=outcomes or ["victims"], root=seed, posterior=believed, command=command,
            progress=progress,
        )  # fmt: skip
    terms = terms_of({spec.name: spec for spec in specs}).exactly(spec.name for spec in specs)
    if as_json:
        click.echo(found.model_dump_json())
    else:
        said = result_lines(sentences(found, terms), sheets(found, terms), "What it hangs on")
        click.echo("\n".join(said))
    if plot is not None:
        from sim.report.sensitivity import draw_sensitivity

        write_picture(draw_sensitivity(found, terms), plot, to_stderr=as_json)
