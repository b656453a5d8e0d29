"""The luck in the number of attacks is taken out of a difference, and nothing else is."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic import runs

from sim.cli.comparison_text import as_text
from sim.comparison.comparison import Comparison, compare
from sim.comparison.controls import shares_of_others

PAIRS = 200
WORTH, SPARED = 0.5, 0.4


def lucky(seed: int, counts: float = 1.0) -> dict[str, dict[str, list[float]]]:
    """Years of 4 victims to which each attack that chance brings adds :data:`WORTH`.

    The policy spares :data:`SPARED` and has luck of its own, of which ``counts`` is felt.
    """
    rng = np.random.default_rng(seed)

    def columns(mean: float, felt: float) -> dict[str, list[float]]:
        luck = rng.normal(0.0, 3.0, PAIRS)
        expected = mean + felt * WORTH * luck + rng.normal(0.0, 0.3, PAIRS)
        return {
            "victims": rng.poisson(np.maximum(expected, 0.0)).tolist(),
            "expected_victims": expected.tolist(),
            "unforeseen_attacks": luck.tolist(),
        }

    return {"baseline": columns(4.0, counts), "guarded": columns(4.0 - SPARED, counts)}


def compared(table: Mapping[str, Mapping[str, list[float]]]) -> Comparison:
    """A comparison of victims."""
    return compare(runs(table), outcomes=["victims"])


def test_luck_is_taken_out() -> None:
    """Of 4.7 of variance 0.18 is left: a gain of 26, and the truth within three errors of 0.03."""
    (row,) = compared(lucky(1)).controls
    assert (row.scenario, row.outcome, row.n) == ("guarded", "victims", PAIRS)
    assert row.worth == pytest.approx(WORTH, rel=0.05)
    assert row.share == pytest.approx(1.0, abs=0.05)
    assert row.gain == pytest.approx(26.0, rel=0.25)
    assert row.difference == pytest.approx(-SPARED, abs=0.09)
    assert row.low is not None
    assert row.high is not None
    assert row.low < row.difference < row.high


def test_luck_that_is_not_felt_is_left() -> None:
    """A control that has nothing to do with the harm changes the difference by next to nothing."""
    found = compared(lucky(2, counts=0.0))
    (row,) = found.controls
    plain = found.contrast("guarded", "victims").difference
    assert row.gain == pytest.approx(1.0, abs=0.05)
    assert row.difference == pytest.approx(plain, abs=0.02)


def test_means_stay_the_truth() -> None:
    """Over 200 batches the mean of the differences is the truth: |z| < 4, and not 5 % off it."""
    found = [compared(lucky(seed)).controls[0].difference or 0.0 for seed in range(100, 300)]
    error = float(np.std(found, ddof=1)) / len(found) ** 0.5
    assert abs(np.mean(found) + SPARED) < 4.0 * error
    assert abs(np.mean(found) + 1.05 * SPARED) > 4.0 * error


@given(st.integers(0, 10**6), st.integers(0, 19), st.floats(-50.0, 50.0), st.floats(-50.0, 50.0))
def test_what_is_taken_out_of_a_pair_hangs_on_the_others(
    seed: int, place: int, difference: float, luck: float
) -> None:
    """Whatever happens in one pair, its share stays: so what is taken out keeps the mean 0."""
    differences, lucky = np.random.default_rng(seed).normal(size=(2, 20))
    before = shares_of_others(differences, lucky)[place]
    differences[place], lucky[place] = difference, luck
    assert shares_of_others(differences, lucky)[place] == pytest.approx(before, abs=1e-9)


def test_a_share_is_the_slope_of_the_others() -> None:
    """By its definition, one pair at a time."""
    differences, lucky = np.random.default_rng(3).normal(size=(2, 12))
    differences += 0.5 * lucky
    for place, share in enumerate(shares_of_others(differences, lucky)):
        others = np.arange(12) != place
        slope = np.polyfit(lucky[others], differences[others], 1)[0]
        assert share == pytest.approx(np.clip(slope, 0.0, 1.0))


def test_runs_that_know_nothing_of_luck_have_no_controls() -> None:
    """Those of a former version are compared as they were."""
    table = lucky(1)
    for columns in table.values():
        del columns["unforeseen_attacks"]
    assert compared(table).controls == ()


def test_of_few_pairs_nothing_is_said() -> None:
    """29 pairs have a row without figures."""
    few = {
        scenario: {name: column[:29] for name, column in columns.items()}
        for scenario, columns in lucky(1).items()
    }
    (row,) = compared(few).controls
    assert (row.n, row.difference, row.gain) == (29, None, None)


def test_a_full_comparison_shows_them() -> None:
    """A table with what the difference was, what is left of it, and the gain."""
    found = compared(lucky(1))
    (row,) = found.controls
    lines = "\n".join(as_text(found, full=True))
    assert "Expected victims, without the luck in the number of attacks" in lines
    assert f"{row.gain:.0f}×" in lines
