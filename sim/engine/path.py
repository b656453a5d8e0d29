"""Position as a function of time: legs between waypoints, walked at constant speed."""

from bisect import bisect_right
from typing import NamedTuple


class Waypoint(NamedTuple):
    """A place at an instant: days, chainage in km, depth beyond the line in km."""

    at: float
    km: float
    depth: float


class Path:
    """A piecewise linear path, at rest before its first and after its last waypoint."""

    __slots__ = ("_times", "waypoints")

    def __init__(self, *waypoints: Waypoint) -> None:
        self.waypoints = waypoints
        self._times = [waypoint[0] for waypoint in waypoints]
        if self._times != sorted(self._times):
            raise ValueError("waypoints must be in order of time")

    @property
    def start(self) -> float:
        """Instant of the first waypoint."""
        return self._times[0]

    @property
    def end(self) -> float:
        """Instant of the last waypoint."""
        return self._times[-1]

    def at(self, t: float) -> tuple[float, float]:
        """``(km, depth)`` at time ``t``."""
        index = bisect_right(self._times, t)
        if index == 0:
            return self.waypoints[0][1:]
        if index == len(self._times):
            return self.waypoints[-1][1:]
        a, b = self.waypoints[index - 1], self.waypoints[index]
        share = (t - a.at) / (b.at - a.at)
        return a.km + share * (b.km - a.km), a.depth + share * (b.depth - a.depth)

    def until(self, t: float) -> "Path":
        """The path up to ``t``."""
        kept = tuple(waypoint for waypoint in self.waypoints if waypoint.at < t)
        return Path(*kept, Waypoint(max(t, self.start), *self.at(t)))

    def then(self, *waypoints: Waypoint) -> "Path":
        """The path, continued through further waypoints."""
        return Path(*self.waypoints, *waypoints)
