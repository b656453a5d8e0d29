"""``sim.tune``: sliders for uncertain parameters and the defender's levers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.calibrate.evidence import read_evidence
from sim.calibrate.priors import read_priors
from sim.calibrate.simulator import simulator
from sim.calibrate.surrogate import FILE, Surrogate, fit_surrogate
from sim.calibrate.targets import read_targets
from sim.errors import StoreError
from sim.runs.catalogue import is_store
from sim.runs.posterior import DESCRIPTION_FILE, SHIPPED, Posterior, posterior_folder
from sim.runs.store import Store
from sim.scenario.load import load
from sim.scenario.spec import Scenario
from sim.tuning.answer_cache import TuningData
from sim.tuning.session import WORLDS, Tuning


def tune(
    base: Scenario | str | Path = "baseline",
    years: Sequence[int] | None = None,
    bank: str | Path | None = None,
    seeds: str | Path | None = None,
    worlds: int = WORLDS,
    jobs: int | None = None,
) -> Tuning:
    """Move free parameters and levers of a scenario and compare it with the reported figures.

    In a notebook the result is displayed with sliders; its methods do the same as the sliders.

    Parameters
    ----------
    base
        A scenario of a year, or one by name or file.
    years
        The reported years to compare with, such as ``[2016, 2025]``. Default: the years with most
        reported figures.
    bank
        The folder of your own calibration, with its posterior and emulator. Without an emulator
        there, one is fitted to its years, which takes some minutes. Default: the shipped ones.
    seeds
        A folder with your own targets, priors and tables, as for ``panj calibrate``.
    worlds
        Simulated years of each reported year.
    jobs
        Number of processes that simulate. Default: one per core.

    Raise :class:`~sim.errors.PanjError` for a file or folder that cannot be read.
    """
    spec = base if isinstance(base, Scenario) else load(base)
    evidence = read_evidence(seeds, spec.ground)
    return Tuning(
        spec,
        TuningData(
            tuple(link.cell for link in evidence.links),
            read_targets(seeds, spec.ground),
            read_priors(seeds),
            _posterior(bank),
            _surrogate(bank, seeds),
        ),
        years,
        worlds,
        jobs,
    )


def _posterior(bank: str | Path | None) -> Posterior:
    """Read the posterior of a calibration; the shipped one if it is not finished."""
    if bank is not None and (posterior_folder(Path(bank)) / DESCRIPTION_FILE).exists():
        return Posterior.read(bank)
    return Posterior.read(SHIPPED)


def _surrogate(bank: str | Path | None, seeds: str | Path | None) -> Surrogate | None:
    """Read the emulator of a calibration, or fit one where it has none."""
    if bank is None:
        try:
            return Surrogate.read(SHIPPED)
        except StoreError:
            return None  # the display says that only simulated years give figures
    if (Path(bank) / FILE).exists() or (Path(bank) / "posterior" / FILE).exists():
        return Surrogate.read(bank)
    if not is_store(Path(bank)):
        raise StoreError(
            "is not the folder of a calibration", path=bank,
            remedy="Make one: panj calibrate -o results/fit.",
        )  # fmt: skip
    store = Store.open(Path(bank))
    return fit_surrogate(simulator(load("baseline"), seeds), read_evidence(seeds), store)
