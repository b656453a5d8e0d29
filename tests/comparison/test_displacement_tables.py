"""Displacement in a comparison: areas, closed forms, intervals, and what has no quotient."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic import district_rows

from sim.comparison.displacement import DisplacementRow, displacement
from sim.comparison.districts import areas, read_districts, response_districts
from sim.comparison.question import Question
from sim.errors import StoreError
from sim.frontier.ground import Ground
from sim.scenario.load import load

LAND = Ground.default()

DARVOZ, VANJ = LAND.slugs.index("darvoz"), LAND.slugs.index("vanj")


def worlds(runs: int, moved: float, stopped: float = 0.5, seed: int = 1):
    """Crossings by run and district, before and after a policy in Darvoz.

    A share ``stopped`` of Darvoz's crossings is prevented; of those a share ``moved`` appears
    in Vanj.
    """
    rng = np.random.default_rng(seed)
    before = rng.poisson(20.0, (runs, 13))
    after = before.copy()
    prevented = rng.binomial(before[:, DARVOZ], stopped)
    after[:, DARVOZ] -= prevented
    after[:, VANJ] += rng.binomial(prevented, moved)
    return before, after


def found(before, after, response=("darvoz",)) -> list[DisplacementRow]:
    """Rows for crossings not stopped."""
    table = district_rows({"baseline": before, "policy": after})
    rows = displacement(
        "policy",
        read_districts(table, "baseline", LAND),
        read_districts(table, "policy", LAND),
        response,
        Question(),
    )
    return [row for row in rows if row.measure == "not_stopped"]


def total(rows: list[DisplacementRow]) -> DisplacementRow:
    """The row that carries net effect and quotient."""
    return rows[-1]


def test_neighbours_along_the_line_are_buffer():
    """Next to Darvoz lie Shamsiddin Shohin and Vanj; all else is comparison."""
    roles = dict(zip(LAND.slugs, areas(["darvoz"], LAND.slugs), strict=True))
    assert [slug for slug, role in roles.items() if role == "buffer"] == [
        "shamsiddin_shohin",
        "vanj",
    ]
    assert roles["darvoz"] == "response"
    assert roles["panj"] == "comparison"


@given(st.sets(st.sampled_from(LAND.slugs)))
def test_every_district_has_one_part(response):
    """Response as named, buffer beside it; no district or every district means no areas."""
    roles = areas(sorted(response), LAND.slugs)
    if len(response) in (0, len(LAND.slugs)):
        assert set(roles) == {None}
        return
    acts = {slug for slug, role in zip(LAND.slugs, roles, strict=True) if role == "response"}
    assert acts == response
    for place, role in enumerate(roles):
        beside = {roles[j] for j in (place - 1, place + 1) if 0 <= j < len(roles)}
        assert role == "response" or (role == "buffer") == ("response" in beside)


def test_where_a_policy_acts_is_read_from_what_it_changes():
    """Only entries of district tables: those districts. Anything else: the whole line."""
    base = load("baseline")
    local = load("baseline", ["patrols.emphasis.vanj=2", "patrols.emphasis.darvoz=3"])
    mixed = load("baseline", ["patrols.emphasis.vanj=2", "patrols.sorties_per_day=4"])
    assert response_districts(base, local) == ("darvoz", "vanj")
    assert response_districts(base, mixed) == ()
    assert response_districts(base, base) == ()


def test_the_closed_case_of_half_moved():
    """Of 10 prevented per run 4 move to neighbours: net 6, quotient -0.4, nothing varies."""
    before = np.full((12, 13), 20)
    after = before.copy()
    after[:, DARVOZ], after[:, VANJ] = 10, 24
    row = total(found(before, after))
    assert (row.tne, row.tne_low, row.tne_high) == pytest.approx((6.0, 6.0, 6.0))
    assert (row.wdq, row.wdq_low, row.wdq_high) == pytest.approx((-0.4, -0.4, -0.4))
    assert (row.difference, row.baseline_mean, row.mean) == (-6.0, 260.0, 254.0)
    assert "part of it moved to neighbouring districts" in row.words


def test_rows_of_districts_and_areas_add_up():
    """Thirteen districts, three areas, one total; differences sum to the total's."""
    rows = found(*worlds(30, 0.5))
    assert [row.row for row in rows] == ["district"] * 13 + ["area"] * 3 + ["total"]
    assert [row.district for row in rows[:13]] == list(LAND.slugs)
    for kind in ("district", "area"):
        change = sum(row.difference for row in rows if row.row == kind)
        assert change == pytest.approx(total(rows).difference)
    assert all(row.low <= row.difference <= row.high for row in rows)


