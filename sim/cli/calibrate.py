"""``panj calibrate``: learn the uncertain parameters from reported incidents and figures."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli import completion, options
from sim.cli.progress import batch_progress, resumable
from sim.cli.tables import print_json


@click.command(
    epilog="""\b
Examples:
  panj calibrate -o results/fit
  panj calibrate -o results/fit --bank 12000
  panj calibrate -o results/mine --seeds my_seeds --bank-of results/fit
  panj calibrate -o results/fit --set patrols.p_sight=0.3
  panj calibrate -o results/fit --tune results/point.toml
  panj batch baseline triggered -n 400 --posterior results/fit -o results/policies

See docs/calibration.md for what is fitted, how, and how well it predicts."""
)
@click.argument("scenario", default="baseline", shell_complete=completion.scenarios)
@options.output("FOLDER", "Folder of the calibration; an existing calibration continues.")
@options.integer(
    "--bank",
    least=2,
    default=2000,
    help="Number of years, at draws of the prior, that the store in FOLDER should hold.",
)
@options.integer(
    "--budget",
    least=1,
    help="Start at most N simulations now; the same command continues later.",
)
@options.seeds("Folder with your own targets.toml, priors.toml, incidents.csv or aggregates.csv.")
@options.value(
    "--bank-of",
    "FOLDER",
    "Use the bank of another calibration with the same priors; the targets may differ.",
    "bank_of",
    type=options.PATH,
)
@options.root_seed("Seed of the calibration.")
@options.settings
@options.jobs
@options.cluster
@options.flag("--allow-mixed", "Continue with other code than the calibration began with.")
@options.value(
    "--tune",
    "FILE",
    "Also write the most likely point, as a new scenario FILE.",
    type=options.NEW_PATH,
)
@options.flag("--emulator-only", "Only fit the emulator of sim.tune to the existing years.")
@options.flag("--plot", "Write pictures of the result into FOLDER.")
@options.as_json
@click.pass_obj
def calibrate(
    command: str,
    scenario: str,
    folder: Path,
    bank: int,
    budget: int | None,
    seeds: Path | None,
    bank_of: Path | None,
    seed: int,
    settings: tuple[str, ...],
    jobs: int | None,
    cluster: str | None,
    allow_mixed: bool,
    tune: Path | None,
    emulator_only: bool,
    plot: bool,
    as_json: bool,
) -> None:
    """Learn uncertain parameters of SCENARIO from all reported years.

    The command simulates years of the model with parameters drawn from their priors. Regressions on
    these years stand for the model: they give the likelihood of each published figure and each
    event, given those before it. A sampler draws parameters and years that agree with all figures
    and events, and new years of the model show whether they do. The result is a posterior for
    'panj batch --posterior FOLDER'.

    The years are an ordinary batch with FOLDER as its store; existing years are not simulated
    again. The same command starts a calibration, continues it after an interruption, and makes
    the bank larger. The same seed gives the same posterior on any number of processes.

    A free parameter, or a factor such as hot_district, that --set names has that value and is no
    longer free.
    """
    from sim.calibrate.bank import fill_bank, open_other_bank
    from sim.calibrate.evidence import read_evidence
    from sim.calibrate.inference import mode
    from sim.calibrate.pipeline import calibrate as run_calibration
    from sim.calibrate.priors import read_priors
    from sim.calibrate.regressions import FEWEST
    from sim.calibrate.simulator import load_with_fixed, simulator
    from sim.calibrate.surrogate import FILE, fit_surrogate
    from sim.cli.calibration_text import CalibrationResult, as_data, as_text
    from sim.runs.scenario_file import write_scenario
    from sim.runs.store import Store
    from sim.runs.workers import start_workers

    priors = read_priors(seeds)
    base = load_with_fixed(scenario, settings, priors)
    model = simulator(base.scenario, seeds, base.free, base.fixed)
    if tune is not None and (tune.exists() or tune.suffix != ".toml"):
        raise click.UsageError(f"--tune needs the name of a new .toml file, and not {tune}.")
    evidence = read_evidence(seeds, base.scenario.ground)
    posterior_folder = folder / "posterior"
    if emulator_only:
        store = Store.open(folder) if bank_of is None else open_other_bank(model, bank_of)
        surrogate = fit_surrogate(model, evidence, store, source=command)
        surrogate.write(posterior_folder)
        click.echo(
            f"{posterior_folder / FILE}: {len(surrogate.figures)} figures of "
            f"{surrogate.years:,} years; 90 % intervals hold {surrogate.coverage:.0%} of new years."
        )
        return
    with (
        resumable(folder, command),
        start_workers(cluster, jobs) as workers,
        batch_progress() as progress,
    ):
        if bank_of is None:
            store = fill_bank(
                model, folder, bank, workers, seed=seed, budget=budget, command=command,
                allow_mixed=allow_mixed, progress=progress,
            ).store  # fmt: skip
            if len(store.finished(base.scenario.name)) < bank:
                click.echo(f"The budget is spent, the bank not full. Continue with:\n  {command}")
                return
        else:
            store = open_other_bank(model, bank_of, allow_mixed=allow_mixed)
        years = bank if bank_of is None else None
        fit = run_calibration(model, evidence, store, workers, seed, years=years, progress=progress)
    fit.write(posterior_folder, model, command, base.fixed)
    if fit.bank_years >= FEWEST:
        fit_surrogate(model, evidence, store, years, command).write(posterior_folder)
    if tune is not None:
        point = model.world(mode(fit.sample, fit.likelihood))
        note = f"The most likely point of a calibration to what was reported, from {scenario}."
        write_scenario(tune, point, f"{base.scenario.name}, calibrated", [note])
    if plot:
        from sim.report.corner import corner_page
        from sim.report.predictive import predictive_page
        from sim.report.style import save

        save(corner_page(fit.posterior, model.parameters), folder / "posterior.svg")
        save(predictive_page(fit.checks), folder / "predictive.svg")
    result = CalibrationResult(str(folder), fit, base.fixed, base.settings(priors))
    if as_json:
        print_json(as_data(result))
    else:
        click.echo("\n".join(as_text(result)))
