"""``panj run``: one scenario, one seed, what happened."""

from __future__ import annotations

import datetime as dt
import json
import math
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sim.cli import complete, options
from sim.cli.forking import fork_of
from sim.cli.outcome_table import outcome_lines
from sim.cli.pictures import pictures_of
from sim.cli.progress import run_watched
from sim.cli.terminal import WIDTH

if TYPE_CHECKING:
    from sim.cli.forking import Fork
    from sim.incidents.records import Incident
    from sim.model import BorderModel
    from sim.scenario.spec import Scenario

TOLD: Final = 8
"""How many incidents are told."""


@click.command(
    epilog="""\b
Examples:
  panj run baseline
  panj run my_scenario.toml --seed 7 --days 90
  panj run baseline --set patrols.sorties_per_day=4 --set teams.per_district=2
  panj run baseline --fork 2025-12-01:triggered
  panj run baseline --plot -o results/baseline
  panj run baseline --json"""
)
@click.argument("scenario", shell_complete=complete.scenarios)
@options.seed
@options.days
@options.settings
@options.allow_code
@options.value(
    "--fork",
    "DATE:B",
    "From that date on, go by scenario B, a name or a file; --set, --days and --ground hold "
    "for both.",
    "forked",
)
@options.output("DIR", "Write the result to this new folder.", required=False)
@options.flag("--plot", "Add two pictures of the run to the result (needs -o).")
@options.replacing("a result")
@options.as_json
@click.pass_obj
def run(
    command: str,
    scenario: str,
    seed: int,
    days: float | None,
    settings: tuple[str, ...],
    forked: str | None,
    folder: Path | None,
    plot: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Run one SCENARIO once and show what happened.

    SCENARIO is the name of a shipped scenario ('panj scenario list') or a TOML file.
    """
    from sim.scenario.load import load

    given = [*settings, *([] if days is None else [f"days={days!r}"])]
    spec = load(scenario, given)
    fork = None if forked is None else fork_of(forked, spec, given)
    if folder is not None:
        from sim.runs.run_folder import check_output

        check_output(folder, force=force)
    for flag, asked in (("plot", plot), ("force", force)):
        if asked and folder is None:
            raise click.UsageError(f"--{flag} needs a folder to write to: add '-o DIR'.")
    model = simulate(spec, seed, fork)
    try:
        if folder is not None:
            _write(model, folder, plot, force, command)
    finally:
        # A run that could not be written can at least be read.
        click.echo(in_json(model, command) if as_json else "\n".join(as_text(model)))
    if folder is not None and not as_json:
        see = "; the pictures are strip_map and gravest_incident (.svg, .png)"
        click.echo(f"\nWritten to {folder}{see if plot else ''}")


def simulate(scenario: Scenario, seed: int, fork: Fork | None = None) -> BorderModel:
    """Run a scenario to its end, with a progress bar where somebody watches and has to wait."""
    from sim.engine.last_bit import as_told
    from sim.model import BorderModel

    with as_told():
        model = BorderModel(scenario, seed=seed)
        if fork is not None:
            run_watched(model, fork.day)
            model.change(fork.scenario)
        run_watched(model, model.spec.days, model.now)
    return model


def as_text(model: BorderModel) -> Iterator[str]:
    """The run as a reader wants it: what was run, the outcomes, the gravest incidents."""
    from sim.incidents.narrative import notable, sentence
    from sim.incidents.records import Incident
    from sim.measures.registry import known

    yield from heading(model)
    yield ""
    yield from outcome_lines(model.outcomes(), known(model.ground).values())
    incidents = model.log[Incident]
    told = notable(incidents, TOLD)
    yield ""
    yield click.style(_how_many(len(told), len(incidents)), bold=True)
    for incident in told:
        line = sentence(incident, model.spec.start, model.ground)
        yield from textwrap.wrap(line, WIDTH, initial_indent="  ", subsequent_indent="      ")


def heading(model: BorderModel) -> list[str]:
    """Title, period, seed and reach of a run, and from when on it went by another scenario."""
    (_, scenario), *later = model.eras
    title = scenario.title or scenario.name
    scenario = model.spec
    last = scenario.start + dt.timedelta(days=math.ceil(scenario.days) - 1)
    period = f"{_date(scenario.start)} to {_date(last)} ({scenario.days:,g} days)"
    return [
        *(click.style(line, bold=True) for line in textwrap.wrap(title, WIDTH)),
        f"{period}, seed {model.seed}, {len(scenario.ground.districts)} districts",
        *(
            line
            for since, then in later
            for line in textwrap.wrap(
                f"from {_date(scenario.start + dt.timedelta(days=since))} (day {since:g}): "
                f"{then.title or then.name}",
                WIDTH,
            )
        ),
    ]


def in_json(model: BorderModel, command: str) -> str:
    """The run as one JSON object: ``outcomes``, ``incidents``, ``provenance``."""
    from sim.incidents.records import Incident
    from sim.runs.one_run import describe

    incidents: Sequence[Incident] = model.log[Incident]
    return json.dumps(
        {
            "outcomes": model.outcomes(),
            "incidents": [incident._asdict() for incident in incidents],
            "provenance": describe(model, command),
        },
        allow_nan=False,
    )


def _write(model: BorderModel, folder: Path, plot: bool, force: bool, command: str) -> None:
    from sim.runs.one_run import write_run

    pictures = pictures_of(model) if plot else {}
    write_run(model, folder, force=force, command=command, pictures=pictures)


def _how_many(told: int, happened: int) -> str:
    if not happened:
        return "No incidents"
    return f"The {told} gravest of {happened:,} incidents" if told < happened else "Incidents"


def _date(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"
