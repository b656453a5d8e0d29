"""``panj batch``: compute the runs that a store lacks, on all cores or on a cluster."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sim.cli import completion, options
from sim.cli.draws import DrawOptions, draws_as_data
from sim.cli.progress import batch_progress, resumable
from sim.cli.tables import print_json
from sim.registry import did_you_mean

if TYPE_CHECKING:
    from sim.comparison.samples import Floats
    from sim.runs.batch import BatchResult
    from sim.runs.posterior import Posterior
    from sim.runs.store import Store
    from sim.scenario.spec import Scenario

FAILED: Final = 1


@click.command(
    epilog="""\b
Examples:
  panj batch baseline triggered -n 1000 -o results/policies
  panj batch -n 5000 -o results/policies
  panj batch baseline triggered -n 5000 --until victims:0.2 -o results/policies
  panj batch baseline triggered -n 1000 --year 2016 -o results/like_2016
  panj batch baseline triggered -n 1000 --posterior none -o results/point
  panj batch --design levers.csv -n 500 -o results/levers
  panj batch baseline surveillance -n 200 --structure -o results/variants
  panj batch baseline -n 200 --set teams.per_district=2 --incidents -o results/teams
  panj batch baseline triggered -n 1000 --cluster tcp://127.0.0.1:8786 -o results/policies"""
)
@click.argument("scenarios", metavar="[SCENARIO]...", nargs=-1, shell_complete=completion.scenarios)
@options.value(
    "--design",
    "FILE",
    "Also run the scenarios of a CSV table, which has one row per scenario.",
    type=options.PATH,
)
@options.integer(
    "-n",
    "--replicates",
    least=1,
    default=100,
    help="Number of replicates of each scenario that the store should hold.",
)
@options.output(
    "STORE", "Folder of the store; existing runs are kept.", shell_complete=completion.stores
)
@options.workers_anywhere
@options.settings
@options.allow_code
@options.root_seed(
    "Seed from which the seeds of the replicates are derived  [default: 0, or the store's].",
    default=None,
)
@options.draw_options(
    "Number of draws to use: replicate r gets draw r mod K",
    posterior="Draw the uncertain parameters from this posterior of 'panj calibrate', from a table "
    "with one row per draw, or from the prior; 'none' uses the scenarios' own values  [default: "
    "that of the store, or the shipped posterior].",
)
@click.option(
    "--structure",
    is_flag=False,
    flag_value="all",
    metavar="[A,B|FILE.toml]",
    help="Also run every scenario in structural variants of the model: all shipped variants, those "
    "named, or those in a file.",
)
@options.outcome_values(
    "--until",
    "Stop before N when the difference to the baseline is known to plus or minus X; can be given "
    "more than once.",
)
@options.value(
    "--baseline",
    "NAME",
    "Baseline for --until  [default: the first scenario].",
    shell_complete=completion.scenarios,
)
@click.option(
    "--districts/--no-districts", default=None, help="Keep a table of districts  [default: yes]."
)
@click.option(
    "--incidents/--no-incidents", default=None, help="Keep every incident  [default: no]."
)
@options.flag("--retry-failed", "Run again the runs that failed before.")
@options.allow_mixed
@options.as_json
@click.pass_obj
def batch(
    command: str,
    scenarios: tuple[str, ...],
    design: Path | None,
    folder: Path,
    replicates: int,
    workers: options.Workers,
    settings: tuple[str, ...],
    seed: int | None,
    draw_options: DrawOptions,
    structure: str | None,
    until: tuple[str, ...],
    baseline: str | None,
    districts: bool | None,
    incidents: bool | None,
    retry_failed: bool,
    allow_mixed: bool,
    as_json: bool,
) -> int:
    """Run each SCENARIO many times and keep the results in a store.

    A SCENARIO is the name of a shipped scenario or a TOML file; without any, the scenarios of the
    store are run. Runs that the store already holds are not repeated. So the same command starts a
    batch, continues it after an interruption and, with a larger N or more scenarios, extends it.

    Replicate 7 has the same seed and the same draw of the uncertain parameters in every scenario;
    a parameter that a scenario sets itself keeps its value. A draw also sets the conditions in
    which the first year of a run starts: as they may be in the coming year, or as they may have
    been in --year. Each later year keeps a part of the state of the year before it.

    In a --design each column is a parameter (patrols.size). The column "scenario" gives the
    scenario that a row changes (by default the baseline), and "name" the name of the new scenario;
    an empty cell changes nothing.

    In a variant of --structure a mechanism is off, or the year is of a known kind, whatever a draw
    says; 'panj compare STORE --structure' shows whether a verdict depends on it.

    A run that fails becomes a row that gives the reason; the batch continues, and ends with
    status 1.
    """
    from sim.runs.batch import BatchOptions, fill_store
    from sim.runs.catalogue import is_store
    from sim.runs.request import Request, accept_request
    from sim.runs.structure import variants
    from sim.runs.workers import start_workers
    from sim.scenario.design import read_design
    from sim.scenario.load import load

    if settings and not (scenarios or design):
        raise click.UsageError("--set and --ground change a SCENARIO: name which.")
    specs = [load(name, settings) for name in scenarios]
    specs += read_design(design, settings) if design else []
    keep_draws = not any(draw_options) and is_store(folder)
    request = Request(
        specs,
        replicates,
        seed,
        {"districts": districts, "incidents": incidents},
        allow_mixed,
        None if keep_draws else draw_options.resolve(specs),
        () if structure is None else variants(structure),
    )
    admitted = accept_request(folder, request)
    if until:
        _check_draws(admitted.posterior)
    plain = [spec for spec in admitted.scenarios.values() if not admitted.origin(spec)]
    is_enough = _stopping_rule(plain, until, baseline)
    began = time.monotonic()
    with (
        resumable(folder, command),
        start_workers(workers.executor, workers.jobs) as started,
        batch_progress() as progress,
    ):
        watch = BatchOptions(progress, is_enough, command, retry_failed)
        report = fill_store(folder, request, started, watch)
    names = [spec.name for spec in admitted.scenarios.values()]
    failed = _count_failed(report, names)
    show = _print_json if as_json else _print_text
    show(report, names, failed, time.monotonic() - began)
    return FAILED if failed else 0


