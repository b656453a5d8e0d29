"""The results as Markdown tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from benchmarks.learning.left_out_years import Scored, coverage_of
from benchmarks.learning.recovery import LEVELS, Mean, Recovery, coverage, unevenness
from sim.scenario.parameter_page import table


def prediction_table(found: Mapping[str, Sequence[Scored]]) -> str:
    """Tabulate each figure under each predictor (90 % range and log score), and sums."""
    names = list(found)
    first = found[names[0]]
    rows = []
    for place, one in enumerate(first):
        reported = " or ".join(map(str, one.figure.intervals))
        cells = [_words(found[name][place]) for name in names]
        rows.append([one.figure.statistic, one.figure.period, reported, *cells])
    sums = [[label, *(of(found[name]) for name in names)] for label, of in _sums(first)]
    figures = table(["figure", "period", "reported", *names], rows)
    return f"{figures}\n{table(['in sum', *names], sums)}"


def _words(one: Scored) -> str:
    low, _, high = one.quantiles
    return f"{low:,.0f} to {high:,.0f}, {one.log_score:.2f}"


type _Sum = Callable[[Sequence[Scored]], str]


def _sums(first: Sequence[Scored]) -> list[tuple[str, _Sum]]:
    names = list(dict.fromkeys(one.figure.statistic for one in first))
    years = sorted({one.figure.year for one in first})

    def logs(keep: Callable[[Scored], bool]) -> _Sum:
        return lambda rows: f"{sum(one.log_score for one in rows if keep(one)):.2f}"

    def crps(name: str) -> _Sum:
        return lambda rows: f"{np.mean([s.crps for s in rows if s.figure.statistic == name]):.1f}"

    def holds(place: int) -> _Sum:
        return lambda rows: (
            f"{coverage_of(rows)[place].share:.2f} ({coverage_of(rows)[place].error:.2f})"
        )

    return [
        *((f"log score, {n}", logs(lambda s, n=n: s.figure.statistic == n)) for n in names),
        *((f"log score, {y}", logs(lambda s, y=y: s.figure.year == y)) for y in years),
        ("log score", logs(lambda s: True)),
        *((f"mean CRPS, {name}", crps(name)) for name in names),
        *((f"{level:.0%} ranges cover", holds(n)) for n, level in enumerate(LEVELS)),
    ]


def recovery_table(found: Recovery, keys: Sequence[str]) -> str:
    """Tabulate gain and coverage, errors over data sets in brackets; then each parameter."""
    narrowed = found.narrowed
    rows = [
        ["log score gained, sum of parameters", str(Mean.of(found.gains.sum(axis=1)))],
        [f"of the {len(narrowed)} narrowed", str(Mean.of(found.gains[:, narrowed].sum(axis=1)))],
        ["all at once (normal)", str(Mean.of(found.together))],
        *([f"{100 * level:.0f} % coverage", str(coverage(found.ranks, level))] for level in LEVELS),
        [
            "of the narrowed, 90 %",
            str(coverage(found.ranks[:, narrowed], 0.9)) if narrowed else "-",
        ],
        ["ranks uniform, p", f"{unevenness(found.ranks):.2f}"],
    ]
    gained, kept = found.gains.mean(axis=0), found.kept.mean(axis=0)
    each = [[keys[n], f"{gained[n]:.2f}", f"{kept[n]:.0%}"] for n in np.argsort(-gained)]
    whole = table([f"{len(found.gains)} data sets of ten years", ""], rows)
    return f"{whole}\n{table(['parameter', 'gained', 'spread kept'], each)}"
