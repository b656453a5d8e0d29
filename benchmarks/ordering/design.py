"""The cells of the experiment and their scenarios, which differ in one lever within a cell.

The laboratory keeps what the question is about: patrols, smugglers, and what each learns of the
other. Everything else that detects a crossing, tires guards or leads to an incident is off, and
each group that a patrol sees ends in a clash that guards win, so command hears of every stop. The
whole model is the baseline with nothing switched off.
"""

from collections.abc import Mapping
from itertools import product
from typing import Final, NamedTuple

from sim.frontier.ground import Ground
from sim.scenario.load import load
from sim.scenario.spec import Scenario
from sim.scenario.values import with_overrides
from sim.verify.scenarios import IGNORED_PATROLS, PATROLS_ALONE

LAND = Ground.default()

Settings = dict[str, object]

SHARES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Share of all sorties sent by pattern analysis; the rest is spread by plan, at random hours."""

WHOLE: Final = "whole model"

LABORATORY: Final[Settings] = {
    **PATROLS_ALONE,
    **IGNORED_PATROLS,  # but for the place that they choose, below
    # patrols are all that notices anything, and all that command hears of
    "sign.life_hours": 0.0,
    "diplomacy.demarche_deaths": 0,
    # every group seen is stopped in a clash, and clashes count alike
    "patrols.p_sight": 0.9,
    "smugglers.p_armed": 1.0,
    "contact.p_turn_back": 0.0,
    "contact.p_fight_armed": 1.0,
    "clash.smuggler_rate": 0.0,
    "alert.death_weight": 0.0,
    # constant in space and time
    "alert.policy": "fixed",
    "alert.level": "routine",
    "readiness.effect_on_sighting": 0.0,
    "exposure.river_effect": 0.0,
    "exposure.night_factor": 1.0,
    "smugglers.season_effect": 0.0,
    "host_state.control": 0.0,
    # as free to follow the incidents as the bounds allow
    "patrols.hot_spot_ceiling": 10.0,
}

CONTRAST: Final = (1.0, 2.0, 6.0)
"""Relative flow per km of three districts in a row; then it repeats."""


def _border(districts: int) -> Settings:
    """Posts and flow only in the westernmost districts, with the same contrast."""
    used, unused = LAND.districts[:districts], LAND.districts[districts:]
    weights = {d.slug: d.length_km * CONTRAST[d.index % len(CONTRAST)] / 10.0 for d in used}
    return {
        **{f"smugglers.district_weights.{slug}": weight for slug, weight in weights.items()},
        **{f"smugglers.district_weights.{d.slug}": 0.0 for d in unused},
        **{f"posts.density.{d.slug}": 0.0 for d in unused},
    }


BORDERS: Final[Mapping[str, Settings]] = {
    "3 districts": _border(3),
    "6 districts": _border(6),
    "13 districts": _border(13),
    "13, real flow": {},
}
"""The length of the border; on the last the flow is the baseline's, most of it in the west."""

ADAPTIVITY: Final[Mapping[str, Settings]] = {
    "none": {"smugglers.displacement": 0.0},
    "some": {"smugglers.displacement": 0.4},
    "full": {
        "smugglers.displacement": 1.0,
        "smugglers.reach_km": 200.0,
        "smugglers.distance_weight": 0.0,
    },
}
"""The share of groups that choose their place by what they hear; ``some`` is the baseline."""

LOADS: Final = (250.0, 1000.0)
"""Loads a year."""
SORTIES: Final = (2.0, 8.0)
"""Sorties a day of each post."""


class Cell(NamedTuple):
    """One combination of factors, in which all shares are tried."""

    border: str
    adaptivity: str
    loads: float
    sorties: float

    @property
    def guarded(self) -> int:
        """How many districts have posts, from the west."""
        return (
            int(self.border.split()[0].rstrip(",")) if self.border != WHOLE else len(LAND.districts)
        )

    def scenario(self, share: float) -> Scenario:
        """The scenario with ``share`` of the sorties sent by pattern analysis."""
        where = self.border.replace(",", "").replace(" ", "-")
        return _named(
            f"{where}_{self.adaptivity}_{self.loads:.0f}_{self.sorties:.0f}_{100 * share:.0f}",
            {
                **({} if self.border == WHOLE else {**LABORATORY, **BORDERS[self.border]}),
                **ADAPTIVITY[self.adaptivity],
                "smugglers.loads_per_year": self.loads,
                "patrols.sorties_per_day": self.sorties,
                "patrols.schedule": "random",
                "patrols.hot_spot_share": share,
            },
        )


def _named(name: str, settings: Settings) -> Scenario:
    return with_overrides(load("baseline"), {**settings, "name": name})


def cells() -> list[Cell]:
    """All cells: the full factorial design of the laboratory, then the whole model's."""
    laboratory = [Cell(*levels) for levels in product(BORDERS, ADAPTIVITY, LOADS, SORTIES)]
    shipped = load("baseline")
    flow, sorties = shipped.smugglers.loads_per_year, shipped.patrols.sorties_per_day
    return laboratory + [Cell(WHOLE, adaptivity, flow, sorties) for adaptivity in ADAPTIVITY]
