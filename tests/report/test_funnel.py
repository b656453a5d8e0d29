"""The detection funnel: of a run from its crossings, of a batch from its outcomes."""

import numpy as np
import pyarrow as pa
import pytest
from batches import TWELVE, look
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from pictures import collisions, crossing, outside, words_of

import sim
from sim.errors import StoreError
from sim.incidents.kinds import CUES
from sim.report.funnel import COLUMNS, draw_funnel, finding, funnels
from sim.report.funnel_run import CueCounts, contrast, counts_by_cue, draw_run_funnel
from sim.report.funnel_run import finding as run_finding
from sim.report.one_run import OneRun
from sim.report.style import save

CROSSINGS = (
    [crossing() for _ in range(60)]
    + [crossing(cue="sign", detected_at=11.0) for _ in range(20)]
    + [crossing(cue="patrol", detected_at=10.0, contact_at=10.0, ending="clash") for _ in range(9)]
    + [crossing(cue="patrol", detected_at=10.0, ending="load_left") for _ in range(3)]
    + [crossing(cue="watch", detected_at=10.0, ending="turned_back") for _ in range(4)]
    + [crossing(cue="tip", detected_at=10.0, contact_at=11.0, ending="through") for _ in range(2)]
    + [crossing(cue="attack", detected_at=12.0, actor="militants", ending="withdrew")]
    + [crossing(cue="uav", detected_at=12.0, actor="militants", contact_at=13.0, ending="clash")]
)


def outcomes(names=("baseline", "policy"), n=20, seed=1, more=0, crossings=900):
    """Runs in which a policy stops ``more`` than the baseline, noise and all else shared."""
    rng = np.random.default_rng(seed)
    rows = []
    for k, name in enumerate(names):
        noise = np.random.default_rng(seed + 1).integers(0, 5, n)
        for r in range(n):
            known = {cue: int(30 // (i + 1)) for i, cue in enumerate(CUES)} if crossings else {}
            held = int(40 + noise[r] + more * (k > 0) + rng.integers(0, 2)) if crossings else 0
            rows.append({
                "scenario": name, "replicate": r, "status": "done", "crossings": crossings,
                "detected": sum(known.values()),
                **{f"detected_by_{cue}": known.get(cue, 0) for cue in CUES},
                "interdicted": held, "interdicted_infiltrations": 0,
            })  # fmt: skip
    return pa.Table.from_pylist(rows)


def funnels_of(table):
    """The funnels of a table."""
    return funnels(look(table).comparison)


def drawn_of(crossings):
    """The funnel of a run with these crossings."""
    return draw_run_funnel(OneRun(sim.load("baseline"), 1, 365.0, crossings, (), ()))


def told(figure):
    """All words of a figure, in one line."""
    return " ".join(words for words, _ in words_of(figure)).replace("\n", " ")


# -- one run ------------------------------------------------------------------------------


def test_each_stage_is_what_it_says():
    """Reached: met, or fled from guards. Stopped: lost load or liberty, or met before a strike."""
    found = counts_by_cue(CROSSINGS)
    assert found["sign"] == CueCounts(20, 0, 0)
    assert found["patrol"] == CueCounts(12, 12, 12)
    assert found["watch"] == CueCounts(4, 4, 0)
    assert found["tip"] == CueCounts(2, 2, 0)
    assert found["attack"] == CueCounts(1, 0, 0)
    assert found["uav"] == CueCounts(1, 1, 1)
    assert list(found) == list(CUES)


@given(st.lists(st.tuples(
    st.sampled_from([None, *CUES]), st.booleans(), st.sampled_from(["smugglers", "militants"]),
    st.sampled_from(["through", "turned_back", "load_left", "surrendered", "clash", "withdrew"]),
), max_size=30))  # fmt: skip
def test_a_funnel_never_widens(drawn):
    """The stopped are among the reached, the reached among the known; the known add up."""
    crossings = [
        crossing(cue=cue, contact_at=11.0 if met else None, actor=actor, ending=ending)
        for cue, met, actor, ending in drawn
    ]
    found = counts_by_cue(crossings)
    assert all(one.stopped <= one.reached <= one.seen for one in found.values())
    assert sum(one.seen for one in found.values()) == sum(c.cue is not None for c in crossings)


@pytest.mark.parametrize(
    "crossings", [CROSSINGS, [], pytest.param([crossing()], marks=pytest.mark.slow)]
)
def test_no_words_overlap_in_a_run(crossings):
    """For many, none and one; no share of zero is given."""
    figure = drawn_of(crossings)
    assert collisions(figure) == []
    assert outside(figure) == []
    assert "nan" not in told(figure).lower().split()


def test_the_stages_are_stacks_of_the_cues():
    """All bars but the first add up to known, reached and stopped, in the cues' colours."""
    ax = drawn_of(CROSSINGS).axes[0]
    bars = ax.collections[-1]
    boxes = [path.get_extents() for path in bars.get_paths()]
    lengths = [[box.width for box in boxes if round(box.y0 + 0.33) == row] for row in range(4)]
    assert [sum(row) for row in lengths] == pytest.approx([100, 40, 19, 13])
    (tip,) = (n for n, box in enumerate(boxes) if round(box.y0 + 0.33) == 1 and box.width == 2)
    assert to_hex(bars.get_facecolor()[tip]).upper() == CUES["tip"].colour


def test_cues_stand_in_the_order_of_use():
    """A cue that made nobody known has no row."""
    ax = drawn_of(CROSSINGS).axes[1]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names[:3] == ["Its sign", "A patrol", "The watch of a post"]
    assert len(names) == 6


@pytest.mark.parametrize(
    ("crossings", "words"),
    [
        (CROSSINGS, "Of 100 crossings 40 became known, 19 were reached and 13 stopped"),
        ([], "Nobody tried to cross"),
        ([crossing()], "Of 1 crossing none became known"),
        ([crossing(cue="sign")] * 2, "Of 2 crossings 2 became known, none of them reached"),
        ([crossing(cue="watch", ending="turned_back")] * 2,
         "Of 2 crossings 2 became known, 2 were reached and none stopped"),
    ],
)  # fmt: skip
def test_the_title_of_a_run_says_the_finding(crossings, words):
    """Each stage in a number."""
    assert run_finding(crossings) == words


def test_the_best_and_the_worst_cue_are_named_where_there_are_enough():
    """At least ten must be known by each; no share is given for fewer."""
    words = "stopped: 100 % of those first known by a patrol, 0 % by its sign"
    assert contrast(counts_by_cue(CROSSINGS)) == words
    assert contrast(counts_by_cue(CROSSINGS[-8:])) == ""


# -- a batch ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(outcomes(TWELVE, 3), marks=pytest.mark.slow),
        outcomes((*TWELVE[:2], TWELVE[-1]), 3),
        pytest.param(outcomes(("baseline",), 1), marks=pytest.mark.slow),
        pytest.param(outcomes(crossings=0), marks=pytest.mark.slow),
    ],
    ids=["twelve", "three", "one run", "nobody crosses"],
)
def test_no_words_overlap_in_a_batch(table):
    """Twelve scenarios with long names, a single run, and a line that nobody crosses."""
    figure = draw_funnel(look(table).comparison)
    assert collisions(figure) == []
    assert outside(figure) == []
    assert not {"nan", "inf", "none"} & set(told(figure).lower().split())


