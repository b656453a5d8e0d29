"""What common random numbers save: the replicates that keyed draws spare."""

from collections.abc import Sequence
from math import inf
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.one_stream import simulate_reusing
from benchmarks.setting import Setting
from benchmarks.table import Row, Section
from benchmarks.timing import Spread
from sim.comparison.samples import Pairs, pair, read_sample
from sim.measures.registry import SHIPPED
from sim.runs.batch import BatchOptions, fill_store
from sim.runs.replicate import Simulate, simulate
from sim.runs.request import Request
from sim.runs.workers import start_workers
from sim.scenario.load import load
from sim.scenario.spec import Scenario

POLICIES = ("triggered", "harden_worksites", "surveillance")
OUTCOMES = [outcome.name for outcome in SHIPPED if not outcome.mean_of]
RESAMPLES = 200

Rows = NDArray[np.int64] | slice
EVERY = slice(None)

NOTES = (
    "Replicates: how many times as many the same precision needs; medians over the outcomes that "
    "a policy changes in some pair; least and most are 5 and 95 % when pairs are drawn again.",
)


class Gain(NamedTuple):
    """How many times the replicates another way of seeding needs, for an outcome of a policy.

    Infinite where no pair of keyed runs differs, but other pairs do.
    """

    independent: float
    one_stream: float


class Both(NamedTuple):
    """The pairs of a policy and the baseline, with keyed draws and with one reused stream."""

    keyed: Pairs
    reused: Pairs


def section(setting: Setting) -> Section:
    """Pairs of each policy and the baseline, with keyed draws and with one reused stream."""
    replicates = 4 if setting.quick else 40
    days = {"days": setting.scenario.days}
    pairs = run_pairs([load(name, days) for name in ("baseline", *POLICIES)], replicates)
    return Section("Replicates, over keyed draws", rows(pairs), NOTES)


def rows(pairs: Sequence[Both]) -> list[Row]:
    """How many times the replicates the two other ways of seeding need."""
    found = medians([gain for both in pairs for gain in gains(both)])
    note = f"{len(pairs[0].keyed.replicates)} pairs a policy, policies: {len(pairs)}"
    return [
        Row(what, None, Spread(at, *ends), note)
        for what, at, ends in zip(
            ("independent seeds", "one stream, same seed"), found, spread(pairs), strict=True
        )
    ]


def run_pairs(scenarios: Sequence[Scenario], replicates: int) -> list[Both]:
    """Run every scenario both ways with the same seeds; the baseline comes first."""
    ways: list[list[Pairs]] = []
    with TemporaryDirectory(prefix="panj-") as folder, start_workers(jobs=1) as workers:
        for how in (simulate, simulate_reusing):
            request = Request(scenarios, replicates, keep={"districts": False})
            path = Path(folder, how.__name__)
            simulated: Simulate = how
            table = fill_store(
                path, request, workers, BatchOptions(simulate=simulated)
            ).store.outcomes()
            samples = [read_sample(table, s.name, OUTCOMES) for s in scenarios]
            if any(sample.failed for sample in samples):
                raise click.ClickException("a run failed; 'panj batch' would say why")
            ways.append([pair(samples[0], policy) for policy in samples[1:]])
    return [Both(*of) for of in zip(*ways, strict=True)]


def gains(both: Both, rows: Rows = EVERY) -> list[Gain]:
    """The gain for every outcome that varies at all, from some or all of the replicates."""
    paired = _variances(both.keyed.differences[rows])
    unpaired = _variances(both.keyed.baseline[rows]) + _variances(both.keyed.policy[rows])
    reused = _variances(both.reused.differences[rows])
    return [
        Gain(_over(unpaired[k], paired[k]), _over(reused[k], paired[k]))
        for k in range(len(OUTCOMES))
        if unpaired[k] > 0.0 and np.isfinite(reused[k])
    ]


def _variances(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The variance of each column over its known rows; NaN for fewer than two."""
    said = [column[np.isfinite(column)] for column in values.T]
    return np.array([v.var(ddof=1) if len(v) > 1 else np.nan for v in said])


def _over(variance: float, paired: float) -> float:
    """The ratio of two variances; 1 for zero over zero."""
    if paired == 0.0:
        return inf if variance > 0.0 else 1.0
    return float(variance / paired)


def medians(found: Sequence[Gain]) -> tuple[float, float]:
    """Median gains over independent seeds and over one stream, of outcomes that differ."""
    moved = [gain for gain in found if gain.independent < inf]
    if not moved:
        return inf, inf
    return median(g.independent for g in moved), median(g.one_stream for g in moved)


def spread(pairs: Sequence[Both]) -> list[tuple[float, float]]:
    """The 5 and 95 % quantiles of the two medians over resampled replicates (bootstrap)."""
    count = len(pairs[0].keyed.replicates)
    chance = np.random.default_rng(1)
    drawn = []
    for _ in range(RESAMPLES):
        some = chance.integers(0, count, count)
        drawn.append(medians([gain for both in pairs for gain in gains(both, some)]))
    ends = np.quantile(np.array(drawn), [0.05, 0.95], axis=0, method="nearest")
    return [(float(low), float(high)) for low, high in ends.T]
