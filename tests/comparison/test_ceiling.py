"""How near patrols come to the most possible: limits, bounds, and the model itself."""

from math import exp, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic import policies

import sim
from sim.comparison.ceiling import CeilingRow, basis, ceiling
from sim.comparison.ceiling_words import one, sentences
from sim.comparison.comparison import compare
from sim.comparison.planned_patrols import cells_of, days_of
from sim.comparison.terms import PLAIN
from sim.frontier.ground import Ground
from sim.incidents.records import Crossing
from sim.model import BorderModel
from sim.scenario.catalogue import names
from sim.verify.scenarios import IGNORED_PATROLS, PATROLS_ALONE

LAND = Ground.default()

LIMIT = 4.0
TERRAINS = ("lowland", "foothill", "gorge", "high_valley", "alpine")
UNTIRED = {"readiness.effect_on_sighting": 0.0}
ALIKE = {
    **UNTIRED,
    **{f"exposure.hours.{name}": 1.0 for name in TERRAINS},
    **{f"patrols.range_factor.{name}": 1.0 for name in TERRAINS},
    "exposure.river_effect": 0.0,
    "exposure.night_factor": 1.0,
    "patrols.night_speed_factor": 1.0,
    "patrols.sight_range_day_km": 0.0,
    "patrols.sight_range_night_km": 0.0,
    "alert.level": "routine",
}
"""One hour in the open at any place and time; only speeds differ."""
UNHEEDED = {**PATROLS_ALONE, **IGNORED_PATROLS, "sign.life_hours": 0.0}
"""Only patrols look, and nobody reacts to them."""


def row(**changes: object) -> CeilingRow:
    """The baseline with changes; dots are written as double underscores."""
    return ceiling(sim.load("baseline", {k.replace("__", "."): v for k, v in changes.items()}))


def world(changes: dict[str, object]) -> CeilingRow:
    """The baseline with changes by dotted keys."""
    return ceiling(sim.load("baseline", changes))


@pytest.fixture(scope="module")
def baseline() -> CeilingRow:
    """The shipped baseline."""
    return ceiling(sim.load("baseline"), "baseline")


def within(found: CeilingRow) -> bool:
    """Whether chances are chances and no ceiling is exceeded."""
    shares = [s for s in (found.expected_reached, found.guaranteed_reached) if s is not None]
    return (
        0.0 <= found.expected <= found.expected_most * (1 + 1e-9) <= 1.0 + 2e-9
        and 0.0 <= found.guaranteed <= found.guaranteed_most * (1 + 1e-9) <= 1.0 + 2e-9
        and all(0.0 <= share <= 1.0 + 1e-9 for share in shares)
    )


# -- against the model ------------------------------------------------------------------------


def seen_in_a_run(changes: dict[str, object]) -> tuple[float, float, float]:
    """Share of the groups of a run that patrols saw, its standard error, and what was computed."""
    spec = sim.load("baseline", {**UNHEEDED, **changes})
    crossings = BorderModel(spec, 3).run().log[Crossing]
    share = sum(each.cue == "patrol" for each in crossings) / len(crossings)
    return share, sqrt(share * (1.0 - share) / len(crossings)), ceiling(spec).expected


MANY = {"patrols.sorties_per_day": 6.0, "patrols.p_sight": 1.0}


