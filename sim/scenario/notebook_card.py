"""A scenario as a notebook shows it: its description and its differences from the baseline."""

from typing import Final

from sim.errors import format_value
from sim.notebook_card import card
from sim.scenario.load import load
from sim.scenario.spec import Scenario
from sim.scenario.values import diff

MOST: Final = 20
"""Number of differences shown."""


def as_html(scenario: Scenario) -> str:
    """Title, description, period and ground, then a row for each difference."""
    base = load("baseline", ground=scenario.ground)
    differences = diff(base, scenario)
    start = scenario.start
    extent = f"{len(scenario.ground.districts)} districts of {scenario.ground.name}"
    lines = [
        scenario.description.strip().partition("\n\n")[0],
        f"{scenario.days:g} days from {start.day} {start:%b %Y}, {extent}.",
    ]
    if not differences:
        lines.append("Every value is that of the shipped baseline.")
    rows = [(d.key, _cell(d.a), _cell(d.b), d.unit) for d in differences[:MOST]]
    if len(differences) > MOST:
        rows.append((f"and {len(differences) - MOST} more", "", "", ""))
    title = f"{scenario.name}: {scenario.title}" if scenario.title else scenario.name
    heads = ("", "baseline", "here", "unit") if rows else ()
    return card(title, filter(None, lines), heads, rows, (0, 3))


def _cell(value: object) -> str:
    return "–" if value is None else format_value(value)
