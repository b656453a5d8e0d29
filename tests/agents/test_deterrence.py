"""Who stays away: cells that refrain, plans that go elsewhere, groups that do not dare."""

from math import exp

import pytest
from quiet_worlds import LIMIT, ONE_CELL, world, z_count, z_share

from sim.agents.deterrence import presence
from sim.incidents.records import Crossing, Plan
from sim.model import BorderModel

FIRE: dict[str, object] = {"cells.modes_off": ["infiltration", "drone"], "strikes.fire_p_hit": 0.0}
CELL: dict[str, object] = {**ONE_CELL, **FIRE, "days": 3000.0, "cells.plans_per_year": 400.0}


def refrained(changes: dict[str, object]) -> tuple[int, int]:
    """Plans left, and all plans."""
    rows = world({**CELL, **changes}).run().log[Plan]
    return sum(row.mode == "refrain" for row in rows), len(rows)


def test_a_plan_that_looks_bad_is_left() -> None:
    """One kind of target with utility u: it is left with the chance of a logit against refrain."""
    settings: dict[str, object] = {
        "cells.w_distance": 0.0, "cells.w_risk": 0.0, "cells.rationality": 2.0,
        "strikes.post_value": 0.6, "cells.fire": 0.0, "cells.refrain": 0.4, "cells.reach_km": 60.0,
    }  # fmt: skip
    left, plans = refrained(settings)
    p = exp(2.0 * 0.4) / (exp(2.0 * 0.4) + exp(2.0 * 0.6))
    assert plans > 2000
    assert abs(z_share(left, plans, p)) < LIMIT
    assert abs(z_share(left, plans, p + 0.05)) > LIMIT


def test_at_its_lowest_value_nothing_is_left() -> None:
    """Even a cell to which all is alike then always acts."""
    left, plans = refrained({"cells.refrain": -10.0, "cells.rationality": 0.0, "days": 800.0})
    assert (left, plans > 500) == (0, True)


def test_believed_risk_makes_a_cell_refrain() -> None:
    """The more failures are taken for granted, the more plans are left."""
    shares = []
    for prior in (0.0, 0.5, 1.0):
        left, plans = refrained({"cells.refrain": 0.0, "cells.prior_risk": prior, "days": 800.0,
                                 "cells.learning": 0.0, "cells.skill": 0.0})  # fmt: skip
        shares.append(left / plans)
    assert shares[0] < shares[1] < shares[2]


PLACES: dict[str, object] = {
    **CELL,
    "cells.w_distance": 0.0,
    "cells.w_risk": 0.0,
    "cells.reach_km": 1340.0,
    "cells.refrain": 0.0,
    "patrols.sorties_per_day": 2.0,
    "patrols.p_sight": 0.0,
    "deterrence.reference_sorties": 2.0,
    "deterrence.terrain.lowland": 1.0,
}


def counts(changes: dict[str, object]) -> dict[str, int]:
    """Plans in the hot-spot district, elsewhere, and left."""
    rows = world({**PLACES, **changes}).run().log[Plan]
    there = sum(row.district == "panj" and row.mode != "refrain" for row in rows)
    left = sum(row.mode == "refrain" for row in rows)
    return {"there": there, "elsewhere": len(rows) - there - left, "left": left}


@pytest.mark.thorough
def test_visible_patrols_move_plans_and_end_some() -> None:
    """Eight times the sorties in one district: its plans fall as 8^-e, others and those left rise.

    Relative to the plans left, which have the same weight in both worlds, plans there fall by
    exactly that factor; without elasticity nothing moves.
    """
    surge: dict[str, object] = {"patrols.emphasis.panj": 8.0}
    for elasticity, days in ((0.0, 100.0), (0.6, 1100.0)):
        strength: dict[str, object] = {"deterrence.militants": elasticity, "days": days}
        plain, guarded = counts(strength), counts({**strength, **surge})
        if elasticity == 0.0:
            assert plain == guarded
            continue
        fall = guarded["there"] / guarded["left"] / (plain["there"] / plain["left"])
        error = fall * sum(1.0 / n[k] for n in (plain, guarded) for k in ("there", "left")) ** 0.5
        assert abs(fall - 8.0**-elasticity) < LIMIT * error
        assert abs(fall - 1.0) > LIMIT * error
        assert guarded["left"] > plain["left"]
        assert guarded["elsewhere"] > plain["elsewhere"]


def test_presence_is_a_logarithm_that_rough_ground_lessens() -> None:
    """Four sorties to a reference of two is log 2 on open ground, less in a gorge."""
    model = world({"patrols.sorties_per_day": 4.0, "deterrence.reference_sorties": 2.0})
    rules = model.spec.deterrence.terrain
    for km in (50.0, 400.0, 800.0, 1200.0):
        reach = getattr(rules, model.spec.ground.terrain_at(km))
        assert presence(model, km) == pytest.approx(reach * 0.693147, abs=1e-5)


# -- smugglers ----------------------------------------------------------------------------

FLOW: dict[str, object] = {"smugglers.loads_per_year": 4000.0, "patrols.p_sight": 0.0}


def groups(changes: dict[str, object]) -> BorderModel:
    """A year of groups."""
    return world({**FLOW, **changes}).run()


def test_above_the_threshold_flow_falls_with_the_risk() -> None:
    """Everybody loses the load, so the believed risk is near 1: about the threshold still comes."""
    lost: dict[str, object] = {
        "posts.p_watch": 1.0, "posts.spacing_km": 5.0, "posts.watch_range_night_km": 10.0,
        "posts.watch_range_day_km": 20.0, "contact.p_turn_back": 1.0, "contact.p_drop_load": 1.0,
        "smugglers.prior_attempts": 0.1,
    }  # fmt: skip
    free = len(groups(lost).log[Crossing])
    few = len(
        groups({**lost, "smugglers.threshold": 0.2, "smugglers.hard_core": 0.1}).log[Crossing]
    )
    assert free > 3000
    # what is heard: nearly all attempts failed, less where a stretch was quiet for long
    assert 0.25 < few / free < 0.45


def test_below_the_threshold_all_come() -> None:
    """Nobody is stopped: the same groups at the same instants."""
    free, thinned = (
        groups({"smugglers.threshold": threshold}).log[Crossing] for threshold in (1.0, 0.01)
    )
    assert free == thinned


def test_visible_patrols_thin_the_flow_and_only_thin_it() -> None:
    """Sorties 16 times the reference and elasticity 0.2 on open ground: 16^-0.2 of the groups.

    Those that come are among those of the quiet world.
    """
    terrain = {f"deterrence.terrain.{name}": 1.0
               for name in ("lowland", "foothill", "gorge", "high_valley", "alpine")}  # fmt: skip
    seen = {**terrain, "patrols.sorties_per_day": 32.0, "deterrence.reference_sorties": 2.0}
    free = {c.identity for c in groups(seen).log[Crossing]}
    fewer = {c.identity for c in groups({**seen, "deterrence.smugglers": 0.2}).log[Crossing]}
    assert fewer < free
    share = 16.0**-0.2
    assert abs(z_count(len(fewer), share * len(free), 1.0 - share)) < LIMIT
    assert abs(z_count(len(fewer), len(free), 1.0)) > LIMIT