def test_a_run_sees_what_is_computed() -> None:
    """About 2,500 groups in 90 days: |z| < 4; wrong by a quarter would give |z| > 6."""
    share, error, want = seen_in_a_run(
        {**MANY, "smugglers.loads_per_year": 9000.0, "days": 90.0, "smugglers.season_effect": 0.0}
    )
    assert abs(share - want) < LIMIT * error
    assert 0.25 * want > 6.0 * error


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        MANY,
        {**MANY, "patrols.schedule": "regular"},
        {**MANY, "patrols.schedule": "jittered"},
        {"patrols.sorties_per_day": 12.0, "patrols.p_sight": 0.7, "exposure.law": "exponential",
         "smugglers.night_share": 0.4, "days": 200.0},
        {**MANY, "alert.policy": "preemptive",
         "alert.p_warning": 0.0, "exposure.river_effect": 2.0},
        {**MANY, "patrols.emphasis": {"panj": 4.0, "hamadoni": 0.0}},
    ],
    ids=["random", "regular", "jittered", "exponential", "preemptive", "emphasis"],
)  # fmt: skip
def test_a_year_sees_what_is_computed(changes: dict[str, object]) -> None:
    """About 37,000 groups under every schedule: |z| < 4; wrong by 6 % would give |z| > 6."""
    share, error, want = seen_in_a_run({"smugglers.loads_per_year": 40_000.0, **changes})
    assert abs(share - want) < LIMIT * error
    assert 0.06 * want > 6.0 * error


def test_patrols_out_are_those_that_are_paid_for(baseline: CeilingRow) -> None:
    """Guard-hours on patrol in the accounts are patrols out, times their size, times hours."""
    spec = sim.load("baseline", {"days": 10.0, "smugglers.loads_per_year": 0.0, "cells.count": 0})
    spent = BorderModel(spec, 1).run().accounts().patrol_guard_hours
    assert baseline.patrols_out * spec.patrols.size * 240.0 == pytest.approx(spent)


def test_cells_cover_the_line_once() -> None:
    """Cells add up to the line; the ends have a place and no length."""
    model = BorderModel(sim.load("baseline"), 1)
    inner, ends = cells_of(model), cells_of(model, ends=True)
    assert inner.length.sum() == pytest.approx(LAND.length_km)
    assert ends.length.sum() == pytest.approx(LAND.length_km)
    assert len(ends.km) - len(inner.km) == 4 * len(model.posts)
    assert (inner.place <= inner.half).all()


def test_days_follow_the_season_and_tire() -> None:
    """A preemptive policy has its season's sorties then; readiness falls meanwhile."""
    days = days_of(BorderModel(sim.load("preemptive_season"), 1))
    high = [day for day in days if day.sorties == 2.0]
    assert {day.sorties for day in days} == {1.4, 2.0}
    assert [day.day >= 243 for day in days] == [day in high for day in days]
    assert high[-1].readiness < high[0].readiness < 0.9


# -- limits -----------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [{"patrols__sorties_per_day": 0.0}, {"patrols__p_sight": 0.0}])
def test_nobody_walks_or_sees(changes: dict[str, object]) -> None:
    """No sorties, or blind ones: nothing is reached of nothing."""
    found = row(**changes)
    assert (found.expected, found.expected_most, found.guaranteed, found.guaranteed_most) == (
        0.0, 0.0, 0.0, 0.0,
    )  # fmt: skip
    assert found.expected_reached is None
    assert found.guaranteed_reached is None
    assert found.weakest is None
    assert one(found, PLAIN).endswith("see nobody.")


@pytest.mark.parametrize("schedule", ["random", "regular", "jittered"])
def test_patrols_everywhere_all_the_time(schedule: str) -> None:
    """A sortie every hour each way, and half a day in the open: everybody is seen."""
    found = world({
        **UNTIRED, "patrols.schedule": schedule, "patrols.sorties_per_day": 48.0,
        "patrols.p_sight": 1.0, "exposure.shortest_hours": 12.0, "exposure.longest_hours": 12.0,
        "days": 2.0, "posts.spacing_km": 120.0, "patrols.off_path_factor": 3.0,
    })  # fmt: skip
    assert min(found.expected, found.guaranteed) == pytest.approx(1.0, abs=1e-3)
    assert found.expected_most == pytest.approx(1.0)
    assert found.guaranteed_most == pytest.approx(1.0)
    assert within(found)


def test_one_who_knows_the_clock_is_never_seen() -> None:
    """Gaps longer than the time in the open: nothing is guaranteed, and no place is worse."""
    found = row(patrols__schedule="regular", days=3.0)
    assert (found.guaranteed, found.guaranteed_reached, found.weakest) == (0.0, 0.0, None)
    assert found.guaranteed_most > 0.0