def _stopping_rule(
    specs: Sequence[Scenario], until: Sequence[str], baseline: str | None
) -> Callable[[Store, int], bool] | None:
    """Return a test whether every rule holds for every other scenario; ``None`` without rules."""
    if not until:
        if baseline:
            raise click.UsageError("--baseline is for --until; 'panj compare' has its own.")
        return None
    from sim.comparison.stopping import Rule
    from sim.measures.registry import known

    rules = [Rule.parse(text) for text in until]
    for rule in rules:
        for outcomes in (known(spec.ground) for spec in specs):
            if rule.outcome not in outcomes:
                raise _unknown("--until", rule.outcome, list(outcomes))
    names = [spec.name for spec in specs]
    first = baseline or names[0]
    if first not in names:
        raise _unknown("--baseline", first, names)
    others = [name for name in names if name != first]
    if not others:
        raise click.UsageError("--until needs two scenarios, whose difference it tests.")
    return lambda store, replicates: all(
        rule.met(_differences(store, rule.outcome, (first, other), replicates))
        for rule in rules
        for other in others
    )


def _check_draws(posterior: Posterior | None) -> None:
    """Refuse a rule that too few draws can never meet: runs that share a draw count as one."""
    from sim.comparison.stopping import LEAST

    if posterior is not None and len(posterior.draws) < LEAST:
        raise click.UsageError(
            f"--until needs at least {LEAST} draws of the uncertain parameters, and there are "
            f"{len(posterior.draws)}: leave out --draws, or --until."
        )


def _unknown(option: str, value: str, known: Sequence[str]) -> click.UsageError:
    return click.UsageError(
        f"{option}: there is no {value!r}. {did_you_mean(value, known)}".rstrip()
    )


def _differences(store: Store, outcome: str, names: tuple[str, str], replicates: int) -> Floats:
    """Return the differences in the mean of an outcome, in the order of the first replicates."""
    from sim.comparison.samples import pair, read_samples, with_expected

    table = store.outcomes(names, with_expected([outcome]))
    samples = read_samples(table, names, [outcome])
    pairs = pair(*(samples[name].before(replicates) for name in names))
    differences: Floats = pairs.independent[:, 0]
    return differences


def _count_failed(report: BatchResult, names: Sequence[str]) -> int:
    """Count the failed runs among those requested, also those of an earlier batch."""
    store = report.store
    return sum(replicate < report.replicates for name in names for replicate in store.failed(name))


def _print_text(report: BatchResult, names: Sequence[str], failed: int, seconds: float) -> None:
    from sim.runs.posterior import year_in_description

    for line in report.damage:
        click.echo(f"damaged: {line}; it was set aside and its runs were repeated", err=True)
    store, tally = report.store, report.progress
    ended = tally.done + tally.failed
    origins = [store.manifest.scenarios[name].origin for name in names]
    plain, variants = origins.count(None), {o.variant.name for o in origins if o}
    size = f"{plain} scenario{'s' * (plain != 1)}"
    size += f" in {len(variants) + 1} variants of the model" if variants else ""
    size += f" x {report.replicates:,} replicates"
    new = f"{ended:,} new in {seconds:,.0f} s" if ended else "none new"
    click.echo(f"{store.path}: {size}, {failed:,} failed, {new}")
    if store.manifest.draws and (year := year_in_description(store.manifest.draws)):
        click.echo(f"The first year of each run is drawn for {year}.")
    if report.settled:
        click.echo(f"Stopped after {report.replicates:,} replicates: the differences are settled.")
    if failed:
        sql = "SELECT scenario, replicate, stage, message FROM outcomes WHERE status = 'failed'"
        click.echo(f'List the failed runs:  panj store sql {store.path} "{sql}"')
        click.echo("Repeat the failed runs with --retry-failed.")
    if store.origins:
        click.echo(f"Compare in each variant:  panj compare {store.path} --structure")
    elif len(store.scenarios) > 1:
        baseline = "baseline" if "baseline" in store.scenarios else next(iter(store.scenarios))
        click.echo(f"Compare:  panj compare {store.path} --baseline {baseline}")
    else:
        click.echo(f"Show its contents:  panj store info {store.path}")


def _print_json(report: BatchResult, names: Sequence[str], failed: int, seconds: float) -> None:
    tally = report.progress
    data = {
        "store": str(report.store.path),
        "scenarios": list(names),
        "replicates": report.replicates,
        "draws": draws_as_data(report.store.manifest.draws),
        "failed": failed,
        "new": {"done": tally.done, "failed": tally.failed},
        "settled": report.settled,
        "damage": list(report.damage),
        "seconds": round(seconds, 3),
    }
    print_json(data)
