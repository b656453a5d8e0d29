"""The expected harm of encounters against the encounters themselves, drawn many times."""

from functools import partial

import pytest
from quiet_worlds import LIMIT, ONE_CELL, cross_at, world, z_mean

from sim.agents import expected_harm
from sim.agents.encounters import Side, clash
from sim.agents.pursuit import Chase, aftermath
from sim.engine.draws import Draws
from sim.incidents.records import Expectation, Incident
from sim.precision import single

SAMPLES = 8000
FIRST, SPREAD, CAPTURED, P_HIT = 0.4, 1.5, 0.5, 0.1
AFTER = Chase(0.4, 0.3)
GUARDS = Side(4, 0.8, 0.3, 0.5, spread=0.5)
INTRUDERS = Side(5, 0.7, 0.6, 0.4, disengage=2.0, spread=0.5)
PAIRS: dict[str, tuple[Side, Side]] = {
    "fights that differ": (GUARDS, INTRUDERS),
    "thresholds": (GUARDS._replace(spread=0.0), INTRUDERS._replace(spread=0.0)),
    "who break at the first hit": (GUARDS, INTRUDERS._replace(break_off=0.0)),
    "to the last": (GUARDS._replace(break_off=1.0, spread=0.0), INTRUDERS._replace(disengage=0.0)),
    "unequal": (GUARDS._replace(heads=9), INTRUDERS._replace(heads=2)),
}


def sides(pair: tuple[Side, Side], guards_first: bool) -> tuple[Side, Side]:
    """The pair, one side of which surprises the other."""
    ours, theirs = pair
    factor = (2.0, 1.0) if guards_first else (1.0, 2.0)
    return ours._replace(surprise=factor[0]), theirs._replace(surprise=factor[1])


def drawn(pair: tuple[Side, Side]) -> list[tuple[float, ...]]:
    """Guards killed and wounded, intruders killed and wounded, and the chance that those who got
    away and did not break hit somebody; fight by fight."""
    draw, found = Draws(8).of("fight"), []
    for n in range(SAMPLES):
        ours, theirs = sides(pair, draw.chance(f"first {n}", FIRST))
        result = clash(draw, str(n), ours, theirs, SPREAD)
        end = aftermath(draw, str(n), theirs.heads, theirs.lethality, result, AFTER, CAPTURED)
        hits = 1.0 - (1.0 - P_HIT) ** end.escaped if result.ended_by != "intruders" else 0.0
        found.append(
            (result.killed_guards, result.wounded_guards, end.killed, end.wounded, hits)
        )  # fmt: skip
    return found


@pytest.mark.parametrize("name", PAIRS)
def test_a_fight_costs_what_is_expected(name: str) -> None:
    """Dead and wounded of both sides, and what raiders who get away do, averaged over fights."""
    pair = PAIRS[name]
    fight = expected_harm.solve_fight(FIRST, partial(sides, pair), SPREAD, AFTER)
    columns = fight.columns("militants")
    theory = (*columns.values(), fight.reaching(CAPTURED, P_HIT))
    assert list(columns) == [
        "killed_guards", "wounded_guards", "killed_militants", "wounded_militants",
    ]  # fmt: skip
    for values, mean in zip(zip(*drawn(pair), strict=True), theory, strict=True):
        if mean == 0.0:
            assert not any(values)
        else:
            assert abs(z_mean(values, mean)) < LIMIT
    half = fight.columns("smugglers", 0.5)
    assert half["killed_smugglers"] == pytest.approx(0.5 * columns["killed_militants"])


def test_another_fight_is_found_out() -> None:
    """A wrong lethality, first shot, spread or pursuit gives another figure than the fights do."""
    fights, pair = list(zip(*drawn((GUARDS, INTRUDERS)), strict=True)), (GUARDS, INTRUDERS)
    faults = (
        (FIRST, SPREAD, AFTER, GUARDS._replace(lethality=0.35)),
        (1.0, SPREAD, AFTER, GUARDS),
        (FIRST, 0.0, AFTER, GUARDS),
        (FIRST, SPREAD, Chase(0.8, 0.3), GUARDS),
    )
    for first, spread, after, guards in faults:
        wrong = expected_harm.solve_fight(first, partial(sides, (guards, pair[1])), spread, after)
        figures = (*wrong.columns("militants").values(), wrong.reaching(CAPTURED, P_HIT))
        off = [abs(z_mean(v, mean)) for v, mean in zip(fights, figures, strict=True)]
        assert max(off) > LIMIT


