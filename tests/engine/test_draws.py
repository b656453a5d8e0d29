"""Draws with names: functions of seed, identity, purpose and number, and of nothing else."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from itertools import combinations
from math import exp, log
from pathlib import Path
from struct import unpack
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from randomness import KS_LIMIT, chi2_z, correlation_z, grid_z, ks_uniform

from sim.engine.draws import Draws, exponential, lognormal, remembered

ROOT = Path(__file__).resolve().parents[2]
SEEDS = st.integers(0, 2**63 - 1)
NAMES = st.text(min_size=1, max_size=30)
UNIFORMS = st.floats(2.0**-53, 1.0 - 2.0**-53)
MANY = 40_000


@cache
def by_number(seed: int = 1, identity: str = "cell/3", purpose: str = "p") -> list[float]:
    """Many draws of one purpose."""
    stream = Draws(seed).of(identity)
    return [stream.uniform(purpose, n) for n in range(MANY)]


@cache
def by_purpose(seed: int = 1, identity: str = "cell/3") -> list[float]:
    """The first draw of many purposes."""
    stream = Draws(seed).of(identity)
    return [stream.uniform(f"p {k}") for k in range(MANY)]


@cache
def by_identity(seed: int = 1, purpose: str = "p") -> list[float]:
    """The first draw of many identities."""
    draws = Draws(seed)
    return [draws.of(f"cell/{k}").uniform(purpose) for k in range(MANY)]


@cache
def by_seed(identity: str = "cell/3", purpose: str = "p") -> list[float]:
    """The same draw under many seeds."""
    return [Draws(seed).of(identity).uniform(purpose) for seed in range(MANY)]


AXES: list[Callable[[], list[float]]] = [by_number, by_purpose, by_identity, by_seed]


# -- known answers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seed", "identity", "purpose", "n", "expected"),
    [
        (0, "cell/3", "plan", 0, 0.6402467724402666),
        (1, "group/panj/0.1.3", "layers", 7, 0.515461218968084),
        (1, "group/panj/0.1.3", "layers", 8, 0.8123914457306213),
        (9223372036854775807, "post/darvoz/2/west", "jitter -3", 0, 0.9942310279709382),
        (42, "команда", "ключ", 1000, 0.006305387696436182),
    ],
)
def test_known_answers(seed: int, identity: str, purpose: str, n: int, expected: float) -> None:
    """Draws written down once: a change of any of them changes every published run."""
    assert Draws(seed).of(identity).uniform(purpose, n) == expected


@given(SEEDS, NAMES, NAMES, st.integers(0, 1000))
def test_a_draw_is_a_word_of_a_keyed_digest(seed: int, identity: str, purpose: str, n: int) -> None:
    """52 bits of BLAKE2b keyed with the seed, over identity and purpose, in the cell's middle."""
    block = "" if n < 8 else f"\x1f{n // 8}"
    text = f"{identity}\x1f{purpose}{block}".encode()
    key = seed.to_bytes(8, "little")
    words = unpack("<8Q", blake2b(text, key=key, person=b"panj draws 1").digest())
    expected = ((words[n % 8] >> 12) + 0.5) / 2**52
    assert Draws(seed).of(identity).uniform(purpose, n) == expected


def test_another_process_draws_the_same() -> None:
    """Neither the process nor the seed of Python's own hashes matters."""
    code = (
        "from sim.engine.draws import Draws\n"
        "stream = Draws(7).of('group/panj/1.0.2')\n"
        "print([stream.uniform('layers', n) for n in range(20)])\n"
    )
    seen = set()
    for hash_seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment, cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        seen.add(done.stdout.strip())
    stream = Draws(7).of("group/panj/1.0.2")
    assert seen == {str([stream.uniform("layers", n) for n in range(20)])}


# -- a draw depends on nothing else -------------------------------------------------------


