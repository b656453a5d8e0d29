"""Diagnostics, self-tests and point tuning on toys."""

from functools import partial
from math import inf

import numpy as np
import pytest
import toys
from hypothesis import given
from hypothesis import strategies as st
from toys import FOUR, GAUSSIAN, MU

from sim.calibrate.diagnostics import checks, concerns, learnt, predictive_p
from sim.calibrate.fit import fit
from sim.calibrate.posterior import Moments, Posterior
from sim.calibrate.problem import Aim, CalibrationProblem, Floats
from sim.calibrate.rows import Rows, simulated, table_of
from sim.calibrate.sbc import SelfTest, by_bank, observed, self_test
from sim.calibrate.tune import Search, tune
from sim.errors import PanjError
from sim.runs.plan import seed_of


@pytest.fixture(scope="module")
def fitted() -> Posterior:
    """The Gaussian toy, adjusted."""
    return fit(simulated(GAUSSIAN, 4000), GAUSSIAN.aims, GAUSSIAN.priors, 300).posterior


def again(problem: CalibrationProblem, fitted: Posterior, count: int) -> Rows:
    """Fresh simulations at draws of a posterior."""
    theta = fitted.draw(count)
    results = [problem.simulate(row, seed_of(n, 99)) for n, row in enumerate(theta)]
    names = tuple(sorted(results[0]))
    values = np.array([list(row.values()) for row in theta])
    statistics = table_of(results, names)
    return Rows(problem.keys, names, values, values, statistics, (None,) * count)


def posterior(means: list[float], sds: list[float]) -> Posterior:
    """Members with these means and spreads, of parameters with prior mean 0 and sd 1."""
    rng = np.random.default_rng(1)
    values = rng.normal(size=(2000, len(means)))
    values = np.array(means) + np.array(sds) * (values - values.mean(axis=0)) / values.std(axis=0)
    keys = tuple("abcdef"[: len(means)])
    return Posterior(
        keys=keys,
        names=(),
        values=values,
        latent=values,
        weights=np.full(2000, 1.0 / 2000.0),
        statistics=np.empty((2000, 0)),
        distances=np.zeros(2000),
        threshold=0.0,
        prior=dict.fromkeys(keys, Moments(0.0, 1.0)),
    )


def test_what_was_learnt_is_said() -> None:
    """Narrowed; narrowed and moved; moved only; neither."""
    found = learnt(posterior([0.1, -0.8, 0.7, 0.1], [0.5, 0.5, 0.98, 0.97]))
    assert [item.words for item in found] == [
        "narrowed to 50% of its prior spread",
        "narrowed to 50% of its prior spread and moved down by 0.8 of it",
        "moved up by 0.7 prior spreads only",
        "not moved: keeps 97% of its prior spread",
    ]
    assert [item.moved for item in found] == [True, True, True, False]


def test_a_model_that_fits_raises_no_doubt(fitted: Posterior) -> None:
    """The fitted target in the middle of its replicas; nothing to tell."""
    found = checks(again(GAUSSIAN, fitted, 200), GAUSSIAN.aims)
    assert (found[0].p or 0.0) > 0.5
    assert not found[0].doubtful
    assert concerns(fitted, found) == []


def test_a_target_held_back_can_fail(fitted: Posterior) -> None:
    """Never fitted, it is looked at all the same, and told in a sentence with its figures."""
    rows = again(GAUSSIAN, fitted, 200)
    held = Aim("noise", 9.0, 9.0, 1.0, 0.0)
    found = checks(rows, [held])
    assert found[0].p == 0.0
    assert not found[0].fitted
    said = concerns(fitted, found, ["x lies outside"])
    assert "hardly gives noise = 9 (not fitted; p = 0.000)" in said[0]
    assert said[1] == "Not adjusted for: x lies outside."


def test_few_effective_draws_are_told() -> None:
    """And which parameters are as open as before."""
    found = posterior([0.0, 0.0], [1.0, 0.4])
    weights = np.full(2000, 1e-9)
    weights[:10] = 0.1
    thin = Posterior(**{**vars(found), "weights": weights / weights.sum()})
    said = concerns(thin)
    assert "count as 10 independent draws" in said[0]
    assert any("as open as before: a." in words for words in concerns(found))


def test_a_figure_that_is_never_defined_has_no_p_value() -> None:
    """It is doubtful, and told as such."""
    problem = CalibrationProblem([MU], [Aim("n", 1.0, 1.0, 1.0)], never)
    found = checks(again(problem, prior_like(), 5), problem.aims)
    assert (found[0].p, found[0].undefined) == (None, 1.0)
    assert "gives no value for n (fitted)" in concerns(prior_like(), found)[-1]


def never(theta: object, seed: int) -> dict[str, None]:
    """A figure that is never defined."""
    return {"n": None}


def prior_like() -> Posterior:
    """A posterior of ``mu``."""
    found = posterior([0.0], [0.5])
    return Posterior(**{**vars(found), "keys": ("mu",), "prior": {"mu": Moments(0.0, 1.0)}})


