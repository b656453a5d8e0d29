"""``panj compare``: the effect of the policies in a store, against a baseline, pair by pair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from sim.cli import options
from sim.cli.tables import print_json
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
  panj compare results/variants --structure
  panj compare results/policies --regret
  panj compare results/policies --json"""
)
@options.store
@options.baseline
@options.outcomes("Compare these outcomes instead of the headline outcomes.")
@options.scenarios
@options.confidence
@options.outcome_values(
    "--rope",
    "Differences up to X, in the outcome's unit, count as the same in practice "
    "[default: 5 % of the baseline's mean]; can be given more than once.",
)
@options.harm
@options.outcome_values(
    "--above",
    "For a single scenario, show the probability of more than X; can be given more than once.",
)
@options.value("--response", "A,B", "Districts where the policies act.", callback=options.names)
@options.flag(
    "--full", "Also show the figures behind the result: a table for each policy, and more."
)
@options.flag("--all", "Show all of this for every outcome and district.", "everything")
@options.flag(
    "--ceiling", "Show how near the patrols come to the most that as many patrols could reach."
)
@options.flag(
    "--structure",
    "Show instead the verdict on each policy in each structural variant of the model.",
)
@options.flag(
    "--regret",
    "Show instead which choice is safe: how far behind the best each policy may be, whatever the "
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
    **query: Any,
) -> None:
    """Compare the scenarios in STORE with a baseline, pair by pair.

    The result is a few sentences and a table of policies by outcomes; --full adds the rest. STORE
    is a store written by 'panj batch', or a Parquet file or folder with the same columns. For a
    store with one scenario the command shows distributions. docs/comparison.md explains each
    figure.
    """
    from sim.comparison.comparison import compare as compare_scenarios
    from sim.comparison.question import parse_outcome_value
    from sim.comparison.source import open_source

    source = open_source(folder)
    thresholds: dict[str, list[float]] = {}
    for text in above:
        outcome, threshold = parse_outcome_value(text, "a threshold")
        thresholds.setdefault(outcome, []).append(threshold)
    if outcomes is None and not everything:
        outcomes = _headlines(source, thresholds)
    result = compare_scenarios(
        source,
        outcomes=outcomes,
        rope=dict(parse_outcome_value(text, "a region of practical equivalence") for text in rope),
        above=thresholds,
        **query,
    )
    if query["structure"] and not result.structure:
        raise PanjError(
            "no scenario was run beside the baseline in a structural variant of the model",
            key="--structure",
            remedy="Name them in 'panj batch SCENARIO... -o STORE --structure'.",
        )
    if as_json:
        print_json(_as_data(result))
        return
    from sim.cli.comparison_text import alternatives_text, as_text

    if query["structure"] or query["regret"]:
        lines = alternatives_text(result)
    else:
        lines = as_text(result, full=full or everything, everything=everything)
    click.echo("\n".join(lines))


def _headlines(source: Source, also: Iterable[str]) -> list[str] | None:
    """Return the headline outcomes and ``also`` that the source has; ``None`` if it has none."""
    from sim.comparison.matrix import BESIDE
    from sim.measures.registry import headlines

    names = (*headlines(), *BESIDE, *also)
    return [name for name in names if name in source.outcomes] or None


_FIELDS: Final = (
    "baseline", "confidence", "headline", "matrix", "verdicts", "notes", "robustness", "structural",
    "safe",
)  # fmt: skip


def _as_data(result: Comparison) -> dict[str, object]:
    """Return the sentences of a comparison and the rows of its tables."""
    from sim.comparison.comparison import TABLES

    data = {name: getattr(result, name) for name in _FIELDS}
    data["matrix"] = result.matrix and asdict(result.matrix)
    return data | {name: [asdict(row) for row in getattr(result, name)] for name in TABLES}
