"""The emulator of single figures is honest about its error, and read back as it was written."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.calibrate.noise import count_quantile, log_negative_binomial
from sim.calibrate.statistics import statistics
from sim.calibrate.surrogate import FILE, Surrogate, fit_figures, plain_values
from sim.errors import StoreError
from sim.frontier.ground import Ground
from sim.runs.posterior import shipped_folder
from sim.scenario.load import load
from tests.calibrate.worlds import ALL, PRIORS, means, training

KEYS = [("clashes", ALL), ("smuggling_stopped", ALL)]


def surrogate(years: int = 600, seed: int = 0) -> Surrogate:
    """Fitted to years of a model that is known in closed form."""
    taught = training(years, seed)
    figures = fit_figures(taught, statistics(Ground.default()))
    said = plain_values(sim.load("baseline"))
    return Surrogate(PRIORS, taught.names, taught.scaling, figures, said, years, {"bank": "x"})


@pytest.fixture(scope="module")
def found() -> Surrogate:
    """One for all."""
    return surrogate()


def asked(found: Surrogate, count: int) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Inputs of years that it has not seen, the true means of their figures, and the figures."""
    rng = np.random.default_rng(5)
    armed, middle, spread = rng.uniform(0.05, 0.6, count), *map(np.array, (
        found.scaling.middle, found.scaling.spread))  # fmt: skip
    logs = middle + spread * rng.standard_normal((count, 2))
    true = means(logs, armed)
    inputs = found.inputs({"smugglers.p_armed": armed}, logs)
    return (
        inputs,
        np.stack([true[k[0]] for k in KEYS], 1),
        {k: rng.poisson(v) for k, v in true.items()},
    )


def test_its_intervals_hold_years_that_it_has_not_seen(found: Surrogate) -> None:
    """Of 2,000 new years 90 % intervals hold 86 to 96 %, and it says of itself about the same."""
    inputs, _, figures = asked(found, 2000)
    for place, key in enumerate(KEYS):
        low, high = (
            found.predict(inputs, np.full((2000, 2), u))[1][:, place] for u in (0.05, 0.95)
        )
        held = np.mean((figures[key[0]] >= low) & (figures[key[0]] <= high))
        assert 0.86 <= held <= 0.96
        assert abs(found.figures[key].coverage - 0.9) < 0.04


def test_its_error_is_as_far_as_it_is_off(found: Surrogate) -> None:
    """The error it tells of a mean is within a factor of two of how far means are off, but for a
    twentieth of the points, at the edges.
    """
    inputs, true, _ = asked(found, 500)
    mean, _ = found.predict(inputs, np.full((500, 2), 0.5))
    off = np.sort(np.log(mean / true) ** 2, axis=0)[: -len(true) // 20]
    for place, key in enumerate(KEYS):
        assert 0.5 < found.figures[key].error / np.sqrt(off[:, place].mean()) < 2.0


def test_it_is_read_back_as_written(found: Surrogate, tmp_path: Path) -> None:
    """Answers are the same to the last bit, beside a posterior as in the folder above it."""
    found.write(tmp_path / "posterior")
    inputs, _, _ = asked(found, 20)
    chances = np.full((20, 2), 0.3)
    for place in (tmp_path, tmp_path / "posterior"):
        again = Surrogate.read(place)
        for one, other in zip(
            found.predict(inputs, chances), again.predict(inputs, chances), strict=True
        ):
            assert np.array_equal(one, other)
        assert replace(again, figures={}) == replace(found, figures={})


@pytest.mark.parametrize("spoil", [lambda b: b[:-9], lambda b: b"", lambda b: b"x" * len(b)])
def test_a_damaged_file_is_refused(found: Surrogate, tmp_path: Path, spoil: object) -> None:
    """With its path and a remedy, never as a traceback of a library."""
    found.write(tmp_path)
    path = tmp_path / FILE
    path.write_bytes(spoil(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(StoreError, match=FILE) as caught:
        Surrogate.read(tmp_path)
    assert "panj calibrate" in str(caught.value)
    with pytest.raises(StoreError, match="there is no emulator"):
        Surrogate.read(tmp_path / "nothing")


def test_it_says_what_it_does_not_know(found: Surrogate) -> None:
    """Free parameters are known at any value, any other is not; what is new is taken as it was."""
    base = load("baseline")
    assert found.unknown_settings(base) == []
    assert found.unknown_settings(load("baseline", {"smugglers.p_armed": 0.2})) == []
    assert found.unknown_settings(
        load("baseline", {"teams.per_district": 3, "alert.level": "routine"})
    ) == [
        "alert.level",
        "teams.per_district",
    ]
    older = {key: value for key, value in found.scenario.items() if key != "cells.count"}
    assert replace(found, scenario=older).unknown_settings(base) == []


@given(
    st.floats(0.001, 90.0), st.floats(0.0, 8.0), st.floats(0.0, 2.0), st.floats(0.001, 0.999)
)  # fmt: skip
def test_a_quantile_of_counts_is_where_the_chance_is_reached(
    mean: float, extra: float, spread: float, u: float
) -> None:
    """Up to it lies at least ``u``, up to one less does not."""
    at, chance = np.array([mean]), np.array([u])
    variance = at * (1.0 + extra) + spread * at**2
    found = count_quantile(at, variance, chance)[0]

    def upto(k: float) -> float:
        return 0.0 if k < 0 else float(np.exp(log_negative_binomial(at, variance, 0.0, k))[0])

    assert upto(found) >= u - 1e-6
    assert upto(found - 1) <= u + 1e-6


def test_the_shipped_one_answers_for_the_baseline() -> None:
    """It is small, knows the baseline as it is, and holds what it says of years not seen."""
    found = Surrogate.read("shipped")
    assert found.unknown_settings(load("baseline")) == []
    assert abs(found.coverage - 0.9) < 0.03
    assert (shipped_folder() / FILE).stat().st_size < 300_000
    assert found.made["bank_made_with"]
