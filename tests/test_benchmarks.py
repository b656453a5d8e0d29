"""The benchmarks run and say what they should; no time is judged."""

import json
import subprocess
import sys
from itertools import pairwise
from math import inf
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import batch, engine, pairing, scaling
from benchmarks.__main__ import main
from benchmarks.batch_speed import Around, Clocks
from benchmarks.dimensions import CROSSINGS, FACTORS, Step, steps
from benchmarks.pairing import OUTCOMES, Both, gains, medians
from benchmarks.phold import (
    Load,
    Workload,
    in_order,
    keyed,
    on_agenda,
    on_mesa,
    on_world,
    trace,
)
from benchmarks.scaling import Point, Scaling
from benchmarks.scaling_picture import draw, finding
from benchmarks.setting import Setting
from benchmarks.table import Row, Section, as_data
from benchmarks.timing import Spread, Timings
from sim.comparison.samples import Pairs
from sim.frontier.places import post_sites
from sim.incidents.records import Crossing
from sim.model import BorderModel
from sim.report.style import save
from sim.scenario.load import load
from sim.scenario.values import with_overrides

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).resolve().parents[1]
BASELINE = load("baseline")
SMALL = Load(places=7, jobs=40, horizon=10.0)


def run(*arguments: str) -> str:
    """Run Python from the root of the repository, where the benchmarks stand."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# -- the whole suite --------------------------------------------------------------------------

ROWS = (
    "posts x 10",
    "sorties x 10",
    "crossings x 10",
    "days x 10",
    "kilometres x 10",
    "each crossing, many over few",
    "baseline, start to end",
    "of it: build",
    "of it: run",
    "of it: outcomes",
    "alert heightened, more sorties",
    "regular departures",
    "jittered departures",
    "random departures, as baseline",
    "PHOLD, Mesa's event list",
    "that program on our world",
    "our agenda by itself",
    "Mesa's event list, keyed draws",
    "our agenda, keyed draws",
)
BATCH_AND_PAIRING = (
    "one process over two",
    "the same, bare loops",
    "not the model, wall time",
    "not the model, processor time",
    "independent seeds",
    "one stream, same seed",
)
TINY = ("--quick", "--repeat", "1", "--days", "4")


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, object]]:
    """What a tiny benchmark printed and wrote."""
    path = tmp_path_factory.mktemp("benchmarks") / "times.json"
    said = CliRunner().invoke(main, [*TINY, "year", "scaling", "engine", "--json", str(path)])
    assert said.exit_code == 0, said.output
    return said.output, json.loads(path.read_text(encoding="utf-8"))


def test_every_question_has_a_row(measured: tuple[str, dict[str, object]]) -> None:
    """Each question of the benchmark is answered in the table, on a line of its own."""
    lines = [line.strip() for line in measured[0].splitlines()]
    for row in ROWS:
        assert [line for line in lines if line.startswith(row + " ")], row


def test_what_is_written_holds_the_same_rows(measured: tuple[str, dict[str, object]]) -> None:
    """The file for machines holds every row in order, and the baseline's ratio to itself is 1."""
    rows = measured[1]["rows"]
    assert isinstance(rows, list)
    assert [row["what"] for row in rows] == list(ROWS)
    (baseline,) = (row for row in rows if row["what"] == "baseline, start to end")
    assert baseline["ratio"] == [1.0, 1.0, 1.0]


def test_what_is_written_holds_the_curves(measured: tuple[str, dict[str, object]]) -> None:
    """Every dimension has its four points, the first of which is the measure of the others."""
    curves = measured[1]["scaling"]
    assert isinstance(curves, dict)
    assert list(curves) == list(steps(BASELINE))
    for points in curves.values():
        assert len(points) == len(FACTORS)
        assert points[0]["ratio"] == [1.0, 1.0, 1.0]


