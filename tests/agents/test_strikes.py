"""Drone strikes and fire across the line: who is hurt, and what spares them."""

from typing import ClassVar, Literal

import pytest
from quiet_worlds import LIMIT, world, z_mean, z_share

from sim.agents.choices import Option, options
from sim.agents.encounters import Casualties
from sim.agents.frontier import FrontierAgent
from sim.agents.strikes import drone_strike, fire, is_answered
from sim.agents.targets import Mode, Target
from sim.agents.worksites import Worksite
from sim.engine.draws import Stream
from sim.incidents.records import Incident
from sim.model import BorderModel

N = 2000
SITES: dict[str, object] = {
    "worksites.count": 12,
    "worksites.headcount": 100,
    "worksites.hardening": 0.0,
    "worksites.counter_drone": 0.0,
    "strikes.drone_p_arrive": 1.0,
    "strikes.drone_p_hit": 0.2,
    "strikes.exposed_share": 0.5,
    "strikes.lethality_workers": 0.4,
    "strikes.fire_range_km": 9.0,
    "strikes.fire_p_hit": 0.5,
    "strikes.fire_night_factor": 1.0,
    "strikes.patrol_suppression": 0.0,
}


def struck(
    model: BorderModel, target: Target, mode: Literal["drone", "fire"] = "drone", n: int = N
) -> list[Incident]:
    """The same strike many times, each with luck of its own."""
    option = Option(mode, target, target.km, 1.0, 5)
    strike = drone_strike if mode == "drone" else fire
    model.ledger.clear()  # the names are used again
    return [strike(model, model.draws.of(f"s{i}"), f"s{i}", option) for i in range(n)]


def hurt(rows: list[Incident]) -> list[float]:
    """Workers hit, dead or wounded, in each strike."""
    return [
        float(
            i.killed_workers_chinese
            + i.killed_workers_other
            + i.wounded_workers_chinese
            + i.wounded_workers_other
        )
        for i in rows
    ]


def dead(rows: list[Incident]) -> list[float]:
    """Workers killed in each strike."""
    return [float(i.victims) for i in rows]


def away_from_posts(model: BorderModel) -> Worksite:
    """The site farthest along the line from any post."""
    return max(model.worksites, key=lambda s: min(abs(p.km - s.km) for p in model.posts))


# -- drones -------------------------------------------------------------------------------


def test_a_drone_hits_each_exposed_person_alike() -> None:
    """Mean hit: headcount x exposed x p; mean killed: that times the lethality."""
    model = world(SITES)
    site = model.worksites[0]
    exposed = round(site.headcount * 0.5)
    assert site.exposed == exposed
    rows = struck(model, site)
    assert abs(z_mean(hurt(rows), exposed * 0.2)) < LIMIT
    assert abs(z_mean(dead(rows), exposed * 0.08)) < LIMIT
    assert abs(z_mean(hurt(rows), 1.05 * exposed * 0.2)) > LIMIT  # a wrong theory fails
    assert {i.kind for i in rows} == {"drone_attack_on_workers"}


@pytest.mark.parametrize("hardening", [0.5, 1.0])
def test_walls_spare_their_share_and_hurt_nobody_else(hardening: float) -> None:
    """Hits fall by the hardening, and in no single strike is anybody worse off."""
    bare, walled = (world({**SITES, "worksites.hardening": h}) for h in (0.0, hardening))
    before, after = (struck(m, m.worksites[0]) for m in (bare, walled))
    assert all(b >= a for b, a in zip(dead(before), dead(after), strict=True))
    mean = bare.worksites[0].exposed * 0.2 * (1.0 - hardening)
    if mean:
        assert abs(z_mean(hurt(after), mean)) < LIMIT
    else:
        assert set(hurt(after)) == {0.0}


def test_drones_arrive_past_the_cover() -> None:
    """p_arrive x (1 - cover); what gets through the larger cover gets through the smaller."""
    rules: dict[str, object] = {
        **SITES,
        "strikes.drone_p_arrive": 0.8,
        "strikes.drone_p_hit": 1.0,
    }
    hits = {}
    for cover in (0.0, 0.25):
        model = world({**rules, "worksites.counter_drone": cover})
        hits[cover] = [h > 0.0 for h in hurt(struck(model, model.worksites[0]))]
        assert abs(z_share(sum(hits[cover]), N, 0.8 * (1.0 - cover))) < LIMIT
    assert all(bare or not covered for bare, covered in zip(hits[0.0], hits[0.25], strict=True))
    assert abs(z_share(sum(hits[0.25]), N, 0.66)) > LIMIT


