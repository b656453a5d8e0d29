"""A calibration in a folder: the same whoever runs it, extended, refused, and exact."""

import json
from collections.abc import Mapping
from dataclasses import replace
from math import inf
from pathlib import Path

import numpy as np
import pytest
import toys
from toys import FOUR, GAUSSIAN, MU, RATE, Gamma, Uniform

from sim.calibrate.problem import Aim, CalibrationProblem
from sim.calibrate.run import Calibration
from sim.calibrate.settings import Progress, Settings
from sim.errors import OutputError, PanjError, StoreError
from sim.verify.conjugate import rate_posterior

SMALL = Settings(bank=120, population=30)


def parts(folder: Path) -> dict[str, bytes]:
    """Every generation of a calibration."""
    return {p.name: p.read_bytes() for p in sorted((folder / "generations").glob("*.parquet"))}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Calibration:
    """A bank and three generations of the Gaussian toy, made in one go in this process."""
    calibration = Calibration.new(tmp_path_factory.mktemp("whole") / "fit", GAUSSIAN, SMALL)
    assert calibration.run(3, workers=1) == "done"
    return calibration


def test_generations_grow_stricter(whole: Calibration) -> None:
    """Thresholds fall, weights add up to 1, every member lies within its threshold."""
    thresholds = [r.threshold for r in whole.generations if r.threshold is not None]
    assert len(thresholds) == 3
    assert thresholds == sorted(thresholds, reverse=True)
    for record in whole.generations[1:]:
        posterior = whole.posterior_of(record.number)
        assert len(posterior) == record.accepted == 30
        assert posterior.weights.sum() == pytest.approx(1.0)
        assert (posterior.distances <= (record.threshold or inf)).all()
        assert posterior.ess == pytest.approx(record.effective)


def test_it_can_be_read_without_its_problem(whole: Calibration) -> None:
    """Posterior and bank from the folder alone; to go on it needs the problem."""
    read = Calibration.open(whole.folder)
    assert np.array_equal(read.posterior.values, whole.posterior.values)
    assert len(read.bank) == 120
    for verb in (read.run, read.adjusted):
        with pytest.raises(PanjError, match="without its problem"):
            verb()  # type: ignore[operator]


def test_every_statistic_is_kept(whole: Calibration) -> None:
    """Also what no target is about, of every proposal that was tried."""
    assert whole.bank.names == ("mean", "noise")
    assert np.isfinite(whole.bank.statistics).all()
    assert whole.posterior.names == ("mean", "noise")


def test_another_go_changes_nothing(whole: Calibration) -> None:
    """Asking for what is there simulates nothing and leaves every byte."""
    before = parts(whole.folder)
    seen: list[Progress] = []
    assert Calibration.open(whole.folder, GAUSSIAN).run(3, workers=1, progress=seen.append) == (
        "done"
    )
    assert parts(whole.folder) == before
    assert not seen


@pytest.mark.parametrize("budget", [1, 37, 150])
def test_a_budget_leaves_no_trace(tmp_path: Path, whole: Calibration, budget: int) -> None:
    """Stopped after every so many simulations and taken up again: the same bytes at the end."""
    if budget == 1:
        Calibration.new(tmp_path / "fit", GAUSSIAN, SMALL).run(1, budget=5, workers=1)
        budget = 400
    else:
        Calibration.new(tmp_path / "fit", GAUSSIAN, SMALL)
    for _ in range(100):
        ended = Calibration.open(tmp_path / "fit", GAUSSIAN).run(3, budget=budget, workers=1)
        if ended == "done":
            break
        assert ended == "budget"
    assert parts(tmp_path / "fit") == parts(whole.folder)
    assert not list((tmp_path / "fit" / "chunks").iterdir())


