"""Splitting is unbiased, where the answer is known and in the model itself."""

import gc
from collections.abc import Callable
from math import sqrt

import numpy as np
import pytest
from walks import DAYS, VICTIMS, WORST, spells, sums, tree, trees

import sim
from sim.comparison.intervals import Floats
from sim.engine.garbage_collection import collection_paused
from sim.errors import PanjError
from sim.incidents.records import Incident, Plan
from sim.measures.outcome import Outcome
from sim.measures.registry import known
from sim.rare.tree import Levels, Tree, branching, grow

pytestmark = pytest.mark.thorough

ROOTS = 1500

SMALL = sim.load(
    "baseline",
    [
        "smugglers.loads_per_year=0", "false_alarms.per_100_km_year=0", "days=60",
        "cells.plans_per_year=6", "posts.spacing_km=40", "villages.per_100_km=2",
    ],
)  # fmt: skip
"""Sixty days of busy cells and nothing else: cheap."""

MODEL = branching(sim.BorderModel)


def estimates(outcome: Outcome, threshold: float, levels: Levels) -> Floats:
    """The weights of many trees."""
    return np.array([each.weight for each in trees(outcome, threshold, levels, ROOTS)])


def z(found: Floats, truth: float, error: float = 0.0) -> float:
    """Standard errors between the mean and the truth."""
    return float((found.mean() - truth) / sqrt(found.var(ddof=1) / len(found) + error * error))


class Misweighed(Levels):
    """Levels that forget to divide at the first of them."""

    def weight(self, above: int) -> float:
        """One factor too many."""
        return super().weight(max(above - 1, 0))


@pytest.mark.parametrize(
    ("outcome", "threshold", "truth", "levels"),
    [
        (VICTIMS, 22, lambda: (sums(22), 0.0), ((8.0, 12.0, 17.0), 3)),
        (WORST, 16, lambda: spells(16), ((4.0, 8.0, 12.0), 3)),
        (WORST, 16, lambda: spells(16), ((2.0, 3.0, 5.0, 15.0), 2)),  # some are jumped over
    ],
)
def test_the_mean_weight_is_the_probability(
    outcome: Outcome,
    threshold: float,
    truth: Callable[[], tuple[float, float]],
    levels: tuple[tuple[float, ...], int],
) -> None:
    """Of a sum, which is known exactly, and of a worst spell, known from 200,000 runs.

    The standard error is below a sixth of the probability, so that an error of two thirds would
    be found. Negative control: so is a weight that lacks one of its factors.
    """
    found = estimates(outcome, threshold, Levels(*levels))
    assert found.std(ddof=1) / sqrt(len(found)) < truth()[0] / 6.0
    assert abs(z(found, *truth())) < 4.0
    assert abs(z(estimates(outcome, threshold, Misweighed(*levels)), *truth())) > 4.0


def test_it_takes_fewer_years_than_brute_force() -> None:
    """Of the same precision, counted with the days of the copies."""
    grown = trees(WORST, 16, Levels((4.0, 8.0, 12.0), 3), ROOTS)
    found = np.array([each.weight for each in grown])
    p, days = found.mean(), np.mean([each.days for each in grown])
    assert p * (1.0 - p) / found.var() > 3.0 * days / DAYS


def test_without_levels_a_tree_is_a_year() -> None:
    """It weighs one or nothing."""
    for seed in range(200):
        found = tree(seed, WORST, 8, Levels((), 1))
        assert found.weight == float(found.reached)
        assert found.copies == 0


def test_a_tree_is_the_same_each_time() -> None:
    """Nothing but seed and levels decides."""
    one, other = (tree(3, WORST, 16, Levels((2.0, 4.0), 3)) for _ in range(2))
    assert one == other
    assert one.copies > 0


# -- in the model -------------------------------------------------------------------------


def small_tree(seed: int, threshold: float, levels: Levels) -> Tree:
    """A root year of sixty days."""
    with collection_paused():
        return grow(MODEL(SMALL, seed), known()["worst_35_days"], threshold, levels)


def test_a_model_that_remembers_is_the_same_run() -> None:
    """Branching draws change nothing before a branch: root years are those of a batch."""
    assert MODEL(SMALL, 5).run().fingerprint() == sim.BorderModel(SMALL, 5).run().fingerprint()


def test_the_root_year_goes_on_as_if_it_were_not_split() -> None:
    """Its copies leave no trace in it."""
    spells = [(small_tree(seed, 99.0, Levels((1.0,), 2)), seed) for seed in range(3)]
    assert sum(each.copies for each, _ in spells) > 0
    for each, seed in spells:
        alone = small_tree(seed, 99.0, Levels((), 1))
        assert each.highest >= alone.highest
        assert alone.highest == sim.BorderModel(SMALL, seed).run().outcomes()["worst_35_days"]


def test_another_future_has_the_same_past_and_the_same_regimes() -> None:
    """What follows differs: other plans, other luck."""
    model = MODEL(sim.load("baseline", ["days=500"]), 5)
    model.run_until(150.0)
    make = model.copier()
    futures = [make() for _ in range(3)]
    for name, other in enumerate(futures[1:]):
        other.branch(str(name))
    past = [list(map(repr, one.log[Incident])) for one in futures]
    assert past[0] == past[1] == past[2]
    prints = {one.run().fingerprint() for one in futures}
    assert len(prints) == 3
    assert model.run().fingerprint() in prints
    assert len({one.regimes.plans(one.spec, 400.0) for one in futures}) == 1
    names = [incident.identity for incident in futures[1].log[Plan]]
    assert len(set(names)) == len(names)


def test_a_model_whose_draws_remember_nothing_has_one_future() -> None:
    """It says so."""
    with pytest.raises(TypeError, match="cannot branch"):
        sim.BorderModel(SMALL, 5).branch("a")


class Stubborn(sim.BorderModel):
    """A user's model that holds what cannot be copied."""

    def __init__(self, spec: sim.Scenario, seed: int = 1) -> None:
        super().__init__(spec, seed)
        self.secret = (n for n in range(3))


def test_a_model_that_cannot_be_copied_is_refused() -> None:
    """With what to do instead."""
    model = branching(Stubborn)(SMALL, 2)
    with pytest.raises(PanjError, match=r"cannot be split: .*panj batch"):
        grow(model, known()["deaths"], 99.0, Levels((0.0,), 2))


@pytest.mark.slow
def test_the_model_agrees_with_brute_force() -> None:
    """Each tree against the root year in it, which is brute force.

    On 2,000 roots the standard error of the difference is a twentieth of the probability: an error
    of a fifth would be found. Negative control: a weight that lacks a factor is.
    """
    right, wrong = [], []
    for seed in range(2000):
        found = small_tree(seed, 10.0, Levels((3.0, 6.0), 3))
        right.append(found.weight - found.reached)
        if seed < 500:
            other = small_tree(seed, 10.0, Misweighed((3.0, 6.0), 3))
            wrong.append(other.weight - other.reached)
        if seed % 50 == 0:
            gc.collect()
    assert np.std(right) / sqrt(len(right)) < 0.006
    assert abs(z(np.array(right), 0.0)) < 4.0
    assert abs(z(np.array(wrong), 0.0)) > 4.0
