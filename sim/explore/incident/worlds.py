"""The worlds in which an incident is told: of scenarios and a seed, or a replicate of a store."""

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
    """A scenario as it is run once; from day ``since`` on by the rules of ``then``.

    Of a ``store`` it is one ``replicate``.
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
        """What its year is called."""
        return f"seed {self.seed}" if self.store is None else f"replicate {self.replicate}"

    def begin(self) -> BorderModel:
        """A run of it that has not begun."""
        from sim.model import BorderModel

        return BorderModel(self.spec, seed=self.seed)

    def changes_at(self, model: BorderModel) -> float | None:
        """When a run of it is still to change its rules."""
        return self.since if self.then is not None and model.spec is self.spec else None

    def advance(self, model: BorderModel, until: float) -> None:
        """Let everything up to ``until`` happen; the rules change where that is due."""
        due = self.changes_at(model)
        if due is not None and self.then is not None and until >= due:
            model.run_until(due)
            model.change(self.then)
        model.run_until(max(until, model.now))

    def run(self) -> BorderModel:
        """A whole run of it."""
        model = self.begin()
        self.advance(model, model.spec.days)
        return model

    @property
    def rules(self) -> Scenario:
        """The rules that it is known by: those that hold at the end."""
        return self.then or self.spec

    def check(self, model: BorderModel) -> None:
        """Hold a whole run against what its store keeps. Raises ``StoreError`` for another one."""
        store, replicate = self.store, self.replicate
        if store is None or replicate is None or self.then is not None:
            return
        from sim.runs.arrow import to_table
        from sim.runs.table_equality import tables_match

        if "incidents" in store.tables:
            kept = rows_of_replicate(store.incidents([self.name]), replicate)
            again = to_table(model.log[Incident], Incident, model.spec.start)
            same = tables_match(kept.select(again.column_names), again)
        else:
            found, names = model.outcomes(), ("crossings", "victims", "deaths", "incidents")
            known = [name for name in names if name in found and name in store.outcome_names]
            (row,) = rows_of_replicate(store.outcomes([self.name], known), replicate).to_pylist()
            same = all(row[name] == found[name] for name in known)
        if not same:
            raise StoreError(
                f"its runs were made by other code: replicate {replicate} of {self.name} does not "
                "come out the same any more",
                path=store.path,
                remedy="Make the store anew with this version, or tell a year of the scenarios.",
            )


def origin_of(identity: str) -> str:
    """Whose incident it is: the group, or the plan of a cell, the same in every world.

    ``identity`` is that, or that of an incident of it. Raises ``PanjError`` for what is neither.
    """
    kind = next((kind for kind in INCIDENTS if identity.endswith(f"/{kind}")), None)
    origin = identity.strip().removesuffix(f"/{kind}")
    if not _ID.fullmatch(origin):
        raise PanjError(
            "is not the name of a group or a plan",
            key="ID",
            value=identity,
            remedy="It looks like group/darvoz/3.0.1 or cell/vanj/2/plan/1.0.2; "
            "--find lists those that a policy turned.",
        )
    return origin


def incident_origin(incident: Incident) -> str:
    """Whose incident it is."""
    return incident.identity.removesuffix(f"/{incident.kind}")


def unknown_identity(origin: str, models: Iterable[BorderModel]) -> PanjError:
    """What is said of a name that stands for nobody in any of these runs."""
    logs = [model.log for model in models]
    there = {incident_origin(incident) for log in logs for incident in log[Incident]}
    there |= {plan.identity for log in logs for plan in log[Plan]}
    there |= {crossing.identity for log in logs for crossing in log[Crossing]}
    near = get_close_matches(origin, sorted(there), n=3, cutoff=0.5)
    return PanjError(
        "no such group came and no such plan was made in any of these worlds",
        key="ID",
        value=origin,
        remedy=(f"Near it are {', '.join(near)}; " if near else "") + "--find lists some.",
    )


def check_comparable(worlds: Sequence[World]) -> Sequence[World]:
    """The worlds, if an incident can be told in all. Raises ``PanjError`` for one that is there
    twice, and for worlds that do not share ground, layout and first day.
    """
    if len(worlds) < 2:
        raise PanjError(
            "one incident is told in two worlds or more", remedy="Name another with --against."
        )
    seen: dict[tuple[str, str, float | None], str] = {}
    first = worlds[0].spec
    for world in worlds:
        same = digest(world.spec), digest(world.rules), world.since
        same = same if same[0] != same[1] else (same[0], same[1], None)
        if same in seen:
            raise PanjError(
                f"is the same scenario as {seen[same]}: nothing can part their stories",
                key="--against",
                value=world.name,
                remedy="Give another scenario.",
            )
        seen[same] = world.name
        for key in ("ground", "start", "layout_seed"):
            if getattr(world.spec, key) != getattr(first, key):
                raise PanjError(
                    f"has another {key} than {worlds[0].name}: no night is the same in both",
                    key="--against",
                    value=world.name,
                    remedy="Tell an incident in scenarios of one ground, layout and first day.",
                )
    return worlds


def worlds_of_scenarios(
    specs: Sequence[Scenario], seed: int = 1, since: dt.date | None = None
) -> Sequence[World]:
    """Worlds of one seed; with ``since`` all live by the first scenario until that day."""
    return check_comparable(_fork_at([World(spec.name, spec, seed) for spec in specs], since))


def worlds_of_store(
    store: Store, names: Sequence[str], replicate: int, since: dt.date | None = None
) -> Sequence[World]:
    """A replicate of a store, as it was run. Raises ``StoreError`` where it was not."""
    from sim.runs.replicate import RunKey

    worlds = []
    for name in names:
        if replicate not in (kept := store.finished(name) - store.failed(name)):
            ended = sorted(kept)
            there = f"It has {ended[0]} to {ended[-1]}." if ended else "It has none that ended."
            failed = replicate in store.failed(name)
            raise StoreError(
                f"of {name} this replicate {'failed' if failed else 'was not run'}",
                path=store.path,
                key="--replicate",
                value=replicate,
                remedy=there,
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
            f"the run goes {first.spec.days:g} days from {first.spec.start}",
            key="--from",
            value=since.isoformat(),
            remedy="Give a date within it.",
        )
    found = [first]
    for other in others:
        check_change(first.spec, other.spec, day)
        name = f"{other.name} from {since.day} {since:%b}"
        found.append(replace(first, name=name, since=day, then=other.spec))
    return found


# -- what is asked for ------------------------------------------------------------------------


class Selection(NamedTuple):
    """Which year is meant, and from which day on the others have rules of their own."""

    seed: int | None = None
    replicate: int | None = None
    baseline: str = "baseline"
    since: dt.date | None = None
    settings: Sequence[str] = ()


def open_worlds(
    source: Store | Scenario | Path | str,
    against: Sequence[Scenario | str] | Scenario | str,
    asked: Selection,
) -> Sequence[World]:
    """The worlds that are asked for.

    Raises :class:`~sim.errors.PanjError` for what is not there, and for what cannot be told.
    """
    store = open_if_store(source)
    if store is None:
        if asked.replicate is not None:
            raise PanjError(
                "is of a store",
                key="--replicate",
                value=asked.replicate,
                remedy="Give the folder of a store, or choose a year by --seed.",
            )
        seed = 1 if asked.seed is None else asked.seed
        specs = [_scenario(one, asked.settings) for one in (source, *_others(against))]
        return worlds_of_scenarios(specs, seed, asked.since)
    names = scenario_names(against, asked)
    check_stored_scenarios(store, names, asked)
    return worlds_of_store(store, names, asked.replicate or 0, asked.since)


def _others(against: Any) -> list[Any]:
    alone = isinstance(against, str) or not isinstance(against, Sequence)
    return [against] if alone else [*against]


def scenario_names(against: object, asked: Selection) -> list[str]:
    """The names in a store of the scenarios that are meant, the baseline first."""
    return [asked.baseline, *(getattr(one, "name", one) for one in _others(against))]


def check_stored_scenarios(
    store: Store, names: Sequence[str], asked: Selection
) -> Sequence[Scenario]:
    """The scenarios of a store by these names, if one incident can be told in all.

    Raises :class:`~sim.errors.PanjError` where it cannot, and for what would change the year.
    """
    for key, given in (("--seed", asked.seed), ("--set", ", ".join(asked.settings) or None)):
        if given is not None:
            raise PanjError(
                "cannot change a year that a store holds",
                key=key,
                value=given,
                remedy="Choose a year of the store by --replicate, or give a scenario.",
            )
    for name in names:
        store.counts(name)  # raises for one that is not there
    specs = [store.scenarios[name] for name in names]
    check_comparable([World(name, spec, 0) for name, spec in zip(names, specs, strict=True)])
    return specs


def open_if_store(source: object) -> Store | None:
    """The store at a path; ``None`` for what is a scenario."""
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
