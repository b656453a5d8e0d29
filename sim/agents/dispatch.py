"""Dispatch of the few teams to alarms: a queue in continuous time."""

from typing import Literal

from sim.agents.calls import Call
from sim.agents.frontier import Frontier
from sim.agents.intruders import TrackedCrossing
from sim.agents.sectors import Sector
from sim.agents.teams import ResponseTeam, road_speed
from sim.engine.draws import exponential
from sim.frontier.season import HOUR
from sim.incidents.records import Alarm, Cue


class Dispatch:
    """Sends the nearest free team; an alarm without one waits, and is given up in the end."""

    def __init__(self, model: Frontier) -> None:
        self.model = model
        self.teams: list[ResponseTeam] = []
        self._travelling: dict[str, Call] = {}
        self._queue: list[Call] = []
        self._under_way: dict[str, Call] = {}

    def alarm(self, identity: str, crossing: TrackedCrossing, cue: Cue) -> Call:
        """Raise an alarm about a real crossing, at its chainage or at the place of its attack."""
        km = crossing.intruders.position()[0] if cue == "attack" else crossing.km
        return self._transmit(identity, cue, crossing.sector, km, crossing)

    def false_alarm(self, identity: str, sector: Sector, km: float) -> Call:
        """Raise an alarm with nobody behind it."""
        return self._transmit(identity, "false", sector, km)

    def _transmit(
        self,
        identity: str,
        cue: Cue | Literal["false"],
        sector: Sector,
        km: float,
        crossing: TrackedCrossing | None = None,
    ) -> Call:
        """Transmit the alarm: it may be lost or delayed."""
        rules, now = self.model.spec.communications, self.model.now
        luck = self.model.draws.of(identity).uniforms("call", 6)
        call = Call(identity, cue, sector, km, now, luck, crossing)
        lost, late, lateness = call.luck[:3]
        if lost < rules.p_lost:
            self._fail(call, "lost")
        elif late < rules.p_late:
            wait = exponential(lateness, rules.late_hours * HOUR)
            self._travelling[call.identity] = call
            self.model.agenda.at(now + wait, self._hear, call, key=call.identity)
        else:
            self._hear(call)
        return call

    def _hear(self, call: Call) -> None:
        self._travelling.pop(call.identity, None)
        call.heard_at = self.model.now
        team = self._nearest_free(call.km)
        if team is not None:
            self._send(team, call)
        elif any(self._reaches(team, call.km) for team in self.teams):
            self._queue.append(call)
            patience = self.model.spec.teams.patience_hours * HOUR
            call.expiry = self.model.agenda.at(
                call.heard_at + patience, self._give_up, call, key=call.identity
            )
        else:
            self._fail(call, "unanswered")

    def _nearest_free(self, km: float) -> ResponseTeam | None:
        limit = self._farthest(km)
        best: ResponseTeam | None = None
        nearest = (limit, "")
        for team in self.teams:
            if team.call is None:
                distance = abs(team.km - km)
                if distance <= limit and (best is None or (distance, team.identity) < nearest):
                    best, nearest = team, (distance, team.identity)
        return best

    def _reaches(self, team: ResponseTeam, km: float) -> bool:
        return abs(team.km - km) <= self._farthest(km)

    def _farthest(self, km: float) -> float:
        """Distance that a team covers within the longest travel time (by road, by day), km."""
        spec = self.model.spec
        return spec.teams.reach_hours * road_speed(spec, km, night=False)

    def _send(self, team: ResponseTeam, call: Call) -> None:
        call.team = team.identity
        self._under_way[call.identity] = call
        team.go(call)

    def on_free(self, team: ResponseTeam) -> None:
        """A team is back: it takes the oldest waiting alarm within its reach."""
        for call in self._queue:
            if self._reaches(team, call.km):
                self._queue.remove(call)
                if call.expiry is not None:
                    call.expiry.cancel()
                self._send(team, call)
                return

    def _give_up(self, call: Call) -> None:
        self._queue.remove(call)
        self._fail(call, "unanswered")

    def _fail(self, call: Call, fate: Literal["lost", "unanswered"]) -> None:
        call.failed = True
        self._write(call, fate)

    def on_released(self, call: Call) -> None:
        """A team has finished with the alarm."""
        call.released_at = self.model.now
        self._under_way.pop(call.identity, None)
        self._write(call, "answered")

    def write_open(self) -> None:
        """The run ends: write the alarms in transmission, waiting or being answered."""
        waiting = (*self._travelling.values(), *self._queue)
        for call in (*waiting, *self._under_way.values()):
            self._write(call, "open")

    def _write(self, call: Call, fate: Literal["answered", "lost", "unanswered", "open"]) -> None:
        self.model.record(
            Alarm(
                call.identity,
                call.sector.slug,
                call.km,
                call.at,
                call.cue,
                fate,
                call.team,
                call.heard_at,
                call.arrived_at,
                call.released_at,
                call.left_at,
                call.base_km,
            )
        )
