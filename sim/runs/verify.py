"""Is a store what it says it is? Checksums, keys, seeds, draws, and runs made again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.errors import PanjError, StoreError
from sim.rules import user_rules
from sim.runs import parts, store_files
from sim.runs.catalogue import StoredScenario
from sim.runs.code_version import changed_rules, differences, made_with
from sim.runs.parameter_table import parameter_table
from sim.runs.parts import Part
from sim.runs.replicate import RunKey, run_replicate
from sim.runs.request import check_outcomes
from sim.runs.store import Store
from sim.runs.store_tables import KEYS, RUN, TableName, to_tables
from sim.runs.table_equality import tables_match
from sim.runs.writer import find_damage

if TYPE_CHECKING:
    import pyarrow as pa


def verify(store: Store) -> list[str]:
    """Read every file and say in words what is wrong; nothing is changed.

    Checked are the checksum of each file, that none is gone, the names and digests of the
    scenarios, the draws, the table of parameters, and that each row has its own key, with the
    seed and the draw that belong to it. Raises :class:`sim.errors.StoreError` while a batch
    writes to the store.
    """
    if store.in_use:
        raise StoreError("a batch is writing to it", path=store.path, remedy="Wait until it ends.")
    store.look()
    broken = find_damage(store.path, store.parts)
    found = [damage.told(store.manifest) for damage in broken]
    found += [f"{name} was not written by panj" for name in foreign(store)]
    found += [*_wrong_scenarios(store), *_wrong_parts(store)]
    return found if found else list(_wrong_rows(store))


def foreign(store: Store) -> list[str]:
    """Parquet files that stand among the parts and that the catalogue does not list."""
    listed = {name for part in store.parts for name in part.files}
    there = {
        f"{table}/{name}"
        for table in store.tables
        for name in store_files.names_in(store.path / table)
        if name.endswith(".parquet")
    }
    return sorted(there - listed)


def _wrong_scenarios(store: Store) -> Iterator[str]:
    digests = Counter(store.manifest.digests.values())
    for name, stored in store.manifest.scenarios.items():
        try:
            scenario = stored.scenario
        except PanjError as error:
            yield f"scenario {name!r}: {error}"
            continue
        if stored.digest != _digest(store, stored):
            yield f"the values of scenario {name!r} do not give its digest {stored.digest}"
        if scenario.name != name:
            yield f"scenario {name!r} has the values of {scenario.name!r}"
        if digests[stored.digest] > 1:
            yield f"scenario {name!r} has the digest of another"
    try:
        every = store.manifest.scenarios.values()
        if parameter_table(every, store.posterior) != store.parameters():
            yield "the table of parameters is not what scenarios and draws set"
    except PanjError as error:
        yield str(error)


def _digest(store: Store, stored: StoredScenario) -> str | None:
    """What the digest of a scenario must be; None for a variant of what is not there."""
    from sim.scenario.values import digest

    if stored.origin is None:
        return digest(stored.scenario)
    there = store.manifest.scenarios.get(stored.origin.scenario)
    if there is None or digest(stored.origin.variant.of(there.scenario)) != digest(stored.scenario):
        return None
    return stored.origin.variant.digest(there.digest)


def _wrong_parts(store: Store) -> Iterator[str]:
    """Parts that nobody asked for, and runs that stand in two of them."""
    names = store.manifest.names
    runs: Counter[tuple[str, int]] = Counter()
    for part in store.parts:
        if part.digest not in names:
            yield f"{part.file('outcomes')} is of a scenario that the store does not have"
        runs.update((part.digest, replicate) for replicate in part.replicates)
    for (digest, replicate), count in runs.items():
        if count > 1:
            yield f"{names.get(digest, digest)}, replicate {replicate}: there twice"


def _wrong_rows(store: Store) -> Iterator[str]:
    names = store.manifest.names
    for part in store.parts:
        for table in store.tables:
            rows = parts.read(store.path, part, table)
            keys = RUN if table == "outcomes" else KEYS
            there = {key: rows[key].to_pylist() for key in keys}
            found = set(zip(*there.values(), strict=True))
            name, columns = names[part.digest], tuple(there)
            due = {_due(store, name, part, run, columns) for run in part.replicates}
            wrong = found - due if table != "outcomes" else found ^ due
            if wrong:
                runs = parts.spans(sorted({key[2] for key in wrong}))
                yield f"{part.file(table)}: the rows of replicates {runs} are not its own"


def _due(
    store: Store, name: str, part: Part, run: int, columns: Sequence[str]
) -> tuple[object, ...]:
    """What the first columns of a run must say."""
    blank = RunKey(run, store.manifest.root, store.posterior).empty_run()
    said = {
        "scenario": name,
        "digest": part.digest,
        "replicate": run,
        "draw": blank.draw,
        "seed": blank.seed,
        "status": "failed" if run in part.failed else "done",
    }
    return tuple(said[column] for column in columns)


def rerun(
    store: Store, runs: int, chooser: random.Random
) -> Iterator[tuple[tuple[str, int], list[str]]]:
    """Make runs again that ended well, chosen at random, and compare every table.

    Yields for each run, by digest and replicate, the names of the tables that are not
    :func:`~sim.runs.table_equality.tables_match`.
    Raises :class:`sim.errors.StoreError` where this is not the code that made them.
    """
    found = differences(store.manifest.made_with, made_with())
    changed = changed_rules(store.manifest.made_with, user_rules.digests(store.scenarios.values()))
    found += [f"the rule {name}" for name in changed]
    if found:
        raise StoreError(
            f"its runs were made with something else: {'; '.join(found)}",
            path=store.path,
            remedy="Make them again with the same version of panj.",
        )
    check_outcomes(store.path, store.manifest, has_runs=bool(store.parts))
    for part, replicate in _chosen(store, runs, chooser):
        yield (part.digest, replicate), _unlike(store, part, replicate)


def _chosen(store: Store, runs: int, chooser: random.Random) -> Sequence[tuple[Part, int]]:
    known = set(store.manifest.digests.values())
    keys = [
        (part, replicate)
        for part in store.parts
        for replicate in part.replicates
        if replicate not in part.failed and part.digest in known
    ]
    return sorted(chooser.sample(keys, min(runs, len(keys))), key=lambda key: key[1])


def _unlike(store: Store, part: Part, replicate: int) -> list[str]:
    names = store.manifest.names
    scenario = store.scenarios[names[part.digest]]
    variant = store.manifest.scenarios[scenario.name].variant
    which = RunKey(replicate, store.manifest.root, store.posterior, variant)
    run = run_replicate(scenario, which, store.tables)
    again = to_tables([run], scenario, part.digest, store.tables)
    return [
        table
        for table in store.tables
        if not tables_match(_of_run(store, part, table, replicate), again[table])
    ]


def _of_run(store: Store, part: Part, table: TableName, replicate: int) -> pa.Table:
    rows = parts.read(store.path, part, table)
    return parts.without(rows, set(part.replicates) - {replicate})