@given(SEEDS, NAMES, NAMES, st.lists(st.integers(0, 100), min_size=1))
def test_order_does_not_matter(seed: int, identity: str, purpose: str, asked: list[int]) -> None:
    """What was drawn before, by whom and for what, leaves a draw as it is."""
    draws = Draws(seed)
    stream = draws.of(identity)
    first = [stream.uniform(purpose, n) for n in asked]
    draws.of(identity + "x").uniform(purpose)
    stream.uniforms(f"{purpose}x", 8)
    assert [draws.of(identity).uniform(purpose, n) for n in reversed(asked)] == first[::-1]


@given(SEEDS, NAMES, NAMES, st.integers(1, 8))
def test_several_at_once_are_the_first_ones(
    seed: int, identity: str, purpose: str, count: int
) -> None:
    """``uniforms`` gives draws 0, 1, ... of the purpose in one call."""
    stream = Draws(seed).of(identity)
    assert stream.uniforms(purpose, count) == [stream.uniform(purpose, n) for n in range(count)]


@given(SEEDS, NAMES, NAMES)
def test_draws_beyond_the_eighth_are_new(seed: int, identity: str, purpose: str) -> None:
    """Draws 0 to 63 of a purpose all differ: the digests of further blocks are others."""
    stream = Draws(seed).of(identity)
    assert len({stream.uniform(purpose, n) for n in range(64)}) == 64


def test_where_identity_ends_matters() -> None:
    """``ab`` + ``c`` and ``a`` + ``bc`` are different draws."""
    draws = Draws(1)
    assert draws.of("ab").uniform("c") != draws.of("a").uniform("bc")


# -- bounds and errors --------------------------------------------------------------------


@given(SEEDS, NAMES, NAMES, st.integers(0, 10**6))
def test_a_uniform_lies_strictly_inside(seed: int, identity: str, purpose: str, n: int) -> None:
    """Never 0 and never 1, so logarithms and inverse CDFs are finite."""
    assert 0.0 < Draws(seed).of(identity).uniform(purpose, n) < 1.0


def test_the_extreme_words_are_inside_too() -> None:
    """The smallest and the largest word give 2^-53 and 1 - 2^-53."""
    for word, expected in ((0, 2.0**-53), (2**64 - 1, 1.0 - 2.0**-53)):
        assert ((word >> 12) + 0.5) * 2.0**-52 == expected


@pytest.mark.parametrize("seed", [0, 1, 2**32, 2**63 - 1])
def test_every_seed_from_0_to_2_63_minus_1_works(seed: int) -> None:
    """The seed is kept as it is, and each gives draws of its own."""
    assert Draws(seed).seed == seed
    assert Draws(seed).of("a").uniform("p") != Draws(seed ^ 1).of("a").uniform("p")


@pytest.mark.parametrize("seed", [-1, 2**63, -(2**63), 10**30])
def test_a_seed_outside_is_refused(seed: int) -> None:
    """The message names the bounds and the seed."""
    with pytest.raises(ValueError, match=rf"0\.\.2\^63-1, not {seed}"):
        Draws(seed)


# -- uniform and independent --------------------------------------------------------------


@pytest.mark.parametrize("axis", AXES)
def test_uniform_along_every_axis(axis: Callable[[], list[float]]) -> None:
    """Kolmogorov-Smirnov at 1e-4 and 200 cells, over numbers, purposes, identities, seeds.

    With 40,000 draws an exponent of 1.05 is found (see the negative control).
    """
    values = axis()
    assert ks_uniform(values) < KS_LIMIT
    counts, _ = np.histogram(values, bins=200, range=(0.0, 1.0))
    assert abs(chi2_z(counts)) < 4.0


def test_bits_are_fair() -> None:
    """Each of the 52 bits is 1 half of the time."""
    words = (np.array(by_number()) * 2.0**52).astype(np.uint64)
    for bit in range(52):
        ones = int(np.sum((words >> np.uint64(bit)) & np.uint64(1)))
        assert abs(ones - MANY / 2) / (MANY**0.5 / 2) < 4.0


