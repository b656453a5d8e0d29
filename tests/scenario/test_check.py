"""What must hold between parameters that are each within their own bounds."""

import datetime as dt

import pytest

from sim.errors import ScenarioError
from sim.frontier.ground import Ground
from sim.scenario.check import faults
from sim.scenario.spec import Scenario
from sim.scenario.values import with_overrides

LAND = Ground.default()

DISTRICTS = LAND.slugs


def zero(table):
    """Return overrides that set every entry of a district table to 0."""
    return {f"{table}.{district}": 0.0 for district in DISTRICTS}


def test_the_defaults_contradict_nothing():
    """The specification itself passes."""
    assert faults(Scenario()) == []


@pytest.mark.parametrize(
    ("overrides", "key", "other"),
    [
        ({"smugglers.size_most": 3}, "smugglers.size_median", "smugglers.size_most"),
        ({"smugglers.size_least": 5}, "smugglers.size_least", "smugglers.size_median"),
        ({"cells.party_least": 26}, "cells.party_least", "cells.party_most"),
        ({"smugglers.inland_least_km": 21}, "smugglers.inland_least_km", "inland_most_km"),
        ({"exposure.longest_hours": 0.1}, "exposure.shortest_hours", "exposure.longest_hours"),
        ({"worksites.travellers": 36}, "worksites.travellers", "worksites.headcount"),
        ({"posts.people": 40}, "alert.levels.emergency.garrison", "posts.people"),
        ({"posts.garrison": 40}, "alert.levels.emergency.garrison", "posts.garrison"),
        (
            {"alert.levels.heightened.garrison": 4.0},
            "alert.levels.heightened.garrison",
            "but only 53 of its 60 people are not on leave",
        ),
        ({"alert.elevated_at": 5}, "alert.elevated_at", "alert.heightened_at"),
        ({"alert.emergency_at": 3}, "alert.heightened_at", "alert.emergency_at"),
        ({"diplomacy.p_success": 0.99}, "diplomacy.p_success", "diplomacy.p_backfire"),
        (zero("cells.district_weights"), "cells.district_weights", "cells.count"),
        (zero("worksites.district_weights"), "worksites.district_weights", "worksites.count"),
        (zero("smugglers.district_weights"), "smugglers.district_weights", "loads_per_year"),
        (zero("posts.density"), "posts.density", "factor"),
        (zero("technical.camera_emphasis"), "technical.camera_emphasis", "factor"),
        ({"start": dt.date(1949, 12, 31)}, "start", "1950"),
        ({"start": dt.date(2101, 1, 1)}, "start", "2100"),
        ({"start": dt.date(2100, 12, 31), "days": 36500}, "days", "2200"),
        ({"alert.season_months": [0]}, "alert.season_months", "1 to 12"),
        ({"alert.season_months": [13]}, "alert.season_months", "1 to 12"),
        ({"alert.season_months": [9, 9]}, "alert.season_months", "once"),
        ({"cells.modes_off": ["swim"]}, "cells.modes_off", "infiltration, drone, fire"),
        ({"cells.modes_off": ["fire", "fire"]}, "cells.modes_off", "once"),
        ({"name": "My Scenario"}, "name", "lowercase"),
        ({"name": "_x"}, "name", "lowercase"),
        ({"name": "é"}, "name", "lowercase"),
        ({"name": "a\n"}, "name", "lowercase"),
    ],
)
def test_a_contradiction_is_refused_by_name(overrides, key, other):
    """The message has the key, the conflicting value and a remedy."""
    with pytest.raises(ScenarioError) as caught:
        with_overrides(Scenario(), overrides)
    assert [problem.key for problem in caught.value.problems] == [key]
    problem = caught.value.problems[0]
    assert other in str(problem)
    assert problem.remedy
    assert problem.path == "--set"


@pytest.mark.parametrize(
    "overrides",
    [
        {"smugglers.size_least": 4, "smugglers.size_most": 4},
        {"alert.elevated_at": 4, "alert.heightened_at": 4, "alert.emergency_at": 4},
        {"worksites.travellers": 35},
        {"posts.people": 43},
        {"posts.garrison_emphasis.darvoz": 9.0},
        {"posts.garrison_emphasis.darvoz": 0.0},
        {"diplomacy.p_success": 0.95, "diplomacy.p_backfire": 0.05},
        {"cells.count": 0, **zero("cells.district_weights")},
        {"worksites.count": 0, **zero("worksites.district_weights")},
        {"smugglers.loads_per_year": 0, **zero("smugglers.district_weights")},
        {**zero("posts.density"), "posts.density.panj": 0.1},
        zero("patrols.emphasis"),
        {"start": dt.date(1950, 1, 1)},
        {"start": dt.date(2100, 12, 31)},
        {"alert.season_months": []},
        {"alert.season_months": list(range(1, 13))},
        {"cells.modes_off": ["drone", "fire", "infiltration"]},
        {"name": "2-a_b"},
    ],
)
def test_the_edge_is_allowed(overrides):
    """Equal bounds, empty lists, nobody to place: each limit of a rule passes."""
    assert faults(with_overrides(Scenario(), overrides)) == []


def test_all_contradictions_are_told_at_once():
    """Two rules broken, two problems."""
    with pytest.raises(ScenarioError, match="2 problems"):
        with_overrides(Scenario(), {"cells.party_least": 29, "alert.season_months": [0]})


def test_a_year_at_the_very_end_is_counted_in_days():
    """The remedy for a run that is too long is a horizon that passes."""
    start = dt.date(2100, 12, 31)
    most = dt.date(2200, 1, 1).toordinal() - start.toordinal()
    assert with_overrides(Scenario(), {"start": start, "days": float(most)}).days == most
    with pytest.raises(ScenarioError, match=f"at most {most} days"):
        with_overrides(Scenario(), {"start": start, "days": most + 0.5})
