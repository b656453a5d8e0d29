"""The twin with Panj's draws: the same crossings and departures in time steps.

The two then differ only by the step.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from benchmarks.twin.agents import NOBODY, Arrival, Group, Patrol, Sortie
from benchmarks.twin.ground import HalfSection
from benchmarks.twin.model import Found, TickTwin
from sim.engine.draws import exponential
from sim.frontier.season import HOUR
from sim.incidents.records import Crossing
from sim.model import BorderModel


class CoupledTwin(TickTwin):
    """Repeats a run of Panj in steps of ``dt_minutes``.

    ``panj`` has run to its horizon; its scenario has nothing that the twin lacks.
    """

    def __init__(self, panj: BorderModel, dt_minutes: float) -> None:
        self._panj = panj
        self._beats = {beat.identity: beat for post in panj.posts for beat in post.beats}
        super().__init__(panj.spec, dt_minutes, panj.seed)

    def sorties(self, half: HalfSection) -> Iterator[Sortie]:
        """Departures of that run, with its names."""
        beat = self._beats[half.name]
        for departure in beat.departures(-half.longest_days, self.spec.days):
            yield Sortie(departure.at, half, departure.key)
        yield Sortie(inf, half)

    def arrivals(self) -> Iterator[Arrival]:
        """Crossings of that run, by time."""
        life = self.spec.sign.life_hours * HOUR
        rules = self.spec.smugglers
        for crossing in sorted(self._panj.log[Crossing], key=lambda c: c.crossed_at):
            draw = self._panj.draws.of(crossing.identity)
            way = draw.uniforms("group", 5)[4] * (rules.inland_most_km - rules.inland_least_km)
            yield Arrival(
                crossing.crossed_at,
                crossing.km,
                crossing.night,
                crossing.exposed_hours * HOUR,
                rules.inland_least_km + way,
                exponential(draw.uniforms("layers", 6)[5], life),
                crossing.identity,
            )
        yield NOBODY

    def notices(self, patrol: Patrol, group: Group, cue: str, leg: str) -> bool:
        """Use the draw of this group and this patrol in that run."""
        draw = self._panj.draws.of(group.name).uniform(f"{cue} {patrol.name} {leg}")
        return draw < self.chance[cue]


def found_by(panj: BorderModel) -> dict[str, Found]:
    """Groups that a run of Panj detected, by name."""
    return {
        c.identity: Found(c.cue, c.detected_at - c.crossed_at)
        for c in panj.log[Crossing]
        if c.cue is not None and c.detected_at is not None
    }