def test_without_gaps_the_clock_guarantees_something() -> None:
    """A sortie each way every 2 h 24 min and three hours in the open: one look at least."""
    found = world({
        **ALIKE, "patrols.schedule": "regular", "patrols.sorties_per_day": 20.0,
        "exposure.shortest_hours": 3.0, "exposure.longest_hours": 3.0, "days": 2.0,
        "posts.spacing_km": 60.0,
    })  # fmt: skip
    assert found.guaranteed >= 0.3
    assert within(found)


def test_delays_over_the_whole_period_leave_no_gap() -> None:
    """Half of the period free of departures can be waited for; none of it cannot."""
    few = {"days": 3.0, "posts__spacing_km": 40.0}
    half = row(patrols__schedule="jittered", patrols__jitter=0.5, **few)
    whole = row(patrols__schedule="jittered", patrols__jitter=1.0, **few)
    assert half.guaranteed == 0.0
    assert whole.guaranteed > row(**few).guaranteed


def test_a_random_schedule_in_closed_form() -> None:
    """Alike everywhere: looks at the far end come in pairs, and that is where one goes.

    One sortie a day each way, an hour in the open, no reach: 1 - exp(-(1 - (1 - q)^2) / 24).
    """
    found = world({**ALIKE, "days": 5.0})
    assert found.guaranteed == pytest.approx(1.0 - exp(-(1.0 - 0.7**2) / 24.0))
    assert found.guaranteed_most == pytest.approx(0.3 * 2.0 / 24.0)


def test_what_follows_incidents_leaves_the_rest_with_less(baseline: CeilingRow) -> None:
    """Half of the sorties gone: half of the looks, of a Poisson number; the budget is the same."""
    found = ceiling(sim.load("hot_spot_surge"))
    assert 1.0 - found.guaranteed == pytest.approx(sqrt(1.0 - baseline.guaranteed))
    assert found.guaranteed_most == baseline.guaranteed_most
    assert found.expected == baseline.expected
    kept = ceiling(sim.load("hot_spot_surge", {"patrols.hot_spot_ceiling": 1.0}))
    assert kept.guaranteed == baseline.guaranteed


def test_an_empty_district_guarantees_nothing() -> None:
    """Where no sortie goes one who looks first goes; what could be promised is less by its walk."""
    found = row(patrols__emphasis={"darvoz": 0.0}, days=30.0)
    assert found.guaranteed == 0.0
    assert 0.0 < found.guaranteed_most < row(days=30.0).guaranteed_most


def test_patrols_sent_to_the_flow_expect_more_and_guarantee_less(baseline: CeilingRow) -> None:
    """Twice the sorties where a third of the flow is, and half elsewhere: the two pull apart."""
    emphasis = {d.slug: 2.0 if d.slug == "shamsiddin_shohin" else 0.5 for d in LAND.districts}
    found = row(patrols__emphasis=emphasis)
    assert found.expected_reached is not None
    assert baseline.expected_reached is not None
    assert found.expected_reached > baseline.expected_reached
    assert found.guaranteed < baseline.guaranteed
    assert found.weakest != "shamsiddin_shohin"


def test_without_a_flow_nothing_is_expected() -> None:
    """Weights of zero everywhere: nobody comes, and nothing is divided by zero."""
    spec = sim.load("baseline", {"days": 10.0, "smugglers.night_share": 1.0,
                                 "host_state.control": 1.0, "host_state.control_by_district": {},
                                 "host_state.effect_on_smuggling": 1.0})  # fmt: skip
    found = ceiling(spec)
    assert (found.expected, found.expected_most, found.expected_reached) == (0.0, 0.0, None)
    assert found.guaranteed > 0.0
    assert "see 0 %" in one(found, PLAIN)


# -- never above the ceiling ------------------------------------------------------------------


DISTINCT = ("baseline", "hot_spot_surge", "jittered_patrols", "preemptive_season",
            "regular_patrols", "routine_always")  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> list[CeilingRow]:
    """Rows of the shipped scenarios that patrol each in a way of its own."""
    return [ceiling(sim.load(name), name) for name in DISTINCT]