@pytest.mark.slow
def test_all_parts_together_make_one_table_and_one_picture(tmp_path: Path) -> None:
    """Without parts named, batches and pairing have their rows too, and the picture is drawn."""
    picture = tmp_path / "scaling.png"
    lines = [line.strip() for line in run("benchmarks", *TINY, "--plot", str(picture)).splitlines()]
    for row in (*ROWS, *BATCH_AND_PAIRING):
        assert [line for line in lines if line.startswith(row + " ")], row
    assert picture.stat().st_size > 10_000


def test_a_picture_of_what_is_not_measured_is_refused(tmp_path: Path) -> None:
    """``--plot`` without the part that it draws says so, before anything is run."""
    said = CliRunner().invoke(main, ["year", "--plot", str(tmp_path / "scaling.png")])
    assert said.exit_code == 2
    assert "--plot draws the part 'scaling'" in said.output
    assert not list(tmp_path.iterdir())


def test_what_has_no_limit_is_null_for_machines() -> None:
    """JSON has no infinity: a median without limit is written as null, and so is not a ratio."""
    rows = [Row("a", None, Spread(inf, 2.0, inf)), Row("b", None, None)]
    a, b = as_data([Section("all", rows)])
    assert a["ratio"] == [None, 2.0, None]
    assert b["ratio"] is None
    assert a["section"] == "all"


# -- growth -----------------------------------------------------------------------------------


def grown(what: str) -> list[Step]:
    """The steps of one dimension of the baseline."""
    return steps(BASELINE)[what]


@pytest.mark.parametrize("what", ["posts", "sorties", CROSSINGS, "days"])
def test_the_first_step_of_a_dimension_is_the_baseline(what: str) -> None:
    """What grows begins at the baseline itself, and grows by the factors said."""
    assert grown(what)[0].scenario == BASELINE
    assert [step.factor for step in grown(what)] == list(FACTORS)


def test_each_dimension_grows_what_it_says() -> None:
    """Ten times the posts stand there; ten times the sorties, loads and days are asked for."""
    last = {what: several[-1].scenario for what, several in steps(BASELINE).items()}
    assert len(post_sites(last["posts"])) == 10 * len(post_sites(BASELINE))
    assert last["sorties"].patrols.sorties_per_day == 10 * BASELINE.patrols.sorties_per_day
    loads = BASELINE.smugglers.loads_per_year
    assert last[CROSSINGS].smugglers.loads_per_year == 10 * loads
    assert last["days"].days == 10 * BASELINE.days


def test_the_same_posts_stand_on_every_stretch() -> None:
    """135, 265, 680 and 1,340 km carry 80 posts each, few of which stand elsewhere."""
    stretches = grown("kilometres")
    assert [round(135.0 * step.factor) for step in stretches] == [135, 265, 680, 1340]
    for step in stretches:
        assert len(post_sites(step.scenario)) == len(post_sites(BASELINE)) == 80
    inside = [site for site in post_sites(stretches[0].scenario) if 45.0 <= site.km < 180.0]
    assert len(inside) == 80 - 11


def test_all_groups_stay_on_the_stretch() -> None:
    """On 135 km no smuggler crosses outside kilometres 45 to 180, and as many as on 1,340 km.

    Independent Poisson counts of about 160, |z| < 4: half as many more would give a z of 4.
    """
    steps_ = grown("kilometres")
    counts = []
    for step, low, high in ((steps_[0], 45.0, 180.0), (steps_[-1], 0.0, 1340.0)):
        model = BorderModel(with_overrides(step.scenario, {"days": 60.0}), 1).run()
        where = [row.km for row in model.log[Crossing] if row.actor == "smugglers"]
        assert all(low <= km <= high for km in where)
        counts.append(len(where))
    assert abs(counts[0] - counts[1]) < 4.0 * np.sqrt(sum(counts))
    assert min(counts) > 100


def flows(cost: list[float]) -> list[Point]:
    """Points of the crossings that cost so much; 100 crossings at factor 1."""
    return [
        Point(f, Spread(ms, ms, ms), Spread.of([ms / cost[0]]), 80, round(100 * f))
        for f, ms in zip(FACTORS, cost, strict=True)
    ]


