"""The experiment on allocating patrols: its design, its verdicts, its table and its picture."""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import allocation_ordering
from benchmarks.allocation_ordering import Size, data, line, outside, run, stopped
from benchmarks.ordering.design import (
    ADAPTIVITY,
    BORDERS,
    LABORATORY,
    LOADS,
    SHARES,
    SORTIES,
    WHOLE,
    Cell,
    cells,
)
from benchmarks.ordering.picture import draw, finding
from benchmarks.ordering.verdict import Finding, judge, shortfalls
from sim.frontier.ground import Ground
from sim.frontier.places import post_sites
from sim.incidents.records import Incident
from sim.model import BorderModel
from sim.scenario.load import load
from sim.scenario.values import diff, with_overrides

LAND = Ground.default()

DESIGN = cells()
LAB = [cell for cell in DESIGN if cell.border != WHOLE]
HOLDS = Cell("13, real flow", "full", 1000.0, 8.0)
FAILS = Cell("3 districts", "none", 1000.0, 8.0)
TINY = Size(2, 3, 20.0)


def runs_around(*means: float, spread: float = 0.01, n: int = 30) -> np.ndarray:
    """Replicates of five strategies around these means, that share half of their luck."""
    rng = np.random.default_rng(7)
    common = rng.normal(0.0, spread, n)
    return np.array([mean + common + rng.normal(0.0, spread, n) for mean in means])


# -- the design -------------------------------------------------------------------------------


