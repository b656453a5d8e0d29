"""Response teams: depart, travel, search, perhaps make contact, and return."""

from sim.agents.calls import Call
from sim.agents.frontier import Frontier, FrontierAgent
from sim.engine.draws import exponential
from sim.engine.path import Path, Waypoint
from sim.frontier.season import HOUR
from sim.scenario.spec import Scenario


def road_speed(spec: Scenario, km: float, night: bool) -> float:
    """Travel speed of a team toward ``km``, km/h, by the terrain there."""
    rules = spec.teams
    speed: float = getattr(rules.road_speed_km_h, spec.ground.terrain_at(km))
    return speed * (rules.night_speed_factor if night else 1.0)


class ResponseTeam(FrontierAgent):
    """A team with a base; command moves the bases of reserve teams."""

    def __init__(self, model: Frontier, identity: str, km: float, reserve: bool = False) -> None:
        super().__init__(model, identity, km)
        self.reserve = reserve
        self.raised_at = self.now
        self.call: Call | None = None
        self._way: tuple[Waypoint, Waypoint] | None = None
        self.called_at: float | None = None
        self.hours_out = 0.0
        self.hours_flown = 0.0
        self._travel = 0.0

    @property
    def free(self) -> bool:
        """Whether it can be sent."""
        return self.call is None

    @property
    def size(self) -> int:
        """Guards in the team."""
        return self.spec.teams.size

    def position(self, t: float | None = None) -> tuple[float, float]:
        """Position on the way, at the alarm, or at its base."""
        if self._way is None:
            return self.km, self.depth
        return Path(*self._way).at(self.now if t is None else t)

    def go(self, call: Call) -> None:
        """Depart and travel to the alarm."""
        spec, now = self.spec.teams, self.now
        self.call, self.called_at = call, now
        turn_out, air, self._search = call.luck[3:]
        factor = call.sector.mobilisation_factor(now)
        leaves = now + exponential(turn_out, spec.mobilisation_hours * HOUR * factor)
        call.left_at, call.base_km = leaves, self.km
        distance = abs(call.km - self.km)
        if air < spec.air_mobility:
            self._travel = distance / spec.air_speed_km_h * HOUR
            self.hours_flown += 2.0 * self._travel / HOUR
        else:
            night = self.model.calendar.is_night(call.sector.index, leaves)
            self._travel = distance / road_speed(self.spec, call.km, night) * HOUR
        self._way = (
            Waypoint(leaves, self.km, self.depth),
            Waypoint(leaves + self._travel, call.km, 0.0),
        )
        self.at(leaves + self._travel, self.on_arrival)

    def on_arrival(self) -> None:
        """Search: contact comes at a constant rate while the group is inside."""
        call, spec, now = self.call, self.spec.teams, self.now
        assert call is not None
        call.arrived_at = now
        if call.crossing is None:
            limit = self.spec.false_alarms.search_hours * HOUR
        else:
            limit = (spec.manhunt_hours if call.crossing.manhunt else spec.search_hours) * HOUR
            rate = spec.contact_rate
            if call.crossing.shadowed:
                rate *= self.spec.contact.shadowing
            if rate > 0.0:
                found = now + exponential(self._search, HOUR / rate)
                if found <= now + limit:
                    self.at(found, self.on_found, now + limit)
                    return
        self.at(now + limit, self.on_release)

    def on_found(self, give_up_at: float) -> None:
        """Meet the group if it is still inside, at once or after surrounding it."""
        assert self.call is not None
        assert self.call.crossing is not None
        crossing = self.call.crossing
        wait = crossing.on_found() if crossing.inside else 0.0
        if wait > 0.0:
            self.after(wait, self.on_contact, max(give_up_at, self.now + wait))
        else:
            self.on_contact(give_up_at)

    def on_contact(self, give_up_at: float) -> None:
        """Meet the group unless it is gone or has been met."""
        assert self.call is not None
        assert self.call.crossing is not None
        crossing = self.call.crossing
        if not crossing.inside:
            self.at(give_up_at, self.on_release)
            return
        crossing.on_team(self.size)
        self.after(self.spec.teams.aftermath_hours * HOUR, self.on_release)

    def on_release(self) -> None:
        """Finish with the alarm and return."""
        call, now = self.call, self.now
        assert call is not None
        self.model.dispatch.on_released(call)
        self._way = (
            Waypoint(now, call.km, 0.0),
            Waypoint(now + self._travel, self.km, self.depth),
        )
        self.at(now + self._travel, self.on_home)

    def on_home(self) -> None:
        """Be free for the next alarm."""
        assert self.called_at is not None
        self.hours_out += (self.now - self.called_at) / HOUR
        self.call = self._way = self.called_at = None
        self._timers.clear()
        self.model.dispatch.on_free(self)
