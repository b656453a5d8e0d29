"""The price of a mix is that of a quiet year, and never more than the budget."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.errors import PanjError
from sim.explore.optimise.budget import read_budget
from sim.explore.optimise.mixes import unsearched_mixes, weights
from sim.explore.optimise.pricing import PricedBudget
from sim.scenario.load import load
from tests.explore.budgets import SMALL, written


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> PricedBudget:
    """The small budget with the prices of the baseline."""
    return PricedBudget(read_budget(written(tmp_path_factory.mktemp("priced"))), load("baseline"))


def test_prices_are_those_of_the_accounts(priced: PricedBudget) -> None:
    """One guard more at each of 22 sites costs guard-hours at 2.50; a share costs nothing."""
    place = [lever.name for lever in priced.levers].index("guards at a site")
    more = priced.price(priced.at(priced.low, place, 2.0)) - priced.price(priced.low)
    assert more == pytest.approx(22 * 24 * 365 * 2.5)
    assert list(priced.paid) == [True, True, True, False]
    # One more sortie a day of a post of five, for a year: kilometres and hours both ways.
    assert priced.range_prices[0] > 0.0


@settings(max_examples=10, phases=(Phase.generate,))
@given(st.lists(st.floats(0.05, 1.0), min_size=4, max_size=4), st.floats(0.0, 1.0))
def test_no_mix_costs_more_than_the_budget(
    priced: PricedBudget, parts: list[float], following: float
) -> None:
    """Whatever the weights; and divisible levers take what is left, up to their greatest amount."""
    mix = priced.spend(np.array(parts), [0.0, 0.0, 0.0, following])
    spent = priced.price(mix)
    assert spent <= priced.total
    assert mix[3] == pytest.approx(following, abs=5e-4)
    assert all(x.low <= amount <= x.high for x, amount in zip(priced.levers, mix, strict=True))
    full = mix[0] == priced.levers[0].high and mix[1] == priced.levers[1].high
    assert full or priced.total - spent <= 2e-3 * priced.total


def test_money_goes_where_the_weight_is(priced: PricedBudget) -> None:
    """A lever of no weight stays at its least; one of all the weight fills up first."""
    mix = priced.spend(np.array([1.0, 0.0, 0.0, 0.0]), priced.low)
    assert mix[1:] == priced.low[1:]
    assert mix[0] == priced.levers[0].high or priced.price(mix) > 0.999 * priced.total


def test_kinds_share_alike_and_districts_by_risk(priced: PricedBudget) -> None:
    """Sorties of two districts are one kind: one share, divided by harm on request."""
    even, by_risk = weights(priced), weights(priced, {"panj": 1.0, "hamadoni": 3.0})
    assert even[:2].sum() == pytest.approx(even[2]) == pytest.approx(1.0)
    assert by_risk[:2] == pytest.approx([0.25, 0.75])
    assert weights(priced, {})[:2] == pytest.approx([0.5, 0.5])
    ways = {way.name: way for way in unsearched_mixes(priced, {"hamadoni": 1.0})}
    assert ways["pattern"].scenario.patrols.hot_spot_share == 1.0
    assert ways["uniform"].scenario.patrols.emphasis["panj"] == pytest.approx(
        ways["uniform"].scenario.patrols.emphasis["hamadoni"], abs=5e-3
    )
    assert ways["by_risk"].amounts[0] == priced.levers[0].low


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("total = 52_000_000", "total = 1_000_000", "is too little"),
        ("total = 52_000_000", "total = 900_000_000", "there is nothing to choose"),
        ("cost = 0", "", "Give the cost of one a year"),
        ("from = 1\nto = 9", "from = 9\nto = 1", "costs less at 'to' than at 'from'"),
    ],
)
def test_a_budget_that_cannot_be_spent_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """Too little, too much, no price, or a price the wrong way round."""
    budget = read_budget(written(tmp_path, SMALL.replace(old, new, 1)))
    with pytest.raises(PanjError, match=said):
        PricedBudget(budget, load("baseline"))


def test_a_budget_that_buys_nothing_is_refused(tmp_path: Path, priced: PricedBudget) -> None:
    """Money for less than one whole unit of the only lever is an error."""
    head, *levers = SMALL.split("[[lever]]")
    text = f"total = {priced.price(priced.low) + 1000.0}\n[[lever]]{levers[2]}"
    text += "[set]\npatrols.emphasis = {panj = 0.5, hamadoni = 0.5}\n"
    assert "total" in head
    with pytest.raises(PanjError, match="buys nothing"):
        PricedBudget(read_budget(written(tmp_path, text)), load("baseline"))
