"""Is a store what it says it is? Checksums, keys, seeds, and runs made again."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.errors import StoreError
from sim.rules import own
from sim.runs import files as place
from sim.runs.admit import same_outcomes
from sim.runs.alike import alike
from sim.runs.code import changed_rules, differences, made_with
from sim.runs.damage import inspect
from sim.runs.files import BLOCK, Block
from sim.runs.parts import read_block, replicates
from sim.runs.plan import RunKey, seed_of
from sim.runs.rows import TableName, to_tables
from sim.runs.store import Store
from sim.runs.work import RunOf, run_one

if TYPE_CHECKING:
    import pyarrow as pa


def verify(store: Store) -> list[str]:
    """Read every part and say in words what is wrong; nothing is changed.

    Checked are the checksum of each part, that none is gone, the digest of each scenario, and
    that each row has its own key and the seed that belongs to it. Raises
    :class:`sim.errors.StoreError` while a batch writes to the store.
    """
    if store.in_use:
        raise StoreError("a batch is writing to it", path=store.path, remedy="Wait until it ends.")
    damages = inspect(store.path, store.manifest).damages
    found = [damage.told(store.manifest) for damage in damages]
    found += [f"{name} was not written by panj" for name in place.foreign(store.path)]
    found += _wrong_scenarios(store)
    return found if damages else [*found, *_wrong_keys(store)]


def _wrong_scenarios(store: Store) -> Iterator[str]:
    from sim.scenario.vary import digest

    for name, scenario in store.scenarios.items():
        stored = store.manifest.scenarios[name].digest
        if digest(scenario) != stored:
            yield f"the values of scenario {name!r} do not give its digest {stored}"


def _wrong_keys(store: Store) -> Iterator[str]:
    for name in store.scenarios:
        last = -1
        for piece in store.pieces("outcomes", [name], []):
            for replicate, seed in zip(replicates(piece), piece["seed"].to_pylist(), strict=True):
                if replicate <= last:
                    yield f"{name}, replicate {replicate}: there twice, or out of order"
                if seed != seed_of(replicate, store.manifest.root):
                    yield f"{name}, replicate {replicate}: seed {seed} is not its own"
                last = replicate


def rerun(store: Store, runs: int, chooser: random.Random) -> Iterator[tuple[RunKey, list[str]]]:
    """Make runs again that ended well, chosen at random, and compare every table.

    Yields for each run the names of the tables that are not :func:`~sim.runs.alike.alike`.
    Raises
    :class:`sim.errors.StoreError` where this is not the code that made them.
    """
    found = differences(store.manifest.made_with, made_with())
    changed = changed_rules(store.manifest.made_with, own.digests(store.scenarios.values()))
    found += [f"the rule {name}" for name in changed]
    if found:
        raise StoreError(
            f"its runs were made with something else: {'; '.join(found)}",
            path=store.path,
            remedy="Make them again with the same version of panj.",
        )
    same_outcomes(store.path, store.manifest)
    for name, replicate in _chosen(store, runs, chooser):
        digest = store.manifest.digests[name]
        yield RunKey(digest, replicate), _unlike(store, name, replicate)


def _chosen(store: Store, runs: int, chooser: random.Random) -> Sequence[tuple[str, int]]:
    keys = [
        (name, replicate)
        for name in store.scenarios
        for replicate in sorted(store.finished(name, without_failed=True))
    ]
    return sorted(chooser.sample(keys, min(runs, len(keys))))


def _unlike(store: Store, name: str, replicate: int) -> list[str]:
    scenario, digest = store.scenarios[name], store.manifest.digests[name]
    which = RunOf(replicate, store.manifest.root, store.posterior)
    run = run_one(scenario, which, store.tables)
    again = to_tables([run], scenario, digest, store.tables)
    return [
        table
        for table in store.tables
        if not alike(_of_run(store, table, name, replicate), again[table])
    ]


def _of_run(store: Store, table: TableName, name: str, replicate: int) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    block = Block(store.manifest.digests[name], replicate // BLOCK)
    chunks = [chunk for chunk in place.pending(store.path) if chunk.block == block]
    rows = read_block(store.path, block, chunks, table)
    return rows.filter(pc.equal(rows["replicate"], pa.scalar(replicate, pa.int64())))
