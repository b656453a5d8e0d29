"""``panj plot``: the pictures of a batch, of a run, of a calibration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from sim.cli import options
from sim.cli.output_files import PICTURES, check_new, check_picture_ending, write_picture
from sim.errors import OutputError, output_errors

if TYPE_CHECKING:
    from sim.report.gallery import Source

KINDS: Final = (
    *("outcome", "ridgeline", "forest", "cost", "displacement", "convergence"),
    *("structure", "regret", "ceiling"),
    *("funnel", "strip", "anatomy", "posterior", "predictive"),
)
"""As in ``sim.report.gallery``, which is too heavy to be asked for help."""

ALL: Final = "all"


@click.command(
    epilog="""\b
Kinds:
  outcome       ridgeline and forest side by side, rows aligned
  ridgeline     how the outcome varies under each scenario
  forest        what each scenario changes, with intervals
  cost          cost against harm, and which options are efficient
  displacement  changes by district along the line
  convergence   how the differences settle with replicates
  structure     whether the verdict holds in other models
  regret        how far behind the best each may be, and how often best
  ceiling       how near patrols come to the most possible
  funnel        how many who try become known, by what, and are stopped
  strip         incidents along the line and down the calendar
  anatomy       how the gravest incident of a run came about
  posterior     what a calibration taught, beside the priors
  predictive    calibrated years beside what was reported
  all           each that there is

\b
A store has all but the last three (strip needs one made with --incidents, and shows the
baseline; structure one made with --structure, regret one with draws); a run has funnel, strip
and anatomy; a calibration the last two.

\b
Examples:
  panj plot results/policies
  panj plot results/policies --kind cost -o cost.png
  panj plot results/policies --kind forest --outcome cost_usd --scenarios baseline,triggered
  panj plot results/policies --kind displacement --outcome not_stopped
  panj plot results/policies --kind convergence --target 0.1
  panj plot results/policies --kind strip --baseline triggered
  panj plot results/variants --kind structure -o structure.png
  panj plot results/policies --kind all -o pictures
  panj plot results/one-run --kind anatomy
  panj plot results/fit --kind posterior"""
)
@options.store
@options.value(
    "--kind",
    "KIND",
    "Which picture [default: outcome; strip of a run, posterior of a calibration].",
    type=click.Choice([*KINDS, ALL]),
)
@options.output(
    "FILE_OR_DIR",
    "Write to this .svg, .png or .pdf file, or into this folder, each "
    "picture under the name of its kind [default: the folder here].",
    "output",
    required=False,
)
@options.outcome("Draw this outcome.")
@options.baseline
@options.scenarios
@options.confidence
@options.value(
    "--target",
    "X",
    "Half-width to reach, in the outcome's unit [default: a tenth of the baseline's mean].",
    type=click.FloatRange(min=0.0, min_open=True),
)
@options.choice(
    "--format", [ending[1:] for ending in PICTURES], "What to write into a folder.", "ending"
)
@options.force("a result")
@options.flag("--titles", "Write the titles of the scenarios, not their names.")
def plot(
    folder: Path, kind: str | None, output: Path | None, ending: str, force: bool, **wishes: Any
) -> None:
    """Draw the scenarios in STORE against a baseline.

    STORE is a store written by 'panj batch', or a Parquet file or folder with the same columns. The
    folder of 'panj run -o' or of 'panj calibrate' has pictures of its own. docs/pictures.md shows
    each kind and says how to read it.
    """
    from sim.engine.garbage_collection import collection_paused

    targets = _targets(output, _kinds(folder, kind), ending)
    check_new(targets.values(), force=force)
    with (
        collection_paused()
    ):  # figures are full of cycles; walking them all takes a tenth of the time
        source = _source(folder, wishes)
        for each, path in targets.items():
            _draw(source, each, path, kind == ALL)


def _source(place: Path, wishes: Mapping[str, Any]) -> Source:
    """What is drawn: a calibration, a run, or the comparison that the wishes ask for."""
    if _is_calibration(place):
        from sim.calibrate.record import read_record

        return read_record(place)
    if _is_run(place):
        from sim.report.one_run import OneRun

        return OneRun.read(place)
    from sim.report.gallery import comparison_source

    return comparison_source(place, **wishes)


def _kinds(place: Path, asked: str | None) -> tuple[str, ...]:
    """What is to be drawn of what stands there: what was asked for, else the first it has."""
    if asked not in (None, ALL):
        return (str(asked),)
    from sim.calibrate.record import CalibrationRecord
    from sim.report.gallery import ComparisonSource, kinds_of
    from sim.report.one_run import OneRun

    if _is_calibration(place):
        kinds = kinds_of(CalibrationRecord)
    elif _is_run(place):
        kinds = ("strip", *(kind for kind in kinds_of(OneRun) if kind != "strip"))
    else:
        kinds = kinds_of(ComparisonSource)
    return kinds if asked == ALL else kinds[:1]


def _is_calibration(place: Path) -> bool:
    from sim.calibrate.record import CHECKS
    from sim.runs.posterior import posterior_folder

    return (posterior_folder(place) / CHECKS).exists()


def _is_run(place: Path) -> bool:
    from sim.runs.run_folder import MANIFEST

    return (place / MANIFEST).exists()


def _targets(output: Path | None, kinds: tuple[str, ...], ending: str) -> dict[str, Path]:
    """A file for each kind; found out before anything is read."""

    if output is not None and output.suffix and not output.is_dir():
        if len(kinds) > 1:
            raise OutputError(
                "several pictures do not go into one file",
                path=output,
                remedy="Give a folder, or one --kind.",
            )
        check_picture_ending(output)
        return {kinds[0]: output}
    folder = Path() if output is None else output
    with output_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return {kind: folder / f"{kind}.{ending}" for kind in kinds}


def _draw(source: Source, kind: str, path: Path, among_all: bool) -> None:
    """Draw one kind; among all of them, one that has no data is passed over with a word."""
    from sim.comparison.source import MissingTableError
    from sim.report.gallery import draw

    try:
        figure = draw(kind, source)
    except MissingTableError as error:
        if not among_all:
            raise
        click.echo(f"no {kind}: {error.problems[0].reason}", err=True)
        return
    write_picture(figure, path)