@given(st.lists(st.floats(-10.0, 10.0), min_size=1, max_size=40), st.floats(-10.0, 10.0))
def test_p_values_are_shares(values: list[float], at: float) -> None:
    """Between 0 and 1; of a floor, the share that reaches it; an equality has its mirror's."""
    array = np.array(values)
    equal = predictive_p(Aim("x", at, at, 1.0), array)
    assert 0.0 <= equal <= 1.0
    assert predictive_p(Aim("x", -at, -at, 1.0), -array) == pytest.approx(equal)
    assert predictive_p(Aim("x", at, inf, 1.0), array) == np.mean(array >= at)
    assert predictive_p(Aim("x", at, at + 1.0, 1.0), array) == np.mean(
        (array >= at) & (array <= at + 1.0)
    )


def test_p_values_of_a_true_model_are_uniform() -> None:
    """1,000 data sets from the replicas' own distribution: mean 1/2 (|z| < 4)."""
    rng = np.random.default_rng(4)
    values = rng.normal(size=500)
    found = [predictive_p(Aim("x", s, s, 1.0), values) for s in rng.normal(size=1000)]
    assert abs(np.mean(found) - 0.5) < 4.0 * (1.0 / 12.0 / 1000.0) ** 0.5 + 0.03


def made(ranks: list[float]) -> SelfTest:
    """A self-test with these ranks."""
    column = np.array(ranks)[:, None]
    return SelfTest(("x",), column, column, column, np.ones_like(column))


def test_uniform_ranks_pass_and_others_do_not() -> None:
    """Chi-square by hand for even ranks, and near 0 for ranks that crowd (too wide a posterior)."""
    even = made([(i + 0.5) / 200.0 for i in range(200)])
    assert even.uniformity()["x"] == pytest.approx(1.0)
    assert [c.share for c in even.coverage()] == pytest.approx([0.5, 0.9])
    wide = made([0.25 + 0.5 * (i + 0.5) / 200.0 for i in range(200)])
    assert wide.uniformity()["x"] < 1e-6
    assert wide.coverage()[0].z > 10.0


def test_data_sets_are_equalities() -> None:
    """Whatever the relation was; what is undefined counts for nothing."""
    aims = [Aim("a", 1.0, inf, 0.5), Aim("b", 1.0, 2.0, 0.5)]
    assert observed(aims, np.array([7.0, np.nan])) == (
        Aim("a", 7.0, 7.0, 0.5),
        Aim("b", 1.0, 2.0, 0.5, 0.0),
    )


def test_known_parameters_are_recovered() -> None:
    """60 synthetic data sets, bank and adjustment: truths and means go together."""
    bank, truths = simulated(GAUSSIAN, 1500), simulated(GAUSSIAN, 60, seed=9)
    found = self_test(truths, GAUSSIAN.aims, by_bank(bank, GAUSSIAN.priors, 100))
    recovery = found.recovery()[0]
    assert recovery.correlation > 0.9  # sd 1.73 beforehand, 0.5 of noise: 0.96
    assert abs(recovery.mean_z) < 4.0 / 60**0.5
    assert all(abs(c.z) < 4.0 for c in found.coverage())


@pytest.mark.slow
def test_self_test_of_four_parameters() -> None:
    """200 data sets: ranks uniform (p > 1e-4 each), 50 % and 90 % intervals honest (|z| < 4)."""
    bank, truths = simulated(FOUR, 20_000), simulated(FOUR, 200, seed=9)
    found = self_test(truths, FOUR.aims, by_bank(bank, FOUR.priors, 400))
    assert min(found.uniformity().values()) > 1e-4
    assert max(abs(c.z) for c in found.coverage()) < 4.0


def gaussian_means(values: Floats) -> tuple[tuple[str, ...], Floats]:
    """Mean statistics of the Gaussian toy at points, over the same four seeds."""
    found = [
        np.mean([list(toys.gaussian({"mu": mu}, seed).values()) for seed in seeds()], axis=0)
        for mu in values[:, 0]
    ]
    return ("mean", "noise"), np.array(found)


def test_tuning_finds_the_point() -> None:
    """The mean over the fixed seeds meets its target; the seeds are not tuned."""
    told: list[tuple[int, float]] = []
    search = Search(rounds=12, members=10)
    progress = partial(tell, told)
    found = tune(GAUSSIAN, gaussian_means, search, progress=progress)
    assert [n for n, _ in told] == list(range(1, 12))
    assert [d for _, d in told] == sorted((d for _, d in told), reverse=True)
    assert tune(GAUSSIAN, gaussian_means, search) == found
    assert found.statistics["mean"] == pytest.approx(1.0, abs=0.02)
    assert found.distance < 0.2
    assert set(found.parameters) == {"mu"}
    offset = found.statistics["mean"] - found.parameters["mu"]
    noise = np.mean([toys.gaussian({"mu": 0.0}, seed)["mean"] for seed in seeds()])
    assert offset == pytest.approx(noise)


def seeds() -> list[int]:
    """The seeds of a search with 4 replicates."""
    return [seed_of(n, 0) for n in range(4)]


def tell(told: list[tuple[int, float]], number: int, distance: float) -> None:
    """Note a round."""
    told.append((number, distance))


def test_a_search_that_is_none_is_refused() -> None:
    """Too few members or rounds."""
    for bad in ({"rounds": 0}, {"members": 4}, {"replicates": 0}):
        with pytest.raises(PanjError, match="5 members"):
            Search(**bad)
