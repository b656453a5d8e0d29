"""Write a log in plain lines, in order of time, for the stories of the tests."""

from sim.incidents.records import (
    SIDES,
    Alarm,
    AlertChange,
    Crossing,
    DiplomaticAct,
    Incident,
    Plan,
    SiteClosure,
)
from sim.model import BorderModel


def clock(t: float) -> str:
    """Day and time of day, to the minute: ``2 05:30`` is half past five of the third day."""
    minutes = round(t * 1440.0)
    return f"{minutes // 1440} {minutes // 60 % 24:02d}:{minutes % 60:02d}"


def story(model: BorderModel) -> list[str]:
    """Every record of a run (but the levels at the start), by its time."""
    log = model.log
    lines: list[tuple[float, str]] = []
    for crossing in log[Crossing]:
        lines += _crossing(crossing)
    for incident in log[Incident]:
        lines.append((incident.at, f"{incident.kind}{_toll(incident)}"))
        if incident.reported_at is not None:
            lines.append((incident.reported_at, f"reported: {incident.kind}"))
    for alarm in log[Alarm]:
        lines += _alarm(alarm)
    for plan in log[Plan]:
        lines.append((plan.at, f"{plan.cell} plans {plan.mode} against {plan.target}"))
    for change in log[AlertChange]:
        if change.cause != "start":
            lines.append((change.at, f"{change.district}: {change.level} ({change.cause})"))
    for closure in log[SiteClosure]:
        lines.append((closure.closed_at, f"{closure.site} closes, {closure.headcount} leave"))
        lines.append((closure.reopens_at, f"{closure.site} reopens"))
    for act in log[DiplomaticAct]:
        lines.append((act.at, f"{act.act}: {act.result}"))
    ordered = sorted(lines, key=lambda line: line[0])
    return [f"{clock(t)} {text}" for t, text in ordered if t <= model.spec.days]


def _crossing(c: Crossing) -> list[tuple[float, str]]:
    light = "by night" if c.night else "by day"
    lines = [(c.crossed_at, f"{c.size} {c.actor} cross in {c.district} {light}")]
    if c.detected_at is not None:
        lines.append((c.detected_at, f"known by {c.cue}"))
    if c.contact_at is not None:
        lines.append((c.contact_at, "contact"))
    lines.append((c.ended_at, f"over: {c.ending}"))
    return lines


def _toll(incident: Incident) -> str:
    counts = {
        f"{side.replace('_', ' ')} {what}": getattr(incident, f"{what}_{side}")
        for side in SIDES
        for what in ("killed", "wounded")
    } | {
        "detained": incident.detained,
        "escaped": incident.escaped,
        "kg seized": round(incident.seized_kg),
        "arms seized": incident.seized_arms,
    }
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return f": {told}" if told else ""


def _alarm(a: Alarm) -> list[tuple[float, str]]:
    lines = [(a.at, f"alarm ({a.cue}) in {a.district}: {a.fate}")]
    if a.heard_at is not None and a.heard_at > a.at:
        lines.append((a.heard_at, "alarm heard"))
    if a.arrived_at is not None:
        lines.append((a.arrived_at, f"{a.team} arrives"))
    if a.released_at is not None:
        lines.append((a.released_at, f"{a.team} goes home"))
    return lines
