"""A comparison as text within 100 columns: the verdicts, then the figures behind them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

import click

from sim.cli import matrix_text
from sim.cli.terminal import tinted, width
from sim.comparison import regret_words, sheets, structure
from sim.comparison.ceiling_words import sentences
from sim.comparison.digits import with_span

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison
    from sim.comparison.displacement import DisplacementRow
    from sim.comparison.sheets import Sheet

LABEL: Final = 30
"""Greatest width of the first column; what is longer goes on in the next line."""

_INDENT: Final = 2
_GAP: Final = 2
_NARROW: Final = 10
"""With less room than this in its first column a table is told row by row."""
_LEAST: Final = 24
"""So much room is left to a last column of words before the first one wraps."""


def as_text(found: Comparison, *, full: bool = False, everything: bool = False) -> Iterator[str]:
    """The lines of a comparison: what is known, and policies by outcomes.

    ``full`` adds a verdict and a table for each policy and what else was found, ``everything``
    the districts one by one. One policy, or one scenario by itself, is told in full.
    """
    short = len(found.policies) > 1 and not full
    yield from told(found.headline, (), "Verdict" if found.policies else "What is to be expected")
    parts = [] if len(found.policies) < 2 else [matrix_text.lines(found)]
    if short:
        parts += [_rest(found)]
    else:
        parts += _against(found, everything) if found.policies else _alone(found)
    yield from _noted(found, parts)


def instead(found: Comparison) -> Iterator[str]:
    """The verdict on each policy in variants of the model, or which is safe, then the figures."""
    terms = found.words().terms
    parts = []
    if found.structure:
        yield from told(found.structural, (), "Verdict in variants of the model")
        parts += structure.sheets(found, terms)
    if found.regret:
        yield from told(found.safe, (), "Which choice is safe")
        parts += regret_words.sheets(found, terms)
    yield from _noted(found, map(sheet_lines, parts))


def _noted(found: Comparison, parts: Iterable[Iterable[str]]) -> Iterator[str]:
    """The notes of a comparison, then parts of it that say anything, the ceiling last."""
    for note in found.notes:
        yield from textwrap.wrap(f"Note: {note}", width(), subsequent_indent="    ")
    for part in (*parts, _ceiling(found)):
        lines = list(part)
        if lines:
            yield from ["", *lines]


def told(sentences: Iterable[str], tables: Iterable[Sheet], title: str = "") -> Iterator[str]:
    """A title, if there is one, sentences, then tables."""
    if title:
        yield click.style(title, bold=True)
    for sentence in sentences:
        yield from wrapped(sentence)
    for each in tables:
        yield from ["", *sheet_lines(each)]


def _rest(found: Comparison) -> Iterator[str]:
    """What changes the reading of a short answer, and where the rest of it is."""
    if any(row.depends for row in found.dependence):
        for sentence in found.robustness:
            yield from wrapped(sentence)
    yield from wrapped(
        "--full adds a verdict and a table for each policy, where harm moved, what averting it "
        "costs, the ranking, and how much is owed to unknown parameters."
    )


def _alone(found: Comparison) -> Iterator[Iterator[str]]:
    """How one scenario varies by itself."""
    terms = found.words().terms
    yield sheet_lines(sheets.distributions(found, found.baseline, terms))
    yield sheet_lines(sheets.exceedances(found, found.baseline, terms))


def _against(found: Comparison, everything: bool) -> Iterator[Iterator[str]]:
    """The verdicts and the figures behind a comparison."""
    terms = found.words().terms
    if len(found.policies) > 1:
        yield told(found.verdicts, (), "Verdict on each")
    own = [sheets.differences(found, name, terms) for name in found.policies]
    for sheet in _noted_once(own):
        yield sheet_lines(sheet)
    yield _displacement(found, everything)
    if found.costs:
        yield sheet_lines(sheets.prices(found, terms))
    if found.ranking:
        yield sheet_lines(sheets.ranking(found, terms))
    yield _heavy(found)
    yield uncertainty(found, everything=everything)


def _noted_once(tables: Sequence[Sheet]) -> list[Sheet]:
    """Those of one kind that have rows; the last says how all are read."""
    filled = [sheet for sheet in tables if sheet.rows]
    return [*(sheet._replace(note="") for sheet in filled[:-1]), *filled[-1:]]


def _heavy(found: Comparison) -> Iterator[str]:
    """Where one pair outweighs all others in what is shown; a note says it of the harm."""
    for outcome in found.outcomes:
        if outcome != found.harm and (said := found.heavy(outcome, found.words().terms)):
            yield from wrapped(said)


def wrapped(sentence: str) -> Iterator[str]:
    """A sentence within the width of the page."""
    yield from textwrap.wrap(sentence, width(), initial_indent="  ", subsequent_indent="    ")


def sheet_lines(sheet: Sheet) -> Iterator[str]:
    """A table with its title and how to read it; nothing of one without rows."""
    if not sheet.rows:
        return
    yield click.style(sheet.title, bold=True)
    rows = columns([sheet.heads, *sheet.rows], sheet.left)
    if sheet.heads[-1] == "judgement":
        yield next(rows)
        rows = map(tinted, rows)
    yield from rows
    if sheet.note:
        yield ""
        yield from textwrap.wrap(sheet.note, width(), initial_indent="  ", subsequent_indent="  ")


def columns(
    rows: Sequence[Sequence[str]], left: Sequence[int] = (0,), most: int = LABEL
) -> Iterator[str]:
    """Rows as columns: those in ``left`` to the left, others to the right.

    The first wraps where it is wider than ``most``, and a last one of words where the page ends.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    last, longest = len(widths) - 1, widths[0]
    room = width() - _INDENT - _GAP * last - sum(widths[1:last])
    if last and last in left:
        widths[0] = min(widths[0], most, room - min(widths[last], _LEAST))
        widths[last] = min(widths[last], room - widths[0])
    else:
        widths[0] = min(widths[0], most, room - widths[last] * (last > 0))
    if widths[0] < min(_NARROW, longest):
        yield from _stacked(rows)
        return
    for row in rows:
        cells = [
            textwrap.wrap(cell, max(room, 1), subsequent_indent="" if place else "  ") or [""]
            if place in (0, last) and place in left
            else [cell]
            for place, (cell, room) in enumerate(zip(row, widths, strict=True))
        ]
        for line in range(max(map(len, cells))):
            told = [cell[line] if line < len(cell) else "" for cell in cells]
            aligned = [
                f"{words:<{room}}" if place in left else f"{words:>{room}}"
                for place, (words, room) in enumerate(zip(told, widths, strict=True))
            ]
            yield (" " * _INDENT + (" " * _GAP).join(aligned)).rstrip()


