"""The incidents that a policy turned: they ended otherwise, or are there under one policy only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import StoreError
from sim.explore.incident.worlds import (
    Selection,
    check_stored_scenarios,
    incident_origin,
    open_if_store,
    open_worlds,
    rows_of_replicate,
    scenario_names,
)
from sim.incidents.kinds import ACTORS, ENDINGS
from sim.incidents.narrative import sentence, severity
from sim.incidents.records import Crossing, Incident

if TYPE_CHECKING:
    from sim.model import BorderModel
    from sim.runs.store import Store
    from sim.scenario.spec import Scenario

type Told = Mapping[str, Sequence[Incident]]
"""The incidents of one run by the group or plan whose they are."""


class ChangedIncident(NamedTuple):
    """An incident that went another way: whose it is, in which replicate of a store, what became
    of it in each world, and how much graver the gravest is than the mildest (sort key).
    """

    identity: str
    replicate: int | None
    words: tuple[str, ...]
    gravity: tuple[float, ...]
    only_in: str
    """The one world that has it; empty where several have."""


class ChangedIncidents(NamedTuple):
    """All that were turned, the gravest first; of how many, in how many years, in which worlds."""

    names: tuple[str, ...]
    turned: tuple[ChangedIncident, ...]
    incidents: int
    years: int


def turned(
    source: Store | Scenario | Path | str,
    against: Sequence[Scenario | str] | Scenario | str,
    *,
    seed: int | None = None,
    replicate: int | None = None,
    baseline: str = "baseline",
    settings: Sequence[str] = (),
) -> ChangedIncidents:
    """Find the incidents that ended otherwise under another policy, the gravest first.

    Of a store all replicates are read from its table of incidents, or one if ``replicate`` is
    given, which is run again where no incidents are kept; of a scenario one year is run. To end
    otherwise is to be stopped or not, or to kill more or fewer; an incident that only one policy
    has is turned too.

    Raises :class:`~sim.errors.StoreError` for a store that keeps no incidents.
    """
    store = open_if_store(source)
    asked = Selection(seed, replicate, baseline, None, settings)
    if store is not None and (replicate is None or "incidents" in store.tables):
        return _in_store(store, against, asked)
    worlds = open_worlds(source, against, asked)
    models = [world.run() for world in worlds]
    for world, model in zip(worlds, models, strict=True):
        world.check(model)
    names, spec = [world.name for world in worlds], worlds[0].spec
    runs = [by_origin(model.log[Incident]) for model in models]
    found = _changed_in_year(spec, names, runs, [_endings(model) for model in models], replicate)
    return _gravest_first(names, found, len({name for run in runs for name in run}), 1)


def _in_store(store: Store, against: object, asked: Selection) -> ChangedIncidents:
    """From the table of incidents, for each replicate that ended well in all these scenarios."""
    from sim.runs.arrow import records_by_replicate

    if "incidents" not in store.tables:
        raise StoreError(
            "this store keeps no incidents",
            path=store.path,
            remedy="Add --replicate R, which runs that year again; or make a store with "
            "'panj batch --incidents'.",
        )
    names = scenario_names(against, asked)
    spec = check_stored_scenarios(store, names, asked)[0]
    ended = [store.finished(name) - store.failed(name) for name in names]
    years = sorted(set.intersection(*ended))
    if asked.replicate is not None:
        years = [year for year in years if year == asked.replicate]
    if not years:
        raise StoreError(
            "no replicate of it ended well in all of these scenarios"
            if asked.replicate is None else "was not run to its end in all of these scenarios",
            path=store.path, key=None if asked.replicate is None else "--replicate",
            value=asked.replicate, remedy=f"It holds {', '.join(store.scenarios)}.",
        )  # fmt: skip
    by_year: list[dict[int, dict[str, list[Incident]]]] = []
    for name in names:
        rows = store.incidents([name])
        if asked.replicate is not None:
            rows = rows_of_replicate(rows, asked.replicate)
        whose = records_by_replicate(rows, Incident)
        by_year.append({year: by_origin(found) for year, found in whose.items()})
    found, incidents = [], 0
    for year in years:
        runs = [kept.get(year, {}) for kept in by_year]
        incidents += len({name for run in runs for name in run})
        found += _changed_in_year(spec, names, runs, [{}] * len(names), year)
    return _gravest_first(names, found, incidents, len(years))


def by_origin(incidents: Iterable[Incident]) -> dict[str, list[Incident]]:
    """Incidents by the group or plan whose they are."""
    found: dict[str, list[Incident]] = {}
    for incident in incidents:
        found.setdefault(incident_origin(incident), []).append(incident)
    return found


def was_stopped(incidents: Iterable[Incident]) -> bool:
    """Whether guards stopped it, as :attr:`Crossing.stopped` has it: attackers were met before
    they struck, others lost load or people.
    """
    found = list(incidents)
    if any(incident.is_attack for incident in found):
        return all(incident.target is None for incident in found)
    return any(incident.seized_kg > 0.0 or incident.detained > 0 for incident in found)


def _endings(model: BorderModel) -> dict[str, str]:
    """What became of those who had no incident, in words."""
    return {
        c.identity: f"no incident: the {ACTORS[c.actor].many} {ENDINGS[c.ending].words}"
        for c in model.log[Crossing]
    }


def _changed_in_year(
    spec: Scenario,
    names: Sequence[str],
    runs: Sequence[Told],
    elsewhere: Sequence[Mapping[str, str]],
    replicate: int | None,
) -> list[ChangedIncident]:
    """The groups and plans of one year that ended otherwise in another world."""
    found = []
    for identity in dict.fromkeys(name for run in runs for name in run):
        own = [run.get(identity, ()) for run in runs]
        ends = {
            (
                bool(each),
                was_stopped(each),
                sum(i.victims for i in each),
                sum(i.deaths for i in each),
            )
            for each in own
        }
        if len(ends) == 1:
            continue
        words = tuple(
            " ".join(sentence(i, spec.start, spec.ground) for i in each)
            or known.get(identity, "no incident")
            for each, known in zip(own, elsewhere, strict=True)
        )
        there = [name for name, each in zip(names, own, strict=True) if each]
        only = there[0] if len(there) == 1 else ""
        found.append(ChangedIncident(identity, replicate, words, _gravity(own), only))
    return found


def _gravity(own: Sequence[Sequence[Incident]]) -> tuple[float, ...]:
    """How far apart the worlds are in victims, deaths, wounded and kg; then the gravest of all."""
    totals = [[sum(severity(i)[k] for i in each) for k in range(4)] for each in own]
    apart = [max(column) - min(column) for column in zip(*totals, strict=True)]
    return (*apart, *max(totals))


def _gravest_first(
    names: Sequence[str], found: list[ChangedIncident], incidents: int, years: int
) -> ChangedIncidents:
    found.sort(key=lambda one: ([-g for g in one.gravity], one.replicate or 0, one.identity))
    return ChangedIncidents(tuple(names), tuple(found), incidents, years)