def test_without_rates_nobody_is_hurt_but_those_who_run() -> None:
    """Intruders slip away at once, and are pursued."""
    ours, theirs = GUARDS._replace(rate=0.0), INTRUDERS._replace(rate=0.0, disengage=0.0)
    columns = expected_harm.solve_fight(1.0, lambda _: (ours, theirs), 0.0, AFTER).columns(
        "militants"
    )
    assert columns["killed_guards"] == columns["wounded_guards"] == 0.0
    hit = theirs.heads * 0.4 / 1.7
    assert columns["killed_militants"] == pytest.approx(0.6 * hit)


def test_parts_of_an_expectation_add_up() -> None:
    """Column by column, rounded at their source."""
    both = expected_harm.expectation(
        "i", "infiltration_then_clash", {"killed_guards": 0.1}, {"killed_guards": 0.2 / 3.0}
    )
    assert both == Expectation(
        "i", "infiltration_then_clash", killed_guards=single(0.1 + 0.2 / 3.0)
    )


# -- the ledger -------------------------------------------------------------------------------


STRIKES: dict[str, object] = {
    **ONE_CELL,
    "days": 800.0,
    "cells.modes_off": ["infiltration"],
    "cells.plans_per_year": 400.0,
    "cells.reach_km": 1340.0,
    "strikes.fire_range_km": 8.0,
    "strikes.shared": 0.4,
    "worksites.count": 6,
    "worksites.road_share": 0.3,
    "worksites.hardening": 0.2,
    "villages.per_100_km": 4.0,
}


def test_each_strike_is_in_the_ledger() -> None:
    """One entry for each, under the incident's name and kind, with all it could hit."""
    model = world(STRIKES).run()
    strikes = model.log[Incident]
    assert {i.kind for i in strikes} == {
        "drone_attack_on_workers", "cross_border_fire", "cross_border_fire_on_workers",
    }  # fmt: skip
    assert [(i.identity, i.kind) for i in strikes] == [
        (e.identity, e.kind) for e in model.ledger.values()
    ]
    for column in ("killed_workers_chinese", "wounded_workers_other", "killed_villagers"):
        gaps = [getattr(i, column) - getattr(model.ledger[i.identity], column) for i in strikes]
        assert abs(z_mean(gaps, 0.0)) < LIMIT
        assert abs(z_mean([getattr(i, column) for i in strikes], 0.0)) > LIMIT


def test_nothing_is_decided_twice() -> None:
    """A second expectation of one encounter is refused: it would count twice."""
    model = world()
    one = Expectation("i", "cross_border_fire", killed_guards=0.5)
    model.expect(one)
    with pytest.raises(ValueError, match="i is decided twice"):
        model.expect(one)
    assert list(model.ledger.values()) == [one]


def test_who_is_not_in_the_ledger_counts_as_it_went() -> None:
    """An incident without an expectation counts as it happened; one with an expectation not."""
    model = world({"days": 2.0})
    walkers = cross_at(model, [0.1, 0.2], 600.0)
    model.run_until(0.5)
    for walker, dead in zip(walkers, (2, 3), strict=True):
        if dead == 2:
            walker.passage.expect("smuggling_interdiction", {"killed_guards": 0.25})
        model.announce(
            walker.passage.incident("smuggling_interdiction", clash=True, killed_guards=dead)
        )
    row = model.outcomes()
    assert (row["victims"], row["expected_victims"]) == (5, 3.25)
    assert (row["deaths"], row["expected_deaths"]) == (5, 3.25)
    assert row["expected_guards_killed"] == 3.25


def test_unarmed_smugglers_are_expected_to_hurt_nobody() -> None:
    """They are met, and leave nothing in the ledger; armed ones leave an entry for each meeting."""
    met: dict[str, object] = {
        "days": 200.0, "smugglers.loads_per_year": 2000.0, "posts.p_watch": 1.0,
        "posts.watch_range_night_km": 10.0, "contact.p_turn_back": 0.3,
    }  # fmt: skip
    unarmed = world({**met, "smugglers.p_armed": 0.0}).run()
    assert unarmed.log[Incident]
    assert not unarmed.ledger
    armed = world({**met, "smugglers.p_armed": 1.0}).run()
    clashes = {i.identity for i in armed.log[Incident] if i.clash}
    assert clashes < set(armed.ledger)
