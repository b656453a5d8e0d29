"""Make the page ``docs/parameters.md`` from the specification.

Refresh it with ``python -m sim.scenario.parameter_page docs/parameters.md``.
"""

import datetime as dt
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from sim.scenario.parameters import Parameter, number, parameters, sections

_HEAD = """# Parameters

Every parameter of a scenario. This page is made from the specification in
`sim/scenario/spec*.py` by `python -m sim.scenario.parameter_page docs/parameters.md`; a test
compares the two.

In a scenario file, write a key as `[section]` with `name = value` below it; on the command line,
as `--set section.name=value`. Bounds are inclusive. A source is one of the
[references](references.md), a derivation from the seed tables, or the word assumption: then nothing
better is known, and the value should be varied. In a district table the bounds apply to each entry.
"""
_COLUMNS = ("key", "default", "unit", "bounds", "source", "meaning")


def page() -> str:
    """Return the page as Markdown."""
    parts = [_HEAD, f"There are {len(parameters())} parameters.\n"]
    for section, group in groupby(parameters().values(), key=lambda known: known.section):
        parts.append(f"## {section or 'The run'}\n")
        if section:
            parts.append(f"{sections()[section].splitlines()[0]}\n")
        parts.append(table(_COLUMNS, map(_row, group)))
    return "\n".join(parts)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [columns, ("---",) * len(columns), *rows]
    cells = ([cell.replace("|", r"\|") for cell in line] for line in lines)
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


def _row(known: Parameter) -> tuple[str, ...]:
    return (
        f"`{known.key}`", value_text(known.default), known.unit, _bounds(known), known.source,
        known.doc,
    )  # fmt: skip


def _bounds(known: Parameter) -> str:
    if known.kind in ("choice", "list") and known.choices:
        return ", ".join(known.choices)
    if known.low is None or known.high is None:
        return known.kind
    return f"{number(known.low)} to {number(known.high)}"


def value_text(value: object) -> str:
    """Write a default value for a page or a table."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {value_text(inner)}" for key, inner in value.items()) or "none"
    if isinstance(value, list):
        return f"[{', '.join(map(value_text, value))}]"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
