"""Border posts: they watch the line and send out patrols."""

from collections.abc import Mapping

from sim.agents.beats import Beat, Stretch
from sim.agents.encounters import Casualties
from sim.agents.frontier import Frontier, FrontierAgent
from sim.agents.sectors import Sector
from sim.agents.targets import Mode, PlainTarget
from sim.engine.draws import Stream
from sim.incidents.records import Kind
from sim.scenario.level_effects import garrison
from sim.scenario.spec import Scenario
from sim.theory.walking import tobler_km_h


class BorderPost(PlainTarget, FrontierAgent):
    """A post and its section of the line, from ``west_km`` to ``east_km``."""

    prepared = True
    bystanders = 0
    shares: Mapping[str, float] = {"guards": 1.0}
    attacks: Mapping[Mode, Kind] = {
        "infiltration": "infiltration_then_post_attack",
        "fire": "cross_border_fire",
    }

    def __init__(
        self,
        model: Frontier,
        identity: str,
        km: float,
        west_km: float,
        east_km: float,
        sector: Sector,
    ) -> None:
        super().__init__(model, identity, km)
        self.west_km, self.east_km = west_km, east_km
        self.sector = sector
        self.beats: tuple[Beat, Beat] = self._beats()

    def _stretches(self) -> tuple[Stretch, Stretch]:
        """Its two half sections, west and east, as patrols walk them (Tobler 1993)."""
        rules, slope = self.spec.patrols, self.model.ground.mean_slope(self.west_km, self.east_km)
        walk = 24.0 * rules.off_path_factor * tobler_km_h(slope)
        night = walk * rules.night_speed_factor
        return tuple(  # type: ignore[return-value]
            Stretch(self.km, end - self.km, self.sector.index, walk, night)
            for end in (self.west_km, self.east_km)
        )

    def _beats(self) -> tuple[Beat, Beat]:
        model, rules = self.model, self.spec.patrols
        return tuple(  # type: ignore[return-value]
            Beat(
                model.draws,
                f"{self.identity}/{side}",
                stretch,
                rules,
                self.sector.sorties,
                model.calendar,
            )
            for side, stretch in zip(("west", "east"), self._stretches(), strict=True)
        )

    def adopt(self, before: Scenario) -> None:
        """Apply the new rules to sorties that leave from now on."""
        for beat, stretch in zip(self.beats, self._stretches(), strict=True):
            beat.adopt(self.now, self.spec.patrols, stretch, self.model.calendar)

    def worth(self, foreign_first: bool) -> float:
        """Value of an attack on it to a cell that seeks foreigners, or else the state."""
        strikes = self.spec.strikes
        return strikes.other_value if foreign_first else strikes.post_value

    @property
    def defenders(self) -> int:
        """Guards able to fight when the post is raided."""
        return garrison(self.spec, self.sector.slug, self.sector.rules)

    @property
    def exposed(self) -> int:
        """Guards in the open at an instant."""
        return self.spec.strikes.guards_exposed

    @property
    def lethality(self) -> float:
        """Chance that a hit kills a guard."""
        return self.spec.clash.lethality_guards

    def columns(self, draw: Stream, hurt: Casualties) -> dict[str, int]:
        """Casualties as columns of an incident."""
        return {"killed_guards": hurt.killed, "wounded_guards": hurt.wounded}

    def beat_at(self, km: float) -> Beat:
        """The half section that holds chainage ``km``."""
        return self.beats[0] if km < self.km else self.beats[1]

    def watches(self, km: float, night: bool) -> bool:
        """Whether ``km`` is within the range of the fixed watch."""
        posts = self.spec.posts
        reach = posts.watch_range_night_km if night else posts.watch_range_day_km
        return abs(km - self.km) < reach
