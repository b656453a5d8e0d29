"""A comparison as text: the verdicts, then the figures behind them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from sim.cli.matrix_text import matrix_lines
from sim.cli.tables import column_lines, result_lines, sentence_lines, sheet_lines
from sim.cli.terminal import text_width
from sim.comparison import regret_words, structure, text_tables
from sim.comparison.ceiling_words import sentences
from sim.comparison.number_format import with_interval

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison
    from sim.comparison.displacement import DisplacementRow
    from sim.comparison.text_tables import TextTable


def as_text(found: Comparison, *, full: bool = False, everything: bool = False) -> Iterator[str]:
    """Yield the lines of a comparison: what is known, and the policies by outcomes.

    ``full`` adds a verdict and a table for each policy and the other findings, ``everything``
    each district. A single policy or scenario is always shown in full.
    """
    title = "Verdict" if found.policies else "What to expect"
    yield from result_lines(found.headline, title=title)
    parts = [] if len(found.policies) < 2 else [matrix_lines(found)]
    if len(found.policies) > 1 and not full:
        parts += [_hints(found)]
    else:
        parts += _against(found, everything) if found.policies else _alone(found)
    yield from _with_notes(found, parts)


def alternatives_text(found: Comparison) -> Iterator[str]:
    """Yield the verdicts in variants of the model, and which policy is safe, with their tables."""
    terms = found.words().terms
    tables: list[TextTable] = []
    if found.structure:
        yield from result_lines(found.structural, title="Verdict in variants of the model")
        tables += structure.structure_tables(found, terms)
    if found.regret:
        yield from result_lines(found.safe, title="Which choice is safe")
        tables += regret_words.regret_tables(found, terms)
    yield from _with_notes(found, map(sheet_lines, tables))


def _with_notes(found: Comparison, parts: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield the notes of a comparison, then its parts that are not empty, the ceiling last."""
    for note in found.notes:
        yield from textwrap.wrap(f"Note: {note}", text_width(), subsequent_indent="    ")
    for part in (*parts, _ceiling(found)):
        lines = list(part)
        if lines:
            yield from ["", *lines]


def _hints(found: Comparison) -> Iterator[str]:
    """Yield what changes the reading of a short answer, and how to see the rest."""
    if any(row.depends for row in found.dependence):
        for sentence in found.robustness:
            yield from sentence_lines(sentence)
    yield from sentence_lines(
        "--full adds a verdict and a table for each policy, where harm moved, what averting it "
        "costs, the ranking, and how much is due to unknown parameters."
    )


def _alone(found: Comparison) -> Iterator[Iterator[str]]:
    """Yield the distributions of a single scenario."""
    terms = found.words().terms
    yield sheet_lines(text_tables.distributions(found, found.baseline, terms))
    yield sheet_lines(text_tables.exceedances(found, found.baseline, terms))


def _against(found: Comparison, everything: bool) -> Iterator[Iterator[str]]:
    """Yield the verdicts and the figures behind a comparison."""
    terms = found.words().terms
    if len(found.policies) > 1:
        yield result_lines(found.verdicts, title="Verdict on each")
    tables = [text_tables.differences_by_outcome(found, name, terms) for name in found.policies]
    for sheet in _one_note(tables):
        yield sheet_lines(sheet)
    yield _displacement(found, everything)
    if found.costs:
        yield sheet_lines(text_tables.costs(found, terms))
    if found.ranking:
        yield sheet_lines(text_tables.ranking(found, terms))
    yield _outweighing_pairs(found)
    yield _uncertainty(found, everything)


def _one_note(tables: Sequence[TextTable]) -> list[TextTable]:
    """Return the tables of one kind that have rows; the last keeps the note on how to read them."""
    filled = [sheet for sheet in tables if sheet.rows]
    return [*(sheet._replace(note="") for sheet in filled[:-1]), *filled[-1:]]


def _outweighing_pairs(found: Comparison) -> Iterator[str]:
    """Warn where one pair outweighs all others; for the harm a note does."""
    for outcome in found.outcomes:
        if outcome != found.harm and (warning := found.heavy(outcome, found.words().terms)):
            yield from sentence_lines(warning)


def _displacement(found: Comparison, everything: bool) -> Iterator[str]:
    """Yield changes along the line; a policy that acts everywhere has no neighbouring area."""
    from sim.comparison.displacement import EVERYWHERE
    from sim.comparison.districts import MEASURES

    totals = [row for row in found.displacement if row.row == "total"]
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
    if found.samples[found.baseline].expected:
        yield from sentence_lines(
            "Victims by district are counted, not expected, and so is their total."
        )
    if everything:
        for name in found.policies:
            for measure in MEASURES:
                sheet = text_tables.districts(found, name, measure, found.words().terms)
                yield from ["", *sheet_lines(sheet)]


def _span(row: DisplacementRow) -> str:
    return with_interval(row.difference, row.low, row.high)


def _uncertainty(found: Comparison, everything: bool) -> Iterator[str]:
    """Yield how much is due to unknown parameters and to chance, for the harm or every outcome."""
    terms = found.words().terms
    outcomes = found.outcomes if everything else [found.harm or ""]
    tables = _one_note([text_tables.splits(found, name, terms) for name in outcomes])
    if not tables and not found.robustness:
        return
    yield click.style("Parameters and chance", bold=True)
    for sheet in tables:
        yield from sheet_lines(sheet)
    for sentence in found.robustness:
        yield from sentence_lines(sentence)


def _ceiling(found: Comparison) -> Iterator[str]:
    """Yield how near the patrols come to the ceiling; nothing where it was not requested."""
    if not found.ceiling:
        return
    terms = found.words().terms
    sheet = text_tables.ceiling(found, terms)
    title, *table = sheet_lines(sheet)
    yield title
    yield from result_lines(sentences(found.ceiling, terms))
    yield from ["", *table]
    for row in found.ceiling:
        if row.basis:
            yield from sentence_lines(f"{row.scenario}: {row.basis}.")
