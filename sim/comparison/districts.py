"""Counts by run and district, and the role of each district in a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.comparison.samples import (
    Floats,
    Integers,
    encode_words,
    float_column,
    integer_column,
    require_columns,
    scenario_rows,
    shared_draws,
)
from sim.errors import StoreError

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.frontier.ground import Ground
    from sim.scenario.spec import Scenario

MEASURES: Final = {"not_stopped": "crossings not stopped", "victims": "victims"}
"""The measures along the line, and their names in a sentence."""

COLUMNS: Final = ("scenario", "replicate", "district", "crossings", "interdicted", "victims")
"""The columns that the long table needs; ``draw`` is optional."""


@dataclass(frozen=True)
class DistrictSample:
    """Counts of one scenario by run, district along the line, and measure.

    ``slugs`` names the districts; ``draws`` as in :class:`~sim.comparison.samples.Sample`.
    """

    replicates: Integers
    counts: Floats  # (runs, districts, measures)
    slugs: tuple[str, ...]
    draws: Integers | None = None


def read_districts(table: pa.Table, scenario: str, ground: Ground) -> DistrictSample:
    """The counts of a scenario from the long table, which has one row per run and district.

    Raises :class:`~sim.errors.StoreError` for a run with a missing or repeated district.
    """
    require_columns(table, COLUMNS, "districts")
    rows = scenario_rows(table, scenario)
    replicates, run = np.unique(integer_column(rows, "replicate"), return_inverse=True)
    slugs = ground.slugs
    where = _places(rows, slugs)
    cell = run * len(slugs) + where
    if len(np.unique(cell)) != len(cell) or len(cell) != len(replicates) * len(slugs):
        raise StoreError(
            f"the districts of scenario {scenario} are not complete: every run needs each of "
            f"the {len(slugs)} districts once",
            remedy="'panj store verify' finds what is wrong.",
        )
    columns = [
        float_column(rows, "crossings") - float_column(rows, "interdicted"),
        float_column(rows, "victims"),
    ]
    counts = np.zeros((len(replicates) * len(slugs), len(MEASURES)))
    counts[cell] = np.nan_to_num(np.stack(columns, axis=1))
    shaped = counts.reshape(len(replicates), len(slugs), len(MEASURES))
    _, first = np.unique(run, return_index=True)
    return DistrictSample(replicates, shaped, slugs, shared_draws(rows, first))


def _places(rows: pa.Table, slugs: Sequence[str]) -> Integers:
    """The index along the line of each row's district."""
    words, which = encode_words(rows, "district")
    strange: list[str | None] = [word for word in words if word not in slugs]
    if strange or (which < 0).any():
        raise StoreError("no such district", key="district", value=[*strange, None][0])
    places: Integers = np.array([slugs.index(word) for word in words], dtype=np.int64)[which]
    return places


def response_districts(baseline: Scenario, policy: Scenario) -> tuple[str, ...]:
    """The districts that hold all differences between two scenarios, if any."""
    from sim.scenario.values import diff

    leaves = {difference.key.rpartition(".")[2] for difference in diff(baseline, policy)}
    slugs = baseline.ground.slugs
    if not leaves or not leaves <= set(slugs):
        return ()
    return tuple(slug for slug in slugs if slug in leaves)


def areas(response: Sequence[str], slugs: Sequence[str]) -> list[str | None]:
    """The role of each district; those next to a response district are buffer."""
    acts = [slug in response for slug in slugs]
    if not any(acts) or all(acts):
        return [None] * len(acts)
    beside = [any(acts[max(i - 1, 0) : i + 2]) for i in range(len(acts))]
    return [
        "response" if a else "buffer" if b else "comparison"
        for a, b in zip(acts, beside, strict=True)
    ]
