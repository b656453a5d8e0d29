"""A change in one district changes nothing elsewhere, where nothing carries it there.

What carries it: displacement (groups that choose their place by what they heard), cells (they
choose targets over districts and learn), teams that answer beyond their district, an alert for
the whole frontier or hot spots, and demarches (the host state's control is one for all). With
these off, a lever of a district leaves every record of every other district as it was. Patrols
are their post's: its section ends half-way to the next post and may reach over the border of the
district, so for levers on patrols and posts "elsewhere" begins where those sections end.
"""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import QUICK, SLUGS, UNCOUPLED, Settings, rows, run

from sim.frontier.ground import Ground
from sim.incidents.records import Alarm, Crossing, Incident
from sim.model import BorderModel

LAND = Ground.default()

LOCAL: Settings = {
    **UNCOUPLED,
    "smugglers.loads_per_year": 6000.0,
    "smugglers.district_weights": dict.fromkeys(SLUGS, 1.0),
    "false_alarms.per_100_km_year": 60.0,
    "teams.per_district": 3,
    "teams.reserve": 0,
    # 6 km of travel by any road, and no base is nearer than 7.5 km to its district's border
    "teams.reach_hours": 0.2,
    **{
        f"teams.road_speed_km_h.{terrain}": 30.0
        for terrain in ("lowland", "foothill", "gorge", "high_valley", "alpine")
    },
}
"""Nothing carries an effect from district to district; the teams of each are busy."""

SEEDS = st.integers(0, 2**63 - 1)
DISTRICT = st.sampled_from(SLUGS)
PLACED = (Crossing, Incident, Alarm)

Elsewhere = Callable[[float], bool]


def elsewhere(model: BorderModel, keep: Elsewhere) -> list[object]:
    """Every record of crossings, incidents and alarms at a chainage to keep."""
    return [row for row in rows(model, PLACED) if keep(row.km)]  # type: ignore[attr-defined]


def outside(slug: str) -> Elsewhere:
    """Chainages of the other districts."""
    return lambda km: LAND.districts[LAND.district_at(km)].slug != slug


def beyond_sections(slug: str, *models: BorderModel) -> Elsewhere:
    """Chainages of other districts that no post of this district guards, in any of the models."""
    sections = [
        (post.west_km, post.east_km)
        for model in models
        for post in model.posts
        if post.sector.slug == slug
    ]
    return lambda km: outside(slug)(km) and not any(w <= km <= e for w, e in sections)


@settings(QUICK, max_examples=4)
@given(
    SEEDS,
    DISTRICT,
    st.sampled_from(["technical.camera_emphasis", "host_state.control_by_district"]),
    st.floats(0.0, 1.0),
)
def test_cameras_and_control_stay_in_their_district(
    seed: int, slug: str, lever: str, value: float
) -> None:
    """Every crossing, incident and alarm of all other districts is the same, field by field."""
    base = {"technical.camera_coverage": 0.3, "host_state.effect_on_smuggling": 1.0}
    plain = run(LOCAL, base, seed=seed)
    changed = run(LOCAL, base, {lever: {slug: value}}, seed=seed)
    assert elsewhere(plain, outside(slug)) == elsewhere(changed, outside(slug))


@settings(QUICK, max_examples=4)
@given(SEEDS, DISTRICT, st.floats(0.0, 5.0), st.sampled_from(["random", "jittered", "regular"]))
def test_patrols_stay_on_their_sections(
    seed: int, slug: str, emphasis: float, schedule: str
) -> None:
    """More or fewer sorties of a district change nothing beyond the sections of its posts."""
    base = {"patrols.schedule": schedule, "patrols.sorties_per_day": 4.0}
    plain = run(LOCAL, base, seed=seed)
    changed = run(LOCAL, base, {"patrols.emphasis": {slug: emphasis}}, seed=seed)
    keep = beyond_sections(slug, plain)
    assert elsewhere(plain, keep) == elsewhere(changed, keep)


@settings(QUICK, max_examples=3)
@given(SEEDS, DISTRICT, st.sampled_from([0.0, 0.5, 2.0, 3.0]))
def test_posts_change_their_own_sections_and_the_neighbours(
    seed: int, slug: str, density: float
) -> None:
    """Beyond the sections of the district's posts and of those next to them, all is the same."""
    plain = run(LOCAL, seed=seed)
    changed = run(LOCAL, {"posts.density": {slug: density}}, seed=seed)
    sections = {(p.identity, p.west_km, p.east_km) for p in plain.posts}
    sections ^= {(p.identity, p.west_km, p.east_km) for p in changed.posts}

    def keep(km: float) -> bool:
        return outside(slug)(km) and not any(w <= km <= e for _, w, e in sections)

    assert elsewhere(plain, keep) == elsewhere(changed, keep)


