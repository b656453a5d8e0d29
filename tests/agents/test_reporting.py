"""What becomes known of what happened: chances by deaths, lag, and the wrong name."""

from dataclasses import replace

import pytest
from quiet_worlds import LIMIT, z_mean, z_share

from sim.agents.reporting import chance_of_report, reported
from sim.engine.draws import Draws
from sim.incidents.kinds import ACTORS
from sim.incidents.records import Incident
from sim.scenario.spec_society import Reporting

N = 4000
RULES = Reporting(
    p_quiet=0.3,
    p_clash=0.6,
    p_intruder_death=0.8,
    p_victim_death=1.0,
    lag_days=2.5,
    p_actor_known=0.7,
)
QUIET = Incident("i", "smuggling_interdiction", "smugglers", False, "panj", 230.0, 50.0,
                 None, None, None, None, None, 4)  # fmt: skip

CASES = {
    "quiet": (QUIET, 0.3),
    "clash": (QUIET._replace(clash=True), 0.6),
    "attack without a clash": (QUIET._replace(actor="militants"), 0.6),
    "dead smuggler": (QUIET._replace(clash=True, killed_smugglers=1), 0.8),
    "dead militant": (QUIET._replace(actor="militants", killed_militants=2), 0.8),
    "dead guard": (QUIET._replace(clash=True, killed_guards=1, killed_smugglers=3), 1.0),
    "dead worker": (QUIET._replace(killed_workers_chinese=1), 1.0),
    "dead villager": (QUIET._replace(killed_villagers=1), 1.0),
    "wounded only": (QUIET._replace(clash=True, wounded_guards=5), 0.6),
}


def many(incident: Incident) -> list[Incident]:
    """The same incident under many names, each reported or not."""
    draws = Draws(4)
    return [reported(draws, RULES, incident._replace(identity=f"i{n}")) for n in range(N)]


@pytest.mark.parametrize("name", CASES)
def test_the_chance_of_a_report_follows_the_dead(name: str) -> None:
    """Victims first, then dead intruders, then clashes and attacks, then the rest."""
    incident, p = CASES[name]
    assert chance_of_report(RULES, incident) == p
    known = sum(i.reported_at is not None for i in many(incident))
    if p == 1.0:
        assert known == N
    else:
        assert abs(z_share(known, N, p)) < LIMIT
        assert abs(z_share(known, N, 0.85 * p)) > LIMIT  # a wrong theory fails


def test_reports_lag_exponentially() -> None:
    """Mean 2.5 days after the incident, never before it."""
    lags = [(i.reported_at or 0.0) - i.at for i in many(CASES["dead guard"][0])]
    assert min(lags) > 0.0
    assert abs(z_mean(lags, 2.5)) < LIMIT
    assert abs(z_mean(lags, 2.75)) > LIMIT


@pytest.mark.parametrize("actor", ["smugglers", "militants"])
def test_a_report_names_the_right_actor_with_its_chance(actor: str) -> None:
    """0.7 right, else the other kind; what happened itself is not changed."""
    incident = CASES["dead guard"][0]._replace(actor=actor)  # type: ignore[arg-type]
    rows = many(incident)
    right = sum(row.reported_actor == actor for row in rows)
    assert abs(z_share(right, N, 0.7)) < LIMIT
    assert abs(z_share(right, N, 0.75)) > LIMIT
    assert {row.reported_actor for row in rows} == {"smugglers", "militants"}
    assert {row.actor for row in rows} == {actor}


def test_a_wrong_report_names_one_of_those_it_may_be_mistaken_for() -> None:
    """Of two wrong names either comes in half of the wrong reports; with none all are right."""
    one = replace(ACTORS["smugglers"], name="scouts", mistaken_for=("smugglers", "militants"))
    sure = replace(one, name="known", mistaken_for=())
    try:
        ACTORS.register(one)
        ACTORS.register(sure)
        rows = many(CASES["dead guard"][0]._replace(actor="scouts"))
        wrong = [row.reported_actor for row in rows if row.reported_actor != "scouts"]
        assert abs(z_share(len(wrong), N, 0.3)) < LIMIT
        assert abs(z_share(wrong.count("militants"), len(wrong), 0.5)) < LIMIT
        assert set(wrong) == {"smugglers", "militants"}
        rows = many(CASES["dead guard"][0]._replace(actor="known"))
        assert {row.reported_actor for row in rows} == {"known"}
    finally:
        ACTORS.remove("scouts")
        ACTORS.remove("known")


def test_what_is_not_reported_has_no_date_and_no_name() -> None:
    """Date and actor of a report are there together or not at all."""
    rows = many(QUIET)
    assert all((row.reported_at is None) == (row.reported_actor is None) for row in rows)
    assert {row._replace(identity="", reported_at=None, reported_actor=None) for row in rows} == {
        QUIET._replace(identity="")
    }


def test_a_better_press_reports_all_that_a_worse_one_did() -> None:
    """A larger chance keeps every report of a smaller one, with its date."""
    draws = Draws(4)
    better = RULES.model_copy(update={"p_quiet": 0.7})
    for n in range(500):
        incident = QUIET._replace(identity=f"i{n}")
        few, more = reported(draws, RULES, incident), reported(draws, better, incident)
        assert few.reported_at in (None, more.reported_at)
