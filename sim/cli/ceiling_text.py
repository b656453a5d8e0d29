"""How near patrols come to the most possible, as text within 100 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

import click

from sim.cli.comparison_text import NOTHING, columns
from sim.cli.outcome_table import WIDTH
from sim.comparison.ceiling_words import chance, sentences
from sim.comparison.digits import per_cent, short

if TYPE_CHECKING:
    import pyarrow as pa

_LEGEND: Final = (
    "seen: chance that a patrol sees a crosser who heeds none. sure: the same for one who knows "
    "the plan, but not what chance decides, and picks place, light and moment. at most: what no "
    "plan with as many patrols out at every hour exceeds; the two cannot be had together."
)


def ceiling_lines(table: pa.Table) -> Iterator[str]:
    """The lines of the distance from the ceiling; none where it was not asked for."""
    rows = table.to_pylist()
    if not rows:
        return
    yield click.style("Distance from the ceiling", bold=True)
    for sentence in sentences(rows):
        yield from textwrap.wrap(sentence, WIDTH, initial_indent="  ", subsequent_indent="    ")
    yield ""
    head = ("", "out", "seen", "at most", "reached", "sure", "at most", "reached", "weakest")
    yield from columns([head, *map(_cells, rows)], left=(0, 8))
    yield ""
    yield from textwrap.wrap(_LEGEND, WIDTH, initial_indent="  ", subsequent_indent="  ")
    for row in rows:
        if row["basis"]:
            told = f"{row['scenario']}: {row['basis']}."
            yield from textwrap.wrap(told, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _cells(row: Mapping[str, object]) -> tuple[str, ...]:
    out = row["patrols_out"]
    cells = [str(row["scenario"]), short(out) if isinstance(out, float) else NOTHING]
    for measure in ("expected", "guaranteed"):
        share = row[f"{measure}_reached"]
        cells += [
            chance(row[measure]),
            chance(row[f"{measure}_most"]),
            per_cent(share) if isinstance(share, float) else NOTHING,
        ]
    weakest = NOTHING
    if row["weakest"] is not None:
        weakest = f"{row['weakest']}, {'night' if row['by_night'] else 'day'}"
    return *cells, weakest
