"""The worlds of an incident: scenarios with one seed, or a replicate of a store."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.errors import PanjError, StoreError
from sim.incidents.kinds import INCIDENTS
from sim.incidents.records import Crossing, Incident, Plan
from sim.scenario.values import digest

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.model import BorderModel
    from sim.runs.store import Store
    from sim.scenario.spec import Scenario

_ID: Final = re.compile(r"(group/\w+|cell/\w+/\d+/plan)/\d+\.\d+\.\d+(\+joint)*", re.ASCII)


@dataclass(frozen=True)
class World:
    """A scenario that is run once; from day ``since`` on it follows the rules of ``then``.

    A world of a ``store`` is one ``replicate``.
    """

    name: str
    spec: Scenario
    seed: int
    since: float | None = None
    then: Scenario | None = None
    store: Store | None = None
    replicate: int | None = None

    @property
    def which(self) -> str:
        """The seed or the replicate, in words."""
        return f"seed {self.seed}" if self.store is None else f"replicate {self.replicate}"

    def begin(self) -> BorderModel:
        """A run of the world that has not begun."""
        from sim.model import BorderModel

        return BorderModel(self.spec, seed=self.seed)

    def changes_at(self, model: BorderModel) -> float | None:
        """The day on which a run has yet to change its rules, or ``None``."""
        return self.since if self.then is not None and model.spec is self.spec else None

    def advance(self, model: BorderModel, until: float) -> None:
        """Run up to ``until``; the rules change on their day."""
        due = self.changes_at(model)
        if due is not None and self.then is not None and until >= due:
            model.run_until(due)
            model.change(self.then)
        model.run_until(max(until, model.now))

    def run(self) -> BorderModel:
        """Run the whole world."""
        model = self.begin()
        self.advance(model, model.spec.days)
        return model

    @property
    def rules(self) -> Scenario:
        """The scenario whose rules hold at the end."""
        return self.then or self.spec

    def check(self, model: BorderModel) -> None:
        """Raise ``StoreError`` where the outcomes of a whole run are not those in its store."""
        store, replicate = self.store, self.replicate
        if store is None or replicate is None or self.then is not None:
            return
        again = model.outcomes()
        names = [name for name in store.outcome_names if name in again]
        (row,) = rows_of_replicate(store.outcomes([self.name], names), replicate).to_pylist()
        if any(row[name] != again[name] for name in names):
            raise StoreError(
                f"its runs were made by other code: this version does not reproduce replicate "
                f"{replicate} of {self.name}",
                path=store.path,
                remedy="Make the store again with this version, or give scenarios and --seed.",
            )


def origin_of(identity: str) -> str:
    """The identity of the group, or of the plan of a cell; it is the same in every world.

    ``identity`` is that, or the identity of one of its incidents. Raises ``PanjError`` for what is
    neither.
    """
    kind = next((kind for kind in INCIDENTS if identity.endswith(f"/{kind}")), None)
    origin = identity.strip().removesuffix(f"/{kind}")
    if not _ID.fullmatch(origin):
        raise PanjError(
            "is not the name of a group or a plan",
            key="ID",
            value=identity,
            remedy="It looks like group/darvoz/3.0.1 or cell/vanj/2/plan/1.0.2; "
            "--find lists those that a policy changes.",
        )
    return origin


def incident_origin(incident: Incident) -> str:
    """The identity of the group or plan of an incident."""
    return incident.identity.removesuffix(f"/{incident.kind}")


def unknown_identity(origin: str, models: Iterable[BorderModel]) -> PanjError:
    """The error for an identity that none of these runs has."""
    logs = [model.log for model in models]
    known = {incident_origin(incident) for log in logs for incident in log[Incident]}
    known |= {plan.identity for log in logs for plan in log[Plan]}
    known |= {crossing.identity for log in logs for crossing in log[Crossing]}
    near = get_close_matches(origin, sorted(known), n=3, cutoff=0.5)
    return PanjError(
        "no such group came and no such plan was made in any of these worlds",
        key="ID",
        value=origin,
        remedy=(f"Similar: {', '.join(near)}; " if near else "") + "--find lists some.",
    )


def check_comparable(worlds: Sequence[World]) -> Sequence[World]:
    """Return the worlds if an incident can be compared in all of them.

    Raises ``PanjError`` for a world given twice, and for worlds that do not share ground, layout
    and first day.
    """
    if len(worlds) < 2:
        raise PanjError(
            "an incident is compared in two worlds or more", remedy="Name another with --against."
        )
    seen: dict[tuple[str, str, float | None], str] = {}
    first = worlds[0].spec
    for world in worlds:
        same = digest(world.spec), digest(world.rules), world.since
        same = same if same[0] != same[1] else (same[0], same[1], None)
        if same in seen:
            raise PanjError(
                f"is the same scenario as {seen[same]}, so their stories cannot part",
                key="--against",
                value=world.name,
                remedy="Give another scenario.",
            )
        seen[same] = world.name
        for key in ("ground", "start", "layout_seed"):
            if getattr(world.spec, key) != getattr(first, key):
                raise PanjError(
                    f"has another {key} than {worlds[0].name}, so no night is the same in both",
                    key="--against",
                    value=world.name,
                    remedy="Compare an incident in scenarios of one ground, layout and first day.",
                )
    return worlds


def worlds_of_scenarios(
    specs: Sequence[Scenario], seed: int = 1, since: dt.date | None = None
) -> Sequence[World]:
    """Worlds with one seed; with ``since`` all follow the first scenario until that day."""
    return check_comparable(_fork_at([World(spec.name, spec, seed) for spec in specs], since))


def worlds_of_store(
    store: Store, names: Sequence[str], replicate: int, since: dt.date | None = None
) -> Sequence[World]:
    """Worlds of a replicate of a store. Raises ``StoreError`` for one that it does not hold."""
    from sim.runs.replicate import RunKey

    worlds = []
    for name in names:
        ended = sorted(store.finished(name) - store.failed(name))
        if replicate not in ended:
            why = "failed" if replicate in store.failed(name) else "was not run"
            raise StoreError(
                f"this replicate of {name} {why}",
                path=store.path,
                key="--replicate",
                value=replicate,
                remedy=f"It has {ended[0]} to {ended[-1]}." if ended else "None ended well.",
            )
        origin = store.origins.get(name)
        variant = origin.variant if origin else None
        run = RunKey(replicate, store.manifest.root, store.posterior, variant)
        spec = run.drawn(store.scenarios[name])
        worlds.append(World(name, spec, run.empty_run().seed, store=store, replicate=replicate))
    return check_comparable(_fork_at(worlds, since))


def _fork_at(worlds: Sequence[World], since: dt.date | None) -> list[World]:
    if since is None:
        return list(worlds)
    from sim.scenario.mid_run import check_change

    first, *others = worlds
    day = float((since - first.spec.start).days)
    if not 0.0 <= day < first.spec.days:
        raise PanjError(
            f"the run has {first.spec.days:g} days from {first.spec.start}",
            key="--from",
            value=since.isoformat(),
            remedy="Give a date within the run.",
        )
    found = [first]
    for other in others:
        check_change(first.spec, other.spec, day)
        name = f"{other.name} from {since.day} {since:%b}"
        found.append(replace(first, name=name, since=day, then=other.spec))
    return found


# -- from the arguments -----------------------------------------------------------------------


class Selection(NamedTuple):
    """Which year to run, and the day from which the other worlds follow their own rules."""

    seed: int | None = None
    replicate: int | None = None
    baseline: str = "baseline"
    since: dt.date | None = None
    settings: Sequence[str] = ()


def open_worlds(
    source: Store | Scenario | Path | str,
    against: Sequence[Scenario | str] | Scenario | str,
    selection: Selection,
) -> Sequence[World]:
    """The worlds of a source and the scenarios to compare it with.

    Raises :class:`~sim.errors.PanjError` for an unknown name, and for worlds that cannot be
    compared.
    """
    store = open_if_store(source)
    if store is None:
        if selection.replicate is not None:
            raise PanjError(
                "needs a store",
                key="--replicate",
                value=selection.replicate,
                remedy="Give the folder of a store, or choose a year by --seed.",
            )
        seed = 1 if selection.seed is None else selection.seed
        specs = [_scenario(one, selection.settings) for one in (source, *_others(against))]
        return worlds_of_scenarios(specs, seed, selection.since)
    names = list(stored_scenarios(store, against, selection))
    return worlds_of_store(store, names, selection.replicate or 0, selection.since)


def _others(against: Any) -> list[Any]:
    alone = isinstance(against, str) or not isinstance(against, Sequence)
    return [against] if alone else [*against]


def stored_scenarios(store: Store, against: Any, selection: Selection) -> dict[str, Scenario]:
    """The scenarios of a store to compare, by name, the baseline first.

    Raises :class:`~sim.errors.PanjError` where an incident cannot be compared in all of them, and
    for options that would change the year.
    """
    for key, given in (("--seed", selection.seed), ("--set", ", ".join(selection.settings))):
        if given not in (None, ""):
            raise PanjError(
                "cannot change a year that a store holds",
                key=key,
                value=given,
                remedy="Choose a year of the store by --replicate, or give a scenario.",
            )
    names = [selection.baseline, *(getattr(one, "name", one) for one in _others(against))]
    for name in names:
        store.counts(name)  # raises for an unknown name
    check_comparable([World(name, store.scenarios[name], 0) for name in names])
    return {name: store.scenarios[name] for name in names}


def open_if_store(source: object) -> Store | None:
    """The store at a path; ``None`` if the source is a scenario."""
    from sim.runs.catalogue import is_store
    from sim.runs.store import Store

    if isinstance(source, Store):
        return source
    if not isinstance(source, str | Path):
        return None
    path = Path(source)
    if is_store(path):
        return Store.open(path)
    if path.is_dir():
        raise StoreError(
            "is not a store", path=path, remedy="Give a folder of 'panj batch -o', or a scenario."
        )
    return None


def _scenario(one: Any, settings: Sequence[str]) -> Scenario:
    from sim.scenario.load import load

    return load(one, settings) if isinstance(one, str | Path) else one


def rows_of_replicate(rows: pa.Table, replicate: int) -> pa.Table:
    """The rows of one replicate."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return rows.filter(pc.equal(rows["replicate"], pa.scalar(replicate)))
