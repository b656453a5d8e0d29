"""What an incident is told of, opened: a replicate of a store, or scenarios and a seed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import PanjError, StoreError
from sim.explore.incident.world import World, apart, of_scenarios, of_store

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.model import BorderModel
    from sim.runs.store import Store
    from sim.scenario.spec import Scenario


class Asked(NamedTuple):
    """Which year is meant, and from which day on the others have rules of their own."""

    seed: int | None = None
    replicate: int | None = None
    baseline: str = "baseline"
    since: dt.date | None = None
    settings: Sequence[str] = ()


@dataclass(frozen=True)
class Opened:
    """The worlds of one year, what the year is called, the store, and what checks a run of it."""

    worlds: Sequence[World]
    which: str
    store: Store | None = None
    check: Callable[[World, BorderModel], None] | None = None


def opened(
    source: Store | Scenario | Path | str,
    against: Sequence[Scenario | str] | Scenario | str,
    asked: Asked,
) -> Opened:
    """The worlds that are asked for.

    Raises :class:`~sim.errors.PanjError` for what is not there, and for what cannot be told.
    """
    store = as_store(source)
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
        return Opened(of_scenarios(specs, seed, asked.since), f"seed {seed}")
    names = names_in(against, asked)
    specs_in(store, names, asked)
    replicate = 0 if asked.replicate is None else asked.replicate
    worlds = of_store(store, names, replicate, asked.since)
    return Opened(
        worlds, f"replicate {replicate}", store, lambda w, m: _as_kept(store, replicate, w, m)
    )


def _others(against: Any) -> list[Any]:
    alone = isinstance(against, str) or not isinstance(against, Sequence)
    return [against] if alone else [*against]


def names_in(against: object, asked: Asked) -> list[str]:
    """The names in a store of the scenarios that are meant, the baseline first."""
    return [asked.baseline, *(getattr(one, "name", one) for one in _others(against))]


def specs_in(store: Store, names: Sequence[str], asked: Asked) -> Sequence[Scenario]:
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
    apart([World(name, spec, 0) for name, spec in zip(names, specs, strict=True)])
    return specs


def as_store(source: object) -> Store | None:
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


def of_replicate(rows: pa.Table, replicate: int) -> pa.Table:
    """The rows of one replicate."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return rows.filter(pc.equal(rows["replicate"], pa.scalar(replicate)))


def _as_kept(store: Store, replicate: int, world: World, model: BorderModel) -> None:
    """Compare a run with what the store keeps of it. Raises ``StoreError`` for another one."""
    if world.then is not None:
        return
    from sim.incidents.records import Incident
    from sim.runs.alike import alike
    from sim.runs.tables import to_table

    if "incidents" in store.tables:
        kept = of_replicate(store.incidents([world.name]), replicate)
        again = to_table(model.log[Incident], Incident, model.spec.start)
        same = alike(kept.select(again.column_names), again)
    else:
        found, names = model.outcomes(), ("crossings", "victims", "deaths", "incidents")
        known = [name for name in names if name in found and name in store.outcome_names]
        (row,) = of_replicate(store.outcomes([world.name], known), replicate).to_pylist()
        same = all(row[name] == found[name] for name in known)
    if not same:
        raise StoreError(
            f"its runs were made by other code: replicate {replicate} of {world.name} does not "
            "come out the same any more",
            path=store.path,
            remedy="Make the store anew with this version, or tell a year of the scenarios.",
        )
