"""Clashes as a Markov chain: tabled values, symmetry, limits, and an independent solution."""

from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.theory.attrition import (
    ClashOdds,
    Side,
    break_hazards,
    clash_law,
    clash_odds,
    intensities,
)

COUNT = st.integers(1, 12)
RATE = st.floats(0.01, 10.0)


@pytest.mark.parametrize(
    ("guards", "intruders", "ratio", "p_win", "guards_lost", "intruders_lost"),
    [
        (1, 1, 1.0, 0.50000, 0.50000, 0.50000),
        (3, 3, 0.5, 0.22381, 2.51667, 1.11905),
        (4, 3, 1.0, 0.73968, 1.73175, 2.44286),
        (6, 5, 1.0, 0.69696, 3.09573, 4.04532),
        (10, 8, 2.0, 0.98202, 2.11578, 7.92993),
    ],
)
def test_tabled_clashes_to_the_last(
    guards: int, intruders: int, ratio: float, p_win: float, guards_lost: float,
    intruders_lost: float,
) -> None:  # fmt: skip
    """Five clashes without break-off, guards' rate over intruders' rate 0.5 to 2, to 5 places."""
    odds = clash_odds(Side(guards, 0.7 * ratio), Side(intruders, 0.7))
    assert odds.p_guards_win == pytest.approx(p_win, abs=5e-6)
    assert odds.guards_lost == pytest.approx(guards_lost, abs=5e-6)
    assert odds.intruders_lost == pytest.approx(intruders_lost, abs=5e-6)
    assert odds.p_disengaged == 0.0


def solved(guards: Side, intruders: Side, disengage: float) -> ClashOdds:
    """Solve the same chain as a linear system, without regard to its order."""
    states = [(g, i) for g in range(guards.count + 1) for i in range(intruders.count + 1)]
    index = {state: k for k, state in enumerate(states)}
    system, ends = np.eye(len(states)), np.zeros((len(states), 5))
    for (g, i), k in index.items():
        lost = [guards.count - g, intruders.count - i]
        if i <= intruders.stop:
            ends[k] = [1.0, 0.0, 0.0, *lost]
        elif g <= guards.stop:
            ends[k] = [0.0, 1.0, 0.0, *lost]
        else:
            first = (g, i) == (guards.count, intruders.count)
            up = guards.rate * g * (guards.opening if first else 1.0)
            down = intruders.rate * i * (intruders.opening if first else 1.0)
            total = up + down + disengage
            system[k, index[g, i - 1]] -= up / total
            system[k, index[g - 1, i]] -= down / total
            ends[k] = np.array([0.0, 0.0, 1.0, *lost]) * disengage / total
    return ClashOdds(*np.linalg.solve(system, ends)[index[guards.count, intruders.count]].tolist())


@given(
    st.builds(Side, st.integers(0, 7), st.floats(0.01, 5.0), st.integers(0, 4), st.floats(0.5, 3)),
    st.builds(Side, st.integers(0, 7), st.floats(0.01, 5.0), st.integers(0, 4), st.floats(0.5, 3)),
    st.floats(0.0, 5.0),
)
def test_the_recursion_is_the_solution_of_the_linear_system(
    guards: Side, intruders: Side, disengage: float
) -> None:
    """With break-off, first fire and disengagement the sweep equals a direct solution."""
    assert clash_odds(guards, intruders, disengage) == pytest.approx(
        solved(guards, intruders, disengage), abs=1e-10
    )


@given(COUNT, COUNT, RATE, RATE, st.floats(0.0, 10.0))
def test_the_three_endings_add_up(
    guards: int, intruders: int, a: float, b: float, disengage: float
) -> None:
    """Somebody wins or the intruders slip away; losses are within the numbers engaged."""
    odds = clash_odds(Side(guards, a), Side(intruders, b), disengage)
    assert odds.p_guards_win + odds.p_guards_break + odds.p_disengaged == pytest.approx(1.0)
    assert 0.0 <= odds.guards_lost <= guards + 1e-9
    assert 0.0 <= odds.intruders_lost <= intruders + 1e-9


@given(COUNT, RATE)
def test_equal_sides_have_equal_chances(count: int, rate: float) -> None:
    """Same people, same rate: a fair fight with equal losses."""
    odds = clash_odds(Side(count, rate), Side(count, rate))
    assert odds.p_guards_win == pytest.approx(0.5)
    assert odds.guards_lost == pytest.approx(odds.intruders_lost)


@given(COUNT, COUNT, RATE, RATE)
def test_swapping_sides_swaps_results(guards: int, intruders: int, a: float, b: float) -> None:
    """Without disengagement the process does not know which side is which."""
    odds = clash_odds(Side(guards, a), Side(intruders, b))
    mirrored = clash_odds(Side(intruders, b), Side(guards, a))
    assert odds.p_guards_win == pytest.approx(mirrored.p_guards_break)
    assert odds.guards_lost == pytest.approx(mirrored.intruders_lost)