def test_what_was_half_written_is_done_again(tmp_path: Path, whole: Calibration) -> None:
    """A torn chunk and a stray file of a killed run do no harm."""
    folder = tmp_path / "fit"
    assert Calibration.new(folder, GAUSSIAN, SMALL).run(3, budget=200, workers=1) == "budget"
    chunk = min((folder / "chunks").glob("01.*.parquet"))
    chunk.write_bytes(chunk.read_bytes()[:100])
    (folder / "chunks" / ".01.000000099.parquet.partial").write_bytes(b"PAR1")
    assert Calibration.open(folder, GAUSSIAN).run(3, workers=1) == "done"
    assert parts(folder) == parts(whole.folder)
    assert not list((folder / "chunks").iterdir())


def test_a_larger_bank_begins_with_the_smaller(tmp_path: Path, whole: Calibration) -> None:
    """Growing keeps the first rows, and gives what a larger bank from the start gives."""
    folder = tmp_path / "fit"
    calibration = Calibration.new(folder, GAUSSIAN, SMALL)
    calibration.run(0, workers=1)
    assert calibration.grow(200, workers=1) == "done"
    first, bank = whole.bank, calibration.bank
    assert len(bank) == 200
    assert np.array_equal(bank.values[:120], first.values)
    assert np.array_equal(bank.statistics[:120], first.statistics)
    large = Calibration.new(tmp_path / "large", GAUSSIAN, replace(SMALL, bank=200))
    large.run(0, workers=1)
    assert parts(tmp_path / "large") == parts(folder)
    with pytest.raises(PanjError, match="cannot shrink"):
        calibration.grow(100, workers=1)
    with pytest.raises(PanjError, match="generations have gone on"):
        Calibration.open(whole.folder, GAUSSIAN).grow(500, workers=1)


def test_a_bank_serves_other_targets(tmp_path: Path, whole: Calibration) -> None:
    """With another target and the old bank, nothing of the bank is simulated again."""
    told: list[Progress] = []
    other = GAUSSIAN.aiming([Aim("noise", 0.0, 0.0, 0.1), Aim("mean", -1.0, 1.0, 0.1)])
    calibration = Calibration.new(tmp_path / "other", other, SMALL, bank=whole.folder)
    calibration.run(0, workers=1, progress=told.append)
    assert [p.tried for p in told] == [120]
    assert np.array_equal(calibration.bank.values, whole.bank.values)
    assert np.abs(calibration.posterior.statistic("noise")).max() < 1.5


def test_a_bank_of_another_kind_is_refused(tmp_path: Path, whole: Calibration) -> None:
    """Another prior, simulator or seed: said, and nothing is made."""
    wide = CalibrationProblem([Uniform("mu", -4.0, 4.0)], GAUSSIAN.targets, toys.gaussian, "x")
    with pytest.raises(StoreError) as caught:
        Calibration.new(tmp_path / "no", wide, replace(SMALL, seed=3), bank=whole.folder)
    told = str(caught.value)
    for difference in ("prior of mu (1% quantile", "simulator ('gaussian'", "seed (0 there, 3"):
        assert difference in told
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (GAUSSIAN.aiming([Aim("mean", 2.0, 2.0, 0.1)]), "mean = 1 (scale 0.1, weight 1) then"),
        (GAUSSIAN.aiming([*GAUSSIAN.targets, Aim("noise", 0.0, 0.0, 1.0)]), "noise is new"),
        (CalibrationProblem([MU], GAUSSIAN.targets, toys.gaussian, "b"), "('gaussian' then, 'b'"),
        (CalibrationProblem([Uniform("nu", -3.0, 3.0)], GAUSSIAN.targets, toys.gaussian,
                            "gaussian"), "parameter mu is gone; the parameter nu is new"),
    ],
)  # fmt: skip
def test_another_problem_is_not_mixed_in(
    whole: Calibration, problem: CalibrationProblem, told: str
) -> None:
    """Opening with other targets, priors or simulator says what differs."""
    with pytest.raises(StoreError, match="begun with something else") as caught:
        Calibration.open(whole.folder, problem, allow_mixed=True)
    assert told in str(caught.value)


