"""Checks of a store: checksums, keys, seeds, draws, and reruns of some of its runs."""

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
    """Check every file and return descriptions of what is wrong; nothing is changed.

    Checked are missing files, checksums, the names and digests of the scenarios, the draws, the
    table of parameters, and that each row has its own key with the right seed and draw. Raises
    :class:`sim.errors.StoreError` while a batch writes to the store.
    """
    if store.in_use:
        raise StoreError("a batch is writing to it", path=store.path, remedy="Wait until it ends.")
    store.look()
    broken = find_damage(store.path, store.parts)
    found = [damage.message(store.manifest) for damage in broken]
    found += [f"{name} was not written by panj" for name in foreign(store)]
    found += [*_wrong_scenarios(store), *_wrong_parts(store)]
    return found if found else list(_wrong_rows(store))


def foreign(store: Store) -> list[str]:
    """Parquet files among the parts that the catalogue does not list."""
    listed = {name for part in store.parts for name in part.files}
    present = {
        f"{table}/{name}"
        for table in store.tables
        for name in store_files.names_in(store.path / table)
        if name.endswith(".parquet")
    }
    return sorted(present - listed)


def _wrong_scenarios(store: Store) -> Iterator[str]:
    digests = Counter(store.manifest.digests.values())
    for name, stored in store.manifest.scenarios.items():
        try:
            scenario = stored.scenario
        except PanjError as error:
            yield f"scenario {name!r}: {error}"
            continue
        if stored.digest != _expected_digest(store, stored):
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


def _expected_digest(store: Store, stored: StoredScenario) -> str | None:
    """The digest that a scenario should have; None for a variant of an unknown scenario."""
    from sim.scenario.values import digest

    if stored.origin is None:
        return digest(stored.scenario)
    origin = store.manifest.scenarios.get(stored.origin.scenario)
    variant = stored.origin.variant
    if origin is None or digest(variant.of(origin.scenario)) != digest(stored.scenario):
        return None
    return variant.digest(origin.digest)


def _wrong_parts(store: Store) -> Iterator[str]:
    """Parts of unknown scenarios, and runs that are in two parts."""
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
            found = set(zip(*(rows[key].to_pylist() for key in keys), strict=True))
            name = names[part.digest]
            expected = {
                _expected_key(store, name, part, run)[: len(keys)] for run in part.replicates
            }
            wrong = found - expected if table != "outcomes" else found ^ expected
            if wrong:
                runs = parts.spans(sorted({key[2] for key in wrong}))
                yield f"{part.file(table)}: the rows of replicates {runs} are not its own"


def _expected_key(store: Store, name: str, part: Part, replicate: int) -> tuple[object, ...]:
    """The values that the columns :data:`RUN` of a run should have."""
    run = RunKey(replicate, store.manifest.root, store.posterior).empty_run()
    status = "failed" if replicate in part.failed else "done"
    return name, part.digest, replicate, run.draw, run.seed, status


def rerun(
    store: Store, runs: int, chooser: random.Random
) -> Iterator[tuple[tuple[str, int], list[str]]]:
    """Make runs again, chosen at random among those that did not fail, and compare every table.

    Yields for each run its digest and replicate, and the names of the tables that differ
    (:func:`~sim.runs.table_equality.tables_match`). Raises :class:`sim.errors.StoreError` where
    the runs were made with other code.
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
        yield (part.digest, replicate), _differing_tables(store, part, replicate)


def _chosen(store: Store, runs: int, chooser: random.Random) -> Sequence[tuple[Part, int]]:
    known = set(store.manifest.digests.values())
    keys = [
        (part, replicate)
        for part in store.parts
        for replicate in part.replicates
        if replicate not in part.failed and part.digest in known
    ]
    return sorted(chooser.sample(keys, min(runs, len(keys))), key=lambda key: key[1])


def _differing_tables(store: Store, part: Part, replicate: int) -> list[str]:
    names = store.manifest.names
    scenario = store.scenarios[names[part.digest]]
    variant = store.manifest.scenarios[scenario.name].variant
    key = RunKey(replicate, store.manifest.root, store.posterior, variant)
    run = run_replicate(scenario, key, store.tables)
    again = to_tables([run], scenario, part.digest, store.tables)
    return [
        table
        for table in store.tables
        if not tables_match(_of_run(store, part, table, replicate), again[table])
    ]


def _of_run(store: Store, part: Part, table: TableName, replicate: int) -> pa.Table:
    rows = parts.read(store.path, part, table)
    return parts.without(rows, set(part.replicates) - {replicate})