@given(COUNT, COUNT, RATE, RATE, st.sampled_from([0.1, 60.0]))
def test_only_ratios_of_rates_count(
    guards: int, intruders: int, a: float, b: float, unit: float
) -> None:
    """Hours or minutes, the endings are the same."""
    odds = clash_odds(Side(guards, a), Side(intruders, b), 0.3)
    other = clash_odds(Side(guards, a * unit), Side(intruders, b * unit), 0.3 * unit)
    assert odds == pytest.approx(other)


@given(COUNT, COUNT, RATE, RATE)
def test_one_more_guard_never_lowers_the_chance_to_win(
    guards: int, intruders: int, a: float, b: float
) -> None:
    """Numbers help."""
    fewer = clash_odds(Side(guards, a), Side(intruders, b)).p_guards_win
    assert clash_odds(Side(guards + 1, a), Side(intruders, b)).p_guards_win >= fewer - 1e-12


@given(COUNT, COUNT, RATE, RATE, st.floats(1.0, 20.0))
def test_firing_first_helps(guards: int, intruders: int, a: float, b: float, edge: float) -> None:
    """An opening advantage never lowers the chance to win nor raises own losses."""
    plain = clash_odds(Side(guards, a), Side(intruders, b))
    first = clash_odds(Side(guards, a, opening=edge), Side(intruders, b))
    assert first.p_guards_win >= plain.p_guards_win - 1e-12
    assert first.guards_lost <= plain.guards_lost + 1e-9


@given(COUNT, COUNT, RATE, RATE, st.floats(0.01, 10.0), st.floats(0.01, 10.0))
def test_slipping_away_sooner_saves_losses_on_both_sides(
    guards: int, intruders: int, a: float, b: float, slow: float, more: float
) -> None:
    """A higher disengagement hazard cuts the fight short for all."""
    long = clash_odds(Side(guards, a), Side(intruders, b), slow)
    short = clash_odds(Side(guards, a), Side(intruders, b), slow + more)
    assert short.p_disengaged >= long.p_disengaged
    assert short.guards_lost <= long.guards_lost + 1e-12
    assert short.intruders_lost <= long.intruders_lost + 1e-12


def test_one_against_one_with_disengagement() -> None:
    """Three hazards race: 2, 1 and 1 give a half, a quarter, a quarter."""
    odds = clash_odds(Side(1, 2.0), Side(1, 1.0), 1.0)
    assert odds == pytest.approx((0.5, 0.25, 0.25, 0.25, 0.5))


def test_unarmed_intruders_all_fall_or_run() -> None:
    """Intruders who cannot hit lose nobody of the guards."""
    odds = clash_odds(Side(3, 1.0), Side(4, 0.0))
    assert odds == pytest.approx((1.0, 0.0, 0.0, 0.0, 4.0))


def test_a_side_that_breaks_at_once_ends_the_clash() -> None:
    """At or under its stop a side does not fight; if both are, the guards hold the field."""
    assert clash_odds(Side(4, 1.0, stop=4), Side(3, 1.0)) == (0.0, 1.0, 0.0, 0.0, 0.0)
    assert clash_odds(Side(4, 1.0), Side(2, 1.0, stop=2)) == (1.0, 0.0, 0.0, 0.0, 0.0)
    assert clash_odds(Side(0, 1.0), Side(0, 1.0)).p_guards_win == 1.0


def test_break_off_limits_losses() -> None:
    """A side that breaks off at half loses at most half."""
    odds = clash_odds(Side(4, 0.5, stop=2), Side(6, 1.5))
    assert odds.guards_lost <= 2.0
    assert odds.p_guards_break > 0.5


def test_a_fight_nobody_can_end_is_refused() -> None:
    """No hits and no way out: the chain would never stop."""
    with pytest.raises(ValueError, match="never ends"):
        clash_odds(Side(2, 0.0), Side(2, 0.0))
    assert clash_odds(Side(2, 0.0), Side(2, 0.0), 0.1).p_disengaged == 1.0
    assert clash_odds(Side(2, 0.0), Side(0, 0.0)).p_guards_win == 1.0


@pytest.mark.parametrize(
    ("side", "name"),
    [(Side(-1, 1.0), "count"), (Side(1, -1.0), "rate"), (Side(1, 1.0, -1), "stop"),
     (Side(1, 1.0, 0, 0.0), "opening")],
)  # fmt: skip
def test_impossible_sides_are_refused(side: Side, name: str) -> None:
    """Negative numbers and an opening of 0 are named in the error."""
    for clash in ((side, Side(1, 1.0)), (Side(1, 1.0), side)):
        with pytest.raises(ValueError, match=name):
            clash_odds(*clash)
    with pytest.raises(ValueError, match="disengage_rate"):
        clash_odds(Side(1, 1.0), Side(1, 1.0), -0.1)


