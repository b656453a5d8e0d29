"""The paths of those who move: groups that cross, and teams that are sent.

Both are read between events, while the world stands still.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.engine.path import Path, Waypoint
from sim.incidents.kinds import ACTORS, ENDINGS
from sim.incidents.records import Crossing
from sim.viewer.wire_format import Point, Row, Track, day, moment, place

if TYPE_CHECKING:
    from sim.agents.calls import Call
    from sim.agents.intruders import Intruders
    from sim.agents.passage import Passage
    from sim.agents.teams import ResponseTeam
    from sim.model import BorderModel


class _CrossingPath:
    """One crossing so far: the passage, and its path while it had one."""

    __slots__ = ("passage", "path", "state")

    def __init__(self, passage: "Passage") -> None:
        self.passage = passage
        self.path = Path(Waypoint(passage.crossed_at, passage.km, 0.0))
        self.state: tuple[str | None, float | None] | None = None

    @property
    def over(self) -> bool:
        """Whether its end has been read."""
        return self.state is not None and self.state[0] is not None

    def update(self) -> bool:
        """Read the path; return whether it ended or became known since the last update."""
        passage = self.passage
        if passage.ending is None:
            self.path = passage.intruders.path
        state = (passage.ending, passage.detected_at)
        changed, self.state = state != self.state, state
        return changed

    def track(self, now: float, over: bool) -> Track:
        """The path until ``now`` or its end; ``open`` if still under way at the horizon."""
        passage, who = self.passage, self.passage.intruders
        end = passage.ending or ("open" if over else None)
        ended = passage.ended_at if passage.ending else now
        points = _points(self.path.until(ended).waypoints)
        return _crossing(passage, who, who.identity, points, end, day(ended) if end else None)


class Crossings:
    """All crossings of a run, from the water's edge to the end of their sign."""

    def __init__(self, model: "BorderModel") -> None:
        self._model = model
        self._known: dict[str, _CrossingPath] = {}
        self._changed: dict[str, _CrossingPath] = {}
        self._sudden: list[Track] = []
        self._written = 0
        self.begun = 0
        self.stopped = 0

    def update(self) -> None:
        """Read who began to cross, who no longer crosses, and who became known."""
        for passage in self._model.passages.values():
            way = self._known.get(passage.identity)
            if way is None:
                way = self._known[passage.identity] = _CrossingPath(passage)
                self.begun += 1
            self._follow(way)
        log = self._model.log[Crossing]
        for record in log[self._written :]:
            self._close(record)
        self._written = len(log)

    def _follow(self, way: _CrossingPath) -> None:
        was_over = way.over
        if way.update():
            self._changed[way.passage.identity] = way
        if way.over and not was_over:
            self.stopped += _is_stopped(way.passage.intruders.actor, way.passage.ending)

    def _close(self, record: Crossing) -> None:
        """Close a crossing that the model has logged; some begin and end in one instant."""
        way = self._known.pop(record.identity, None)
        if way is not None:
            self._follow(way)
            self._changed[record.identity] = way
            return
        self.begun += 1
        self.stopped += _is_stopped(record.actor, record.ending)
        self._sudden.append(_sudden(record))

    def take(self, over: bool) -> list[Track]:
        """The tracks under way, and those that changed since the last call."""
        now = self._model.agenda.now
        ways = self._changed | {key: way for key, way in self._known.items() if not way.over}
        tracks = [*self._sudden, *(way.track(now, over) for way in ways.values())]
        self._changed, self._sudden = {}, []
        return tracks


def _is_stopped(actor: str, ending: str | None) -> bool:
    return ending is not None and ACTORS[actor].smuggles and ENDINGS[ending].stopped


def _sudden(record: Crossing) -> Track:
    """A group met at the instant of entering the water: a path of one point."""
    who = record.identity.partition("/plan/")[0]
    points = [_point(record.crossed_at, record.km, 0.0)]
    return _crossing(record, record, who, points, record.ending, day(record.ended_at))


