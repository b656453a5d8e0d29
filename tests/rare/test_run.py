"""Root years of scenarios: pairs, workers, and invalid arguments."""

from dataclasses import replace

import pytest

import sim
from sim.errors import PanjError
from sim.rare.run import Rare, run_rare
from sim.rare.tree import Levels
from sim.runs.replicate import seed_of

SMALL = {
    "smugglers.loads_per_year": 0.0,
    "false_alarms.per_100_km_year": 0.0,
    "days": 30.0,
    "cells.plans_per_year": 12.0,
    "posts.spacing_km": 80.0,
    "villages.per_100_km": 1.0,
}
BASE = sim.load("baseline", SMALL)
LEVELS = Levels((2.0, 5.0), 2)


def rare(
    *scenarios: sim.Scenario, event: str = "deaths>=6", roots: int = 12, **more: object
) -> Rare:
    """Root years of small scenarios, in this process."""
    return run_rare(scenarios, event, roots, executor="serial", levels=LEVELS, **more)  # type: ignore[arg-type]


def without_times(found: Rare) -> Rare:
    """What does not depend on the machine."""
    chances = tuple(replace(chance, seconds=0.0) for chance in found.chances)
    return replace(found, chances=chances, year_seconds=0.0)


def test_workers_find_the_same() -> None:
    """A pool of processes gives the figures of this one."""
    here = rare(BASE)
    pool = run_rare([BASE], "deaths>=6", 12, 2, levels=LEVELS)
    assert without_times(pool) == without_times(here)
    assert here.chances[0].copies > 0


def test_a_scenario_against_itself_differs_in_nothing() -> None:
    """The same root years and the same copies: a difference of exactly zero."""
    twin = BASE.model_copy(update={"name": "twin"})
    found = rare(BASE, twin, roots=20)
    assert found.chances[0].probability == found.chances[1].probability
    assert found.chances[0].reached > 0
    assert found.differences[0].difference == 0.0
    assert (found.differences[0].low, found.differences[0].high) == (0.0, 0.0)


def test_root_years_are_the_replicates_of_a_batch() -> None:
    """Not split, as many of them reach the threshold as of whole runs with those seeds."""
    found = run_rare([BASE], "deaths>=3", 12, executor="serial", levels=Levels((), 1), root=7)
    runs = [sim.BorderModel(BASE, seed_of(r, 7)).run().outcomes()["deaths"] for r in range(12)]
    assert found.chances[0].reached == sum(deaths >= 3 for deaths in runs)
    assert 0 < found.chances[0].reached < 12
    assert found.chances[0].highest is not None


def test_draws_of_a_posterior_are_dealt_in_turn() -> None:
    """As in a batch: with one draw that makes cells plan nothing, nothing happens."""
    idle = rare(BASE, posterior=[{"cells.plans_per_year": 0.0}], draws=1)
    assert idle.chances[0].probability is None
    assert idle.chances[0].highest == 0.0


def test_a_pilot_chooses_levels_below_the_threshold() -> None:
    """The same ones each time; of an event that is common, none."""
    found = run_rare([BASE], "deaths>=20", 2, executor="serial")
    assert found.levels.at
    assert max(found.levels.at) < 20.0
    common = run_rare([BASE], "deaths>=1", 2, executor="serial")
    assert common.levels == Levels((), 1)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"event": "deaths"}, "is not an event"),
        ({"roots": 1}, "at least two root years"),
        ({"confidence": 1.0}, "between 0.5 and 1"),
    ],
)
def test_what_makes_no_sense_is_refused(more: dict[str, object], said: str) -> None:
    """In one message."""
    with pytest.raises(PanjError, match=said):
        rare(BASE, **more)  # type: ignore[arg-type]
