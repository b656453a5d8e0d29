"""Functions with known indices pass through design, batch, store and estimator."""

import math
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from designs import OVER, A, all_luck, good_years, ishigami, make_study, policies, run, sobol_g

from sim.explore.result import load_result, save_result
from sim.explore.sensitivity.indices import indices_of
from sim.explore.sensitivity.result import Sensitivity
from sim.runs.replicate import Run, Simulate
from sim.runs.verify import verify

X, Y, Z = (text.partition("=")[0] for text in OVER)


ISHIGAMI = {X: (0.3139, 0.5576), Y: (0.4424, 0.4424), Z: (0.0, 0.2437)}
"""First and total indices (Saltelli et al. 2008)."""


def of_g(part: float) -> float:
    """The total index in the function of Sobol of an argument with this share of variance."""
    whole = math.prod(1.0 + each for each in PARTS) - 1.0
    return part * (whole + 1.0) / (1.0 + part) / whole


PARTS = [1.0 / (3.0 * (1.0 + a) ** 2) for a in A]
G = {name: (None, of_g(part)) for name, part in zip((X, Y, Z), PARTS, strict=True)}


def test_known_sobol_indices_pass_through_a_batch(tmp_path: Path) -> None:
    """The intervals of 64 base points hold the closed form; a shuffled table does not give it."""
    task = make_study(method="sobol", n=64, confidence=0.99)
    found, store = run(task, tmp_path, ishigami)
    for name, (_, total) in ISHIGAMI.items():
        each = found.subjects[0].of(name)
        assert each.low <= total <= each.high
        assert each.index == pytest.approx(total, abs=0.15)
    runs = np.array(store.outcomes(columns=["cost_usd"])["cost_usd"].to_pylist())
    np.random.default_rng(0).shuffle(runs)
    assert indices_of(task.design, runs[:, None], 0.9).index.min() > 0.6


@pytest.mark.parametrize(("how", "known"), [(ishigami, ISHIGAMI), (sobol_g, G)])
def test_known_sobol_indices_are_met(
    how: Simulate, known: dict[str, tuple[float | None, float]]
) -> None:
    """With 8,192 base points every index is right to 0.01, first ones to 0.02."""
    task = make_study(method="sobol", n=8192)
    at = task.design.values
    if how is ishigami:
        x, y, z = (2.0 * np.pi * at - np.pi).T
        runs = np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)
    else:
        runs = ((np.abs(4.0 * at - 2.0) + A) / (1.0 + np.array(A))).prod(axis=1)
    found = indices_of(task.design, runs[:, None], 0.9)
    for place, (first, total) in enumerate(known.values()):
        assert found.index[place] == pytest.approx(total, abs=0.01)
        assert found.second is not None
        if first is not None:
            assert found.second[place] == pytest.approx(first, abs=0.02)


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize(("method", "n"), [("morris", 64), ("sobol", 512)])
def test_effects_that_turn_are_found_in_any_unit(
    method: Literal["morris", "sobol"], n: int, unit: float
) -> None:
    """A steady fall, a valley and a bare interaction: the first alone has one way."""
    task = make_study(method=method, n=n)
    fall, valley, tilt = task.design.values.T
    runs = -fall + 4.0 * (valley - 0.5) ** 2 + 2.0 * (valley - 0.5) * (tilt - 0.5)
    found = indices_of(task.design, unit * runs[:, None], 0.9)
    assert found.turns.tolist() == [False, True, True]
    assert found.change[0] == pytest.approx(-unit, rel=0.1)


def test_screening_ranks_sobol_g(tmp_path: Path) -> None:
    """Twenty trajectories put the arguments of the function G in their order."""
    found, _ = run(make_study(n=20), tmp_path, sobol_g)
    assert [each.factor for each in found.subjects[0].influences] == [X, Y, Z]


