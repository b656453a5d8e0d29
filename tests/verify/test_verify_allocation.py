"""The allocation family: cameras as the covering game says, and the patrolling game solved."""

import pytest
from judged import blind, failing, named

from sim.agents.detection import Detection
from sim.theory.allocation import line_patrol_value
from sim.verify import allocation


def test_a_glance_at_covering_agrees_with_theory() -> None:
    """At a twelfth of the quick effort, over three covered districts and two open ones.

    Covered districts are worth the same to the attacker, open ones less, an even spread more.
    """
    cases = allocation.covered_districts(0.08)
    assert failing(cases) == []
    assert [case.error == 0.0 for case in cases] == [False, False, False, True, True, False]
    level = named(cases, "jayhun, covered").theory
    assert [case.theory for case in cases[:3]] == pytest.approx([level] * 3)
    assert all(case.theory < level for case in cases[3:5])
    assert named(cases, "even spread").theory == pytest.approx(8.0)


@pytest.mark.slow
@pytest.mark.parametrize("effort", [1.0, 4.0])
def test_covering_holds_and_would_see_a_fault(effort: float) -> None:
    """At the quick effort and at four times it every case holds and every control fails."""
    cases = allocation.covered_districts(effort)
    assert failing(cases) == blind(cases) == []


def test_cameras_that_see_too_much_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dearest district lets less through than the game says; open ones still all."""
    chance = Detection._camera_chance
    monkeypatch.setattr(Detection, "_camera_chance", lambda self: 1.3 * chance(self))
    found = failing(allocation.covered_districts(0.08))
    assert "worth of an attempt in jayhun, covered" in found
    assert "worth of an attempt in rushon, covered" not in found


def test_cameras_where_none_are_due_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A district that ought to be open is exact: a few crossings noticed there are enough."""
    chance = Detection._camera_chance
    monkeypatch.setattr(Detection, "_camera_chance", lambda self: max(chance(self), 0.5))
    found = failing(allocation.covered_districts(0.08))
    assert "worth of an attempt in rushon, covered" in found


def test_the_patrolling_game_is_solved_exactly() -> None:
    """Thirteen games on lines of 4 to 8 nodes, attacks of 1 to 4 periods."""
    cases = allocation.patrolled_lines(1.0)
    assert len(cases) == 13
    assert failing(cases) == blind(cases) == []
    assert named(cases, "8 nodes").theory == pytest.approx(0.3)


def test_another_formula_for_the_patrolling_game_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A formula without its branch for even attacks fails where that branch rules, only there."""

    def without(nodes: int, periods: int) -> float:
        known = line_patrol_value(nodes, periods)
        plain = periods / (nodes + periods - 1)
        return plain if nodes > periods + 1 else known

    monkeypatch.setattr(allocation, "line_patrol_value", without)
    assert failing(allocation.patrolled_lines(1.0)) == [
        "patrolling game, 4 nodes, 2 periods",
        "patrolling game, 6 nodes, 2 periods",
        "patrolling game, 6 nodes, 4 periods",
    ]


@pytest.mark.parametrize(
    ("nodes", "periods", "value"), [(1, 1, 1.0), (2, 1, 0.5), (2, 2, 1.0), (3, 4, 1.0)]
)
def test_the_smallest_games(nodes: int, periods: int, value: float) -> None:
    """One node is always watched, two in turn; who has time for the way and back sees all."""
    assert allocation.game_value(nodes, periods) == pytest.approx(value)