def test_other_code_is_mixed_in_only_when_allowed(tmp_path: Path) -> None:
    """Code is known by its digest; ``allow_mixed`` goes on and the manifest remembers it."""
    folder = tmp_path / "fit"
    Calibration.new(folder, GAUSSIAN, SMALL).run(0, workers=1)
    path = folder / "calibration.json"
    path.write_text(path.read_text().replace('"calibrator": "', '"calibrator": "0'))
    with pytest.raises(StoreError, match="the calibrator's code"):
        Calibration.open(folder, GAUSSIAN)
    Calibration.open(folder, GAUSSIAN, allow_mixed=True).run(1, workers=1)
    assert json.loads(path.read_text())["mixed"]
    Calibration.open(folder, GAUSSIAN)


def test_a_taken_folder_stays_as_it_is(tmp_path: Path) -> None:
    """A new calibration is never made over something."""
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(StoreError, match="holds something already"):
        Calibration.new(tmp_path, GAUSSIAN)
    assert [p.name for p in tmp_path.iterdir()] == ["letters.txt"]


@pytest.mark.parametrize(
    ("text", "told"),
    [(None, "does not exist"), ("{", "cannot be read"), ('{"format": "x"}', "its format"),
     ('{"format": "panj-calibration/1"}', "KeyError")],
)  # fmt: skip
def test_a_folder_that_is_none_is_an_error(tmp_path: Path, text: str | None, told: str) -> None:
    """No manifest, half of one, another format, one that lacks something."""
    folder = tmp_path / "fit"
    if text is not None:
        folder.mkdir()
        (folder / "calibration.json").write_text(text)
    with pytest.raises(StoreError, match=told):
        Calibration.open(folder)


def test_a_spoilt_generation_is_found(tmp_path: Path) -> None:
    """A changed byte, or a file that is gone, is told with its path."""
    Calibration.new(tmp_path / "fit", GAUSSIAN, SMALL).run(0, workers=1)
    path = tmp_path / "fit" / "generations" / "00.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(StoreError, match=r"00.parquet: .*checksum"):
        _ = Calibration.open(tmp_path / "fit").bank
    path.unlink()
    with pytest.raises(StoreError, match=r"00.parquet: cannot be read"):
        _ = Calibration.open(tmp_path / "fit").bank


def test_what_is_not_there_yet_is_an_error(tmp_path: Path, whole: Calibration) -> None:
    """A posterior before the bank is finished; a generation that nobody made."""
    calibration = Calibration.new(tmp_path / "fit", GAUSSIAN, SMALL)
    with pytest.raises(PanjError, match="bank is not finished"):
        _ = calibration.posterior
    with pytest.raises(PanjError, match="has no generation 4"):
        whole.posterior_of(4)


def impossible(theta: Mapping[str, float], seed: int) -> dict[str, float | None]:
    """A count that is always 0, and a figure that is never defined."""
    return {"count": 0.0, "never": None}


@pytest.mark.parametrize(
    ("aim", "told"),
    [
        (Aim("mean", 1000.0, 1000.0, 0.1), "mean = 1000 (simulated: "),
        (Aim("mean", 50.0, inf, 0.1), "mean >= 50 (simulated: "),
        (Aim("absent", 1.0, 1.0, 0.1), "gives no statistic of this name (it has mean, noise)"),
    ],
)
def test_a_target_that_cannot_be_met_is_one_clear_error(
    tmp_path: Path, aim: Aim, told: str
) -> None:
    """Far outside all that the prior gives, or of a name that nobody computes."""
    calibration = Calibration.new(tmp_path / "fit", GAUSSIAN.aiming([aim]), SMALL)
    with pytest.raises(PanjError) as caught:
        calibration.run(2, workers=1)
    assert told in str(caught.value)


def test_what_is_never_defined_is_one_clear_error(tmp_path: Path) -> None:
    """The statistic is named."""
    problem = CalibrationProblem([MU], [Aim("never", 1.0, 1.0, 1.0)], impossible)
    with pytest.raises(PanjError, match=r"only 0 of 120 .*undefined in some or all: never"):
        Calibration.new(tmp_path / "fit", problem, SMALL).run(1, workers=1)


