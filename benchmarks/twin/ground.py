"""The ground of the twin: half sections, walking speeds on them, and the agents there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.frontier.ground import Ground
from sim.frontier.places import PostSite, post_sites
from sim.theory.walking import tobler_km_h

LAND = Ground.default()

if TYPE_CHECKING:
    from benchmarks.twin.agents import Group, Patrol, Sign
    from sim.scenario.spec import Scenario

Leg = tuple[str, float]
"""Out or back, and how far a patrol has walked when it is at the place."""


class HalfSection:
    """A half section, from a post to one end: speeds in km/day, groups in the open, sign.

    ``per_day`` is the number of sorties a day; ``way_km`` is the way out and back.
    """

    def __init__(self, spec: Scenario, site: PostSite, name: str, end_km: float) -> None:
        self.name = name
        self.district = site.district
        self.km = site.km
        self.length_km = abs(end_km - site.km)
        self.way_km = 2.0 * self.length_km
        slope = LAND.mean_slope(site.west_km, site.east_km)
        self.day_speed = 24.0 * spec.patrols.off_path_factor * tobler_km_h(slope)
        self.night_speed = self.day_speed * spec.patrols.night_speed_factor
        self.per_day = 0.5 * sorties_per_day(spec, site.district)
        self.patrols: list[Patrol] = []
        self.open: list[Group] = []
        self.signs: list[Sign] = []

    @property
    def longest_days(self) -> float:
        """Days of the slowest sortie."""
        return self.way_km / min(self.day_speed, self.night_speed)

    def legs(self, km: float) -> tuple[Leg, Leg]:
        """The two legs on which a patrol passes chainage ``km``."""
        out = min(abs(km - self.km), self.length_km)
        return ("out", out), ("back", self.way_km - out)


class Section(NamedTuple):
    """A post's half sections, west and east of ``km``, as far as ``east_km``."""

    km: float
    east_km: float
    west: HalfSection
    east: HalfSection


def sorties_per_day(spec: Scenario, district: int) -> float:
    """Sorties a day of a post at the scenario's alert level."""
    slug = LAND.districts[district].slug
    level = getattr(spec.alert.levels, spec.alert.level)
    return float(
        spec.patrols.sorties_per_day * spec.patrols.emphasis.get(slug, 1.0) * level.sorties
    )


def sections(spec: Scenario) -> list[Section]:
    """All sections from west to east."""
    found = []
    for site in post_sites(spec):
        name = f"{LAND.districts[site.district].slug}/{site.number}"
        west = HalfSection(spec, site, f"post/{name}/west", site.west_km)
        east = HalfSection(spec, site, f"post/{name}/east", site.east_km)
        found.append(Section(site.km, site.east_km, west, east))
    return found


def reach_km(spec: Scenario, km: float, night: bool) -> float:
    """How far a patrol sees somebody in the open at ``km``."""
    rules = spec.patrols
    reach = rules.sight_range_night_km if night else rules.sight_range_day_km
    return float(reach * getattr(rules.range_factor, LAND.terrain_at(km)))