def test_shares_are_ratios_of_means():
    """Known over attempted, summed over runs; the cues add up to the known."""
    table = outcomes(n=20)
    base = funnels_of(table)[0]
    assert base.attempted == 900
    assert base.known.value == pytest.approx(sum(base.cues))
    held = np.array(table.column("interdicted").to_pylist()[:20])
    assert base.stopped.value == pytest.approx(held.sum() / (900 * 20))
    low, high = base.stopped.interval
    assert low < base.stopped.value < high


def test_the_baseline_comes_first_then_the_most_stopped():
    """Failed runs are left out; a scenario with no other runs comes last."""
    lost = outcomes(("lost",), 3).to_pylist()
    gone = pa.Table.from_pylist([{**row, "status": "failed"} for row in lost])
    table = pa.concat_tables([outcomes(("baseline", "more"), more=30), gone])
    found = funnels_of(table)
    assert [one.name for one in found] == ["baseline", "more", "lost"]
    assert (found[2].runs, found[2].known) == (0, None)


def test_a_row_has_its_cues_above_and_the_stopped_below():
    """As long as their shares of those who try."""
    table = outcomes(n=4)
    (ax,) = draw_funnel(look(table).comparison).axes
    base = funnels_of(table)[0]
    stacks, held = (each.get_paths() for each in ax.collections[1:])
    assert stacks[len(CUES) - 1].get_extents().x1 == pytest.approx(base.known.value)
    assert held[0].get_extents().width == pytest.approx(base.stopped.value)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (outcomes(more=30), "; policy stops 8."),
        (outcomes(), "no option stops a larger share beyond chance"),
        (outcomes(more=-10), "no option stops a larger share beyond chance"),
        (outcomes(("baseline",)), "are stopped"),
        (outcomes(crossings=0), "Nobody tried to cross under baseline"),
    ],
    ids=["better", "chance", "worse", "alone", "nobody"],
)
def test_a_title_claims_no_more_than_there_is(table, words):
    """Only what is beyond chance with all scenarios taken together."""
    assert words in finding(look(table), funnels_of(table))[0]


def test_pairs_of_one_draw_are_one():
    """Runs that share a draw of the parameters do not count twice: the interval widens."""
    table = outcomes(("baseline",), 40)
    shared = table.append_column("draw", pa.array([r // 10 for r in range(40)]))
    own = table.append_column("draw", pa.array(range(40)))
    wide, narrow = (funnels_of(each)[0].stopped for each in (shared, own))
    assert wide.value == narrow.value
    assert narrow.interval == funnels_of(table)[0].stopped.interval
    assert wide.interval != narrow.interval


@pytest.mark.parametrize("column", COLUMNS[:2])
def test_a_table_without_a_column_is_refused(column):
    """The message names the missing column."""
    with pytest.raises(StoreError, match=column):
        funnels_of(outcomes(n=2).drop_columns([column]))


@settings(max_examples=1)
@given(st.permutations(range(8)))
def test_the_order_of_rows_does_not_matter(order):
    """Workers finish in any order."""
    table = outcomes(("baseline",), 8)
    assert funnels_of(table.take(pa.array(order))) == funnels_of(table)


@pytest.mark.slow
def test_the_same_batch_gives_the_same_bytes(tmp_path):
    """A figure depends only on the table."""
    made = [
        save(draw_funnel(look(outcomes(n=3)).comparison), tmp_path / f"{i}.svg").read_bytes()
        for i in range(2)
    ]
    assert made[0] == made[1]
