"""Command: levels and their instants, warnings, hot spots, reserves and demarches."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quiet_worlds import LIMIT, world, z_share

from sim.incidents.records import AlertChange, DiplomaticAct, Incident
from sim.model import BorderModel
from sim.rules.score import Score

SOON = 2e-6  # days: a review comes just after the instant that calls for it
TRIGGERED: dict[str, object] = {
    "alert.policy": "triggered",
    "alert.level": "routine",
    "alert.incident_weight": 1.0,
    "alert.death_weight": 3.0,
    "alert.half_life_days": 8.0,
    "alert.elevated_at": 2.0,
    "alert.heightened_at": 5.0,
    "alert.emergency_at": 9.0,
    "alert.minimum_stay_days": 4.0,
}


def incident(model: BorderModel, km: float = 430.0, deaths: int = 0, clash: bool = True) -> None:
    """A made-up incident, now."""
    now = model.time
    model.announce(
        Incident(f"i/{now}/{km}/{len(model.log)}", "smuggling_interdiction", "smugglers", clash,
                 model.sector_at(km).slug, km, now, now, now, "patrol", None, now, 4,
                 killed_guards=deaths)
    )  # fmt: skip


def history(model: BorderModel, slug: str = "shamsiddin_shohin") -> list[tuple[float, str, str]]:
    """Levels of a district with their instants and causes."""
    rows = [row for row in model.log[AlertChange] if row.district == slug]
    return [(row.at, row.level, row.cause) for row in rows]


# -- the score ----------------------------------------------------------------------------


@given(st.floats(0.5, 100.0), st.floats(0.1, 50.0), st.floats(0.01, 50.0))
def test_a_score_falls_to_a_value_at_the_instant_it_says(
    half_life: float, points: float, value: float
) -> None:
    """At that instant the score is the value, or lower already now."""
    score = Score(half_life)
    score.add(3.0, points)
    when = score.falls_to(3.0, value)
    assert when >= 3.0
    assert score.at(when) == pytest.approx(min(points, value))
    assert score.at(3.0 + half_life) == pytest.approx(0.5 * points)


def test_a_score_never_falls_to_nothing() -> None:
    """Half and half again: zero is not reached."""
    score = Score(5.0)
    score.add(0.0, 1.0)
    assert score.falls_to(0.0, 0.0) == float("inf")


# -- fixed and triggered ------------------------------------------------------------------


def test_a_fixed_level_stays() -> None:
    """Nothing that happens moves it."""
    model = world({"alert.policy": "fixed", "alert.level": "heightened"})
    for n in range(30):
        model.run_until(1.0 + n)
        incident(model, deaths=3)
    model.run()
    assert history(model) == [(0.0, "heightened", "start")]


def test_thresholds_call_for_their_levels() -> None:
    """Scores of 1, 4, 5 and 11 at one instant: routine, elevated, heightened, emergency."""
    for deaths, level in ((0, None), (1, "elevated"), (2, "heightened"), (3, "emergency")):
        model = world({**TRIGGERED, "alert.incident_weight": 1.0})
        model.run_until(10.0)
        incident(model, deaths=deaths)
        expected = [(10.0, level, "incident")] if level else []
        assert history(model)[1:] == expected


def test_what_is_no_clash_does_not_count() -> None:
    """Loads left behind raise no level."""
    model = world(TRIGGERED)
    for _ in range(20):
        incident(model, clash=False)
    assert len(history(model)) == 1


def test_levels_step_down_one_by_one_when_the_score_has_fallen() -> None:
    """Emergency at score 10: down at the fall to 9, 5 and 2, each to the instant."""
    model = world({**TRIGGERED, "alert.minimum_stay_days": 0.5})
    model.run_until(10.0)
    incident(model, deaths=3)
    model.run()
    steps = history(model)[1:]
    assert [level for _, level, _ in steps] == ["emergency", "heightened", "elevated", "routine"]
    expected = [10.0 + 8.0 * log2(10.0 / threshold) for threshold in (9.0, 5.0, 2.0)]
    assert [at for at, _, _ in steps[1:]] == pytest.approx(expected, abs=SOON)
    assert {cause for _, _, cause in steps[1:]} == {"stepped down"}


def test_a_level_is_kept_for_its_minimum_stay() -> None:
    """With a short half-life each level lasts its minimum stay, then one step down."""
    model = world({**TRIGGERED, "alert.half_life_days": 0.5})
    model.run_until(10.0)
    incident(model, deaths=3)
    model.run()
    assert [at for at, _, _ in history(model)[1:]] == pytest.approx(
        [10.0, 14.0, 18.0, 22.0], abs=4 * SOON
    )


def test_a_new_incident_puts_the_step_off() -> None:
    """Raised by score 4; half a half-life on another 4 makes it heightened; both fade together."""
    model = world(TRIGGERED)
    model.run_until(10.0)
    incident(model, deaths=1)
    model.run_until(14.0)
    incident(model, deaths=1)
    score = 4.0 * 2.0**-0.5 + 4.0
    model.run()
    steps = history(model)[1:]
    assert [level for _, level, _ in steps] == ["elevated", "heightened", "elevated", "routine"]
    expected = [10.0, 14.0, *(14.0 + 8.0 * log2(score / t) for t in (5.0, 2.0))]
    expected[2] = max(expected[2], 18.0)
    assert [at for at, _, _ in steps] == pytest.approx(expected, abs=4 * SOON)


def test_the_level_at_rest_is_the_lowest() -> None:
    """With `elevated` at rest the level comes back to it, not below."""
    model = world({**TRIGGERED, "alert.level": "elevated"})
    model.run_until(10.0)
    incident(model, deaths=3)
    model.run()
    assert [level for _, level, _ in history(model)] == [
        "elevated",
        "emergency",
        "heightened",
        "elevated",
    ]


def test_a_threshold_of_zero_is_always_reached() -> None:
    """Threshold 0: elevated from the first review on and never below."""
    model = world({**TRIGGERED, "alert.elevated_at": 0.0})
    model.run_until(10.0)
    incident(model)
    model.run()
    assert [level for _, level, _ in history(model)] == ["routine", "elevated"]


@pytest.mark.parametrize(("scope", "raised"), [("frontier", 13), ("district", 1)])
def test_scope(scope: str, raised: int) -> None:
    """One level for all, or one for the district of the incident."""
    model = world({**TRIGGERED, "alert.scope": scope})
    model.run_until(10.0)
    incident(model, deaths=1)
    changed = {row.district for row in model.log[AlertChange] if row.at == 10.0}
    assert len(changed) == raised
    assert "shamsiddin_shohin" in changed
    levels = [int(sector.level.current) for sector in model.sectors]
    assert sum(levels) == raised


def test_the_raised_level_sends_more_patrols_in_its_district_alone() -> None:
    """Sorties follow the level from its instant on."""
    model = world(
        {**TRIGGERED, "alert.scope": "district", "patrols.sorties_per_day": 2.0,
         "alert.levels.elevated.sorties": 1.5}
    )  # fmt: skip
    model.run_until(10.0)
    incident(model, deaths=1)
    assert list(model.sectors[6].sorties.pieces(9.0, 11.0)) == [(9.0, 10.0, 2.0), (10.0, 11.0, 3.0)]
    assert model.sectors[5].sorties.times == [0.0]


# -- before anything happens --------------------------------------------------------------


def test_the_season_has_its_level() -> None:
    """Raised at midnight on 1 March, and from 1 May on stepped down by one each minimum stay."""
    model = world(
        {
            "alert.policy": "preemptive",
            "alert.season_level": "heightened",
            "alert.season_months": [3, 4],
            "alert.minimum_stay_days": 5.0,
        }
    ).run()
    steps = history(model)
    assert [level for _, level, _ in steps] == ["routine", "heightened", "elevated", "routine"]
    assert [at for at, _, _ in steps] == pytest.approx([0.0, 59.0, 120.0, 125.0], abs=SOON)


def test_a_season_that_has_begun_counts_from_the_start() -> None:
    """January in the season: raised at once."""
    model = world({"alert.policy": "preemptive", "alert.season_months": [1]}).run()
    assert history(model)[1][:2] == (0.0, "heightened")


def test_a_warning_raises_the_level_for_its_time() -> None:
    """Raised when it comes, held for the longer of warning and minimum stay, then down."""
    model = world(
        {
            "alert.policy": "preemptive",
            "alert.season_months": [12],
            "alert.season_level": "elevated",
            "alert.warning_days": 9.0,
            "alert.minimum_stay_days": 2.0,
            "alert.scope": "district",
        }
    )
    model.run_until(20.0)
    model.command.on_warning(6)
    model.run_until(25.0)
    model.command.on_warning(6)
    model.run_until(300.0)
    steps = history(model)
    assert [level for _, level, _ in steps] == ["routine", "elevated", "routine"]
    assert [at for at, _, _ in steps] == pytest.approx([0.0, 20.0, 34.0], abs=SOON)
    assert len(history(model, "panj")) == 1


@pytest.mark.thorough
def test_warnings_come_with_their_chance() -> None:
    """Of a cell's plans 0.6 are learned of; the fixed policy does nothing about them."""
    rules: dict[str, object] = {
        "cells.count": 1,
        "cells.plans_per_year": 400.0,
        "cells.preparation_days": 0.0,
        "cells.regroup_days": 0.0,
        "cells.modes_off": ["infiltration", "drone"],
        "cells.branching": 0.0,
        "strikes.fire_p_hit": 0.0,
        "days": 1500.0,
        "alert.p_warning": 0.6,
    }
    for policy in ("preemptive", "fixed"):
        model = world({**rules, "alert.policy": policy, "alert.season_months": []})
        warnings: list[int] = []
        hear = model.command.on_warning

        def heard(district: int, hear=hear, warnings=warnings) -> None:  # type: ignore[no-untyped-def]
            warnings.append(district)
            hear(district)

        model.command.on_warning = heard  # type: ignore[method-assign,assignment]
        model.run()
        n = len(model.log[Incident])
        assert n > 700
        assert abs(z_share(len(warnings), n, 0.6)) < LIMIT
        assert abs(z_share(len(warnings), n, 0.7)) > LIMIT
        raised = {change.cause for change in model.log[AlertChange]}
        assert ("warning" in raised) == (policy == "preemptive")


