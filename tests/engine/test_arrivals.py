"""Arrivals on a plane fixed by the seed: Poisson, and a superset wherever the rate is higher."""

from itertools import pairwise
from math import floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from randomness import KS_LIMIT, correlation_z, dispersion_z, ks_uniform, poisson_z

from sim.engine.arrivals import Arrivals, Point
from sim.engine.draws import Draws

SEEDS = st.integers(0, 2**63 - 1)
TIMES = st.floats(-50.0, 50.0)
RATES = st.floats(0.0, 6.0)
WIDTHS = st.sampled_from([0.5, 2.0, 10, 100.0])
HEIGHTS = st.sampled_from([0.04, 0.4, 2.0])


def plane(
    seed: int = 1, tile_days: float = 2.0, tile_rate: float = 2.0, identity: str = "post/panj/1"
) -> Arrivals:
    """The plane of one identity."""
    return Arrivals(Draws(seed), identity, tile_days, tile_rate)


def below(points: list[Point], rate: float) -> list[Point]:
    """Points whose mark lies below ``rate``."""
    return [point for point in points if point.mark < rate]


# -- the superset law ---------------------------------------------------------------------


@settings(max_examples=60)
@given(SEEDS, TIMES, st.floats(0.0, 20.0), RATES, RATES, WIDTHS, HEIGHTS)
def test_a_higher_rate_keeps_every_arrival(
    seed: int, start: float, length: float, a: float, b: float, width: float, height: float
) -> None:
    """The points at a lower rate are those of the higher rate with a mark below it: bit by bit."""
    low, high = sorted([a, b])
    arrivals = plane(seed, width, height)
    end = start + length
    few, many = arrivals.between(start, end, low), arrivals.between(start, end, high)
    assert few == below(many, low)
    assert set(few) <= set(many)


@settings(max_examples=60)
@given(SEEDS, TIMES, st.floats(0.0, 20.0), RATES, WIDTHS, HEIGHTS)
def test_marks_lie_below_the_rate_and_times_in_the_interval(
    seed: int, start: float, length: float, rate: float, width: float, height: float
) -> None:
    """``start <= at < end``, ``0 <= mark < rate``, in order of time, each point once."""
    points = plane(seed, width, height).between(start, start + length, rate)
    assert all(start <= p.at < start + length and 0.0 <= p.mark < rate for p in points)
    assert points == sorted(points)
    assert len({p.key for p in points}) == len(points)


@given(SEEDS, st.integers(-30, 30), RATES, WIDTHS, HEIGHTS)
def test_a_column_is_what_lies_between_its_ends(
    seed: int, column: int, rate: float, width: float, height: float
) -> None:
    """``column`` and ``between`` give the same points; each carries the column it is in."""
    arrivals = plane(seed, width, height)
    left, right = arrivals.start_of(column), arrivals.start_of(column + 1)
    points = arrivals.column(column, rate)
    assert points == arrivals.between(left, right, rate)
    assert all(p.place[0] == column == arrivals.tile_of(p.at) for p in points)
    assert all(p.place[1] == floor(p.mark / height) for p in points)


@given(SEEDS, TIMES, st.floats(0.0, 30.0), RATES, WIDTHS, HEIGHTS)
def test_the_next_arrival_is_the_first_later_one(
    seed: int, start: float, length: float, rate: float, width: float, height: float
) -> None:
    """``next_after`` agrees with ``between``, and never gives the instant it starts from."""
    arrivals = plane(seed, width, height)
    end = start + length
    later = [p for p in arrivals.between(start, end, rate) if p.at > start]
    assert arrivals.next_after(start, end, rate) == (later[0] if later else None)


@given(SEEDS, RATES, st.lists(TIMES, min_size=2, max_size=6))
def test_an_interval_is_the_sum_of_its_parts(seed: int, rate: float, cuts: list[float]) -> None:
    """Cut anywhere, at borders of tiles too, no point is lost and none is counted twice."""
    arrivals = plane(seed)
    edges = sorted([*cuts, -2.0, 0.0, 2.0])
    parts = [
        point for start, end in pairwise(edges) for point in arrivals.between(start, end, rate)
    ]
    assert parts == arrivals.between(edges[0], edges[-1], rate)


def test_walking_from_arrival_to_arrival_meets_all() -> None:
    """Asking for the next again and again gives what ``between`` gives, over 40 tiles."""
    arrivals = plane(3)
    met: list[Point] = []
    now = -40.0
    while (point := arrivals.next_after(now, 40.0, 1.5)) is not None:
        met.append(point)
        now = point.at
    assert met == arrivals.between(-40.0, 40.0, 1.5)
    assert len(met) > 60


# -- limits -------------------------------------------------------------------------------


@given(SEEDS, TIMES)
def test_no_rate_no_arrival(seed: int, start: float) -> None:
    """Rate 0 gives nothing, and so does an empty interval at any rate."""
    arrivals = plane(seed)
    assert arrivals.between(start, start + 30.0, 0.0) == []
    assert arrivals.next_after(start, start + 30.0, 0.0) is None
    assert arrivals.between(start, start, 5.0) == []


