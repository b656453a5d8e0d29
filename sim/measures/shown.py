"""Outcomes as a notebook shows them: the headlines of a run, each with its number and unit."""

from collections.abc import Mapping

from sim.measures.outcome import Number
from sim.measures.registry import headlines


def headline_rows(outcomes: Mapping[str, Number]) -> list[tuple[str, str, str]]:
    """Label, number and unit of the outcomes that are shown unasked."""
    return [
        (outcome.label, *_figure(outcomes[name], outcome.unit))
        for name, outcome in headlines().items()
        if name in outcomes
    ]


def _figure(value: Number, unit: str) -> tuple[str, str]:
    if value is None:
        return "–", ""
    if unit == "share":
        return f"{100 * value:.3g}", "%"
    whole = isinstance(value, int) or abs(value) >= 1000.0
    return f"{value:,.0f}" if whole else f"{value:.3g}", "" if unit == "count" else unit
