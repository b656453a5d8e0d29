"""``python -m benchmarks.learning``: see :mod:`benchmarks.learning`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import click
import numpy as np

import sim
from benchmarks.learning import left_out_years, synthetic_worlds, tables
from benchmarks.learning.calibration_predictor import calibration_predictor
from benchmarks.learning.emulator_inference import emulator_inference
from benchmarks.learning.layout import Layout
from benchmarks.learning.recovery import Recovery, score_recovery
from benchmarks.learning.reference_predictors import figures_of, hierarchy, pooled, simulated
from benchmarks.learning.simulated_years import Truths, Years, read_bank, simulate
from benchmarks.learning.synthetic_worlds import Ranks
from sim.calibrate.bank import open_other_bank
from sim.calibrate.emulator import emulate
from sim.calibrate.evidence import Evidence, read_evidence
from sim.calibrate.inference import Likelihood
from sim.calibrate.priors import read_priors
from sim.calibrate.regressions import Regressions
from sim.calibrate.simulator import Simulator, simulator
from sim.calibrate.training_data import read_training_data
from sim.calibrate.unknowns import Unknowns
from sim.calibrate.year_table import read_years

FIRST = 2006
"""Before 2006 another service held the border, in a civil war that the model does not have."""
_SEED = 9
"""Seed of the truths; banks have seed 0."""


@click.group()
def main() -> None:
    """Test how well the calibration predicts, and recovers known parameters."""


def _load_or_make[T: (Years, Truths, Recovery, Ranks)](
    path: Path, kind: type[T], make: Callable[[], T]
) -> T:
    """Load the result of an earlier run, or make and save it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, **make()._asdict())
    with np.load(path) as arrays:
        return kind(**arrays)


_keep = click.option(
    "--keep", required=True, metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path),
    help="Folder for years and results; existing ones are reused.",
)  # fmt: skip


@main.command()
@click.argument("stores", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--bank", type=click.Path(exists=True, path_type=Path),
              help="Bank of a calibration, whose prediction is scored too.")  # fmt: skip
@_keep
def predict(stores: Iterable[Path], bank: Path | None, keep: Path) -> None:
    """Leave each year out and predict it: all years alike, years that differ, simulated years.

    Each of STORES contains simulated years with incidents, for example from 'panj batch baseline
    -n 200 --incidents', and is a predictor.
    """
    layout, priors = Layout.since(read_years(), FIRST), read_priors()
    figures = figures_of(layout)
    found = {name: left_out_years.score_left_out(figures, predictor)
             for name, predictor in (("pooled", pooled), ("hierarchy", hierarchy))}  # fmt: skip
    for store in stores:
        years = _load_or_make(
            keep / f"{store.name}.npz", Years, partial(read_bank, store, layout, priors)
        )
        predictor = simulated(layout, years.figures)
        found[store.name] = left_out_years.score_left_out(figures, predictor)
    if bank is not None:
        predictor = calibration_predictor(*fitted_regressions(bank))
        found["calibration"] = left_out_years.score_left_out(figures, predictor)
    click.echo(tables.prediction_table(found))


def fitted_regressions(bank: Path) -> tuple[Regressions, Simulator, Evidence]:
    """Return the regressions of a bank, the simulator, and the shipped evidence."""
    model, evidence = simulator(sim.load("baseline")), read_evidence()
    store = open_other_bank(model, bank, allow_mixed=True)
    return Regressions(read_training_data(model, evidence, store)), model, evidence


@main.command()
@click.option("--bank", type=click.Path(exists=True, path_type=Path), required=True,
              help="Store of years at draws of the prior, with incidents.")  # fmt: skip
@_keep
@click.option("--truths", default=36, show_default=True, help="Data sets of ten years each.")
@click.option("--draws", default=1000, show_default=True, help="Draws of each posterior.")
def recover(bank: Path, keep: Path, truths: int, draws: int) -> None:
    """Give the calibration data sets with known parameters, and score its posteriors."""
    layout, priors = Layout.since(read_years(), FIRST), tuple(read_priors())
    known = _load_or_make(keep / f"truths{truths}.npz", Truths,
                  partial(simulate, layout, priors, truths, _SEED))  # fmt: skip

    def find() -> Recovery:
        years = _load_or_make(keep / "bank.npz", Years, partial(read_bank, bank, layout, priors))
        return score_recovery(
            emulator_inference(years, layout, priors, draws), known, layout, priors
        )

    found = _load_or_make(keep / f"recovered{truths}.npz", Recovery, find)
    click.echo(tables.recovery_table(found, [prior.key for prior in priors]))


@main.command()
@click.argument("bank", type=click.Path(exists=True, path_type=Path))
@_keep
@click.option("--worlds", default=500, show_default=True, help="Number of synthetic worlds.")
def own(bank: Path, keep: Path, worlds: int) -> None:
    """Test whether posteriors of synthetic worlds of the emulator of BANK cover the truth."""
    regressions, model, evidence = fitted_regressions(bank)
    likelihood = Likelihood(
        Unknowns(model, evidence.years, evidence.regimes), emulate(regressions, evidence)
    )

    def ask() -> Ranks:
        parts = synthetic_worlds.rank_truths(likelihood, worlds)
        return Ranks(*map(np.concatenate, zip(*parts, strict=True)))

    found = _load_or_make(keep / f"own{worlds}.npz", Ranks, ask)
    click.echo(synthetic_worlds.as_text(found, likelihood))


if __name__ == "__main__":
    main()
