"""A free parameter that is set is fixed at its value; the others do not change."""

import pytest

from sim.calibrate.bank import prior_draws
from sim.calibrate.prior_sample import sample_prior
from sim.calibrate.priors import read_priors
from sim.calibrate.simulator import load_with_fixed, simulator
from sim.errors import PanjError
from sim.scenario.values import flatten

PRIORS = read_priors()
WEIGHT = "cells.district_weights.shamsiddin_shohin"


def test_a_parameter_that_is_set_is_no_longer_free() -> None:
    """The scenario has the value, the priors lack the parameter, and the value is recorded."""
    held = load_with_fixed("baseline", ["patrols.p_sight=0.31", "days=365"], PRIORS)
    assert held.scenario.patrols.p_sight == 0.31
    assert [p.key for p in held.free] == [p.key for p in PRIORS if p.key != "patrols.p_sight"]
    assert held.fixed == {"patrols.p_sight": 0.31}
    assert held.settings(PRIORS) == ("patrols.p_sight=0.31",)


def test_a_parameter_set_to_its_default_is_fixed_too() -> None:
    """To name it is to fix it."""
    there = load_with_fixed("baseline", [], PRIORS)
    assert (there.fixed, there.free) == ({}, PRIORS)
    same = f"patrols.p_sight={there.scenario.patrols.p_sight}"
    assert "patrols.p_sight" in load_with_fixed("baseline", [same], PRIORS).fixed


def test_a_factor_is_fixed_by_its_name() -> None:
    """It multiplies its keys once and for all; a key of its own is what it multiplies."""
    plain = flatten(load_with_fixed("baseline", [], PRIORS).scenario)
    held = load_with_fixed("baseline", ["hot_district=1.5", f"{WEIGHT}=4"], PRIORS)
    assert held.fixed == {"hot_district": 1.5}
    assert flatten(held.scenario)[WEIGHT] == 6.0
    other = "worksites.district_weights.shamsiddin_shohin"
    assert flatten(held.scenario)[other] == pytest.approx(1.5 * float(str(plain[other])))
    again = load_with_fixed("baseline", held.settings(PRIORS), PRIORS)
    assert again.scenario == held.scenario


def test_the_others_have_the_draws_they_had() -> None:
    """A draw is a function of its number and its parameter alone."""
    held = load_with_fixed("baseline", ["patrols.p_sight=0.31"], PRIORS)
    _, before = sample_prior(PRIORS, 0, 5)
    _, after = sample_prior(held.free, 0, 5)
    place = [p.key for p in PRIORS].index("patrols.p_sight")
    assert (before[:, [n for n in range(len(PRIORS)) if n != place]] == after).all()


def test_a_batch_gets_no_draws_of_a_fixed_parameter() -> None:
    """The draws of the batch lack it, and a scenario that sets it keeps its value."""
    held = load_with_fixed("baseline", ["patrols.p_sight=0.31"], PRIORS)
    model = simulator(held.scenario, None, held.free, held.fixed)
    draws = prior_draws(model, 3)
    assert "patrols.p_sight" not in [p.name for p in draws.parameters]
    assert draws.apply(held.scenario, 1).patrols.p_sight == 0.31


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["hot_district=much"], "is a factor, which must be a number"),
        (["hot_district=true"], "is a factor, which must be a number"),
        (["hot_district=-1"], "is below 0"),
        (["hot_distrct=1.5"], "hot_distrct"),
        (["patrols.p_sight=1.5"], "patrols.p_sight"),
        ([f"{p.key}={p.quantile(0.5)}" for p in PRIORS], "nothing to calibrate"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(settings: list[str], words: str) -> None:
    """One message with the key; and something must stay free."""
    with pytest.raises(PanjError) as caught:
        load_with_fixed("baseline", settings, PRIORS)
    assert words in str(caught.value)
    assert caught.value.remedy