@pytest.mark.parametrize(("one", "other"), list(combinations(range(4), 2)))
def test_axes_are_independent_of_each_other(one: int, other: int) -> None:
    """No correlation, and pairs fill the square evenly, between any two axes."""
    a, b = AXES[one](), AXES[other]()
    assert abs(correlation_z(a[1:], b[1:])) < 4.0
    assert abs(grid_z(a[1:], b[1:])) < 4.0


@pytest.mark.parametrize("lag", [1, 2, 7, 8, 9])
def test_neighbours_along_an_axis_are_independent(lag: int) -> None:
    """Neither draws of one block nor those of the next are informative about each other."""
    for axis in AXES:
        values = axis()
        assert abs(correlation_z(values[:-lag], values[lag:])) < 4.0
        assert abs(grid_z(values[:-lag], values[lag:])) < 4.0


def test_the_checks_can_fail() -> None:
    """Negative control: a slight skew, a coarse grid and a weak dependence are all found."""
    values = np.array(by_number())
    skewed = values**1.05
    assert ks_uniform(skewed) > KS_LIMIT
    counts, _ = np.histogram(skewed, bins=200, range=(0.0, 1.0))
    assert chi2_z(counts) > 4.0
    following = (values + 0.05 * np.roll(values, 1)) % 1.0
    mixed = np.where(np.array(by_purpose()) < 0.1, values, following[::-1])
    assert abs(correlation_z(values.tolist(), mixed.tolist())) > 4.0
    assert grid_z(values.tolist(), mixed.tolist()) > 4.0


# -- distributions ------------------------------------------------------------------------


@given(UNIFORMS, st.floats(0.0, 1e6), st.floats(0.0, 1e6))
def test_a_larger_mean_never_gives_a_smaller_exponential(u: float, a: float, b: float) -> None:
    """Monotone coupling in the parameter."""
    low, high = sorted([a, b])
    assert exponential(u, low) <= exponential(u, high)


@given(UNIFORMS, UNIFORMS, st.floats(0.1, 100.0))
def test_exponential_rises_with_the_uniform(u: float, v: float, mean: float) -> None:
    """It is an inverse CDF: never negative, in the order of the uniforms."""
    low, high = sorted([u, v])
    assert 0.0 <= exponential(low, mean) <= exponential(high, mean)


@given(UNIFORMS, st.floats(0.1, 1e4), st.floats(0.1, 1e4), st.floats(0.0, 2.0))
def test_a_larger_median_never_gives_a_smaller_lognormal(
    u: float, a: float, b: float, sigma: float
) -> None:
    """Monotone coupling in the parameter."""
    low, high = sorted([a, b])
    assert lognormal(u, low, sigma) <= lognormal(u, high, sigma)


@given(UNIFORMS, UNIFORMS, st.floats(0.1, 100.0), st.floats(0.0, 2.0))
def test_lognormal_rises_with_the_uniform(u: float, v: float, median: float, sigma: float) -> None:
    """It is an inverse CDF: positive, in the order of the uniforms, the median at one half."""
    low, high = sorted([u, v])
    assert 0.0 < lognormal(low, median, sigma) <= lognormal(high, median, sigma)
    assert lognormal(0.5, median, sigma) == pytest.approx(median)


