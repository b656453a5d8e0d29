"""The search beats chance where there is something to find, and can be repeated."""

import numpy as np

from sim.comparison.samples import Floats
from sim.explore.optimise.search import BATCH, Surrogate, space_filling_points, weights_at

LEVERS = 10


class Planted:
    """Levers with diminishing returns, half of them useless; years are few and uneven."""

    def __init__(self, seed: int, years: int = 24) -> None:
        rng = np.random.default_rng(seed)
        self.worth = rng.exponential(1.0, LEVERS) * (rng.random(LEVERS) < 0.5)
        self.reach = rng.uniform(0.03, 0.3, LEVERS)
        self.years = rng.gamma(0.4, 2.5, (years, LEVERS))

    def features(self, points: Floats) -> Floats:
        """Shares of the money."""
        weights = np.array([weights_at(point) for point in points])
        shares: Floats = weights / weights.sum(axis=1, keepdims=True)
        return shares

    def truth(self, points: Floats) -> Floats:
        """Harm to be expected."""
        harm: Floats = (self.worth * np.exp(-self.features(points) / self.reach)).sum(axis=1)
        return harm

    def seen(self, points: Floats) -> Floats:
        """Harm of the few years."""
        each = self.worth * np.exp(-self.features(points) / self.reach)
        harm: Floats = (self.years[:, None, :] * each).sum(axis=2).mean(axis=0)
        return harm


def _sought(planted: Planted, seed: int, *, lied_to: bool = False) -> Floats:
    """The points of a search of 40 mixes; ``lied_to`` shuffles the harms that it learns from."""
    rng = np.random.default_rng([seed, 1])
    points = space_filling_points(LEVERS, 2 * BATCH, seed)
    while len(points) < 5 * BATCH:
        harms = planted.seen(points)
        harms_seen = rng.permutation(harms) if lied_to else harms
        surrogate = Surrogate(points, planted.features(points), harms_seen)
        pool = surrogate.candidates(rng)
        points = np.concatenate(
            [points, pool[surrogate.choose_next(planted.features(pool), rng, BATCH)]]
        )
    return points


def test_it_finds_what_was_planted() -> None:
    """Its last mixes do better than mixes from everywhere, in truth, not only in its own years."""
    for seed in (1, 2):
        planted = Planted(seed)
        points = _sought(planted, seed)
        late, first = planted.truth(points[-BATCH:]), planted.truth(points[: 2 * BATCH])
        assert late.mean() < 0.75 * first.mean()


def test_it_finds_nothing_in_nonsense() -> None:
    """With the harms of other mixes it finds nothing: the gain comes from the harms."""
    planted = Planted(1)
    points = _sought(planted, 1, lied_to=True)
    late, first = planted.truth(points[-BATCH:]), planted.truth(points[: 2 * BATCH])
    assert late.mean() > 0.85 * first.mean()


def test_the_same_seed_finds_the_same() -> None:
    """Point for point; another seed begins elsewhere."""
    planted = Planted(3)
    assert (_sought(planted, 3) == _sought(planted, 3)).all()
    assert (space_filling_points(LEVERS, 4, 3) != space_filling_points(LEVERS, 4, 4)).any()
