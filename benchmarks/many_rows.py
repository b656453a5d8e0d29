"""A store with as many rows as wanted, made without running anything."""

from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.measures.registry import outcomes_on
from sim.runs.admit import Request, admit
from sim.runs.parts import BLOCK, as_parquet
from sim.runs.plan import Chunk, seed_of
from sim.runs.provenance import utc_now
from sim.runs.rows import schema
from sim.runs.work import Parcel
from sim.runs.writer import Writer
from sim.scenario.load import load
from sim.scenario.spec import Scenario

POLICIES = (
    "routine_always", "heightened_always", "triggered", "triggered_by_district",
    "preemptive_season", "regular_patrols", "hot_spot_surge", "reserve_and_air", "surveillance",
)  # fmt: skip
"""With the baseline, ten scenarios."""

SILENT = 0.05
"""Share of runs in which an outcome that is not a count says nothing."""


def make_store(folder: Path, rows: int) -> Path:
    """Write a store of ten scenarios with ``rows`` outcome rows in all; returns its folder.

    Parts are those that a batch would leave. Numbers are invented: counts with a part that all
    scenarios share, so that pairs are alike, and a part of their own.
    """
    specs = [load(name) for name in ("baseline", *POLICIES)]
    replicates = max(1, rows // len(specs))
    folder.mkdir(parents=True)
    admitted = admit(folder, Request(specs, replicates, keep={"districts": False}))
    admitted.manifest.history.append({"began": utc_now()})
    writer = Writer(folder, admitted.manifest, admitted.single_files())
    writer.begin()
    for number in range(ceil(replicates / BLOCK)):
        which = np.arange(number * BLOCK, min(replicates, (number + 1) * BLOCK))
        seeds = [seed_of(int(replicate)) for replicate in which]
        for own, (digest, scenario) in enumerate(admitted.scenarios.items()):
            content = as_parquet(_rows((scenario, digest, own), which, seeds))
            writer.add(Parcel(Chunk(digest, tuple(which.tolist())), {"outcomes": content}, (), 0.0))
    writer.close()
    return folder


def _rows(whose: tuple[Scenario, str, int], which: NDArray[np.int64], seeds: list[int]) -> pa.Table:
    scenario, digest, own = whose
    count = len(which)
    shared = np.random.default_rng([1, int(which[0])])
    private = np.random.default_rng([2, int(which[0]), own])
    known: dict[str, pa.Array[Any]] = {
        "scenario": pa.array([scenario.name] * count),
        "digest": pa.array([digest] * count),
        "replicate": pa.array(which),
        "draw": pa.nulls(count, pa.int64()),
        "seed": pa.array(seeds, pa.int64()),
        "status": pa.array(["done"] * count),
    }
    columns: list[pa.Array[Any]] = []
    columns_of = schema("outcomes", outcomes_on(scenario.ground))
    for field in columns_of:
        values = shared.poisson(20.0, count) + private.poisson(0.2 * own, count)
        silent = shared.random(count) < SILENT
        if field.name in known:
            columns.append(known[field.name])
        elif field.type == pa.string():
            columns.append(pa.nulls(count, pa.string()))
        elif field.type == pa.float64():
            columns.append(pa.array(values.astype(float), mask=silent))
        else:
            columns.append(pa.array(values, pa.int64()))
    return pa.Table.from_arrays(columns, schema=columns_of)
