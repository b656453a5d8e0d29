"""Conditions around a group at an instant: the level and its history, patrols, guards, teams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.agents.passage import Passage
from sim.agents.sectors import Sector
from sim.agents.targets import Target
from sim.agents.teams import road_speed
from sim.comparison.terms import an
from sim.explore.incident.story import Cause, moment
from sim.incidents.kinds import INCIDENTS
from sim.incidents.records import AlertChange, Incident, SiteClosure
from sim.rules.alert import LEVELS

if TYPE_CHECKING:
    from sim.model import BorderModel


GROUPS: Final = "groups a year at the rate of that day"
PLANS: Final = "plans a year at the rate of that day"
CONTROL: Final = "control of the far bank"
"""These decide whether a group or a plan comes at all."""
PATROLS: Final = "patrols a day from each post"
READINESS: Final = "readiness of the guards"
TRUST: Final = "trust of the villages"


def conditions_at(model: BorderModel, sector: Sector, at: float, *wanted: str) -> tuple[Cause, ...]:
    """The level of a district, and its patrols, readiness and trust, or those in ``wanted``."""
    known = {
        PATROLS: f"{sector.sorties.current:.3g}",
        READINESS: f"{sector.readiness(at):.2f}",
        TRUST: f"{sector.trust(at):.2f}",
    }
    return (
        level(model, sector),
        *(Cause(name, v) for name, v in known.items() if name in (wanted or known)),
    )


def level(model: BorderModel, sector: Sector) -> Cause:
    """The level of a district, and how it was set."""
    changes = [c for c in model.log[AlertChange] if c.district == sector.slug]
    since = "" if len(changes) < 2 else _explain(model, changes[-1])
    return Cause("level", LEVELS[int(sector.level.current)], since=since)


def _explain(model: BorderModel, change: AlertChange) -> str:
    """``raised on 3 Nov 02:14 after an attack on a post in Darvoz``."""
    when = moment(model.spec.start, change.at)
    if change.cause == "incident":
        behind = next((i for i in reversed(model.log[Incident]) if i.at == change.at), None)
        if behind is not None:
            after = with_article(INCIDENTS[behind.kind].label)
            return f"raised {when} after {after} in {model.ground.name_of(behind.district)}"
    words = {
        "incident": "raised {} after an incident",
        "warning": "raised {} after a warning",
        "stepped down": "stepped down {}",
        "lever": "set by order {}",
    }
    return words.get(change.cause, "set {} by the calendar").format(when)


def with_article(label: str) -> str:
    """Words with an article, unless they are in the plural."""
    if label.split()[0] in ("smugglers", "militants", "fire"):
        return label
    return an(label)


def at_target(model: BorderModel, target: Target) -> tuple[Cause, ...]:
    """The level of the district of a target, its guards, and the people in the open there."""
    found = [
        Cause("guards there", str(target.defenders)),
        Cause("people in the open there", str(target.exposed)),
        Cause("hits that its walls spare", f"{target.hardening:.2f}"),
        Cause("chance that its cover stops a drone", f"{target.counter_drone:.2f}"),
    ]
    if not target.open:
        closed = [c for c in model.log[SiteClosure] if c.site == target.identity]
        since = f"since {moment(model.spec.start, closed[-1].closed_at)}" if closed else ""
        found.append(Cause("site", "evacuated", since=since))
    return (level(model, model.sector_at(target.km)), *found)


def teams_near(model: BorderModel, passage: Passage) -> tuple[Cause, ...]:
    """The response teams that could come to a crossing now, and how fast they turn out."""
    km = passage.km
    farthest = model.spec.teams.reach_hours * road_speed(model.spec, km, night=False)
    near = [team for team in model.dispatch.teams if abs(team.km - km) <= farthest]
    free = [abs(team.km - km) for team in near if team.free]
    nearest = min(free, default=None)
    speed = road_speed(model.spec, km, night=False)
    return (
        level(model, passage.sector),
        Cause("response teams free within reach", f"{len(free)} of {len(near)}"),
        Cause(
            "the nearest of them by road",
            "none" if nearest is None else f"{nearest / speed:.1f} h away",
        ),
        Cause(
            "time to turn out, against routine",
            f"{passage.sector.mobilisation_factor(model.now):.2f}",
        ),
    )
