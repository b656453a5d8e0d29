"""What plans foretell, and the luck that is left out of expected harm: its mean is 0."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quiet_worlds import LIMIT

from sim.agents.choices import Option, weights
from sim.agents.plan_forecast import Harm, attack_harm
from sim.agents.planning import Rate
from sim.incidents.records import HARM, Incident, Plan
from sim.model import BorderModel
from sim.scenario.spec import Scenario
from sim.scenario.values import with_overrides
from sim.theory.choice import quantal_response
from sim.verify.excitation import SUCCEEDING
from sim.verify.runs import run

BUSY: dict[str, object] = {
    "days": 180.0, "cells.plans_per_year": 3.0, "cells.branching": 0.6, "cells.joint": 0.3,
    "cells.refrain": -0.5, "smugglers.loads_per_year": 0.0,
}  # fmt: skip
"""Half a year of plans that trigger others, are joined and may be dropped; nobody smuggles."""

VICTIMS = ("guards", "workers_chinese", "workers_other", "villagers")


def strikes() -> BorderModel:
    """A cell whose every plan is a drone strike on the one site, at once."""
    lone = {"cells.count": 1, "cells.plans_per_year": 100.0, "days": 730.0}
    return run("luck", 0, SUCCEEDING, lone)


def choosing() -> tuple[BorderModel, list[Option], list[float]]:
    """A model as it begins, all ways of its first cell and the chance of each."""
    model = BorderModel(with_overrides(Scenario(), BUSY), 1)
    (cell, *_) = model.cells
    ways = cell.ways("a plan")
    return model, ways, quantal_response(weights(cell, ways), 1.0)[: len(ways)]


def test_luck_is_what_came_less_what_was_due() -> None:
    """Where there is one thing to do: plans less the rate times the days, times what one is worth,
    to rounding. Nothing is brought forth, so that does not depend on the days that are left.
    """
    model = strikes()
    (cell,) = model.cells
    beyond = len(model.log[Plan]) - 100.0 / 365.0 * 730.0
    assert abs(beyond) > 1.0
    assert model.luck == pytest.approx(beyond * cell.planning.forecast.plan(0.0), abs=1e-9)


def test_a_strike_foretells_what_it_then_costs() -> None:
    """Where nothing changes between plan and strike, it is what the ledger says of each."""
    model = strikes()
    (cell,) = model.cells
    (way,) = cell.ways("a plan")
    assert attack_harm(model, [way], [1.0]).sum() == pytest.approx(1.0)
    told = [expectation.harm for expectation in model.ledger.values()]
    assert len(told) == len(model.log[Incident])
    assert np.array(told) == pytest.approx(
        np.tile(attack_harm(model, [way], [1.0]), (len(told), 1))
    )


def test_a_run_knows_its_luck_at_any_moment() -> None:
    """Half way: plans so far less those due so far, though no plan has just come."""
    model = BorderModel(strikes().spec, 5)
    model.run_until(365.0)
    (cell,) = model.cells
    worth = cell.planning.forecast.plan(0.0).sum()
    hits = sum(sum(expectation.harm) for expectation in model.ledger.values())
    rows = model.outcomes()
    expected = float(rows["expected_deaths"] or 0) + float(
        rows["expected_workers_other_wounded"] or 0
    )
    beyond = len(model.log[Plan]) - 100.0
    assert expected == pytest.approx(hits - beyond * worth, abs=1e-3)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5), st.integers(0, 60))
def test_a_mixture_foretells_the_mean(chances: Sequence[float], first: int) -> None:
    """For options of all modes, alike or not: the sum over options, weighted by chance."""
    model, ways, _ = choosing()
    some = ways[first :: len(ways) // 7][:5]
    mixed = attack_harm(model, some, chances[: len(some)])
    alone = [p * attack_harm(model, [way], [1.0]) for way, p in zip(some, chances, strict=False)]
    assert mixed == pytest.approx(sum(alone))


def test_the_luck_of_a_choice_is_nothing_on_average() -> None:
    """Over all ways and to refrain, each with its chance."""
    model, ways, chances = choosing()
    forecast = model.cells[0].planning.forecast
    assert 0.3 < sum(chances) < 1.0
    mean = (1.0 - sum(chances)) * forecast.of_choice(model, ways, chances, None)
    for way, chance in zip(ways, chances, strict=True):
        mean = mean + chance * forecast.of_choice(model, ways, chances, way)
    assert mean == pytest.approx(np.zeros(len(HARM)), abs=1e-12)
    assert forecast.of_choice(model, ways, chances, None).min() < -0.01


def half_years() -> list[BorderModel]:
    """120 of them."""
    spec = with_overrides(Scenario(), BUSY)
    return [BorderModel(spec, seed).run() for seed in range(120)]


def z(luck: Sequence[Harm]) -> Harm:
    """Standard errors between the mean of each column and 0; columns without any luck left out."""
    table = np.array(luck)
    table = table[:, np.ptp(table, axis=0) > 0.0]
    found: Harm = table.mean(0) / (table.std(0, ddof=1) / len(table) ** 0.5)
    return found


@pytest.mark.thorough
def test_luck_is_nothing_on_average() -> None:
    """|z| < 4 for the dead and wounded of every side, and taking it out leaves less variance."""
    runs = half_years()
    off = z([model.luck for model in runs])
    assert len(off) == 10  # no smugglers
    assert np.abs(off).max() < LIMIT
    rows = [model.outcomes() for model in runs]
    counted, expected = ([float(row[name] or 0) for row in rows]
                         for name in ("victims", "expected_victims"))  # fmt: skip
    victims = [HARM.index(f"killed_{side}") for side in VICTIMS]
    ledgers = [
        sum(each.harm[i] for each in model.ledger.values() for i in victims) for model in runs
    ]
    assert np.var(expected) < np.var(ledgers) < 0.8 * np.var(counted)
    gaps = np.subtract(counted, expected)
    assert abs(gaps.mean()) < LIMIT * gaps.std(ddof=1) / len(gaps) ** 0.5


@pytest.mark.thorough
def test_plans_that_are_not_due_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rate that promises a third too few plans shows as luck in those killed."""
    expected = Rate.expected
    monkeypatch.setattr(Rate, "expected", lambda self, t: 0.67 * expected(self, t))
    assert np.abs(z([model.luck for model in half_years()])).max() > LIMIT
