"""Militant cells: when they plan, what they choose, how a party fares, what they learn."""

from collections import Counter
from math import exp, log

import numpy as np
import pytest
from quiet_worlds import (
    CROSS_ONLY,
    LIMIT,
    ONE_CELL,
    exposed_for,
    only_cell,
    world,
    z_count,
    z_share,
)
from scipy.stats import chisquare

from sim.agents.cells import MilitantCell
from sim.agents.choices import Option, Outlook, options
from sim.agents.targets import Mode
from sim.incidents.records import Crossing, Incident, Plan
from sim.model import BorderModel
from sim.theory.choice import quantal_response
from sim.theory.excitation import count_variance

FIRE_ONLY: dict[str, object] = {"cells.modes_off": ["infiltration", "drone"]}


# -- when they plan -----------------------------------------------------------------------


ALWAYS_SUCCEEDS: dict[str, object] = {
    **ONE_CELL,
    "cells.anti_foreign_share": 1.0,
    "cells.modes_off": ["infiltration", "fire"],
    "cells.reach_km": 1340.0,
    "worksites.count": 1,
    "worksites.headcount": 1,
    "worksites.travellers": 1,
    "worksites.hardening": 0.0,
    "worksites.counter_drone": 0.0,
    "worksites.p_advisory": 0.0,
    "strikes.exposed_share": 1.0,
    "strikes.drone_p_arrive": 1.0,
    "strikes.drone_p_hit": 1.0,
    "strikes.lethality_workers": 1.0,
}
"""A cell without preparation or rest, whose drones always kill: every plan succeeds at once."""

BRANCHING, LAG, BASE, DAYS = 0.4, 10.0, 60.0 / 365.0, 8000.0


@pytest.fixture(scope="module")
def successes() -> list[list[float]]:
    """Instants of plans, of six runs in which every plan succeeds at once."""
    runs = []
    for seed in range(6):
        model = world(
            {
                **ALWAYS_SUCCEEDS,
                "days": DAYS,
                "cells.plans_per_year": 60.0,
                "cells.branching": BRANCHING,
                "cells.lag_days": LAG,
            },
            seed,
        ).run()
        assert all(i.victims == 1 for i in model.log[Incident])
        runs.append([plan.at for plan in model.log[Plan]])
    return runs


def hawkes_mean(base: float, branching: float, lag: float, days: float) -> float:
    """Mean number of events of a self-exciting process that starts without a past.

    The mean rate m solves m' = -(1 - n)(m - base / (1 - n)) / lag, m(0) = base.
    """
    kept = 1.0 - branching
    return base * (days / kept - branching * lag / kept**2 * (1.0 - exp(-kept * days / lag)))


@pytest.mark.thorough
def test_successes_bring_plans_as_hawkes_says(successes: list[list[float]]) -> None:
    """Mean number of plans with branching n, success at once: base T / (1 - n) less the start.

    13,000 plans; their variance is 1 / (1 - n)^2 of a Poisson count's, so a theory 10 % off is
    7 standard deviations away.
    """
    mean = 6 * hawkes_mean(BASE, BRANCHING, LAG, DAYS)
    assert mean == pytest.approx(6 * BASE * DAYS / (1.0 - BRANCHING), rel=0.002)
    total = sum(map(len, successes))
    spread = 1.0 / (1.0 - BRANCHING) ** 2
    assert abs(z_count(total, mean, spread)) < LIMIT
    assert abs(z_count(total, 1.1 * mean, spread)) > LIMIT  # a wrong theory fails
    assert abs(z_count(total, 6 * BASE * DAYS, spread)) > LIMIT  # so does one without excitation


@pytest.mark.thorough
def test_successes_cluster_as_hawkes_says(successes: list[list[float]]) -> None:
    """Variance of the count in 40 days, over 1,188 windows, within four standard errors."""
    bins = np.arange(80.0, DAYS + 1.0, 40.0)
    values = np.concatenate([np.histogram(run, bins=bins)[0] for run in successes]).astype(float)
    expected = count_variance(BASE, BRANCHING / LAG, 1.0 / LAG, 40.0)
    poisson = BASE * 40.0 / (1.0 - BRANCHING)
    error = expected * (3.0 / len(values)) ** 0.5  # 2/n for a normal, more for a skewed count
    assert abs(values.var(ddof=1) - expected) < LIMIT * error
    assert abs(values.var(ddof=1) - poisson) > LIMIT * error  # not a Poisson process


