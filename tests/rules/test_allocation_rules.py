"""Allocation rules: they move patrols between districts, and make none."""

from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.errors import PanjError
from sim.model import BorderModel
from sim.rules.allocation import ALLOCATION_RULES, AllocationRule, Review, below_ceiling


def model(allocation: str, **changes: object) -> BorderModel:
    """A model of 30 days with reviews every 5."""
    settings = {"patrols.allocation": allocation, "patrols.review_days": 5.0, "days": 30.0}
    return BorderModel(sim.load("baseline", {**settings, **changes}))


def dealt(world: BorderModel) -> dict[str, float]:
    """Sorties a day of each district's posts together."""
    found = dict.fromkeys((sector.slug for sector in world.sectors), 0.0)
    for post in world.posts:
        found[post.sector.slug] += post.sector.sorties.current
    return found


class East(AllocationRule):
    """All sorties to the last two districts."""

    def sorties(self, review: Review) -> list[float]:
        """Half to each."""
        return [0.0] * (len(review.plan) - 2) + [sum(review.plan) / 2.0] * 2


def test_a_rule_moves_what_the_ceiling_allows() -> None:
    """The last two get half more than their plan, the others what is left; the total stays."""
    sim.allocation_rule("east")(East)
    try:
        world = model("east", **{"patrols.hot_spot_ceiling": 1.5})
        before = dealt(world)
        world.run()
    finally:
        ALLOCATION_RULES.remove("east")
    after = dealt(world)
    assert sum(after.values()) == pytest.approx(sum(before.values()))
    for slug in list(after)[-2:]:
        assert after[slug] == pytest.approx(1.5 * before[slug])
    for slug in list(after)[:-2]:
        assert after[slug] < before[slug]


def test_planned_leaves_patrols_where_they_are() -> None:
    """Whatever the share of the hot spots: the rule that reads it is another."""
    planned = model("planned", **{"patrols.hot_spot_share": 0.5})
    assert planned.run().fingerprint() == model("hot_spot").run().fingerprint()
    assert model("hot_spot", **{"patrols.hot_spot_share": 0.5}).run().fingerprint() != (
        planned.fingerprint()
    )


@pytest.mark.parametrize(
    "answer",
    [None, [], [1.0], [nan] * 13, [-1.0] * 13, ["a"] * 13, [1000.0] * 13],
    ids=["none", "empty", "short", "nan", "negative", "words", "out of nothing"],
)
def test_an_answer_that_makes_no_sense_is_refused(answer: object) -> None:
    """One message that names the rule and the method."""
    answering = type("Answering", (AllocationRule,), {"sorties": lambda self, review: answer})
    sim.allocation_rule("answering")(answering)
    try:
        with pytest.raises(PanjError, match=r"sorties.*Answering returned .*not valid"):
            model("answering").run()
    finally:
        ALLOCATION_RULES.remove("answering")


@given(
    st.lists(st.tuples(st.floats(0.1, 50.0), st.floats(0.0, 1.0)), min_size=2, max_size=15),
    st.floats(1.0, 10.0),
)
def test_the_total_stays_and_no_ceiling_breaks(
    districts: list[tuple[float, float]], ceiling: float
) -> None:
    """Of whatever a rule wants, up to the total: a law for all plans, wishes and ceilings."""
    plan = [planned for planned, _ in districts]
    weight = sum(share for _, share in districts) or 1.0
    wanted = [sum(plan) * share / weight for _, share in districts]
    given_out = below_ceiling(wanted, plan, ceiling)
    assert sum(given_out) == pytest.approx(sum(plan))
    assert all(
        got <= ceiling * planned * (1 + 1e-9) for got, planned in zip(given_out, plan, strict=True)
    )