def test_staff_is_chinese_by_its_share() -> None:
    """At a site with a Chinese operator 0.7 of the dead are Chinese, at another none."""
    model = world({**SITES, "worksites.chinese_share": 0.5, "worksites.chinese_staff_share": 0.7})
    for chinese in (True, False):
        site = next(s for s in model.worksites if s.chinese is chinese)
        rows = struck(model, site)
        ours = sum(i.killed_workers_chinese for i in rows)
        total = ours + sum(i.killed_workers_other for i in rows)
        if chinese:
            assert abs(z_share(ours, total, 0.7)) < LIMIT
        else:
            assert ours == 0
            assert total > 0


# -- fire across the line -----------------------------------------------------------------


def test_fire_is_weaker_with_range() -> None:
    """Hits fall in proportion to the depth of the target and are none beyond the range."""
    model = world(SITES)
    for site in model.worksites[:4]:
        mean = site.exposed * 0.5 * (1.0 - site.depth / 9.0)
        assert abs(z_mean(hurt(struck(model, site, "fire")), mean)) < LIMIT
    near = min(model.worksites, key=lambda s: s.depth)
    mean = near.exposed * 0.5 * (1.0 - near.depth / 9.0)
    assert abs(z_mean(hurt(struck(model, near, "fire")), 1.05 * mean)) > LIMIT
    short = world({**SITES, "strikes.fire_range_km": 0.1})
    assert set(hurt(struck(short, short.worksites[0], "fire", 50))) == {0.0}


def test_fire_at_night_hits_less() -> None:
    """At midnight 0.4 of what it would hit at noon."""
    means = {}
    for at in (100.5, 101.0):
        model = world({**SITES, "strikes.fire_night_factor": 0.4})
        model.run_until(at)
        site = model.worksites[0]
        means[at] = site.exposed * 0.5 * (1.0 - site.depth / 9.0)
        rows = struck(model, site, "fire")
        assert abs(z_mean(hurt(rows), means[at] * (1.0 if at == 100.5 else 0.4))) < LIMIT


def test_a_post_in_reach_answers_fire() -> None:
    """With a post in reach the suppressed share is spared; without one it is not."""
    for reach, kept in ((0.0, 1.0), (50.0, 0.3)):
        model = world(
            {
                **SITES,
                "strikes.patrol_suppression": 0.7,
                "strikes.suppression_reach_km": reach,
            }
        )
        site = away_from_posts(model)
        assert is_answered(model, site, 0.0) == (reach > 0.0)
        mean = site.exposed * 0.5 * (1.0 - site.depth / 9.0) * kept
        assert abs(z_mean(hurt(struck(model, site, "fire")), mean)) < LIMIT


def test_a_patrol_in_reach_answers_fire() -> None:
    """Away from the posts fire is answered exactly while a sortie that is out is near."""
    model = world(
        {**SITES, "posts.spacing_km": 60.0, "patrols.sorties_per_day": 6.0,
         "strikes.suppression_reach_km": 3.0}
    )  # fmt: skip
    place = world({**SITES, "worksites.count": 40}).worksites[0]
    place.km = km = model.posts[5].km + 10.0
    patrols = [a for a in model.agents if a.identity.startswith("patrol/")]
    mine = next(p for p in patrols if p.km == model.posts[5].km)
    seen = set()
    for n in range(400):
        near = any(abs(place - km) <= 3.0 for place in mine.sorties_out(0.25 * n))
        assert is_answered(model, place, 0.25 * n) == near
        seen.add(near)
    assert seen == {True, False}


def test_fire_on_a_post_hurts_its_guards() -> None:
    """Guards in the open at the line itself: p_hit each, killed with their lethality."""
    model = world({**SITES, "strikes.guards_exposed": 10, "clash.lethality_guards": 0.25,
                   "strikes.suppression_reach_km": 0.0})  # fmt: skip
    rows = struck(model, model.posts[3], "fire")
    assert abs(z_mean([float(i.killed_guards + i.wounded_guards) for i in rows], 5.0)) < LIMIT
    assert abs(z_mean([float(i.killed_guards) for i in rows], 1.25)) < LIMIT
    assert {i.kind for i in rows} == {"cross_border_fire"}


