"""``sim.tune``: sliders for what nobody knows and what a defender decides, and what they do."""

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
    """Move free parameters and levers of a scenario and see what that does to reported figures.

    In a notebook the result shows itself with sliders; what they do, its methods do too.

    Parameters
    ----------
    base
        A scenario of a year, or one by name or file.
    years
        The reported years to be held against, such as ``[2016, 2025]``; those of which most is
        told unless said.
    bank
        The folder of a calibration of one's own: its posterior and its emulator. An emulator is
        fitted to its years where it has none, which takes some minutes. The shipped ones unless
        said.
    seeds
        A folder with targets, priors and tables of one's own, as ``panj calibrate`` takes it.
    worlds
        Simulated years of each reported year.
    jobs
        Processes that simulate; one a core unless said.

    Raises :class:`~sim.errors.PanjError` for what cannot be read.
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
    """That of a calibration; the shipped one where it is not finished."""
    if bank is not None and (posterior_folder(Path(bank)) / DESCRIPTION_FILE).exists():
        return Posterior.read(bank)
    return Posterior.read(SHIPPED)


def _surrogate(bank: str | Path | None, seeds: str | Path | None) -> Surrogate | None:
    """The emulator of a calibration, fitted now where it has none."""
    if bank is None:
        try:
            return Surrogate.read(SHIPPED)
        except StoreError:
            return None  # the display says that only simulated years answer
    if (Path(bank) / FILE).exists() or (Path(bank) / "posterior" / FILE).exists():
        return Surrogate.read(bank)
    if not is_store(Path(bank)):
        raise StoreError(
            "is not the folder of a calibration", path=bank,
            remedy="Make one: panj calibrate -o results/fit.",
        )  # fmt: skip
    store = Store.open(Path(bank))
    return fit_surrogate(simulator(load("baseline"), seeds), read_evidence(seeds), store)
