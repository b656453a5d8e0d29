"""A budget file says what money buys; an invalid one is refused with its place."""

from pathlib import Path

import pytest

from sim.errors import PanjError, ScenarioError
from sim.explore.optimise.budget import Lever, check, read_budget, shipped
from sim.scenario.load import load
from tests.explore.budgets import SMALL, written


def test_the_shipped_budget_is_one() -> None:
    """It reads, its scenario and districts exist, and no lever is in it twice."""
    budget = read_budget(shipped())
    check(budget, load(budget.scenario))
    keys = [key for lever in budget.lever for key in lever.keys]
    assert len(keys) == len(set(keys)) > 20


def _changed(old: str, new: str) -> str:
    assert old in SMALL
    return SMALL.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_changed("worksites.guards", "worksites.gards"), "no scenario has this parameter"),
        (_changed("worksites.guards", "alert.level"), "is not an amount"),
        (_changed("patrols.emphasis.panj", "patrols.emphasis"), "Name the districts"),
        (_changed("worksites.guards", "alert.season_months"), "needs an order"),
        (_changed("emphasis.hamadoni", "emphasis.panj"), "is set by lever sorties in Panj too"),
        (_changed("sorties in Hamadoni", "sorties in Panj"), "is used twice"),
        (_changed("from = 1\nto = 9", "from = 9\nto = 9"), "nothing to buy"),
        (_changed("to = 9", "to = 9.5"), "whole amounts"),
        (_changed("to = 9", "to = 9000"), "beyond what its parameters allow"),
        (_changed("to = 9", 'to = "many"'), "number"),
        (_changed("to = 9\n", "to = 9\nprice = 3\n"), "price"),
        (_changed("total = 52_000_000", "total = -1"), "total"),
        (_changed("total = 52_000_000", "set = 3"), "table of parameters"),
        ("total = 1\n", "[[lever]]"),
        ("total = 1\nlever = []\n", "[[lever]]"),
        ("total = [", "not valid TOML"),
    ],
)
def test_an_invalid_budget_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """The message names the file, what is wrong and a remedy."""
    with pytest.raises(ScenarioError) as caught:
        read_budget(written(tmp_path, text))
    assert said in str(caught.value)
    assert "budget.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("emphasis.panj", "emphasis.pandsch", "no such district"),
        ("total = 52_000_000", 'currency = "dollars"', "no such outcome"),
    ],
)
def test_unknown_districts_and_currencies_are_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """Districts and the currency must be those of the scenario to change."""
    budget = read_budget(written(tmp_path, _changed(old, new)))
    with pytest.raises(PanjError, match=said):
        check(budget, load("baseline"))


def test_a_lever_sets_what_its_parameters_take() -> None:
    """Months come in their order of buying, flags as yes or no, whole numbers whole."""
    said = {"name": "a", "from": 0, "to": 1}
    months = Lever.model_validate(
        {**said, "keys": ["alert.season_months"], "order": [10, 9, 1], "to": 3}
    )
    assert months.sets(2.0) == {"alert.season_months": [9, 10]}
    flag = Lever.model_validate({**said, "keys": ["diplomacy.joint_mechanism"]})
    assert flag.sets(1.0) == {"diplomacy.joint_mechanism": True}
    both = Lever.model_validate({**said, "keys": ["worksites.guards", "worksites.hardening"]})
    assert both.sets(1.0) == {"worksites.guards": 1, "worksites.hardening": 1.0}
    assert both.whole
    assert both.bounds() == (0.0, 1.0)
