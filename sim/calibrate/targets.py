"""What the model is fitted to and what is held back: ``seeds/targets.toml``, read.

A target takes its figure from a published count in ``aggregates.csv``, from the incident rows
by the statistic's own code, or from the file itself, as its entry says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Final, Literal, get_args

from sim.calibrate.entries import Entry, EntryFile, open_entries
from sim.calibrate.priors import file_in
from sim.calibrate.reports import Report, reports_of_seeds
from sim.calibrate.statistics import RUN, compute, highest, of_runs, statistics
from sim.calibrate.windows import YEAR, Window, read_window
from sim.frontier.ground import Ground
from sim.incidents.seeds import Aggregate, read_aggregates, read_incidents
from sim.registry import near

FILE: Final = "targets.toml"
BORDER: Final = "Tajik-Afghan border"
"""The scope of published counts where a target names no other."""

Relation = Literal["=", ">=", "range"]
Use = Literal["fit", "validate"]
_KNOWN: Final = (
    "statistic", "window", "relation", "value", "low", "high", "aggregate", "scope", "incidents",
    "scale", "weight", "use", "source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that simulated years are held against.

    ``relation``: equal to ``value``, at least ``value``, or within ``low`` and ``high``.
    ``scale`` is how far off counts as one, in the figure's unit; ``weight`` how much that
    counts beside other targets. What is to ``validate`` is never fitted to.
    """

    name: str
    statistic: str
    window: Window
    relation: Relation
    scale: float
    weight: float
    use: Use
    source: str
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def only_in_runs(self) -> bool:
        """Whether no report can tell the figure."""
        return self.statistic.startswith(RUN)


@dataclass(frozen=True)
class _Evidence:
    aggregates: Sequence[Aggregate]
    reports: Sequence[Report]
    ground: Ground


def read_targets(
    folder: str | Path | None = None, ground: Ground | None = None
) -> tuple[Target, ...]:
    """Read and check ``targets.toml`` of a folder, with the tables its figures come from.

    ``ground`` knows the districts and what is told of them; without it the shipped one does.
    What the folder lacks of ``targets.toml``, ``aggregates.csv`` and ``incidents.csv`` is taken
    from the shipped ones. Raises ``SeedTableError`` with every problem of a file.
    """
    land = ground or Ground.default()
    evidence = _Evidence(
        read_aggregates(file_in(folder, "aggregates.csv")),
        reports_of_seeds(read_incidents(file_in(folder, "incidents.csv"), land)),
        land,
    )
    file = open_entries(file_in(folder, FILE), "targets")
    found = [_target(entry, evidence) for entry in file.entries()]
    _check_some_are_fitted(file, found)
    file.check()
    return tuple(target for target in found if target is not None)


def _check_some_are_fitted(file: EntryFile, found: Sequence[Target | None]) -> None:
    if None not in found and not any(target and target.use == "fit" for target in found):
        remedy = 'Give at least one target use = "fit".'
        file.tell("use", None, "nothing is fitted: every target is held back", remedy)


def _target(entry: Entry, evidence: _Evidence) -> Target | None:
    statistic = _statistic(entry, evidence.ground)
    window = _window(entry, statistic, evidence.ground)
    relation = entry.choice("relation", get_args(Relation))
    scale, weight = entry.number("scale", above=0.0), entry.number("weight", above=0.0)
    use = entry.choice("use", get_args(Use))
    source = entry.text("source", "Say where the figure comes from.")
    value, low, high = None, None, None
    if relation == "range":
        low, high = _range(entry, statistic, evidence.ground)
    elif relation is not None:
        value = _value(entry, relation, statistic, window, evidence)
    else:
        entry.asked.update(("value", "low", "high", "aggregate", "scope", "incidents"))
    entry.refuse_unknown(_KNOWN)
    known = (statistic, window, relation, scale, weight, use, source)
    if None in known or (value is None and (low is None or high is None)):
        return None
    return Target(entry.name, *known, value, low, high)  # type: ignore[arg-type]


def _statistic(entry: Entry, ground: Ground) -> str | None:
    name = entry.text("statistic", "Name a statistic.")
    if name is not None and highest(name, ground) is None:
        known = (*statistics(ground), *of_runs(ground))
        listed = f"Reports give {', '.join(statistics(ground))}; a run gives {RUN}<outcome>."
        entry.refuse("statistic", "nobody can compute it", near(name, known) or listed)
        return None
    return name


def _window(entry: Entry, statistic: str | None, ground: Ground) -> Window | None:
    text = entry.text("window", 'Write a period such as "2025" or "2025-H1", or "year".')
    window = read_window(text) if text is not None else None
    if text is not None and window is None:
        remedy = 'Write it as "year", "2025", "2025-H1", "2025-12" or "2022..2025".'
        entry.refuse("window", "is no period", remedy)
    if window is None or statistic is None:
        return window
    if statistic.startswith(RUN) and window.months != YEAR.months:
        entry.refuse("window", "is part of a year, and outcomes are of all of it", "Use a year.")
        return window
    known = statistics(ground).get(statistic)
    if known is not None and not known.adds_up and window.years > 1.0:
        reason = f"is longer than a simulated year, and {statistic} grows with it"
        entry.refuse("window", reason, "Use a year.")
    return window


