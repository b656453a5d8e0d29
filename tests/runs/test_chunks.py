"""Which runs are wanted: keys, seeds and chunks."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.runs.chunks import STRIDE, Chunk, missing_chunks, missing_count
from sim.runs.replicate import seed_of

WHOLE = st.integers(0, 300)
THERE = st.dictionaries(st.sampled_from("abc"), st.sets(WHOLE, max_size=80), max_size=3)


def test_a_seed_belongs_to_its_replicate_for_ever() -> None:
    """Seeds are pinned: a store of today can be extended tomorrow."""
    assert seed_of(0) == 1576848291327681832
    assert seed_of(1) == 9221934688551543782
    assert seed_of(7, root=3) == 4759080393615176752


@given(st.integers(0, 10**9), st.integers(0, 2**63 - 1))
def test_a_seed_fits_63_bits(replicate: int, root: int) -> None:
    """Any replicate of any root has a seed that a model takes."""
    assert 0 <= seed_of(replicate, root) < 2**63


def test_seeds_do_not_meet() -> None:
    """No two of 20,000 replicates, of neighbouring roots, share a seed."""
    assert len({seed_of(r, root) for r in range(5000) for root in range(4)}) == 20_000


@given(st.integers(1, 301), THERE, st.lists(st.integers(-3, 60), min_size=1))
def test_chunks_are_what_is_missing(
    wanted: int, there: dict[str, set[int]], sizes: list[int]
) -> None:
    """Whatever the sizes asked for, each missing run is in one chunk, and nothing else is.

    Before each stretch of replicates the number of runs left is given.
    """
    told: list[int] = []

    def size(left: int) -> int:
        told.append(left)
        return sizes[len(told) % len(sizes)]

    found = list(missing_chunks(wanted, there, size))
    runs = [(chunk.digest, r) for chunk in found for r in chunk.replicates]
    expected = {(d, r) for d, done in there.items() for r in range(wanted) if r not in done}
    assert len(runs) == len(set(runs))
    assert set(runs) == expected
    assert len(runs) == missing_count(wanted, there)
    before = accumulate((len(chunk.replicates) for chunk in found), initial=0)
    assert set(told) <= {len(runs) - done for done in before}
    assert told == sorted(told, reverse=True)


@given(st.integers(1, 301), THERE, st.integers(1, 60))
def test_a_chunk_is_in_order_and_no_larger_than_asked(
    wanted: int, there: dict[str, set[int]], size: int
) -> None:
    """A chunk holds at most a given number of replicates, increasing."""
    for chunk in missing_chunks(wanted, there, lambda left: size):
        assert 1 <= len(chunk.replicates) <= size
        assert list(chunk.replicates) == sorted(set(chunk.replicates))


def test_a_stretch_of_replicates_is_run_in_every_scenario_before_the_next() -> None:
    """So that what was read of a seed serves them all."""
    found = list(missing_chunks(30, {"a": (), "b": {1, 12}}, lambda left: 10))
    assert [(chunk.digest, chunk.replicates[0]) for chunk in found] == [
        ("a", 0), ("b", 0), ("a", 10), ("b", 10), ("a", 20), ("b", 20),
    ]  # fmt: skip
    assert found[1].replicates == (0, *range(2, 10))


def test_scenarios_advance_together() -> None:
    """A batch cut short at any chunk holds nearly as many replicates of each scenario."""
    done = {"a": 0, "b": 0, "c": 0}
    for chunk in missing_chunks(400, {name: () for name in done}, lambda left: 7):
        done[chunk.digest] += len(chunk.replicates)
        assert max(done.values()) - min(done.values()) <= STRIDE


@given(st.lists(st.integers(0, 999), min_size=2, unique=True))
def test_halves_are_the_whole(replicates: list[int]) -> None:
    """Two halves hold the runs of the chunk, in order, and neither is empty."""
    first, second = Chunk("a", tuple(replicates)).halves()
    assert first.replicates + second.replicates == tuple(replicates)
    assert first.replicates
    assert second.replicates


def test_one_run_has_no_halves() -> None:
    """A chunk of a single run cannot be cut."""
    with pytest.raises(ValueError, match="no halves"):
        Chunk("a", (1,)).halves()
