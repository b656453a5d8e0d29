"""Worksites that close on advice and open again; villages that lose trust."""

from typing import Any

import pytest
from quiet_worlds import LIMIT, world, z_mean, z_share

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


def test_villages_are_found_by_chainage() -> None:
    """The nearest of all, anywhere on the line; none where there are none."""
    model = world({"villages.per_100_km": 10.0})
    for km in range(0, 1340, 7):
        nearest = min(abs(v.km - km) for v in model.villages)
        found = model.village_near(float(km))
        assert found is not None
        assert abs(found.km - km) == nearest
    assert world({}).village_near(300.0) is None
