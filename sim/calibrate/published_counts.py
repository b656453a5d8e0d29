"""How each published count is used: as a figure or a bound of a statistic, or not, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sim.calibrate.cells import Span, spans_of, years_of
from sim.calibrate.intervals import Interval, alternatives, interval_of_bound
from sim.calibrate.reading_rules import ExcludedRow, ReadingRules, Reads
from sim.csv_table import Faults, Row
from sim.incidents.seeds import Aggregate
from sim.incidents.windows import read_window
from sim.registry import near

_BOUNDS: Final[dict[str, Reads]] = {
    "=": "figure", "~": "figure", ">=": "floor", ">": "floor", "<=": "ceiling", "<": "ceiling",
}  # fmt: skip


_NOTHING: Final = Interval(0.0, 0.0)


@dataclass(frozen=True)
class RowUse:
    """How a row of ``aggregates.csv`` is used; ``why`` says so in words.

    ``statistic`` is ``None`` where it is not used. ``told`` is what its own bound says, ``counts``
    whether another row does not say as much, and ``sources`` how many conflict. It is held against
    another ``period`` than its own where that is told too vaguely.
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
        """How it is used, in a few words."""
        if self.statistic is None:
            return f"not used: {self.why}"
        soft = "soft " if self.soft else ""
        said = f"{soft}{self.reads} of {self.statistic}"
        if not self.counts:
            said = f"{said}: says no more than another row"
        elif self.sources > 1:
            said = f"{said}: one of {self.sources} that conflict"
        return f"{said} ({self.why})" if self.why else said


def row_uses(
    rows: Sequence[Row[Aggregate]], path: Path, vocabulary: ReadingRules
) -> tuple[RowUse, ...]:
    """How each row is used. Raises ``SeedTableError`` with every row that nobody can place."""
    faults = Faults(path)
    found = [used for row in rows if (used := _used(row, vocabulary, faults)) is not None]
    _check_asides(rows, vocabulary)
    faults.check()
    return _weighed(found)


def _known(row: Row[Aggregate], vocabulary: ReadingRules, faults: Faults) -> bool:
    """Whether its words are known, its unit is that of its metric, and it has not too many months.

    What is not so is told.
    """
    count, before = row.value, len(faults)
    metric = vocabulary.metrics.get(count.metric)
    if metric is None:
        say = f'Say in years.toml what it is: [metrics.{count.metric}] statistic = "..."'
        remedy = near(count.metric, vocabulary.metrics) or say
        faults.tell(row.line, "metric", count.metric, "is not known here", remedy)
    elif metric.unit != count.unit:
        reason = f"is not the unit of {count.metric}"
        remedy = f"It is counted in {metric.unit}: mend the unit or the value."
        faults.tell(row.line, "unit", count.unit, reason, remedy)
    window = read_window(count.period)
    if window is not None and count.months > window.length:
        reason = f"is longer than {count.period}, which has {window.length} months"
        faults.tell(row.line, "months", str(count.months), reason, "Mend the period or its length.")
    if count.scope not in vocabulary.scopes:
        say = 'Say in years.toml how it stands to the border: [scopes.NAME] scope = "..."'
        remedy = near(count.scope, vocabulary.scopes) or say
        faults.tell(row.line, "scope", count.scope, "is not known here", remedy)
    return len(faults) == before


def _used(row: Row[Aggregate], vocabulary: ReadingRules, faults: Faults) -> RowUse | None:
    """How a row is used; ``None`` where it is told what is wrong with it."""
    if not _known(row, vocabulary, faults):
        return None
    count, line = row.value, row.line
    metric, scope = vocabulary.metrics[count.metric], vocabulary.scopes[count.scope]
    window = read_window(count.period)
    assert window is not None, "the reader of the table has checked it"
    spans = spans_of(window, whole_years=metric.whole_year)
    period = years_of(spans) if metric.whole_year else count.period
    aside = next((a for a in vocabulary.asides if _meant(a, count)), None)
    parts: list[Reads] = [_BOUNDS[count.bound], metric.reads, scope.reads]
    ways = set(parts) - {"figure"}
    unused = (
        aside.why if aside is not None
        else metric.unused or scope.unused
        or ("a floor of something wider is not a bound" if len(ways) > 1 else None)
    )  # fmt: skip
    if unused:
        return RowUse(line, count, period, "figure", unused)
    regimes = vocabulary.regimes_of(span.year for span in spans)
    if len(regimes) != 1 or None in regimes:
        names = ", ".join(sorted(name for name in regimes if name))
        reason = f"lies in more than one regime ({names})" if names else "lies in no regime"
        remedy = "Extend a regime of years.toml to it, or set the row aside: [aside.NAME]."
        faults.tell(line, "period", count.period, reason, remedy)
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
    """Rows that tell the same: of a statistic and period the figures, and each kind of bound."""
    found: dict[tuple[object, ...], list[RowUse]] = defaultdict(list)
    for row in used:
        if row.statistic is not None:
            bound = () if row.reads == "figure" else (row.reads, row.count.metric, row.count.scope)
            found[(row.statistic, row.spans, *bound)].append(row)
    return list(found.values())


def _weighed(used: Sequence[RowUse]) -> tuple[RowUse, ...]:
    """The rows, each with how it counts among those that tell the same."""
    found = {row.line: row for row in used}
    for rows in quantities(used):
        kept = alternatives(row.interval for row in rows)
        for row in rows:
            first = next(one for one in rows if one.interval == row.interval)
            counts = row.interval in kept and row is first
            found[row.line] = replace(row, counts=counts, sources=len(kept))
    return tuple(found.values())


def _meant(aside: ExcludedRow, count: Aggregate) -> bool:
    return (aside.period, aside.metric) == (count.period, count.metric) and aside.source in (
        None,
        count.source,
    )


def _check_asides(rows: Sequence[Row[Aggregate]], vocabulary: ReadingRules) -> None:
    for aside in vocabulary.asides:
        if not any(_meant(aside, row.value) for row in rows):
            reason, remedy = "names no row of aggregates.csv", "Mend it, or take it out."
            vocabulary.file.tell(f"aside.{aside.name}", None, reason, remedy)
    vocabulary.file.check()
