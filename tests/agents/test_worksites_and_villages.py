"""Worksites that close on advice and open again; villages that lose trust."""

from typing import Any

import pytest
from quiet_worlds import LIMIT, world, z_mean, z_share

from sim.agents.encounters import Casualties
from sim.agents.targets import Target, met
from sim.agents.worksites import Worksite
from sim.incidents.records import Incident, SiteClosure
from sim.model import BorderModel

SITES: dict[str, object] = {"worksites.count": 400, "worksites.p_advisory": 1.0}


def attack(model: BorderModel, km: float, **harm: Any) -> None:
    """A made-up attack at ``km``, now."""
    now = model.time
    model.announce(
        Incident(f"attack/{now}/{km}", "drone_attack_on_workers", "militants", False,
                 model.sector_at(km).slug, km, now, None, now, "attack", None, None, 0)
        ._replace(**harm)
    )  # fmt: skip


def test_an_advisory_is_followed_by_a_share_of_the_sites_in_reach() -> None:
    """After a worker's death sites within 150 km close with the given chance, others never."""
    model = world({**SITES, "worksites.p_comply": 0.6, "worksites.advisory_reach_km": 150.0})
    model.run_until(20.0)
    attack(model, 600.0, killed_workers_other=1)
    near = [s for s in model.worksites if abs(s.km - 600.0) <= 150.0]
    far = [s for s in model.worksites if abs(s.km - 600.0) > 150.0]
    shut = [s for s in near if not s.open]
    assert abs(z_share(len(shut), len(near), 0.6)) < LIMIT
    assert abs(z_share(len(shut), len(near), 0.3)) > LIMIT
    assert far
    assert all(s.open for s in far)
    rows = model.log[SiteClosure]
    assert {(r.site, r.headcount, r.closed_at) for r in rows} == {
        (s.identity, s.headcount, 20.0) for s in shut
    }


@pytest.mark.parametrize("harm", [{"wounded_workers_chinese": 3}, {"killed_guards": 2}])
def test_without_a_dead_worker_nobody_is_advised(harm: dict[str, int]) -> None:
    """Wounded workers and dead guards bring no advisory."""
    model = world({**SITES, "worksites.p_comply": 1.0})
    attack(model, 600.0, **harm)
    assert model.log[SiteClosure] == []


def test_advisories_come_with_their_chance() -> None:
    """Of 2,000 deadly attacks 0.8 are followed by an advisory."""
    model = world(
        {
            "worksites.count": 1,
            "worksites.p_advisory": 0.8,
            "worksites.p_comply": 1.0,
            "worksites.closed_days": 0.0,
            "worksites.advisory_reach_km": 1340.0,
        }
    )
    for n in range(2000):
        model.run_until(0.1 * n)
        attack(model, 600.0, killed_workers_chinese=1)
    assert abs(z_share(len(model.log[SiteClosure]), 2000, 0.8)) < LIMIT
    assert abs(z_share(len(model.log[SiteClosure]), 2000, 0.72)) > LIMIT


def test_closures_last_an_exponential_time_and_some_sites_reopen_hardened() -> None:
    """Mean closure as given; a share reopens with the gain on what was left of the hits."""
    model = world(
        {
            **SITES,
            "worksites.count": 1000,
            "worksites.p_comply": 1.0,
            "worksites.closed_days": 12.0,
            "worksites.advisory_reach_km": 1340.0,
            "worksites.hardening": 0.2,
            "worksites.p_harden_after": 0.6,
            "worksites.hardened_gain": 0.5,
        }
    )
    model.run_until(5.0)
    attack(model, 600.0, killed_workers_other=1)
    assert all(s.state == "evacuated" and s.exposed == 0 for s in model.worksites)
    days = [r.reopens_at - r.closed_at for r in model.log[SiteClosure]]
    assert abs(z_mean(days, 12.0)) < LIMIT
    assert abs(z_mean(days, 15.0)) > LIMIT
    model.run()
    states = [s.state for s in model.worksites]
    assert set(states) == {"operating", "hardened"}
    assert abs(z_share(states.count("hardened"), 1000, 0.6)) < LIMIT
    assert {(s.state, round(s.hardening, 9)) for s in model.worksites} == {
        ("operating", 0.2),
        ("hardened", 0.6),
    }


