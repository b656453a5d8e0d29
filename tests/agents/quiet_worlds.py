"""Worlds for the tests of the agents: nothing happens in them but what a test puts in."""

from collections.abc import Mapping, Sequence
from math import sqrt

from sim.agents.cells import MilitantCell
from sim.agents.passage import Passage
from sim.engine.path import Path, Waypoint
from sim.incidents.records import Actor
from sim.model import BorderModel
from sim.scenario.spec import Scenario
from sim.scenario.values import with_overrides
from sim.verify.scenarios import PATROLS_ALONE, PLAIN

LIMIT = 4.0
"""Largest |z| that passes."""

QUIET = with_overrides(
    Scenario(),
    {
        **PLAIN,
        **PATROLS_ALONE,
        "patrols.sorties_per_day": 0.0,
        "patrols.night_speed_factor": 1.0,
        "sign.life_hours": 0.0,
        "communications.p_lost": 0.0,
        "communications.p_late": 0.0,
        "alert.level": "routine",
        "readiness.effect_on_sighting": 0.0,
        "readiness.effect_on_mobilisation": 0.0,
        "exposure.river_effect": 0.0,
        "exposure.night_factor": 1.0,
        "smugglers.loads_per_year": 0.0,
        "clash.break_off_raiders": 1.0,
        "host_state.control": 0.0,
        "diplomacy.demarche_deaths": 0,
    },
)
"""Nobody crosses, nobody looks, nobody tires; years and fights are alike, nobody pursues or is
surrounded, and no plan is left."""

ONE_DISTRICT: dict[str, object] = {
    f"cells.district_weights.{slug}": 0.0
    for slug in ("hamadoni", "shamsiddin_shohin", "vanj", "shughnon", "ishkoshim")
}
ONE_CELL: dict[str, object] = {
    **ONE_DISTRICT,
    "cells.count": 1,
    "cells.anti_foreign_share": 0.0,
    "cells.preparation_days": 0.0,
    "cells.regroup_days": 0.0,
    "cells.branching": 0.0,
    "cells.strength": 500,
    "cells.recruits_per_year": 500.0,
}
"""One cell that acts as soon as it plans and is always up to strength."""
CROSS_ONLY: dict[str, object] = {"cells.modes_off": ["fire", "drone"]}

OPEN_TERRAIN = {
    f"patrols.range_factor.{name}": 1.0
    for name in ("lowland", "foothill", "gorge", "high_valley", "alpine")
}


def exposed_for(hours: float) -> dict[str, object]:
    """Overrides that make every crossing last ``hours`` in the open, wherever and whenever."""
    names = ("lowland", "foothill", "gorge", "high_valley", "alpine")
    return {
        **{f"exposure.hours.{name}": hours for name in names},
        "exposure.shortest_hours": 0.0,
        "exposure.longest_hours": 240.0,
    }


def scenario(changes: Mapping[str, object] | None = None) -> Scenario:
    """The quiet scenario with changes."""
    return with_overrides(QUIET, changes or {})


def world(changes: Mapping[str, object] | None = None, seed: int = 1) -> BorderModel:
    """A model of the quiet scenario with changes."""
    return BorderModel(scenario(changes), seed)


class Walker:
    """Somebody who crosses, and of whom nothing is noted but by whom they were met."""

    actor: Actor = "smugglers"
    size = 4
    armed = False
    load_kg = 40.0

    def __init__(self, model: BorderModel, identity: str, km: float) -> None:
        self.model = model
        self.identity = identity
        self.draw = model.draws.of(identity)
        self.km = km
        self.passage: Passage
        self.seen_at: float | None = None
        self.seen_by = 0
        self.met_at: float | None = None
        self.met_by = 0

    @property
    def path(self) -> Path:
        """They stand where they crossed."""
        return Path(Waypoint(0.0, self.km, 0.0))

    def position(self, t: float | None = None) -> tuple[float, float]:
        """Where they crossed."""
        return self.km, 0.0

    def on_seen(self, guards: int) -> None:
        """Seen in the open: that is the end."""
        self.seen_at, self.seen_by = self.model.time, guards
        self.passage.end("load_left")

    def on_contact(self, guards: int) -> None:
        """Met by a team: that is the end."""
        self.met_at, self.met_by = self.model.time, guards
        self.passage.end("surrendered")


def cross(model: BorderModel, identity: str, km: float, inside_days: float = 1.0) -> Walker:
    """Somebody crosses at ``km`` now."""
    walker = Walker(model, identity, km)
    walker.passage = Passage(model, walker, identity, walker.draw, km, inside_days)
    walker.passage.start()
    return walker


def cross_at(
    model: BorderModel, times: Sequence[float], km: float, inside_days: float = 1.0
) -> list[Walker]:
    """Somebody crosses at each of ``times``; the list fills as the model runs."""
    walkers: list[Walker] = []

    def go(n: int) -> None:
        walkers.append(cross(model, f"walker/{n}", km, inside_days))

    for n, at in enumerate(times):
        model.agenda.at(at, go, n, key=f"walker/{n}")
    return walkers


def z_share(hits: int, n: int, p: float) -> float:
    """How many standard errors a share lies above ``p``."""
    return (hits / n - p) / sqrt(p * (1.0 - p) / n)


def z_count(events: float, mean: float, variance_to_mean: float = 1.0) -> float:
    """How many standard deviations a count lies above its mean (Poisson unless said)."""
    return (events - mean) / sqrt(mean * variance_to_mean)


def z_mean(values: Sequence[float], mean: float) -> float:
    """How many standard errors the average of ``values`` lies above ``mean``."""
    n = len(values)
    average = sum(values) / n
    variance = sum((value - average) ** 2 for value in values) / (n - 1)
    return (average - mean) / sqrt(variance / n)


def assert_share(share: float, p: float, n: int) -> None:
    """|z| < 4, with power: a theory 10 % off is refused."""
    assert abs(z_share(round(share * n), n, p)) < LIMIT
    assert abs(z_share(round(share * n), n, 0.9 * p)) > LIMIT


def only_cell(model: BorderModel) -> MilitantCell:
    """The cell of a model with one."""
    (cell,) = model.cells
    return cell
