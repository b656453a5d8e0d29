"""``panj compare``: what the policies in a store do, against a baseline, replicate by replicate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from sim.cli import options

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.compare.comparison import Comparison
    from sim.compare.question import Options
    from sim.compare.results import Results


class Asked(TypedDict):
    """The options as given."""

    baseline: str
    outcomes: str | None
    scenarios: str | None
    confidence: float
    rope: tuple[str, ...]
    harm: str | None
    response: str | None
    everything: bool
    ceiling: bool
    as_json: bool


@click.command(
    epilog="""\b
Examples:
  panj compare results/policies
  panj compare results/policies --baseline routine_always
  panj compare results/policies --outcomes guards_killed,cost_usd --confidence 0.95
  panj compare results/policies --rope victims:0.5 --response darvoz,vanj
  panj compare results/policies --all
  panj compare results/policies --ceiling
  panj compare results/policies --json"""
)
@click.argument("store", type=click.Path(path_type=Path))
@options.baseline
@click.option("--outcomes", metavar="A,B", help="Look at these outcomes instead of the headlines.")
@click.option("--scenarios", metavar="A,B", help="Look at these scenarios instead of all.")
@click.option(
    "--confidence",
    type=float,
    default=0.9,
    show_default=True,
    metavar="P",
    help="Confidence of intervals and verdicts.",
)
@click.option(
    "--rope",
    multiple=True,
    metavar="OUTCOME:X",
    help="Differences up to X, in the outcome's unit, are the same in practice "
    "[default: 5 % of the baseline's mean]; may be repeated.",
)
@click.option("--harm", metavar="NAME", help="Open verdicts and rank by this outcome.")
@click.option("--response", metavar="A,B", help="Districts where the policies act.")
@click.option("--all", "everything", is_flag=True, help="Show every outcome and district.")
@click.option(
    "--ceiling",
    is_flag=True,
    help="Show how near the patrols come to the most possible with as many of them.",
)
@options.as_json
def compare(store: Path, **asked: Unpack[Asked]) -> None:
    """Compare the scenarios in STORE with a baseline, pair by pair.

    STORE is a store written by 'panj batch', or a Parquet file or folder with the same columns.
    docs/comparison.md says what each figure means.
    """
    from sim.compare.comparison import compare as ask

    found_in = results(store)
    found = ask(found_in, asked["baseline"], **_question(asked, found_in))
    if asked["as_json"]:
        click.echo(as_json(found))
        return
    from sim.cli.ceiling_text import ceiling
    from sim.cli.comparison_text import as_text

    lines = list(as_text(found, everything=asked["everything"]))
    if nearness := list(ceiling(found.ceiling)):
        lines += ["", *nearness]
    click.echo("\n".join(lines))


def results(path: Path) -> Results | pa.Table:
    """Open a store, or a Parquet file or folder in the shape of its outcomes.

    Raises :class:`~sim.errors.StoreError` for anything else.
    """
    from sim.batch.place import MANIFEST
    from sim.batch.store import Store
    from sim.errors import StoreError

    if (path / MANIFEST).exists():
        return Store.open(path)
    import pyarrow as pa
    from pyarrow import dataset

    if not path.exists():
        raise StoreError("there is no such store", path=path, remedy="'panj batch' writes one.")
    try:
        table = dataset.dataset(path, format="parquet").to_table()
    except (pa.ArrowException, OSError) as error:
        raise StoreError(
            f"is neither a store nor a Parquet file: {str(error).splitlines()[0]}", path=path
        ) from error
    if table.num_columns == 0:
        raise StoreError("there is nothing in it", path=path, remedy="'panj batch' writes a store.")
    return table


def _question(asked: Asked, found_in: Results | pa.Table) -> Options:
    from sim.compare.question import parse_rope

    outcomes = _names(asked["outcomes"])
    if outcomes is None and not asked["everything"]:
        outcomes = _headlines(found_in)
    return {
        "outcomes": outcomes,
        "scenarios": _names(asked["scenarios"]),
        "confidence": asked["confidence"],
        "rope": dict(map(parse_rope, asked["rope"])),
        "harm": asked["harm"],
        "response": _names(asked["response"]),
        "ceiling": asked["ceiling"],
    }


def _headlines(found_in: Results | pa.Table) -> list[str] | None:
    """The headline outcomes that are there; ``None``, for all, where none is."""
    import pyarrow as pa

    from sim.compare.orientation import HEADLINES
    from sim.outcomes import FIELDS

    there = (
        found_in.column_names
        if isinstance(found_in, pa.Table)
        else [field.name for field in FIELDS]
    )
    return [name for name in HEADLINES if name in there] or None


def _names(text: str | None) -> list[str] | None:
    """Names between commas; ``None`` where nothing was given."""
    if text is None:
        return None
    return [name.strip() for name in text.split(",") if name.strip()]


def as_json(found: Comparison) -> str:
    """The comparison as one JSON object: sentences and the rows of each table."""
    return json.dumps(
        {
            "baseline": found.baseline,
            "confidence": found.confidence,
            "verdicts": found.verdicts,
            "notes": found.notes,
            "table": found.table.to_pylist(),
            "displacement": found.displacement.to_pylist(),
            "cost": found.cost.to_pylist(),
            "ranking": found.ranking.to_pylist(),
            "uncertainty": found.uncertainty.to_pylist(),
            "dependence": found.dependence.to_pylist(),
            "robustness": found.robustness,
            "ceiling": found.ceiling.to_pylist(),
        },
        allow_nan=False,
    )