def test_a_site_opens_at_the_instant_written() -> None:
    """Shut until then, open from then on."""
    model = world({**SITES, "worksites.count": 1, "worksites.p_comply": 1.0})
    site: Worksite = model.worksites[0]
    attack(model, site.km, killed_workers_other=1)
    (row,) = model.log[SiteClosure]
    model.run_until(row.reopens_at - 1e-6)
    assert not site.open
    model.run_until(row.reopens_at)
    assert site.open


def test_a_site_is_hardened_once() -> None:
    """Shut and opened five times with hardening certain: better walls come with the first only."""
    model = world(
        {
            "worksites.count": 1,
            "worksites.p_advisory": 1.0,
            "worksites.p_comply": 1.0,
            "worksites.closed_days": 1.0,
            "worksites.hardening": 0.2,
            "worksites.p_harden_after": 1.0,
            "worksites.hardened_gain": 0.5,
        }
    )
    site = model.worksites[0]
    for n in range(5):
        model.run_until(50.0 * n)
        attack(model, site.km, killed_workers_other=1)
    model.run()
    assert len(model.log[SiteClosure]) == 5
    assert site.hardening == pytest.approx(0.6)


def test_a_shut_site_is_not_shut_again() -> None:
    """A second advisory while it is shut changes nothing."""
    model = world(
        {**SITES, "worksites.count": 1, "worksites.p_comply": 1.0, "worksites.closed_days": 500.0}
    )
    for _ in range(2):
        attack(model, model.worksites[0].km, killed_workers_other=1)
    assert len(model.log[SiteClosure]) == 1


def test_hurt_villagers_cost_trust_in_their_district() -> None:
    """Villages of the district trust less at once; those of the next one as before."""
    model = world({"villages.per_100_km": 10.0, "tips.trust": 0.5, "tips.trust_loss": 0.4})
    model.run_until(10.0)
    here = next(v for v in model.villages if v.sector.slug == "panj")
    there = next(v for v in model.villages if v.sector.slug == "farkhor")
    attack(model, here.km, wounded_villagers=1)
    assert here.trust == pytest.approx(0.3)
    assert there.trust == pytest.approx(0.5)


# -- what the level of the district adds ---------------------------------------------------

LEVELLED: dict[str, object] = {
    **SITES,
    "worksites.headcount": 60,
    "worksites.guards": 3,
    "worksites.escorts": 2,
    "worksites.travellers": 5,
    "worksites.hardening": 0.4,
    "worksites.counter_drone": 0.2,
    "strikes.exposed_share": 0.5,
    "strikes.villagers_exposed": 10,
    "villages.per_100_km": 10.0,
    "alert.levels.emergency.site_guards": 4,
    "alert.levels.emergency.escorts": 6,
    "alert.levels.emergency.exposed": 0.4,
    "alert.levels.emergency.counter_drone": 0.5,
}


def test_a_level_guards_shelters_and_covers_the_sites_of_its_district() -> None:
    """At emergency 3 + 4 guards, two fifths of the people in the open, 1 - 0.8 x 0.5 of drones."""
    model = world(LEVELLED)
    here = model.worksites[0]
    there = next(s for s in model.worksites if s.sector is not here.sector)
    outside = round(here.headcount * 0.5)
    assert (here.defenders, here.exposed, here.counter_drone) == (3, outside, pytest.approx(0.2))
    here.sector.set_level(0.0, 3)
    sheltered = round(here.headcount * 0.5 * 0.4)
    assert (here.defenders, here.exposed, here.bystanders) == (7, sheltered, sheltered)
    assert here.counter_drone == pytest.approx(0.6)
    assert (there.defenders, there.counter_drone) == (3, pytest.approx(0.2))


