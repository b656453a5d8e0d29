"""A store as the EMA Workbench reads results: experiments and outcomes."""

import warnings
from pathlib import Path

import pytest
from filled import ran
from quick_runs import CHOSEN, OTHER

from sim.errors import OutputError, StoreError
from sim.runs.ema import export_ema
from sim.runs.posterior import Posterior, UncertainParameter
from sim.runs.request import Request
from sim.runs.store import Store

pytestmark = pytest.mark.thorough

DRAWS = Posterior(
    (
        UncertainParameter("patrols.p_sight", ("patrols.p_sight",)),
        UncertainParameter("b", ("sign.p_found",)),
    ),
    ((0.1, 0.25), (0.2, 1 / 3), (0.4, 0.5)),
    "made up",
)


def fill(folder: Path, posterior: Posterior | None = DRAWS) -> Store:
    """Quick runs of two scenarios, five each."""
    request = Request([CHOSEN, OTHER], 5, posterior=posterior)
    return ran(folder, request).store


def test_the_workbench_reads_it(tmp_path: Path) -> None:
    """A row a run with the values of its draw; outcomes in the same order, NaN for no value."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench import load_results
    store, target = fill(tmp_path / "s"), tmp_path / "out.tar.gz"
    assert export_ema(store, target) == 10
    experiments, outcomes = load_results(str(target))
    table = store.outcomes()
    assert experiments["policy"].tolist() == table.column("scenario").to_pylist()
    assert experiments["scenario"].tolist() == [0, 1, 2, 3, 4] * 2
    assert experiments["b"].tolist() == [0.25, 1 / 3, 0.5, 0.25, 1 / 3] * 2
    assert set(outcomes) == set(store.outcome_names)
    for name, values in outcomes.items():
        told = [None if v != v else v for v in values.tolist()]
        assert told == table.column(name).to_pylist()
    first = target.read_bytes()
    export_ema(store, target, force=True)
    assert target.read_bytes() == first


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """Another suffix, a file that is there, a store without draws: one message each."""
    store = fill(tmp_path / "s")
    with pytest.raises(OutputError, match=r"end in \.tar\.gz"):
        export_ema(store, tmp_path / "out.csv")
    (tmp_path / "there.tar.gz").touch()
    with pytest.raises(OutputError, match="exists already"):
        export_ema(store, tmp_path / "there.tar.gz")
    with pytest.raises(StoreError, match="no draws"):
        export_ema(fill(tmp_path / "plain", None), tmp_path / "out.tar.gz")
