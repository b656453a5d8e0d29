"""The benchmarks of batches run and say what they should; no time is judged."""

import json
import subprocess
import sys
from math import inf
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import waiting
from benchmarks.batch_speed import Around, Clocks, around
from benchmarks.million import peak_mib
from benchmarks.one_stream import one_stream, simulate_reusing
from benchmarks.pairing import OUTCOMES, Both, Gain, gains, medians
from benchmarks.waiting import many_parts
from sim.comparison.samples import Pairs
from sim.model import BorderModel
from sim.runs.batch import run_batch
from sim.runs.replicate import seed_of, simulate
from sim.runs.store import Store
from sim.scenario.load import load

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).resolve().parents[1]
SHORT = load("baseline", {"days": 15.0})


def run(*arguments: str) -> str:
    """Run a benchmark from the root of the repository, where they stand."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# -- what a batch costs -----------------------------------------------------------------------


def test_the_runs_around_which_time_is_measured_are_those_of_the_batch(tmp_path: Path) -> None:
    """A timed batch leaves every run behind, and both halves took time."""
    cost = around(SHORT, 3, tmp_path)
    assert Store.open(tmp_path / "timed").finished("baseline") == {0, 1, 2}
    assert 0.0 < cost.bare.wall < cost.batch.wall


def test_the_share_around_the_model_is_what_the_bare_runs_leave() -> None:
    """95 of 100 s in the model leave 5 % of wall time, and 90 of 100 leave 10 % of the other."""
    cost = Around(Clocks(100.0, 100.0), Clocks(95.0, 90.0))
    assert cost.share == pytest.approx((0.05, 0.1))


def test_memory_is_told_in_mebibytes() -> None:
    """A Python with numpy and Arrow holds some tens of MiB and less than a machine has."""
    assert 30.0 < peak_mib() < 30_000.0


# -- what keyed draws save --------------------------------------------------------------------


def test_one_stream_is_a_function_of_the_seed_and_another_world_than_keyed_draws() -> None:
    """The same seed gives the same run again, another seed another, and keyed draws a third."""

    def fingerprint(seed: int) -> str:
        with one_stream(seed):
            return BorderModel(SHORT, seed).run().fingerprint()

    assert fingerprint(3) == fingerprint(3)
    assert len({fingerprint(3), fingerprint(4), BorderModel(SHORT, 3).run().fingerprint()}) == 3


def test_one_stream_leaves_the_keyed_world_as_it_was() -> None:
    """A keyed run after a run from one stream is the keyed run before it."""
    before = simulate(SHORT, 5, ()).outcomes
    reused = simulate_reusing(SHORT, 5, ())
    assert reused.failure is None
    assert reused.outcomes != before
    assert simulate(SHORT, 5, ()).outcomes == before


def test_one_stream_has_the_law_of_keyed_draws() -> None:
    """Crossings of 40 half-months agree in the mean, |z| < 4; a third more would give a z of 10."""
    ways = [
        np.array([float(how(SHORT, seed_of(r), ()).outcomes["crossings"] or 0) for r in range(40)])
        for how in (simulate, simulate_reusing)
    ]
    apart = ways[0].mean() - ways[1].mean()
    assert abs(apart) < 4.0 * np.sqrt(sum(way.var(ddof=1) / len(way) for way in ways))


def both(keyed: np.ndarray, reused: np.ndarray, baseline: np.ndarray) -> Both:
    """Pairs in which every outcome has the same numbers."""

    def pairs(policy: np.ndarray) -> Pairs:
        wide = [np.tile(v[:, None], len(OUTCOMES)) for v in (baseline, policy)]
        return Pairs(np.arange(len(policy)), *wide)

    return Both(pairs(keyed), pairs(reused))


def test_a_gain_is_the_ratio_of_variances() -> None:
    """Differences a tenth as wide need a hundredth of the replicates."""
    chance = np.random.default_rng(1)
    baseline, noise = chance.normal(size=4000), chance.normal(size=4000)
    found = gains(both(baseline + 0.1 * noise, baseline + 0.2 * noise, baseline))
    assert len(found) == len(OUTCOMES)
    assert found[0].independent == pytest.approx(201.0, rel=0.15)
    assert found[0].one_stream == pytest.approx(4.0)


def test_what_never_varies_has_no_gain_and_what_never_differs_has_one_without_limit() -> None:
    """Constants are left out; an outcome that is equal in each pair is unchanged."""
    flat, baseline = np.ones(5), np.arange(5.0)
    assert gains(both(flat, flat, flat)) == []
    unchanged = gains(both(baseline, baseline[::-1], baseline))[0]
    assert unchanged == (inf, inf)
    assert gains(both(baseline, baseline, baseline))[0].one_stream == 1.0


def test_silent_runs_are_left_out_of_a_gain() -> None:
    """A pair in which an outcome says nothing changes no variance."""
    chance = np.random.default_rng(2)
    baseline, noise = chance.normal(size=50), chance.normal(size=50)
    whole = both(baseline + noise, baseline - noise, baseline)
    silent = [np.append(v, np.nan) for v in (baseline + noise, baseline - noise, baseline)]
    assert gains(both(*silent))[0] == pytest.approx(gains(whole)[0])


def test_medians_leave_out_what_is_unchanged() -> None:
    """Of 2, 4 and no limit the median is 3."""
    found = [Gain(v, v) for v in (2.0, 4.0, inf)]
    assert medians(found) == (3.0, 3.0)
    assert medians(found[2:]) == (inf, inf)


# -- what one waits for -----------------------------------------------------------------------


def test_waiting_has_a_row_for_each_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where every command takes half as long as the common import, each ratio is a half."""
    monkeypatch.setattr(waiting, "SCENARIOS", waiting.SCENARIOS[:2])
    monkeypatch.setattr(waiting.ctypes, "CDLL", lambda _: SimpleNamespace(prctl=max))
    monkeypatch.setattr(waiting, "processor_ms", lambda how, *_: 100.0 if how == "-c" else 50.0)
    path = tmp_path / "waiting.json"
    sizes = ("--rounds=1", "--replicates=2", "--days=1", "--parts=20")
    done = CliRunner().invoke(waiting.main, [*sizes, "--json", str(path)])
    assert done.exit_code == 0, done.output
    rows = json.loads(path.read_text("utf-8"))["rows"]
    assert len(rows) == 7
    for row in rows:
        assert row["what"] in done.output
        assert row["ratio"] == [0.5, 0.5, 0.5]


