"""Militant cells: when they plan, what they choose, what becomes of a party, what they learn."""

from collections import Counter
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare
from worlds import LIMIT, exposed_for, world, z_count, z_share

from sim.agents.cells import MilitantCell
from sim.agents.choices import Beliefs, Option, believed_risk, options, utility
from sim.incidents.records import Alarm, Crossing, Incident, Plan
from sim.model import BorderModel
from sim.scenario.spec_threat import Cells
from sim.theory.choice import quantal_response
from sim.theory.excitation import count_variance

ONE_DISTRICT: dict[str, object] = {
    f"cells.district_weights.{slug}": 0.0
    for slug in ("hamadoni", "shamsiddin_shohin", "vanj", "shughnon", "ishkoshim")
}
ONE_CELL: dict[str, object] = {
    **ONE_DISTRICT,
    "cells.count": 1,
    "cells.anti_foreign_share": 0.0,
    "cells.preparation_days": 0.0,
    "cells.regroup_days": 0.0,
    "cells.branching": 0.0,
    "cells.strength": 500,
    "cells.recruits_per_year": 500.0,
}
FIRE_ONLY: dict[str, object] = {"cells.modes_off": ["infiltration", "drone"]}
CROSS_ONLY: dict[str, object] = {"cells.modes_off": ["fire", "drone"]}


def only_cell(model: BorderModel) -> MilitantCell:
    """The cell of a model with one."""
    (cell,) = model.cells
    return cell


# -- when they plan -----------------------------------------------------------------------


def at_once(cell: MilitantCell, key: str) -> None:
    """A plan that is carried out and succeeds in the instant it is made."""
    cell.model.record(Plan(key, cell.identity, cell.model.time, "fire", "", "", 0.0))
    cell._conclude("fire", True, cell.km)


BRANCHING, LAG, BASE, DAYS = 0.4, 10.0, 60.0 / 365.0, 8000.0


@pytest.fixture(scope="module")
def successes() -> list[list[float]]:
    """Instants of plans, of six runs in which every plan succeeds at once."""
    runs = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MilitantCell, "_make_plan", at_once)
        for seed in range(6):
            model = world(
                {
                    **ONE_CELL,
                    "days": DAYS,
                    "cells.plans_per_year": 60.0,
                    "cells.branching": BRANCHING,
                    "cells.lag_days": LAG,
                },
                seed,
            ).run()
            runs.append([plan.at for plan in model.log[Plan]])
    return runs


def hawkes_mean(base: float, branching: float, lag: float, days: float) -> float:
    """Mean number of events of a self-exciting process that starts without a past.

    The mean rate m solves m' = -(1 - n)(m - base / (1 - n)) / lag, m(0) = base.
    """
    kept = 1.0 - branching
    return base * (days / kept - branching * lag / kept**2 * (1.0 - exp(-kept * days / lag)))


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


def test_successes_cluster_as_hawkes_says(successes: list[list[float]]) -> None:
    """Variance of the count in 40 days, over 1,188 windows, within four standard errors."""
    counts = [
        np.histogram(run, bins=np.arange(80.0, DAYS + 1.0, 40.0))[0].tolist() for run in successes
    ]
    values = np.array(sum(counts, []), dtype=float)
    expected = count_variance(BASE, BRANCHING / LAG, 1.0 / LAG, 40.0)
    poisson = BASE * 40.0 / (1.0 - BRANCHING)
    error = expected * (3.0 / len(values)) ** 0.5  # 2/n for a normal, more for a skewed count
    assert abs(values.var(ddof=1) - expected) < LIMIT * error
    assert abs(values.var(ddof=1) - poisson) > LIMIT * error  # not a Poisson process


@pytest.mark.parametrize(("control", "effect"), [(0.0, 1.0), (0.5, 0.8), (1.0, 1.0)])
def test_control_holds_plans_down(
    monkeypatch: pytest.MonkeyPatch, control: float, effect: float
) -> None:
    """Without excitation plans are Poisson at base x (1 - effect x control)."""
    monkeypatch.setattr(MilitantCell, "_make_plan", at_once)
    model = world(
        {
            **ONE_CELL,
            "days": 12000.0,
            "cells.plans_per_year": 150.0,
            "host_state.control": control,
            "host_state.effect_on_plans": effect,
        }
    ).run()
    mean = 150.0 / 365.0 * 12000.0 * (1.0 - effect * control)
    n = len(model.log[Plan])
    if mean == 0.0:
        assert n == 0
    else:
        assert abs(z_count(n, mean)) < LIMIT
        assert abs(z_count(n, 1.15 * mean)) > LIMIT