def test_a_straight_line_is_found_and_its_crossings_cost_the_same() -> None:
    """Cost 5 ms + 0.1 ms each gives that line, R2 of 1, and a marginal ratio of 1."""
    cost = [5.0 + 10.0 * factor for factor in FACTORS]
    line = scaling.fit(flows(cost))
    assert line == pytest.approx((5.0, 0.1, 1.0))
    timings = Timings([])
    timings.of = {f"crossings, size {n}": [ms] for n, ms in enumerate(cost)}
    found = scaling.marginal(timings, flows(cost))
    assert found is not None
    assert found.median == pytest.approx(1.0)


def test_a_parabola_shows_as_dearer_crossings() -> None:
    """Cost as the square of the flow: one more between 5 and 10 costs five times one at 1 to 2."""
    cost = [factor**2 for factor in FACTORS]
    timings = Timings([])
    timings.of = {f"crossings, size {n}": [ms] for n, ms in enumerate(cost)}
    found = scaling.marginal(timings, flows(cost))
    assert found is not None
    assert found.median == pytest.approx(5.0)


def test_no_crossings_make_no_line() -> None:
    """A run too short for anyone to cross has a level and no slope; nothing is divided by 0."""
    none = [point._replace(crossings=0) for point in flows([2.0, 2.0, 2.0, 2.0])]
    assert scaling.fit(none) == (2.0, 0.0, 0.0)


def curves(ends: dict[str, float]) -> dict[str, list[Point]]:
    """Curves that go straight, on logarithmic axes, to these ends at ten times the size."""
    return {
        what: [
            Point(f, Spread(1.0, 1.0, 1.0), Spread(r, 0.95 * r, 1.05 * r), 80, 900)
            for f, r in ((f, end ** np.log10(f)) for f in FACTORS)
        ]
        for what, end in ends.items()
    }


def test_the_title_says_what_was_found() -> None:
    """What costs five times or more at ten times the size is followed; the rest is bounded."""
    found = curves({"posts": 1.3, "sorties": 2.4, "crossings": 7.8, "days": 9.9})
    assert finding(found) == (
        "Cost follows days and crossings; ten times the posts or sorties cost at most "
        "2.4 times as much"
    )
    assert finding(curves({"posts": 1.3})) == "Ten times as much costs at most 1.3 times as much"
    assert finding(curves({"days": 9.9})) == "Cost follows days"


def test_the_picture_names_every_curve_apart_from_the_others(tmp_path: Path) -> None:
    """Names at the ends of the curves, and of the guide, never lie on one another."""
    ends = {"posts": 1.01, "sorties": 1.0, "crossings": 9.99, "days": 10.2, "kilometres": 0.99}
    figure = draw(curves(ends), Setting(BASELINE, 1, 3))
    figure.canvas.draw()
    (ax,) = figure.axes
    boxes = sorted(text.get_window_extent().extents[[1, 3]].tolist() for text in ax.texts)
    assert len(boxes) == len(ends) + 1
    assert all(below[1] <= above[0] for below, above in pairwise(boxes))
    assert save(figure, tmp_path / "scaling.png").stat().st_size > 10_000


def test_a_row_says_what_lies_between() -> None:
    """The row of a dimension gives the ratio at ten times, and those at twice and five times."""
    section = scaling.section(Scaling(curves({"posts": 10.0, CROSSINGS: 10.0}), None))
    assert [row.what for row in section.rows][:2] == ["posts x 10", "crossings x 10"]
    assert section.rows[0].ratio == pytest.approx((10.0, 9.5, 10.5))
    assert section.rows[0].note == "x 2: 2.00, x 5: 5.00"


# -- batches and pairing ----------------------------------------------------------------------


def test_the_rows_of_a_batch_are_ratios_of_the_same_round() -> None:
    """Two processes in half the time gain 2; 95 of 100 s in the model leave a share of 0.05."""
    timings = Timings([])
    timings.of = {
        "batch 1": [10.0, 30.0], "batch 2": [5.0, 15.0], "bare 1": [8.0, 8.0], "bare 2": [4.0, 5.0]
    }  # fmt: skip
    rows = batch.rows(timings, Around(Clocks(100.0, 100.0), Clocks(95.0, 90.0)))
    gained, bare, wall, processor = (row.ratio for row in rows)
    assert gained == (2.0, 2.0, 2.0)
    assert bare == (1.8, 1.6, 2.0)
    assert wall == pytest.approx((0.05, 0.05, 0.05))
    assert processor == pytest.approx((0.1, 0.1, 0.1))


