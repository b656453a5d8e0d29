"""The outcome row as text: by group, in sensible digits, within 100 columns."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from sim.cli.terminal import WIDTH

if TYPE_CHECKING:
    from sim.measures.outcome import Outcome

_NO_UNIT: Final = {"", "-", "count", "ratio"}
_PER_CENT: Final = {"share", "probability"}


def outcome_lines(
    outcomes: Mapping[str, float | int | None], fields: Iterable[Outcome]
) -> Iterator[str]:
    """Give the lines of a table, a heading for each group, at most 100 columns wide.

    What did not happen at all is told in one line at the end of its group.
    """
    shown = [field for field in fields if field.name in outcomes]
    cells = {field.name: figure(outcomes[field.name], field.unit) for field in shown}
    happened = [field for field in shown if outcomes[field.name] != 0]
    labels = max((len(field.label) for field in happened), default=0)
    numbers = max((len(cells[field.name][0]) for field in happened), default=0)
    for n, (group, found) in enumerate(groupby(shown, key=lambda field: field.group)):
        members = list(found)
        yield from [""] * (n > 0)
        yield click.style(group.capitalize(), bold=True)
        for field in members:
            if field in happened:
                number, unit = cells[field.name]
                yield f"  {field.label:<{labels}}  {number:>{numbers}} {unit}".rstrip()
        none = ", ".join(field.label for field in members if field not in happened)
        if none:
            yield from textwrap.wrap(
                f"none: {none}", WIDTH, initial_indent="  ", subsequent_indent="    "
            )


def figure(value: float | int | None, unit: str) -> tuple[str, str]:
    """A number in the digits a reader needs, and its unit; what nobody can say is a dash.

    Whole numbers in full; others with three significant digits, and none cut off before the
    point. A share is told in per cent.
    """
    if value is None or not math.isfinite(value):
        return "–", ""
    if unit in _PER_CENT:
        return _digits(100.0 * value), "%"
    shown = f"{value:,}" if isinstance(value, int) else _digits(value)
    return shown, "" if unit in _NO_UNIT else unit


def _digits(value: float) -> str:
    if value == 0:
        return "0"
    whole = math.floor(math.log10(abs(value))) + 1
    return f"{value:,.{max(3 - whole, 0)}f}" if whole > -3 else f"{value:.1e}"
