"""``panj plot``: pictures of a batch, of a run, or of a calibration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from sim.cli import options
from sim.cli.output_files import PICTURES, check_ending, check_new, write_picture
from sim.errors import OutputError, output_errors

if TYPE_CHECKING:
    from sim.report.gallery import Source

KINDS: Final = (
    *("outcome", "ridgeline", "forest", "cost", "displacement", "convergence"),
    *("structure", "regret", "ceiling"),
    *("funnel", "strip", "anatomy", "posterior", "predictive"),
)
"""The same as in ``sim.report.gallery``, whose import is too slow for help."""

ALL: Final = "all"


@click.command(
    epilog="""\b
Kinds:
  outcome       how the outcome varies, and what each scenario changes
  ridgeline     how the outcome varies in each scenario
  forest        what each scenario changes, with intervals
  cost          cost against harm, and which options are efficient
  displacement  changes by district along the line
  convergence   how the differences converge with replicates
  structure     whether the verdict holds in other models
  regret        how far behind the best each may be, and how often best
  ceiling       how near patrols come to the most possible
  funnel        the shares of crossings known, by cue, and stopped
  strip         incidents along the line and down the calendar
  anatomy       how the gravest incident of a run came about
  posterior     what a calibration taught, beside the priors
  predictive    calibrated years beside what was reported
  all           every picture that the folder has

\b
A store has all but the last three; its batch needs --incidents for strip, which shows the
baseline, --structure for structure, and draws for regret. A run has funnel, strip and anatomy;
a calibration has the last two.

\b
Examples:
  panj plot results/policies
  panj plot results/policies --kind cost -o cost.png
  panj plot results/policies --kind forest --outcome cost_usd --scenarios baseline,triggered
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
    "Kind of picture  [default: outcome; for a run strip, for a calibration posterior].",
    type=click.Choice([*KINDS, ALL]),
)
@options.output(
    "FILE_OR_DIR",
    "Write to this .svg, .png or .pdf file, or into this folder, with the kind as the name of each "
    "file  [default: the current folder].",
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
    "Half-width to reach, in the outcome's unit  [default: a tenth of the baseline's mean].",
    type=click.FloatRange(min=0.0, min_open=True),
)
@options.choice(
    "--format", [ending[1:] for ending in PICTURES], "File format for a folder.", "ending"
)
@options.force("a picture")
@options.flag("--titles", "Show the titles of the scenarios instead of their names.")
def plot(
    folder: Path, kind: str | None, output: Path | None, ending: str, force: bool, **query: Any
) -> None:
    """Draw the scenarios in STORE against a baseline.

    STORE is a store written by 'panj batch', or a Parquet file or folder with the same columns. It
    can also be the folder of 'panj run -o' or of 'panj calibrate', which have their own kinds of
    picture. docs/pictures.md shows each kind and explains how to read it.
    """
    from sim.engine.garbage_collection import collection_paused

    source_type = _source_type(folder)
    targets = _targets(output, _kinds(source_type, kind), ending)
    check_new(targets.values(), force=force)
    with collection_paused():  # collecting the cycles of figures would take a tenth of the time
        source = _read_source(source_type, folder, query)
        for each, path in targets.items():
            _draw(source, each, path, skip_missing=kind == ALL)


def _source_type(folder: Path) -> type[Source]:
    """Return what a folder holds: a calibration, a run, or else a batch."""
    from sim.calibrate.record import CHECKS, CalibrationRecord
    from sim.report.gallery import ComparisonSource
    from sim.report.one_run import OneRun
    from sim.runs.posterior import posterior_folder
    from sim.runs.run_folder import MANIFEST

    if (posterior_folder(folder) / CHECKS).exists():
        return CalibrationRecord
    return OneRun if (folder / MANIFEST).exists() else ComparisonSource


def _kinds(source_type: type[Source], kind: str | None) -> tuple[str, ...]:
    """Return the kinds of picture to draw."""
    from sim.report.gallery import kinds_of

    if kind == ALL:
        return kinds_of(source_type)
    defaults = {"CalibrationRecord": "posterior", "OneRun": "strip"}
    return (kind or defaults.get(source_type.__name__, "outcome"),)


def _read_source(source_type: type[Source], folder: Path, query: Mapping[str, Any]) -> Source:
    from sim.calibrate.record import CalibrationRecord, read_record
    from sim.report.gallery import comparison_source
    from sim.report.one_run import OneRun

    if source_type is CalibrationRecord:
        return read_record(folder)
    return OneRun.read(folder) if source_type is OneRun else comparison_source(folder, **query)


def _targets(output: Path | None, kinds: tuple[str, ...], ending: str) -> dict[str, Path]:
    """Return the file of each kind; make the folder if it does not exist."""
    if output is not None and output.suffix and not output.is_dir():
        if len(kinds) > 1:
            raise OutputError(
                "several pictures cannot be written to one file",
                path=output,
                remedy="Give a folder, or one --kind.",
            )
        check_ending(output, PICTURES)
        return {kinds[0]: output}
    folder = Path() if output is None else output
    with output_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return {kind: folder / f"{kind}.{ending}" for kind in kinds}


def _draw(source: Source, kind: str, path: Path, *, skip_missing: bool) -> None:
    """Draw one kind of picture; skip one without data if ``skip_missing``."""
    from sim.comparison.source import MissingTableError
    from sim.report.gallery import draw

    try:
        figure = draw(kind, source)
    except MissingTableError as error:
        if not skip_missing:
            raise
        click.echo(f"no {kind}: {error.problems[0].reason}", err=True)
        return
    write_picture(figure, path)