def test_sampling_the_process_gives_the_same_odds() -> None:
    """20,000 sampled clashes, 4 guards against 3: |z| < 4; an error of 5 % would give |z| > 6.

    The standard error of the chance to win is 0.0031, 5 % of it 0.037: z = 12.
    """
    rng = np.random.default_rng(4711)
    n, wins, lost = 20_000, 0, []
    for _ in range(n):
        g, i = 4, 3
        while g and i:
            g, i = (g, i - 1) if rng.random() < g / (g + i) else (g - 1, i)
        wins += i == 0
        lost.append(4 - g)
    odds = clash_odds(Side(4, 1.0), Side(3, 1.0))
    error = (odds.p_guards_win * (1.0 - odds.p_guards_win) / n) ** 0.5
    assert abs(wins / n - odds.p_guards_win) / error < 4.0
    assert abs(wins / n - 1.05 * odds.p_guards_win) / error > 6.0
    assert abs(np.mean(lost) - odds.guards_lost) / (np.std(lost) / n**0.5) < 4.0


# -- break hazards and intensity ----------------------------------------------------------


@given(st.integers(1, 12), st.floats(0.05, 1.0), st.floats(0.05, 3.0))
def test_break_hazards_are_those_of_the_log_logistic(n: int, median: float, spread: float) -> None:
    """Standing after ``k`` losses is the product of not breaking at each; the last breaks."""
    hazards, stood = break_hazards(n, median, spread), 1.0
    assert len(hazards) == n
    assert hazards[-1] == 1.0
    for k, hazard in enumerate(hazards[:-1], 1):
        assert 0.0 <= hazard <= 1.0
        stood *= 1.0 - hazard
        assert stood == pytest.approx(1.0 / (1.0 + (k / (n * median)) ** (1.0 / spread)))


def test_a_narrow_break_point_is_a_threshold() -> None:
    """At a spread near 0 a side breaks at its median share, rounded up."""
    guards, intruders = Side(6, 1.0, stop=3), Side(5, 1.0, stop=3)  # breaks at 3 and at 2
    fuzzy = (
        Side(6, 1.0, breaks=break_hazards(6, 0.45, 1e-3)),
        Side(5, 1.0, breaks=break_hazards(5, 0.35, 1e-3)),
    )
    assert clash_odds(*fuzzy, 0.4) == pytest.approx(clash_odds(guards, intruders, 0.4))


@settings(max_examples=20, deadline=None)
@given(st.floats(0.0, 3.0), st.floats(0.0, 5.0), st.floats(0.0, 5.0), st.floats(0.1, 5.0))
def test_the_law_of_a_clash_adds_up(k: float, a: float, b: float, away: float) -> None:
    """With break points, intensity and slipping away: chances are none negative, and sum to 1."""
    sides = (Side(n, r, breaks=break_hazards(n, 0.4, 0.7)) for n, r in ((4, a), (3, b)))
    law = clash_law(*sides, away, k)
    assert min(law.values()) >= 0.0
    assert sum(law.values()) == pytest.approx(1.0, abs=1e-9)


@given(st.floats(0.0, 3.0))
def test_intensity_has_mean_one(k: float) -> None:
    """Weights add up to 1, and so does the mean."""
    nodes = list(intensities(k))
    assert sum(w for _, w in nodes) == pytest.approx(1.0, abs=1e-9)
    assert sum(z * w for z, w in nodes) == pytest.approx(1.0, abs=1e-9)


def test_an_exponential_intensity_by_hand() -> None:
    """One who cannot hit back slips away at rate 1 from one who hits at rate Z: E[1/(1+Z)].

    With Z exponential it is e E1(1), E1(1) = 0.21938393439552029.
    """
    odds = clash_odds(Side(1, 1.0), Side(1, 0.0), 1.0, 1.0)
    assert odds.p_disengaged == pytest.approx(exp(1.0) * 0.21938393439552029, abs=1e-9)


def test_breaks_and_spreads_that_cannot_be_are_refused() -> None:
    """A chance above 1 and a negative spread are named."""
    with pytest.raises(ValueError, match="breaks"):
        clash_law(Side(1, 1.0, breaks=(1.5,)), Side(1, 1.0))
    with pytest.raises(ValueError, match="intensity_spread"):
        clash_law(Side(1, 1.0), Side(1, 1.0), intensity_spread=-1.0)
