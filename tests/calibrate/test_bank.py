"""The bank of a calibration is a batch: it grows, is shared, and gives the figures of its years."""

from pathlib import Path

import pytest

import sim
from sim.calibrate.bank import (
    fill_bank,
    open_other_bank,
    posterior_draws,
    prior_draws,
    years_of_store,
)
from sim.calibrate.posterior import Moments, Posterior
from sim.calibrate.prior_sample import sample_prior
from sim.calibrate.priors import Parameter
from sim.calibrate.simulator import Simulator, figure
from sim.calibrate.targets import read_targets
from sim.errors import PanjError, StoreError
from sim.runs.replicate import seed_of
from sim.runs.store import Store
from sim.runs.workers import Workers, start_workers

SMALL = sim.load("baseline", {"smugglers.loads_per_year": 60.0, "cells.count": 1})
"""A year with little in it, so that it is quick."""
PRIORS = (
    Parameter("patrols.p_sight", 0.05, 0.6, "probability", "x"),
    Parameter(
        "hot", 0.5, 4.0, "ratio", "x", multiplies=("smugglers.district_weights.shamsiddin_shohin",)
    ),
)
TARGETS = read_targets()
YEARS = 12


def world(targets: object = TARGETS, priors: object = PRIORS) -> Simulator:
    """Two uncertain parameters of the small year."""
    return Simulator(SMALL, priors, targets)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def here() -> Workers:
    """This process."""
    with start_workers("serial") as workers:
        return workers


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory, here: Workers) -> Path:
    """A bank of twelve years."""
    folder = tmp_path_factory.mktemp("banks") / "bank"
    fill_bank(world(), folder, YEARS, here)
    return folder


def members() -> Posterior:
    """Four equally likely draws, as of a posterior."""
    _, values = sample_prior(PRIORS, 3, 4)
    moments = {prior.key: Moments(0.3, 0.2) for prior in PRIORS}
    return Posterior(world().keys, values, moments)


def test_a_bank_is_a_store_of_years_at_draws_of_the_prior(bank: Path) -> None:
    """Replicate i has draw i, of which the store's table of parameters tells."""
    store = Store.open(bank)
    table = store.outcomes(columns=["clashes"])
    assert table["draw"].to_pylist() == list(range(YEARS))
    _, values = sample_prior(PRIORS, 0, YEARS)
    said = store.parameters().to_pylist()
    sight = [r["value"] for r in said if r["key"] == "patrols.p_sight" and r["draw"] is not None]
    assert sight == values[:, 0].tolist()


def test_the_figures_of_a_bank_are_those_of_its_years(bank: Path) -> None:
    """Read from the store, each is what the simulator gives for draw and seed."""
    _, values = sample_prior(PRIORS, 0, YEARS)
    years = {
        number: year
        for number, year, failure in years_of_store(SMALL, Store.open(bank), "baseline")
        if failure is None
    }
    assert sorted(years) == list(range(YEARS))
    for number in (0, 5, 11):
        theta = dict(zip(world().keys, values[number].tolist(), strict=True))
        expected = world().year(theta, seed_of(number))
        for target in TARGETS:
            found = figure(target, years[number])
            assert found == pytest.approx(figure(target, expected), rel=0.0, abs=0.0, nan_ok=True)


def test_a_bank_grows_and_stops_at_its_budget(tmp_path: Path, bank: Path, here: Workers) -> None:
    """In steps within a budget, or at once: the same years."""
    folder = tmp_path / "steps"
    for years, budget, there in ((5, 3, 3), (5, None, 5), (YEARS, 4, 9), (YEARS, 9, 12)):
        store = fill_bank(world(), folder, years, here, budget=budget).store
        assert len(store.finished("baseline")) == there
    assert store.table_hash() == Store.open(bank).table_hash()


def test_a_bank_that_was_to_be_larger_serves_a_smaller_one(
    tmp_path: Path, bank: Path, here: Workers
) -> None:
    """Begun for many years and stopped, it is enough for as many as there are, and goes on."""
    folder = tmp_path / "large"
    fill_bank(world(), folder, 500, here, budget=5)
    assert len(fill_bank(world(), folder, 4, here).store.finished("baseline")) == 5
    fill_bank(world(), folder, YEARS, here)
    assert Store.open(folder).table_hash() == Store.open(bank).table_hash()


def test_another_calibration_may_use_a_bank(bank: Path) -> None:
    """With other targets it serves; with another seed, other priors or another scenario not."""
    store = open_other_bank(world(TARGETS[:3]), bank)
    assert len(store.finished("baseline")) == YEARS
    wider = (Parameter("patrols.p_sight", 0.05, 0.7, "probability", "x"), PRIORS[1])
    with pytest.raises(StoreError, match="the priors"):
        open_other_bank(world(priors=wider), bank)
    other = Simulator(sim.load("baseline"), PRIORS, TARGETS)
    with pytest.raises(StoreError, match="the scenario"):
        open_other_bank(other, bank)


def test_other_priors_do_not_get_into_a_bank(bank: Path, here: Workers) -> None:
    """Its years would be of two kinds."""
    wider = (Parameter("patrols.p_sight", 0.05, 0.7, "probability", "x"), PRIORS[1])
    with pytest.raises(StoreError, match="other draws cannot be paired"):
        fill_bank(world(priors=wider), bank, YEARS, here)


def test_a_posterior_is_dealt_with_what_a_batch_must_know(tmp_path: Path) -> None:
    """Keys, base values, updates; written and read again it is the same."""
    draws = posterior_draws(members(), world(), "here", 20)
    assert set(draws.draws) == set(map(tuple, members().values.tolist()))
    sight, hot = draws.parameters
    assert (sight.how, sight.base, hot.how) == ("set", (SMALL.patrols.p_sight,), "scale")
    draws.write(tmp_path / "posterior")
    assert type(draws).read(tmp_path) == draws  # the folder of a calibration holds it


def test_a_bank_whose_every_year_fails_is_not_simulated_to_its_end(
    tmp_path: Path, here: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says so after a few, and how to see why."""
    monkeypatch.setattr("sim.model.BorderModel.run", broken)
    with pytest.raises(PanjError, match="fails at every draw"):
        fill_bank(world(), tmp_path / "b", 500, here)
    assert len(Store.open(tmp_path / "b").failed("baseline")) < 100


def broken(model: object) -> None:
    """Fails always."""
    raise ZeroDivisionError("division by zero")


def test_a_longer_list_of_prior_draws_continues_a_shorter_one() -> None:
    """As long as no draw has been dealt twice; other priors never do."""
    few, many = (prior_draws(world(), count) for count in (5, 9))
    assert many.continues(few, 5)
    assert not many.continues(few, 6)
    assert not few.continues(many, 5)
    assert few.continues(few, 500)
