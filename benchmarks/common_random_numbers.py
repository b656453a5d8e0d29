"""``python -m benchmarks.common_random_numbers``: how many replicates keyed draws save."""

from collections.abc import Sequence
from math import inf, isfinite
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import show, write
from benchmarks.one_stream import simulate_reusing
from sim.comparison.results import Pairs, pair, read_sample
from sim.measures.registry import SHIPPED, headlines
from sim.runs.admit import Request
from sim.runs.batch import Watch, hired, run_on
from sim.runs.rows import simulate
from sim.runs.work import Simulate
from sim.scenario.catalogue import names
from sim.scenario.load import load
from sim.scenario.spec import Scenario

BASELINE = "baseline"
OUTCOMES = [outcome.name for outcome in SHIPPED if not outcome.mean_of]
COLUMNS = (
    "policy", "outcomes", "unchanged", "over independent", "over one stream",
)  # fmt: skip
RESAMPLES = 200

Rows = NDArray[np.int64] | slice
EVERY = slice(None)


class Gain(NamedTuple):
    """How many times the replicates another way of seeding needs, for one outcome of a policy.

    Infinite where no pair of keyed runs differs and the others do.
    """

    policy: str
    outcome: str
    independent: float
    one_stream: float

    @property
    def unchanged(self) -> bool:
        """Whether the policy leaves the outcome as it is, in every pair."""
        return self.independent == inf


class Both(NamedTuple):
    """The pairs of a policy and the baseline, of keyed draws and of one stream reused."""

    policy: str
    keyed: Pairs
    reused: Pairs


def run_pairs(scenarios: Sequence[Scenario], replicates: int, jobs: int) -> list[Both]:
    """Run every scenario both ways with the same seeds; the baseline comes first."""
    ways: list[list[Pairs]] = []
    with TemporaryDirectory(prefix="panj-") as folder, hired(jobs=jobs) as workers:
        for how in (simulate, simulate_reusing):
            request = Request(scenarios, replicates, keep={"districts": False})
            path = Path(folder, how.__name__)
            simulated: Simulate = how
            table = run_on(path, request, workers, Watch(simulate=simulated)).store.outcomes()
            samples = [read_sample(table, s.name, OUTCOMES) for s in scenarios]
            if any(sample.failed for sample in samples):
                raise click.ClickException("a run failed; 'panj batch' would say why")
            ways.append([pair(samples[0], policy) for policy in samples[1:]])
    policies = [scenario.name for scenario in scenarios[1:]]
    return [Both(*of) for of in zip(policies, *ways, strict=True)]


def gains(both: Both, rows: Rows = EVERY) -> list[Gain]:
    """The gain for every outcome that varies at all, from some or all of the replicates."""
    paired = _variances(both.keyed.differences[rows])
    unpaired = _variances(both.keyed.baseline[rows]) + _variances(both.keyed.policy[rows])
    reused = _variances(both.reused.differences[rows])
    return [
        Gain(both.policy, outcome, _over(unpaired[k], paired[k]), _over(reused[k], paired[k]))
        for k, outcome in enumerate(OUTCOMES)
        if unpaired[k] > 0.0 and np.isfinite(reused[k])
    ]


def _variances(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance of each column over the rows that say something; NaN where two do not."""
    said = [column[np.isfinite(column)] for column in values.T]
    return np.array([v.var(ddof=1) if len(v) > 1 else np.nan for v in said])


def _over(variance: float, paired: float) -> float:
    """The ratio of two variances; 1 for nothing over nothing."""
    if paired == 0.0:
        return inf if variance > 0.0 else 1.0
    return float(variance / paired)


def medians(found: Sequence[Gain], *, moved: bool) -> tuple[float, float]:
    """Median gains over independent seeds and over one stream; of outcomes that moved, or all."""
    chosen = [g for g in found if not (moved and g.unchanged)]
    if not chosen:
        return inf, inf
    return median(g.independent for g in chosen), median(g.one_stream for g in chosen)


def spread(pairs: Sequence[Both], *, moved: bool) -> list[tuple[float, float]]:
    """5 and 95 % of the two overall medians when replicates are drawn anew (bootstrap)."""
    count = len(pairs[0].keyed.replicates)
    chance = np.random.default_rng(1)
    drawn = []
    for _ in range(RESAMPLES):
        rows = chance.integers(0, count, count)
        drawn.append(medians([g for both in pairs for g in gains(both, rows)], moved=moved))
    ends = [
        np.quantile(column, [0.05, 0.95], method="nearest") for column in zip(*drawn, strict=True)
    ]
    return [(float(low), float(high)) for low, high in ends]


def _times(value: float) -> str:
    return f"{value:.1f} x" if isfinite(value) else "no limit"


def _line(what: str, found: Sequence[Gain], *, moved: bool = True) -> list[str]:
    unchanged = sum(g.unchanged for g in found)
    ways = (_times(value) for value in medians(found, moved=moved))
    return [what, str(len(found)), str(unchanged), *ways]


def lines(pairs: Sequence[Both], found: Sequence[Gain]) -> list[list[str]]:
    """The table: each policy, all together with their spread, and the headline outcomes."""
    rows = [_line(b.policy, [g for g in found if g.policy == b.policy]) for b in pairs]
    rows.append([])
    for what, moved in (("all that a policy changes", True), ("all, changed or not", False)):
        ends = [f"{_times(low)} to {_times(high)}" for low, high in spread(pairs, moved=moved)]
        rows += [_line(what, found, moved=moved), ["  5 to 95 %", "", "", *ends]]
    rows.append([])
    for outcome in headlines().values():
        chosen = [g for g in found if g.outcome == outcome.name]
        if chosen:
            rows.append(_line(outcome.named, chosen))
    return rows


NOTES = (
    "How many times the replicates others need for the same precision: independent seeds for each "
    "scenario, or one stream of random numbers begun at the same seed. Medians over outcomes (the "
    "last block: over policies) that the policy changes in some pair.",
    "Unchanged: outcomes that vary from year to year but are the same in every pair, so that one "
    "pair says all; 'all, changed or not' counts them as without limit.",
)


def _data(found: Sequence[Gain]) -> list[dict[str, object]]:
    """Every gain for machines; null for what has no limit."""
    return [
        {name: None if value == inf else value for name, value in gain._asdict().items()}
        for gain in found
    ]


@click.command()
@click.argument("policies", metavar="[SCENARIO]...", nargs=-1)
@click.option("-n", "--replicates", default=100, show_default=True, type=click.IntRange(min=2))
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(min=1))
@click.option("--days", type=float, help="Horizon of every run, days (the scenario's).")
@click.option("--json", "path", type=click.Path(dir_okay=False, path_type=Path), help="Write here.")
def main(
    policies: tuple[str, ...], replicates: int, jobs: int, days: float | None, path: Path | None
) -> None:
    """Compare each SCENARIO (all that are shipped) with the baseline; print what pairing saves."""
    others = policies or [name for name in names() if name != BASELINE]
    scenarios = [load(n, {"days": days} if days else None) for n in (BASELINE, *others)]
    pairs = run_pairs(scenarios, replicates, jobs)
    found = [gain for both in pairs for gain in gains(both)]
    title = (
        f"Replicates that keyed draws save, from {replicates} pairs of each policy and {BASELINE}"
    )
    show(title, COLUMNS, lines(pairs, found), NOTES)
    overall = dict(zip(("independent", "one_stream"), medians(found, moved=True), strict=True))
    write(path, {"replicates": replicates, "median": overall, "gains": _data(found)})


if __name__ == "__main__":
    main()