def test_excitation_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A success adds branching / lag to all rates together: own share here, the rest elsewhere."""
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
    before = [cell.rate(3.0) for cell in model.cells]
    assert before == pytest.approx([1.0 / 365.0] * 3)
    model.cells[1]._conclude("fire", True, 700.0)
    added = [12.0 * (cell.rate(3.0) - 1.0 / 365.0) for cell in model.cells]
    assert added == pytest.approx([0.15, 0.3, 0.15])
    later = [12.0 * (cell.rate(15.0) - 1.0 / 365.0) for cell in model.cells]
    assert later == pytest.approx([exp(-1.0) * a for a in added])


def test_a_failure_excites_nobody() -> None:
    """Rates stay as they are."""
    model = world({"cells.count": 3, "cells.branching": 0.6})
    before = [cell.rate(0.0) for cell in model.cells]
    model.cells[0]._conclude("fire", False, 700.0)
    assert [cell.rate(0.0) for cell in model.cells] == before


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


def test_without_rationality_all_options_are_alike() -> None:
    """Rationality 0: every mode at every target in reach, evenly (chi-square)."""
    rows, model = plans({**NO_CROSSING, "cells.rationality": 0.0})
    ways = options(only_cell(model))
    assert len(rows) > 1000
    assert {way.mode for way in ways} == {"drone", "fire"}
    assert chisquare(shares_of(rows, ways)).pvalue > 1e-4


def test_with_much_rationality_the_best_is_done() -> None:
    """Rationality 1000: always the option of largest utility."""
    rows, model = plans({**NO_CROSSING, "cells.rationality": 1000.0}, days=200.0)
    cell = only_cell(model)
    best = max(options(cell), key=lambda way: utility(cell, way))
    assert {(row.mode, row.target) for row in rows} == {(best.mode, best.target.identity)}


def test_choices_are_a_quantal_response() -> None:
    """Shares in proportion to exp(rationality x utility); another rationality does not fit."""
    rows, model = plans({**NO_CROSSING, "cells.rationality": 2.0})
    cell = only_cell(model)
    ways = options(cell)
    utilities = [utility(cell, way) for way in ways]
    seen = shares_of(rows, ways)
    expected = len(rows) * np.array(quantal_response(utilities, 2.0))
    wrong = len(rows) * np.array(quantal_response(utilities, 4.0))
    assert chisquare(seen, expected).pvalue > 1e-4
    assert chisquare(seen, wrong).pvalue < 1e-6


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
        for way in options(only_cell(model)):
            if way.mode == "fire":
                values[way.target.identity.split("/")[0]] = way.value
        assert max(values, key=lambda name: values[name]) == sought
        assert min(values, key=lambda name: values[name]) == "village"


def test_risk_is_part_sight_and_part_experience() -> None:
    """skill x (1 - exp(-sorties x exposure)) + (1 - skill) x what was heard."""
    _, model = plans(
        {
            **exposed_for(6.0),
            "cells.skill": 0.3,
            "patrols.sorties_per_day": 2.0,
            "worksites.counter_drone": 0.5,
            "worksites.hardening": 0.2,
            "cells.learning": 1.0,
        },
        days=0.5,
    )
    cell = only_cell(model)
    ways = {way.mode: way for way in options(cell) if way.target.identity.startswith("site")}
    seen = {"infiltration": 1.0 - exp(-0.5), "drone": 1.0 - 0.8 * 0.5, "fire": 0.2}
    for mode, risk in seen.items():
        assert believed_risk(cell, ways[mode]) == pytest.approx(0.3 * risk)
    district = model.sector_at(ways["drone"].km).index
    cell.beliefs.learn(model.time, "drone", district, failed=True, own=True)
    assert believed_risk(cell, ways["drone"]) == pytest.approx(0.3 * 0.6 + 0.7)


def test_a_cell_that_watches_prefers_thin_patrols() -> None:
    """With skill a cell crosses where few patrols walk; without it, it cannot tell."""
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
                "patrols.sorties_per_day": 6.0,
                "patrols.emphasis.shamsiddin_shohin": 0.1,
                "days": 1500.0,
            }
        )
        shares[skill] = sum(row.district == "shamsiddin_shohin" for row in rows) / len(rows)
        places = [way.km for way in options(only_cell(model))]
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


def test_actions_come_by_night() -> None:
    """A share of the actions given: 0.8 here, over more than a thousand of them."""
    _, model = plans({**FIRE_ONLY, "cells.night_share": 0.8})
    rows = model.log[Incident]
    nights = sum(model.calendar.is_night(model.sector_at(r.km).index, r.at) for r in rows)
    assert len(rows) > 1000
    assert abs(z_share(nights, len(rows), 0.8)) < LIMIT
    assert abs(z_share(nights, len(rows), 0.9)) > LIMIT


# -- what they learn ----------------------------------------------------------------------


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.floats(0.0, 50.0)), max_size=10))
def test_beliefs_stay_chances(events: list[tuple[bool, bool, float]]) -> None:
    """Whatever is heard, the believed chance of failing lies in [0, 1]."""
    beliefs, now = Beliefs(Cells(learning=0.7)), 0.0
    for failed, own, gap in events:
        now += gap
        before = beliefs.failure(now, "fire", 3)
        beliefs.learn(now, "fire", 3, failed, own)
        after = beliefs.failure(now, "fire", 3)
        assert 0.0 <= after <= 1.0
        assert after >= before if failed else after <= before


def test_what_is_learned_and_forgotten() -> None:
    """Own failure moves belief by the weight of learning, others' by less; both fade."""
    beliefs = Beliefs(Cells(learning=0.4, hearsay=0.5, memory_days=20.0))
    beliefs.learn(0.0, "drone", 6, failed=True, own=True)
    beliefs.learn(0.0, "fire", 6, failed=True, own=False)
    assert beliefs.failure(0.0, "drone", 6) == pytest.approx(0.4)
    assert beliefs.failure(0.0, "fire", 6) == pytest.approx(0.2)
    assert beliefs.failure(20.0, "drone", 6) == pytest.approx(0.4 * exp(-1.0))
    assert beliefs.failure(0.0, "drone", 7) == beliefs.failure(0.0, "infiltration", 6) == 0.0
    beliefs.learn(0.0, "drone", 6, failed=False, own=True)
    assert beliefs.failure(0.0, "drone", 6) == pytest.approx(0.24)


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


