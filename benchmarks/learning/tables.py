"""What was found, as tables in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from benchmarks.learning.prediction import Scored, covered
from benchmarks.learning.recovery import LEVELS, Mean, Recovered, coverage, taught, unevenness


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table."""
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def predicted(found: Mapping[str, Sequence[Scored]]) -> list[str]:
    """Each figure under each predictor (90 % range and log score), and sums."""
    names = list(found)
    first = found[names[0]]
    rows = []
    for place, one in enumerate(first):
        told = " or ".join(map(str, one.figure.told))
        cells = [_words(found[name][place]) for name in names]
        rows.append([one.figure.statistic, one.figure.period, told, *cells])
    sums = [[label, *(of(found[name]) for name in names)] for label, of in _sums(first)]
    return [*table(["figure", "period", "told", *names], rows), "",
            *table(["in sum", *names], sums)]  # fmt: skip


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


def recovered(found: Mapping[str, Recovered], lines: Mapping[str, int], sets: int) -> list[str]:
    """A line an engine; errors over data sets in brackets."""
    learnt = taught(list(found.values()))
    head = ["engine", "log score gained, sum of parameters", f"of the {len(learnt)} taught",
            "all at once (normal)", "50 % hold", "90 % hold", "of the taught, 90 %",
            "ranks uniform, p", "s to make ready", "s a data set", "lines"]  # fmt: skip
    rows = [
        [
            name,
            str(Mean.of(one.gains.sum(axis=1))),
            str(Mean.of(one.gains[:, learnt].sum(axis=1))),
            str(Mean.of(one.together)),
            *(str(coverage(one.ranks, level)) for level in LEVELS),
            str(coverage(one.ranks[:, learnt], 0.9)) if learnt else "-",
            f"{unevenness(one.ranks):.2f}",
            *(f"{seconds:.1f}" for seconds in one.seconds),
            str(lines[name]),
        ]
        for name, one in found.items()
    ]
    return [f"{sets} data sets of ten years", "", *table(head, rows)]


def by_parameter(found: Mapping[str, Recovered], keys: Sequence[str]) -> list[str]:
    """Log score gained and share of the prior's spread kept, a line a parameter."""
    head = ["parameter", *(f"{name}: gained, kept" for name in found)]
    best = np.max([one.gains.mean(axis=0) for one in found.values()], axis=0)
    rows = [
        [
            keys[place],
            *(f"{one.gains[:, place].mean():.2f}, {one.kept[:, place].mean():.0%}"
              for one in found.values()),
        ]
        for place in np.argsort(-best)
    ]  # fmt: skip
    return table(head, rows)
