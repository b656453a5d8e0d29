"""Paths: exact at their waypoints, at constant speed between them, still at either end."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.path import Path, Waypoint

KM = st.floats(0.0, 1340.0)
DEPTH = st.floats(-20.0, 30.0)
SHARES = st.floats(0.0, 1.0)


@st.composite
def paths(draw: st.DrawFn) -> Path:
    """Paths of one to six waypoints, up to two days from one to the next."""
    at, waypoints = draw(st.floats(-5.0, 5.0)), []
    for _ in range(draw(st.integers(1, 6))):
        waypoints.append(Waypoint(at, draw(KM), draw(DEPTH)))
        at += draw(st.floats(0.01, 2.0))
    return Path(*waypoints)


@given(paths())
def test_it_passes_through_its_waypoints(path: Path) -> None:
    """At the time of each waypoint it is there."""
    for waypoint in path.waypoints:
        assert path.at(waypoint.at) == pytest.approx(waypoint[1:])


@given(paths(), st.floats(0.0, 100.0))
def test_it_stands_before_and_after(path: Path, away: float) -> None:
    """Before the first and after the last waypoint the position is constant."""
    assert path.at(path.start - away) == path.waypoints[0][1:]
    assert path.at(path.end + away) == path.waypoints[-1][1:]


@given(paths(), SHARES)
def test_it_walks_evenly_between_waypoints(path: Path, share: float) -> None:
    """A share of the time between two waypoints is that share of the way."""
    for a, b in pairwise(path.waypoints):
        km, depth = path.at(a.at + share * (b.at - a.at))
        assert km == pytest.approx(a.km + share * (b.km - a.km), abs=1e-6)
        assert depth == pytest.approx(a.depth + share * (b.depth - a.depth), abs=1e-6)


@given(paths(), SHARES, st.floats(-1.0, 20.0))
def test_cut_off_it_is_the_same_and_then_stands(path: Path, share: float, t: float) -> None:
    """Up to the cut nothing changes; after it, the position is that of the cut."""
    cut = path.start + share * (path.end - path.start)
    short = path.until(cut)
    asked = path.start + t
    assert short.at(asked) == pytest.approx(path.at(min(asked, cut)), abs=1e-6)
    assert short.end == cut


@given(paths())
def test_cut_off_before_its_start_it_only_stands(path: Path) -> None:
    """A cut before the start leaves its first place."""
    short = path.until(path.start - 1.0)
    assert short.at(path.end) == path.waypoints[0][1:]


@given(paths(), KM, DEPTH)
def test_it_goes_on_from_where_it_was(path: Path, km: float, depth: float) -> None:
    """``then`` keeps what was walked and ends at the new place."""
    longer = path.then(Waypoint(path.end + 1.0, km, depth))
    for waypoint in path.waypoints:
        assert longer.at(waypoint.at) == pytest.approx(path.at(waypoint.at))
    assert longer.at(longer.end) == (km, depth)


def test_turning_back_on_the_way() -> None:
    """Out 10 km in 1 day, turned after half of it, home at the same speed."""
    out = Path(Waypoint(0.0, 100.0, 0.0), Waypoint(1.0, 110.0, 0.0))
    back = out.until(0.5).then(Waypoint(1.0, 100.0, 0.0))
    assert [back.at(t)[0] for t in (0.25, 0.5, 0.75, 1.0, 2.0)] == [102.5, 105.0, 102.5, 100, 100]


def test_waypoints_out_of_order_are_refused() -> None:
    """A path does not go back in time; two waypoints of one instant are a leap."""
    with pytest.raises(ValueError, match="order of time"):
        Path(Waypoint(1.0, 0.0, 0.0), Waypoint(0.5, 1.0, 0.0))
    leap = Path(Waypoint(0.0, 0.0, 0.0), Waypoint(1.0, 5.0, 0.0), Waypoint(1.0, 9.0, 0.0))
    assert leap.at(0.5) == (2.5, 0.0)
    assert leap.at(1.0) == (9.0, 0.0)
