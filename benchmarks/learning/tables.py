"""What was found, as tables in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from benchmarks.learning.prediction import Scored, covered
from benchmarks.learning.recovery import LEVELS, Mean, Recovered, coverage, unevenness
from sim.scenario.parameter_page import table


def predicted(found: Mapping[str, Sequence[Scored]]) -> str:
    """Each figure under each predictor (90 % range and log score), and sums."""
    names = list(found)
    first = found[names[0]]
    rows = []
    for place, one in enumerate(first):
        told = " or ".join(map(str, one.figure.intervals))
        cells = [_words(found[name][place]) for name in names]
        rows.append([one.figure.statistic, one.figure.period, told, *cells])
    sums = [[label, *(of(found[name]) for name in names)] for label, of in _sums(first)]
    return f"{table(['figure', 'period', 'told', *names], rows)}\n{table(['in sum', *names], sums)}"


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
        return lambda rows: f"{covered(rows)[place].share:.2f} ({covered(rows)[place].error:.2f})"

    return [
        *((f"log score, {n}", logs(lambda s, n=n: s.figure.statistic == n)) for n in names),
        *((f"log score, {y}", logs(lambda s, y=y: s.figure.year == y)) for y in years),
        ("log score", logs(lambda s: True)),
        *((f"mean CRPS, {name}", crps(name)) for name in names),
        *((f"{level:.0%} ranges hold", holds(n)) for n, level in enumerate(LEVELS)),
    ]


def recovered(found: Recovered, keys: Sequence[str]) -> str:
    """What was gained and held, errors over data sets in brackets; then a line a parameter."""
    taught = found.taught
    rows = [
        ["log score gained, sum of parameters", str(Mean.of(found.gains.sum(axis=1)))],
        [f"of the {len(taught)} taught", str(Mean.of(found.gains[:, taught].sum(axis=1)))],
        ["all at once (normal)", str(Mean.of(found.together))],
        *([f"{100 * level:.0f} % hold", str(coverage(found.ranks, level))] for level in LEVELS),
        ["of the taught, 90 %", str(coverage(found.ranks[:, taught], 0.9)) if taught else "-"],
        ["ranks uniform, p", f"{unevenness(found.ranks):.2f}"],
    ]
    gained, kept = found.gains.mean(axis=0), found.kept.mean(axis=0)
    each = [[keys[n], f"{gained[n]:.2f}", f"{kept[n]:.0%}"] for n in np.argsort(-gained)]
    whole = table([f"{len(found.gains)} data sets of ten years", ""], rows)
    return f"{whole}\n{table(['parameter', 'gained', 'spread kept'], each)}"