def _range(
    entry: Entry, statistic: str | None, ground: Ground
) -> tuple[float | None, float | None]:
    """The two ends of a range, in order and not beyond what the figure can be."""
    low, high = entry.number("low"), entry.number("high")
    if low is None or high is None:
        return None, None
    most = inf if statistic is None else highest(statistic, ground) or inf
    if not low < high:
        entry.refuse("high", f"is not above low = {low:g}", "Give low and high in order.")
    elif low < 0.0:
        entry.refuse("low", "is impossible: it is never below 0", "Give 0 or more.")
    elif high > most:
        remedy = f"Give at most {most:g}."
        entry.refuse("high", f"is impossible: {statistic} is never above {most:g}", remedy)
    elif (low, high) == (0.0, most):
        entry.refuse("high", "leaves nothing out: every year lies in it", "Narrow the range.")
    return low, high


def _value(
    entry: Entry,
    relation: str,
    statistic: str | None,
    window: Window | None,
    evidence: _Evidence,
) -> float | None:
    """The figure itself, from where the entry says."""
    told = [key for key in ("value", "aggregate", "incidents") if key in entry]
    entry.asked.update(("value", "aggregate", "incidents"))
    if len(told) != 1:
        reason = "says its figure more than once" if told else "says no figure"
        entry.refuse(None, reason, "Give one of value, aggregate and incidents = true.")
        entry.asked.add("scope")
        return None
    if statistic is None or window is None:
        entry.asked.add("scope")
        return entry.number("value") if told == ["value"] else None
    if told == ["aggregate"]:
        value = _published(entry, relation, window, evidence.aggregates)
    elif told == ["incidents"]:
        value = _counted(entry, statistic, window, evidence)
    else:
        value = entry.number("value")
    if value is not None:
        most = highest(statistic, evidence.ground) or inf
        _check_possible(entry, told[0], relation, (statistic, most), value)
    return value


def _check_possible(
    entry: Entry, key: str, relation: str, figure: tuple[str, float], value: float
) -> None:
    statistic, most = figure
    if not 0.0 <= value <= most:
        reason = f"is impossible: {statistic} lies between 0 and {most:g}, not at {value:g}"
        entry.refuse(key, reason, "Mend the figure or name another statistic.")
    elif relation == ">=" and value == 0.0:
        entry.refuse(key, "leaves nothing out: every year is at least 0", "Give more than 0.")


def _published(
    entry: Entry, relation: str, window: Window, aggregates: Sequence[Aggregate]
) -> float | None:
    """A published count, or one over another, as in ``intruders_killed / armed_clashes``."""
    formula = entry.text("aggregate", "Name a metric of aggregates.csv.")
    scope = entry.text("scope", "Name a scope.") if "scope" in entry else BORDER
    if formula is None or scope is None:
        return None
    rows = [_row(entry, part.strip(), scope, window, aggregates) for part in formula.split("/")]
    if len(rows) > 2:
        entry.refuse("aggregate", "is more than one count over another", "Write a or a / b.")
        return None
    figures = [row for row in rows if row is not None]
    if len(figures) < len(rows):
        return None
    floor = [row.metric for row in figures if row.bound != "="]
    if floor and (relation == "=" or len(figures) > 1):
        reason = f"is a floor: {floor[0]} was at least that"
        entry.refuse("aggregate", reason, 'Write relation = ">=", or give a range.')
        return None
    if len(figures) == 1:
        return figures[0].value / (window.years if figures[0].months > 12 else 1.0)
    if figures[1].value == 0.0:
        entry.refuse("aggregate", f"divides by {figures[1].metric}, which was 0", "Take another.")
        return None
    return figures[0].value / figures[1].value


def _row(
    entry: Entry, metric: str, scope: str, window: Window, aggregates: Sequence[Aggregate]
) -> Aggregate | None:
    """The one published count of a metric, scope and period."""
    rows = [
        row
        for row in aggregates
        if (row.metric, row.scope, row.period) == (metric, scope, window.text)
    ]
    if len(rows) == 1:
        return rows[0]
    if rows:
        reason = f"{metric} was published more than once for {window.text} ({scope})"
        entry.refuse("aggregate", reason, "Give value = the figure you trust.")
        return None
    same = sorted({row.metric for row in aggregates})
    periods = sorted(
        {row.period for row in aggregates if (row.metric, row.scope) == (metric, scope)}
    )
    remedy = f"There is {', '.join(periods)}." if periods else near(metric, same)
    reason = f"aggregates.csv has no {metric} for {window.text} ({scope})"
    entry.refuse("aggregate", reason, remedy or "Mend metric, scope or window.")
    return None


def _counted(entry: Entry, statistic: str, window: Window, evidence: _Evidence) -> float | None:
    """The statistic over the incident rows, by the code that computes it for a run."""
    if entry.values.get("incidents") is not True:
        entry.refuse("incidents", "is not true", "Write incidents = true, or leave it out.")
        return None
    if statistic.startswith(RUN):
        entry.refuse("incidents", f"no report tells {statistic}", "Give value or a range.")
        return None
    value = compute(statistics(evidence.ground)[statistic], evidence.reports, window)
    if value is None:
        reason = f"no row of incidents.csv in {window} tells {statistic}"
        entry.refuse("incidents", reason, "Widen the window, or give value or a range.")
    return value
