"""The response family: races of a team against a group that is soon gone."""

from math import exp

import pytest
from judged import failing

from sim.agents import teams
from sim.engine.draws import exponential
from sim.verify import response

STUDIES = (response.raced_parties, response.raced_in_stages, response.raced_smugglers)


def test_what_theory_says_of_the_races() -> None:
    """Rates of 5 to 2; three stages multiplied; a stay of 1.5 searches, fixed and uniform."""
    theory = [case.theory for study in STUDIES for case in study(0.001)]
    stages = 40 / 48 * 40 / 45 * 40 / 46
    uniform = 1.0 - (1.0 - exp(-3.0)) / 3.0
    assert theory == pytest.approx([5 / 7, stages, 1.0 - exp(-1.5), uniform])


# -- planted faults -----------------------------------------------------------------------


@pytest.mark.slow
def test_teams_that_search_too_long_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every time of a team twice as long: all races are lost too often."""
    monkeypatch.setattr(teams, "exponential", lambda u, mean: exponential(u, 2.0 * mean))
    found = [name for study in STUDIES for name in failing(study(0.15))]
    assert len(found) == 4


def test_teams_that_never_miss_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Contact as soon as a team is there."""
    monkeypatch.setattr(teams, "exponential", lambda u, mean: 0.0)
    assert len(failing(response.raced_smugglers(0.02))) == 2


@pytest.mark.slow
def test_a_search_a_tenth_too_long_is_found_at_the_quick_effort(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Against a fixed stay."""
    monkeypatch.setattr(teams, "exponential", lambda u, mean: exponential(u, 1.1 * mean))
    assert failing(response.raced_smugglers(2.0)) != []
