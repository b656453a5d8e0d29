"""Samples and pairs: the outcomes of finished runs as arrays, read from a table.

The table has the columns ``scenario`` and ``replicate``, then outcomes; ``digest``, ``seed``,
``draw`` and ``status`` are optional.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import StoreError
from sim.measures.registry import EXPECTATIONS

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Sample:
    """The finished runs of one scenario, in the order of replicates.

    ``values`` is (runs, outcomes), NaN for an unknown value; ``replicates``, ``seeds`` and
    ``draws`` are (runs,); ``failed`` counts the runs left out because they failed. ``draws`` holds
    the number of the posterior draw of each run; ``None`` if no two runs share a draw, or none has
    one. ``outcomes`` names the columns of ``values``. ``expected`` holds the expected harm of each
    run, (runs,), by outcome, if it is known.
    """

    scenario: str
    digest: str | None
    replicates: Integers
    values: Floats
    seeds: Integers | None
    failed: int
    draws: Integers | None = None
    outcomes: tuple[str, ...] = ()
    expected: Mapping[str, Floats] = field(default_factory=dict)

    def of(self, outcome: str) -> Floats:
        """One outcome of every run, (runs,); NaN for an unknown value."""
        column: Floats = self.values[:, self.outcomes.index(outcome)]
        return column

    def known(self, outcome: str) -> Floats:
        """One outcome of the runs that have a value."""
        column = self.of(outcome)
        return column[np.isfinite(column)]

    def mean_of(self, outcome: str) -> Floats:
        """The values for a mean, (runs,): expected harm if it is known, else the counts."""
        return self.expected[outcome] if outcome in self.expected else self.of(outcome)

    def for_means(self, expected: Collection[str]) -> Floats:
        """The values, with expected harm in place of counts for these outcomes."""
        swapped = [name for name in self.outcomes if name in expected]
        values = self.values.copy(order="F") if swapped else self.values
        for name in swapped:
            values[:, self.outcomes.index(name)] = self.expected[name]
        return values

    def only(self, outcomes: Sequence[str]) -> Sample:
        """The same runs with some of their outcomes; no copy if these are the first ones."""
        wanted = tuple(outcomes)
        if self.outcomes[: len(wanted)] == wanted:
            return replace(self, values=self.values[:, : len(wanted)], outcomes=wanted)
        values = np.stack([self.of(name) for name in wanted], axis=1)
        return replace(self, values=values, outcomes=wanted)

    def before(self, replicate: int) -> Sample:
        """The runs of the replicates below ``replicate``."""
        end = int(np.searchsorted(self.replicates, replicate))
        seeds = None if self.seeds is None else self.seeds[:end]
        draws = None if self.draws is None else self.draws[:end]
        cut = replace(self, replicates=self.replicates[:end], values=self.values[:end])
        expected = {name: column[:end] for name, column in self.expected.items()}
        return replace(cut, seeds=seeds, draws=draws, expected=expected)


@dataclass(frozen=True)
class Pairs:
    """Runs of two scenarios with the same replicates: two arrays (pairs, outcomes).

    ``draws`` as in :class:`Sample`. ``means`` are the two arrays for means, with expected harm in
    place of counts for the outcomes ``expected``; ``None`` if there are none.
    """

    replicates: Integers
    baseline: Floats
    policy: Floats
    draws: Integers | None = None
    means: tuple[Floats, Floats] | None = None
    expected: frozenset[str] = frozenset()

    @cached_property
    def differences(self) -> Floats:
        """Policy minus baseline, (pairs, outcomes); NaN if either is unknown."""
        return self.policy - self.baseline

    @cached_property
    def mean_differences(self) -> Floats:
        """The differences for means, (pairs, outcomes)."""
        if self.means is None:
            return self.differences
        baseline, policy = self.means
        return policy - baseline

    @cached_property
    def independent(self) -> Floats:
        """Independent differences for means: of pairs, or by draw if pairs share draws."""
        return by_draw(self.mean_differences, self.draws)


def by_draw(values: Floats, draws: Integers | None) -> Floats:
    """Means over the runs of each draw, (runs, columns) to (draws, columns).

    Runs with the same draw of the uncertain parameters share it, so they are not independent;
    draws are. NaN values are left out of the mean. ``None`` leaves the runs.
    """
    if draws is None:
        return values
    _, place = np.unique(draws, return_inverse=True)
    valid = np.isfinite(values)
    sums = np.zeros((int(place.max(initial=-1)) + 1, values.shape[1]))
    counts = np.zeros_like(sums)
    np.add.at(sums, place, np.where(valid, values, 0.0))
    np.add.at(counts, place, valid)
    with np.errstate(invalid="ignore"):
        means: Floats = sums / np.where(counts > 0.0, counts, np.nan)
    return means


def scenario_names(table: pa.Table) -> list[str]:
    """The scenarios of a table, in the order in which they first appear."""
    require_columns(table, ("scenario", "replicate"), "outcomes")
    return [str(name) for name in table.column("scenario").unique().to_pylist()]


def require_columns(table: pa.Table, names: Sequence[str], what: str) -> None:
    """Refuse a table that lacks a column without which nothing can be compared."""
    missing = [name for name in names if name not in table.column_names]
    if missing:
        raise StoreError(
            f"the table of {what} has no column {' and no column '.join(missing)}",
            remedy="Give a store written by 'panj batch', or a table of the same shape.",
        )


def scenario_rows(table: pa.Table, scenario: str) -> pa.Table:
    """The rows of one scenario."""
    return _where(table, "scenario", scenario)


def _where(table: pa.Table, column: str, value: str) -> pa.Table:
    words, which = encode_words(table, column)
    if value not in words:
        return table.slice(0, 0)
    places = np.flatnonzero(which == words.index(value))
    first, last = int(places[0]), int(places[-1])
    if last - first + 1 == len(places):  # adjacent, as in a store: no copy
        return table.slice(first, len(places))
    return table.take(places)


def encode_words(table: pa.Table, column: str) -> tuple[list[str], Integers]:
    """The words of a column, and for each row which of them it has, -1 for null."""
    import pyarrow as pa

    text: Any = table.column(column).cast(pa.string())  # a dictionary column is plain text too
    encoded = text.combine_chunks().dictionary_encode()
    return encoded.dictionary.to_pylist(), _whole(encoded.indices)


def with_expected(outcomes: Iterable[str]) -> list[str]:
    """These outcomes, and their expected ones, which have the same means and less noise."""
    wanted = list(outcomes)
    expected = [EXPECTATIONS[name] for name in wanted if name in EXPECTATIONS]
    return list(dict.fromkeys([*wanted, *expected]))


def read_samples(
    table: pa.Table, names: Sequence[str], outcomes: Sequence[str]
) -> dict[str, Sample]:
    """The finished runs of scenarios, with expected harm if all runs have it.

    Runs without it, of older versions, are read too. Raises as :func:`read_sample` does, and for
    an unknown outcome.
    """
    require_columns(table, outcomes, "outcomes")
    expected = [name for name in outcomes if EXPECTATIONS.get(name) in table.column_names]
    samples = {name: read_sample(table, name, outcomes, expected) for name in names}
    whole = [n for n in expected if all(_has_expected(each, n) for each in samples.values())]
    return {
        name: replace(each, expected={outcome: each.expected[outcome] for outcome in whole})
        for name, each in samples.items()
    }


def _has_expected(sample: Sample, outcome: str) -> bool:
    """Whether every run with a count has its expectation too."""
    return bool((np.isfinite(sample.expected[outcome]) | np.isnan(sample.of(outcome))).all())


def read_sample(
    table: pa.Table, scenario: str, outcomes: Sequence[str], expected: Sequence[str] = ()
) -> Sample:
    """The finished runs of one scenario, with the expectations of some outcomes.

    Raises :class:`~sim.errors.StoreError` for a repeated replicate and for a name with two
    digests.
    """
    rows = scenario_rows(table, scenario)
    total = rows.num_rows
    if "status" in rows.column_names:
        rows = _where(rows, "status", "done")
    replicates = integer_column(rows, "replicate")
    if (replicates[1:] < replicates[:-1]).any():
        order = np.argsort(replicates, kind="stable")
        rows, replicates = rows.take(order), replicates[order]
    twice = replicates[1:][replicates[1:] == replicates[:-1]]
    if twice.size:
        raise StoreError(
            f"replicate {twice[0]} of scenario {scenario} occurs more than once",
            key="replicate",
            remedy="Each run may occur once; 'panj store verify' shows what is wrong.",
        )
    values = np.empty((len(replicates), len(outcomes)), order="F")  # an outcome in one piece
    for place, name in enumerate(outcomes):
        values[:, place] = float_column(rows, name)
    seeds = integer_column(rows, "seed") if "seed" in rows.column_names else None
    digest, failed = _digest(rows, scenario), total - rows.num_rows
    return Sample(
        scenario, digest, replicates, values, seeds, failed, shared_draws(rows), tuple(outcomes),
        {name: float_column(rows, EXPECTATIONS[name]) for name in expected},
    )  # fmt: skip


def shared_draws(rows: pa.Table, which: Integers | None = None) -> Integers | None:
    """The draw of each row, or of some; ``None`` if no two share one, or there are none."""
    if "draw" not in rows.column_names or rows.column("draw").null_count:
        return None
    draws = integer_column(rows, "draw")
    draws = draws if which is None else draws[which]
    return None if len(np.unique(draws)) == len(draws) else draws


def float_column(table: pa.Table, column: str) -> Floats:
    """A column as floats; NaN for null and for infinities, which would spoil averages."""
    import pyarrow as pa

    values: Floats = _filled(table.column(column).cast(pa.float64()), np.nan)
    values[~np.isfinite(values)] = np.nan
    return values


def integer_column(table: pa.Table, column: str) -> Integers:
    """A column as integers, -1 for null; exact, since a seed has more digits than a float."""
    return _whole(table.column(column))


def _whole(column: Any) -> Integers:
    import pyarrow as pa

    values: Integers = _filled(column.cast(pa.int64()), -1)
    return values


def _filled(column: Any, gap: float) -> Any:
    """A column of numbers as a new array, with ``gap`` for null.

    ``to_numpy`` would import pandas, which takes longer than the comparison.
    """
    import pyarrow as pa

    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    known = np.from_dlpack(array.drop_null())
    values = np.full(len(array), gap, known.dtype)
    there = np.from_dlpack(array.is_valid().cast(pa.int8())) == 1
    values[there] = known
    return values


def _digest(rows: pa.Table, scenario: str) -> str | None:
    if "digest" not in rows.column_names:
        return None
    digests = [str(value) for value in rows.column("digest").unique().to_pylist()]
    if len(digests) > 1:
        raise StoreError(
            f"the name {scenario} stands for {len(digests)} different scenarios",
            key="digest",
            value=digests,
            remedy="Give each its own name, or compare a store of one version.",
        )
    return digests[0] if digests else None


def pair(baseline: Sample, policy: Sample) -> Pairs:
    """The runs of two scenarios with the same replicates, side by side.

    Raises :class:`~sim.errors.StoreError` if a replicate has two seeds or draws: such runs are
    not a pair.
    """
    common, of_baseline, of_policy = np.intersect1d(
        baseline.replicates, policy.replicates, assume_unique=True, return_indices=True
    )
    if baseline.seeds is not None and policy.seeds is not None:
        differ = baseline.seeds[of_baseline] != policy.seeds[of_policy]
        if differ.any():
            raise StoreError(
                f"replicate {common[differ][0]} was run with different seeds in "
                f"{baseline.scenario} and {policy.scenario}: the runs are not paired",
                key="seed",
                remedy="Run both scenarios in one batch.",
            )
    draws = None
    if baseline.draws is not None and policy.draws is not None:
        draws = baseline.draws[of_baseline]
        if (draws != policy.draws[of_policy]).any():
            raise StoreError(
                f"{baseline.scenario} and {policy.scenario} were run with different draws of the "
                "parameters: the runs are not paired",
                key="draw",
                remedy="Run both scenarios in one batch.",
            )
    values = (_rows(baseline.values, of_baseline), _rows(policy.values, of_policy))
    expected = frozenset(baseline.expected) & frozenset(policy.expected) & {*baseline.outcomes}
    means = (
        _rows(baseline.for_means(expected), of_baseline),
        _rows(policy.for_means(expected), of_policy),
    )
    return Pairs(common, *values, draws, means if expected else None, expected)


def _rows(values: Floats, rows: Integers) -> Floats:
    """Some rows; no copy if they are all of them."""
    if len(rows) == len(values):
        return values
    return np.asfortranarray(values[rows])
