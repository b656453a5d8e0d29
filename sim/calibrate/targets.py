"""Figures beside the table of years, fitted or only compared: ``seeds/targets.toml``.

A target takes its figure from a published count in ``aggregates.csv``, from the incident rows by
the code of the statistic, or from the file itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from sim.calibrate.intervals import TargetRange
from sim.calibrate.reports import Report, reports_of_seeds
from sim.calibrate.statistics import RUN, compute, highest, of_runs, statistics
from sim.calibrate.toml_entries import Entry, Positive, Text, file_in, open_entries
from sim.frontier.ground import Ground
from sim.incidents.seeds import Aggregate, read_aggregates, read_incidents
from sim.incidents.windows import YEAR, Window, read_window
from sim.registry import did_you_mean
from sim.validation import HEADER, refusal

FILE: Final = "targets.toml"
BORDER: Final = "Tajik-Afghan border"
"""The default scope of published counts."""

Relation = Literal["=", ">=", "range"]
Use = Literal["fit", "validate"]


@dataclass(frozen=True)
class _Context:
    """The tables and the ground with which the file is validated."""

    aggregates: Sequence[Aggregate]
    reports: Sequence[Report]
    ground: Ground

    def most(self, statistic: str) -> float:
        """Return the largest possible value of the statistic."""
        return highest(statistic, self.ground) or inf


def _context(info: ValidationInfo) -> _Context:
    assert isinstance(info.context, _Context)
    return info.context


def _is_checkable(info: ValidationInfo) -> bool:
    """Whether all keys that a figure depends on are valid; refuse a figure beside a range."""
    if info.data.get("relation") == "range":
        raise refusal("has no use here", 'It needs relation = "=" or ">=".')
    return {"statistic", "window", "relation", "scope"} <= info.data.keys()


def _statistic(name: str, info: ValidationInfo) -> str:
    ground = _context(info).ground
    if highest(name, ground) is None:
        known = (*statistics(ground), *of_runs(ground))
        listed = f"Reports give {', '.join(statistics(ground))}; a run gives {RUN}<outcome>."
        raise refusal("is not a known statistic", did_you_mean(name, known) or listed)
    return name


def _window(text: object, info: ValidationInfo) -> Window:
    window = read_window(text) if isinstance(text, str) else None
    if window is None:
        remedy = 'Write it as "year", "2025", "2025-H1", "2025-12" or "2022..2025".'
        raise refusal("is not a period", remedy)
    statistic = info.data.get("statistic", "")
    if statistic.startswith(RUN) and window.months != YEAR.months:
        raise refusal("is part of a year, but outcomes cover all of it", "Use a year.")
    known = statistics(_context(info).ground).get(statistic)
    if known is not None and not known.adds_up and window.years > 1.0:
        reason = f"is longer than a simulated year, and {statistic} grows with it"
        raise refusal(reason, "Use a year.")
    return window


def _end(value: float | None, info: ValidationInfo) -> float | None:
    """Check an end of a range: in order, and within the possible values of the figure."""
    relation, statistic = info.data.get("relation"), info.data.get("statistic")
    if value is None:
        if relation == "range":
            raise refusal("is missing", "Give a number.")
        return None
    if relation not in (None, "range"):
        raise refusal("has no use here", 'It needs relation = "range".')
    if info.field_name == "low":
        if value < 0.0:
            raise refusal("is impossible: it is never below 0", "Give 0 or more.")
        return value
    low, most = info.data.get("low"), _context(info).most(statistic) if statistic else inf
    if low is not None and not low < value:
        raise refusal(f"is not above low = {low:g}", "Give low and high in order.")
    if value > most:
        reason = f"is impossible: {statistic} is never above {most:g}"
        raise refusal(reason, f"Give at most {most:g}.")
    if (low, value) == (0.0, most):
        raise refusal("excludes nothing: every year lies in it", "Narrow the range.")
    return value


def _figure(value: float, info: ValidationInfo) -> float:
    """Check that the statistic can have this figure, and that some year could miss it."""
    if not _is_checkable(info):
        return value
    statistic = info.data["statistic"]
    most = _context(info).most(statistic)
    if not 0.0 <= value <= most:
        reason = f"is impossible: {statistic} lies between 0 and {most:g}, not at {value:g}"
        raise refusal(reason, "Correct the figure or name another statistic.")
    if info.data["relation"] == ">=" and value == 0.0:
        raise refusal("excludes nothing: every year is at least 0", "Give more than 0.")
    return value


def _published(formula: object, info: ValidationInfo) -> float:
    """Evaluate a published count, or a ratio such as ``intruders_killed / armed_clashes``."""
    if not isinstance(formula, str):
        raise refusal("is not text", "Name a metric of aggregates.csv.")
    if not _is_checkable(info):
        return 0.0
    window, relation = info.data["window"], info.data["relation"]
    aggregates, scope = _context(info).aggregates, info.data["scope"]
    rows = [_row(part.strip(), scope, window, aggregates) for part in formula.split("/")]
    if len(rows) > 2:
        raise refusal("is more than a ratio of two counts", "Write a or a / b.")
    floor = [row.metric for row in rows if row.bound in (">=", ">")]
    if floor and (relation == "=" or len(rows) > 1):
        remedy = 'Write relation = ">=", or give a range.'
        raise refusal(f"is a floor: {floor[0]} was at least that", remedy)
    ceiling = [row.metric for row in rows if row.bound in ("<=", "<")]
    if ceiling:
        raise refusal(f"is a ceiling: {ceiling[0]} was at most that", "Give a range from 0 to it.")
    if len(rows) == 1:
        return _figure(rows[0].value / (window.years if rows[0].months > 12 else 1.0), info)
    if rows[1].value == 0.0:
        raise refusal(f"divides by {rows[1].metric}, which was 0", "Take another.")
    return _figure(rows[0].value / rows[1].value, info)


def _row(metric: str, scope: str, window: Window, aggregates: Sequence[Aggregate]) -> Aggregate:
    """Return the only published count of a metric, scope and period."""
    same = [row for row in aggregates if (row.metric, row.scope) == (metric, scope)]
    rows = [row for row in same if row.period == window.text]
    if len(rows) > 1:
        reason = f"{metric} was published more than once for {window.text} ({scope})"
        raise refusal(reason, "Give value = the figure you trust.")
    if not rows:
        periods = ", ".join(sorted({row.period for row in same}))
        guess = did_you_mean(metric, sorted({row.metric for row in aggregates}))
        remedy = f"There is {periods}." if periods else guess or "Correct metric, scope or window."
        raise refusal(f"aggregates.csv has no {metric} for {window.text} ({scope})", remedy)
    return rows[0]


def _counted(value: object, info: ValidationInfo) -> float:
    """Compute the statistic over the incident rows, with the code that computes it for a run."""
    if value is not True:
        raise refusal("is not true", "Write incidents = true, or leave it out.")
    if not _is_checkable(info):
        return 0.0
    context, name, window = _context(info), info.data["statistic"], info.data["window"]
    if name.startswith(RUN):
        raise refusal(f"no report gives {name}", "Give value or a range.")
    figure = compute(statistics(context.ground)[name], context.reports, window)
    if not any(window.holds(report.day) for report in context.reports):
        reason = f"no dated row of incidents.csv lies in {window}, which is not a count of 0"
        raise refusal(reason, "Widen the window, or give value or a range.")
    if figure is None:
        reason = f"no row of incidents.csv in {window} gives {name}"
        raise refusal(reason, "Widen the window, or give value or a range.")
    return _figure(figure, info)


class Target(Entry, extra="forbid"):
    """A figure to compare simulated years with.

    ``relation``: equal to :attr:`value`, at least :attr:`value`, or within ``low`` and ``high``.
    ``scale`` is the distance that counts as one, in the unit of the figure; ``weight`` is relative
    to other targets. A target with use ``validate`` is never fitted.
    """

    name: str = Field(alias=HEADER)
    statistic: Annotated[Text, AfterValidator(_statistic)] = Field(description="Name a statistic.")
    window: Annotated[Window, BeforeValidator(_window)] = Field(
        description='Write a period such as "2025" or "2025-H1", or "year".'
    )
    relation: Relation = Field(description=f"Choose one of {', '.join(get_args(Relation))}.")
    scale: Positive = Field(description="Give a number.")
    weight: Positive = Field(description="Give a number.")
    use: Use = Field(description=f"Choose one of {', '.join(get_args(Use))}.")
    source: Text = Field(description="Say where the figure comes from.")
    low: Annotated[float | None, AfterValidator(_end)] = Field(default=None, validate_default=True)
    high: Annotated[float | None, AfterValidator(_end)] = Field(default=None, validate_default=True)
    scope: Text = Field(default=BORDER, description="Name a scope.")
    stated: Annotated[float, AfterValidator(_figure)] | None = Field(default=None, alias="value")
    aggregate: Annotated[float, BeforeValidator(_published)] | None = None
    incidents: Annotated[float, BeforeValidator(_counted)] | None = None

    @property
    def value(self) -> float | None:
        """The figure, whatever its source; ``None`` for a range."""
        figures = (self.stated, self.aggregate, self.incidents)
        return next((figure for figure in figures if figure is not None), None)

    @property
    def range(self) -> TargetRange:
        """The target as an interval with its scale and weight."""
        low = self.low if self.value is None else self.value
        high = {"=": low, ">=": inf}.get(self.relation, self.high)
        weight = self.weight if self.use == "fit" else 0.0
        return TargetRange(self.name, float(low or 0.0), float(high or 0.0), self.scale, weight)

    @property
    def only_in_runs(self) -> bool:
        """Whether only a run gives the figure, and no report can."""
        return self.statistic.startswith(RUN)

    @model_validator(mode="after")
    def _one_figure(self) -> Self:
        missing = [self.stated, self.aggregate, self.incidents].count(None)
        if self.relation != "range" and missing != 2:
            reason = "gives no figure" if missing == 3 else "gives its figure more than once"
            raise refusal(reason, "Give one of value, aggregate and incidents = true.")
        return self


def read_targets(
    folder: str | Path | None = None, ground: Ground | None = None
) -> tuple[Target, ...]:
    """Read and check ``targets.toml`` of a folder, with the tables of its figures.

    ``ground`` gives the districts; default: the shipped ground. The shipped ``targets.toml``,
    ``aggregates.csv`` and ``incidents.csv`` replace those that the folder lacks. Raise
    ``SeedTableError`` with every problem of a file.
    """
    land = ground or Ground.default()
    context = _Context(
        read_aggregates(file_in(folder, "aggregates.csv")),
        reports_of_seeds(read_incidents(file_in(folder, "incidents.csv"), land)),
        land,
    )
    file = open_entries(file_in(folder, FILE), "targets")
    targets = [file.entry(header, Target, context) for header in file.tables]
    file.check()
    return tuple(target for target in targets if target is not None)
