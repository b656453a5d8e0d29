"""The experiment family: pairs and batches, and machinery that would spoil them."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from judged import blind, failing, named

from sim.agents.beats import Pass
from sim.agents.detection import Detection
from sim.engine.draws import Draws, Stream
from sim.incidents.records import Cue
from sim.runs import replicate
from sim.runs.batch import BatchProgress, run_batch
from sim.runs.replicate import seed_of
from sim.runs.store import Store
from sim.scenario.load import load
from sim.verify import experiment
from sim.verify.case import Case

PAIRED = (experiment.null_change, experiment.change_of_one_district, experiment.more_sight)


@pytest.mark.parametrize("study", PAIRED)
def test_pairs_differ_by_what_was_changed_alone(study: Callable[[float], list[Case]]) -> None:
    """No violation; another seed, or groups that choose, would show many."""
    cases = study(0.25)
    assert failing(cases) == blind(cases) == []
    assert all(case.theory == case.error == 0.0 for case in cases)


@pytest.mark.slow
def test_batches_do_not_depend_on_how_they_are_run() -> None:
    """Two processes, another order, a cut, an extension: the same tables."""
    cases = experiment.batches(1.0)
    assert failing(cases) == blind(cases) == []
    assert len(cases) == 4


def test_the_cut_batch_is_cut(tmp_path: Path) -> None:
    """It stops with some runs done, and not all."""
    scenario = load("baseline", {"days": 20.0})
    with pytest.raises(experiment._CutError):
        run_batch([scenario], 10, tmp_path / "s", executor="serial", progress=experiment._cut)
    assert 0 < len(Store.open(tmp_path / "s").finished("baseline")) < 10
    experiment._cut(BatchProgress(20, 2, 0))  # too early to cut


def test_stores_are_gone_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that holds them does not outlive the study, however it ends."""
    folders: list[Path] = []

    def begun(specs: object, replicates: int, folder: Path, **more: object) -> None:
        folders.append(folder.parent)
        assert folder.parent.is_dir()
        raise InterruptedError

    monkeypatch.setattr(experiment, "run_batch", begun)
    with pytest.raises(InterruptedError):
        experiment.batches(1.0)
    assert not folders[0].exists()


# -- planted faults -----------------------------------------------------------------------


def test_draws_that_count_calls_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A common stream from which everybody draws in turn: the seed says no longer all."""
    calls, of = count(), Draws.of

    def next_of(self: Draws, identity: str) -> Stream:
        return of(self, f"{identity}/{next(calls)}")

    monkeypatch.setattr(Draws, "of", next_of)
    assert failing(experiment.change_of_one_district(1.0)) != []


@pytest.mark.slow
def test_luck_that_depends_on_the_chance_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another draw for each chance to see: some are lost who were seen before."""
    planned, fortune = Detection._planned, Detection._fortune

    def unpaired(self: Detection, at: float, cue: Cue, p: float, passing: Pass) -> object:
        with monkeypatch.context() as one:
            one.setattr(self, "_fortune", lambda name: fortune(self, f"{name}/{p}"))
            return planned(self, at, cue, p, passing)

    monkeypatch.setattr(Detection, "_planned", unpaired)
    assert not named(experiment.more_sight(0.25), "lose a detection").holds


@pytest.mark.slow
def test_seeds_that_depend_on_the_process_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process draws other seeds than the workers of a pool, which never saw the change."""
    monkeypatch.setattr(replicate, "seed_of", lambda number, root: seed_of(number, root + 5))
    assert "batch: two processes: tables that differ" in failing(experiment.batches(1.0))
