"""``panj optimise``: which mix of levers does least harm for a budget."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli import options
from sim.cli.output_files import write_picture
from sim.cli.progress import batch_progress, resumable

if TYPE_CHECKING:
    from sim.cli.draws import DrawOptions


@click.command(
    epilog="""\b
Examples:
  panj optimise -o results/optimum
  panj optimise my_budget.toml -o results/mine --plot mix.png
  panj optimise -o results/workers --harm workers_chinese_killed -n 1000
  panj optimise -o results/quick --mixes 16 --training 4 -n 20 --unit-years 10
  panj run results/optimum/best.toml
  panj report results/optimum/held_out

A budget names levers, their bounds and the money: copy seeds/budget.toml. docs/explore.md says how
the mix is sought and how to read it."""
)
@click.argument("budget", metavar="[BUDGET.toml]", type=options.PATH, required=False)
@options.output(
    "FOLDER", "Folder for best.toml, plan.csv and the runs; what it holds is not run again."
)
@options.integer(
    "-n",
    "--replicates",
    "years",
    least=2,
    default=300,
    help="Held-out years on which the mix is compared with other ways to spend the money.",
)
@options.integer("--mixes", least=2, default=32, help="Mixes to try.")
@options.integer(
    "--training",
    least=2,
    default=12,
    help="Training years of each of them; the best are run on four times as many.",
)
@options.integer(
    "--unit-years",
    least=2,
    default=40,
    help="Held-out years on which one unit more of each lever is tried.",
)
@options.workers
@options.settings
@options.allow_code
@options.outcome("Seek the least of this outcome, or the most where more is better.", "--harm")
@options.root_seed(
    "Seed of the search and of its years; the same seed gives the same mix.",
    most=options.LARGEST_SEED // 2 - 1,
)
@options.draw_options("Draws for training, and as many others for the held-out years")
@options.confidence
@options.plot
@options.as_json
@click.pass_obj
def optimise(
    command: str,
    /,
    budget: Path | None,
    folder: Path,
    years: int,
    mixes: int,
    training: int,
    unit_years: int,
    workers: options.Workers,
    settings: tuple[str, ...],
    draw_options: DrawOptions,
    plot: Path | None,
    as_json: bool,
    **wishes: Any,
) -> None:
    """Find the mix of levers that does least harm for a budget.

    Mixes that cost no more than the budget are tried on training years, each chosen by what the
    others did. The best is then set beside other ways to spend the same money, on years of other
    seeds and draws, and it is told what one unit more of each lever would save.

    FOLDER gets the mix as a scenario (best.toml), its patrols as chances by district and hour
    (plan.csv), and the runs. The same command goes on after an interruption.
    """
    from sim.cli.tables import result_lines
    from sim.comparison.source import terms_of
    from sim.explore.optimise import words
    from sim.explore.optimise.budget import read_budget, shipped
    from sim.explore.optimise.study import Effort, optimise
    from sim.runs.posterior import DEFAULT_DRAWS
    from sim.scenario.load import load

    asked = read_budget(budget or shipped())
    base = load(asked.scenario, settings)
    twice = (
        draw_options.draws
        if draw_options.posterior == "none"
        else 2 * (draw_options.draws or DEFAULT_DRAWS)
    )
    dealt = draw_options._replace(draws=twice).resolve([base])
    with resumable(folder, command), batch_progress() as progress:
        found = optimise(
            asked, folder, Effort(mixes, training, years, unit_years), *workers,
            posterior=dealt, draws=draw_options.draws, overrides=settings, asked=command,
            progress=progress, **wishes,
        )  # fmt: skip
    terms = terms_of({base.name: base})
    if plot is not None:
        from sim.report.optimise import draw_optimum

        write_picture(draw_optimum(found, terms), plot, to_stderr=as_json)
    if as_json:
        click.echo(found.model_dump_json())
        return
    said = result_lines(words.sentences(found, terms), words.sheets(found, terms), "Best mix")
    click.echo("\n".join(said))
    click.echo(f"\nRun it:  panj run {folder / 'best.toml'}")
    click.echo(f"Compare:  panj compare {folder / 'held_out'} --baseline {base.name}")