def test_a_level_keeps_villagers_inside() -> None:
    """Four of ten are in the open at emergency, ten at routine."""
    model = world(LEVELLED)
    village = model.villages[0]
    assert (village.exposed, village.bystanders, village.counter_drone) == (10, 10, 0.0)
    village.sector.set_level(0.0, 3)
    assert (village.exposed, village.bystanders) == (4, 4)


def met_by(model: BorderModel, site: Worksite, operations: int) -> list[Target]:
    """A site as each of many operations meets it."""
    return [met(site, model.draws.of(f"operation/{n}")) for n in range(operations)]


def test_a_share_of_attacks_meets_the_people_of_a_site_on_the_road() -> None:
    """Of 4,000 operations three in ten; a larger share takes the same ones and more."""
    seen = {}
    for share in (0.0, 0.3, 0.5, 1.0):
        model = world({**LEVELLED, "worksites.road_share": share})
        site = model.worksites[0]
        seen[share] = [found is not site for found in met_by(model, site, 4000)]
    assert sum(seen[0.0]) == 0
    assert sum(seen[1.0]) == 4000
    assert abs(z_share(sum(seen[0.3]), 4000, 0.3)) < LIMIT
    assert abs(z_share(sum(seen[0.3]), 4000, 0.36)) > LIMIT
    assert all(more or not less for less, more in zip(seen[0.3], seen[0.5], strict=True))


def on_road(changes: dict[str, object] | None = None) -> tuple[Worksite, Target]:
    """A site, and its people on the road."""
    model = world({**LEVELLED, "worksites.road_share": 1.0, **(changes or {})})
    site = model.worksites[0]
    return site, met(site, model.draws.of("operation"))


def test_people_on_the_road_have_no_walls_and_other_guards() -> None:
    """Escorts instead of guards, no hardening, no cover; the site's name, place and casualties."""
    site, convoy = on_road()
    assert (convoy.defenders, convoy.exposed, convoy.bystanders) == (2, 5, 5)
    assert (convoy.hardening, convoy.counter_drone) == (0.0, 0.0)
    assert (convoy.identity, convoy.km, convoy.depth) == (site.identity, site.km, site.depth)
    assert (convoy.attacks, convoy.lethality) == (site.attacks, site.lethality)
    assert convoy.worth(True) == site.worth(True)
    hurt, draw = Casualties(2, 1), site.model.draws.of("operation")
    assert convoy.columns(draw, hurt) == site.columns(draw, hurt)
    assert met(convoy, draw) is convoy
    site.sector.set_level(0.0, 3)
    assert (convoy.defenders, convoy.exposed) == (8, 2)


def test_no_more_travel_than_there_are() -> None:
    """A site with fewer people than a convoy seats sends all of them."""
    site, convoy = on_road({"worksites.headcount": 5, "worksites.travellers": 5})
    site.headcount = 3
    assert convoy.exposed == 3


def test_nobody_of_a_shut_site_is_on_the_road() -> None:
    """An attack on an evacuated site meets the site."""
    site, _ = on_road({"worksites.p_comply": 1.0})
    attack(site.model, site.km, killed_workers_other=1)  # type: ignore[arg-type]
    assert not site.open
    assert met(site, site.model.draws.of("operation")) is site


def test_villages_and_posts_are_met_as_they_stand() -> None:
    """Whatever the share of attacks on the road."""
    model = world({**LEVELLED, "worksites.road_share": 1.0})
    draw = model.draws.of("operation")
    for target in (model.villages[0], model.posts[0]):
        assert met(target, draw) is target


def test_villages_are_found_by_chainage() -> None:
    """The nearest of all, anywhere on the line; none where there are none."""
    model = world({"villages.per_100_km": 10.0})
    for km in range(0, 1340, 7):
        nearest = min(abs(v.km - km) for v in model.villages)
        found = model.village_near(float(km))
        assert found is not None
        assert abs(found.km - km) == nearest
    assert world({}).village_near(300.0) is None
