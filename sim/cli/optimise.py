"""``panj optimise``: the mix of levers that does least harm for a budget."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli import options
from sim.cli.output_files import write_picture
from sim.cli.progress import batch_progress, resumable
from sim.cli.tables import print_result, result_lines

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

A budget file names levers, their bounds and the money: copy seeds/budget.toml. See docs/explore.md
for the method and how to read the result."""
)
@click.argument("budget", metavar="[BUDGET.toml]", type=options.PATH, required=False)
@options.output("FOLDER", "Folder for best.toml, plan.csv and the runs; existing runs are kept.")
@options.integer(
    "-n",
    "--replicates",
    "years",
    least=2,
    default=300,
    help="Number of held-out years on which the mix is compared with others of the same cost.",
)
@options.integer("--mixes", least=2, default=32, help="Number of mixes to try.")
@options.integer(
    "--training",
    least=2,
    default=12,
    help="Number of training years for each mix; the best mixes get four times as many.",
)
@options.integer(
    "--unit-years",
    least=2,
    default=40,
    help="Number of held-out years on which one unit more of each lever is tried.",
)
@options.workers
@options.settings
@options.allow_code
@options.outcome("Minimise this outcome, or maximise it if more is better.", "--harm")
@options.root_seed(
    "Seed of the search and of its years; the same seed gives the same mix.",
    most=options.LARGEST_SEED // 2 - 1,
)
@options.draw_options("Number of draws for training, and of others for the held-out years")
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
    **query: Any,
) -> None:
    """Find the mix of levers that does least harm for a budget.

    The command tries mixes within the budget on training years, and chooses each by the results of
    the others. It then compares the best mix with other ways to spend the same money, on years with
    other seeds and draws, and shows what one unit more of each lever would save.

    FOLDER receives the mix as a scenario (best.toml), its patrols as probabilities by district and
    hour (plan.csv), and the runs. The same command continues after an interruption.
    """
    from sim.comparison.source import terms_of
    from sim.explore.optimise import words
    from sim.explore.optimise.budget import read_budget, shipped
    from sim.explore.optimise.study import Effort
    from sim.explore.optimise.study import optimise as study
    from sim.runs.posterior import DEFAULT_DRAWS
    from sim.scenario.load import load

    limits = read_budget(budget or shipped())
    base = load(limits.scenario, settings)
    draws = draw_options.draws
    if draw_options.posterior != "none":
        draws = 2 * (draws or DEFAULT_DRAWS)  # one half for training, the other for held-out years
    posterior = draw_options._replace(draws=draws).resolve([base])
    with resumable(folder, command), batch_progress() as progress:
        result = study(
            limits, folder, Effort(mixes, training, years, unit_years), *workers,
            posterior=posterior, draws=draw_options.draws, overrides=settings, asked=command,
            progress=progress, **query,
        )  # fmt: skip
    terms = terms_of({base.name: base})
    if plot is not None:
        from sim.report.optimise import draw_optimum

        write_picture(draw_optimum(result, terms), plot, to_stderr=as_json)
    lines = [
        *result_lines(words.sentences(result, terms), words.text_tables(result, terms), "Best mix"),
        "",
        f"Run it:  panj run {folder / 'best.toml'}",
        f"Compare:  panj compare {folder / 'held_out'} --baseline {base.name}",
    ]
    print_result(result, lines, as_json)