def test_a_threshold_that_cannot_fall_ends_the_run(tmp_path: Path) -> None:
    """A count that never varies is equally far from its target everywhere."""
    problem = CalibrationProblem([MU], [Aim("count", 1.0, 1.0, 1.0)], impossible)
    assert Calibration.new(tmp_path / "fit", problem, SMALL).run(1, workers=1) == "stuck"


def test_a_generation_that_accepts_too_few_is_given_up(tmp_path: Path) -> None:
    """With a demand on acceptance that cannot be met the last generation stands, again and again.

    The simulations are kept: with a lower demand nothing would be lost.
    """
    settings = replace(SMALL, least_acceptance=0.9)
    calibration = Calibration.new(tmp_path / "fit", GAUSSIAN, settings)
    assert calibration.run(2, workers=1) == "acceptance"
    assert calibration.run(2, workers=1, budget=0) == "acceptance"
    assert len(calibration.posterior) == 30


def test_a_generation_that_accepts_nothing_is_one_clear_error(tmp_path: Path) -> None:
    """A simulator that says nothing any more: how many were tried, and the last one stands."""
    problem = CalibrationProblem([MU], GAUSSIAN.targets, toys.Silenced(str(tmp_path / "mark")))
    calibration = Calibration.new(tmp_path / "fit", problem, replace(SMALL, least_acceptance=0.2))
    calibration.run(1, workers=1)
    (tmp_path / "mark").touch()
    with pytest.raises(PanjError, match=r"none of 150 proposals of generation 2 came within"):
        calibration.run(2, workers=1)
    assert len(calibration.posterior) == 30


def test_failures_are_rows_and_never_accepted(tmp_path: Path) -> None:
    """A simulator that fails above 1: the posterior lies below; the reason stands in the table."""
    problem = CalibrationProblem([MU], GAUSSIAN.targets, toys.raising)
    calibration = Calibration.new(tmp_path / "fit", problem, SMALL)
    calibration.run(1, workers=1)
    failed = [f for f in calibration.bank.failures if f is not None]
    assert 20 < len(failed) < 60
    assert set(failed) == {"ValueError: too much"}
    assert calibration.posterior["mu"].max() <= 1.0


def test_a_simulator_that_always_fails_is_found_early(tmp_path: Path) -> None:
    """One error with the reason, long before the bank is through."""
    problem = CalibrationProblem([MU], GAUSSIAN.targets, toys.broken)
    told: list[Progress] = []
    with pytest.raises(PanjError, match="fails at every draw of the prior: ZeroDivisionError"):
        Calibration.new(tmp_path / "fit", problem).run(1, workers=1, progress=told.append)
    assert told[-1].tried < 2000