@pytest.mark.parametrize(
    ("moved", "words"),
    [(0.0, "not settled"), (0.5, "part of it moved"), (1.0, "moved to neighbouring districts")],
)
def test_more_moved_is_seen(moved, words):
    """Nothing, half, all: the quotient is near 0, -0.5, -1 and the words follow."""
    row = total(found(*worlds(200, moved)))
    assert row.wdq == pytest.approx(-moved, abs=0.1)
    assert row.tne == pytest.approx(10.0 * (1.0 - moved), abs=0.7)
    if moved > 0:
        assert words in row.words


def test_benefit_that_spreads_is_called_so():
    """Where the neighbour gains too the quotient is positive."""
    before, after = worlds(100, 0.0)
    after[:, VANJ] -= 2
    row = total(found(before, after))
    assert row.wdq_low > 0.0
    assert "the benefit spread to neighbouring districts" in row.words


def test_intervals_hold_the_truth():
    """True net effect 5 and quotient -0.5 in 75 worlds of 40 runs: 90 % within 10 %."""
    held = np.zeros(2)
    for seed in range(75):
        row = total(found(*worlds(40, 0.5, seed=seed)))
        held += [row.tne_low <= 5.0 <= row.tne_high, row.wdq_low <= -0.5 <= row.wdq_high]
    assert held / 75 == pytest.approx([0.9, 0.9], abs=0.1)


def test_the_whole_line_has_no_next_door():
    """A policy everywhere is compared by district, without a quotient."""
    row = total(found(*worlds(20, 0.5), response=()))
    assert (row.tne, row.wdq) == (None, None)
    assert row.words == "acts on the whole line: no neighbouring area is left"
    assert row.difference < 0.0


def test_where_it_acts_may_not_be_known():
    """Then the user is asked."""
    assert "name its districts" in total(found(*worlds(20, 0.5), response=None)).words


def test_no_district_left_to_compare_with():
    """Acting nearly everywhere leaves no comparison."""
    row = total(found(*worlds(20, 0.5), response=LAND.slugs[:-1]))
    assert row.words == "no district is left as comparison area: only differences"


def test_no_difference_is_no_displacement():
    """The same counts in both give words and no number."""
    before, _ = worlds(20, 0.5)
    row = total(found(before, before))
    assert (row.words, row.tne, row.wdq) == ("no difference can be measured", None, None)


def test_nothing_elsewhere_gives_no_figure():
    """Districts without crossings cannot be compared with."""
    before, after = worlds(20, 0.5)
    for counts in (before, after):
        counts[:, : DARVOZ - 1] = 0
        counts[:, VANJ + 1 :] = 0
    assert total(found(before, after)).words.startswith(
        "no figure: nothing happened in the comparison area"
    )


def test_a_quotient_over_next_to_nothing_is_not_given():
    """If the change where the policy acts is not settled, there is only the net effect."""
    before, after = worlds(40, 0.0, stopped=0.0)
    after[::2, DARVOZ] += 1
    after[1::2, DARVOZ] -= 1
    row = total(found(before, after))
    assert row.wdq is None
    assert "too little changed where the policy acts" in row.words


def test_more_where_the_policy_acts_is_no_success():
    """A policy that draws crossings in is not praised."""
    before, after = worlds(40, 0.0)
    row = total(found(after, before))
    assert "there were more, not fewer, where the policy acts" in row.words
    assert row.words.startswith("net 9.6 more crossings not stopped per run (9.0 to 10)")


@pytest.mark.parametrize("runs", [1, 3])
def test_few_runs_settle_nothing(runs):
    """The net effect has no interval."""
    row = total(found(*worlds(runs, 0.5)))
    assert (row.tne_low, row.wdq) == (None, None)
    assert row.words.startswith("not settled: only")


def test_no_run_in_common():
    """The row says that nothing can be said."""
    before, after = worlds(3, 0.5)
    table = district_rows({"baseline": before})
    other = district_rows({"policy": after})
    moved = other.set_column(2, "replicate", pa.array([100] * len(other)))
    with pytest.raises(StoreError, match="not complete"):
        read_districts(moved, "policy", LAND)
    shifted = other.set_column(
        2, "replicate", pa.array([r + 50 for r in other["replicate"].to_pylist()])
    )
    rows = displacement(
        "policy",
        read_districts(table, "baseline", LAND),
        read_districts(shifted, "policy", LAND),
        (),
        Question(),
    )
    assert {row.words for row in rows} == {"nothing can be said"}


def test_a_table_that_is_no_district_table_is_refused():
    """Missing columns, strange districts and missing rows are named."""
    table = district_rows({"baseline": worlds(2, 0.0)[0]})
    with pytest.raises(StoreError, match="no column interdicted"):
        read_districts(table.drop_columns(["interdicted"]), "baseline", LAND)
    with pytest.raises(StoreError, match="not complete"):
        read_districts(table.slice(1), "baseline", LAND)
    names = ["narnia", *table["district"].to_pylist()[1:]]
    with pytest.raises(StoreError, match="narnia"):
        read_districts(table.set_column(3, "district", pa.array(names)), "baseline", LAND)
