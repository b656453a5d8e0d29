"""A comparison as text: the verdicts, then the figures behind them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from sim.cli.matrix_text import matrix_lines
from sim.cli.tables import column_lines, result_lines, sentence_lines, table_lines
from sim.cli.terminal import text_width
from sim.comparison import regret_words, structure, text_tables
from sim.comparison.ceiling_words import sentences
from sim.comparison.number_format import with_interval

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison
    from sim.comparison.displacement import DisplacementRow
    from sim.comparison.text_tables import TextTable


def as_text(
    comparison: Comparison, *, full: bool = False, everything: bool = False
) -> Iterator[str]:
    """Yield the lines of a comparison: what is known, and the policies by outcomes.

    ``full`` adds a verdict and a table for each policy and the other findings, ``everything``
    each district. A single policy or scenario is always shown in full.
    """
    title = "Verdict" if comparison.policies else "What to expect"
    yield from result_lines(comparison.headline, title=title)
    parts = [] if len(comparison.policies) < 2 else [matrix_lines(comparison)]
    if len(comparison.policies) > 1 and not full:
        parts += [_hints(comparison)]
    else:
        parts += _against(comparison, everything) if comparison.policies else _alone(comparison)
    yield from _with_notes(comparison, parts)


def alternatives_text(comparison: Comparison) -> Iterator[str]:
    """Yield the verdicts in variants of the model, and which policy is safe, with their tables."""
    terms = comparison.words().terms
    tables: list[TextTable] = []
    if comparison.structure:
        yield from result_lines(comparison.structural, title="Verdict in variants of the model")
        tables += structure.structure_tables(comparison, terms)
    if comparison.regret:
        yield from result_lines(comparison.safe, title="Which choice is safe")
        tables += regret_words.regret_tables(comparison, terms)
    yield from _with_notes(comparison, map(table_lines, tables))


def _with_notes(comparison: Comparison, parts: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield the notes of a comparison, then its parts that are not empty, the ceiling last."""
    for note in comparison.notes:
        yield from textwrap.wrap(f"Note: {note}", text_width(), subsequent_indent="    ")
    for part in (*parts, _ceiling(comparison)):
        lines = list(part)
        if lines:
            yield from ["", *lines]


def _hints(comparison: Comparison) -> Iterator[str]:
    """Yield what changes the reading of a short answer, and how to see the rest."""
    if any(row.depends for row in comparison.dependence):
        for sentence in comparison.robustness:
            yield from sentence_lines(sentence)
    yield from sentence_lines(
        "--full adds a verdict and a table for each policy, where harm moved, what averting it "
        "costs, the ranking, and how much is due to unknown parameters."
    )


def _alone(comparison: Comparison) -> Iterator[Iterator[str]]:
    """Yield the distributions of a single scenario."""
    terms = comparison.words().terms
    yield table_lines(text_tables.distributions(comparison, comparison.baseline, terms))
    yield table_lines(text_tables.exceedances(comparison, comparison.baseline, terms))


def _against(comparison: Comparison, everything: bool) -> Iterator[Iterator[str]]:
    """Yield the verdicts and the figures behind a comparison."""
    terms = comparison.words().terms
    if len(comparison.policies) > 1:
        yield result_lines(comparison.verdicts, title="Verdict on each")
    tables = [
        text_tables.differences_by_outcome(comparison, name, terms) for name in comparison.policies
    ]
    for table in _one_note(tables):
        yield table_lines(table)
    yield _displacement(comparison, everything)
    if comparison.costs:
        yield table_lines(text_tables.costs(comparison, terms))
    if comparison.ranking:
        yield table_lines(text_tables.ranking(comparison, terms))
    yield _outweighing_pairs(comparison)
    yield _uncertainty(comparison, everything)


def _one_note(tables: Sequence[TextTable]) -> list[TextTable]:
    """Return the tables of one kind that have rows; the last keeps the note on how to read them."""
    filled = [table for table in tables if table.rows]
    return [*(table._replace(note="") for table in filled[:-1]), *filled[-1:]]


def _outweighing_pairs(comparison: Comparison) -> Iterator[str]:
    """Warn where one pair outweighs all others; for the harm a note does."""
    for outcome in comparison.outcomes:
        if outcome != comparison.harm and (
            warning := comparison.heavy(outcome, comparison.words().terms)
        ):
            yield from sentence_lines(warning)


def _displacement(comparison: Comparison, everything: bool) -> Iterator[str]:
    """Yield changes along the line; a policy that acts everywhere has no neighbouring area."""
    from sim.comparison.displacement import EVERYWHERE
    from sim.comparison.districts import MEASURES

    totals = [row for row in comparison.displacement if row.row == "total"]
    if not totals:
        return
    yield click.style("Displacement along the line, per run", bold=True)
    everywhere = dict.fromkeys(row.scenario for row in totals if row.words == EVERYWHERE)
    if everywhere:
        yield from sentence_lines(
            "These policies act on the whole line, so no neighbouring area is left to compare. "
            "Change on the whole line:"
        )
        body = [
            (name, *(_span(row) for row in totals if row.scenario == name)) for name in everywhere
        ]
        yield from column_lines([("", *MEASURES.values()), *body])
    for row in totals:
        if row.words != EVERYWHERE:
            yield from sentence_lines(
                f"{row.scenario}, {MEASURES[row.measure]}: {_span(row)} on the whole line; "
                f"{row.words}."
            )
    if comparison.samples[comparison.baseline].expected:
        yield from sentence_lines(
            "Victims by district are counted, not expected, and so is their total."
        )
    if everything:
        for name in comparison.policies:
            for measure in MEASURES:
                table = text_tables.districts(comparison, name, measure, comparison.words().terms)
                yield from ["", *table_lines(table)]


def _span(row: DisplacementRow) -> str:
    return with_interval(row.difference, row.low, row.high)


def _uncertainty(comparison: Comparison, everything: bool) -> Iterator[str]:
    """Yield how much is due to unknown parameters and to chance, for the harm or every outcome."""
    terms = comparison.words().terms
    outcomes = comparison.outcomes if everything else [comparison.harm or ""]
    tables = _one_note([text_tables.splits(comparison, name, terms) for name in outcomes])
    if not tables and not comparison.robustness:
        return
    yield click.style("Parameters and chance", bold=True)
    for table in tables:
        yield from table_lines(table)
    for sentence in comparison.robustness:
        yield from sentence_lines(sentence)


def _ceiling(comparison: Comparison) -> Iterator[str]:
    """Yield how near the patrols come to the ceiling; nothing where it was not requested."""
    if not comparison.ceiling:
        return
    terms = comparison.words().terms
    title, *lines = table_lines(text_tables.ceiling(comparison, terms))
    yield title
    yield from result_lines(sentences(comparison.ceiling, terms))
    yield from ["", *lines]
    for row in comparison.ceiling:
        if row.basis:
            yield from sentence_lines(f"{row.scenario}: {row.basis}.")