def _stacked(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table without room side by side: the cells of each row below it, with their heads."""
    heads, *body = rows
    for label, *cells in body:
        yield f"{' ' * _INDENT}{label}".rstrip()
        pairs = zip(heads[1:], cells, strict=True)
        told = [f"{head}: {cell}" if head else cell for head, cell in pairs if cell]
        for line in told:
            yield from textwrap.wrap(
                line, width(), initial_indent="    ", subsequent_indent="      "
            )


def _displacement(found: Comparison, everything: bool) -> Iterator[str]:
    """Changes along the line; policies that act everywhere leave no next door to move to."""
    from sim.comparison.displacement import EVERYWHERE
    from sim.comparison.districts import MEASURES

    totals = [row for row in found.displacement if row.row == "total"]
    if not totals:
        return
    yield click.style("Displacement along the line, a run", bold=True)
    everywhere = {row.scenario: row for row in totals if row.words == EVERYWHERE}
    if everywhere:
        yield from wrapped(
            "These policies act on the whole line, so no neighbouring area is left to compare. "
            "Change in all:"
        )
        body = [
            (name, *(_span(row) for row in totals if row.scenario == name)) for name in everywhere
        ]
        yield from columns([("", *MEASURES.values()), *body])
    for row in totals:
        if row.words != EVERYWHERE:
            yield from wrapped(
                f"{row.scenario}, {MEASURES[row.measure]}: {_span(row)} on the whole line; "
                f"{row.words}."
            )
    if found.samples[found.baseline].expected:
        yield from wrapped("Victims by district are as counted, and so is what they add up to.")
    if everything:
        for name in found.policies:
            for measure in MEASURES:
                sheet = sheets.districts(found, name, measure, found.words().terms)
                yield from ["", *sheet_lines(sheet)]


def _span(row: DisplacementRow) -> str:
    return with_span(row.difference, row.low, row.high)


def uncertainty(found: Comparison, *, everything: bool = False) -> Iterator[str]:
    """What is owed to unknown parameters and what to chance; of the harm, or of all."""
    terms = found.words().terms
    outcomes = found.outcomes if everything else [found.harm or ""]
    tables = _noted_once([sheets.splits(found, name, terms) for name in outcomes])
    if not tables and not found.robustness:
        return
    yield click.style("Parameters and chance", bold=True)
    for sheet in tables:
        yield from sheet_lines(sheet)
    for sentence in found.robustness:
        yield from wrapped(sentence)


def _ceiling(found: Comparison) -> Iterator[str]:
    """How near patrols come to the most possible; nothing where it was not asked for."""
    if not found.ceiling:
        return
    terms = found.words().terms
    sheet = sheets.ceiling(found, terms)
    title, *table = sheet_lines(sheet)
    yield title
    yield from told(sentences(found.ceiling, terms), ())
    yield from ["", *table]
    for row in found.ceiling:
        if row.basis:
            yield from wrapped(f"{row.scenario}: {row.basis}.")
