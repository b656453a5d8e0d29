"""The clash family: the model's clashes beside the chain, and what wrong ones would show."""

from collections.abc import Callable

import pytest
from judged import failing, named

from sim.agents import cells, encounters, smugglers
from sim.agents.encounters import ClashResult, Side
from sim.engine.draws import Stream
from sim.theory.attrition import clash_odds
from sim.verify import clashes
from sim.verify.fights import Fight

TEN = "10 on 8, r 2"
TABLED = {
    "1 on 1, r 1": (0.5, 0.5, 0.5),
    "3 on 3, r 0.5": (0.22381, 2.51667, 1.11905),
    "4 on 3, r 1": (0.73968, 1.73175, 2.44286),
    "6 on 5, r 1": (0.69696, 3.09573, 4.04532),
    TEN: (0.98202, 2.11578, 7.92993),
}


def test_losses_that_vary_much_are_left_to_a_greater_effort() -> None:
    """Losses that vary as much as their mean: precise with 15,000 clashes, not with 1,000."""
    fight, some = clashes.TO_THE_LAST[TEN][0], [(2, 8), (0, 8), (6, 8), (0, 8), (3, 8)] * 200
    names = [[case.name for case in clashes._cases(TEN, fight, some * n, 1.0)] for n in (1, 15)]
    assert set(names[1]) - set(names[0]) == {f"{TEN}: guards lost"}
    at_a_glance = clashes._cases(TEN, fight, some, 0.05)
    assert [case.name for case in at_a_glance] == names[1]


@pytest.mark.parametrize("name", TABLED)
def test_the_fights_are_those_of_the_table(name: str) -> None:
    """Chance that the guards win and the expected losses, as tabled."""
    odds = clashes.TO_THE_LAST[name][0].odds
    assert (odds.p_guards_win, odds.guards_lost, odds.intruders_lost) == pytest.approx(
        TABLED[name], abs=5e-6
    )


def test_who_fires_first_is_mixed_by_its_chance() -> None:
    """A quarter of the guards' surprise and three quarters of the intruders'."""
    fight = Fight(3, 2, (1.0, 1.0), surprise=4.0, first=0.25)
    ours, theirs = (clash_odds(*fight.sides(first)).p_guards_win for first in (True, False))
    assert ours > theirs
    assert fight.odds.p_guards_win == pytest.approx(0.25 * ours + 0.75 * theirs)


@pytest.mark.parametrize(
    ("fight", "stands"),
    [
        (fight, stands)
        for (fight, _), stands in zip(clashes.MILITANTS.values(), [(4, 3), (6, 4)], strict=True)
    ],
)
def test_the_model_breaks_off_where_the_chain_does(fight: Fight, stands: tuple[int, int]) -> None:
    """The shares given to the model come out as the hits that the chain counts."""
    assert fight.stands == stands
    shares = (
        fight.settings["clash.break_off_guards"],
        fight.settings["clash.break_off_militants"],
    )
    sides = zip((fight.guards, fight.intruders), shares, strict=True)
    assert tuple(Side(n, 1.0, 0.5, share).losses_to_break(0.5) for n, share in sides) == stands  # type: ignore[arg-type]


# -- planted faults -----------------------------------------------------------------------


def stronger(factor: float) -> Callable[[Stream, str, Side, Side], ClashResult]:
    """Clashes in which the guards hit more often than they should."""

    def fought(
        draw: Stream, purpose: str, guards: Side, intruders: Side, spread: float
    ) -> ClashResult:
        faster = guards._replace(rate=factor * guards.rate)
        return encounters.clash(draw, purpose, faster, intruders, spread)

    return fought


def test_guards_that_hit_too_often_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice as often, against smugglers and against parties."""
    monkeypatch.setattr(smugglers, "clash", stronger(2.0))
    monkeypatch.setattr(cells, "clash", stronger(2.0))
    found = failing([*clashes.clashes_to_the_last(0.04), *clashes.militant_clashes(0.08)])
    assert "4 on 3, r 1: guards win" in found
    assert "6 on 5, r 1: guards win" in found
    assert "7 raided by 4, surprise: guards win" in found


@pytest.mark.slow
def test_raiders_who_are_surprised_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Raiders fire first: if nobody had the surprise, guards would win too often."""

    def even(
        draw: Stream, purpose: str, guards: Side, intruders: Side, spread: float
    ) -> ClashResult:
        plain = intruders._replace(surprise=1.0)
        return encounters.clash(draw, purpose, guards._replace(surprise=1.0), plain, spread)

    monkeypatch.setattr(cells, "clash", even)
    assert failing(clashes.militant_clashes(0.5)) != []


@pytest.mark.slow
def test_a_fault_of_a_tenth_is_found_at_the_quick_effort(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards hit 10 % too often."""
    monkeypatch.setattr(smugglers, "clash", stronger(1.1))
    cases = clashes.clashes_to_the_last(1.0)
    assert abs(named(cases, "6 on 5, r 1: guards win").z) >= 4.0