@pytest.mark.parametrize(("control", "effect"), [(0.0, 1.0), (0.5, 0.8), (1.0, 1.0)])
def test_control_holds_plans_down(control: float, effect: float) -> None:
    """Without excitation plans are Poisson at base x (1 - effect x control)."""
    model = world(
        {
            **ALWAYS_SUCCEEDS,
            "days": 6000.0,
            "cells.plans_per_year": 150.0,
            "host_state.control": control,
            "host_state.effect_on_plans": effect,
        }
    ).run()
    mean = 150.0 / 365.0 * 6000.0 * (1.0 - effect * control)
    n = len(model.log[Plan])
    if mean == 0.0:
        assert n == 0
    else:
        assert abs(z_count(n, mean)) < LIMIT
        assert abs(z_count(n, 1.15 * mean)) > LIMIT


def test_excitation_is_shared() -> None:
    """An attack adds branching / lag to all rates together: own share here, the rest elsewhere."""
    model = world(
        {
            "cells.count": 3,
            "cells.branching": 0.6,
            "cells.own_share": 0.5,
            "cells.lag_days": 12.0,
            "cells.plans_per_year": 1.0,
        }
    )
    model.run_until(3.0)
    before = [cell.planning.rate(3.0) for cell in model.cells]
    assert before == pytest.approx([1.0 / 365.0] * 3)
    model.cells[1]._conclude("fire", 700.0)
    added = [12.0 * (cell.planning.rate(3.0) - 1.0 / 365.0) for cell in model.cells]
    assert added == pytest.approx([0.15, 0.3, 0.15])
    later = [12.0 * (cell.planning.rate(15.0) - 1.0 / 365.0) for cell in model.cells]
    assert later == pytest.approx([exp(-1.0) * a for a in added])


# -- what they choose ---------------------------------------------------------------------


def plans(changes: dict[str, object], days: float = 2500.0) -> tuple[list[Plan], BorderModel]:
    """What one cell planned; nothing it does succeeds or is learned from."""
    model = world(
        {
            **ONE_CELL,
            "days": days,
            "cells.plans_per_year": 400.0,
            "cells.learning": 0.0,
            "strikes.fire_p_hit": 0.0,
            "strikes.drone_p_arrive": 0.0,
            "villages.per_100_km": 4.0,
            "worksites.count": 8,
            **changes,
        }
    ).run()
    return model.log[Plan], model


def shares_of(rows: list[Plan], ways: list[Option]) -> list[int]:
    """How often each option was planned."""
    seen = Counter((row.mode, row.target, row.km) for row in rows)
    counts = [seen[way.mode, way.target.identity, way.km] for way in ways]
    assert sum(counts) == len(rows)  # nothing else was planned
    return counts


NO_CROSSING: dict[str, object] = {"cells.modes_off": ["infiltration"], "cells.reach_km": 60.0}


def expected_shares(cell: MilitantCell, ways: list[Option], rationality: float) -> list[float]:
    """Quantal response with each weight shared by the options of its kind."""
    kinds = Counter(way.kind for way in ways)
    return quantal_response(
        [rationality * Outlook(cell).utility(way) - log(kinds[way.kind]) for way in ways], 1.0
    )


def test_without_rationality_all_kinds_are_alike() -> None:
    """Rationality 0: kinds of attack come evenly, and evenly the targets of a kind (chi-square)."""
    rows, model = plans({**NO_CROSSING, "cells.rationality": 0.0})
    cell = only_cell(model)
    ways = options(cell, 5)
    kinds = Counter(way.kind for way in ways)
    assert len(rows) > 1000
    assert len(kinds) > 2
    assert max(kinds.values()) > 1
    expected = [len(rows) / len(kinds) / kinds[way.kind] for way in ways]
    assert chisquare(shares_of(rows, ways), expected).pvalue > 1e-4