@given(SEEDS, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_larger_chance_keeps_every_success(seed: int, a: float, b: float) -> None:
    """Monotone coupling; chance 0 never happens and chance 1 always does."""
    stream = Draws(seed).of("a")
    low, high = sorted([a, b])
    for n in range(10):
        assert stream.chance("p", high, n) or not stream.chance("p", low, n)
        assert not stream.chance("p", 0.0, n)
        assert stream.chance("p", 1.0, n)


@given(SEEDS, st.integers(-50, 50), st.integers(0, 20))
def test_integers_stay_within_their_bounds(seed: int, low: int, span: int) -> None:
    """Both ends included, nothing beyond them."""
    stream = Draws(seed).of("a")
    assert all(low <= stream.integer("p", low, low + span, n) <= low + span for n in range(20))


def test_integers_are_equally_likely() -> None:
    """Twelve values, 24,000 draws: each within the chance of a fair die."""
    stream = Draws(3).of("a")
    values = [stream.integer("p", 1, 12, n) for n in range(24_000)]
    assert set(values) == set(range(1, 13))
    assert abs(chi2_z(np.bincount(values)[1:])) < 4.0


@given(SEEDS, st.integers(0, 40), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_binomial_is_coupled_in_chance_and_trials(
    seed: int, trials: int, a: float, b: float
) -> None:
    """More trials or a larger chance never give fewer successes, nor more than trials."""
    stream = Draws(seed).of("a")
    low, high = sorted([a, b])
    assert 0 <= stream.binomial("p", trials, low) <= stream.binomial("p", trials, high) <= trials
    assert stream.binomial("p", trials, low) <= stream.binomial("p", trials + 1, low)


def test_exponential_has_its_mean_and_shape() -> None:
    """The probability transform of 40,000 draws with mean 3 is uniform."""
    stream = Draws(5).of("a")
    values = [stream.exponential("p", 3.0, n) for n in range(MANY)]
    assert ks_uniform([1.0 - exp(-value / 3.0) for value in values]) < KS_LIMIT
    assert ks_uniform([1.0 - exp(-value / 3.15) for value in values]) > KS_LIMIT


def test_lognormal_has_its_median_and_spread() -> None:
    """Logarithms of 40,000 draws have the stated mean and standard deviation."""
    stream = Draws(5).of("a")
    logs = np.array([log(stream.lognormal("p", 42.0, 0.35, n)) for n in range(MANY)])
    error = 0.35 / MANY**0.5
    assert abs(logs.mean() - log(42.0)) / error < 4.0
    assert abs(logs.std() - 0.35) / (error / 2**0.5) < 4.0
    assert abs(logs.mean() - log(42.0 * 1.05)) / error > 4.0


# -- what has been read is remembered -----------------------------------------------------------


def test_a_draw_is_the_same_remembered_or_not() -> None:
    """Of many draws, read twice, in another order, and with nothing remembered."""
    names = [(f"group/{i}", f"purpose {j}", n) for i in range(5) for j in range(5) for n in (0, 9)]

    def read(order: list[tuple[str, str, int]]) -> dict[tuple[str, str, int], float]:
        draws = Draws(11)
        return {(i, p, n): draws.of(i).uniform(p, n) for i, p, n in order}

    remembered.cache_clear()
    first = read(names)
    assert read(names[::-1]) == first
    remembered.cache_clear()
    assert read(names[::-1]) == first


def test_seeds_do_not_mix() -> None:
    """The same names of two seeds, read in turn, are those of each seed alone."""
    remembered.cache_clear()
    alone = [Draws(seed).of("a").uniform("p") for seed in (1, 2)]
    remembered.cache_clear()
    one, two = Draws(1), Draws(2)
    assert [one.of("a").uniform("p"), two.of("a").uniform("p")] == alone
    assert [one.of("a").uniform("p"), two.of("a").uniform("p")] == alone


def test_nothing_is_kept_of_draws_of_another_kind() -> None:
    """A subclass may draw otherwise under the same names, and neither hears of the other."""

    class Others(Draws):
        """Draws of another seed under this one."""

        def key_of(self, identity: str) -> Any:
            """Keys of seed 9."""
            return Draws(9).key_of(identity)

    mine, nine = (Draws(seed).of("a").uniform("p") for seed in (4, 9))
    assert Others(4).of("a").uniform("p") == nine
    assert Draws(4).of("a").uniform("p") == mine != nine


def test_what_is_remembered_of_a_seed_has_an_end() -> None:
    """However much is read, and what came later is read all the same."""
    remembered.cache_clear()
    stream = Draws(5).of("long")
    read = [stream.uniform("p", 8 * n) for n in range(13_000)]
    assert len(remembered(5)) < 13_000
    assert [stream.uniform("p", 8 * n) for n in range(12_990, 13_000)] == read[-10:]