# -- hot spots and reserves ---------------------------------------------------------------


def total_sorties(model: BorderModel) -> float:
    """Sorties a day of all posts together."""
    return sum(post.sector.sorties.current for post in model.posts)


def test_a_review_moves_sorties_and_keeps_their_number() -> None:
    """A share of all sorties goes where incidents were, in proportion; the sum is the plan."""
    model = world(
        {
            "patrols.sorties_per_day": 2.0,
            "patrols.hot_spot_share": 0.2,
            "patrols.review_days": 7.0,
            "patrols.hot_spot_ceiling": 10.0,
            "patrols.hot_spot_half_life_days": 30.0,
        }
    )
    planned = total_sorties(model)
    model.run_until(3.0)
    incident(model, km=430.0)
    incident(model, km=430.0)
    incident(model, km=230.0)
    model.run_until(7.0)
    assert total_sorties(model) == pytest.approx(planned)
    posts = [sum(p.sector is s for p in model.posts) for s in model.sectors]
    gained = {
        s.slug: n * (s.sorties.current - 0.8 * 2.0)
        for s, n in zip(model.sectors, posts, strict=True)
    }
    hot, warm = model.sector_at(430.0).slug, model.sector_at(230.0).slug
    assert gained.pop(hot) == pytest.approx(0.2 * planned * 2.0 / 3.0)
    assert gained.pop(warm) == pytest.approx(0.2 * planned / 3.0)
    assert all(gain == pytest.approx(0.0, abs=1e-9) for gain in gained.values())


