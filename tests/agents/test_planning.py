"""When cells plan: no plan is lost, success and losses count, and good years differ from bad."""

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from quiet_worlds import LIMIT, ONE_CELL, world, z_count

from sim.agents.planning import Rate, offspring
from sim.incidents.records import Incident, Plan
from sim.model import BorderModel
from sim.scenario.spec_threat import Cells
from sim.scenario.values import with_overrides

FIRE: dict[str, object] = {"cells.modes_off": ["infiltration", "drone"], "strikes.fire_p_hit": 0.0}
BUSY: dict[str, object] = {
    **ONE_CELL,
    **FIRE,
    "days": 4000.0,
    "cells.plans_per_year": 40.0,
    "cells.regroup_days": 5.0,
}
"""A cell that is at rest more than half of its time."""


def attack(killed_workers: int = 0, killed_militants: int = 0) -> Incident:
    """An attack with these dead."""
    return Incident(
        "i", "armed_attack_on_workers", "militants", True, "panj", 1.0, 1.0, None, None, None,
        None, None, 4, killed_workers_other=killed_workers, killed_militants=killed_militants,
    )  # fmt: skip


ALONE: dict[str, float] = {"joint": 0.0, "retaliation": 0.0, "success_premium": 0.0}
"""Nothing joins, success and losses do not matter."""


def test_an_attack_brings_forth_branching_on_average() -> None:
    """With a premium, a success brings more and a failure less; the mean over both stays."""
    rules = Cells(**ALONE | {"branching": 0.4, "success_premium": 0.8, "success_share": 0.25})
    failed, succeeded = offspring(rules, [attack()]), offspring(rules, [attack(2)])
    assert (failed, succeeded) == (pytest.approx(0.4 * 0.8), pytest.approx(0.4 * 1.6))
    assert 0.75 * failed + 0.25 * succeeded == pytest.approx(0.4)


def test_the_dead_are_avenged() -> None:
    """Each militant killed beyond the usual number brings forth as much again, of all incidents
    of the attack; each one fewer takes as much, and nothing goes below none.
    """
    rules = Cells(**ALONE | {"branching": 0.4, "retaliation": 0.1, "usual_dead": 1.0})
    assert offspring(rules, [attack(), attack(0, 3)]) == pytest.approx(0.4 + 0.2)
    assert offspring(rules, [attack()]) == pytest.approx(0.4 - 0.1)
    few = Cells(**ALONE | {"branching": 0.05, "retaliation": 0.1, "usual_dead": 1.0})
    assert offspring(few, [attack()]) == 0.0


@given(st.floats(0.0, 0.95), st.floats(0.0, 1.0))
def test_joint_attacks_are_among_those_brought_forth(branching: float, joint: float) -> None:
    """Of ``1 + joint`` attacks together each brings forth ``branching``, the joint ones counted;
    all that come of a plan in the end are ``1 / (1 - branching)``, however many join. Where more
    join than that, nothing comes later.
    """
    later = offspring(Cells(**ALONE | {"branching": branching, "joint": joint}), [attack()])
    assert (1.0 + joint) * later < 1.0
    if joint / (1.0 + joint) <= branching:
        assert joint / (1.0 + joint) + later == pytest.approx(branching)
        together = (1.0 + joint) / (1.0 - (1.0 + joint) * later)
        assert together == pytest.approx(1.0 / (1.0 - branching))
    else:
        assert later == 0.0


def test_the_plans_of_a_busy_cell_wait() -> None:
    """As many attacks as the rate has plans, though the cell is often at rest: none is dropped.

    440 are expected; a cell that dropped those that come while it rests would make 285.
    """
    n = len(world(BUSY).run().log[Plan])
    mean = 40.0 / 365.0 * 4000.0
    assert abs(z_count(n, mean)) < LIMIT
    assert abs(z_count(n, mean / (1.0 + 40.0 / 365.0 * 5.0))) > LIMIT


def test_the_plans_of_a_busy_cell_pass_to_a_free_neighbour() -> None:
    """A plan that one cell had no hands for is made by the other, and keeps its name."""
    pair: dict[str, object] = {"cells.count": 2, "cells.reach_km": 1340.0}
    passed = {}
    for chance in (0.0, 1.0):
        rows = world({**BUSY, **pair, "cells.passing": chance}).run().log[Plan]
        passed[chance] = sum(not row.identity.startswith(row.cell) for row in rows)
    assert passed[0.0] == 0
    assert passed[1.0] > 50


def test_a_joint_attack_comes_the_same_day() -> None:
    """Every plan is joined: the neighbour attacks when the first is ready, within a day."""
    pair: dict[str, object] = {"cells.count": 2, "cells.reach_km": 1340.0, "cells.joint": 1.0}
    calm: dict[str, object] = {"cells.plans_per_year": 4.0, "cells.preparation_days": 2.0}
    model = world({**BUSY, **pair, **calm}).run()
    done = {row.identity: row.at for row in model.log[Incident]}
    joint = [name for name in done if name.endswith("+joint")]
    assert len(joint) > 20
    assert all(abs(done[name] - done[name.removesuffix("+joint")]) <= 1.0 for name in joint)


def test_diplomacy_holds_down_what_attacks_bring_forth_and_control_at_rest_does_not() -> None:
    """At rest a plan brings ``branching`` plans; control doubled takes its share of these too."""
    model = world({**ONE_CELL, "host_state.control": 0.3, "cells.plans_per_year": 0.0})
    (cell,) = model.cells
    cell.excite(1.0)
    at_rest = cell.planning.rate(0.0)
    assert at_rest == pytest.approx(1.0 / model.spec.cells.lag_days)
    model.host_state._on_change(0.35)
    assert cell.planning.rate(0.0) == pytest.approx(at_rest * 0.35 / 0.7)


