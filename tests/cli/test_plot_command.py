"""``panj plot``: its files, its output and its refusals."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from sim.calibrate.record import CalibrationRecord
from sim.cli.plot import ALL, KINDS, plot
from sim.errors import PanjError
from sim.report.gallery import KINDS as GALLERY
from sim.report.gallery import ComparisonSource, kinds_of
from sim.report.one_run import OneRun


def table() -> pa.Table:
    """Two scenarios, twenty years each."""
    rng = np.random.default_rng(1)
    year = rng.poisson(3.0, 20)
    return pa.table(
        {
            "scenario": ["baseline"] * 20 + ["policy"] * 20,
            "replicate": [*range(20)] * 2,
            "victims": [*map(int, year), *(int(max(v - 1, 0)) for v in year)],
            "cost_usd": [*(1e6 + 1e4 * year), *(2e6 + 1e4 * year)],
        }
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Parquet file of finished runs."""
    path = tmp_path_factory.mktemp("finished") / "runs.parquet"
    pq.write_table(table(), path)
    return path


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a store without incidents: two scenarios of thirty days, three replicates."""
    from sim.runs.batch import fill_store
    from sim.runs.request import Request
    from sim.runs.workers import Serial
    from sim.scenario.load import load

    path = tmp_path_factory.mktemp("stores") / "policies"
    short = [load(name, {"days": 30.0}) for name in ("baseline", "triggered")]
    fill_store(path, Request(short, 3), Serial())
    return path


def panj_plot(*arguments: object) -> Result:
    """Run ``panj plot`` in this process and check its status."""
    done = CliRunner().invoke(plot, [*map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def refused(*arguments: object) -> str:
    """Run a wrong command and return the message."""
    done = CliRunner().invoke(plot, [*map(str, arguments)])
    if isinstance(done.exception, PanjError):
        return str(done.exception)
    assert done.exit_code == 2
    return done.output


def test_the_kinds_are_those_of_the_gallery() -> None:
    """The help lists every kind in order, without loading them."""
    assert tuple(GALLERY) == KINDS
    shown = panj_plot("--help").output
    for name, kind in GALLERY.items():
        assert f"{name:<13} {kind.summary}" in shown


@pytest.mark.parametrize("ending", [".svg", ".png", ".pdf"])
def test_a_file_is_written_where_it_was_asked_for(
    finished: Path, tmp_path: Path, ending: str
) -> None:
    """The ending of the name decides the format; the output gives the path."""
    path = tmp_path / f"forest{ending}"
    assert str(path) in panj_plot(finished, "--kind", "forest", "-o", path).output
    assert path.read_bytes()[:4] in (b"<?xm", b"\x89PNG", b"%PDF")


def test_a_folder_gets_each_kind_under_its_name(store: Path, tmp_path: Path) -> None:
    """All kinds of a store are drawn, and the folder is made."""
    panj_plot(store, "--kind", ALL, "-o", tmp_path / "new" / "pictures", "--titles")
    drawn = sorted(path.name for path in (tmp_path / "new" / "pictures").iterdir())
    without = {"regret", "strip", "structure"}  # of such data this store has none
    assert drawn == sorted(
        f"{kind}.svg" for kind in kinds_of(ComparisonSource) if kind not in without
    )


def test_without_an_output_it_is_written_here(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default is the picture of the outcome, in the current folder and the chosen format."""
    monkeypatch.chdir(tmp_path)
    panj_plot(finished, "--format", "png")
    assert [path.name for path in tmp_path.iterdir()] == ["outcome.png"]


def test_a_picture_that_is_there_is_replaced_only_if_asked(finished: Path, tmp_path: Path) -> None:
    """An existing file is refused before anything is read, and stays."""
    path = tmp_path / "forest.svg"
    path.write_text("mine", "utf-8")
    told = refused(tmp_path / "no such store", "--kind", "forest", "-o", path)
    assert "already exists" in told
    assert "--force" in told
    assert path.read_text("utf-8") == "mine"
    (tmp_path / "cost.svg").touch()
    assert "and so does 1 more" in refused(finished, "--kind", ALL, "-o", tmp_path)
    panj_plot(finished, "--kind", "forest", "-o", path, "--force")
    assert path.read_bytes()[:4] == b"<?xm"


def test_the_same_store_gives_the_same_bytes(store: Path, tmp_path: Path) -> None:
    """A store gives the same files twice."""
    for name in ("one", "two"):
        panj_plot(store, "--kind", "displacement", "-o", tmp_path / f"{name}.svg")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


def test_some_scenarios_can_be_choose_draws(store: Path, finished: Path, tmp_path: Path) -> None:
    """The baseline and the chosen scenarios are drawn, and no others."""
    for source in (store, finished):
        panj_plot(
            source,
            "--kind",
            "forest",
            "--scenarios",
            "baseline",
            "-o",
            tmp_path / "a.svg",
            "--force",
        )
        panj_plot(source, "--kind", "forest", "-o", tmp_path / "b.svg", "--force")
        assert (tmp_path / "a.svg").read_bytes() != (tmp_path / "b.svg").read_bytes()