@settings(QUICK, max_examples=3)
@given(SEEDS, DISTRICT, st.floats(0.0, 1.0))
def test_the_flow_of_a_district_is_its_own(seed: int, slug: str, share: float) -> None:
    """A district through which less is carried leaves the loads of the others as they are.

    Weights are shares of the whole, so the whole is set to keep what the others get (up to a
    rounding that would have to meet an arrival's mark exactly).
    """
    weights = dict.fromkeys(SLUGS, 1.0)
    total = 12.0 + share
    fewer = {
        "smugglers.district_weights": weights | {slug: share},
        "smugglers.loads_per_year": 6000.0 * total / 13.0,
    }
    plain, changed = run(LOCAL, seed=seed), run(LOCAL, fewer, seed=seed)
    assert elsewhere(plain, outside(slug)) == elsewhere(changed, outside(slug))


def test_district_alerts_stay_in_their_district() -> None:
    """Alerts by district: what a shorter half-life does in one depends on it alone.

    Loads come to one district only, so only there anything happens and only there levels change.
    """
    alert = {
        "alert.policy": "triggered", "alert.scope": "district", "alert.level": "routine",
        "smugglers.district_weights": dict.fromkeys(SLUGS, 0.0) | {"panj": 1.0},
        "smugglers.p_armed": 1.0, "contact.p_fight_armed": 1.0, "contact.p_turn_back": 0.0,
    }  # fmt: skip
    model = run(LOCAL, alert)
    raised = {sector.slug for sector in model.sectors if len(sector.level.times) > 1}
    assert raised == {"panj"}


# -- the comparison can fail --------------------------------------------------------------

SEEING: Settings = {
    "patrols.sorties_per_day": 8.0,
    "patrols.p_sight": 1.0,
    "patrols.sight_range_night_km": 2.0,
}
MORE_PATROLS: Settings = {"patrols.emphasis": {"darvoz": 5.0}}

CARRIERS: dict[str, tuple[Settings, Settings]] = {
    "displacement": (
        SEEING
        | {
            "smugglers.displacement": 1.0,
            "smugglers.rationality": 200.0,
            "smugglers.distance_weight": 0.0,
            "smugglers.prior_attempts": 0.1,
            "smugglers.reach_km": 100.0,
        },
        MORE_PATROLS,
    ),
    "teams": (
        {
            "teams.reach_hours": 24.0,
            "teams.per_district": 1,
            "teams.search_hours": 100.0,
            "tips.p_tip": 0.5,
        },
        {"technical.camera_emphasis": {"darvoz": 10.0}},
    ),
    "cells": (
        {
            "cells.count": 10,
            "cells.plans_per_year": 300.0,
            "cells.regroup_days": 1.0,
            "cells.skill": 1.0,
            "cells.w_risk": 20.0,
            "cells.refrain": -10.0,
            "cells.modes_off": ["drone", "fire"],
        },
        MORE_PATROLS,
    ),
    "demarches": (
        SEEING
        | {
            "diplomacy.demarche_deaths": 1,
            "diplomacy.p_success": 1.0,
            "diplomacy.p_backfire": 0.0,
            "diplomacy.delay_days": 0.0,
            "diplomacy.uplift": 0.03,
            "host_state.effect_on_smuggling": 1.0,
            "smugglers.p_armed": 1.0,
            "contact.p_fight_armed": 1.0,
            "contact.p_turn_back": 0.0,
            "clash.smuggler_rate": 5.0,
        },
        MORE_PATROLS,
    ),
}


@pytest.mark.parametrize("name", sorted(CARRIERS))
def test_each_carrier_carries(name: str) -> None:
    """Negative control: with one carrier on, a lever of one district does reach others."""
    carrier, lever = CARRIERS[name]
    base = LOCAL | {"technical.camera_coverage": 0.1} | carrier
    plain, changed = run(base), run(base, lever)
    keep = beyond_sections("darvoz", plain)
    assert elsewhere(plain, keep) != elsewhere(changed, keep)
