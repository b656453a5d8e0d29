"""``panj alerts``: how well an alert rule predicts attacks, and what raising the level prevents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli import options
from sim.cli.output_files import write_picture
from sim.cli.progress import progress_bar

if TYPE_CHECKING:
    from sim.cli.draws import DrawOptions
    from sim.runs.store import Store

EVENTS = ("attack", "deadly", "crossing")
"""The same as in ``sim.explore.alerts.events``, whose import is too slow for help."""


@click.command(
    epilog="""\b
Events:
  attack    a post, a worksite or a village is struck
  deadly    militants kill a guard, a worker or a villager
  crossing  a party of militants comes over the line

\b
Examples:
  panj alerts surge_after_attack
  panj alerts triggered triggered_by_district --event deadly --within 14 -n 200
  panj alerts results/policies
  panj alerts results/policies --scenarios triggered --level heightened --plot triggered.png
  panj alerts surge_after_attack --set alert.heightened_at=1.5 --json

See docs/explore.md for the method and how to read the result."""
)
@options.scenario_arguments("where", "STORE|SCENARIO...")
@options.scenarios
@options.choice("--event", EVENTS, "The event that the alarms should predict.")
@options.number(
    "--within",
    default=30.0,
    metavar="DAYS",
    help="An alarm is right if the event follows within this number of days after it rises.",
)
@options.value(
    "--level",
    "LEVEL",
    "The alarm is up at this level or above  [default: the first above the level at rest].",
)
@options.integer("-n", "--years", least=1, help="Number of years  [default: 100, or the store's].")
@options.workers
@options.settings
@options.allow_code
@options.root_seed(
    "Seed from which the seeds of the years are derived  [default: 0, or the store's].",
    default=None,
)
@options.draw_options(
    "Number of draws to use: year r gets draw r mod K", "the shipped posterior, or the store's"
)
@options.confidence
@options.plot
@options.as_json
@click.pass_context
def alerts(
    context: click.Context,
    /,
    where: tuple[str, ...],
    scenarios: list[str] | None,
    years: int | None,
    workers: options.Workers,
    settings: tuple[str, ...],
    seed: int | None,
    draw_options: DrawOptions,
    plot: Path | None,
    as_json: bool,
    **rule: Any,
) -> None:
    """Show how well the alarms of an alert rule predict attacks.

    The rules are those of each SCENARIO, or of the scenarios in STORE that change the alert level.
    Each year is simulated twice with the same draws: once with the rule in force, and once with
    the level at rest while the rule only observes. The second simulation gives hits, misses and
    false alarms at every threshold; the two together show which alarms prevented what they warned
    of.

    For a STORE the command uses the years of the store, and keeps the result there for
    'panj report'.
    """
    from sim.cli.tables import print_result, result_lines
    from sim.comparison.terms import PLAIN
    from sim.explore.alerts.study import alerts as study
    from sim.explore.alerts.words import sentences, text_tables
    from sim.scenario.load import load

    store = _store(where)
    if store:
        _refuse_with_store(settings=settings, seed=seed, **draw_options._asdict())
        specs, posterior = [], None
    else:
        if scenarios:
            raise click.UsageError("--scenarios needs a store: name only the scenarios you want.")
        specs = [load(name, settings) for name in where]
        posterior = draw_options.resolve(specs)
    with progress_bar("years") as show:
        result = study(
            store or specs,
            years,
            *workers,
            scenarios=scenarios,
            root=seed or 0,
            posterior=posterior,
            draws=len(posterior.draws) if posterior else None,
            asked=context.obj or "panj alerts",
            progress=lambda done, total: show(done, total, ""),
            **rule,
        )
    terms = PLAIN.exactly(rule.scenario for rule in result.rules)
    title = "How well the alarms predict"
    lines = result_lines(sentences(result, terms), text_tables(result, terms), title)
    print_result(result, lines, as_json)
    if plot is not None:
        from sim.report.alerts import draw_alerts

        write_picture(draw_alerts(result), plot, to_stderr=as_json)


def _store(where: tuple[str, ...]) -> Store | None:
    """Return the store that the arguments name, if any."""
    folders = [name for name in where if Path(name).is_dir()]
    if not folders:
        return None
    if len(where) > 1:
        raise click.UsageError("Give one store, or only scenarios.")
    from sim.runs.store import Store

    return Store.open(folders[0])


def _refuse_with_store(**options: object) -> None:
    """Refuse options that only scenarios take."""
    for name, value in options.items():
        if value:
            option = "--set" if name == "settings" else f"--{name}"
            raise click.UsageError(f"{option} applies to scenarios: a store has its own.")