# -- luck ---------------------------------------------------------------------------------


@given(st.floats(0.0, 2.0), st.floats(0.0, 2.0), st.floats(0.5, 60.0), st.floats(0.0, 400.0))
def test_what_is_due_is_the_integral_of_the_rate(
    even: float, excited: float, lag: float, days: float
) -> None:
    """Simpson's rule finds the same."""
    t = np.linspace(5.0, 5.0 + days, 2001)
    rate = even + excited * np.exp(-(t - 5.0) / lag)
    weights = np.array([1.0, *([4.0, 2.0] * 999), 4.0, 1.0]) / 3.0
    integral = float(rate @ weights) * days / 2000.0
    expected = Rate(5.0, even, excited, 1.0, lag).expected(5.0 + days)
    assert expected == pytest.approx(integral, abs=1e-6)


# -- years --------------------------------------------------------------------------------


def test_a_year_is_the_same_in_every_scenario() -> None:
    """Whatever else differs, the same seed has the same years, and another seed has others."""
    plain = world({"regimes.flow_spread": 0.5, "regimes.plans_spread": 0.8})
    other = with_overrides(plain.spec, {"patrols.sorties_per_day": 9.0, "cells.count": 5})
    years = []
    for spec, seed in ((plain.spec, 1), (other, 1), (plain.spec, 2)):
        regimes = BorderModel(spec, seed).regimes
        days = (0.0, 400.0, 3000.0)
        years.append([(regimes.flow(spec, t), regimes.plans(spec, t)) for t in days])
    assert years[0] == years[1] != years[2]


def test_a_first_year_that_is_known_is_that_year_for_every_seed() -> None:
    """Without spread the first year lies where it is said; the years after it still differ."""
    known: dict[str, object] = {
        "regimes.flow_spread": 0.5, "regimes.plans_spread": 0.8, "regimes.flow_first": 1.5,
        "regimes.plans_first": -1.0, "regimes.first_spread": 0.0,
    }  # fmt: skip
    spec = world(known).spec
    one, other = (BorderModel(spec, seed).regimes for seed in (1, 2))
    for regimes in (one, other):
        assert regimes.flow(spec, 3.0) == pytest.approx(exp(0.5 * 1.5 - 0.125))
        assert regimes.plans(spec, 3.0) == pytest.approx(exp(-0.8 - 0.32))
    assert one.flow(spec, 400.0) != other.flow(spec, 400.0)


def test_the_order_of_asking_changes_no_year() -> None:
    """The tenth year is the same, read first or last."""
    spec = world({"regimes.flow_spread": 0.5}).spec
    early, late = BorderModel(spec, 1).regimes, BorderModel(spec, 1).regimes
    later = late.flow(spec, 3500.0)
    assert [early.flow(spec, 365.0 * y + 1.0) for y in range(10)][9] == later


def test_bad_years_multiply_the_cells_own_plans_only() -> None:
    """The base is multiplied; the plans that attacks trigger are not."""
    model = world({**ONE_CELL, "regimes.plans": 3.0, "cells.plans_per_year": 36.5})
    (cell,) = model.cells
    assert cell.planning.rate(0.0) == pytest.approx(0.3)
    cell.excite(1.0)
    lag = model.spec.cells.lag_days
    assert cell.planning.rate(2.0) == pytest.approx(0.3 + exp(-2.0 / lag) / lag)


def test_a_new_year_brings_its_own_rate() -> None:
    """A cell that had no plans in the first year has them once a better one begins."""
    spread: dict[str, object] = {"regimes.plans_spread": 2.0, "regimes.persistence": 0.0}
    found = 0
    for seed in range(8):
        rows = world({**ONE_CELL, **FIRE, **spread, "days": 730.0,
                      "cells.plans_per_year": 20.0}, seed).run()  # fmt: skip
        plans = [row.at for row in rows.log[Plan]]
        first, second = (rows.regimes.plans(rows.spec, t) for t in (0.0, 365.0))
        ratio = sum(t >= 365.0 for t in plans), sum(t < 365.0 for t in plans)
        found += (ratio[0] > ratio[1]) == (second > first)
    assert found >= 7


# -- cells that end -----------------------------------------------------------------------


def test_the_plans_that_wait_in_a_cell_that_dissolves_go_to_its_neighbour() -> None:
    """The neighbour, free, makes the first of them at once and keeps the other."""
    pair: dict[str, object] = {"cells.count": 2, "cells.reach_km": 1340.0, **FIRE}
    model = world({**pair, "cells.plans_per_year": 0.0})
    ending, heir = model.cells
    ending._waiting = ["one", "two"]
    ending._dissolve()
    assert [plan.identity for plan in model.log[Plan]] == ["one"]
    assert (model.cells, heir._waiting) == ([heir], ["two"])


def test_those_who_are_away_are_not_replaced() -> None:
    """Ten of twelve are lent for two years: the two grow by nobody; eight come home to ten.

    The two who died are then made good at three a year.
    """
    model = world({"cells.count": 1, "cells.strength": 12, "cells.recruits_per_year": 3.0,
                   "cells.plans_per_year": 0.0, "days": 1200.0})  # fmt: skip
    (cell,) = model.cells
    cell.lend(10)
    model.run_until(730.0)
    assert cell.strength == 2.0
    cell.welcome(8, 10)
    assert cell.strength == 10.0
    model.run_until(730.0 + 365.0 / 3.0)
    assert cell.strength == pytest.approx(11.0)
