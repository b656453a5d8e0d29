"""Discovery: the whole path finds a planted box, and no box where there is none."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from planted import CUT, KEYS, draws, fails, store

import sim
from sim.comparison.source import MissingTableError, Source, open_source
from sim.comparison.terms import PLAIN
from sim.errors import PanjError
from sim.explore.discover import boxes
from sim.explore.discover.boxes import candidate_limits, strengths, strongest_box
from sim.explore.discover.result import Discovery
from sim.explore.discover.study import discover
from sim.explore.discover.words import sentences, text_tables
from sim.explore.result import load_result
from sim.runs.store import Store


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred draws of one year each; the policy fails where two parameters are high."""
    folder = tmp_path_factory.mktemp("planted") / "store"
    store(folder)
    return folder


@pytest.fixture(scope="module")
def found(planted: Path) -> Discovery:
    """The result for the planted store."""
    return discover(planted, "triggered")


def bare(there: Store) -> Source:
    """The runs and draws of a store, so that the store keeps no result."""
    return replace(open_source(there.outcomes()), posterior=there.posterior)


def test_a_planted_box_is_found(found: Discovery) -> None:
    """Both limits near 0.6; coverage and density above 0.8, also on draws held out."""
    box = found.boxes[0]
    assert {(limit.parameter, limit.way) for limit in box.limits} == {
        (key, "above") for key in KEYS[:2]
    }
    assert [limit.value for limit in box.limits] == pytest.approx([CUT, CUT], abs=0.1)
    assert box.verdict == "loses"
    for figures in (box.found, box.held):
        assert figures.coverage is not None
        assert figures.density is not None
        assert min(figures.coverage, figures.density) > 0.8
    assert box.p_value <= 0.02
    assert found.expected


def test_figures_are_those_of_the_draws(found: Discovery) -> None:
    """Share, coverage and density by hand; these two of counts, which are whole numbers."""
    box, plane = found.boxes[0], found.plane
    limits = {limit.parameter: limit.value for limit in box.limits}
    inside = np.ones(found.draws, dtype=bool)
    for name, column in zip(plane.parameters, (plane.across, plane.up), strict=True):
        inside &= np.array(column) >= limits[name]
    worse = np.array(plane.differences) > 0.0
    assert box.found.share == inside.mean()
    assert box.found.coverage == pytest.approx(worse[inside].sum() / worse.sum(), abs=0.1)
    assert box.found.density == pytest.approx(worse[inside].mean(), abs=0.1)
    assert found.worse == pytest.approx(worse.mean(), abs=0.03)
    assert all(one[0] > two[0] and one[1] < two[1]
               for one, two in zip(found.trade_off, found.trade_off[1:], strict=False))  # fmt: skip


def test_the_store_keeps_the_result_and_sentences_describe_it(
    planted: Path, found: Discovery
) -> None:
    """A sentence says where the policy loses, with coverage and density."""
    assert load_result(planted, Discovery) == found
    assert sim.discover is discover
    first = sentences(found, PLAIN)[0]
    assert first.startswith("triggered does worse than baseline on victims where ")
    assert "patrols.p_sight is above 0." in first
    assert "(coverage)" in first
    assert len(text_tables(found)[0].rows) == 2 * len(found.boxes)


def test_the_same_store_gives_the_same_answer(planted: Path, found: Discovery) -> None:
    """To the last digit."""
    assert discover(planted, "triggered") == found


