"""How each published count is used: as a figure or a bound of a statistic, or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sim.calibrate.cells import Span, spans_of, years_of
from sim.calibrate.intervals import Interval, alternatives, interval_of_bound
from sim.calibrate.reading_rules import ExcludedRow, ReadingRules, Reads
from sim.csv_table import Row, TableProblems
from sim.incidents.seeds import Aggregate
from sim.incidents.windows import read_window
from sim.registry import did_you_mean

_BOUNDS: Final[dict[str, Reads]] = {
    "=": "figure", "~": "figure", ">=": "floor", ">": "floor", "<=": "ceiling", "<": "ceiling",
}  # fmt: skip


_NOTHING: Final = Interval(0.0, 0.0)


@dataclass(frozen=True)
class RowUse:
    """How a row of ``aggregates.csv`` is used; ``why`` gives the reason in words.

    ``statistic`` is ``None`` for a row that is not used. ``interval`` is that of the row's own
    bound. ``counts`` is false where another row says as much; ``sources`` is the number of rows
    that conflict. ``period`` differs from that of the row where the row's is too vague.
    """

    line: int
    count: Aggregate
    period: str
    reads: Reads
    why: str
    statistic: str | None = None
    interval: Interval = _NOTHING
    spans: tuple[Span, ...] = ()
    regime: str = ""
    soft: float = 0.0
    share: float = 1.0
    counts: bool = True
    sources: int = 1

    @property
    def use(self) -> str:
        """The use in a few words."""
        if self.statistic is None:
            return f"not used: {self.why}"
        soft = "soft " if self.soft else ""
        use = f"{soft}{self.reads} of {self.statistic}"
        if not self.counts:
            use = f"{use}: says no more than another row"
        elif self.sources > 1:
            use = f"{use}: one of {self.sources} that conflict"
        return f"{use} ({self.why})" if self.why else use


def row_uses(rows: Sequence[Row[Aggregate]], path: Path, rules: ReadingRules) -> tuple[RowUse, ...]:
    """Decide how each row is used. Raise ``SeedTableError`` with every row that has no use."""
    faults = TableProblems(path)
    uses = [used for row in rows if (used := _used(row, rules, faults)) is not None]
    _check_excluded(rows, rules)
    faults.check()
    return _with_conflicts(uses)


def _is_valid(row: Row[Aggregate], rules: ReadingRules, faults: TableProblems) -> bool:
    """Whether metric and scope are known, and unit and length are right; add any problem."""
    count, before = row.value, len(faults)
    metric = rules.metrics.get(count.metric)
    if metric is None:
        define = f'Define it in years.toml: [metrics.{count.metric}] statistic = "..."'
        remedy = did_you_mean(count.metric, rules.metrics) or define
        faults.add(row.line, "metric", count.metric, "is not known here", remedy)
    elif metric.unit != count.unit:
        reason = f"is not the unit of {count.metric}"
        remedy = f"It is counted in {metric.unit}: correct the unit or the value."
        faults.add(row.line, "unit", count.unit, reason, remedy)
    window = read_window(count.period)
    if window is not None and count.months > window.length:
        reason = f"is longer than {count.period}, which has {window.length} months"
        faults.add(
            row.line, "months", str(count.months), reason, "Correct the period or its length."
        )
    if count.scope not in rules.scopes:
        define = 'Define in years.toml how it relates to the border: [scopes.NAME] scope = "..."'
        remedy = did_you_mean(count.scope, rules.scopes) or define
        faults.add(row.line, "scope", count.scope, "is not known here", remedy)
    return len(faults) == before


def _used(row: Row[Aggregate], rules: ReadingRules, faults: TableProblems) -> RowUse | None:
    """Decide how a row is used; ``None`` after a problem."""
    if not _is_valid(row, rules, faults):
        return None
    count, line = row.value, row.line
    metric, scope = rules.metrics[count.metric], rules.scopes[count.scope]
    window = read_window(count.period)
    assert window is not None, "the reader of the table has checked it"
    spans = spans_of(window, whole_years=metric.whole_year)
    period = years_of(spans) if metric.whole_year else count.period
    excluded = next((e for e in rules.excluded if _matches(e, count)), None)
    parts: list[Reads] = [_BOUNDS[count.bound], metric.reads, scope.reads]
    ways = set(parts) - {"figure"}
    unused = (
        excluded.why if excluded is not None
        else metric.unused or scope.unused
        or ("a floor of something wider is not a bound" if len(ways) > 1 else None)
    )  # fmt: skip
    if unused:
        return RowUse(line, count, period, "figure", unused)
    regimes = rules.regimes_of(span.year for span in spans)
    if len(regimes) != 1 or None in regimes:
        names = ", ".join(sorted(name for name in regimes if name))
        reason = f"is in more than one regime ({names})" if names else "is in no regime"
        remedy = "Extend a regime of years.toml to it, or set the row aside: [aside.NAME]."
        faults.add(line, "period", count.period, reason, remedy)
        return None
    return RowUse(
        line,
        count,
        period,
        ways.pop() if ways else "figure",
        "; ".join(filter(None, [scope.why if scope.reads != "figure" else "", metric.why])),
        metric.statistic,
        interval_of_bound(count.value, count.bound, metric.unit != "kg"),
        spans,
        str(*regimes),
        metric.soft or 0.0,
        1.0 if metric.whole_year else count.months / window.length,
    )


def quantities(used: Iterable[RowUse]) -> list[list[RowUse]]:
    """Group the rows of one statistic and period: its figures, and each kind of bound."""
    groups: dict[tuple[object, ...], list[RowUse]] = defaultdict(list)
    for row in used:
        if row.statistic is not None:
            bound = () if row.reads == "figure" else (row.reads, row.count.metric, row.count.scope)
            groups[(row.statistic, row.spans, *bound)].append(row)
    return list(groups.values())


def _with_conflicts(used: Sequence[RowUse]) -> tuple[RowUse, ...]:
    """Set ``counts`` and ``sources`` of each row from the rows of the same quantity."""
    by_line = {row.line: row for row in used}
    for rows in quantities(used):
        kept = alternatives(row.interval for row in rows)
        for row in rows:
            first = next(one for one in rows if one.interval == row.interval)
            counts = row.interval in kept and row is first
            by_line[row.line] = replace(row, counts=counts, sources=len(kept))
    return tuple(by_line.values())


def _matches(excluded: ExcludedRow, count: Aggregate) -> bool:
    same = (excluded.period, excluded.metric) == (count.period, count.metric)
    return same and excluded.source in (None, count.source)


def _check_excluded(rows: Sequence[Row[Aggregate]], rules: ReadingRules) -> None:
    for excluded in rules.excluded:
        if not any(_matches(excluded, row.value) for row in rows):
            reason, remedy = "names no row of aggregates.csv", "Correct it, or remove it."
            rules.file.add_problem(f"aside.{excluded.name}", None, reason, remedy)
    rules.file.check()
