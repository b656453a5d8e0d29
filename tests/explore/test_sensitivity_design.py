"""What a design may move, what it refuses, and how its points become draws."""

from pathlib import Path

import numpy as np
import pytest
from designs import make_study, run, sobol_g
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import PanjError, ScenarioError, StoreError
from sim.explore.sensitivity.factors import factors_of
from sim.explore.sensitivity.variance import split_variance
from sim.runs.posterior import Posterior, UncertainParameter
from sim.scenario.load import load
from sim.scenario.values import with_overrides

BASELINE = load("baseline")


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ("patrols.sortie_per_day=1:6", "Did you mean patrols.sorties_per_day?"),
        ("patrols.sorties_per_day=6:1", "the lower first"),
        ("patrols.sorties_per_day=2:2", "the lower first"),
        ("patrols.sorties_per_day=1:600", "Allowed: 0 to 48"),
        ("patrols.sorties_per_day=1", "two bounds"),
        ("patrols.sorties_per_day=1:nan", "two bounds"),
        ("patrols.size=1.5:3", "whole number"),
        ("allocation.rule=1:2", "no scenario has such a lever"),
        ("allocation.name=1:2", "no scenario has such a lever"),
        ("smugglers.district_weights=1:2", "Name one district"),
        ("alert.policy=1:2", "only a number can be moved"),
        ("start=1:2", "only a number can be moved"),
    ],
)
def test_a_lever_that_cannot_be_moved_is_refused(over: str, said: str) -> None:
    """One message says what is wrong and what to do."""
    with pytest.raises(PanjError, match=said) as refused:
        factors_of([over], [BASELINE])
    assert len(refused.value.problems) == 1


def test_an_empty_design_is_refused() -> None:
    """There must be something to move."""
    with pytest.raises(PanjError, match="empty"):
        factors_of([], [BASELINE])


def test_a_lever_is_named_once() -> None:
    """Two ranges of one lever contradict each other."""
    with pytest.raises(PanjError, match="twice"):
        factors_of(["patrols.size=2:3", "patrols.size=2:4"], [BASELINE])


def test_free_stands_for_every_prior() -> None:
    """Those of the calibration, but for one that is a lever and one that is set by hand."""
    every = [factor.name for factor in factors_of(["free"], [BASELINE])]
    assert {"tips.p_tip", "hot_district", "regimes.flow_spread"} <= set(every)
    known = load("baseline", ["tips.p_tip=0.5"])
    some = factors_of(["free", "sign.p_found=0.1:0.2"], [known])
    assert [f.name for f in some if f.lever] == ["sign.p_found"]
    assert sorted([*(f.name for f in some), "tips.p_tip"]) == sorted(every)


def test_a_posterior_gives_its_own_ranges() -> None:
    """Quantiles of its draws, one parameter by itself; what never varies is set and not moved."""
    keys = ("tips.p_tip", "sign.p_found")
    table = Posterior(
        tuple(UncertainParameter(key, (key,)) for key in keys), ((0.2, 0.3), (0.4, 0.3), (0.3, 0.3))
    )
    moved, held = factors_of(["free"], [BASELINE], table)
    assert (float(moved.value(0.0)), float(moved.value(1.0))) == (0.2, 0.4)
    assert moved.moves
    assert not held.moves
    task = make_study(["free"], posterior=table, n=2)
    assert [factor.name for factor in task.design.factors] == ["tips.p_tip"]
    assert task.design.table.column("sign.p_found") == (0.3,) * 4


@given(st.integers(0, 5), st.integers(1, 6), st.floats(0.0, 1.0))
def test_a_whole_lever_has_whole_values(low: int, wide: int, u: float) -> None:
    """Each whole number has the same share of its range, and none lies outside."""
    key = "teams.per_district"
    (lever,) = factors_of([f"{key}={low}:{low + wide}"], [BASELINE])
    value = float(lever.value(u))
    assert value.is_integer()
    assert low <= value <= low + wide
    places = (np.arange(10 * (wide + 1)) + 0.5) / (10 * (wide + 1))
    assert set(np.unique(lever.value(places), return_counts=True)[1]) == {10}


def test_invalid_points_are_refused_before_any_run(tmp_path: Path) -> None:
    """A cross-check is one message with key, count and remedy, not a thousand failed runs."""
    task = make_study(["smugglers.size_least=1:12", "tips.p_tip=0.1:0.9"], n=6)
    with pytest.raises(ScenarioError, match=r"of the 18 points .* cannot be run") as refused:
        task.check(tmp_path)
    (problem,) = refused.value.problems
    assert problem.key == "smugglers.size_least"
    assert "--over" in problem.remedy
    assert not list(tmp_path.iterdir())


def test_another_design_in_the_store_is_refused(tmp_path: Path) -> None:
    """The message says which design the store has; the same design continues."""
    run(make_study(n=3), tmp_path, sobol_g)
    make_study(n=3, seeds=7).check(tmp_path)
    for other in (make_study(n=4), make_study(n=3, root=5), make_study(["tips.p_tip=0:0.5"], n=3)):
        with pytest.raises(StoreError, match=r"another design \(Morris screening, 3 traj"):
            other.check(tmp_path)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"method": "sobol", "n": 100}, "64 or 128"),
        ({"method": "morris", "n": 1}, "at least 2"),
        ({"method": "sobol", "n": 8}, "at least 16"),
        ({"method": "fast"}, "not a method"),
        ({"seeds": 0}, "at least one seed"),
        ({"outcomes": ("victim",)}, "Did you mean victims"),
        ({"outcomes": ()}, "not an outcome"),
        ({"confidence": 1.0}, "between"),
        ({"names": ("baseline", "triggered", "surveillance")}, "one scenario, or two"),
    ],
)
def test_an_invalid_study_is_refused(options: dict[str, object], said: str) -> None:
    """Each with one message."""
    with pytest.raises(PanjError, match=said):
        make_study(**options)  # type: ignore[arg-type]


def test_a_lever_overrides_what_a_scenario_sets() -> None:
    """A free parameter does not; the result says where it did not move."""
    own = with_overrides(BASELINE, {"tips.p_tip": 0.9})
    lever, free = (factors_of([over], [own])[0] for over in ("tips.p_tip=0:1", "free"))
    assert lever.sets.values(0.3, own) == {"tips.p_tip": 0.3}
    assert free.lever is False


@given(st.floats(0.0, 3.0), st.floats(0.0, 3.0), st.floats(0.1, 3.0), st.integers(0, 2**32 - 1))
def test_variance_is_split_as_it_was_planted(a: float, b: float, c: float, seed: int) -> None:
    """Shares of points, seeds and rest come out, to what chance leaves in 200 x 40 runs."""
    rng = np.random.default_rng(seed)
    values = a * rng.normal(size=(200, 1)) + b * rng.normal(size=(1, 40))
    values = values + c * rng.normal(size=(200, 40))
    found = split_variance(values)
    assert found is not None
    assert found.points + found.seeds + found.rest == pytest.approx(1.0)
    of_points, of_seeds = float(values.mean(axis=1).var()), float(values.mean(axis=0).var())
    planted = np.array([of_points, of_seeds, c * c])
    planted -= [c * c / 40, c * c / 200, 0.0]
    planted = np.maximum(planted, 0.0) / np.maximum(planted, 0.0).sum()
    assert np.allclose([found.points, found.seeds, found.rest], planted, atol=0.05)
