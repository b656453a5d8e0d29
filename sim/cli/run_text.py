"""A run as text within 100 columns, and as JSON: what was run, its outcomes, its incidents."""

from __future__ import annotations

import datetime as dt
import json
import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from sim.cli.terminal import WIDTH

if TYPE_CHECKING:
    from sim.incidents.records import Incident
    from sim.measures.outcome import Outcome
    from sim.model import BorderModel

MOST_INCIDENTS: Final = 8
"""Greatest number of incidents in the text."""
_NO_UNIT: Final = {"", "-", "count", "ratio"}
_PER_CENT: Final = {"share", "probability"}


def as_text(model: BorderModel) -> Iterator[str]:
    """Yield the heading of a run, its outcomes, and its gravest incidents."""
    from sim.incidents.narrative import notable, sentence
    from sim.incidents.records import Incident
    from sim.measures.registry import known

    yield from heading(model)
    yield ""
    yield from outcome_lines(model.outcomes(), known(model.ground).values())
    incidents = model.log[Incident]
    gravest = notable(incidents, MOST_INCIDENTS)
    yield ""
    title = "Incidents" if incidents else "No incidents"
    if len(gravest) < len(incidents):
        title = f"The {len(gravest)} gravest of {len(incidents):,} incidents"
    yield click.style(title, bold=True)
    for incident in gravest:
        line = sentence(incident, model.spec.start, model.ground)
        yield from textwrap.wrap(line, WIDTH, initial_indent="  ", subsequent_indent="      ")


def heading(model: BorderModel) -> Iterator[str]:
    """Yield the title, period, seed and extent of a run, and when it changed its scenario."""
    (_, first), *later = model.eras
    for line in textwrap.wrap(first.title or first.name, WIDTH):
        yield click.style(line, bold=True)
    spec = model.spec
    last = spec.start + dt.timedelta(days=math.ceil(spec.days) - 1)
    period = f"{_date(spec.start)} to {_date(last)} ({spec.days:,g} days)"
    yield f"{period}, seed {model.seed}, {len(spec.ground.districts)} districts"
    for day, scenario in later:
        date = _date(spec.start + dt.timedelta(days=day))
        line = f"from {date} (day {day:g}): {scenario.title or scenario.name}"
        yield from textwrap.wrap(line, WIDTH)


def _date(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"


def as_json(model: BorderModel, command: str) -> str:
    """Return the run as one JSON object: ``outcomes``, ``incidents``, ``provenance``."""
    from sim.incidents.records import Incident
    from sim.runs.one_run import describe

    incidents: Sequence[Incident] = model.log[Incident]
    return json.dumps(
        {
            "outcomes": model.outcomes(),
            "incidents": [incident._asdict() for incident in incidents],
            "provenance": describe(model, command),
        },
        allow_nan=False,
    )


def outcome_lines(
    outcomes: Mapping[str, float | int | None], fields: Iterable[Outcome]
) -> Iterator[str]:
    """Yield a table of outcomes at most 100 columns wide, with a heading for each group.

    One line at the end of a group lists the outcomes that are zero.
    """
    shown = [field for field in fields if field.name in outcomes]
    cells = {field.name: figure(outcomes[field.name], field.unit) for field in shown}
    nonzero = [field for field in shown if outcomes[field.name] != 0]
    labels = max((len(field.label) for field in nonzero), default=0)
    numbers = max((len(cells[field.name][0]) for field in nonzero), default=0)
    for n, (group, members) in enumerate(groupby(shown, key=lambda field: field.group)):
        yield from [""] * (n > 0)
        yield click.style(group.capitalize(), bold=True)
        zero = []
        for field in members:
            if field not in nonzero:
                zero.append(field.label)
                continue
            number, unit = cells[field.name]
            yield f"  {field.label:<{labels}}  {number:>{numbers}} {unit}".rstrip()
        if zero:
            yield from textwrap.wrap(
                f"none: {', '.join(zero)}", WIDTH, initial_indent="  ", subsequent_indent="    "
            )


def figure(value: float | int | None, unit: str) -> tuple[str, str]:
    """Return a number in the digits that a reader needs, and its unit; an unknown one is a dash.

    Whole numbers have all digits; others have three significant digits, and all before the point.
    A share is in per cent.
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