# -- a party across the line --------------------------------------------------------------

RAID: dict[str, object] = {
    **ONE_CELL,
    **CROSS_ONLY,
    **exposed_for(0.5),
    "days": 400.0,
    "cells.plans_per_year": 400.0,
    "cells.detour_km": 0.0,
    "cells.hide_hours": 1.0,
    "cells.march_km_h": 10.0,
    "cells.party_least": 3,
    "cells.party_most": 6,
    "contact.p_militants_fight": 1.0,
}


def test_parties_keep_within_bounds() -> None:
    """Three to six, and never more than there are people in the cell."""
    model = world({**RAID, "clash.guard_rate": 0.0}).run()
    assert {row.size for row in model.log[Crossing]} == {3, 4, 5, 6}
    model = world({**RAID, "clash.guard_rate": 0.0, "cells.strength": 4}).run()
    assert {row.size for row in model.log[Crossing]} == {3, 4}


def test_an_unmet_party_raids_its_target_and_comes_home() -> None:
    """Crossed, lay up, struck a post, walked back: one incident a crossing, nobody detained."""
    model = world({**RAID, "clash.guard_rate": 0.0, "clash.militant_rate": 0.0}).run()
    crossings = [row for row in model.log[Crossing] if row.ending != "open"]
    incidents = {i.identity.rpartition("/")[0]: i for i in model.log[Incident]}
    assert len(crossings) > 50
    for row in crossings:
        raid = incidents[row.identity]
        assert (row.ending, row.cue, row.detected_at) == ("withdrew", "attack", raid.at)
        assert raid.kind == "infiltration_then_post_attack"
        assert raid.escaped == row.size
        assert row.crossed_at + 0.5 / 24.0 < raid.at <= row.ended_at
        assert raid.target is not None