def test_every_level_meets_every_other_exactly_once() -> None:
    """The laboratory is a full factorial: every combination of levels is one cell."""
    assert len(LAB) == len(BORDERS) * len(ADAPTIVITY) * len(LOADS) * len(SORTIES)
    assert len(set(LAB)) == len(LAB)
    for levels in zip(*LAB, strict=True):
        counts = Counter(levels)
        assert set(counts.values()) == {len(LAB) // len(counts)}
    assert [cell.adaptivity for cell in DESIGN if cell.border == WHOLE] == list(ADAPTIVITY)


def test_scenarios_of_different_cells_and_shares_have_different_names() -> None:
    """A store could not tell them apart otherwise; a share of the cells is tried."""
    names = [cell.scenario(share).name for cell in DESIGN[::5] for share in SHARES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("cell", [HOLDS, FAILS, DESIGN[-1]])
def test_strategies_of_a_cell_differ_in_the_share_alone(cell: Cell) -> None:
    """Pure and mixed strategies have the same sorties, hours and smugglers but for one lever."""
    for one, two in pairwise(cell.scenario(share) for share in SHARES):
        assert [d.key for d in diff(one, two)] == ["patrols.hot_spot_share"]
        assert one.patrols.schedule == two.patrols.schedule == "random"
    pure = cell.scenario(SHARES[0]), cell.scenario(SHARES[-1])
    assert [scenario.patrols.hot_spot_share for scenario in pure] == [0.0, 1.0]


def test_the_whole_model_is_the_baseline_but_for_the_levers_named() -> None:
    """With the baseline's own adaptivity nothing differs from the shipped scenario at share 0."""
    cell = next(c for c in DESIGN if c.border == WHOLE and c.adaptivity == "some")
    assert diff(load("baseline"), cell.scenario(0.0)) == []


def test_cells_differ_in_the_levers_of_their_levels_only() -> None:
    """Neighbouring cells of the laboratory differ in flow, patrols or adaptivity as they say."""
    base = Cell("13 districts", "some", *(LOADS[0], SORTIES[0]))
    changed = {
        "smugglers.loads_per_year": base._replace(loads=LOADS[1]),
        "patrols.sorties_per_day": base._replace(sorties=SORTIES[1]),
        "smugglers.displacement": base._replace(adaptivity="none"),
    }
    for key, cell in changed.items():
        assert [d.key for d in diff(base.scenario(0.5), cell.scenario(0.5))] == [key]


@pytest.mark.parametrize(("border", "districts"), [("3 districts", 3), ("6 districts", 6)])
def test_posts_and_flow_stand_in_the_districts_in_use_alone(border: str, districts: int) -> None:
    """A shorter border has no post and no smuggler's start beyond it."""
    cell = Cell(border, "some", LOADS[0], SORTIES[0])
    scenario = cell.scenario(0.0)
    assert cell.guarded == districts
    assert {post.district for post in post_sites(scenario)} == set(range(districts))
    weights = scenario.smugglers.district_weights
    assert all((weights[d.slug] > 0.0) == (d.index < districts) for d in LAND.districts)


def test_the_contrast_of_the_flow_is_the_same_on_a_short_and_on_a_long_border() -> None:
    """The busiest district has six times the flow per km of the quietest, whatever the length."""
    for border in ("3 districts", "6 districts", "13 districts"):
        weights = Cell(border, "none", 250.0, 2.0).scenario(0.0).smugglers.district_weights
        density = [weights[d.slug] / d.length_km for d in LAND.districts if weights[d.slug]]
        assert max(density) / min(density) == pytest.approx(6.0)


def test_in_the_laboratory_command_hears_of_every_stop() -> None:
    """Each stop is by a patrol and a clash that guards win, so none is lost to the hot spots."""
    scenario = with_overrides(HOLDS.scenario(0.5), {"days": 30.0})
    model = BorderModel(scenario, 1).run()
    outcomes, incidents = model.outcomes(), model.log[Incident]
    assert outcomes["interdicted"] == outcomes["clashes"] == len(incidents) > 10
    assert {incident.cue for incident in incidents} == {"patrol"}
    assert all(incident.victims == 0 for incident in incidents)


def test_every_lever_of_the_laboratory_is_one_that_the_baseline_has() -> None:
    """None is idle by a slip of the pen: a key that does not exist is refused."""
    world = with_overrides(load("baseline"), LABORATORY)
    changed = {d.key for d in diff(load("baseline"), world)}
    assert changed <= set(LABORATORY)
    assert len(changed) >= len(LABORATORY) - 5  # some name what the baseline has already


# -- the verdict ------------------------------------------------------------------------------


def test_a_mixture_that_is_clearly_above_both_wins() -> None:
    """Well above either pure strategy, the best mixture is found and its gain is positive."""
    found = judge(runs_around(0.10, 0.14, 0.20, 0.15, 0.12), 51)
    assert (found.verdict, found.best, found.better_pure) == ("mixture wins", 2, "pattern")
    assert found.low > 0.0
    assert found.low < found.gain < found.high
    assert found.gain == pytest.approx(0.08, abs=0.01)


@pytest.mark.parametrize(
    ("means", "better"),
    [
        ((0.10, 0.12, 0.14, 0.16, 0.20), "pattern"),
        ((0.20, 0.16, 0.14, 0.12, 0.10), "random"),
    ],
)
def test_where_one_pure_strategy_beats_every_mixture_the_ordering_does_not_hold(
    means: tuple[float, ...], better: str
) -> None:
    """Mixtures between the two are worse than the better one, however much above the other."""
    found = judge(runs_around(*means), 51)
    assert (found.verdict, found.better_pure) == ("does not hold", better)
    assert found.high < 0.0


def test_a_mixture_as_good_as_the_better_pure_strategy_is_no_gain() -> None:
    """With little noise and no difference the gain is bounded below a twentieth."""
    found = judge(runs_around(0.2, 0.2, 0.2, 0.2, 0.1, spread=0.002), 51)
    assert found.verdict == "no gain"
    assert found.low < 0.0 < found.high < 0.05 * 0.2


def test_too_few_or_too_noisy_runs_settle_nothing() -> None:
    """The same means that make a mixture win say nothing when noise is as large as they are."""
    found = judge(runs_around(0.10, 0.14, 0.20, 0.15, 0.12, spread=0.2), 51)
    assert found.verdict == "not settled"
    assert found.low < 0.0 < found.high


def test_beating_the_worse_pure_strategy_alone_is_no_win() -> None:
    """A mixture far above randomness and level with pattern analysis does not win."""
    found = judge(runs_around(0.05, 0.10, 0.15, 0.20, 0.20), 51)
    assert found.verdict != "mixture wins"


def test_more_cells_make_every_interval_wider() -> None:
    """What is looked at together is held to more: the same runs, a hundred times the cells."""
    runs = runs_around(0.10, 0.14, 0.20, 0.15, 0.12)
    few, many = judge(runs, 1), judge(runs, 100)
    assert few.gain == many.gain
    assert many.low < few.low < few.high < many.high


def test_a_mixture_that_equals_the_better_pure_strategy_seldom_wins() -> None:
    """Among 200 designs of ten cells where mixtures only match randomness, few claim a win.

    At most one in twenty should: 22 lies four standard errors above that. With each cell judged
    as though it were the only one there are several times as many claims.
    """
    rng = np.random.default_rng(3)
    means = np.array([[0.2], [0.2], [0.2], [0.2], [0.0]])
    together = alone = 0
    for _ in range(200):
        runs = [means + rng.normal(0.0, 0.02, (5, 20)) for _ in range(10)]
        together += any(judge(cell, 10).verdict == "mixture wins" for cell in runs)
        alone += any(judge(cell, 1).verdict == "mixture wins" for cell in runs)
    assert together <= 22
    assert alone > 3 * together


@given(
    st.lists(st.integers(0, 1000), min_size=5, max_size=5),
    st.integers(0, 2**32 - 1),
    st.floats(0.5, 2.0),
)
def test_a_verdict_does_not_depend_on_the_unit_or_on_the_order_of_the_pure(
    means: list[int], seed: int, factor: float
) -> None:
    """Per cent or shares, pattern first or last: the gain scales and the verdict stays."""
    noise = np.random.default_rng(seed).normal(0.0, 20.0, (5, 12))
    runs = np.array(means, dtype=float)[:, None] + noise + 100.0
    found, scaled, turned = judge(runs, 3), judge(factor * runs, 3), judge(runs[::-1], 3)
    assert scaled.gain == pytest.approx(factor * found.gain, abs=1e-6)
    assert found.verdict == scaled.verdict == turned.verdict
    assert found.low <= found.high


def test_one_run_or_no_mixture_is_refused() -> None:
    """Nothing can be said about a spread from one replicate, or of mixtures that were not run."""
    with pytest.raises(ValueError, match="two replicates"):
        judge(np.zeros((5, 1)), 1)
    with pytest.raises(ValueError, match="a mixture"):
        judge(np.zeros((2, 9)), 1)


def test_the_shortfall_is_the_worst_over_cells_against_the_best_of_each() -> None:
    """A strategy that is half of the best somewhere falls short by a half."""
    one = judge(runs_around(0.10, 0.2, 0.2, 0.2, 0.2, spread=0.0), 2)
    two = judge(runs_around(0.40, 0.4, 0.3, 0.4, 0.1, spread=0.0), 2)
    assert shortfalls([one, two]) == pytest.approx([0.5, 0.0, 0.25, 0.0, 0.75])


# -- runs, table, picture ---------------------------------------------------------------------


def test_a_small_design_runs_resumes_and_tells(tmp_path: Path) -> None:
    """Replicates by flow, shares between 0 and 1, a store that is complete; table and picture."""
    design = [HOLDS, Cell("3 districts", "full", LOADS[0], SORTIES[1])]
    store = run(design, TINY, tmp_path / "store")
    shares = {cell: stopped(store, cell) for cell in design}
    assert [found.shape for found in shares.values()] == [(5, TINY.dense), (5, TINY.sparse)]
    assert all(((found >= 0.0) & (found <= 1.0)).all() for found in shares.values())
    again = stopped(run(design, TINY, tmp_path / "store"), HOLDS)
    assert (again == shares[HOLDS]).all()
    assert outside(store, HOLDS) == 0.0
    assert 0.0 < outside(store, design[1]) < 1.0
    judged = {cell: (judge(found, 2), found) for cell, found in shares.items()}
    assert [len(line(cell, found)) for cell, (found, _) in judged.items()] == [12, 12]
    rows = json.loads(json.dumps(data(store, judged)))
    assert [row["replicates"] for row in rows] == [TINY.dense, TINY.sparse]
    assert len(draw(judged, 25).axes) == (len(BORDERS) + 1) * len(ADAPTIVITY)


def test_the_title_counts_wins_and_losses() -> None:
    """The picture says in how many cells a mixture wins and in how many all lose."""
    runs = np.full((5, 2), 0.5)
    win = Finding((0.1, 0.2, 0.2, 0.2, 0.1), "random", 1, 0.1, 0.05, 0.15, "mixture wins")
    loss = Finding((0.1, 0.1, 0.1, 0.1, 0.2), "pattern", 1, -0.1, -0.15, -0.05, "does not hold")
    title, beneath = finding({HOLDS: (win, runs), FAILS: (loss, runs)}, 1234)
    assert "in 1 of 2 cells" in title
    assert "in 1 every mixture loses" in title
    assert "1,234 runs" in beneath


def test_an_empty_design_is_refused(tmp_path: Path) -> None:
    """There is no store without runs."""
    with pytest.raises(ValueError, match="no cells"):
        run([], TINY, tmp_path / "store")


def test_the_command_writes_table_and_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One cell stands for all: the printed table, the file for machines and the picture agree."""
    monkeypatch.setattr(allocation_ordering, "cells", lambda: [FAILS])
    monkeypatch.setattr(allocation_ordering, "QUICK", Size(2, 2, 10.0))
    told, drawn = tmp_path / "table.json", tmp_path / "picture.png"
    asked = ["--quick", "-o", str(told), "--plot", str(drawn)]
    done = CliRunner().invoke(allocation_ordering.main, asked, catch_exceptions=False)
    assert done.exit_code == 0
    assert "3 districts" in done.output
    (row,) = json.loads(told.read_text("utf-8"))["cells"]
    assert f"{100 * row['stopped'][0]:.1f}" in done.output
    assert drawn.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_the_headline_ordering_holds_where_it_should_and_fails_where_it_should(
    tmp_path: Path,
) -> None:
    """On the long border with adaptive smugglers a mixture beats both; on the short, naive one
    pattern analysis beats every mixture.

    Ten paired years: the gain there is 8 points of the flow with a standard error below one,
    the loss here 2.9 points with one of about 0.3.
    """
    store = run([HOLDS, FAILS], Size(10, 10, 365.0), tmp_path / "store")
    wins, loses = (judge(stopped(store, cell), 2) for cell in (HOLDS, FAILS))
    assert wins.verdict == "mixture wins"
    assert wins.means[2] > max(wins.means[0], wins.means[-1])
    assert (loses.verdict, loses.better_pure) == ("does not hold", "pattern")
