"""``panj alerts``: how well an alert rule foretells, and what raising the level prevents."""

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
"""As in ``sim.explore.alerts.events``, which is too heavy to be asked for help."""


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

docs/explore.md says how it is done and how to read it."""
)
@options.scenario_arguments("where", "STORE|SCENARIO...")
@options.scenarios
@options.choice("--event", EVENTS, "What is to be warned of.")
@options.number(
    "--within",
    default=30.0,
    metavar="DAYS",
    help="An alarm is right if the event follows its rise within so many days.",
)
@options.value(
    "--level",
    "LEVEL",
    "The alarm is up at this level or above  [default: the first above the level at rest].",
)
@options.integer("-n", "--years", least=1, help="Replicates  [default: 100; of a store all].")
@options.workers
@options.settings
@options.allow_code
@options.root_seed(
    "Seed from which those of the years come  [default: 0, or the store's].", default=None
)
@options.draw_options(
    "Draws of it to use, in turn: year r gets draw r mod K", "the shipped posterior, or the store's"
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

    The rule is that of each SCENARIO, or of those in STORE that move the alert level. Each year is
    lived twice with the same draws: where the rule acts, and where the level stays at rest and the
    rule only looks on. The second tells hits, misses and false alarms at every threshold; both
    together tell which alarms prevented what they warned of.

    Of a store its own years are looked at, and what is found is kept for 'panj report'.
    """
    from sim.cli.tables import result_lines
    from sim.comparison.terms import PLAIN
    from sim.explore.alerts.study import alerts as ask
    from sim.explore.alerts.words import sentences, sheets
    from sim.scenario.load import load

    store = _store(where)
    if store:
        _only_of_scenarios(settings=settings, seed=seed, **draw_options._asdict())
        specs, dealt = [], None
    else:
        if scenarios:
            raise click.UsageError("--scenarios is of a store: name the scenarios alone.")
        specs = [load(name, settings) for name in where]
        dealt = draw_options.resolve(specs)
    with progress_bar("years") as show:
        found = ask(
            store or specs,
            years,
            *workers,
            scenarios=scenarios,
            root=seed or 0,
            posterior=dealt,
            draws=len(dealt.draws) if dealt else None,
            asked=context.obj or "panj alerts",
            progress=lambda done, total: show(done, total, ""),
            **rule,
        )
    terms = PLAIN.exactly(rule.scenario for rule in found.rules)
    said = result_lines(sentences(found, terms), sheets(found, terms), "How well it foretells")
    click.echo(found.model_dump_json() if as_json else "\n".join(said))
    if plot is not None:
        from sim.report.alerts import draw_alerts

        write_picture(draw_alerts(found), plot, to_stderr=as_json)


def _store(where: tuple[str, ...]) -> Store | None:
    """The store that is named, if one is."""
    folders = [name for name in where if Path(name).is_dir()]
    if not folders:
        return None
    if len(where) > 1:
        raise click.UsageError("Give one store, or scenarios.")
    from sim.runs.store import Store

    return Store.open(folders[0])


def _only_of_scenarios(**given: object) -> None:
    """Refuse what a store has settled."""
    for name, value in given.items():
        if value:
            option = "--set" if name == "settings" else f"--{name}"
            raise click.UsageError(f"{option} is of scenarios: a store has its own.")
