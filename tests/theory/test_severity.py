"""How many die when somebody dies: the closed form at the defaults, beside the dated rows."""

from functools import cache
from math import log

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import betabinom

from sim.incidents.seeds import read_incidents
from sim.scenario.spec import Scenario
from sim.theory.attrition import Side, break_hazards
from sim.theory.pursuit import clash_cost

SPEC = Scenario()
BY_TEAM = {"smugglers": 0.4, "militants": 0.85}
"""Share of contacts through a team in years of the baseline; the others are with four guards."""

DEPTH = {False: 0.3, True: 4.0}
"""About how many km behind the line contacts at the line and through a team happen."""

ROWS = (
    ("militants", 3, 3), ("militants", 3, 3), ("militants", 2, 2),
    ("smugglers", 7, 2), ("smugglers", 5, 2), ("smugglers", 2, 1), ("smugglers", 12, 3),
    ("smugglers", 9, 1),
)  # fmt: skip
"""Intruders met, group and dead: dated rows with a size and a death (see the first test)."""


@cache
def law(actor: str, size: int) -> tuple[float, ...]:
    """Chances of 0, 1, ... dead of a clash of the model with such a group."""
    rules, contact = SPEC.clash, SPEC.contact
    militants = actor == "militants"
    gives_up = (
        contact.p_surrender_cordon_militants if militants else contact.p_surrender_cordon_smugglers
    )
    team = BY_TEAM[actor]
    ways = {
        (False, False): 1.0 - team,
        (True, False): team * (1.0 - contact.p_cordon),
        (True, True): team * contact.p_cordon * (1.0 - gives_up),
    }
    total = np.zeros(size + 1)
    for (sent, ring), weight in ways.items():
        guards = SPEC.teams.size if sent else SPEC.posts.guards_on_watch
        rate = rules.militant_rate if militants else rules.smuggler_rate
        away = rules.disengage_militants if militants else rules.disengage_rate
        median = rules.break_off_militants if militants else rules.break_off_smugglers
        ease = rules.pursuit_night * 0.85 * (1.0 + DEPTH[sent] * rules.pursuit_depth)
        if ring:
            rate, away = rate * contact.cordon_cover, away * contact.cordon_leak
            ease *= contact.cordon_hold
        first = 1.0 if ring else rules.p_guards_first
        for chance, ours, theirs in (
            (first, rules.surprise_factor, 1.0), (1.0 - first, 1.0, rules.surprise_factor),
        ):  # fmt: skip
            sides = [
                Side(n, r, 0, opening, break_hazards(n, m, rules.break_spread))
                for n, r, opening, m in (
                    (guards, rules.guard_rate, ours, rules.break_off_guards),
                    (size, rate, theirs, median),
                )
            ]
            lethality = rules.lethality_militants if militants else rules.lethality_smugglers
            found = clash_cost(
                sides[0], sides[1], lethality,
                (rules.pursuit_hit * ease, rules.pursuit_caught * ease),
                away, rules.intensity_spread,
            )  # fmt: skip
            total += weight * chance * np.array(found.killed)
    return tuple(total / total.sum())


def test_the_rows_are_those_of_the_seed_table() -> None:
    """Dated clashes with a known size of group and a death, as the table has them."""
    found = sorted(
        (row.group_size, row.killed_intruders)
        for row in read_incidents()
        if row.kind in ("smuggling_interdiction", "infiltration_then_clash")
        and row.date_start is not None and row.group_size and row.killed_intruders
    )  # fmt: skip
    assert found == sorted((size, dead) for _, size, dead in ROWS)


def fitted() -> float:
    """Log likelihood, given a death, of the beta-binomial that fits the rows best."""

    def loss(logs: np.ndarray) -> float:
        a, b = np.exp(logs)
        terms = [
            betabinom.logpmf(dead, size, a, b) - np.log1p(-betabinom.pmf(0, size, a, b))
            for _, size, dead in ROWS
        ]
        return -float(np.sum(terms))

    starts = ([0.0, 0.0], [-1.0, 0.0], [1.0, 1.0])
    return -min(minimize(loss, start, method="Nelder-Mead").fun for start in starts)


@pytest.mark.thorough
def test_the_rows_are_as_likely_as_under_a_law_made_for_them() -> None:
    """Given a death, the log likelihood is no more than 1 below that of the fitted law."""
    model = sum(log(law(who, n)[dead] / (1.0 - law(who, n)[0])) for who, n, dead in ROWS)
    assert model > fitted() - 1.0
    assert fitted() == pytest.approx(-10.93, abs=0.02)


@pytest.mark.thorough
def test_none_some_or_all_may_die() -> None:
    """Every number of dead has a positive chance at the defaults, in the groups of the rows."""
    for actor, size in {row[:2] for row in ROWS}:
        assert min(law(actor, size)) > 0.0, (actor, size)


@pytest.mark.slow
@pytest.mark.parametrize("actor", BY_TEAM)
@pytest.mark.parametrize("size", [1, 12, 20])
def test_so_it_is_in_other_groups(actor: str, size: int) -> None:
    """Alone, and in groups as large as any."""
    assert min(law(actor, size)) > 0.0


def test_deadly_clashes_with_smugglers_often_kill_several() -> None:
    """Of groups of four to six in which somebody dies, two or more do in over a quarter."""
    for size in (4, 5, 6):
        chances = law("smugglers", size)
        assert sum(chances[2:]) > 0.25 * (1.0 - chances[0])
