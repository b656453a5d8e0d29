"""Parties: how many go, from whom, and who of them comes home."""

from collections import Counter
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quiet_worlds import CROSS_ONLY, ONE_CELL, assert_share, exposed_for, world

from sim.agents.parties import Lent, gather, needed, power_law, split_survivors
from sim.engine.draws import Draws
from sim.incidents.records import Crossing, Incident
from sim.scenario.spec_threat import Cells


class Neighbour(NamedTuple):
    """A cell with people to spare."""

    spare: int
    gone: list[int]

    def lend(self, people: int) -> None:
        """So many leave."""
        self.gone.append(people)


@given(st.integers(1, 30), st.integers(0, 30), st.floats(0.0, 5.0))
def test_sizes_follow_the_power_law(least: int, further: int, exponent: float) -> None:
    """Over an even grid of luck each size comes in proportion to its power, within the grid."""
    most, grid = least + further, 2000
    seen = Counter(power_law((k + 0.5) / grid, least, most, exponent) for k in range(grid))
    weights = {n: n**-exponent for n in range(least, most + 1)}
    total = sum(weights.values())
    assert set(seen) <= set(weights)
    for n, weight in weights.items():
        assert seen[n] == pytest.approx(grid * weight / total, abs=1.01)


@given(st.floats(0.0, 1.0, exclude_max=True), st.floats(0.0, 3.0), st.floats(0.0, 3.0))
def test_a_steeper_law_sends_no_more(u: float, a: float, b: float) -> None:
    """With the same luck, the larger exponent gives no larger party."""
    flat, steep = sorted((a, b))
    assert power_law(u, 2, 20, steep) <= power_law(u, 2, 20, flat)


def test_a_party_is_large_enough_for_its_target() -> None:
    """A quarter of the defenders or the least party, whichever is more."""
    rules = Cells(raid_ratio=0.25, party_least=2)
    assert [needed(rules, defenders) for defenders in (0, 3, 8, 20, 21)] == [2, 2, 2, 5, 6]


def test_neighbours_lend_what_they_can_spare_the_first_first() -> None:
    """Seven are missing: four from the first, none from the second, three from the third."""
    cells = [Neighbour(4, []), Neighbour(0, []), Neighbour(9, [])]
    lent = gather(cells, 7)  # type: ignore[arg-type]
    assert [(cells.index(each.cell), each.people) for each in lent] == [(0, 4), (2, 3)]  # type: ignore[arg-type]
    assert [cell.gone for cell in cells] == [[4], [], [3]]


@given(
    st.integers(0, 20),
    st.lists(st.integers(1, 10), max_size=4),
    st.data(),
    st.integers(0, 2**32),
)
def test_losses_fall_on_all_in_proportion(
    own: int, gave: list[int], data: st.DataObject, seed: int
) -> None:
    """Survivors add up; each list loses its share of the dead to within one, and never more."""
    size = own + sum(gave)
    if size == 0:
        return
    survivors = data.draw(st.integers(0, size))
    lent = [Lent(Neighbour(0, []), people) for people in gave]  # type: ignore[arg-type]
    back = split_survivors(Draws(seed).of("operation"), lent, size, survivors)
    assert sum(back) == survivors
    for given_, home in zip([own, *gave], back, strict=True):
        assert 0 <= home <= given_
        assert abs((given_ - home) - (size - survivors) * given_ / size) < 1.0


TOGETHER: dict[str, object] = {
    **CROSS_ONLY,
    **exposed_for(0.5),
    "days": 700.0,
    "cells.count": 6,
    "cells.district_weights.panj": 0.0,
    "cells.strength": 6,
    "cells.recruits_per_year": 0.0,
    "cells.reach_km": 1340.0,
    "cells.plans_per_year": 10.0,
    "cells.branching": 0.0,
    "cells.party_exponent": 0.0,
    "cells.march_km_h": 10.0,
    "cells.hide_hours": 1.0,
    "clash.guard_rate": 0.0,
    "clash.militant_rate": 0.0,
    "posts.garrison": 20,
    "cells.raid_ratio": 0.5,
}
"""Six cells of six; posts that need ten; nobody is ever hurt."""


def test_cells_join_to_attack_what_none_could_alone() -> None:
    """Parties of ten and more, whose people are all home in their own cells at the end."""
    model = world(TOGETHER)
    model.run()
    sizes = [crossing.size for crossing in model.log[Crossing]]
    assert len(sizes) > 20
    assert min(sizes) >= 10
    assert all(not i.killed_militants for i in model.log[Incident])
    away = sum(each.people for cell in model.cells for each in cell._lent)
    assert sum(cell.strength for cell in model.cells) + away == 36


def test_a_cell_that_cannot_muster_enough_leaves_the_post_alone() -> None:
    """Alone, with six people, nobody goes against twenty defenders: nothing is planned."""
    model = world({**TOGETHER, "cells.count": 1}).run()
    assert model.log[Crossing] == []


DENIED: dict[str, object] = {
    **ONE_CELL,
    **CROSS_ONLY,
    **exposed_for(0.5),
    "days": 4500.0,
    "cells.plans_per_year": 400.0,
    "cells.detour_km": 0.0,
    "cells.march_km_h": 10.0,
    "cells.hide_hours": 0.0,
    "cells.party_exponent": 1.0,
    "clash.guard_rate": 0.0,
    "clash.militant_rate": 0.0,
    "posts.garrison": 20,
}
"""One large cell that may only raid posts of twenty; nobody is ever hurt."""


def parties(raid_ratio: float) -> dict[str, int]:
    """The size of every party that crossed, by its plan."""
    model = world({**DENIED, "cells.raid_ratio": raid_ratio}).run()
    return {crossing.identity: crossing.size for crossing in model.log[Crossing]}


@pytest.mark.thorough
def test_guards_keep_away_the_small_parties_and_draw_no_larger_ones() -> None:
    """Of the same plans, those of ten and more go against twenty guards, as large as before."""
    all_of_them, denied = parties(0.0), parties(0.5)
    assert denied == {plan: size for plan, size in all_of_them.items() if size >= 10}
    assert min(all_of_them.values()) == 2
    expected = sum(1 / n for n in range(10, 21)) / sum(1 / n for n in range(2, 21))
    assert_share(len(denied) / len(all_of_them), expected, len(all_of_them))


def test_a_party_turns_back_before_an_escort_it_cannot_match() -> None:
    """Everybody is on the road: eight guards go along, and only parties of four raid."""
    model = world(
        {
            **DENIED,
            "cells.anti_foreign_share": 1.0,
            "cells.raid_ratio": 0.5,
            "posts.garrison": 28,
            "days": 400.0,
            "worksites.count": 12,
            "worksites.guards": 0,
            "worksites.road_share": 1.0,
            "worksites.escorts": 8,
        }
    ).run()
    raids = [incident.group_size for incident in model.log[Incident]]
    went = Counter(row.size for row in model.log[Crossing] if row.ending == "withdrew")
    assert len(raids) > 20
    assert Counter(raids) == {size: count for size, count in went.items() if size >= 4}
    assert went[2] > 20
