"""The bank: simulated years at draws of the prior, stored as an ordinary batch.

A bank keeps its incidents, and every statistic is computed from them. So a bank made for some
targets serves for others too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from sim.calibrate.posterior import Posterior
from sim.calibrate.prior_sample import sample_prior
from sim.calibrate.reports import reports_of_run
from sim.calibrate.simulator import Simulator, Year
from sim.calibrate.types import Floats, Number
from sim.errors import PanjError, StoreError
from sim.incidents.records import Incident
from sim.runs.arrow import records_by_replicate
from sim.runs.batch import BatchOptions, BatchProgress, BatchResult, fill_store
from sim.runs.catalogue import is_store
from sim.runs.code_version import differences, made_with
from sim.runs.posterior import LatentYear, UncertainParameter
from sim.runs.posterior import Posterior as Draws
from sim.runs.request import Request
from sim.runs.store import Store
from sim.runs.store_tables import TableName
from sim.runs.workers import Workers
from sim.scenario.values import digest, flatten

if TYPE_CHECKING:
    from sim.scenario.spec import Scenario

BANK_TABLES: Final[Mapping[TableName, bool | None]] = {"districts": False, "incidents": True}
_FEW: Final = 20
"""If so many first years all fail, the bank is not simulated further."""


def prior_draws(model: Simulator, count: int, seed: int = 0) -> Draws:
    """Return the first ``count`` draws of the prior; a longer list begins with a shorter one."""
    _, values = sample_prior(model.parameters, seed, count)
    return to_draws(model, values, f"priors, seed {seed}")


def fill_bank(
    model: Simulator,
    folder: Path,
    years: int,
    workers: Workers,
    *,
    seed: int = 0,
    budget: int | None = None,
    command: str | None = None,
    allow_mixed: bool = False,
    progress: Callable[[BatchProgress], None] = lambda tally: None,
) -> BatchResult:
    """Simulate the years that a bank still lacks, at most ``budget`` of them now.

    Raise :class:`sim.errors.PanjError` where every year fails, and :class:`sim.errors.StoreError`
    where the folder contains something else.
    """

    def watch(tally: BatchProgress) -> None:
        if tally.failed and not tally.done and tally.failed >= min(_FEW, tally.missing):
            raise PanjError(
                "the model fails at every draw of the prior",
                path=folder,
                remedy="Correct the scenario or the priors. The failures: panj store sql "
                f'{folder} "SELECT message FROM outcomes".',
            )
        progress(tally)

    scenario = model.scenario
    replicates, listed = years, years
    if is_store(folder):
        store = Store.open(folder)
        if store.posterior is not None:
            listed = max(years, len(store.posterior.draws))  # a bank meant to be larger serves too
        if budget is not None:
            replicates = min(years, len(store.finished(scenario.name)) + budget)
    elif budget is not None:
        replicates = min(years, budget)
    draws = prior_draws(model, listed, seed)
    request = Request([scenario], replicates, seed, BANK_TABLES, allow_mixed, draws)
    return fill_store(folder, request, workers, BatchOptions(watch, command=command))


def open_other_bank(model: Simulator, folder: Path, *, allow_mixed: bool = False) -> Store:
    """Open the bank of another calibration of the same scenario and priors; targets may differ.

    Raise :class:`sim.errors.StoreError` where code, scenario or priors differ.
    """
    store = Store.open(folder)
    differing = [] if allow_mixed else differences(store.manifest.made_with, made_with())
    if digest(model.scenario) not in store.manifest.digests.values():
        differing.append("the scenario")
    draws, root = store.posterior, store.manifest.root
    if draws is None or draws.digest != prior_draws(model, len(draws.draws), root).digest:
        differing.append("the priors")
    if differing or "incidents" not in store.tables:
        raise StoreError(
            f"its bank does not match: {'; '.join(differing) or 'it keeps no incidents'}",
            path=folder,
            remedy="Leave out --bank-of, and the calibration simulates its own bank.",
        )
    return store


def posterior_draws(
    posterior: Posterior,
    model: Simulator,
    source: str,
    count: int,
    years: Mapping[str, LatentYear] | None = None,
) -> Draws:
    """Return ``count`` draws of a posterior, with all that a batch needs of each parameter.

    ``source`` says in a few words where it comes from. ``years`` have a row for each member.
    """
    members = posterior.members(count)
    spec = model.scenario
    made = {"scenario": spec.name, "scenario_digest": digest(spec), **made_with()}
    if model.fixed:
        made["fixed"] = dict(model.fixed)
    draws = to_draws(model, posterior.values[members], source, posterior, made)
    states = {
        name: replace(year, values=tuple(year.values[place] for place in members))
        for name, year in (years or {}).items()
    }
    return replace(draws, years=states)


def to_draws(
    model: Simulator,
    values: Floats,
    source: str,
    posterior: Posterior | None = None,
    made: Mapping[str, object] | None = None,
) -> Draws:
    """Convert values, (draws, parameters), to draws of a batch, with the update of each."""
    base = flatten(model.scenario)
    marginals = {} if posterior is None else {m.key: m for m in posterior.summary()}
    parameters = tuple(
        UncertainParameter(
            prior.key,
            prior.keys,
            "scale" if prior.multiplies else "set",
            tuple(float(str(base.get(key, 0.0))) for key in prior.keys),
            prior.unit,
            marginals[prior.key].contraction if marginals else None,
            marginals[prior.key].moved if marginals else False,
        )
        for prior in model.parameters
    )
    return Draws(parameters, tuple(map(tuple, values.tolist())), source, made or {})


def years_of_store(
    spec: Scenario, store: Store, scenario: str
) -> Iterator[tuple[int, Year, str | None]]:
    """Yield each year of a scenario of a store: replicate, year, and the failure, if any."""
    pieces = zip(
        store.pieces("outcomes", [scenario]), store.pieces("incidents", [scenario]), strict=True
    )
    for outcomes, incidents in pieces:
        by_year = records_by_replicate(incidents, Incident)
        for row in outcomes.to_pylist():
            replicate = cast(int, row["replicate"])
            reports = reports_of_run(by_year.get(replicate, ()), spec)
            failure = None if row["status"] == "done" else str(row["message"])
            yield replicate, Year(reports, cast(Mapping[str, Number], row), spec.ground), failure
