"""The debug switch that finds a draw used for two things."""

import pytest

from sim.engine.arrivals import Arrivals
from sim.engine.draws import Draws, Stream
from sim.engine.shared_draws import SharedDrawError, no_shared_draws


def twice(stream: Stream, purpose: str, n: int = 0) -> None:
    """One place that reads a number, twice."""
    for _ in range(2):
        stream.uniform(purpose, n)


def elsewhere(stream: Stream, purpose: str, n: int = 0) -> float:
    """A place that reads a number of a stream it was handed."""
    return stream.uniform(purpose, n)


def test_one_place_may_read_a_number_again() -> None:
    """The same line reads the same number as often as it likes, from as many streams."""
    with no_shared_draws():
        draws = Draws(1)
        for _ in range(3):
            stream = draws.of("someone")
            stream.uniform("luck")
            stream.exponential("wait", 2.0)
            stream.binomial("hits", 3, 0.5)


def test_a_second_place_is_refused_and_both_are_named() -> None:
    """Which number, whose, and both lines are said."""
    with no_shared_draws():
        stream = Draws(1).of("someone")
        stream.uniform("luck", 3)
        with pytest.raises(SharedDrawError) as caught:
            stream.chance("luck", 0.5, 3)
    told = str(caught.value)
    assert "number 3 of 'luck' of 'someone'" in told
    assert told.count("tests/engine/test_shared_draws.py:") == 2


def test_a_number_of_a_group_is_the_same_number() -> None:
    """``uniforms`` reads the numbers from 0 on: one of them alone is not free."""
    with no_shared_draws():
        stream = Draws(1).of("someone")
        stream.uniforms("luck", 3)
        stream.uniform("luck", 3)
        with pytest.raises(SharedDrawError, match="number 2"):
            stream.uniform("luck", 2)


def test_who_hands_a_stream_over_is_part_of_the_place() -> None:
    """One helper, called with one purpose from two lines, is two places."""
    with no_shared_draws():
        stream = Draws(1).of("someone")
        twice(stream, "luck")
        with pytest.raises(
            SharedDrawError, match=r"test_shared_draws.py:\d+ from .*test_shared_draws.py:\d+"
        ):
            twice(stream, "luck")


def test_other_names_and_other_runs_are_free() -> None:
    """Another identity, purpose, number or run is another draw."""
    with no_shared_draws():
        draws = Draws(1)
        for stream, purpose, n in [
            (draws.of("a"), "x", 0), (draws.of("b"), "x", 0), (draws.of("a"), "y", 0),
            (draws.of("a"), "x", 1),
        ]:  # fmt: skip
            stream.uniform(purpose, n)
        Draws(1).of("a").uniform("x", 0)


def test_a_plane_has_one_owner_in_a_run() -> None:
    """The same identity in another run is the same plane; in one run it is a fault."""
    with no_shared_draws():
        draws = Draws(1)
        Arrivals(draws, "groups", 30, 0.1)
        Arrivals(Draws(1), "groups", 30, 0.1)
        with pytest.raises(SharedDrawError, match=r"(?s)plane of 'groups'(.*test_shared_draws){2}"):
            Arrivals(draws, "groups", 30, 0.1)


def test_a_plane_has_tiles_of_one_size() -> None:
    """Also across runs: the size is part of the identity."""
    with no_shared_draws():
        Arrivals(Draws(1), "groups", 30, 0.1)
        with pytest.raises(SharedDrawError, match="size of the tiles of 'groups'"):
            Arrivals(Draws(2), "groups", 30, 0.2)


def test_a_stream_is_not_a_plane() -> None:
    """Both extend the same digest."""
    with no_shared_draws():
        draws = Draws(1)
        draws.of("groups").uniform("luck")
        with pytest.raises(SharedDrawError, match="identity 'groups'"):
            Arrivals(draws, "groups", 30, 0.1)


def test_nothing_is_left_behind() -> None:
    """Numbers are the same within and after; afterwards nobody watches."""
    plain = Draws(1).of("someone").uniforms("luck", 8)
    plane = Arrivals(Draws(1), "groups", 30, 0.1).column(0, 1.0)
    of, init = Draws.of, Arrivals.__init__
    with no_shared_draws():
        assert Draws(1).of("someone").uniforms("luck", 8) == plain
        assert Arrivals(Draws(1), "groups", 30, 0.1).column(0, 1.0) == plane
    assert (Draws.of, Arrivals.__init__) == (of, init)
    stream = Draws(1).of("someone")
    assert type(stream) is Stream
    assert stream.uniform("luck") == elsewhere(stream, "luck") == plain[0]
