"""``panj calibrate``: from reported incidents to what the uncertain parameters may be."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from sim.cli import options
from sim.cli.progress import resumable, run_bar

if TYPE_CHECKING:
    from sim.calibrate.problem import CalibrationProblem
    from sim.cli.calibration_text import Found
    from sim.runs.workers import Workers
    from sim.scenario.spec import Scenario

DRAWS: Final = 1000
"""Draws in which a posterior is handed on."""

REPLICAS: Final = 400
"""Years simulated at draws of the posterior, to be held against the targets."""


@click.command(
    epilog="""\b
Examples:
  panj calibrate -o results/fit
  panj calibrate -o results/fit --bank 20000 --population 800
  panj calibrate -o results/fit --budget 5000
  panj calibrate -o results/mine --seeds my_seeds --bank-of results/fit
  panj calibrate -o results/fit --set patrols.p_sight=0.3
  panj calibrate -o results/fit --plot
  panj calibrate --tune -o results/point.toml
  panj batch baseline triggered -n 400 --posterior results/fit -o results/policies

docs/calibration.md says what is fitted, what is held back, and how well it fits."""
)
@click.argument("scenario", default="baseline")
@click.option(
    "-o",
    "--output",
    "folder",
    type=options.NEW_PATH,
    required=True,
    metavar="FOLDER",
    help="Folder of the calibration; one that is there goes on.",
)
@click.option(
    "--bank",
    type=click.IntRange(2),
    default=2000,
    show_default=True,
    metavar="N",
    help="Years at draws of the prior that the store in FOLDER shall hold.",
)
@click.option(
    "--population",
    type=click.IntRange(2),
    metavar="N",
    help="How many of them, the nearest to the targets, the posterior is made of  "
    "[default: a tenth of the bank, at least 200].",
)
@click.option(
    "--budget",
    type=click.IntRange(1),
    metavar="N",
    help="Begin at most so many simulations now; the same command goes on later.",
)
@click.option(
    "--seeds",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder with targets.toml, priors.toml, incidents.csv or aggregates.csv of your own.",
)
@click.option(
    "--bank-of",
    "borrow",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Use the bank of another calibration with the same priors; targets may differ.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, options.LARGEST_SEED),
    default=0,
    show_default=True,
    metavar="N",
    help="Seed of the calibration.",
)
@options.settings
@options.jobs
@options.cluster
@click.option("--allow-mixed", is_flag=True, help="Go on with other code than it began with.")
@click.option(
    "--tune", is_flag=True, help="Find one best point instead, and write it as a scenario FOLDER."
)
@click.option("--plot", is_flag=True, help="Write pictures of what was learnt into FOLDER.")
@options.as_json
@click.pass_obj
def calibrate(
    command: str,
    scenario: str,
    folder: Path,
    bank: int,
    population: int | None,
    budget: int | None,
    seeds: Path | None,
    borrow: Path | None,
    seed: int,
    settings: tuple[str, ...],
    jobs: int | None,
    cluster: str | None,
    allow_mixed: bool,
    tune: bool,
    plot: bool,
    as_json: bool,
) -> int:
    """Fit the uncertain parameters of SCENARIO to what was reported.

    Years of the model are simulated with parameters drawn from their priors, and those are kept
    whose reported incidents come near to the seeds' (approximate Bayesian computation, with
    regression). The result is a posterior that 'panj batch --posterior FOLDER' draws from.

    The years are an ordinary batch: FOLDER is its store, and what it holds is not simulated
    again. One command begins, goes on after an interruption, and makes the bank larger. The same
    seed gives the same posterior on any number of processes.

    A free parameter that --set names is held at that value and is free no more; so is a factor,
    such as hot_district.
    """
    from sim.calibrate.bank import bank_rows, borrowed, dealt, fill, replicas
    from sim.calibrate.diagnostics import checks
    from sim.calibrate.fit import fit
    from sim.calibrate.fixing import load_holding
    from sim.calibrate.priors import read_priors
    from sim.calibrate.record import write_record
    from sim.calibrate.standard import standard_problem
    from sim.cli.calibration_text import Found, as_data, as_text
    from sim.runs.batch import hired
    from sim.scenario.load import load

    priors = read_priors(seeds)
    held = load_holding(scenario, settings, priors)
    problem = standard_problem(held.scenario, seeds, held.free, held.fixed)
    if tune:
        with resumable(folder, command):
            plain = load(scenario, ground=held.scenario.ground)
            _tune(problem, plain, folder, seed, hired(cluster, jobs), as_json)
        return 0
    with resumable(folder, command), hired(cluster, jobs) as workers, run_bar() as progress:
        if borrow is None:
            store = fill(
                problem, folder, bank, workers, seed=seed, budget=budget, command=command,
                allow_mixed=allow_mixed, progress=progress,
            ).store  # fmt: skip
        else:
            store = borrowed(problem, borrow, allow_mixed=allow_mixed)
        years = bank_rows(problem, store)
        if borrow is None and len(years) < bank:
            click.echo(f"The budget is used up within the bank. Go on with:\n  {command}")
            return 0
        size = population or max(200, len(years) // 10)
        adjusted = fit(years, problem.aims, problem.priors, min(size, len(years)))
        fresh = replicas(problem, adjusted.posterior, REPLICAS, workers, seed, progress)
    told = tuple(checks(fresh, problem.aims))
    found = Found(str(folder), len(years), adjusted, told, held.fixed, held.settings(priors))
    below = folder / "posterior"
    dealt(adjusted.posterior, problem, command, DRAWS).write(below)
    write_record(below, adjusted.posterior, problem.priors, found.checks, held.fixed)
    if plot:
        _plot(found, problem, folder)
    click.echo(
        json.dumps(as_data(found), allow_nan=False) if as_json else "\n".join(as_text(found))
    )
    return 0


def _tune(
    problem: CalibrationProblem,
    spec: Scenario,
    path: Path,
    seed: int,
    hiring: AbstractContextManager[Workers],
    as_json: bool,
) -> None:
    """Write the best point as a scenario file that extends the one it was tuned for."""
    from sim.calibrate.bank import means_at
    from sim.calibrate.tune import Search, tune
    from sim.cli.calibration_text import tuned_text
    from sim.cli.progress import counted

    if path.exists() or path.suffix != ".toml":
        raise click.UsageError(f"--tune writes a new scenario file: -o {path} is none.")
    search = Search(seed=seed)
    with hiring as workers, counted("rounds") as tell:
        tuned = tune(
            problem,
            lambda points: means_at(problem, points, search.replicates, workers, seed),
            search,
            progress=lambda done, best: tell(done, search.rounds, f"distance {best:.3g}"),
        )
    _write_scenario(path, spec, tuned.parameters, problem)
    if as_json:
        click.echo(json.dumps(tuned._asdict(), allow_nan=False))
    else:
        simulate: Any = problem.simulate
        click.echo("\n".join(tuned_text(tuned, str(path), simulate.fixed)))


def _write_scenario(
    path: Path, spec: Scenario, point: dict[str, float], problem: CalibrationProblem
) -> None:
    from sim.errors import written_to
    from sim.runs.files import put
    from sim.scenario.vary import diff

    simulate: Any = problem.simulate
    world: Scenario = simulate.world(point)
    lines = [
        f"# One point tuned to the reported incidents, from {spec.name}.",
        f'extends = "{spec.name}.toml"',
        f'name = "{path.stem}"',
        *(f"{found.key} = {json.dumps(found.b)}" for found in diff(spec, world)),
    ]
    with written_to(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path.parent, path.name, ("\n".join(lines) + "\n").encode())


def _plot(found: Found, problem: CalibrationProblem, folder: Path) -> None:
    from sim.report.corner import corner_page
    from sim.report.predictive import predictive_page
    from sim.report.style import save

    posterior = found.adjusted.posterior
    save(corner_page(posterior, problem.priors), folder / "posterior.svg")
    save(predictive_page(found.checks), folder / "predictive.svg")
