"""Bootstrap weights and means: what is kept, and that grouping changes nothing that matters."""

import numpy as np
import pytest

from sim.comparison.resampling import GROUPS, resampled_means, weights


def test_each_resample_draws_as_many_runs_as_there_are():
    """The weights of a resample are whole and add up to the number of runs."""
    drawn = weights(37, 200, 1)
    assert drawn.shape == (200, 37)
    assert (drawn.sum(axis=1) == 37).all()
    assert (drawn == np.round(drawn)).all()


def test_weights_are_those_of_a_fair_draw():
    """Each weight is binomial(n, 1/n): mean 1, variance 1 - 1/n; |z| < 4 sees 2 % off."""
    drawn = weights(50, 4000, 3).ravel()
    assert abs(drawn.mean() - 1.0) < 1e-12
    variance = 1.0 - 1.0 / 50
    assert abs(drawn.var() - variance) < 4 * np.sqrt(3.0 / drawn.size)


def test_the_same_seed_gives_the_same_means_and_another_others():
    """Nothing but the seed and the number of runs decides the weights."""
    values = np.random.default_rng(1).normal(size=(40, 2))
    assert (resampled_means(values, 100, 5) == resampled_means(values, 100, 5)).all()
    assert (resampled_means(values, 100, 5) != resampled_means(values, 100, 6)).any()


def test_what_else_is_asked_changes_no_mean():
    """A column is resampled in the same way whether it stands alone or not."""
    values = np.random.default_rng(1).normal(size=(40, 5))
    alone = resampled_means(values[:, [2]], 100, 1)[:, 0]
    np.testing.assert_allclose(resampled_means(values, 100, 1)[:, 2], alone, rtol=1e-12)


def test_the_spread_of_the_means_is_the_standard_error():
    """Variance of bootstrap means is s^2 / n; its error over 4,000 resamples is 2.2 %."""
    values = np.random.default_rng(2).exponential(size=(60, 1))
    means = resampled_means(values, 4000, 1)[:, 0]
    assert means.var() / (values.var() / 60) == pytest.approx(1.0, abs=4 * 0.0224)


@pytest.mark.parametrize("runs", [GROUPS + 1, 3 * GROUPS + 17, 20 * GROUPS])
def test_groups_keep_variance_and_skewness(runs):
    """Beyond 2,000 runs the means of groups vary and lean as those of single runs would."""
    values = np.random.default_rng(4).exponential(size=(runs, 1))
    means = resampled_means(values, 4000, 1)[:, 0]
    assert means.mean() == pytest.approx(values.mean(), abs=4 * values.std() / (4000 * runs) ** 0.5)
    assert means.var() / (values.var() / runs) == pytest.approx(1.0, abs=0.13)


def test_groups_of_unequal_size_weigh_what_they_hold():
    """With one run more than groups, no run counts double."""
    values = np.zeros((GROUPS + 1, 1))
    values[0] = GROUPS + 1.0
    assert resampled_means(values, 2000, 1).mean() == pytest.approx(1.0, abs=4 / 2000**0.5)


def test_runs_that_say_nothing_are_left_out():
    """A column with gaps has the mean of its known values in every resample."""
    values = np.full((30, 2), 7.0)
    values[::3, 1] = np.nan
    means = resampled_means(values, 500, 1)
    np.testing.assert_allclose(means, 7.0)


def test_a_resample_without_a_word_takes_the_mean():
    """Where one run of many speaks, a resample that misses it is not NaN."""
    values = np.full((12, 1), np.nan)
    values[4] = 3.0
    assert (resampled_means(values, 500, 1) == 3.0).all()


def test_nothing_cannot_be_resampled():
    """No runs, no means."""
    with pytest.raises(ValueError, match="nothing to resample"):
        resampled_means(np.empty((0, 2)), 10, 1)
