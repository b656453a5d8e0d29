"""Draws of uncertain parameters: dealt in turn, the same for every scenario, kept with the runs."""

import json
import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from filled import ran
from hypothesis import given
from hypothesis import strategies as st
from quick_runs import CHOSEN, OTHER, quick

import sim
from sim.errors import OutputError, StoreError
from sim.model import BorderModel
from sim.runs.batch import BatchOptions, fill_store
from sim.runs.posterior import DESCRIPTION_FILE, DRAWS_FILE, Posterior, UncertainParameter
from sim.runs.request import Request
from sim.runs.store import Store
from sim.runs.verify import rerun, verify
from sim.runs.workers import Serial
from sim.scenario.load import load
from sim.scenario.values import flatten, with_overrides

SIGHT = UncertainParameter(
    "patrols.p_sight", ("patrols.p_sight",), "set", (0.3,), "probability", 0.6, True
)
FLOW = UncertainParameter(
    "flow", ("smugglers.district_weights.vanj", "smugglers.district_weights.darvoz"), "scale"
)
THREE = Posterior((SIGHT, FLOW), ((0.1, 1.0), (0.2, 2.0), (0.4, 0.5)), "made up")


def fill(folder: Path, replicates: int = 5, posterior: Posterior | None = THREE) -> Store:
    """Quick runs of two scenarios with draws."""
    request = Request([CHOSEN, OTHER], replicates, posterior=posterior)
    return ran(folder, request).store


# -- what a draw does ---------------------------------------------------------------------


def test_a_draw_sets_and_scales() -> None:
    """A value takes the place of the calibrated one; a factor multiplies what is there."""
    after = THREE.apply(CHOSEN, 1)
    assert after.patrols.p_sight == 0.2
    for slug in ("vanj", "darvoz"):
        weights = after.smugglers.district_weights, CHOSEN.smugglers.district_weights
        assert weights[0][slug] == 2.0 * weights[1][slug]
    changed = {k for k, v in flatten(after).items() if v != flatten(CHOSEN)[k]}
    assert changed == {*SIGHT.keys, *FLOW.keys}
    assert after.name == CHOSEN.name


def test_what_a_scenario_sets_itself_it_keeps() -> None:
    """A value other than the calibrated one says what would be if that were known."""
    own = with_overrides(CHOSEN, {"patrols.p_sight": 0.9})
    assert THREE.apply(own, 1).patrols.p_sight == 0.9
    assert THREE.pinned(own) == ["patrols.p_sight"]
    assert THREE.pinned(CHOSEN) == []


@pytest.mark.parametrize("value", [0.3, 0.9])
def test_what_is_set_by_hand_holds_whatever_its_value(value: float) -> None:
    """Also the calibrated one. A factor multiplies it, and a table of values goes before it."""
    hand = load("baseline", {SIGHT.name: value, FLOW.keys[0]: 7.0})
    after = THREE.apply(hand, 1)
    assert after.patrols.p_sight == value
    assert THREE.pinned(hand) == [SIGHT.name]
    assert after.smugglers.district_weights["vanj"] == 14.0
    table = Posterior.from_table([{SIGHT.name: 0.5}])
    assert table.apply(hand, 0).patrols.p_sight == 0.5


@given(st.integers(0, 10**6), st.integers(1, 3))
def test_draws_are_dealt_in_turn(replicate: int, count: int) -> None:
    """Replicate r has draw r mod K, so every K in a row have used each draw once."""
    few = THREE.first(count)
    assert few.draw_of(replicate) == replicate % count
    assert {few.draw_of(replicate + step) for step in range(count)} == set(range(count))


def test_the_digest_stands_for_what_changes_a_run() -> None:
    """Other draws or keys give another; a source or a contraction does not."""
    told = Posterior((SIGHT, FLOW), THREE.draws, "elsewhere")
    assert told.digest == THREE.digest
    assert THREE.first(2).digest != THREE.digest
    assert Posterior((SIGHT,), ((0.1,),)).digest != Posterior((FLOW,), ((0.1,),)).digest


@pytest.mark.parametrize("draws", [(), ((0.1,),)])
def test_draws_and_parameters_must_fit(draws: tuple[tuple[float, ...], ...]) -> None:
    """No draw at all, or one value too few, is refused."""
    with pytest.raises(StoreError):
        Posterior((SIGHT, FLOW), draws)


# -- in a store ---------------------------------------------------------------------------


def test_the_rows_say_their_draw(tmp_path: Path) -> None:
    """Every table has the column; both scenarios have the same draw in the same replicate."""
    store = fill(tmp_path / "s")
    for name in ("baseline", "triggered"):
        assert store.outcomes([name])["draw"].to_pylist() == [0, 1, 2, 0, 1]
        assert store.districts([name])["draw"].to_pylist()[:3] == [0, 0, 1]
    assert store.posterior == THREE
    assert fill(tmp_path / "none", posterior=None).outcomes()["draw"].null_count == 10


