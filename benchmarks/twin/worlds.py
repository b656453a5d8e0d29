"""Scenarios without anything that the twin lacks."""

from __future__ import annotations

from datetime import date

from sim.frontier.ground import Ground
from sim.scenario.load import load
from sim.scenario.spec import Scenario
from sim.scenario.values import with_overrides
from sim.verify.scenarios import IGNORED_PATROLS, PATROLS_ALONE

LAND = Ground.default()

TWIN_ONLY: dict[str, object] = {
    **PATROLS_ALONE,
    **IGNORED_PATROLS,
    "readiness.effect_on_sighting": 0.0,
    "regimes.flow_spread": 0.0,
    "alert.levels.elevated.wait": 0.0,
    "contact.p_turn_back": 0.0,
    "contact.p_fight_armed": 0.0,
    "host_state.control": 0.0,
    "diplomacy.demarche_deaths": 0,
}
"""Only patrols, crossings, sign, and contact on sight."""

MOST_LOADS = 200_000.0
"""The largest number of groups a year that a scenario may have."""

SEASONS = tuple(date(2025, month, 1) for month in (1, 4, 7, 10))
"""Starts of the short runs that stand for a year: nights and river differ between them."""


def reduced(spec: Scenario) -> Scenario:
    """The scenario without anything that the twin lacks."""
    return with_overrides(spec, TWIN_ONLY)


def seasonal(days: float, **changes: object) -> list[Scenario]:
    """The reduced baseline with changes, for a few days of each season."""
    return [
        reduced(load("baseline", {"days": days, "start": start, **changes})) for start in SEASONS
    ]


def busy(days: float) -> list[Scenario]:
    """As :func:`seasonal`, with as many groups as a scenario may have, and perfect sight.

    Every pass within range sees, so that more than three times as many crossings are informative.
    """
    return seasonal(days, **{"smugglers.loads_per_year": MOST_LOADS, "patrols.p_sight": 1.0})


def spread(days: float) -> list[Scenario]:
    """As many groups, spread evenly along the line, so that they seldom meet the same patrol."""
    even = {district.slug: district.length_km for district in LAND.districts}
    changes = {"smugglers.loads_per_year": MOST_LOADS, "smugglers.district_weights": even}
    return seasonal(days, **changes)
