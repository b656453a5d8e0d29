"""``panj plot``: the pictures of a batch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import click

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.compare.results import Results
    from sim.report.gallery import Subject

KINDS: Final = ("outcome", "ridgeline", "forest", "cost", "displacement", "convergence")
"""As in ``sim.report.gallery``, which is too heavy to be asked for help."""

ALL: Final = "all"
DISTRICT_COLUMNS: Final = ("district", "crossings", "interdicted", "victims")
ENDINGS: Final = (".svg", ".png", ".pdf")


class Asked(TypedDict):
    """The options as given."""

    kind: str
    output: Path | None
    outcome: str
    baseline: str
    scenarios: str | None
    target: float | None
    ending: str
    titles: bool


@click.command(
    epilog="""\b
Kinds:
  outcome       ridgeline and forest side by side, rows aligned
  ridgeline     how the outcome varies under each scenario
  forest        what each scenario changes, with intervals
  cost          cost against harm, and which options are efficient
  displacement  changes by district along the line
  convergence   how the differences settle with replicates
  all           each of them

\b
Examples:
  panj plot results/policies
  panj plot results/policies --kind cost -o cost.png
  panj plot results/policies --kind forest --outcome cost_usd --scenarios baseline,triggered
  panj plot results/policies --kind displacement --outcome not_stopped
  panj plot results/policies --kind convergence --target 0.1
  panj plot results/policies --kind all -o pictures"""
)
@click.argument("store", type=click.Path(path_type=Path))
@click.option(
    "--kind",
    type=click.Choice([*KINDS, ALL]),
    default=KINDS[0],
    show_default=True,
    help="Which picture.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE_OR_DIR",
    help="Write to this .svg, .png or .pdf file, or into this folder, each "
    "picture under the name of its kind [default: the folder here].",
)
@click.option(
    "--outcome", default="victims", show_default=True, metavar="NAME", help="Draw this outcome."
)
@click.option(
    "--baseline",
    default="baseline",
    show_default=True,
    metavar="NAME",
    help="Compare the others with this scenario.",
)
@click.option("--scenarios", metavar="A,B", help="Draw these scenarios instead of all.")
@click.option(
    "--target",
    type=click.FloatRange(min=0.0, min_open=True),
    metavar="X",
    help="Half-width to reach, in the outcome's unit [default: a tenth of the baseline's mean].",
)
@click.option(
    "--format",
    "ending",
    type=click.Choice([ending[1:] for ending in ENDINGS]),
    default="svg",
    show_default=True,
    help="What to write into a folder.",
)
@click.option("--titles", is_flag=True, help="Write the titles of the scenarios, not their names.")
def plot(store: Path, **asked: Unpack[Asked]) -> None:
    """Draw the scenarios in STORE against a baseline.

    STORE is a store written by 'panj batch', or a Parquet file or folder with the same columns.
    docs/pictures.md shows each kind and says how to read it.
    """
    from sim.cli.compare import results

    kinds = KINDS if asked["kind"] == ALL else (asked["kind"],)
    targets = _targets(asked["output"], kinds, asked["ending"])
    subject = _subject(results(store), asked)
    for kind, path in targets.items():
        _draw(subject, kind, path, asked["kind"] == ALL)


def _targets(output: Path | None, kinds: tuple[str, ...], ending: str) -> dict[str, Path]:
    """A file for each kind; found out before anything is read."""
    from sim.errors import OutputError

    if output is not None and output.suffix and not output.is_dir():
        if len(kinds) > 1:
            raise OutputError(
                "several pictures do not go into one file",
                path=output,
                remedy="Give a folder, or one --kind.",
            )
        if output.suffix.lower() not in ENDINGS:
            raise OutputError(
                f"a figure cannot be written as {output.suffix}",
                path=output,
                remedy="End the name in .png, .svg or .pdf.",
            )
        return {kinds[0]: output}
    folder = Path() if output is None else output
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"cannot be made a folder: {error.strerror or error}",
            path=folder,
            remedy="Give a path in a folder that exists and may be written to.",
        ) from error
    return {kind: folder / f"{kind}.{ending}" for kind in kinds}


def _subject(found: Results | pa.Table, asked: Asked) -> Subject:
    """Put together what is to be drawn, from a store or a bare table."""
    import pyarrow as pa

    from sim.batch.store import Store
    from sim.report.gallery import Subject, terms_of

    names = _names(asked)
    if isinstance(found, Store):
        shown = terms_of(found.scenarios, asked["titles"])
        outcomes = found.outcomes(names, _columns(asked["outcome"]))
        kept = "districts" in found.tables
        districts = found.districts(names, DISTRICT_COLUMNS) if kept else None
        return Subject(
            outcomes, asked["baseline"], asked["outcome"], districts, asked["target"], shown
        )
    outcomes = found if isinstance(found, pa.Table) else found.outcomes()
    if names is not None:
        outcomes = _only(outcomes, names)
    return Subject(outcomes, asked["baseline"], asked["outcome"], target=asked["target"])


def _names(asked: Asked) -> list[str] | None:
    """The scenarios wanted, the baseline among them; ``None`` for all."""
    if asked["scenarios"] is None:
        return None
    wanted = [name.strip() for name in asked["scenarios"].split(",") if name.strip()]
    return list(dict.fromkeys([asked["baseline"], *wanted]))


def _columns(outcome: str) -> list[str]:
    """What the pictures need of the model's outcomes; a store may be larger than memory."""
    from sim.compare.districts import MEASURES
    from sim.compare.question import check_names
    from sim.outcomes import FIELDS
    from sim.report.cost_harm import COST, HARM

    there = [field.name for field in FIELDS]
    check_names("outcome", [outcome], [*there, *MEASURES])
    return list(dict.fromkeys(name for name in (outcome, HARM, COST) if name in there))


def _only(table: pa.Table, names: list[str]) -> pa.Table:
    """The rows of some scenarios, which must all be there."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from sim.compare.question import check_names
    from sim.compare.results import scenario_names

    check_names("scenario", names, scenario_names(table))
    return table.filter(pc.is_in(table.column("scenario"), value_set=pa.array(names)))


def _draw(subject: Subject, kind: str, path: Path, among_all: bool) -> None:
    """Draw one kind; among all of them, one that has no data is passed over with a word."""
    from sim.report.gallery import KINDS as GALLERY
    from sim.report.style import save

    if among_all and kind == "displacement" and subject.districts is None:
        click.echo("no displacement: this store keeps no districts", err=True)
        return
    save(GALLERY[kind].draw(subject), path)
    click.echo(f"Written to {path}")