def test_a_run_is_that_of_the_drawn_scenario(tmp_path: Path) -> None:
    """What the store holds is what the model says with the draw put in; a rerun agrees."""
    short = sim.load("baseline", {"days": 20.0})
    store = sim.run_batch([short], 4, tmp_path / "s", executor="serial", posterior=THREE)
    row = store.outcomes().to_pylist()[3]
    model = BorderModel(THREE.apply(short, 3), seed=row["seed"])
    model.run()
    assert {name: row[name] for name in model.outcomes()} == model.outcomes()
    assert all(not differing for _, differing in rerun(store, 4, random.Random(1)))
    assert verify(store) == []


def test_a_store_keeps_its_draws(tmp_path: Path) -> None:
    """Extending needs no posterior; another one is refused and nothing changes."""
    folder = tmp_path / "s"
    before = fill(folder, 3).table_hash()
    extended = fill(folder, 5, None)
    assert extended.posterior == THREE
    assert extended.table_hash() == fill(tmp_path / "at once", 5).table_hash() != before
    with pytest.raises(StoreError, match="created with the posterior made up, 3 draws"):
        fill(folder, 6, THREE.first(2))
    fill(tmp_path / "plain", 2, None)
    with pytest.raises(StoreError, match="created without a posterior"):
        fill(tmp_path / "plain", 3)


def test_a_store_knows_what_was_set_by_hand(tmp_path: Path) -> None:
    """It continues; the same scenario with the value drawn would be another, and is refused."""
    hand, folder = load("baseline", {SIGHT.name: 0.3}), tmp_path / "s"
    for replicates, specs in ((1, [hand]), (2, ()), (3, [hand, OTHER])):
        request = Request(specs, replicates, posterior=THREE)
        store = ran(folder, request).store
    moved = {(r["scenario"], r["key"]) for r in store.parameters().to_pylist() if r["draw"] == 1}
    assert ("baseline", SIGHT.name) not in moved
    assert ("triggered", SIGHT.name) in moved
    assert ("baseline", FLOW.keys[0]) in moved
    assert verify(store) == []
    with pytest.raises(StoreError, match=f"{SIGHT.name}.*'baseline' draws.*a new store"):
        fill(folder, 4)
    with pytest.raises(StoreError, match="two scenarios under one name"):
        fill_store(tmp_path / "t", Request([CHOSEN, hand], 1, posterior=THREE), Serial())
    assert not (tmp_path / "t").exists()
    plain = Request([CHOSEN, hand], 1)
    assert (
        fill_store(tmp_path / "t", plain, Serial(), BatchOptions(simulate=quick)).progress.done == 1
    )


def test_a_draw_out_of_bounds_is_a_failed_row(tmp_path: Path) -> None:
    """The stage says that the parameters were at fault; the other draws run."""
    wrong = Posterior((SIGHT, FLOW), ((0.1, 1.0), (1.5, 1.0)), "wrong")
    rows = fill(tmp_path / "s", 2, wrong).outcomes(["baseline"]).to_pylist()
    assert [row["status"] for row in rows] == ["done", "failed"]
    assert rows[1]["stage"] == "parameters"
    assert "patrols.p_sight" in rows[1]["message"]


# -- on disk ------------------------------------------------------------------------------


def test_a_posterior_survives_the_disk(tmp_path: Path) -> None:
    """What is read is what was written, and the draws are a plain table."""
    THREE.write(tmp_path / "p")
    assert Posterior.read(tmp_path / "p") == THREE
    table = pq.read_table(tmp_path / "p" / DRAWS_FILE)
    assert table.column_names == ["draw", "patrols.p_sight", "flow"]


def test_what_is_no_posterior_is_refused(tmp_path: Path) -> None:
    """Nothing there, another format, draws of another posterior, no table: one clear error each."""
    with pytest.raises(StoreError, match="there is no posterior"):
        Posterior.read(tmp_path / "nowhere")
    THREE.write(tmp_path / "p")
    description = json.loads((tmp_path / "p" / DESCRIPTION_FILE).read_text())
    THREE.first(2).write(tmp_path / "two")
    (tmp_path / "two" / DESCRIPTION_FILE).write_text(json.dumps(description))
    with pytest.raises(StoreError, match="not those it was written with"):
        Posterior.read(tmp_path / "two")
    (tmp_path / "p" / DESCRIPTION_FILE).write_text(json.dumps({**description, "format": "x"}))
    with pytest.raises(StoreError, match="format"):
        Posterior.read(tmp_path / "p")
    (tmp_path / "two" / DRAWS_FILE).write_bytes(b"no table")
    with pytest.raises(StoreError, match="is not a posterior"):
        Posterior.read(tmp_path / "two")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file where the folder should be: one error, nothing half written."""
    (tmp_path / "p").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        THREE.write(tmp_path / "p")
