"""The incidents that a policy changes: they end differently, or only one policy has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import StoreError
from sim.explore.incident.worlds import (
    Selection,
    incident_origin,
    open_if_store,
    open_worlds,
    rows_of_replicate,
    stored_scenarios,
)
from sim.incidents.kinds import ACTORS, ENDINGS
from sim.incidents.narrative import sentence, severity
from sim.incidents.records import Crossing, Incident

if TYPE_CHECKING:
    from sim.model import BorderModel
    from sim.runs.store import Store
    from sim.scenario.spec import Scenario

type Told = Mapping[str, Sequence[Incident]]
"""The incidents of one run by the identity of their group or plan."""


class ChangedIncident(NamedTuple):
    """An incident that differs between worlds: its identity, the replicate of a store, and how it
    ended in each world. ``gravity`` says how far apart the worlds are (sort key).
    """

    identity: str
    replicate: int | None
    words: tuple[str, ...]
    gravity: tuple[float, ...]
    only_in: str
    """The only world that has it; empty where several have it."""


class ChangedIncidents(NamedTuple):
    """All changed incidents, gravest first; the numbers of incidents and years, and the worlds."""

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
    """Find the incidents that another policy changes, gravest first.

    In a store, all replicates are read from its table of incidents, or only ``replicate``, which is
    run again where the store has no incidents. Of a scenario, one year is run. An incident is
    changed if it is stopped under one policy only, kills more or fewer, or exists under one only.

    Raises :class:`~sim.errors.StoreError` for a store without incidents.
    """
    store = open_if_store(source)
    selection = Selection(seed, replicate, baseline, None, settings)
    if store is not None and (replicate is None or "incidents" in store.tables):
        return _in_store(store, against, selection)
    worlds = open_worlds(source, against, selection)
    models = [world.run() for world in worlds]
    for world, model in zip(worlds, models, strict=True):
        world.check(model)
    names, spec = [world.name for world in worlds], worlds[0].spec
    runs = [by_origin(model.log[Incident]) for model in models]
    found = _changed_in_year(spec, names, runs, [_endings(model) for model in models], replicate)
    return _gravest_first(names, found, len({name for run in runs for name in run}), 1)


def _in_store(store: Store, against: object, selection: Selection) -> ChangedIncidents:
    """Read the table of incidents for each replicate that ended well in all these scenarios."""
    from sim.runs.arrow import records_by_replicate

    if "incidents" not in store.tables:
        raise StoreError(
            "this store has no table of incidents",
            path=store.path,
            remedy="Add --replicate R, which runs that year again, or make a store with "
            "'panj batch --incidents'.",
        )
    names, specs = zip(*stored_scenarios(store, against, selection).items(), strict=True)
    ended = [store.finished(name) - store.failed(name) for name in names]
    years = sorted(set.intersection(*ended))
    if selection.replicate is not None:
        years = [year for year in years if year == selection.replicate]
    if not years:
        raise StoreError(
            "no replicate ended well in all of these scenarios"
            if selection.replicate is None else "was not run to its end in all of these scenarios",
            path=store.path, key=None if selection.replicate is None else "--replicate",
            value=selection.replicate, remedy=f"It holds {', '.join(store.scenarios)}.",
        )  # fmt: skip
    by_year: list[dict[int, dict[str, list[Incident]]]] = []
    for name in names:
        rows = store.incidents([name])
        if selection.replicate is not None:
            rows = rows_of_replicate(rows, selection.replicate)
        whose = records_by_replicate(rows, Incident)
        by_year.append({year: by_origin(found) for year, found in whose.items()})
    found, incidents = [], 0
    for year in years:
        runs = [kept.get(year, {}) for kept in by_year]
        incidents += len({name for run in runs for name in run})
        found += _changed_in_year(specs[0], names, runs, [{}] * len(names), year)
    return _gravest_first(names, found, incidents, len(years))


def by_origin(incidents: Iterable[Incident]) -> dict[str, list[Incident]]:
    """Incidents by the identity of their group or plan."""
    found: dict[str, list[Incident]] = {}
    for incident in incidents:
        found.setdefault(incident_origin(incident), []).append(incident)
    return found


def was_stopped(incidents: Iterable[Incident]) -> bool:
    """Whether guards stopped a group, as in :attr:`Crossing.stopped`: attackers were met before
    they struck, others lost load or people.
    """
    found = list(incidents)
    if any(incident.is_attack for incident in found):
        return all(incident.target is None for incident in found)
    return any(incident.seized_kg > 0.0 or incident.detained > 0 for incident in found)


def _endings(model: BorderModel) -> dict[str, str]:
    """In words, how each crossing ended that had no incident."""
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
    """The groups and plans of one year that differ between worlds."""
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
    """How far apart the worlds are in victims, deaths, wounded and kg; then the gravest values."""
    totals = [[sum(severity(i)[k] for i in each) for k in range(4)] for each in own]
    apart = [max(column) - min(column) for column in zip(*totals, strict=True)]
    return (*apart, *max(totals))


def _gravest_first(
    names: Sequence[str], found: list[ChangedIncident], incidents: int, years: int
) -> ChangedIncidents:
    found.sort(key=lambda one: ([-g for g in one.gravity], one.replicate or 0, one.identity))
    return ChangedIncidents(tuple(names), tuple(found), incidents, years)
