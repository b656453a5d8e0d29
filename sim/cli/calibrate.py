"""``panj calibrate``: from reported incidents to what the uncertain parameters may be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli import completion, options
from sim.cli.progress import batch_progress, resumable
from sim.cli.tables import print_json

if TYPE_CHECKING:
    from sim.calibrate.simulator import Simulator
    from sim.cli.calibration_text import Found


@click.command(
    epilog="""\b
Examples:
  panj calibrate -o results/fit
  panj calibrate -o results/fit --bank 12000
  panj calibrate -o results/fit --budget 5000
  panj calibrate -o results/mine --seeds my_seeds --bank-of results/fit
  panj calibrate -o results/fit --set patrols.p_sight=0.3
  panj calibrate -o results/fit --plot
  panj calibrate -o results/fit --tune results/point.toml
  panj batch baseline triggered -n 400 --posterior results/fit -o results/policies

docs/calibration.md says what is fitted, how, and how well it predicts."""
)
@click.argument("scenario", default="baseline", shell_complete=completion.scenarios)
@options.output("FOLDER", "Folder of the calibration; one that is there goes on.")
@options.integer(
    "--bank",
    least=2,
    default=2000,
    help="Years at draws of the prior that the store in FOLDER shall hold.",
)
@options.integer(
    "--budget",
    least=1,
    help="Begin at most so many simulations now; the same command goes on later.",
)
@options.seeds(
    "Folder with targets.toml, priors.toml, incidents.csv or aggregates.csv of your own."
)
@options.value(
    "--bank-of",
    "FOLDER",
    "Use the bank of another calibration with the same priors; targets may differ.",
    "borrow",
    type=options.PATH,
)
@options.root_seed("Seed of the calibration.")
@options.settings
@options.jobs
@options.cluster
@options.flag("--allow-mixed", "Go on with other code than it began with.")
@options.value(
    "--tune", "FILE", "Write the most likely point too, as a scenario FILE.", type=options.NEW_PATH
)
@options.flag(
    "--emulator-only", "Fit the emulator of sim.tune to the years that are there; no more."
)
@options.flag("--plot", "Write pictures of what was learnt into FOLDER.")
@options.as_json
@click.pass_obj
def calibrate(
    command: str,
    scenario: str,
    folder: Path,
    bank: int,
    budget: int | None,
    seeds: Path | None,
    borrow: Path | None,
    seed: int,
    settings: tuple[str, ...],
    jobs: int | None,
    cluster: str | None,
    allow_mixed: bool,
    tune: Path | None,
    emulator_only: bool,
    plot: bool,
    as_json: bool,
) -> int:
    """Learn uncertain parameters of SCENARIO from all reported years.

    Years of the model are simulated with parameters drawn from their priors. Regressions on them
    stand for the model: they say how likely each published figure and each event is, given those
    before it. A sampler draws parameters and years that agree with all of it, and fresh years of
    the model show whether they do. The result is a posterior for 'panj batch --posterior FOLDER'.

    The years are an ordinary batch: FOLDER is its store, and what it holds is not simulated
    again. One command begins, goes on after an interruption, and makes the bank larger. The same
    seed gives the same posterior on any number of processes.

    A free parameter that --set names is held at that value and is free no more; so is a factor,
    such as hot_district.
    """
    from sim.calibrate.bank import fill, open_bank_of
    from sim.calibrate.evidence import read_evidence
    from sim.calibrate.inference import mode
    from sim.calibrate.pipeline import calibrate as calibrated
    from sim.calibrate.priors import read_priors
    from sim.calibrate.regressions import FEWEST
    from sim.calibrate.simulator import load_with_fixed, simulator
    from sim.calibrate.surrogate import FILE, fit_surrogate
    from sim.cli.calibration_text import Found, as_data, as_text
    from sim.runs.scenario_file import write_scenario
    from sim.runs.store import Store
    from sim.runs.workers import start_workers

    priors = read_priors(seeds)
    held = load_with_fixed(scenario, settings, priors)
    model = simulator(held.scenario, seeds, held.free, held.fixed)
    if tune is not None and (tune.exists() or tune.suffix != ".toml"):
        raise click.UsageError(f"--tune writes a new scenario file: {tune} is none.")
    evidence = read_evidence(seeds, held.scenario.ground)
    below = folder / "posterior"
    if emulator_only:
        there = Store.open(folder) if borrow is None else open_bank_of(model, borrow)
        fitted = fit_surrogate(model, evidence, there, source=command)
        fitted.write(below)
        click.echo(
            f"{below / FILE}: {len(fitted.figures)} figures of {fitted.years:,} years; 90 % "
            f"intervals hold {fitted.coverage:.0%} of years unseen."
        )
        return 0
    with (
        resumable(folder, command),
        start_workers(cluster, jobs) as workers,
        batch_progress() as progress,
    ):
        if borrow is None:
            filled = fill(
                model, folder, bank, workers, seed=seed, budget=budget, command=command,
                allow_mixed=allow_mixed, progress=progress,
            )  # fmt: skip
            store = filled.store
            if len(store.finished(held.scenario.name)) < bank:
                click.echo(f"The budget is used up within the bank. Go on with:\n  {command}")
                return 0
        else:
            store = open_bank_of(model, borrow, allow_mixed=allow_mixed)
        years = bank if borrow is None else None
        whole = calibrated(model, evidence, store, workers, seed, years=years, progress=progress)
    found = Found(str(folder), whole, held.fixed, held.settings(priors))
    whole.write(below, model, command, held.fixed)
    if whole.bank >= FEWEST:
        fit_surrogate(model, evidence, store, years, command).write(below)
    if tune is not None:
        point = model.world(mode(whole.learnt, whole.likelihood))
        said = f"The most likely point of a calibration to what was told, from {scenario}."
        write_scenario(tune, point, f"{held.scenario.name}, calibrated", [said])
    if plot:
        _plot(found, model, folder)
    if as_json:
        print_json(as_data(found))
    else:
        click.echo("\n".join(as_text(found)))
    return 0


def _plot(found: Found, model: Simulator, folder: Path) -> None:
    from sim.report.corner import corner_page
    from sim.report.predictive import predictive_page
    from sim.report.style import save

    posterior = found.whole.posterior
    save(corner_page(posterior, model.parameters), folder / "posterior.svg")
    save(predictive_page(found.whole.checks), folder / "predictive.svg")