def test_the_rows_of_pairing_are_the_medians_of_gains(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two rows are the gains over independent seeds and over one stream; the spread holds it.

    Differences a tenth as wide need a hundredth of the replicates.
    """
    monkeypatch.setattr(pairing, "RESAMPLES", 20)
    chance = np.random.default_rng(1)
    baseline, noise = chance.normal(size=40), chance.normal(size=40)

    def pairs(policy: np.ndarray) -> Pairs:
        wide = [np.tile(v[:, None], len(OUTCOMES)) for v in (baseline, policy)]
        return Pairs(np.arange(len(policy)), *wide)

    both = Both(pairs(baseline + 0.1 * noise), pairs(baseline + 0.2 * noise))
    rows = pairing.rows([both])
    found = [row.ratio for row in rows if row.ratio]
    assert [ratio.median for ratio in found] == list(medians(gains(both)))
    assert found[1].median == pytest.approx(4.0)
    assert 50.0 < found[0].low <= found[0].median <= found[0].high < 800.0
    assert rows[0].note == "40 pairs a policy, policies: 1"


# -- the engine -------------------------------------------------------------------------------


@pytest.mark.parametrize("hops", [in_order, keyed])
def test_phold_handles_the_same_events_in_the_same_order_on_every_engine(hops: object) -> None:
    """With the same draws, job after job arrives as under Mesa, no matter who keeps the events."""
    expected = trace(on_mesa, SMALL, hops)  # type: ignore[arg-type]
    assert len(expected) > 300
    for way in (on_world, on_agenda):
        assert trace(way, SMALL, hops) == expected  # type: ignore[arg-type]


def test_phold_has_as_many_events_as_jobs_times_hops() -> None:
    """Steps of mean 1: n jobs make a Poisson number n T of events in time T, |z| < 4.

    Steps a tenth shorter would give a z of 9.
    """
    load_ = Load(places=7, jobs=400, horizon=20.0)
    for hops in (in_order, keyed):
        events = len(trace(on_agenda, load_, hops))
        assert abs(events - 8000.0) < 4.0 * np.sqrt(8000.0)


def test_phold_visits_all_places_alike() -> None:
    """A chi-square of seven places with about 400 visits each lies within 4 standard deviations."""
    work = Workload(Load(places=7, jobs=140, horizon=20.0), keyed(Load(7, 140, 20.0)))
    on_agenda(work)
    mean = sum(work.visits) / 7.0
    assert sum(work.visits) == len(work.trace)
    chi2 = sum((visits - mean) ** 2 for visits in work.visits) / mean
    assert chi2 < 6.0 + 4.0 * np.sqrt(12.0)


def test_a_job_with_keyed_draws_does_not_mind_the_others() -> None:
    """With more jobs beside them, the first jobs arrive as often as before; in order they do not.

    That is what the key buys, and what the faster generator cannot do.
    """
    more = SMALL._replace(jobs=50)

    def arrivals(load_: Load, hops: object) -> list[int]:
        found = trace(on_agenda, load_, hops)  # type: ignore[arg-type]
        return [job for job in found if job < SMALL.jobs]

    assert arrivals(more, keyed) == arrivals(SMALL, keyed)
    assert arrivals(more, in_order) != arrivals(SMALL, in_order)


def test_engines_that_differ_are_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A way that skips an event is found out before it is timed, and named."""

    def lazy(work: Workload) -> None:
        on_mesa(work)
        work.trace.pop()

    monkeypatch.setitem(engine.WAYS, "lazy", (lazy, in_order))
    with pytest.raises(Exception, match="PHOLD took another course: lazy"):
        engine.section(Setting(BASELINE, 1, 1, quick=True))
