"""Draws that can branch: what was read stays, the rest is drawn again."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from randomness import KS_LIMIT, ks_uniform

from sim.engine.arrivals import Arrivals
from sim.engine.branching_draws import BranchingDraws
from sim.engine.draws import Draws

NAMES = st.text(min_size=1, max_size=12)


@given(st.integers(0, 2**63 - 1), NAMES, NAMES, st.integers(0, 40))
def test_until_a_branch_the_draws_are_those_of_the_seed(
    seed: int, identity: str, purpose: str, n: int
) -> None:
    """Single draws, several at once, and the points of a plane."""
    plain, branching = Draws(seed), BranchingDraws(seed)
    assert branching.of(identity).uniform(purpose, n) == plain.of(identity).uniform(purpose, n)
    assert branching.of(identity).uniforms(purpose, 8) == plain.of(identity).uniforms(purpose, 8)
    planes = [Arrivals(draws, identity, 10.0, 0.5).between(0.0, 30.0, 1.0) for draws in
              (plain, branching)]  # fmt: skip
    assert planes[0] == planes[1]


def test_what_was_read_stays_and_the_rest_is_new() -> None:
    """Also in a stream that was there before, and in one made afterwards."""
    draws, plain = BranchingDraws(7), Draws(7)
    stream = draws.of("cell/1")
    read = stream.uniform("read")
    draws.branch("a")
    for same in (stream, draws.of("cell/1")):
        assert same.uniform("read") == read == plain.of("cell/1").uniform("read")
        assert same.uniform("new") != plain.of("cell/1").uniform("new")
    late = stream.uniform("new")
    draws.branch("b")
    assert (stream.uniform("read"), stream.uniform("new")) == (read, late)


def test_a_plane_keeps_the_tiles_that_were_read() -> None:
    """The rest of it is another plane."""
    draws = BranchingDraws(7)
    plane = Arrivals(draws, "smuggling/panj", 10.0, 0.5)
    before = plane.between(0.0, 9.9, 1.0)
    draws.branch("a")
    whole = Arrivals(Draws(7), "smuggling/panj", 10.0, 0.5)
    assert plane.between(0.0, 9.9, 1.0) == before
    assert plane.between(10.0, 90.0, 1.0) != whole.between(10.0, 90.0, 1.0)


def test_a_branch_is_known_by_its_names() -> None:
    """The same names give the same future, in this order only; others give another."""

    def future(*names: str) -> float:
        draws = BranchingDraws(7)
        for name in names:
            draws.branch(name)
        return draws.of("cell/1").uniform("new")

    assert future("a", "b") == future("a", "b")
    futures = [future(), future("a"), future("b"), future("a", "b"), future("b", "a")]
    assert len(set(futures)) == len(futures)


def test_a_fixed_identity_is_the_same_in_every_branch() -> None:
    """Whether it was read or not."""
    draws = BranchingDraws(7, fixed=("regimes",))
    draws.branch("a")
    assert draws.of("regimes").uniform("year 3") == Draws(7).of("regimes").uniform("year 3")


@pytest.mark.parametrize("how", [copy.deepcopy, lambda d: pickle.loads(pickle.dumps(d))])
def test_a_copy_remembers_what_was_read(how) -> None:  # type: ignore[no-untyped-def]
    """It branches by itself: what it reads later, the first does not know of."""
    draws = BranchingDraws(7)
    stream = draws.of("cell/1")
    read = stream.uniform("read")
    draws.branch("a")
    middle = stream.uniform("middle")
    other = how(draws)
    other.branch("b")
    theirs = other.of("cell/1")
    assert (theirs.uniform("read"), theirs.uniform("middle")) == (read, middle)
    assert theirs.uniform("late") != stream.uniform("late")


def test_futures_are_uniform() -> None:
    """One draw under many branches is a sample of the uniform distribution."""
    found = []
    for name in range(4000):
        draws = BranchingDraws(7)
        draws.branch(str(name))
        found.append(draws.of("cell/1").uniform("new"))
    assert ks_uniform(found) < KS_LIMIT