def test_the_shipped_scenarios_stay_below(shipped: list[CeilingRow]) -> None:
    """Shares lie in [0, 1]; each row is under the name it was asked for, in that order."""
    assert [found.scenario for found in shipped] == list(DISTINCT)
    for found in shipped:
        assert within(found), found


@pytest.mark.slow
def test_all_the_shipped_scenarios_stay_below() -> None:
    """The same for every one of them."""
    for name in names():
        assert within(ceiling(sim.load(name), name)), name


LEVERS = {
    "patrols.schedule": st.sampled_from(["random", "regular", "jittered"]),
    "patrols.jitter": st.floats(0.0, 1.0),
    "patrols.sorties_per_day": st.just(0.0) | st.floats(0.01, 12.0),
    "patrols.p_sight": st.just(0.0) | st.floats(0.01, 1.0),
    "patrols.night_speed_factor": st.floats(0.3, 1.0),
    "patrols.off_path_factor": st.floats(0.3, 3.0),
    "patrols.sight_range_day_km": st.floats(0.0, 3.0),
    "patrols.sight_range_night_km": st.floats(0.0, 3.0),
    "patrols.emphasis": st.dictionaries(
        st.sampled_from([d.slug for d in LAND.districts]), st.floats(0.0, 3.0), max_size=4
    ),
    "patrols.hot_spot_share": st.floats(0.0, 1.0),
    "posts.spacing_km": st.floats(60.0, 160.0),
    "exposure.night_factor": st.floats(0.2, 4.0),
    "exposure.river_effect": st.floats(0.0, 3.0),
    "exposure.law": st.sampled_from(["fixed", "exponential"]),
    "smugglers.night_share": st.floats(0.0, 1.0),
    "alert.policy": st.sampled_from(["fixed", "triggered", "preemptive"]),
    "readiness.effect_on_sighting": st.floats(0.0, 2.0),
    "days": st.floats(0.5, 400.0),
}


def varied(draw: dict[str, object]) -> None:
    """One scenario of the levers stays below its ceilings."""
    found = world(draw)
    assert within(found), found


@settings(max_examples=3, deadline=None)
@given(st.fixed_dictionaries(LEVERS))
def test_no_ceiling_is_exceeded(draw: dict[str, object]) -> None:
    """Whatever the levers: chances are chances, and shares lie in [0, 1]."""
    varied(draw)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries(LEVERS))
def test_no_ceiling_is_ever_exceeded(draw: dict[str, object]) -> None:
    """The same, looked for harder."""
    varied(draw)


# -- words ------------------------------------------------------------------------------------


def test_what_depends_on_incidents_is_said() -> None:
    """Only policies that wait for incidents or follow them have a basis to tell."""
    told = {name: basis(sim.load(name)) for name in names()}
    assert {name for name, words in told.items() if words} == {
        "hot_spot_surge", "preemptive_season", "surge_after_attack", "triggered",
        "triggered_by_district",
    }  # fmt: skip
    assert "routine" in told["triggered"]


def test_sentences_say_the_figures(shipped: list[CeilingRow]) -> None:
    """The first scenario in full, then the span of all, then who guarantees nothing."""
    terms = PLAIN.exactly(DISTINCT)
    first, rest = sentences(shipped, terms)
    assert first.startswith("baseline: 69 patrols are out at a time. They see 3.6 % of")
    assert "comes to jayhun by night and is seen with a probability of 2.5 %" in first
    assert "0 % to 69 %" in rest
    assert "jittered_patrols and regular_patrols guarantee nothing" in rest
    assert sentences([], terms) == []
    assert len(sentences(shipped[:1], terms)) == 1


def test_a_table_without_rows_has_its_columns() -> None:
    """Without the option there is no row, but the columns exist."""
    table = compare(policies(3)).table("ceiling")
    assert table.num_rows == 0
    assert table.column_names == list(CeilingRow.__annotations__)
