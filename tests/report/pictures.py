"""Made-up runs and incidents for the tests of figures, and functions that read their words."""

import datetime as dt
import random
from functools import lru_cache
from itertools import combinations

from matplotlib.text import Text

from sim.frontier.ground import Ground
from sim.incidents.anatomy import Anatomy, Mark
from sim.incidents.kinds import INCIDENTS
from sim.incidents.records import AlertChange, Crossing, Incident
from sim.report.style import styled

LAND = Ground.default()

START = dt.date(2025, 1, 1)


def crossing(km=430.0, at=10.0, ending="through", **changes):
    """A crossing by smugglers at ``km``."""
    slug = LAND.districts[LAND.district_at(km)].slug
    row = Crossing(
        identity="c", actor="smugglers", district=slug, km=km, crossed_at=at, night=True,
        exposed_hours=1.0, size=4, armed=False, load_kg=40.0, detected_at=None, cue=None,
        contact_at=None, ending=ending, ended_at=at,
    )  # fmt: skip
    return row._replace(**changes)


def incident(km=430.0, at=10.0, kind="smuggling_interdiction", **changes):
    """An incident at ``km``, by smugglers if of their kind."""
    actor = "smugglers" if kind == "smuggling_interdiction" else "militants"
    slug = LAND.districts[LAND.district_at(km)].slug
    row = Incident("i", kind, actor, False, slug, km, at, None, None, None, None, None, 3)
    return row._replace(**changes)


def run(n_crossings, n_incidents, days, seed=1):
    """A made-up run: half of everything near km 440."""
    draw = random.Random(seed)

    def km():
        place = draw.gauss(440, 40) if draw.random() < 0.5 else draw.uniform(0, 1340)
        return min(max(place, 0.0), 1340.0)

    endings = ["through"] * 18 + ["clash", "load_left"]
    crossings = [
        crossing(km(), draw.uniform(0, days), draw.choice(endings)) for _ in range(n_crossings)
    ]
    incidents = [
        incident(
            km(), draw.uniform(0, days), draw.choice(list(INCIDENTS)), clash=draw.random() < 0.3,
            killed_guards=int(draw.random() < 0.2),
        )
        for _ in range(n_incidents)
    ]  # fmt: skip
    return crossings, incidents


def alert(*levels, every=30.0, districts=None):
    """The levels one after another in each district named, or in all."""
    chosen = [d.slug for d in LAND.districts] if districts is None else districts
    return [
        AlertChange(i * every, slug, level, "test")
        for slug in chosen
        for i, level in enumerate(levels)
    ]


def nights(t0, t1):
    """From 17:10 to 07:10."""
    return tuple((d + 17.2 / 24, d + 1 + 7.2 / 24) for d in range(int(t0) - 1, int(t1) + 1))


def sorties(posts, t0, t1, per_day=3.0, reach=8.4, speed=50.0):
    """Out and back from each post, at random times."""
    draw = random.Random(1)
    lines = []
    for name, km in posts:
        t = t0 - 0.5
        while t < t1:
            t += draw.expovariate(per_day)
            turn = km + draw.choice([-1, 1]) * reach
            lines.append((name, ((t, km), (t + reach / speed, turn), (t + 2 * reach / speed, km))))
    return tuple(lines)


def anatomy(told, t0, t1, posts, **parts):
    """An anatomy with patrols and nights of its own."""
    return Anatomy(
        "Scenario baseline, seed 1", told, t0, t1, START, LAND, posts,
        sorties(posts, t0, t1), 0.5, nights=nights(t0, t1), **parts,
    )  # fmt: skip


POSTS = tuple((f"Post {20 + i}", 395.0 + 17 * i) for i in range(6))


def kavo():
    """Crossed by night, sign found next day, contact hours later."""
    t = 356 + 23.5 / 24
    found, met = t + 11.75 / 24, t + 14.75 / 24
    told = incident(
        434.5, met, "infiltration_then_clash", clash=True, crossed_at=t, detected_at=found,
        cue="sign", contact_at=met, killed_guards=2, killed_militants=3, seized_arms=7,
    )  # fmt: skip
    marks = (
        Mark(t, 434.5, 0.0, "crossed between two patrols", "crossed"),
        Mark(found, 434.2, 0.2, "sign found by a patrol of Post 22", "sign"),
        Mark(found + 0.003, 434.2, 0.2, "alarm raised", "alarm"),
        Mark(found + 0.03, 446.0, 8.0, "team leaves Post 23", "team_leaves"),
        Mark(met - 0.01, 439.0, 10.4, "team on the ground", "team_arrives"),
        Mark(met, 439.0, 10.5, "contact; 2 guards and 3 militants dead", "contact"),
    )
    path = ((t - 0.18, 433.0, -9.0), (t, 434.5, 0.0), (t + 0.35, 438.0, 9.0), (met, 439.0, 10.5))
    team = ((found + 0.03, 446.0), (met, 439.0))
    return anatomy(told, t - 0.2, met + 0.12, POSTS, path=path, team=team, marks=marks)