def test_the_ceiling_bounds_what_a_district_gets() -> None:
    """A factor of at most 1.5 where all the heat is in one district."""
    model = world(
        {"patrols.sorties_per_day": 2.0, "patrols.hot_spot_share": 0.5,
         "patrols.hot_spot_ceiling": 1.5}
    )  # fmt: skip
    incident(model)
    model.run_until(8.0)
    assert model.sector_at(430.0).sorties.current == pytest.approx(3.0)


def test_without_incidents_nothing_moves() -> None:
    """A review without incidents leaves the plan as it is."""
    model = world({"patrols.sorties_per_day": 2.0, "patrols.hot_spot_share": 0.5}).run()
    assert all(sector.sorties.times == [0.0] for sector in model.sectors)


def test_reserves_go_where_it_is_hottest() -> None:
    """Three reserve teams: hottest, next, and again the hottest of two districts with heat."""
    model = world({"teams.reserve": 3, "patrols.review_days": 7.0})
    incident(model, km=430.0, deaths=3)
    incident(model, km=230.0)
    model.run_until(7.0)
    hot, warm = model.sector_at(430.0), model.sector_at(230.0)
    assert [team.km for team in model.dispatch.teams] == [
        hot.middle_km,
        warm.middle_km,
        hot.middle_km,
    ]


def test_a_reserve_that_is_out_stays_where_it_is() -> None:
    """Only teams that are free are moved."""
    model = world({"teams.reserve": 1, "patrols.review_days": 7.0, "teams.reach_hours": 240.0,
                   "false_alarms.search_hours": 48.0})  # fmt: skip
    base = model.dispatch.teams[0].km
    incident(model, km=430.0)
    model.run_until(6.9)
    model.dispatch.false_alarm("x", model.sectors[0], base)
    model.run_until(7.0)
    assert model.dispatch.teams[0].km == base
    model.run_until(14.0)
    assert model.dispatch.teams[0].km == model.sector_at(430.0).middle_km


# -- diplomacy ----------------------------------------------------------------------------


@pytest.mark.parametrize(("limit", "acts"), [(0, 0), (2, 2), (3, 1)])
def test_demarches_follow_deaths(limit: int, acts: int) -> None:
    """Incidents with 1, 2 and 3 victims: a demarche for each at or above the limit; 0 is never."""
    model = world({"diplomacy.demarche_deaths": limit})
    for deaths in (0, 1, 2, 3):
        incident(model, deaths=deaths)
    assert len(model.log[DiplomaticAct]) == acts
