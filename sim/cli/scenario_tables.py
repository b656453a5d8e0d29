"""Rows of the scenario commands as text: a table for a reader, plain columns for a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from sim.errors import shown

if TYPE_CHECKING:
    from sim.scenario.load import Loaded
    from sim.scenario.parameters import Parameter

WIDEST: Final = 240
"""A table may be as wide as a terminal, up to here."""
_GAP: Final = "  "


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows: no wider than the terminal, or one line a row in a pipe."""
    if sys.stdout.isatty():
        _print_rich(head, rows)
        return
    widths = [max(len(row[n]) for row in [head, *rows]) for n in range(len(head))]
    for row in [head, *rows]:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        click.echo(_GAP.join(cells).rstrip())


def print_sections(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows that start with a dotted key: one table a section for a reader, else as one."""
    if not sys.stdout.isatty():
        print_table(head, list(rows))
        return
    for section, group in groupby(
        rows, key=lambda row: row[0].rpartition(".")[0].partition(".")[0]
    ):
        click.echo(click.style(f"[{section}]" if section else "the run", bold=True))
        short = [[row[0].removeprefix(f"{section}."), *row[1:]] for row in group]
        print_table(head, short)


def _print_rich(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for place, title in enumerate(head):
        table.add_column(title, overflow="fold", no_wrap=place == 0)
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console()
    console.print(table, width=min(WIDEST, console.width))


def print_json(value: object) -> None:
    """Print one JSON object; dates and paths as text."""
    click.echo(json.dumps(value, allow_nan=False, ensure_ascii=False, default=str))


def value_text(value: object) -> str:
    """Write a value as a scenario file would; what is not there is a dash."""
    from sim.scenario.parameters import number

    if value is None:
        return "–"
    if isinstance(value, list):
        return f"[{', '.join(map(value_text, value))}]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    return shown(value)


def entries(loaded: Loaded, section: str | None) -> Iterator[tuple[str, Parameter, object]]:
    """Yield key, parameter and value of a scenario; an empty district table yields ``None``."""
    from sim.scenario.parameters import parameters
    from sim.scenario.vary import flatten

    values, slugs = flatten(loaded.scenario), loaded.scenario.ground.slugs
    for key, known in parameters().items():
        if section is not None and not key.startswith(f"{section}."):
            continue
        names = [key] if known.kind != "district table" else [f"{key}.{d}" for d in slugs]
        there = [name for name in names if name in values]
        for name in there or [key]:
            yield name, known, values.get(name)


def value_rows(loaded: Loaded, section: str | None, sources: bool) -> Iterable[list[str]]:
    """Yield key, value and what is allowed; with ``sources`` unit and where it comes from."""
    if section is None:
        place = str(loaded.sources["ground"])
        name = str(loaded.scenario.ground)
        yield ["ground", name, *(("-", place) if sources else ("a shipped ground or a folder",))]
    for key, known, value in entries(loaded, section):
        row = [key, "none" if value is None else value_text(value)]
        yield [*row, known.unit, _source(loaded, key, known)] if sources else [*row, known.allowed]


def _source(loaded: Loaded, key: str, known: Parameter) -> str:
    source = loaded.sources.get(key)
    return f"default: {known.source}" if source is None else str(source)


def described(loaded: Loaded, section: str | None) -> dict[str, object]:
    """Return a loaded scenario for machines: labels, digest, files and every value."""
    from sim.scenario.catalogue import display
    from sim.scenario.vary import digest

    scenario = loaded.scenario
    values = {}
    for key, known, value in entries(loaded, section):
        values[key] = {
            "value": {} if value is None else value,
            "unit": known.unit,
            "low": known.low,
            "high": known.high,
            "choices": list(known.choices) if known.kind == "choice" else None,
            "source": _source(loaded, key, known),
        }
    return {
        "name": scenario.name,
        "title": scenario.title,
        "description": scenario.description.strip(),
        "digest": digest(scenario),
        "ground": {"name": scenario.ground.name, "digest": scenario.ground.digest},
        "files": [display(file) for file in loaded.files],
        "values": values,
    }
