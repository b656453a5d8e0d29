"""``panj compare``: what the policies in a store do, against a baseline, replicate by replicate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli import options

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.comparison.comparison import Comparison
    from sim.runs.store import Store


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
@click.option(
    "--outcomes",
    metavar="A,B",
    callback=options.names,
    help="Look at these outcomes instead of the headlines.",
)
@options.scenarios
@options.confidence
@click.option(
    "--rope",
    multiple=True,
    metavar="OUTCOME:X",
    help="Differences up to X, in the outcome's unit, are the same in practice "
    "[default: 5 % of the baseline's mean]; may be repeated.",
)
@options.harm
@click.option(
    "--response", metavar="A,B", callback=options.names, help="Districts where the policies act."
)
@click.option("--all", "everything", is_flag=True, help="Show every outcome and district.")
@click.option(
    "--ceiling",
    is_flag=True,
    help="Show how near the patrols come to the most possible with as many of them.",
)
@options.as_json
def compare(
    store: Path,
    baseline: str,
    outcomes: list[str] | None,
    scenarios: list[str] | None,
    confidence: float,
    rope: tuple[str, ...],
    harm: str | None,
    response: list[str] | None,
    everything: bool,
    ceiling: bool,
    as_json: bool,
) -> None:
    """Compare the scenarios in STORE with a baseline, pair by pair.

    STORE is a store written by 'panj batch', or a Parquet file or folder with the same columns.
    docs/comparison.md says what each figure means.
    """
    from sim.comparison.comparison import compare as ask
    from sim.comparison.question import parse_rope

    found_in = results(store)
    found = ask(
        found_in,
        baseline,
        outcomes=outcomes if outcomes is not None or everything else _headlines(found_in),
        scenarios=scenarios,
        confidence=confidence,
        rope=dict(map(parse_rope, rope)),
        harm=harm,
        response=response,
        ceiling=ceiling,
    )
    if as_json:
        click.echo(in_json(found))
        return
    from sim.cli.ceiling_text import ceiling_lines
    from sim.cli.comparison_text import as_text

    lines = list(as_text(found, everything=everything))
    if nearness := list(ceiling_lines(found.ceiling)):
        lines += ["", *nearness]
    click.echo("\n".join(lines))


def results(path: Path) -> Store | pa.Table:
    """Open a store, or a Parquet file or folder in the shape of its outcomes.

    Raises :class:`~sim.errors.StoreError` for anything else.
    """
    from sim.errors import StoreError
    from sim.runs.catalogue import is_store
    from sim.runs.store import Store

    if is_store(path):
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


def _headlines(found_in: Store | pa.Table) -> list[str] | None:
    """The headline outcomes that are there; ``None``, for all, where none is."""
    import pyarrow as pa

    from sim.measures.registry import headlines

    if not isinstance(found_in, pa.Table):
        return list(headlines())
    return [name for name in headlines() if name in found_in.column_names] or None


def in_json(found: Comparison) -> str:
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
