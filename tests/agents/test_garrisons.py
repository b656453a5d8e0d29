"""Who is there when a post is raided: garrison, emphasis of the district, level and leave."""

import pytest
from quiet_worlds import world

from sim.agents.posts import BorderPost

RULES: dict[str, object] = {
    "posts.people": 100,
    "posts.garrison": 20,
    "posts.garrison_emphasis": {"panj": 1.5},
    "alert.levels.routine.leave": 0.25,
    "alert.levels.elevated.garrison": 1.2,
    "alert.levels.elevated.leave": 0.25,
    "alert.levels.heightened.garrison": 1.0,
    "alert.levels.heightened.leave": 0.1,
    "alert.levels.emergency.garrison": 1.5,
    "alert.levels.emergency.leave": 0.0,
}


def posts(changes: dict[str, object] | None = None) -> tuple[BorderPost, BorderPost]:
    """A post of the district with emphasis, and one of another district."""
    model = world({**RULES, **(changes or {})})
    favoured = next(post for post in model.posts if post.sector.slug == "panj")
    plain = next(post for post in model.posts if post.sector.slug == "darvoz")
    return favoured, plain


@pytest.mark.parametrize(
    ("level", "guards"),
    [(0, 20), (1, 24), (2, 24), (3, 40)],
    ids=["as planned", "by the ratio", "by less leave", "by both"],
)
def test_a_level_holds_more_guards_ready(level: int, guards: int) -> None:
    """20 x ratio x (1 - leave) / (1 - leave of routine), and half as many more in one district."""
    favoured, plain = posts()
    for post in (favoured, plain):
        post.sector.set_level(0.0, level)
    assert plain.defenders == guards
    assert favoured.defenders == guards * 3 // 2


def test_the_level_of_another_district_changes_nothing_here() -> None:
    """Emergency in one district leaves the garrisons of the next as they were."""
    favoured, plain = posts()
    favoured.sector.set_level(0.0, 3)
    assert plain.defenders == 20


def test_a_district_may_be_left_without_a_garrison() -> None:
    """An emphasis of 0 leaves nobody to fight."""
    favoured, plain = posts({"posts.garrison_emphasis": {"panj": 0.0}})
    assert (favoured.defenders, plain.defenders) == (0, 20)


def test_no_drone_is_stopped_at_a_post() -> None:
    """Counter-drone cover is for worksites."""
    favoured, _ = posts()
    favoured.sector.set_level(0.0, 3)
    assert favoured.counter_drone == 0.0
