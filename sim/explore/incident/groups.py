"""Follows a group of smugglers: whether and why it came to the line, until it crosses."""

from __future__ import annotations

from copy import deepcopy

from sim.agents.smugglers import SmugglingGroup
from sim.agents.traffic import Traffic
from sim.explore.incident.conditions import CONTROL, GROUPS, PATROLS, conditions_at
from sim.explore.incident.observer import Observer
from sim.explore.incident.story import Cause, Step, span
from sim.frontier.season import HOUR


def follow_group(observer: Observer) -> None:
    """Follow a group of smugglers from the instant at which it may set out until it crosses."""
    model, origin = observer.model, observer.origin
    _, slug, key = origin.split("/")
    source = next(
        (s for s in model.sources if isinstance(s, Traffic) and s.district.slug == slug), None
    )
    point = None if source is None else source.arrivals.point(key)
    if source is None or point is None or point.at >= model.spec.days:
        return
    due = source.instant(point)
    observer.reach(due)
    now, sector = model.now, model.sectors[source.district.index]
    control = model.host_state.control(sector.index, now)
    rate = source.rate(int(point.at), control)
    flow = Cause(GROUPS, f"{365 * rate:.0f}"), Cause(CONTROL, f"{control:.2f}")
    if point.mark >= rate:
        words = "no group came: fewer set out at that time"
        observer.steps.append(Step("comes", due, words, "no", causes=flow))
        return
    district = source.district
    group = SmugglingGroup(deepcopy(model), origin, district)
    willing, luck = group.willingness(), group.draw.uniform("dares")
    first = district.km_from + group.draw.uniforms("group", 8)[0] * district.length_km
    reach = model.spec.smugglers.reach_km
    nearby = [
        model.rumours.risk(now, min(max(first + share * reach, 0.0), model.ground.length_km))
        for share in (-1.0, -0.5, 0.5, 1.0)
    ]
    causes = (
        *flow,
        Cause("risk by hearsay where it first came", f"{model.rumours.risk(now, first):.2f}"),
        Cause("highest risk by hearsay near by", f"{max(nearby):.2f}"),
        *conditions_at(model, model.sector_at(group.km), now, PATROLS),
    )  # fmt: skip
    sure = willing >= 1.0
    daring = sure or luck < willing
    place = model.ground.name_of(model.sector_at(group.km).slug)
    words = f"{group.size} smugglers came to the line in {place}"
    words = words if daring else "a group set out and stayed away from the line"
    observer.steps.append(
        Step("comes", due, words, f"{daring} {group.km:.3f}", causes=causes,
             chance=None if sure else willing, luck=None if sure else luck)
    )  # fmt: skip
    longest = model.spec.smugglers.longest_wait_hours * HOUR + 1.0 / 1440
    observer.follow(lambda: observer.passage is not None or model.now > due + longest)
    if observer.passage is not None and (waited := observer.passage.crossed_at - due) > 0.5 / 1440:
        words = f"the group waited {span(waited)} across the line, for a gap between patrols"
        observer.steps.insert(1, Step("waits", due, words, "waited"))
