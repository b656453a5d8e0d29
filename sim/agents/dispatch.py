"""Alarms and the few teams that can answer them: a queue in continuous time."""

from typing import TYPE_CHECKING, Literal

from sim.engine.agenda import Timer
from sim.engine.draws import exponential
from sim.frontier.season import HOUR
from sim.frontier.terrain import terrain_at
from sim.incidents.records import Alarm, Cue

if TYPE_CHECKING:
    from sim.agents.frontier import Frontier
    from sim.agents.passage import Passage
    from sim.agents.sectors import Sector
    from sim.agents.teams import ResponseTeam


class Call:
    """One alarm on its way to being answered, lost or given up."""

    def __init__(
        self,
        model: "Frontier",
        identity: str,
        where: "tuple[Sector, float]",
        cue: "Cue | Literal['false']",
        quarry: "Passage | None" = None,
    ) -> None:
        self.identity, self.cue, self.quarry = identity, cue, quarry
        self.sector, self.km = where
        self.at = model.agenda.now
        self.luck = model.draws.of(identity).uniforms("call", 6)
        self.heard_at: float | None = None
        self.team: ResponseTeam | None = None
        self.arrived_at: float | None = None
        self.released_at: float | None = None
        self.left_at: float | None = None
        self.base_km: float | None = None
        self.failed = False
        self.expiry: Timer | None = None

    @property
    def over(self) -> bool:
        """Whether nobody is coming or searching (any more)."""
        return self.failed or self.released_at is not None


class Dispatch:
    """Sends the team that can be there first; what finds none waits, then is given up."""

    def __init__(self, model: "Frontier") -> None:
        self.model = model
        self.teams: list[ResponseTeam] = []
        self._travelling: dict[str, Call] = {}
        self._queue: list[Call] = []
        self._under_way: dict[str, Call] = {}

    def alarm(self, quarry: "Passage", cue: Cue) -> Call:
        """An alarm about a real crossing, at its chainage or where an attack gave it away."""
        km = quarry.who.position()[0] if cue == "attack" else quarry.km
        identity = f"{quarry.identity}/{cue}{'' if quarry.calls == 1 else quarry.calls}"
        return self._transmit(Call(self.model, identity, (quarry.sector, km), cue, quarry))

    def false_alarm(self, identity: str, sector: "Sector", km: float) -> Call:
        """An alarm with nobody behind it."""
        return self._transmit(Call(self.model, identity, (sector, km), "false"))

    def _transmit(self, call: Call) -> Call:
        """The alarm travels: it may be lost or come late."""
        rules, now = self.model.spec.communications, self.model.agenda.now
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
        call.heard_at = self.model.agenda.now
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

    def _nearest_free(self, km: float) -> "ResponseTeam | None":
        limit = self._farthest(km)
        best: ResponseTeam | None = None
        nearest = (limit, "")
        for team in self.teams:
            if team.call is None:
                distance = abs(team.km - km)
                if distance <= limit and (best is None or (distance, team.identity) < nearest):
                    best, nearest = team, (distance, team.identity)
        return best

    def _reaches(self, team: "ResponseTeam", km: float) -> bool:
        return abs(team.km - km) <= self._farthest(km)

    def _farthest(self, km: float) -> float:
        """How far a team gets within the longest travel allowed (by road, by day)."""
        return self.model.spec.teams.reach_hours * road_speed(self.model, km, night=False)

    def _send(self, team: "ResponseTeam", call: Call) -> None:
        call.team = team
        self._under_way[call.identity] = call
        team.go(call)

    def on_free(self, team: "ResponseTeam") -> None:
        """A team is home: it takes the oldest alarm that waits within its reach."""
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
        """A team has done with the alarm."""
        call.released_at = self.model.agenda.now
        self._under_way.pop(call.identity, None)
        self._write(call, "answered")

    def write_open(self) -> None:
        """The run ends: write what still travels, waits or is under way."""
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
                call.team.identity if call.team else None,
                call.heard_at,
                call.arrived_at,
                call.released_at,
                call.left_at,
                call.base_km,
            )
        )


def road_speed(model: "Frontier", km: float, night: bool) -> float:
    """Travel speed of a team toward ``km``, km/h, by the terrain there."""
    rules = model.spec.teams
    speed: float = getattr(rules.road_speed_km_h, terrain_at(km))
    return speed * (rules.night_speed_factor if night else 1.0)
