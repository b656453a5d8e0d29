"""The Afghan side's control of its bank, and what diplomacy does to it."""

from itertools import pairwise

import pytest
from quiet_worlds import LIMIT, world, z_count, z_mean, z_share

from sim.incidents.records import Crossing, DiplomaticAct, Plan


def test_control_at_rest_by_district() -> None:
    """The common value, and another where one is given."""
    model = world({"host_state.control": 0.3, "host_state.control_by_district.darvoz": 0.8})
    values = {s.slug: model.host_state.control(s.index, 17.0) for s in model.sectors}
    assert values.pop("darvoz") == 0.8
    assert set(values.values()) == {0.3}


def test_acts_add_up_between_none_and_full() -> None:
    """Control plus what acts add, held in [0, 1], each for its own span."""
    model = world({"host_state.control": 0.5})
    state = model.host_state
    for at, change in ((10.0, 0.3), (20.0, 0.4), (30.0, -0.7), (40.0, -0.9)):
        model.run_until(at)
        state._on_change(change)
    values = [state.control(3, t) for t in (9.9, 10.0, 25.0, 35.0, 45.0)]
    assert values == pytest.approx([0.5, 0.8, 1.0, 0.5, 0.0])


def test_demarches_succeed_backfire_or_do_nothing() -> None:
    """Shares of 3,000 by the given chances; delays and spans are exponential."""
    rules: dict[str, object] = {
        "diplomacy.p_success": 0.5,
        "diplomacy.p_backfire": 0.2,
        "diplomacy.delay_days": 10.0,
        "diplomacy.duration_days": 60.0,
    }
    model = world({**rules, "days": 9000.0})
    for _ in range(3000):
        model.host_state.on_demarche()
    acts = model.log[DiplomaticAct]
    results = [act.result for act in acts]
    for result, p in (("success", 0.5), ("backfire", 0.2), ("nothing", 0.3)):
        assert abs(z_share(sum(r == result for r in results), 3000, p)) < LIMIT
    assert abs(z_share(sum(r == "success" for r in results), 3000, 0.55)) > LIMIT
    spans = [(a.effect_from or 0.0, a.effect_until or 0.0) for a in acts if a.effect_from]
    assert abs(z_mean([begins for begins, _ in spans], 10.0)) < LIMIT
    assert abs(z_mean([ends - begins for begins, ends in spans], 60.0)) < LIMIT
    assert all((a.effect_from is None) == (a.result == "nothing") for a in acts)


def test_an_act_holds_from_its_beginning_to_its_end() -> None:
    """One success: control is raised by the uplift in exactly the span written, and no longer."""
    model = world(
        {
            "host_state.control": 0.3,
            "diplomacy.p_success": 1.0,
            "diplomacy.p_backfire": 0.0,
            "diplomacy.uplift": 0.2,
            "diplomacy.delay_days": 5.0,
            "diplomacy.duration_days": 20.0,
        }
    )
    model.run_until(50.0)
    model.host_state.on_demarche()
    (act,) = model.log[DiplomaticAct]
    begins, ends = act.effect_from or 0.0, act.effect_until or 0.0
    assert 50.0 < begins < ends
    model.run()
    levels = [model.host_state.control(0, t) for t in (begins - 1e-6, begins, ends - 1e-6, ends)]
    assert levels == pytest.approx([0.3, 0.5, 0.5, 0.3])


def test_a_backfire_lowers_control() -> None:
    """By the same uplift, for its span."""
    model = world(
        {"host_state.control": 0.3, "diplomacy.p_success": 0.0, "diplomacy.p_backfire": 1.0,
         "diplomacy.uplift": 0.2, "diplomacy.delay_days": 0.0}
    )  # fmt: skip
    model.host_state.on_demarche()
    (act,) = model.log[DiplomaticAct]
    model.run()
    assert act.result == "backfire"
    assert model.host_state.control(0, 0.5 * (act.effect_until or 0.0)) == pytest.approx(0.1)


def test_the_joint_mechanism_runs_term_by_term() -> None:
    """A term follows a term without a gap; each works with its chance and is up while it lasts."""
    model = world(
        {
            "days": 3000.0,
            "host_state.control": 0.1,
            "diplomacy.joint_mechanism": True,
            "diplomacy.joint_term_days": 2.0,
            "diplomacy.joint_p_success": 0.6,
            "diplomacy.joint_uplift": 0.3,
        }
    ).run()
    acts = model.log[DiplomaticAct]
    assert {b.at - a.at for a, b in pairwise(acts)} == {2.0}
    works = [act.result == "success" for act in acts]
    assert abs(z_share(sum(works), len(works), 0.6)) < LIMIT
    for act, worked in zip(acts[:-1], works, strict=False):
        assert model.host_state.control(5, act.at + 1.0) == pytest.approx(0.4 if worked else 0.1)


def test_without_the_mechanism_there_are_no_terms() -> None:
    """No act is written."""
    assert world({}).run().log[DiplomaticAct] == []


def test_control_that_comes_holds_plans_and_groups_down_while_it_lasts() -> None:
    """A term that works in the second half of a run: fewer plans and groups there, by the effect.

    Runs with the same seed differ in the second half only.
    """
    rules: dict[str, object] = {
        "days": 200.0,
        "cells.count": 20,
        "cells.plans_per_year": 60.0,
        "cells.branching": 0.0,
        "cells.preparation_days": 0.0,
        "cells.regroup_days": 0.0,
        "cells.modes_off": ["infiltration", "drone"],
        "strikes.fire_p_hit": 0.0,
        "smugglers.loads_per_year": 9000.0,
        "smugglers.season_effect": 0.0,
        "host_state.effect_on_plans": 1.0,
        "host_state.effect_on_smuggling": 0.5,
    }
    free, held = world(rules), world(rules)
    held.run_until(100.0)
    held.host_state._on_change(0.8)
    free.run()
    held.run()
    groups = [(c.identity, c.crossed_at) for c in held.log[Crossing] if c.crossed_at < 100.0]
    assert groups == [(c.identity, c.crossed_at) for c in free.log[Crossing] if c.crossed_at < 100]
    assert [p for p in held.log[Plan] if p.at < 100] == [p for p in free.log[Plan] if p.at < 100]
    late = [c for c in held.log[Crossing] if c.crossed_at >= 100.0]
    assert abs(z_count(len(late), 9000.0 / 365.0 * 100.0 * 0.6)) < LIMIT
    assert abs(z_count(len(late), 9000.0 / 365.0 * 100.0 * 0.7)) > LIMIT
    unheld = {c.identity for c in free.log[Crossing]}
    assert {c.identity for c in late} <= unheld
    few = sum(p.at >= 100.0 for p in held.log[Plan])
    many = sum(p.at >= 100.0 for p in free.log[Plan])
    assert 0.1 < few / many < 0.35  # a fifth; a cell that is busy misses some of the many


def test_lifting_control_lets_plans_come() -> None:
    """Under full control no plan; from the instant it falls they come."""
    model = world(
        {"cells.count": 10, "cells.plans_per_year": 100.0, "host_state.control": 1.0,
         "cells.modes_off": ["infiltration", "drone"]}
    )  # fmt: skip
    model.run_until(100.0)
    assert model.log[Plan] == []
    model.host_state._on_change(-1.0)
    model.run_until(130.0)
    assert len(model.log[Plan]) > 10
    assert min(plan.at for plan in model.log[Plan]) > 100.0
