"""``panj batch``: run what a store lacks, on all cores or a cluster."""

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
from sim.registry import near

if TYPE_CHECKING:
    from sim.comparison.samples import Floats
    from sim.runs.batch import Report
    from sim.runs.posterior import Posterior
    from sim.runs.store import Store
    from sim.scenario.spec import Scenario

FAILED: Final = 1


@click.command(
    epilog="""\b
Examples:
  panj batch baseline triggered -n 1000 -o results/policies
  panj batch baseline triggered reserve_and_air -n 2000 -o results/policies
  panj batch -n 5000 -o results/policies
  panj batch baseline triggered -n 5000 --until victims:0.2 -o results/policies
  panj batch baseline triggered -n 1000 --draws 250 -o results/policies
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
    "Also run the scenarios of a CSV table: a header of parameters, one row a scenario.",
    type=options.PATH,
)
@options.integer(
    "-n",
    "--replicates",
    least=1,
    default=100,
    help="Replicates of each scenario that the store shall hold.",
)
@options.output(
    "STORE", "Folder of the store; it may hold runs already.", shell_complete=completion.stores
)
@options.workers_anywhere
@options.settings
@options.allow_code
@options.root_seed(
    "Seed from which those of the replicates come  [default: 0, or the store's].", default=None
)
@options.draw_options(
    "Draws of it to use, in turn: replicate r gets draw r mod K",
    posterior="Draw the uncertain parameters from this posterior of 'panj calibrate', a table "
    "with a row a draw, or the prior; 'none' runs the scenarios' own values  [default: the shipped "
    "posterior, or as the store was begun].",
)
@click.option(
    "--structure",
    is_flag=False,
    flag_value="all",
    metavar="[A,B|FILE.toml]",
    help="Also run every scenario in structural variants of the model: all shipped ones, or those "
    "named or in a file.",
)
@options.outcome_values(
    "--until",
    "Stop before N when the difference to the baseline is known to plus or minus X; "
    "may be repeated.",
)
@options.value(
    "--baseline",
    "NAME",
    "Baseline of --until  [default: the first].",
    shell_complete=completion.scenarios,
)
@click.option(
    "--districts/--no-districts", default=None, help="Keep a table of districts  [default: yes]."
)
@click.option(
    "--incidents/--no-incidents", default=None, help="Keep every incident  [default: no]."
)
@options.flag("--retry-failed", "Run again what failed before.")
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

    Each is run with draws of the uncertain parameters from the shipped posterior, the same draw
    in every scenario for the same replicate; a scenario keeps what it sets itself. Part of a draw
    is how the first year of the run lies: as the coming year may, or as --year did. Longer runs go
    on from there, each year as near to the last as years persist.

    What the store holds already is not run again. So one command runs, goes on after an
    interruption, and extends: give a larger N or more scenarios. A SCENARIO is the name of a
    shipped scenario or a TOML file; without any, those of the store are run. Replicate 7 has the
    same seed in every scenario.

    In a --design each column is a parameter (patrols.size), the column "scenario" names what a
    row changes (the baseline) and "name" what comes out; an empty cell changes nothing.

    In a variant of --structure a mechanism is off or the year is of a known kind, whatever a draw
    says; 'panj compare STORE --structure' tells whether a verdict depends on it.

    A run that fails becomes a row that says why; the batch goes on and ends with status 1.
    """
    from sim.runs.batch import Watch, hired, run_on
    from sim.runs.catalogue import is_store
    from sim.runs.request import Request, admit
    from sim.runs.structure import variants
    from sim.scenario.design import read_design
    from sim.scenario.load import load

    if settings and not (scenarios or design):
        raise click.UsageError(
            "--set and --ground change a SCENARIO: name the scenarios that it is for."
        )
    asked = [load(name, settings) for name in scenarios]
    asked += read_design(design, settings) if design else []
    its_own = not any(draw_options) and is_store(folder)
    request = Request(
        asked,
        replicates,
        seed,
        {"districts": districts, "incidents": incidents},
        allow_mixed,
        None if its_own else draw_options.resolve(asked),
        () if structure is None else variants(structure),
    )
    admitted = admit(folder, request)
    specs = list(admitted.scenarios.values())
    names = [spec.name for spec in specs]
    if until:
        _enough_draws(admitted.posterior)
    enough = _until([spec for spec in specs if not admitted.origin(spec)], until, baseline)
    began = time.monotonic()
    hiring = hired(workers.executor, workers.jobs)
    with resumable(folder, command), hiring as hands, batch_progress() as progress:
        report = run_on(folder, request, hands, Watch(progress, enough, command, retry_failed))
    failed = _count_failed(report, names)
    show = _as_json if as_json else _as_text
    show(report, names, failed, time.monotonic() - began)
    return FAILED if failed else 0


def _until(
    specs: Sequence[Scenario], until: Sequence[str], baseline: str | None
) -> Callable[[Store, int], bool] | None:
    """The stopping rules as a question to the store; all must hold for every other scenario."""
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
                raise click.UsageError(_unlike("--until", rule.outcome, list(outcomes)))
    names = [spec.name for spec in specs]
    first = baseline or names[0]
    if first not in names:
        raise click.UsageError(_unlike("--baseline", first, names))
    others = [name for name in names if name != first]
    if not others:
        raise click.UsageError("--until needs two scenarios: it looks at their difference.")
    return lambda store, reached: all(
        rule.met(_differences(store, rule.outcome, (first, other), reached))
        for rule in rules
        for other in others
    )


def _enough_draws(posterior: Posterior | None) -> None:
    """Refuse a rule that can never be met: runs that share a draw count as one piece."""
    from sim.comparison.stopping import LEAST

    if posterior is not None and len(posterior.draws) < LEAST:
        raise click.UsageError(
            f"--until needs {LEAST} draws of the uncertain parameters or more, and there are "
            f"{len(posterior.draws)}: leave out --draws, or --until."
        )


def _unlike(option: str, value: str, known: Sequence[str] | set[str]) -> str:
    return f"{option}: there is no {value!r}. {near(value, known)}".rstrip()


def _differences(store: Store, outcome: str, names: tuple[str, str], first: int) -> Floats:
    """Differences for the mean of an outcome in the first replicates, in their order."""
    from sim.comparison.samples import pair, read_samples, with_expected

    table = store.outcomes(names, with_expected([outcome]))
    samples = read_samples(table, names, [outcome])
    pairs = pair(*(samples[name].before(first) for name in names))
    differences: Floats = pairs.independent[:, 0]
    return differences


def _count_failed(report: Report, names: Sequence[str]) -> int:
    """Runs among those asked for that stand in the store as failed, from now or from before."""
    store = report.store
    return sum(replicate < report.replicates for name in names for replicate in store.failed(name))


def _as_text(report: Report, names: Sequence[str], failed: int, seconds: float) -> None:
    from sim.runs.posterior import year_of

    for line in report.damage:
        click.echo(f"damaged: {line}; it was set aside and its runs were made again", err=True)
    store, tally = report.store, report.tally
    ended = tally.done + tally.failed
    origins = [store.manifest.scenarios[name].origin for name in names]
    plain, within = origins.count(None), {o.variant.name for o in origins if o}
    what = f"{plain} scenario{'s' * (plain != 1)}"
    what += f" in {len(within) + 1} variants of the model" if within else ""
    what += f" x {report.replicates:,} replicates"
    new = f"{ended:,} new in {seconds:,.0f} s" if ended else "all of them were there"
    click.echo(f"{store.path}: {what}, {failed:,} failed, {new}")
    if store.manifest.draws and (year := year_of(store.manifest.draws)):
        click.echo(f"The first year of each run is drawn for {year}.")
    if report.settled:
        click.echo(f"Stopped after {report.replicates:,} replicates: the differences are settled.")
    if failed:
        sql = "SELECT scenario, replicate, stage, message FROM outcomes WHERE status = 'failed'"
        click.echo(f'What failed:  panj store sql {store.path} "{sql}"')
        click.echo("Run it again with --retry-failed.")
    if store.origins:
        click.echo(f"Compare in each variant:  panj compare {store.path} --structure")
    elif len(store.scenarios) > 1:
        baseline = "baseline" if "baseline" in store.scenarios else next(iter(store.scenarios))
        click.echo(f"Compare:  panj compare {store.path} --baseline {baseline}")
    else:
        click.echo(f"Look inside:  panj store info {store.path}")


def _as_json(report: Report, names: Sequence[str], failed: int, seconds: float) -> None:
    tally = report.tally
    said = {
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
    print_json(said)
