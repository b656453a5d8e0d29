"""``panj compare``: what the policies in a store do, against a baseline, replicate by replicate."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from sim.cli import options
from sim.errors import PanjError

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison
    from sim.comparison.source import Source


@click.command(
    epilog="""\b
Examples:
  panj compare results/policies
  panj compare results/policies --baseline routine_always
  panj compare results/policies --outcomes guards_killed,cost_usd --confidence 0.95
  panj compare results/policies --rope victims:0.5 --response darvoz,vanj
  panj compare results/one-scenario --above victims:20
  panj compare results/policies --full
  panj compare results/policies --ceiling
  panj compare results/variants --structure
  panj compare results/policies --regret
  panj compare results/policies --json"""
)
@options.store
@options.baseline
@options.outcomes("Look at these outcomes instead of the headlines.")
@options.scenarios
@options.confidence
@options.outcome_values(
    "--rope",
    "Differences up to X, in the outcome's unit, are the same in practice "
    "[default: 5 % of the baseline's mean]; may be repeated.",
)
@options.harm
@options.outcome_values(
    "--above", "Of one scenario, tell the chance of more than X; may be repeated."
)
@options.value("--response", "A,B", "Districts where the policies act.", callback=options.names)
@options.flag("--full", "Show what is behind it too: a table for each policy and more.")
@options.flag("--all", "The same of every outcome and district.", "everything")
@options.flag(
    "--ceiling", "Show how near the patrols come to the most possible with as many of them."
)
@options.flag(
    "--structure",
    "Tell the verdict on each policy in each structural variant of the model instead.",
)
@options.flag(
    "--regret",
    "Tell which choice is safe instead: how far behind the best each may be, whatever the "
    "parameters are.",
)
@options.as_json
def compare(
    folder: Path,
    outcomes: list[str] | None,
    rope: tuple[str, ...],
    above: tuple[str, ...],
    full: bool,
    everything: bool,
    as_json: bool,
    **wishes: Any,
) -> None:
    """Compare the scenarios in STORE with a baseline, pair by pair.

    Sentences, and a table of policies by outcomes; --full gives the rest.
    STORE is a store written by 'panj batch', or a Parquet file or folder with the same columns.
    Of a store with one scenario its distributions are told. docs/comparison.md says what each
    figure means.
    """
    from sim.comparison.comparison import compare as ask
    from sim.comparison.question import parse_outcome_value
    from sim.comparison.source import open_source

    source = open_source(folder)
    thresholds = [parse_outcome_value(text, "a threshold") for text in above]
    wanted = _headlines(source, thresholds) if outcomes is None and not everything else outcomes
    found = ask(
        source,
        outcomes=wanted,
        rope=dict(parse_outcome_value(text, "a region of practical equivalence") for text in rope),
        above=_grouped(thresholds),
        **wishes,
    )
    if wishes["structure"] and not found.structure:
        raise PanjError(
            "no scenario was run beside the baseline in a structural variant of the model",
            key="--structure",
            remedy="Name them in 'panj batch SCENARIO... -o STORE --structure'.",
        )
    if as_json:
        click.echo(in_json(found))
        return
    from sim.cli.comparison_text import alternatives_text, as_text

    shown = as_text(found, full=full or everything, everything=everything)
    lines = alternatives_text(found) if wishes["structure"] or wishes["regret"] else shown
    click.echo("\n".join(lines))


def _grouped(thresholds: Iterable[tuple[str, float]]) -> dict[str, list[float]]:
    """Thresholds by outcome."""
    found: dict[str, list[float]] = {}
    for outcome, value in thresholds:
        found.setdefault(outcome, []).append(value)
    return found


def _headlines(source: Source, thresholds: Iterable[tuple[str, float]]) -> list[str] | None:
    """The headline outcomes that are there, and those asked about; ``None``, for all, of none."""
    from sim.comparison.matrix import BESIDE
    from sim.measures.registry import headlines

    asked = [outcome for outcome, _ in thresholds]
    return [n for n in (*headlines(), *BESIDE, *asked) if n in source.outcomes] or None


_TOLD: Final = (
    "baseline", "confidence", "headline", "matrix", "verdicts", "notes", "robustness", "structural",
    "safe",
)  # fmt: skip


def in_json(found: Comparison) -> str:
    """The comparison as one JSON object: sentences and the rows of each finding."""
    from sim.comparison.comparison import TABLES

    told = {name: getattr(found, name) for name in _TOLD}
    told["matrix"] = found.matrix and asdict(found.matrix)
    rows = {name: [asdict(row) for row in getattr(found, name)] for name in TABLES}
    return json.dumps(told | rows, allow_nan=False)
