"""Worksites (mines and road camps): they may be attacked, close on advice, and reopen."""

from collections.abc import Mapping

from sim.agents.encounters import Casualties
from sim.agents.frontier import Frontier, FrontierAgent
from sim.agents.targets import Mode, PlainTarget
from sim.engine.draws import Stream
from sim.frontier.places import WorksitePlace
from sim.incidents.records import Kind, SiteClosure
from sim.scenario.level_effects import drone_cover


class Worksite(FrontierAgent):
    """A worksite: ``operating``, ``hardened`` (operating behind better walls) or ``evacuated``."""

    prepared = True
    attacks: Mapping[Mode, Kind] = {
        "infiltration": "armed_attack_on_workers",
        "drone": "drone_attack_on_workers",
        "fire": "cross_border_fire_on_workers",
    }

    def __init__(self, model: Frontier, identity: str, place: WorksitePlace) -> None:
        super().__init__(model, identity, place.km, place.depth_km)
        self.chinese = place.chinese
        self.headcount = place.headcount
        self.sector = model.sectors[place.district]
        self._hardened = False
        self._gain = 0.0  # share of the remaining hits prevented since it was hardened
        self.closed_until: float | None = None
        self._advisories = 0

    @property
    def state(self) -> str:
        """Operating, hardened or evacuated."""
        if self.closed_until is not None:
            return "evacuated"
        return "hardened" if self._hardened else "operating"

    @property
    def hardening(self) -> float:
        """Share of hits that its walls prevent: the common share, and what it gained itself."""
        common = self.spec.worksites.hardening
        return common + (1.0 - common) * self._gain

    @property
    def open(self) -> bool:
        """Whether people are there."""
        return self.closed_until is None

    def worth(self, foreign_first: bool) -> float:
        """Value of an attack on it to a cell that seeks foreigners, or else the state."""
        strikes = self.spec.strikes
        return strikes.site_value if foreign_first and self.chinese else strikes.other_value

    @property
    def defenders(self) -> int:
        """Guards of the site: its own, and those that its district's level adds."""
        return self.spec.worksites.guards + self.sector.rules.site_guards

    @property
    def exposed(self) -> int:
        """People in the open at an instant."""
        if not self.open:
            return 0
        share = self.spec.strikes.exposed_share * self.sector.rules.exposed
        return round(self.headcount * share)

    @property
    def bystanders(self) -> int:
        """People in the open who do not fight when it is raided: all of them."""
        return self.exposed

    @property
    def counter_drone(self) -> float:
        """Chance that a drone is stopped: by the site's cover, or by its district's watch."""
        return drone_cover(self.spec, self.sector.rules)

    @property
    def parts(self) -> "tuple[tuple[float, Convoy], tuple[float, Worksite]]":
        """Its people on the road with chance ``worksites.road_share``, else the site."""
        on_road = self.spec.worksites.road_share if self.open else 0.0
        return (on_road, Convoy(self)), (1.0 - on_road, self)

    @property
    def lethality(self) -> float:
        """Chance that a hit kills a worker."""
        return self.spec.strikes.lethality_workers

    @property
    def shares(self) -> Mapping[str, float]:
        """Shares of Chinese staff and others."""
        chinese = self.spec.worksites.chinese_staff_share if self.chinese else 0.0
        return {"workers_chinese": chinese, "workers_other": 1.0 - chinese}

    def columns(self, draw: Stream, hurt: Casualties) -> dict[str, int]:
        """Casualties as columns of an incident, by the share of Chinese staff."""
        share = self.shares["workers_chinese"]
        killed = draw.binomial("killed staff", hurt.killed, share)
        wounded = draw.binomial("wounded staff", hurt.wounded, share)
        return {
            "killed_workers_chinese": killed,
            "killed_workers_other": hurt.killed - killed,
            "wounded_workers_chinese": wounded,
            "wounded_workers_other": hurt.wounded - wounded,
        }

    def on_advisory(self) -> None:
        """The embassy urges people to leave; the site complies with some chance."""
        rules, now = self.spec.worksites, self.now
        self._advisories += 1
        if not self.open or not self.draw.chance("comply", rules.p_comply, self._advisories):
            return
        shut = self.draw.exponential("closed", rules.closed_days, self._advisories)
        self.closed_until = now + shut
        self.model.record(
            SiteClosure(self.identity, self.sector.slug, self.headcount, now, self.closed_until)
        )
        self.at(self.closed_until, self.on_reopening)

    def on_reopening(self) -> None:
        """Reopen, perhaps with better walls."""
        rules = self.spec.worksites
        self.closed_until = None
        if not self._hardened and self.draw.chance(
            "harden", rules.p_harden_after, self._advisories
        ):
            self._hardened = True
            self._gain = rules.hardened_gain


class Convoy(PlainTarget):
    """People of a worksite on the road: no walls, no cover of the site, and other guards.

    It replaces its site in one operation, with the same identity, place and kinds of incident.
    """

    attacks = Worksite.attacks

    def __init__(self, site: Worksite) -> None:
        self._site = site
        self.identity, self.km, self.depth = site.identity, site.km, site.depth

    def worth(self, foreign_first: bool) -> float:
        """Value of an attack on its site."""
        return self._site.worth(foreign_first)

    @property
    def defenders(self) -> int:
        """Guards who travel with them."""
        site = self._site
        return site.spec.worksites.escorts + site.sector.rules.escorts

    @property
    def exposed(self) -> int:
        """People on the road: fewer where the level keeps them inside."""
        site = self._site
        together = min(site.spec.worksites.travellers, site.headcount)
        return round(together * site.sector.rules.exposed)

    @property
    def lethality(self) -> float:
        """Chance that a hit kills one of them."""
        return self._site.lethality

    @property
    def shares(self) -> Mapping[str, float]:
        """Shares of Chinese staff and others, as at the site."""
        return self._site.shares

    def columns(self, draw: Stream, hurt: Casualties) -> dict[str, int]:
        """Casualties as columns of an incident, as for its site."""
        return self._site.columns(draw, hurt)