def test_a_disk_that_refuses_is_one_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what was written before it is used afterwards."""
    calibration = Calibration.new(tmp_path / "fit", GAUSSIAN, SMALL)
    calibration.run(0, budget=50, workers=1)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("sim.runs.files.put", full)
        with pytest.raises(OutputError, match="No space left"):
            calibration.run(0, workers=1)
    told: list[Progress] = []
    assert calibration.run(0, workers=1, progress=told.append) == "done"
    assert told[0].tried == 50


def test_a_final_threshold_is_reached_and_repeated_once(tmp_path: Path) -> None:
    """Counts met exactly: two generations with threshold 0, then no more."""
    calibration = Calibration.new(tmp_path / "fit", RATE, Settings(bank=200, population=30))
    assert calibration.run(20, workers=1) == "threshold"
    assert [r.threshold for r in calibration.generations[-2:]] == [0.0, 0.0]
    assert (calibration.posterior.statistic("reported") == 4.0).all()
    assert calibration.posterior.statistic("events").max() > 4.0


def test_progress_tells_what_there_is_to_tell(tmp_path: Path) -> None:
    """Generation by generation; what was accepted grows to what is wanted; time left is known."""
    told: list[Progress] = []
    Calibration.new(tmp_path / "fit", GAUSSIAN, SMALL).run(1, workers=1, progress=told.append)
    assert (told[0].generation, told[0].tried, told[0].acceptance) == (0, 0, None)
    assert told[0].threshold == inf
    last = told[-1]
    assert (last.generation, last.accepted, last.wanted, last.effective) == (1, 30, 30, 30.0)
    assert last.seconds_left == 0.0
    assert 0.1 < (last.acceptance or 0.0) < 1.0


def test_a_run_may_ask_for_another_population(tmp_path: Path) -> None:
    """The first members are the same: they are counted by number."""
    few, many = (Calibration.new(tmp_path / name, GAUSSIAN, SMALL) for name in ("few", "many"))
    few.run(1, workers=1)
    many.run(1, population=60, workers=1)
    assert np.array_equal(few.posterior.values, many.posterior.values[:30])


@pytest.mark.parametrize(
    "bad",
    [{"bank": 1}, {"population": 5000}, {"quantile": 1.0}, {"kernel": 0.3}, {"kernel": 3.0},
     {"seed": -1}, {"threshold": -1.0}, {"least_acceptance": 0.0}],
)  # fmt: skip
def test_settings_out_of_bounds_are_refused(bad: dict[str, float]) -> None:
    """With the name of the setting."""
    with pytest.raises(PanjError, match=f"settings.{next(iter(bad))}"):
        Settings(**bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", [{"generations": -1}, {"population": 1}, {"budget": -1}])
def test_a_run_out_of_bounds_is_refused(tmp_path: Path, bad: dict[str, int]) -> None:
    """Before anything is simulated."""
    calibration = Calibration.new(tmp_path / "fit", GAUSSIAN, SMALL)
    with pytest.raises(PanjError, match="must be"):
        calibration.run(**bad)  # type: ignore[arg-type]


def test_a_known_mean_is_found(tmp_path: Path) -> None:
    """Flat prior, one datum with sd 0.5: posterior normal about it, sd 0.5 (|z| < 4).

    400 members: the mean is known to 0.025, so an error of a fifth of the sd would be seen.
    """
    settings = Settings(bank=1500, population=400)
    calibration = Calibration.new(tmp_path / "fit", GAUSSIAN, settings)
    calibration.run(3, workers=1)
    for posterior in (calibration.posterior, calibration.adjusted().posterior):
        found = posterior.summary()[0]
        error = 0.5 / posterior.ess**0.5
        assert abs(found.mean - 1.0) < 4.0 * error
        assert found.sd == pytest.approx(0.5, rel=4.0 / (2.0 * posterior.ess) ** 0.5 + 0.03)
        assert found.contraction == pytest.approx(1.0 - 0.25 / 3.0, abs=0.03)


def test_the_exact_posterior_of_a_rate(tmp_path: Path) -> None:
    """Gamma-Poisson with reporting: mean within 4 standard errors of 1.63934, interval too.

    250 members, about 70 effective; the wrong exposure (every event reported) would put the
    upper end at 2.93 instead of 3.36.
    """
    calibration = Calibration.new(tmp_path / "fit", RATE, Settings(bank=1500, population=250))
    assert calibration.run(8, workers=1) == "threshold"
    exact = rate_posterior(1.0, 2.0, 4, 1.5, 0.7)
    posterior = calibration.posterior
    rates, weights = posterior["rate"], posterior.weights

    def z(values: np.ndarray, theory: float) -> float:  # type: ignore[type-arg]
        mean = weights @ values
        return float((mean - theory) / np.sqrt(np.sum((weights * (values - mean)) ** 2)))

    assert abs(z(rates, exact.mean)) < 4.0
    for p in (0.025, 0.25, 0.5, 0.75, 0.975):
        assert abs(z((rates <= exact.quantile(p)).astype(float), p)) < 4.0


def test_four_parameters_keep_their_bounds(tmp_path: Path) -> None:
    """Proposals and adjusted members alike lie within the priors."""
    calibration = Calibration.new(tmp_path / "fit", FOUR, Settings(bank=400, population=80))
    calibration.run(2, workers=1)
    for posterior in (calibration.posterior, calibration.adjusted().posterior):
        for prior in FOUR.priors:
            assert posterior[prior.key].min() >= prior.low
            assert posterior[prior.key].max() <= prior.high
    assert isinstance(FOUR.priors[2], Gamma)
