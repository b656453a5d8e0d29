"""What ``docs/limits.md`` says that a result cannot carry, shown; and each limit names its test."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import sim
from sim.agents.worksites import Worksite
from sim.calibrate.priors import read_priors
from sim.frontier.files import TERRAINS
from sim.frontier.ground import Ground
from sim.incidents.seeds import read_incidents
from sim.measures.registry import outcomes_on
from sim.runs.posterior import SHIPPED, Posterior
from sim.scenario.catalogue import names
from sim.scenario.level_effects import recovery_per_day
from sim.scenario.parameters import parameters
from sim.scenario.values import diff
from sim.theory.readiness import readiness_after, rest_point

ROOT = Path(__file__).resolve().parents[1]
ASSUMED = {key for key, known in parameters().items() if known.source.startswith("assumption")}
LEVELS = ("routine", "elevated", "heightened", "emergency")
OF_THE_OTHERS = ("smugglers", "cells", "strikes", "regimes", "clash", "rumours", "host_state")
"""Sections that say what smugglers, cells and chance do."""


def limits() -> list[str]:
    """The paragraphs of the page, one for each limit."""
    text = (ROOT / "docs" / "limits.md").read_text("utf-8")
    return [part for part in text.split("\n\n") if part.startswith("**")]


@cache
def written_in(file: str) -> frozenset[str]:
    """The names of the tests in a file."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    written = (node.name for node in tree.body if isinstance(node, ast.FunctionDef))
    return frozenset(name for name in written if name.startswith("test_"))


def test_each_limit_names_a_test_that_shows_it() -> None:
    """By file and name, and it is there."""
    assert len(limits()) > 10
    for limit in limits():
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", limit)
        assert named, limit[:60]
        for file, test in named:
            assert test in written_in(file), (file, test)


def test_each_test_of_this_file_is_named_by_a_limit() -> None:
    """But for those that look at the page."""
    here = written_in("tests/test_limits.py") - {"limits", "tests_of"}
    told = set(re.findall(r"`tests/test_limits\.py::(test_\w+)`", "\n".join(limits())))
    assert {name for name in here if not name.startswith("test_each_")} == told


def test_the_facts_are_few_and_most_values_are_assumed() -> None:
    """Some dozens of rows stand behind hundreds of parameters, and most of these say so."""
    assert len(read_incidents()) < 60
    assert len(ASSUMED) > len(parameters()) / 2


def test_results_have_no_place_finer_than_a_district(tmp_path: Path) -> None:
    """No outcome names a place below a region, and the table by place has one row a district."""
    store = sim.run_batch(sim.load("baseline", {"days": 3.0}), 1, tmp_path / "s", executor="serial")
    table = store.districts()
    ground = Ground.default()
    assert set(table["district"].to_pylist()) == {each.slug for each in ground.districts}
    places = {"km", "lon", "lat", "depth", "post", "site", "village", "section"}
    assert not places & {*table.column_names, *store.outcomes().column_names}
    assert not places & {outcome.name for outcome in outcomes_on(ground)}


def test_shipped_policies_move_levers_of_the_defender_alone() -> None:
    """None of them sets what smugglers, cells or the dice do."""
    baseline = sim.load("baseline")
    for name in names():
        for changed in diff(baseline, sim.load(name)):
            assert changed.key.split(".")[0] not in OF_THE_OTHERS, (name, changed.key)


def test_search_inland_knows_no_terrain() -> None:
    """Of a team only its speed by road depends on terrain; its hazard of contact is one number."""
    by_terrain = {key.rpartition(".") for key in parameters() if key.rpartition(".")[2] in TERRAINS}
    of_teams = {first for first, _, _ in by_terrain if first.startswith("teams.")}
    assert of_teams == {"teams.road_speed_km_h"}
    assert isinstance(sim.load("baseline").teams.contact_rate, float)


@pytest.mark.parametrize("level", LEVELS)
def test_what_a_level_does_is_assumed(level: str) -> None:
    """Every value of every level says so, and so does how often people are met on the road."""
    values = {key for key in parameters() if key.startswith(f"alert.levels.{level}.")}
    assert len(values) > 8
    assert values <= ASSUMED
    assert "worksites.road_share" in ASSUMED


@pytest.mark.parametrize("level", LEVELS)
def test_weeks_of_alert_wear_out_no_further_than_sleep_does(level: str) -> None:
    """Readiness is the same after two months as after a year."""
    baseline = sim.load("baseline")
    rested = rest_point(
        baseline.alert.levels.routine.fatigue_per_day,
        recovery_per_day(baseline, baseline.alert.levels.routine),
    )
    asked = getattr(baseline.alert.levels, level)
    rates = asked.fatigue_per_day, recovery_per_day(baseline, asked)
    after = [readiness_after(rested, *rates, days) for days in (60.0, 365.0)]
    assert after[0] == pytest.approx(after[1], abs=1e-6)


def test_how_a_cordon_ends_is_borrowed() -> None:
    """Who gives up in one comes from Kashmir; how often there is time for one is assumed."""
    known = parameters()
    assert "Kashmir" in known["contact.p_surrender_cordon_militants"].source
    assert "contact.p_cordon" in ASSUMED
    assert {f"alert.levels.{level}.wait" for level in LEVELS} <= ASSUMED


def test_the_guards_of_a_site_that_is_shut_stay() -> None:
    """Nobody else is there."""
    model = sim.BorderModel("baseline", {"worksites.guards": 6}, seed=1)
    site = next(agent for agent in model.agents if isinstance(agent, Worksite))
    before, there = site.defenders, site.exposed
    site.closed_until = 99.0
    assert site.defenders == before >= 6
    assert there > site.exposed == 0


def test_reports_teach_little_of_deterrence() -> None:
    """Seven eighths and more of the prior's spread are left of what keeps people away."""
    shipped = Posterior.read(SHIPPED)
    free = {prior.key for prior in read_priors()}
    left = {each.name: (1.0 - each.contraction) ** 0.5 for each in shipped.lasting}
    for name in ("deterrence.militants", "deterrence.smugglers", "cells.refrain"):
        assert name in free
        assert left[name] > 0.875, name
    assert "smugglers.threshold" not in free


def test_costs_are_at_assumed_prices_and_no_life_has_one() -> None:
    """Every price says so, and the list has none of a person."""
    prices = {key for key in parameters() if key.startswith("costs.")}
    assert prices <= ASSUMED
    assert not [key for key in prices if re.search(r"life|death|killed|victim|wounded", key)]


def test_two_years_of_one_scenario_differ() -> None:
    """By more than most policies change: a run is one draw."""
    victims = [
        sim.BorderModel("baseline", {"days": 120.0}, seed=seed).run().outcomes()["deaths"]
        for seed in range(6)
    ]
    assert len(set(victims)) > 2