def test_elementary_effects_of_a_line_are_exact(tmp_path: Path) -> None:
    """A straight line has one effect, no spread, and good years at every point alike move none."""
    found, _ = run(make_study(n=4, seeds=3), tmp_path, good_years)
    first, *others = found.subjects[0].influences
    assert (first.factor, first.way, first.standing) == (X, "raises", "clear")
    assert first.index == pytest.approx(1.0)
    assert first.second == pytest.approx(0.0, abs=1e-9)
    assert max(each.index for each in others) < 1e-9
    split = found.subjects[0].split
    assert split is not None
    assert split.rest == pytest.approx(0.0, abs=1e-9)
    assert split.points + split.seeds == pytest.approx(1.0)


@pytest.mark.parametrize(("method", "n"), [("morris", 10), ("sobol", 16)])
def test_luck_is_called_luck(tmp_path: Path, method: str, n: int) -> None:
    """Where there is only luck, no index is called clear.

    Negative control: the same rule calls the effect clear in the test above.
    """
    found, _ = run(make_study(method=method, n=n, seeds=4), tmp_path, all_luck)
    subject = found.subjects[0]
    assert len(subject.clear) == 0
    assert subject.split is not None
    assert subject.split.left > 0.5


def test_one_seed_gives_no_luck(tmp_path: Path) -> None:
    """One seed cannot separate luck."""
    found, _ = run(make_study(n=3), tmp_path, all_luck)
    assert found.subjects[0].split is None
    assert all(each.luck is None for each in found.subjects[0].influences)


def test_a_difference_depends_on_what_moves_it(tmp_path: Path) -> None:
    """What moves both policies alike does not move their difference."""
    task = make_study(names=("baseline", "triggered"), n=5, seeds=2)
    found, _ = run(task, tmp_path, policies)
    difference, alone = found.subjects
    assert (difference.scenario, difference.against) == ("triggered", "baseline")
    assert difference.of(Y).index == pytest.approx(2.0)
    assert difference.of(X).index == pytest.approx(0.0, abs=1e-9)
    assert (alone.scenario, alone.against) == ("baseline", None)
    assert alone.of(X).index == pytest.approx(10.0)


def test_a_result_reads_back_from_its_file(tmp_path: Path) -> None:
    """The stored result equals the one returned."""
    found, store = run(make_study(n=3, seeds=2), tmp_path, sobol_g)
    save_result(store.path, found)
    assert load_result(store.path, Sensitivity) == found


def test_a_design_is_resumed_and_gets_more_seeds(tmp_path: Path) -> None:
    """Only what is missing is run; the store is in order; every point has the same seeds."""
    _, store = run(make_study(n=3, seeds=2), tmp_path, sobol_g)
    assert store.counts("baseline") == (24, 0)
    _, store = run(make_study(n=3, seeds=5), tmp_path, sobol_g)
    assert store.counts("baseline") == (60, 0)
    assert verify(store) == []
    table = store.outcomes(columns=["cost_usd"]).to_pydict()
    by_draw: dict[int, set[int]] = {}
    for draw, seed in zip(table["draw"], table["seed"], strict=True):
        by_draw.setdefault(draw, set()).add(seed)
    assert len(by_draw) == 12
    assert len({frozenset(seeds) for seeds in by_draw.values()}) == 1
    assert len(by_draw[0]) == 5


def test_failed_points_take_their_trajectory_with_them(tmp_path: Path) -> None:
    """What failed is left out with what belongs to it, and counted."""

    def failing(scenario, seed, keep):  # type: ignore[no-untyped-def]
        run_ = sobol_g(scenario, seed, keep)
        failed = run_.outcomes["cost_usd"] > 2.4
        return Run(0, seed, failure=("run", "ZeroDivisionError", None)) if failed else run_

    whole, _ = run(make_study(n=8), tmp_path / "whole", sobol_g)
    found, _ = run(make_study(n=8), tmp_path / "failing", failing)
    assert whole.subjects[0].dropped == 0
    assert found.subjects[0].dropped > 0
    assert found.subjects[0].dropped % 4 == 0
