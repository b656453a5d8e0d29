"""``python -m benchmarks.learning``: see :mod:`benchmarks.learning`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import click
import numpy as np

import sim
from benchmarks.learning import own_worlds, prediction, tables
from benchmarks.learning.emulated import emulated
from benchmarks.learning.foretold import learnt
from benchmarks.learning.layout import Layout
from benchmarks.learning.own_worlds import Held
from benchmarks.learning.recovery import Recovered, recovered
from benchmarks.learning.references import figures_of, hierarchy, pooled, simulated
from benchmarks.learning.worlds import Truths, Years, read_bank, simulate
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
"""Before it another service held the border, through a civil war that the model does not have."""
_SEED = 9
"""Of the truths; banks have seed 0."""


@click.group()
def main() -> None:
    """How well the calibration predicts, and finds what is known."""


def _kept[T: (Years, Truths, Recovered, Held)](
    path: Path, kind: type[T], make: Callable[[], T]
) -> T:
    """What an earlier run left, or what is made now and left for a later one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, **make()._asdict())
    with np.load(path) as held:
        return kind(**held)


_keep = click.option(
    "--keep", required=True, metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path),
    help="Where years and results are kept; what is there is not made again.",
)  # fmt: skip


@main.command()
@click.argument("stores", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--bank", type=click.Path(exists=True, path_type=Path),
              help="The bank of a calibration: its own prediction is scored too.")  # fmt: skip
@_keep
def predict(stores: Iterable[Path], bank: Path | None, keep: Path) -> None:
    """Leave each year out, and predict it: all years alike, years that differ, simulated years.

    STORES hold simulated years with their incidents, such as 'panj batch baseline -n 200
    --incidents' leaves; each is a predictor.
    """
    layout, priors = Layout.since(read_years(), FIRST), read_priors()
    figures = figures_of(layout)
    found = {name: prediction.left_out(figures, predictor)
             for name, predictor in (("pooled", pooled), ("hierarchy", hierarchy))}  # fmt: skip
    for store in stores:
        years = _kept(keep / f"{store.name}.npz", Years, partial(read_bank, store, layout, priors))
        predictor = simulated(layout, years.figures)
        found[store.name] = prediction.left_out(figures, predictor)
    if bank is not None:
        found["learnt"] = prediction.left_out(figures, learnt(*own_engine(bank)))
    click.echo(tables.predicted(found))


def own_engine(bank: Path) -> tuple[Regressions, Simulator, Evidence]:
    """What the calibration predicts from: its bank's regressions, and the shipped evidence."""
    model, evidence = simulator(sim.load("baseline")), read_evidence()
    store = open_other_bank(model, bank, allow_mixed=True)
    return Regressions(read_training_data(model, evidence, store)), model, evidence


@main.command()
@click.option("--bank", type=click.Path(exists=True, path_type=Path), required=True,
              help="A store of years at draws of the prior, with incidents.")  # fmt: skip
@_keep
@click.option("--truths", default=36, show_default=True, help="Data sets of ten years each.")
@click.option("--draws", default=1000, show_default=True, help="Draws of each posterior.")
def recover(bank: Path, keep: Path, truths: int, draws: int) -> None:
    """Give the calibration data sets whose parameters are known, and score what it finds."""
    layout, priors = Layout.since(read_years(), FIRST), tuple(read_priors())
    known = _kept(keep / f"truths{truths}.npz", Truths,
                  partial(simulate, layout, priors, truths, _SEED))  # fmt: skip

    def find() -> Recovered:
        years = _kept(keep / "bank.npz", Years, partial(read_bank, bank, layout, priors))
        return recovered(emulated(years, layout, priors, draws), known, layout, priors)

    found = _kept(keep / f"recovered{truths}.npz", Recovered, find)
    click.echo(tables.recovered(found, [prior.key for prior in priors]))


@main.command()
@click.argument("bank", type=click.Path(exists=True, path_type=Path))
@_keep
@click.option("--worlds", default=500, show_default=True, help="Worlds of the emulator's own.")
def own(bank: Path, keep: Path, worlds: int) -> None:
    """Ask the posteriors of worlds that the emulator of BANK made whether they hold the truth."""
    regressions, model, evidence = own_engine(bank)
    likelihood = Likelihood(
        Unknowns(model, evidence.years, evidence.regimes), emulate(regressions, evidence)
    )

    def ask() -> Held:
        parts = own_worlds.held(likelihood, worlds)
        return Held(*map(np.concatenate, zip(*parts, strict=True)))

    found = _kept(keep / f"own{worlds}.npz", Held, ask)
    click.echo(own_worlds.told(found, likelihood))


if __name__ == "__main__":
    main()