def _crossing(
    one: "Passage | Crossing",
    who: "Intruders | Crossing",
    name: str,
    points: list[Point],
    end: str | None,
    ended: float | None,
) -> Track:
    return {
        "id": one.identity,
        "who": name,
        "kind": who.actor,
        "points": points,
        "end": end,
        "ended": ended,
        "size": one.size,
        "cue": one.cue,
        "armed": who.armed,
        "load": round(who.load_kg, 1),
        "night": one.night,
        "seen": moment(one.detected_at),
        "met": moment(one.contact_at),
    }


class _Mission:
    """One team on one call, from being called until it is home."""

    __slots__ = ("call", "called_at", "home_at", "team")

    def __init__(self, team: "ResponseTeam", call: "Call") -> None:
        self.team, self.call = team, call
        self.called_at = call.at if team.called_at is None else team.called_at
        self.home_at: float | None = None

    def track(self, now: float, over: bool) -> Track:
        """The path until ``now`` or home; ``open`` if still under way at the horizon."""
        home, call = self.home_at, self.call
        end = "home" if home is not None else "open" if over else None
        return {
            "id": call.identity,
            "who": self.team.identity,
            "kind": "team",
            "points": self._way(now),
            "end": end,
            "ended": day(now if home is None else home) if end else None,
            "size": self.team.size,
            "cue": call.cue,
            "of": call.crossing.identity if call.crossing else None,
            "called": day(self.called_at),
            "left": moment(self._left(now)),
            "arrived": moment(call.arrived_at),
            "released": moment(call.released_at),
        }

    def _left(self, now: float) -> float | None:
        """When it set out, if it has; the call holds the time in advance."""
        left = self.call.left_at
        return left if left is not None and left <= now else None

    def _way(self, now: float) -> list[Point]:
        """At its base, on its way, at the alarm, and back."""
        call, depth = self.call, self.team.depth
        assert call.base_km is not None
        way = [Waypoint(self.called_at, call.base_km, depth)]
        left = self._left(now)
        if left is not None:
            way.append(Waypoint(left, call.base_km, depth))
        if call.arrived_at is not None:
            way.append(Waypoint(call.arrived_at, call.km, 0.0))
        if call.released_at is not None:
            way.append(Waypoint(call.released_at, call.km, 0.0))
        if self.home_at is None:
            way.append(Waypoint(now, *self.team.position(now)))
        else:
            way.append(Waypoint(self.home_at, call.base_km, depth))
        return _points(way)


class Missions:
    """The teams, each on its call or at its base."""

    def __init__(self, model: "BorderModel") -> None:
        self._model = model
        self._out: dict[str, _Mission] = {}
        self._home: list[_Mission] = []
        self._bases = [team.km for team in model.dispatch.teams]
        self._moved: list[Row] = []

    def update(self) -> None:
        """Read which teams were sent, came home, or moved to another base."""
        now = self._model.agenda.now
        for number, team in enumerate(self._model.dispatch.teams):
            mission = self._out.get(team.identity)
            if mission is not None and team.call is not mission.call:
                mission.home_at = now
                self._home.append(self._out.pop(team.identity))
            if team.call is not None and team.identity not in self._out:
                self._out[team.identity] = _Mission(team, team.call)
            if team.km != self._bases[number]:
                self._bases[number] = team.km
                self._moved.append([day(now), number, place(team.km)])

    def take(self, over: bool) -> list[Track]:
        """The missions under way, and those that ended since the last call."""
        now = self._model.agenda.now
        missions, self._home = [*self._home, *self._out.values()], []
        return [mission.track(now, over) for mission in missions]

    def take_moves(self) -> list[Row]:
        """``[t, team, km]`` of each base that moved since the last call."""
        moved, self._moved = self._moved, []
        return moved


def _point(at: float, km: float, depth: float) -> Point:
    return day(at), place(km), place(depth)


def _points(way: Iterable[Waypoint]) -> list[Point]:
    """Waypoints as they are sent, without repetitions."""
    return list(dict.fromkeys(_point(*waypoint) for waypoint in way))