@pytest.mark.slow
def test_every_command_waited_for_runs(tmp_path: Path) -> None:
    """Each as a process of its own, on a small store."""
    path = tmp_path / "waiting.json"
    sizes = ("--rounds=1", "--replicates=2", "--days=1", "--parts=20")
    text = run("benchmarks.waiting", *sizes, "--json", str(path))
    rows = json.loads(path.read_text("utf-8"))["rows"]
    assert len(rows) == 7
    for row in rows:
        assert row["what"] in text
        assert row["ratio"][0] > 0.0 < row["bar"]


def test_many_parts_are_those_of_a_catalogue(tmp_path: Path) -> None:
    """As many as asked for, full, and counted without their files."""
    (tmp_path / "many").mkdir()
    like = run_batch([load("baseline", {"days": 1.0})], 1, tmp_path / "like", executor="serial")
    store = Store.open(many_parts(tmp_path / "many", like, 25))
    assert len(store.parts) == 25
    assert store.counts("baseline") == (62_500, 0)


def test_growth_is_measured_on_runs_that_cost_nothing(tmp_path: Path) -> None:
    """Two scenarios of so many replicates are run, opened and compared, each in its process."""
    path = tmp_path / "growth.json"
    run("benchmarks.million", "--replicates=12", "--jobs=0", "--json", str(path))
    (size,) = json.loads(path.read_text("utf-8"))["sizes"].values()
    assert size["finished"] == 24
    assert min(size["batch_s"], size["batch_mib"], size["store_mib"], size["compare_s"]) > 0.0
