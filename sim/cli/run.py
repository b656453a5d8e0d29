"""``panj run``: run one scenario with one seed, and show what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from sim.cli import completion, options
from sim.cli.progress import run_with_progress
from sim.cli.run_text import as_json as run_as_json
from sim.cli.run_text import as_text
from sim.errors import PanjError

if TYPE_CHECKING:
    from sim.model import BorderModel
    from sim.scenario.spec import Scenario


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
@click.argument("scenario", shell_complete=completion.scenarios)
@options.seed
@options.days
@options.settings
@options.allow_code
@options.value(
    "--fork",
    "DATE:B",
    "From this date on, follow scenario B, a name or a file; --set, --days and --ground apply to "
    "both scenarios.",
    "fork_text",
)
@options.output("DIR", "Write the result to this new folder.", required=False)
@options.flag("--plot", "Add two pictures of the run to the result (needs -o).")
@options.force("a result")
@options.as_json
@click.pass_obj
def run(
    command: str,
    scenario: str,
    seed: int,
    days: float | None,
    settings: tuple[str, ...],
    fork_text: str | None,
    folder: Path | None,
    plot: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Run one SCENARIO once and show what happened.

    SCENARIO is the name of a shipped scenario ('panj scenario list') or a TOML file.
    """
    from sim.scenario.load import load

    overrides = [*settings, *([] if days is None else [f"days={days!r}"])]
    spec = load(scenario, overrides)
    fork = None if fork_text is None else parse_fork(fork_text, spec, overrides)
    if folder is not None:
        from sim.runs.run_folder import check_output

        check_output(folder, force=force)
    for flag, given in (("plot", plot), ("force", force)):
        if given and folder is None:
            raise click.UsageError(f"--{flag} needs a folder to write to: add '-o DIR'.")
    model = simulate(spec, seed, fork)
    try:
        if folder is not None:
            from sim.runs.one_run import write_run

            pictures = run_pictures(model) if plot else {}
            write_run(model, folder, force=force, command=command, pictures=pictures)
    finally:
        # show the run also if it could not be written
        click.echo(run_as_json(model, command) if as_json else "\n".join(as_text(model)))
    if folder is not None and not as_json:
        names = "; the pictures are strip_map and gravest_incident (.svg, .png)"
        click.echo(f"\nWritten to {folder}{names if plot else ''}")


class Fork(NamedTuple):
    """The scenario that a run follows from the first instant of ``day`` on."""

    day: float
    scenario: Scenario


def parse_fork(text: str, spec: Scenario, settings: Sequence[str]) -> Fork:
    """Parse a date and a scenario, to which ``settings`` apply as they do to ``spec``.

    Raise :class:`~sim.errors.PanjError` for a text of another form, a day outside the run, and a
    scenario that cannot replace ``spec`` during a run.
    """
    from sim.scenario.load import load
    from sim.scenario.mid_run import check_change

    day_text, colon, name = text.partition(":")
    try:
        date = dt.date.fromisoformat(day_text.strip())
    except ValueError:
        date = None
    if date is None or not colon or not name.strip():
        raise PanjError(
            "must be a date, a colon and a scenario",
            key="--fork",
            value=text,
            remedy="Write the date as year-month-day: --fork 2025-12-01:triggered.",
        )
    day = float((date - spec.start).days)
    if not 0.0 <= day < spec.days:
        last = spec.start + dt.timedelta(days=max(-(-spec.days // 1) - 1.0, 0.0))
        raise PanjError(
            f"the run goes from {spec.start} to {last}",
            key="--fork",
            value=text,
            remedy="Give a date within it.",
        )
    other = load(name.strip(), settings)
    check_change(spec, other, day)
    return Fork(day, other)


def simulate(scenario: Scenario, seed: int, fork: Fork | None = None) -> BorderModel:
    """Run a scenario to its end, with a progress bar on a terminal if it takes long."""
    from sim.engine.perturbed_math import perturbed_if_requested
    from sim.model import BorderModel

    with perturbed_if_requested():
        model = BorderModel(scenario, seed=seed)
        if fork is not None:
            run_with_progress(model, fork.day)
            model.change(fork.scenario)
        run_with_progress(model, model.spec.days, model.now)
    return model


def run_pictures(model: BorderModel) -> dict[str, Callable[[Path], object]]:
    """Return file names and what draws them: the run along the line, and its gravest incident."""
    from sim.incidents.records import Incident
    from sim.report.anatomy import gravest_of
    from sim.report.one_run import OneRun
    from sim.report.strip_map import draw_strip_map
    from sim.report.style import save

    figures = {"strip_map": draw_strip_map(OneRun.of(model))}
    if model.log[Incident]:
        figures["gravest_incident"] = gravest_of(model)
    return {
        f"{name}{ending}": partial(save, figure)
        for name, figure in figures.items()
        for ending in (".svg", ".png")
    }