@pytest.mark.parametrize(("sorties", "kept"), [(0.0, 1.0), (48.0, 0.0)])
def test_a_post_does_not_answer_fire_on_itself(sorties: float, kept: float) -> None:
    """Alone it suffers every hit of the fire; a patrol near it spares all that it can."""
    model = world(
        {**SITES, "strikes.guards_exposed": 10, "strikes.patrol_suppression": 1.0,
         "strikes.suppression_reach_km": 3.0, "patrols.sorties_per_day": sorties}
    )  # fmt: skip
    model.run_until(1.0)
    rows = struck(model, model.posts[3], "fire")
    hits = [float(i.killed_guards + i.wounded_guards) for i in rows]
    if kept:
        assert abs(z_mean(hits, 5.0)) < LIMIT
    else:
        assert sum(hits) == 0.0


def test_fire_on_a_village_hurts_villagers() -> None:
    """People in the open, by the depth of the village."""
    model = world({**SITES, "villages.per_100_km": 10.0, "strikes.villagers_exposed": 20})
    village = model.villages[4]
    rows = struck(model, village, "fire")
    mean = 20 * 0.5 * (1.0 - village.depth / 9.0) * 0.4
    assert abs(z_mean([float(i.killed_villagers) for i in rows], mean)) < LIMIT
    assert all(i.victims == i.killed_villagers for i in rows)


class Customs(FrontierAgent):
    """A kind of target that the model does not know: a customs yard, fired on or droned."""

    attacks: ClassVar[dict[Mode, str]] = {
        "drone": "drone_attack_on_workers",
        "fire": "cross_border_fire_on_workers",
    }
    shares: ClassVar[dict[str, float]] = {"workers_other": 1.0}
    hardening, counter_drone, lethality, depth = 0.0, 0.0, 0.5, 0.5
    exposed = bystanders = 6
    defenders = 0
    open = True

    def worth(self, foreign_first: bool) -> float:
        """Worth more than all else, to any cell."""
        return 10.0

    @property
    def parts(self) -> "tuple[tuple[float, Customs]]":
        """Always the yard itself."""
        return ((1.0, self),)

    def columns(self, draw: Stream, hurt: Casualties) -> dict[str, int]:
        """Its people count as other workers."""
        return {"killed_workers_other": hurt.killed, "wounded_workers_other": hurt.wounded}


def test_a_new_kind_of_target_is_one_class() -> None:
    """Put among the targets, a customs yard is chosen, struck and written about."""
    model = world({**SITES, "worksites.count": 0, "cells.count": 1, "cells.plans_per_year": 50.0,
                   "cells.rationality": 50.0, "days": 300.0})  # fmt: skip
    yard = Customs(model, "customs/1", model.cells[0].km, 0.5)
    model.targets.append(yard)
    rows = model.run().log[Incident]
    assert len(rows) > 3
    assert {i.target for i in rows} == {"customs/1"}
    assert {i.kind for i in rows} <= set(Customs.attacks.values())
    assert sum(i.killed_workers_other for i in rows) > 0


def test_an_evacuated_site_is_no_target() -> None:
    """While it is shut nobody plans against it and nobody there can be hurt."""
    model = world({**SITES, "cells.count": 1, "cells.reach_km": 1340.0})
    cell, site = model.cells[0], model.worksites[0]
    assert site in [way.target for way in options(cell, 5)]
    site.closed_until = 99.0
    assert site not in [way.target for way in options(cell, 5)]
    assert set(hurt(struck(model, site, n=50))) == {0.0}
    assert site.state == "evacuated"


def test_a_target_out_of_range_of_fire_is_still_in_reach_of_drones() -> None:
    """Range bounds fire only; drones fly against worksites only."""
    model = world({**SITES, "cells.count": 1, "cells.reach_km": 1340.0,
                   "strikes.fire_range_km": 0.1, "villages.per_100_km": 5.0})  # fmt: skip
    ways = options(model.cells[0], 20)
    assert {type(w.target).__name__ for w in ways if w.mode == "drone"} == {"Worksite"}
    assert {type(w.target).__name__ for w in ways if w.mode == "fire"} == {"BorderPost"}
    assert {type(w.target).__name__ for w in ways if w.mode == "infiltration"} == {
        "Worksite",
        "BorderPost",
    }
