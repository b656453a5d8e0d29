"""Mines and road camps: they work, are attacked, close on advice, and open again."""

from collections.abc import Mapping

from sim.agents.encounters import Casualties
from sim.agents.frontier import Frontier, FrontierAgent
from sim.agents.targets import Mode
from sim.engine.draws import Stream
from sim.frontier.places import WorksitePlace
from sim.incidents.records import Kind, SiteClosure


class Worksite(FrontierAgent):
    """A worksite: ``operating``, ``hardened`` (operating behind better walls) or ``evacuated``."""

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
        self._gain = 0.0  # share of the remaining hits spared since it was attacked
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
        """Share of hits that its walls spare: those of all sites, and what it gained itself."""
        common = self.spec.worksites.hardening
        return common + (1.0 - common) * self._gain

    @property
    def open(self) -> bool:
        """Whether people are there."""
        return self.closed_until is None

    def worth(self, foreign_first: bool) -> float:
        """What an attack on it is worth to a cell, one that seeks foreigners or the state."""
        strikes = self.spec.strikes
        return strikes.site_value if foreign_first and self.chinese else strikes.other_value

    @property
    def defenders(self) -> int:
        """Guards of the site."""
        return self.spec.worksites.guards

    @property
    def exposed(self) -> int:
        """People in the open at an instant."""
        if not self.open:
            return 0
        return round(self.headcount * self.spec.strikes.exposed_share)

    @property
    def bystanders(self) -> int:
        """People in the open who do not fight when it is raided: all of them."""
        return self.exposed

    @property
    def lethality(self) -> float:
        """Chance that a hit kills a worker."""
        return self.spec.strikes.lethality_workers

    def columns(self, draw: Stream, hurt: Casualties) -> dict[str, int]:
        """Casualties as columns of an incident, by the share of Chinese staff."""
        share = self.spec.worksites.chinese_staff_share if self.chinese else 0.0
        killed = draw.binomial("killed staff", hurt.killed, share)
        wounded = draw.binomial("wounded staff", hurt.wounded, share)
        return {
            "killed_workers_chinese": killed,
            "killed_workers_other": hurt.killed - killed,
            "wounded_workers_chinese": wounded,
            "wounded_workers_other": hurt.wounded - wounded,
        }

    def on_advisory(self) -> None:
        """The embassy urges people to leave; the site follows with some chance."""
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
        """Work again, perhaps behind better walls."""
        rules = self.spec.worksites
        self.closed_until = None
        if not self._hardened and self.draw.chance(
            "harden", rules.p_harden_after, self._advisories
        ):
            self._hardened = True
            self._gain = rules.hardened_gain
