"""One agent at one time, in words: what it is, what it does, where.

The time may lie in the past, so everything is read from what keeps its history: the story's
tracks and rows, the steps of levels and sorties, the patrols' schedules.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from sim.agents.sectors import LEVELS
from sim.engine.path import Path, Waypoint
from sim.errors import PanjError
from sim.frontier.line import DISTRICTS, district_at
from sim.incidents.kinds import ACTORS, CUES, ENDINGS
from sim.viewer.ground import name_of
from sim.viewer.rows import Row, Track

if TYPE_CHECKING:
    from sim.agents.posts import BorderPost
    from sim.agents.sectors import Sector
    from sim.viewer.story import Story


class Facts(NamedTuple):
    """A title and ``(label, text)`` pairs."""

    title: str
    rows: list[tuple[str, str]]


def facts(story: "Story", identity: str, t: float) -> Facts:
    """What is to be said of an agent at ``t``; ``identity`` as in the ground or of a track.

    Raises :class:`~sim.errors.PanjError` if nobody of that identity has been seen by then.
    """
    track = story.tracks.get(identity)
    if track is not None and track["points"][0][0] <= t:
        return _of_team(track, t) if track["kind"] == "team" else _of_crossing(story, track, t)
    kind = identity.partition("/")[0]
    ways = {
        "post": _post, "district": _district, "village": _village, "site": _site,
        "team": _team, "cell": _cell,
    }  # fmt: skip
    found = ways[kind](story, identity, t) if kind in ways else None
    if found is None:
        raise PanjError("nobody of that name is here at this time", key="id", value=identity)
    return found


# -- those who move ---------------------------------------------------------------------------


def _of_crossing(story: "Story", track: Track, t: float) -> Facts:
    """A group on its way; nothing is told before it happened."""
    size, (began, km, _) = track["size"], track["points"][0]
    over = _by(track["ended"], t)
    rows = [
        ("where", _where(*_at(track, t))),
        ("state", ENDINGS[track["end"] or "open"].words if over else "under way"),
        ("crossed", f"{_clock(story, began)} at km {km:.0f}"),
    ]
    seen, met = track["seen"], track["met"]
    if seen is not None and seen <= t:
        rows.append(("known", f"by {CUES[track['cue'] or 'attack'].label}, {_clock(story, seen)}"))
    else:
        rows.append(("known", "to nobody"))
    if met is not None and met <= t:
        rows.append(("met by guards", _clock(story, met)))
    if track["load"] > 0.0:
        rows.append(("load", f"{track['load']:.0f} kg"))
    rows.append(("armed", "yes" if track["armed"] else "no"))
    actor = ACTORS[track["kind"]]
    return Facts(f"{size} {actor.one if size == 1 else actor.many}", rows)


def _of_team(track: Track, t: float) -> Facts:
    """A team on a mission."""
    stages = (
        ("ended", "at its base"),
        ("released", "going home"),
        ("arrived", "at the alarm, searching"),
        ("left", "on its way to an alarm"),
    )
    times: Mapping[str, object] = track
    state = next((word for name, word in stages if _by(times[name], t)), "turning out")
    rows = [
        ("state", state),
        ("where", _where(*_at(track, t))),
        ("alarm raised by", CUES[track["cue"] or ""].label if track["of"] else "a false alarm"),
        ("guards", str(track["size"])),
    ]
    return Facts(f"Team {name_of(track['who'])}", rows)


def _by(when: object, t: float) -> bool:
    """Whether something has happened by ``t``."""
    return isinstance(when, float) and when <= t


def _at(track: Track, t: float) -> tuple[float, float]:
    return Path(*(Waypoint(*point) for point in track["points"])).at(t)


def _where(km: float, depth: float) -> str:
    side = f"{abs(depth):.1f} km {'inside' if depth > 0.0 else 'beyond the line'}"
    return f"km {km:.0f}, {side if depth else 'on the line'}, {DISTRICTS[district_at(km)].name}"


def _clock(story: "Story", t: float) -> str:
    return f"{story.model.calendar.datetime_at(t):%Y-%m-%d %H:%M}"


# -- those who stand --------------------------------------------------------------------------


def _guarding(sector: "Sector", t: float) -> list[tuple[str, str]]:
    return [
        ("alert level", LEVELS[int(sector.level.at(t))]),
        ("sorties of a post", f"{sector.sorties.at(t):.2g} a day"),
    ]


def _post(story: "Story", identity: str, t: float) -> Facts | None:
    post: BorderPost | None = next((p for p in story.model.posts if p.identity == identity), None)
    if post is None:
        return None
    out = [f"km {km:.0f}" for beat in post.beats for km in beat.places(t)]
    rows = [
        ("section", f"km {post.west_km:.0f} to {post.east_km:.0f}"),
        ("patrols out", ", ".join(out) if out else "none"),
        *_guarding(post.sector, t),
    ]
    return Facts(f"Post {name_of(identity)}", rows)


def _district(story: "Story", identity: str, t: float) -> Facts | None:
    slug = identity.partition("/")[2]
    info = next((info for info in DISTRICTS if info.slug == slug), None)
    if info is None:
        return None
    rows = [("line", f"km {info.km_from:.0f} to {info.km_to:.0f}")]
    return Facts(info.name, [*rows, *_guarding(story.model.sectors[info.index], t)])


def _village(story: "Story", identity: str, t: float) -> Facts | None:
    village = next((v for v in story.model.villages if v.identity == identity), None)
    if village is None:
        return None
    return Facts(f"Village {name_of(identity)}", [("where", _where(village.km, village.depth))])


def _site(story: "Story", identity: str, t: float) -> Facts | None:
    sites = story.model.worksites
    number = next((n for n, site in enumerate(sites) if site.identity == identity), None)
    if number is None:
        return None
    site = sites[number]
    shut = _last(story.sites, number, t) is False
    rows = [
        ("state", "evacuated" if shut else "working"),
        ("where", _where(site.km, site.depth)),
        ("people", str(site.headcount)),
        ("operator", "Chinese" if site.chinese else "other"),
    ]
    return Facts(f"Worksite {name_of(identity)}", rows)


def _team(story: "Story", identity: str, t: float) -> Facts | None:
    team = next((m for m in story.model.dispatch.teams if m.identity == identity), None)
    if team is None:
        return None
    for track in story.tracks.values():
        points = track["points"]
        if track["who"] == identity and points[0][0] <= t <= points[-1][0]:
            return _of_team(track, t)
    rows = [("state", "at its base"), ("guards", str(team.size))]
    return Facts(f"Team {name_of(identity)}", rows)


def _cell(story: "Story", identity: str, t: float) -> Facts | None:
    number = next((n for n, c in enumerate(story.all_cells) if c.identity == identity), None)
    if number is None:
        return None
    cell = story.all_cells[number]
    state = _last(story.cells, number, t) or "planning"
    rows = [
        ("state", str(state)),
        ("aims at", cell.profile.replace("_", " ")),
        ("home", _where(cell.km, cell.depth)),
    ]
    return Facts(f"Cell opposite {name_of(identity)}", rows)


def _last(rows: list[Row], number: int, t: float) -> object:
    """The latest value by ``t`` in rows of ``[t, number, value]``."""
    return next((row[2] for row in reversed(rows) if row[1] == number and _by(row[0], t)), None)
