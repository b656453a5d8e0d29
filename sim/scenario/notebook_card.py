"""A scenario as a notebook shows it: what it is, and in what it differs from the baseline."""

from typing import Final

from sim.errors import format_value
from sim.notebook_card import card
from sim.scenario.load import load
from sim.scenario.spec import Scenario
from sim.scenario.values import diff

MOST: Final = 20
"""Differences that are told."""


def as_html(scenario: Scenario) -> str:
    """Title, description, period and ground, then a row for each difference."""
    base = load("baseline", ground=scenario.ground)
    found = diff(base, scenario)
    start = scenario.start
    reach = f"{len(scenario.ground.districts)} districts of {scenario.ground.name}"
    lines = [
        scenario.description.strip().partition("\n\n")[0],
        f"{scenario.days:g} days from {start.day} {start:%b %Y}, {reach}.",
    ]
    if not found:
        lines.append("Every value is that of the shipped baseline.")
    rows = [(d.key, _cell(d.a), _cell(d.b), d.unit) for d in found[:MOST]]
    if len(found) > MOST:
        rows.append((f"and {len(found) - MOST} more", "", "", ""))
    title = f"{scenario.name}: {scenario.title}" if scenario.title else scenario.name
    heads = ("", "baseline", "here", "unit") if rows else ()
    return card(title, filter(None, lines), heads, rows, (0, 3))


def _cell(value: object) -> str:
    return "–" if value is None else format_value(value)