def test_with_much_rationality_the_best_is_done() -> None:
    """Rationality 1000: always the option of largest utility."""
    rules: dict[str, object] = {"strikes.post_value": 2.0, "cells.rationality": 1000.0}
    rows, model = plans({**NO_CROSSING, **rules}, days=200.0)
    cell = only_cell(model)
    best = max(options(cell, 5), key=lambda way: Outlook(cell).utility(way))
    assert {(row.mode, row.target) for row in rows} == {(best.mode, best.target.identity)}


def test_choices_are_a_quantal_response() -> None:
    """In proportion to exp(rationality x utility) over the number of its kind; no other fits."""
    rows, model = plans({**NO_CROSSING, "cells.rationality": 2.0})
    cell = only_cell(model)
    ways = options(cell, 5)
    seen = shares_of(rows, ways)
    expected = len(rows) * np.array(expected_shares(cell, ways, 2.0))
    wrong = len(rows) * np.array(expected_shares(cell, ways, 5.0))
    assert chisquare(seen, expected).pvalue > 1e-4
    assert chisquare(seen, wrong).pvalue < 1e-6


@pytest.mark.thorough
def test_more_posts_do_not_draw_more_attacks() -> None:
    """Twice the posts, none better than another: the share of attacks on posts is the same."""
    shares = []
    for spacing in (20.0, 10.0):
        rules: dict[str, object] = {"cells.w_distance": 0.0, "posts.spacing_km": spacing}
        rows, _ = plans({**NO_CROSSING, **rules, "cells.rationality": 2.0})
        shares.append((sum(row.target.startswith("post") for row in rows), len(rows)))
    (few, n), (many, m) = shares
    assert n > 1000
    assert abs(few / n - many / m) < LIMIT * (0.25 / n + 0.25 / m) ** 0.5


@pytest.mark.parametrize("off", [["drone"], ["infiltration", "drone"], ["fire", "infiltration"]])
def test_modes_that_are_off_are_not_planned(off: list[str]) -> None:
    """Only the modes that are left; and all of these."""
    rows, _ = plans({"cells.modes_off": off, "cells.rationality": 0.0}, days=400.0)
    assert {row.mode for row in rows} == {"infiltration", "drone", "fire"} - set(off)


def test_with_all_modes_off_nothing_is_planned() -> None:
    """No options, no plans, no incidents."""
    rows, model = plans({"cells.modes_off": ["infiltration", "drone", "fire"]}, days=400.0)
    assert rows == []
    assert model.log[Incident] == []


def test_profiles_seek_different_targets() -> None:
    """A cell that seeks foreign sites values them above a post; the other the other way round."""
    for share, sought in ((0.0, "post"), (1.0, "site")):
        _, model = plans(
            {"cells.anti_foreign_share": share, "worksites.chinese_share": 1.0}, days=1.0
        )
        values: dict[str, float] = {}
        for way in options(only_cell(model), 5):
            if way.mode == "fire":
                values[way.target.identity.split("/")[0]] = way.value
        assert max(values, key=lambda name: values[name]) == sought
        assert min(values, key=lambda name: values[name]) == "village"


def test_risk_is_part_sight_and_part_experience() -> None:
    """skill x what is seen + (1 - skill) x what was heard.

    Of a crossing, patrols (1 - exp(-sorties x exposure)) and the guards of the target (3 to a
    party of 5) are seen, each beside the other; of a strike, cover and walls.
    """
    _, model = plans(
        {
            **exposed_for(6.0),
            "cells.skill": 0.3,
            "patrols.sorties_per_day": 2.0,
            "worksites.counter_drone": 0.5,
            "worksites.guards": 3,
            "worksites.hardening": 0.2,
            "cells.learning": 1.0,
        },
        days=0.5,
    )
    cell = only_cell(model)
    ways = {way.mode: way for way in options(cell, 5) if way.target.identity.startswith("site")}
    seen: dict[Mode, float] = {
        "infiltration": 1.0 - exp(-0.5) * 5.0 / 8.0,
        "drone": 1.0 - 0.8 * 0.5,
        "fire": 0.2,
    }
    for mode, risk in seen.items():
        assert Outlook(cell).risk(ways[mode]) == pytest.approx(0.3 * risk)
    district = model.sector_at(ways["drone"].km).index
    cell.beliefs.learn(model.time, "drone", district, failed=True, own=True)
    assert Outlook(cell).risk(ways["drone"]) == pytest.approx(0.3 * 0.6 + 0.7)