def test_what_was_not_kept_is_told_apart(finished: Path, tmp_path: Path) -> None:
    """With all kinds, one without data is skipped with a message; alone it is refused."""
    done = panj_plot(finished, "--kind", ALL, "-o", tmp_path / "pictures")
    lacking = ("displacement", "ceiling", "funnel", "regret", "strip", "structure")
    for kind in lacking:
        assert f"no {kind}: " in done.stderr
    assert len(list((tmp_path / "pictures").iterdir())) == len(kinds_of(ComparisonSource)) - len(
        lacking
    )
    for kind, words in (("displacement", "districts"), ("strip", "incidents")):
        assert words in refused(finished, "--kind", kind, "-o", tmp_path)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a run of ten days as 'panj run -o' does."""
    from sim.model import BorderModel
    from sim.runs.one_run import write_run
    from sim.scenario.load import load

    path = tmp_path_factory.mktemp("runs") / "run"
    write_run(BorderModel(load("baseline", {"days": 10.0}), seed=1).run(), path)
    return path


@pytest.fixture(scope="module")
def calibration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the folder of a calibration with its result."""
    from sim.calibrate.intervals import TargetRange
    from sim.calibrate.posterior import Check, Moments, Posterior
    from sim.calibrate.record import TabulatedPrior, write_record

    path = tmp_path_factory.mktemp("fits")
    rng = np.random.default_rng(2)
    prior = TabulatedPrior("patrols.p_sight", 0.0, 1.0, tuple(np.linspace(0.005, 0.995, 199)))
    moments = {prior.key: Moments(0.5, 0.289)}
    posterior = Posterior((prior.key,), rng.random((20, 1)) / 2, moments)
    check = Check(TargetRange("clashes", 17.0, 17.0, 4.1), 0.4, 15.0, 9.0, 21.0, 0.0)
    write_record(path, posterior, [prior], [check])
    return path


def test_a_run_has_pictures_of_its_own(run: Path, tmp_path: Path) -> None:
    """A run gives all its kinds on request, and the strip map by default."""
    panj_plot(run, "--kind", ALL, "-o", tmp_path / "all")
    drawn = {path.stem for path in (tmp_path / "all").iterdir()}
    assert drawn == set(kinds_of(OneRun)) == {"strip", "funnel", "anatomy"}
    assert "strip.png" in panj_plot(run, "--format", "png", "-o", tmp_path).output


def test_so_has_a_calibration(calibration: Path, tmp_path: Path) -> None:
    """A calibration gives its kinds on request, and the posterior by default."""
    panj_plot(calibration, "--kind", ALL, "-o", tmp_path / "all")
    drawn = {path.stem for path in (tmp_path / "all").iterdir()}
    assert drawn == set(kinds_of(CalibrationRecord)) == {"posterior", "predictive"}
    assert "posterior.svg" in panj_plot(calibration, "-o", tmp_path).output


def test_a_kind_that_a_place_does_not_have_is_refused(
    run: Path, calibration: Path, finished: Path, tmp_path: Path
) -> None:
    """The message lists the kinds that the folder has."""
    for place, kind, words in (
        (run, "cost", "funnel, strip, anatomy"),
        (calibration, "strip", "posterior, predictive"),
        (finished, "anatomy", "outcome"),
    ):
        assert words in refused(place, "--kind", kind, "-o", tmp_path)


def test_incidents_of_many_runs_are_drawn_where_they_are_kept(tmp_path: Path) -> None:
    """The strip shows the scenario that is named as the baseline."""
    from sim.runs.batch import fill_store
    from sim.runs.request import Request
    from sim.runs.workers import Serial
    from sim.scenario.load import load

    short = [load(name, {"days": 10.0}) for name in ("baseline", "triggered")]
    fill_store(tmp_path / "store", Request(short, 2, keep={"incidents": True}), Serial())
    for name in ("baseline", "triggered"):
        panj_plot(tmp_path / "store", "--kind", "strip", "--baseline", name,
                  "-o", tmp_path / f"{name}.svg")  # fmt: skip
    one, two = ((tmp_path / f"{name}.svg").read_bytes() for name in ("baseline", "triggered"))
    assert one != two


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--baseline", "basline"], "baseline"),
        (["--outcome", "victms"], "victims"),
        (["--scenarios", "policies"], "policies"),
        (["--kind", "pie"], "pie"),
        (["--target", "0"], "--target"),
        (["--kind", "all", "-o", "all.svg"], "one file"),
        (["-o", "picture.jpg"], ".svg"),
    ],
)
def test_mistakes_are_said_in_words(
    finished: Path, options: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong name, kind, target or path gives a message, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    assert words in refused(finished, *options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["victms", "not_an_outcome"])
def test_an_outcome_unknown_to_the_model_is_found_in_a_store(store: Path, name: str) -> None:
    """The refusal comes before the tables are read."""
    assert name in refused(store, "--outcome", name)


def test_a_store_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The message gives the path."""
    assert str(tmp_path / "absent") in refused(tmp_path / "absent", "-o", tmp_path)


def test_a_folder_that_cannot_be_made_is_named(finished: Path, tmp_path: Path) -> None:
    """A file in place of the folder is refused."""
    (tmp_path / "taken").write_text("mine")
    assert "taken" in refused(finished, "-o", tmp_path / "taken" / "pictures")
    assert (tmp_path / "taken").read_text() == "mine"