def test_tiles_lie_on_both_sides_of_zero() -> None:
    """Instant 0 starts column 0; just before it is column -1."""
    arrivals = plane()
    assert arrivals.tile_of(0.0) == 0
    assert arrivals.tile_of(-1e-9) == -1
    assert arrivals.tile_of(2.0) == 1
    assert arrivals.start_of(-3) == -6.0


def test_the_plane_belongs_to_an_identity() -> None:
    """Another seed or identity has other points; the same has the same."""
    points = plane().between(0.0, 50.0, 1.0)
    assert points == plane().between(0.0, 50.0, 1.0)
    assert points != plane(seed=2).between(0.0, 50.0, 1.0)
    assert points != plane(identity="post/panj/2").between(0.0, 50.0, 1.0)


def test_a_key_says_the_tile_and_the_number() -> None:
    """The key of a point is its column, row and number, which no rate and no policy changes."""
    assert Point(0.5, 0.1, (-3, 0, 12)).key == "-3.0.12"


def test_full_tiles_are_read_to_the_end() -> None:
    """With 40 points to a tile, more than one digest holds, none is lost or repeated."""
    crowded = plane(5, tile_days=10.0, tile_rate=4.0)
    points = crowded.between(0.0, 2000.0, 4.0)
    assert abs(poisson_z(len(points), 8000.0)) < 4.0
    assert len({p.at for p in points}) == len(points)
    assert ks_uniform([p.mark / 4.0 for p in points]) < KS_LIMIT


# -- Poisson ------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.3, 1.0, 2.0, 5.0])
@pytest.mark.parametrize(("width", "height"), [(2.0, 2.0), (10, 0.4), (100.0, 0.04)])
def test_counts_are_poisson(rate: float, width: float, height: float) -> None:
    """Mean and dispersion of 400 intervals of 6 days; at rates of 1 and more 15 % is |z| > 7.

    The intervals begin and end inside tiles, and their lengths are not multiples of a tile's.
    """
    arrivals = plane(11, width, height)
    counts = [len(arrivals.between(-1200.0 + 6 * k, -1194.0 + 6 * k, rate)) for k in range(400)]
    assert abs(poisson_z(sum(counts), 2400.0 * rate)) < 4.0
    assert abs(dispersion_z(counts, 6.0 * rate)) < 4.0


def test_gaps_are_exponential() -> None:
    """The waiting times at a constant rate are memoryless, across borders of tiles too."""
    times = [p.at for p in plane(12).between(0.0, 8000.0, 1.3)]
    gaps = np.diff(times)
    assert ks_uniform(1.0 - np.exp(-1.3 * gaps)) < KS_LIMIT
    assert abs(correlation_z(gaps[:-1].tolist(), gaps[1:].tolist())) < 4.0


def test_marks_and_times_are_uniform_and_independent() -> None:
    """Below any rate the marks are uniform and are independent of the time."""
    points = plane(13).between(0.0, 6000.0, 3.0)
    marks = [p.mark / 3.0 for p in points]
    phases = [(p.at / 2.0) % 1.0 for p in points]
    assert ks_uniform(marks) < KS_LIMIT
    assert ks_uniform(phases) < KS_LIMIT
    assert abs(correlation_z(marks, phases)) < 4.0


def rate_of(t: float) -> float:
    """A rate that changes every day, and by leaps."""
    return (0.2, 3.0, 0.0, 1.7, 0.9)[floor(t) % 5]


def test_a_changing_rate_gives_its_integral() -> None:
    """Thinned by the rate of its own instant, every day of the cycle has its Poisson count."""
    points = plane(14).between(0.0, 5000.0, 3.0)
    kept = [p for p in points if p.mark < rate_of(p.at)]
    for day in range(5):
        count = sum(floor(p.at) % 5 == day for p in kept)
        mean = 1000.0 * rate_of(day)
        assert count == 0 if mean == 0.0 else abs(poisson_z(count, mean)) < 4.0
    assert abs(poisson_z(len(kept), 1000.0 * sum(map(rate_of, range(5))))) < 4.0


def test_planes_of_two_identities_are_independent() -> None:
    """Counts of the same days on two planes are uncorrelated."""
    one, other = plane(15, identity="a"), plane(15, identity="b")
    counts = [
        [len(arrivals.between(2.0 * k, 2.0 * k + 2.0, 2.0)) for k in range(3000)]
        for arrivals in (one, other)
    ]
    assert abs(correlation_z(*(list(map(float, row)) for row in counts))) < 4.0


def test_the_poisson_checks_can_fail() -> None:
    """Negative control: a rate 5 % higher, and arrivals that come in pairs, are found."""
    arrivals = plane(11)
    counts = [len(arrivals.between(6.0 * k, 6.0 * k + 6.0, 2.0)) for k in range(1000)]
    assert abs(poisson_z(sum(counts), 6000.0 * 2.0 * 1.05)) > 4.0
    pairs = [2 * len(arrivals.between(6.0 * k, 6.0 * k + 6.0, 1.0)) for k in range(1000)]
    assert abs(poisson_z(sum(pairs), 12000.0)) < 4.0 * 2**0.5
    assert dispersion_z(pairs, 12.0) > 4.0