def test_a_cell_that_loses_its_party_dissolves() -> None:
    """Strength 4, no recruits, guards who never miss: one raid, then nothing ever again."""
    model = world(
        {
            **RAID,
            "cells.strength": 4,
            "cells.recruits_per_year": 0.0,
            "clash.militant_rate": 0.0,
            "clash.guard_rate": 100.0,
            "clash.lethality_militants": 1.0,
            "clash.break_off_militants": 1.0,
        }
    )
    cell = only_cell(model)
    model.run()
    killed = sum(i.killed_militants for i in model.log[Incident])
    assert killed >= 2
    assert 4 - killed < 3
    assert cell.state == "dissolved"
    assert model.cells == []
    assert len(model.agents_by_type.get(MilitantCell, [])) == 0
    assert len(model.log[Incident]) == 1


def test_strength_is_what_is_left_and_recruited() -> None:
    """After a raid: first strength less the dead and the detained, plus recruits, up to the first."""
    model = world(
        {
            **RAID,
            "days": 3000.0,
            "cells.plans_per_year": 2.0,
            "cells.strength": 40,
            "cells.recruits_per_year": 10.0,
            "clash.militant_rate": 0.0,
            "clash.guard_rate": 5.0,
        }
    )
    cell = only_cell(model)
    strength, since, written = 40.0, 0.0, 0
    while model.time < 2900.0 and cell.state != "dissolved":
        model.run_for(1.0)
        assert cell.strength <= 40.0
        for i in model.log[Incident][written:]:
            strength = min(strength + (i.at - since) * 10.0 / 365.0, 40.0)
            strength -= i.killed_militants + i.detained
            since, written = i.at, written + 1
        now = min(strength + (model.time - since) * 10.0 / 365.0, 40.0)
        if cell.passage is None:
            assert cell.strength == pytest.approx(now, abs=0.3)
    assert written > 3


def test_numbers_add_up_in_raids_and_clashes() -> None:
    """Killed, detained and escaped militants are the party that met the guards."""
    model = world(
        {
            **RAID,
            "posts.p_watch": 0.3,
            "posts.watch_range_night_km": 10.0,
            "posts.watch_range_day_km": 20.0,
            "days": 1500.0,
        }
    ).run()
    kinds = Counter(i.kind for i in model.log[Incident])
    assert set(kinds) == {"infiltration_then_clash", "infiltration_then_post_attack"}
    for i in model.log[Incident]:
        assert i.killed_militants + i.detained + i.escaped == i.group_size
        assert i.wounded_militants <= i.detained + i.escaped
        assert i.killed_smugglers == 0


def test_those_who_do_not_fight_scatter() -> None:
    """Chance to fight 0: every party that is met escapes whole."""
    model = world(
        {
            **RAID,
            "contact.p_militants_fight": 0.0,
            "posts.p_watch": 1.0,
            "posts.watch_range_night_km": 10.0,
            "posts.watch_range_day_km": 20.0,
            "posts.spacing_km": 10.0,
        }
    ).run()
    rows = model.log[Incident]
    assert len(rows) > 50
    assert {(i.kind, i.clash) for i in rows} == {("infiltration_then_clash", False)}
    assert all(i.escaped == i.group_size for i in rows)
    assert {row.ending for row in model.log[Crossing]} <= {"withdrew", "open"}


def test_after_an_attack_a_team_hunts_those_who_withdraw() -> None:
    """A raid on a site well inland, a slow way back, teams that cannot miss: met on the way."""
    model = world(
        {
            **RAID,
            "cells.anti_foreign_share": 1.0,
            "cells.rationality": 1000.0,
            "cells.march_km_h": 0.5,
            "cells.reach_km": 200.0,
            "worksites.count": 40,
            "worksites.farthest_km": 30.0,
            "worksites.guards": 0,
            "worksites.p_advisory": 0.0,
            "strikes.post_value": 0.0,
            "strikes.raid_p_hit": 0.0,
            "teams.per_district": 3,
            "teams.mobilisation_hours": 0.0,
            "teams.contact_rate": 100.0,
            "teams.reach_hours": 240.0,
            "teams.patience_hours": 240.0,
        }
    ).run()
    kinds = Counter(i.kind for i in model.log[Incident])
    assert kinds["armed_attack_on_workers"] > 5
    assert kinds["infiltration_then_clash"] > 0.5 * kinds["armed_attack_on_workers"]
    assert {a.cue for a in model.log[Alarm]} == {"attack"}
    hunted = [r for r in model.log[Crossing] if r.contact_at is not None]
    assert hunted
    assert all((r.detected_at or 0.0) < (r.contact_at or 0.0) for r in hunted)
