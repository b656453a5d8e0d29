"""A clash solved for all intensities at once, beside the chain solved one intensity at a time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.theory.attrition import End, Side, break_hazards, clash_law
from sim.theory.losses import Chain, Opening, chain
from sim.theory.pursuit import clash_cost, fates

PURSUIT = (0.4, 0.3)
OPENINGS = (Opening(0.7, 1.5, 1.0), Opening(0.3, 1.0, 1.5))


def sides(guards: int, intruders: int, median: float = 0.45) -> tuple[Side, Side]:
    """Two sides with break points that vary."""
    return (
        Side(guards, 0.8, breaks=break_hazards(guards, median, 0.5)),
        Side(intruders, 0.7, breaks=break_hazards(intruders, median, 0.5)),
    )


def opened(pair: tuple[Side, Side], opening: Opening) -> tuple[Side, Side]:
    """The sides with an opening of their own."""
    ours, theirs = pair
    return (
        Side(ours.count, ours.rate, ours.stop, opening.guards, ours.breaks),
        Side(theirs.count, theirs.rate, theirs.stop, opening.intruders, theirs.breaks),
    )


def law(solved: Chain) -> dict[tuple[str, int], float]:
    """The chance of every end by how it came and how many intruders were out of action."""
    found = {}
    for lost in range(len(solved.broken)):
        found["guards_win", lost] = float(solved.won[lost].sum())
        found["disengaged", lost] = float(solved.slipped[lost].sum())
        found["guards_break", lost] = float(solved.broken[lost])
    return found


@settings(max_examples=12, deadline=None)
@given(
    st.integers(1, 7),
    st.integers(1, 7),
    st.sampled_from((0.0, 0.7, 2.0, 3.0)),
    st.sampled_from((0.0, 0.3, 12.0)),
)
def test_every_end_has_its_chance(
    guards: int, intruders: int, spread: float, disengage: float
) -> None:
    """As the law solved state by state has it, for any sizes and spreads, with and without
    slipping away; who fires first is averaged."""
    pair = sides(guards, intruders)
    solved = law(chain(*pair, disengage, spread, OPENINGS))
    want = dict.fromkeys(solved, 0.0)
    for opening in OPENINGS:
        ends: dict[End, float] = clash_law(*opened(pair, opening), disengage, spread)
        for end, chance in ends.items():
            want[end.how, end.intruders_lost] += opening.chance * chance
    assert solved == pytest.approx(want, abs=1e-9)
    assert sum(solved.values()) == pytest.approx(1.0, abs=1e-12)


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 7), st.integers(1, 7), st.sampled_from((0.0, 2.0)), st.booleans())
def test_losses_and_pursuit(guards: int, intruders: int, spread: float, firm: bool) -> None:
    """Guards lost and intruders hit, in the fight and as they run, are those of the full law."""
    pair = (Side(guards, 0.8, guards // 2), Side(intruders, 1.0, intruders - 1))
    pair = pair if firm else sides(guards, intruders)
    solved = chain(*pair, 2.0, spread, (*OPENINGS[:1], Opening(0.3, 1.5, 1.0)))
    full = clash_cost(*opened(pair, OPENINGS[0]), 0.6, PURSUIT, 2.0, spread)
    assert solved.guards_lost == pytest.approx(full.guards_lost, rel=1e-9)
    assert 0.6 * solved.hit(PURSUIT) == pytest.approx(full.mean_killed, rel=1e-9)


def test_who_gets_away_hurts_somebody() -> None:
    """The chance that raiders who did not break hit somebody, added up over every end."""
    pair, lethality, captured, spared = sides(3, 4), 0.6, 0.5, 0.8
    p_hit, p_caught = fates(*PURSUIT)
    theory = 0.0
    for end, chance in clash_law(*pair, 1.0).items():
        left = 4 - end.intruders_lost
        held = end.how == "disengaged"
        hurt = lethality + (1 - lethality) * (captured * held + (1 - captured * held) * spared)
        ran = p_hit * hurt + p_caught + (1.0 - p_hit - p_caught) * spared if held else spared
        if end.how != "guards_win":
            theory += chance * (1.0 - hurt**end.intruders_lost * ran**left)
    assert chain(*pair, 1.0).unbroken(PURSUIT, lethality, captured, spared) == pytest.approx(theory)
    assert chain(*pair, 1.0).unbroken(PURSUIT, lethality, captured, 1.0) == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("guards", "intruders", "end"),
    [(0, 3, ("guards_break", 0)), (3, 0, ("guards_win", 0)), (3, 3, ("disengaged", 0))],
)
def test_nobody_to_fight(guards: int, intruders: int, end: tuple[str, int]) -> None:
    """An empty side breaks at once; without rates the intruders slip away at once."""
    solved = chain(Side(guards, 0.0), Side(intruders, 0.0), 0.0, 1.0)
    assert law(solved)[end] == pytest.approx(1.0)
    assert (solved.guards_lost, solved.intruders_lost) == (0.0, 0.0)