@pytest.mark.thorough
def test_a_cell_that_watches_prefers_thin_patrols() -> None:
    """With skill a cell crosses where few patrols walk; without it, it does not know."""
    shares = {}
    for skill in (0.0, 1.0):
        rows, model = plans(
            {
                **CROSS_ONLY,
                **exposed_for(4.0),
                "cells.skill": skill,
                "cells.reach_km": 300.0,
                "cells.w_distance": 0.0,
                "cells.rationality": 5.0,
                "cells.hide_hours": 0.0,
                "patrols.p_sight": 0.0,
                "posts.garrison": 1,
                "patrols.sorties_per_day": 6.0,
                "patrols.emphasis.shamsiddin_shohin": 0.1,
                "days": 1500.0,
            }
        )
        shares[skill] = sum(row.district == "shamsiddin_shohin" for row in rows) / len(rows)
        places = [way.km for way in options(only_cell(model), 5)]
        there = sum(model.sector_at(km).slug == "shamsiddin_shohin" for km in places)
        if skill == 0.0:  # posts of one value: all places are alike
            assert (
                abs(z_share(int(shares[0.0] * len(rows)), len(rows), there / len(places))) < LIMIT
            )
    assert shares[1.0] > 2.0 * shares[0.0]


def test_a_party_that_watched_a_regular_patrol_picks_its_hour() -> None:
    """Expected passes while in the open: fewer with skill against `regular`, no fewer against
    `random`, where the plans and the hours are the same.
    """
    met: dict[tuple[str, float], list[int]] = {}
    hours: dict[tuple[str, float], list[float]] = {}
    for schedule in ("regular", "random"):
        for skill in (0.0, 1.0):
            rows, model = plans(
                {
                    **CROSS_ONLY,
                    **exposed_for(2.0),
                    "cells.skill": skill,
                    "cells.w_risk": 0.0,
                    "cells.hide_hours": 0.0,
                    "cells.preparation_days": 0.1,
                    "patrols.schedule": schedule,
                    "patrols.p_sight": 0.0,
                    "patrols.sorties_per_day": 6.0,
                },
                days=500.0,
            )
            assert len(rows) > 50
            crossed = [row for row in model.log[Crossing] if row.actor == "militants"]
            met[schedule, skill] = [
                len(model.post_at(r.km).beat_at(r.km).passes(r.km, r.crossed_at,
                    r.crossed_at + 2.0 / 24.0, 0.3))
                for r in crossed
            ]  # fmt: skip
            hours[schedule, skill] = [row.crossed_at for row in crossed]
    assert hours["random", 0.0] == hours["random", 1.0]
    blind, watched = np.mean(met["regular", 0.0]), np.mean(met["regular", 1.0])
    assert watched < 0.5 * blind


@pytest.mark.thorough
def test_actions_come_by_night() -> None:
    """A share of the actions given: 0.8 here, over more than a thousand of them."""
    _, model = plans({**FIRE_ONLY, "cells.night_share": 0.8, "cells.preparation_days": 0.01})
    rows = model.log[Incident]
    nights = sum(model.calendar.is_night(model.sector_at(r.km).index, r.at) for r in rows)
    assert len(rows) > 1000
    assert abs(z_share(nights, len(rows), 0.8)) < LIMIT
    assert abs(z_share(nights, len(rows), 0.9)) > LIMIT


def test_failures_move_what_all_cells_do() -> None:
    """Where fire always fails and is remembered, a rational cell turns to other modes."""
    rows, _ = plans(
        {
            **NO_CROSSING,
            "cells.learning": 1.0,
            "cells.memory_days": 3650.0,
            "cells.skill": 0.0,
            "cells.rationality": 1000.0,
            "cells.w_risk": 10.0,
        },
        days=300.0,
    )
    assert len({(row.mode, row.district) for row in rows}) > 1
