"""A mix costs what a quiet year costs, and never more than there is."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.errors import PanjError
from sim.explore.optimise.budget import read_budget
from sim.explore.optimise.mixes import simple, weights
from sim.explore.optimise.pricing import Purse
from sim.scenario.load import load
from tests.explore.budgets import SMALL, written


@pytest.fixture(scope="module")
def purse(tmp_path_factory: pytest.TempPathFactory) -> Purse:
    """The small budget in the hands of the baseline."""
    return Purse(read_budget(written(tmp_path_factory.mktemp("purse"))), load("baseline"))


def test_prices_are_those_of_the_accounts(purse: Purse) -> None:
    """One guard more at each of 22 sites is so many guard-hours of 2.50; a share costs nothing."""
    place = [lever.name for lever in purse.levers].index("guards at a site")
    more = purse.price(purse.at(purse.low, place, 2.0)) - purse.price(purse.low)
    assert more == pytest.approx(22 * 24 * 365 * 2.5)
    assert list(purse.paid) == [True, True, True, False]
    # One more sortie a day of a post of five, for a year: kilometres and hours both ways.
    assert purse.rises[0] > 0.0


@settings(max_examples=10, phases=(Phase.generate,))
@given(st.lists(st.floats(0.05, 1.0), min_size=4, max_size=4), st.floats(0.0, 1.0))
def test_no_mix_costs_more_than_there_is(
    purse: Purse, parts: list[float], following: float
) -> None:
    """Whatever the weights; and what can be divided takes what is left, as far as it may."""
    mix = purse.spend(np.array(parts), [0.0, 0.0, 0.0, following])
    spent = purse.price(mix)
    assert spent <= purse.total
    assert mix[3] == pytest.approx(following, abs=5e-4)
    assert all(x.low <= amount <= x.high for x, amount in zip(purse.levers, mix, strict=True))
    full = mix[0] == purse.levers[0].high and mix[1] == purse.levers[1].high
    assert full or purse.total - spent <= 2e-3 * purse.total


def test_money_goes_where_the_weight_is(purse: Purse) -> None:
    """A lever of no weight stays at its least; one of all the weight fills up first."""
    mix = purse.spend(np.array([1.0, 0.0, 0.0, 0.0]), purse.low)
    assert mix[1:] == purse.low[1:]
    assert mix[0] == purse.levers[0].high or purse.price(mix) > 0.999 * purse.total


def test_kinds_share_alike_and_districts_by_risk(purse: Purse) -> None:
    """Sorties of two districts are one kind: one share, divided by harm if asked."""
    even, by_risk = weights(purse), weights(purse, {"panj": 1.0, "hamadoni": 3.0})
    assert even[:2].sum() == pytest.approx(even[2]) == pytest.approx(1.0)
    assert by_risk[:2] == pytest.approx([0.25, 0.75])
    assert weights(purse, {})[:2] == pytest.approx([0.5, 0.5])
    ways = {way.name: way for way in simple(purse, {"hamadoni": 1.0})}
    assert ways["pattern"].scenario.patrols.hot_spot_share == 1.0
    assert ways["uniform"].scenario.patrols.emphasis["panj"] == pytest.approx(
        ways["uniform"].scenario.patrols.emphasis["hamadoni"], abs=5e-3
    )
    assert ways["by_risk"].amounts[0] == purse.levers[0].low


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("total = 52_000_000", "total = 1_000_000", "no mix keeps within it"),
        ("total = 52_000_000", "total = 900_000_000", "there is nothing to choose"),
        ("cost = 0", "", "Say what one costs a year"),
        ("from = 1\nto = 9", "from = 9\nto = 1", "costs less at 'to' than at 'from'"),
    ],
)
def test_a_budget_that_cannot_be_spent_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """Too little, too much, no price, or a price the wrong way round."""
    budget = read_budget(written(tmp_path, SMALL.replace(old, new, 1)))
    with pytest.raises(PanjError, match=said):
        Purse(budget, load("baseline"))


def test_a_budget_that_buys_nothing_is_refused(tmp_path: Path, purse: Purse) -> None:
    """Money for less than one whole unit of the only lever is told, not spent."""
    head, *levers = SMALL.split("[[lever]]")
    text = f"total = {purse.price(purse.low) + 1000.0}\n[[lever]]{levers[2]}"
    text += "[set]\npatrols.emphasis = {panj = 0.5, hamadoni = 0.5}\n"
    assert "total" in head
    with pytest.raises(PanjError, match="buys nothing"):
        Purse(read_budget(written(tmp_path, text)), load("baseline"))
