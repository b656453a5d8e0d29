"""Diagnostics, self-tests and point tuning on toys."""

from math import inf
from pathlib import Path

import numpy as np
import pytest
import toys
from hypothesis import given
from hypothesis import strategies as st
from toys import FOUR, GAUSSIAN, MU, RATE

from sim.calibrate.diagnostics import checks, concerns, learnt, predictive_p, replicas
from sim.calibrate.posterior import Moments, Posterior
from sim.calibrate.problem import Aim, CalibrationProblem
from sim.calibrate.run import Calibration
from sim.calibrate.sbc import SelfTest, by_bank, by_generations, observed, self_test
from sim.calibrate.settings import Settings
from sim.calibrate.tune import Search, tune
from sim.errors import PanjError


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Calibration:
    """The Gaussian toy after two generations."""
    folder = tmp_path_factory.mktemp("fitted") / "fit"
    calibration = Calibration.new(folder, GAUSSIAN, Settings(bank=400, population=150))
    calibration.run(2, workers=1)
    return calibration


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


def test_replicas_are_new_years_of_the_posterior(fitted: Calibration) -> None:
    """As many as asked for, the same again, with seeds of their own."""
    rows = replicas(GAUSSIAN, fitted.posterior, 100, workers=1)
    again = replicas(GAUSSIAN, fitted.posterior, 100, workers=1)
    assert len(rows) == 100
    assert np.array_equal(rows.statistics, again.statistics)
    assert not set(rows.seeds.tolist()) & set(fitted.bank.seeds.tolist())
    assert set(rows.values[:, 0].tolist()) <= set(fitted.posterior["mu"].tolist())


def test_a_model_that_fits_raises_no_doubt(fitted: Calibration) -> None:
    """The fitted target in the middle of its replicas; nothing to tell."""
    found = checks(replicas(GAUSSIAN, fitted.posterior, 200, workers=1), GAUSSIAN.aims)
    assert (found[0].p or 0.0) > 0.5
    assert not found[0].doubtful
    assert concerns(fitted.posterior, found) == []


def test_a_target_held_back_can_fail(fitted: Calibration) -> None:
    """Never fitted, it is looked at all the same, and told in a sentence with its figures."""
    rows = replicas(GAUSSIAN, fitted.posterior, 200, workers=1)
    held = Aim("noise", 9.0, 9.0, 1.0, 0.0)
    found = checks(rows, [held])
    assert found[0].p == 0.0
    assert not found[0].fitted
    said = concerns(fitted.posterior, found, ["x lies outside"])
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
    found = checks(replicas(problem, prior_like(), 5, workers=1), problem.aims)
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


def test_known_parameters_are_recovered(tmp_path: Path) -> None:
    """60 synthetic data sets, bank and adjustment: truths and means go together."""
    bank = Calibration.new(tmp_path / "bank", GAUSSIAN, Settings(bank=1500))
    truths = Calibration.new(tmp_path / "truths", GAUSSIAN, Settings(bank=60, population=2, seed=9))
    for calibration in (bank, truths):
        calibration.run(0, workers=1)
    found = self_test(truths.bank, GAUSSIAN.aims, by_bank(bank.bank, GAUSSIAN.priors, 100))
    recovery = found.recovery()[0]
    assert recovery.correlation > 0.9  # sd 1.73 beforehand, 0.5 of noise: 0.96
    assert abs(recovery.mean_z) < 4.0 / 60**0.5
    assert all(abs(c.z) < 4.0 for c in found.coverage())


def test_the_whole_engine_can_be_asked_too(tmp_path: Path) -> None:
    """One calibration a data set, all from one bank; asked again it reads what it has."""
    settings = Settings(bank=200, population=40)
    truths = Calibration.new(tmp_path / "truths", GAUSSIAN, Settings(bank=3, population=2, seed=1))
    truths.run(0, workers=1)
    one, two = (
        self_test(truths.bank, GAUSSIAN.aims, by_generations(GAUSSIAN, settings, tmp_path / "s", 1))
        for _ in range(2)
    )
    assert np.array_equal(one.ranks, two.ranks)
    assert sorted(p.name for p in (tmp_path / "s").iterdir()) == ["00000", "00001", "00002", "bank"]


@pytest.mark.slow
def test_self_test_of_four_parameters(tmp_path: Path) -> None:
    """200 data sets: ranks uniform (p > 1e-4 each), 50 % and 90 % intervals honest (|z| < 4)."""
    bank = Calibration.new(tmp_path / "bank", FOUR, Settings(bank=20_000))
    truths = Calibration.new(tmp_path / "truths", FOUR, Settings(bank=200, population=2, seed=9))
    for calibration in (bank, truths):
        calibration.run(0, workers=2)
    found = self_test(truths.bank, FOUR.aims, by_bank(bank.bank, FOUR.priors, 400))
    assert min(found.uniformity().values()) > 1e-4
    assert max(abs(c.z) for c in found.coverage()) < 4.0


@pytest.mark.slow
def test_self_test_of_the_generations(tmp_path: Path) -> None:
    """200 data sets of the rate, each with a calibration of its own: honest as well."""
    truths = Calibration.new(tmp_path / "truths", RATE, Settings(bank=200, population=2, seed=9))
    truths.run(0, workers=1)
    infer = by_generations(RATE, Settings(bank=1000, population=150), tmp_path / "s", 6)
    found = self_test(truths.bank, RATE.aims, infer)
    assert min(found.uniformity().values()) > 1e-4
    assert max(abs(c.z) for c in found.coverage()) < 4.0


def test_tuning_finds_the_point() -> None:
    """The mean over the fixed seeds meets its target; the seeds are not tuned."""
    found = tune(GAUSSIAN, Search(rounds=12, members=10), workers=1)
    assert found.statistics["mean"] == pytest.approx(1.0, abs=0.02)
    assert found.distance < 0.2
    assert set(found.parameters) == {"mu"}
    offset = found.statistics["mean"] - found.parameters["mu"]
    noise = np.mean([toys.gaussian({"mu": 0.0}, seed)["mean"] for seed in seeds()])
    assert offset == pytest.approx(noise)


def seeds() -> list[int]:
    """The seeds of a search with 4 replicates."""
    from sim.runs.plan import seed_of

    return [seed_of(n, 0) for n in range(4)]


def test_tuning_does_not_depend_on_who_simulates() -> None:
    """Threads that share the work find the same point, and a search is told round by round."""
    from concurrent.futures import ThreadPoolExecutor

    told: list[tuple[int, float]] = []
    search = Search(rounds=4, members=8, replicates=2)
    with ThreadPoolExecutor(3) as pool:
        many = tune(FOUR, search, workers=pool, progress=lambda n, d: told.append((n, d)))
    assert many == tune(FOUR, search, workers=1)
    assert [n for n, _ in told] == [1, 2, 3]
    assert [d for _, d in told] == sorted((d for _, d in told), reverse=True)


def test_a_search_that_is_none_is_refused() -> None:
    """Too few members or rounds."""
    for bad in ({"rounds": 0}, {"members": 4}, {"replicates": 0}):
        with pytest.raises(PanjError, match="5 members"):
            Search(**bad)