def test_none_is_found_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy that is worse by luck alone: in 40 worlds a box in 10 % (within 3 errors)."""
    monkeypatch.setattr(boxes, "_SHUFFLES", 39)
    source = bare(store(tmp_path / "s", lambda x: 0.0, noise=5.0))
    false = 0
    for seed in range(40):
        again = replace(source, posterior=draws(100, seed + 10))
        false += bool(discover(again, "triggered").boxes)
    assert false <= 10


def test_no_box_holds_up_is_an_answer(tmp_path: Path) -> None:
    """A sentence says so, with the probability by luck, and there is no table."""
    store(tmp_path / "s", lambda x: 0.0, noise=5.0)
    found = discover(tmp_path / "s", "triggered")
    assert found.boxes == ()
    lines = sentences(found, PLAIN)
    assert lines[0].startswith("No box holds up")
    assert text_tables(found) == []


def test_years_of_a_draw_are_taken_together(tmp_path: Path) -> None:
    """Sixty draws of four years with much luck: the mean of each draw shows the box."""
    store(tmp_path / "s", many=60, replicates=240, noise=3.0)
    box = discover(tmp_path / "s", "triggered").boxes[0]
    assert {limit.parameter for limit in box.limits} == set(KEYS[:2])
    assert box.held.density is not None
    assert box.held.density < 0.95  # of single years, which have their luck


def test_a_policy_that_only_gains_less(tmp_path: Path) -> None:
    """It loses nowhere: the box is where it gains least, and with a threshold where it fails it."""
    gap = lambda x: -1.0 if fails(x) else -6.0  # noqa: E731
    store(tmp_path / "s", gap, noise=0.5)
    found = discover(tmp_path / "s", "triggered")
    assert found.boxes[0].verdict == "gains least"
    assert "nowhere does worse than baseline" in sentences(found, PLAIN)[0]
    asked = discover(tmp_path / "s", "triggered", worse_by=-4.0)
    assert asked.boxes[0].verdict == "loses"
    assert asked.boxes[0].held.coverage == pytest.approx(1.0, abs=0.1)


def test_more_is_better_turns_the_sign(planted: Path) -> None:
    """Of a share stopped the same box is where it stops less."""
    source = bare(Store.open(planted))
    box = discover(source, "triggered", outcome="interdiction_share").boxes[0]
    assert {limit.parameter for limit in box.limits} == set(KEYS[:2])


def test_one_limit_is_enough_where_one_does() -> None:
    """A second limit is kept only if it explains a tenth more."""
    rng = np.random.default_rng(1)
    values = rng.random((200, 6))
    means = np.where(values[:, 2] < 0.3, 3.0, 0.0) + rng.normal(0.0, 0.5, 200)
    cuts, _ = strongest_box(means, values)
    assert [(cut.place, cut.sign) for cut in cuts] == [(2, -1)]
    assert cuts[0].value == pytest.approx(0.3, abs=0.02)


def test_the_search_misses_no_pair() -> None:
    """Negative control of the grid: no pair of limits, tried one by one, stands out more."""
    rng = np.random.default_rng(4)
    values, means = rng.random((40, 3)), rng.normal(size=40)
    candidates = candidate_limits(values)
    best = strengths(means, candidates).max()
    slow = 0.0
    centred = means - means.mean()
    for one in candidates.cuts:
        for two in candidates.cuts:
            inside = one.keeps(values) & two.keeps(values)
            if 5 <= inside.sum() <= 30:
                spare = inside.sum() * (40 - inside.sum()) / 40
                slow = max(slow, centred[inside].sum() / np.sqrt(spare * np.sum(centred**2)))
    assert best == pytest.approx(slow, rel=1e-5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"policy": "trigered"}, "Did you mean triggered"),
        ({"policy": "triggered", "baseline": "basline"}, "Did you mean baseline"),
        ({"policy": "baseline"}, "is the baseline itself"),
        ({"policy": "triggered", "outcome": "victim"}, "Did you mean victims"),
        ({"policy": "triggered", "worse_by": float("nan")}, "must be a number"),
    ],
)
def test_a_mistake_is_one_message(planted: Path, options: dict[str, object], message: str) -> None:
    """One message that names the nearest."""
    with pytest.raises(PanjError, match=message):
        discover(planted, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(("many", "replicates"), [(1, 30), (19, 19), (100, 5)])
def test_too_few_draws_are_refused(tmp_path: Path, many: int, replicates: int) -> None:
    """One draw, or a few: one message with the remedy."""
    store(tmp_path / "s", many=many, replicates=replicates)
    with pytest.raises(MissingTableError, match="of the parameters, and 20 or more"):
        discover(tmp_path / "s", "triggered")


def test_a_store_without_draws_is_refused(planted: Path) -> None:
    """The message says how to get some."""
    with pytest.raises(MissingTableError, match="no draws of uncertain parameters"):
        discover(replace(open_source(planted), posterior=None), "triggered")
