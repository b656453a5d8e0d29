"""Years of the model at draws of the prior or of a posterior: ordinary batches, and their figures.

A bank is a batch whose draws come from the prior, which keeps its incidents. The figures that
targets are about are computed from what it keeps, so a bank serves for other targets too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from sim.calibrate.diagnostics import parameter_updates
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

KEPT: Final[Mapping[TableName, bool | None]] = {"districts": False, "incidents": True}
_FEW: Final = 20
"""A bank whose first years all fail is not simulated to its end."""


def prior_draws(model: Simulator, count: int, seed: int = 0) -> Draws:
    """The first ``count`` draws of the prior; a longer list begins with a shorter one."""
    _, values = sample_prior(model.parameters, seed, count)
    return as_draws(model, values, f"priors, seed {seed}")


def fill(
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
    """Run the years that a bank still lacks, at most ``budget`` of them now.

    Raises :class:`sim.errors.PanjError` where every year fails, and
    :class:`sim.errors.StoreError` where the folder holds something else.
    """

    def watch(tally: BatchProgress) -> None:
        if tally.failed and not tally.done and tally.failed >= min(_FEW, tally.missing):
            raise PanjError(
                "the model fails at every draw of the prior",
                path=folder,
                remedy="Correct the scenario or the priors. What failed: panj store sql "
                f'{folder} "SELECT message FROM outcomes".',
            )
        progress(tally)

    scenario = model.scenario
    wanted, listed = years, years
    if is_store(folder):
        store = Store.open(folder)
        if store.posterior is not None:
            listed = max(years, len(store.posterior.draws))  # one that was to be larger serves
        if budget is not None:
            wanted = min(years, len(store.finished(scenario.name)) + budget)
    elif budget is not None:
        wanted = min(years, budget)
    draws = prior_draws(model, listed, seed)
    request = Request([scenario], wanted, seed, KEPT, allow_mixed, draws)
    return fill_store(folder, request, workers, BatchOptions(watch, command=command))


def open_bank_of(model: Simulator, folder: Path, *, allow_mixed: bool = False) -> Store:
    """The bank of another calibration of the same scenario and priors; targets may differ.

    Raises :class:`sim.errors.StoreError` where it is of another kind.
    """
    store = Store.open(folder)
    found = [] if allow_mixed else differences(store.manifest.made_with, made_with())
    if digest(model.scenario) not in store.manifest.digests.values():
        found.append("the scenario")
    draws, root = store.posterior, store.manifest.root
    if draws is None or draws.digest != prior_draws(model, len(draws.draws), root).digest:
        found.append("the priors")
    if found or "incidents" not in store.tables:
        raise StoreError(
            f"its bank is of another kind: {'; '.join(found) or 'it keeps no incidents'}",
            path=folder,
            remedy="Let the calibration simulate a bank of its own.",
        )
    return store


def posterior_draws(
    posterior: Posterior,
    model: Simulator,
    source: str,
    count: int,
    years: Mapping[str, LatentYear] | None = None,
) -> Draws:
    """A posterior as equally likely draws, with all that a batch needs to know of each parameter.

    ``source`` says in a few words where it comes from. ``years`` have a row for each member.
    """
    chosen = posterior.chosen(count)
    spec = model.scenario
    made = {"scenario": spec.name, "scenario_digest": digest(spec), **made_with()}
    if model.fixed:
        made["fixed"] = dict(model.fixed)
    draws = as_draws(model, posterior.values[chosen], source, posterior, made)
    states = {
        name: replace(year, values=tuple(year.values[place] for place in chosen))
        for name, year in (years or {}).items()
    }
    return replace(draws, years=states)


def as_draws(
    model: Simulator,
    values: Floats,
    source: str,
    posterior: Posterior | None = None,
    made: Mapping[str, object] | None = None,
) -> Draws:
    """Values, (draws, parameters), as draws of a batch with what the data taught of each."""
    said = flatten(model.scenario)
    taught = (
        {}
        if posterior is None
        else {item.marginal.key: item for item in parameter_updates(posterior)}
    )
    parameters = tuple(
        UncertainParameter(
            prior.key,
            prior.keys,
            "scale" if prior.multiplies else "set",
            tuple(float(str(said.get(key, 0.0))) for key in prior.keys),
            prior.unit,
            taught[prior.key].marginal.contraction if taught else None,
            taught[prior.key].moved if taught else False,
        )
        for prior in model.parameters
    )
    return Draws(parameters, tuple(map(tuple, values.tolist())), source, made or {})


def years_of_store(
    spec: Scenario, store: Store, scenario: str
) -> Iterator[tuple[int, Year, str | None]]:
    """Each year of a scenario of a store by its replicate, with what went wrong, if anything."""
    pieces = zip(
        store.pieces("outcomes", [scenario]), store.pieces("incidents", [scenario]), strict=True
    )
    for outcomes, incidents in pieces:
        happened = records_by_replicate(incidents, Incident)
        for row in outcomes.to_pylist():
            found = happened.get(cast(int, row["replicate"]), ())
            reports = reports_of_run(found, spec)
            outcome = cast(Mapping[str, Number], row)
            failure = None if row["status"] == "done" else str(row["message"])
            yield cast(int, row["replicate"]), Year(reports, outcome, spec.ground), failure