def river():
    """Met within minutes at the water; three hours in all."""
    t = 62 + 2.33 / 24
    told = incident(
        350.0, t + 0.014, clash=True, crossed_at=t, detected_at=t + 0.012, cue="patrol",
        contact_at=t + 0.014, killed_smugglers=1, escaped=4, seized_kg=43.0,
    )  # fmt: skip
    marks = (
        Mark(t, 350.0, 0.0, "crossed", "crossed"),
        Mark(t + 0.012, 350.0, 0.35, "seen by a patrol of Post 18", "seen"),
        Mark(t + 0.014, 350.0, 0.4, "contact: fight, 1 smuggler dead", "contact"),
        Mark(t + 0.04, 349.0, -1.5, "4 got away over the river", "end"),
    )
    path = (
        (t - 0.04, 349.6, -2.0),
        (t, 350.0, 0.0),
        (t + 0.014, 350.0, 0.4),
        (t + 0.04, 349.0, -1.5),
    )
    posts = (("Post 18", 345.0), ("Post 19", 362.0))
    return anatomy(told, t - 0.0625, t + 0.0625, posts, path=path, marks=marks)


def manhunt():
    """Six days from the crossing to the contact."""
    t = 240 + 23.5 / 24
    draw = random.Random(2)
    path = [(t - 0.3, 560.0, -12.0), (t, 561.0, 0.0)]
    while path[-1][0] < t + 6.1:
        t_now, km, depth = path[-1]
        path.append((t_now + 0.25, km + draw.uniform(-1.5, 1), depth + draw.uniform(-0.3, 1)))
    end, km, depth = path[-1]
    told = incident(
        560.0, end, "infiltration_then_clash", clash=True, crossed_at=t, detected_at=t + 0.6,
        cue="sign", contact_at=end, killed_militants=3,
    )  # fmt: skip
    marks = (
        Mark(t, 561.0, 0.0, "crossed", "crossed"),
        Mark(t + 0.6, 561.0, 0.0, "sign found", "sign"),
        Mark(t + 0.62, 561.0, 0.0, "alarm", "alarm"),
        Mark(t + 1.0, 565.0, 3.0, "team on the ground, the search begins", "team_arrives"),
        Mark(end, km, depth, "contact; 3 militants dead", "contact"),
    )
    posts = tuple((f"Post {30 + i}", 490.0 + 16 * i) for i in range(8))
    team = ((t + 0.8, 570.0), (t + 1, 565.0), (end, km))
    return anatomy(told, t - 0.4, end + 0.4, posts, path=tuple(path), team=team, marks=marks)


def drone():
    """A strike from afar: no crossing, no path."""
    t = 329 + 22.17 / 24
    told = incident(447.0, t, "drone_attack_on_workers", cue="attack", killed_workers_chinese=3)
    marks = (Mark(t, 447.0, 3.2, "drone strike on a Chinese worksite: 3 workers dead", "strike"),)
    return anatomy(told, t - 0.125, t + 0.125, POSTS, marks=marks)


def last_kilometres():
    """At the China tripoint, all at one instant."""
    t = 154.07
    told = incident(1336.0, t, cue="camera", crossed_at=t, detected_at=t, detained=4)
    marks = tuple(
        Mark(t, 1336.0, 0.0, label, kind)
        for label, kind in (("crossed", "crossed"), ("seen on camera", "seen"), ("alarm", "alarm"))
    )
    posts = (("Post 79", 1318.0), ("Post 80", 1335.0))
    return anatomy(told, t - 0.1, t + 0.2, posts, path=((t - 0.1, 1336.0, -3.0), (t, 1336.0, 0.0)),
                   marks=marks)  # fmt: skip


ANATOMIES = {"kavo": kavo, "river": river, "manhunt": manhunt, "drone": drone,
             "last_kilometres": last_kilometres}  # fmt: skip


@lru_cache(maxsize=1)
def words_of(figure):
    """Every text drawn, with its box in pixels; repeated calls draw the figure once."""
    with styled():
        renderer = figure.canvas.get_renderer()
        figure.draw_without_rendering()
        found = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
        # The box of an annotation would take in its leader: ask for that of its words.
        drawn = [(text, Text.get_window_extent(text, renderer)) for text in found]
    return [(text.get_text(), box) for text, box in drawn if box.width > 0]


def counted(axes):
    """The sum of the stacked bars of a margin."""
    stairs = [patch.get_data() for patch in axes.patches]
    return sum(float((each.values - each.baseline).sum()) for each in stairs)


def collisions(figure):
    """Pairs of texts that overlap by more than half a pixel both ways."""
    return [
        (a, b)
        for (a, one), (b, other) in combinations(words_of(figure), 2)
        if min(one.x1, other.x1) - max(one.x0, other.x0) > 0.5
        and min(one.y1, other.y1) - max(one.y0, other.y0) > 0.5
    ]


def outside(figure):
    """Texts that reach beyond the figure."""
    edge = figure.bbox
    return [
        words
        for words, box in words_of(figure)
        if box.x0 < 0 or box.y0 < 0 or box.x1 > edge.width or box.y1 > edge.height
    ]
