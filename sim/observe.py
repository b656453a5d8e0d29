"""The state of a model at an instant as numbers; and one incident with everything around it.

Reading changes nothing: positions and passes are functions of time.
"""

from typing import TYPE_CHECKING

from sim.frontier.season import HOUR
from sim.incidents.anatomy import Anatomy, Mark
from sim.incidents.kinds import ACTORS, CUES, INCIDENTS
from sim.incidents.records import Alarm, Incident, Track

if TYPE_CHECKING:
    from sim.model import BorderModel


def stocks(model: "BorderModel") -> dict[str, float | int]:
    """The state at the present instant: for a daily series, a live view, a test.

    Keys: ``day``; ``groups_inside`` and ``parties_inside`` (crossings under way without and with
    intent to attack); ``teams_free``; ``sites_open``; ``alert`` (mean level, 0 routine to 3
    emergency); ``readiness`` (mean); ``control`` (mean of the host state's control);
    ``incidents`` so far.
    """
    now = model.agenda.now
    attacking = [ACTORS[p.intruders.actor].attacks for p in model.passages.values() if p.inside]
    districts = len(model.sectors)
    return {
        "day": now,
        "groups_inside": attacking.count(False),
        "parties_inside": attacking.count(True),
        "teams_free": sum(team.free for team in model.dispatch.teams),
        "sites_open": sum(site.open for site in model.worksites),
        "alert": sum(sector.level.current for sector in model.sectors) / districts,
        "readiness": sum(sector.readiness(now) for sector in model.sectors) / districts,
        "control": sum(model.host_state.control(d, now) for d in range(districts)) / districts,
        "incidents": len(model.log[Incident]),
    }


def anatomy(model: "BorderModel", incident: Incident) -> Anatomy:
    """An incident of this run with the patrols, posts, team and nights around it."""
    alarms = [
        alarm
        for alarm in model.log[Alarm]
        if alarm.identity.rpartition("/")[0] == incident.identity.rpartition("/")[0]
        and alarm.at <= incident.at
    ]
    alarm = alarms[-1] if alarms else None
    path = next((t.waypoints for t in model.log[Track] if t.identity == incident.identity), ())
    marks = _marks(incident, alarm, path)
    span = incident.at - marks[0].t
    t0 = marks[0].t - max(0.15 * span, 2.0 * HOUR)
    t1 = incident.at + max(0.12 * span, 2.0 * HOUR)
    kms = [mark.km for mark in marks]
    low, high = min(kms) - 12.0, max(kms) + 12.0
    name = model.ground.place_name
    posts = [post for post in model.posts if post.east_km >= low and post.west_km <= high]
    district = model.ground.district_at(incident.km)
    return Anatomy(
        title=f"{model.spec.title or model.spec.name}, seed {model.draws.seed}",
        incident=incident,
        t0=t0,
        t1=t1,
        start=model.spec.start,
        ground=model.ground,
        posts=tuple((name(post.identity), post.km) for post in posts),
        sorties=tuple(
            (name(post.identity), tuple((w.at, w.km) for w in line))
            for post in posts
            for beat in post.beats
            for line in beat.world_lines(t0, t1)
        ),
        sight_range_km=_sight_range(model, incident, district),
        path=path,
        team=_team_way(incident, alarm),
        marks=tuple(marks),
        nights=tuple(model.calendar.nights(t0, t1, district)),
    )


def _marks(
    incident: Incident, alarm: Alarm | None, path: tuple[tuple[float, float, float], ...]
) -> list[Mark]:
    """The events of the incident, in order of time."""
    marks: list[Mark] = []
    km, depth = incident.km, incident.depth
    line_km = path[0][1] if path else km
    if incident.crossed_at is not None:
        marks.append(Mark(incident.crossed_at, line_km, 0.0, "crossed", "crossed"))
    cue = None if incident.cue is None else CUES[incident.cue]
    if incident.detected_at is not None and cue is not None and cue.clause:
        marks.append(Mark(incident.detected_at, line_km, 0.0, cue.phrase, cue.mark))
    if alarm is not None and alarm.left_at is not None and alarm.base_km is not None:
        if incident.alarm_at is not None and incident.alarm_at != incident.detected_at:
            marks.append(Mark(incident.alarm_at, line_km, 0.0, "alarm", "alarm"))
        if alarm.left_at <= incident.at:
            marks.append(Mark(alarm.left_at, alarm.base_km, 0.0, "team leaves", "team_leaves"))
        if alarm.arrived_at is not None and alarm.arrived_at <= incident.at:
            marks.append(Mark(alarm.arrived_at, alarm.km, 0.0, "team arrives", "team_arrives"))
    if incident.contact_at == incident.at:
        marks.append(Mark(incident.at, km, depth, "contact", "contact"))
    elif incident.is_attack:
        words = INCIDENTS[incident.kind].blow or "attack"
        marks.append(Mark(incident.at, km, depth, words, "strike"))
    else:
        marks.append(Mark(incident.at, km, depth, "ran back", "end"))
    return sorted(marks)


def _team_way(incident: Incident, alarm: Alarm | None) -> tuple[tuple[float, float], ...]:
    """The team's way from its base to the contact."""
    if alarm is None or alarm.left_at is None or alarm.base_km is None:
        return ()
    if alarm.arrived_at is None or alarm.arrived_at > incident.at:
        return ()
    return (
        (alarm.left_at, alarm.base_km),
        (alarm.arrived_at, alarm.km),
        (incident.at, incident.km),
    )


def _sight_range(model: "BorderModel", incident: Incident, district: int) -> float:
    """How far a patrol could see there at the time of the crossing or strike, km."""
    patrols = model.spec.patrols
    at = incident.at if incident.crossed_at is None else incident.crossed_at
    night = model.calendar.is_night(district, at)
    reach = patrols.sight_range_night_km if night else patrols.sight_range_day_km
    mask: float = getattr(patrols.range_factor, model.ground.terrain_at(incident.km))
    return reach * mask
