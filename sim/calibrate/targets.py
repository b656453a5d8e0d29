"""Figures beside the table of years, fitted or only looked at: ``seeds/targets.toml``, read.

A target takes its figure from a published count in ``aggregates.csv``, from the incident rows
by the statistic's own code, or from the file itself, as its table says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from sim.calibrate.intervals import TargetRange
from sim.calibrate.priors import file_in
from sim.calibrate.reports import Report, reports_of_seeds
from sim.calibrate.statistics import RUN, compute, highest, of_runs, statistics
from sim.calibrate.toml_entries import Entry, Positive, Text, open_entries
from sim.frontier.ground import Ground
from sim.incidents.seeds import Aggregate, read_aggregates, read_incidents
from sim.incidents.windows import YEAR, Window, read_window
from sim.registry import near
from sim.validation import HEADER, refused

FILE: Final = "targets.toml"
BORDER: Final = "Tajik-Afghan border"
"""The scope of published counts where a target names no other."""

Relation = Literal["=", ">=", "range"]
Use = Literal["fit", "validate"]


@dataclass(frozen=True)
class _Evidence:
    """What the tables of a file are read with."""

    aggregates: Sequence[Aggregate]
    reports: Sequence[Report]
    ground: Ground

    def most(self, statistic: str) -> float:
        """The largest value that the statistic can have."""
        return highest(statistic, self.ground) or inf


def _evidence(info: ValidationInfo) -> _Evidence:
    assert isinstance(info.context, _Evidence)
    return info.context


def _wanted(info: ValidationInfo) -> bool:
    """Whether a figure belongs here, and all that it depends on is told and right."""
    if info.data.get("relation") == "range":
        raise refused("says nothing here", 'It needs relation = "=" or ">=".')
    return {"statistic", "window", "relation", "scope"} <= info.data.keys()


def _statistic(name: str, info: ValidationInfo) -> str:
    ground = _evidence(info).ground
    if highest(name, ground) is None:
        known = (*statistics(ground), *of_runs(ground))
        listed = f"Reports give {', '.join(statistics(ground))}; a run gives {RUN}<outcome>."
        raise refused("nobody can compute it", near(name, known) or listed)
    return name


def _window(text: object, info: ValidationInfo) -> Window:
    window = read_window(text) if isinstance(text, str) else None
    if window is None:
        remedy = 'Write it as "year", "2025", "2025-H1", "2025-12" or "2022..2025".'
        raise refused("is not a period", remedy)
    statistic = info.data.get("statistic", "")
    if statistic.startswith(RUN) and window.months != YEAR.months:
        raise refused("is part of a year, and outcomes are of all of it", "Use a year.")
    known = statistics(_evidence(info).ground).get(statistic)
    if known is not None and not known.adds_up and window.years > 1.0:
        reason = f"is longer than a simulated year, and {statistic} grows with it"
        raise refused(reason, "Use a year.")
    return window


def _end(value: float | None, info: ValidationInfo) -> float | None:
    """An end of a range: the two in order, and not beyond what the figure can be."""
    relation, statistic = info.data.get("relation"), info.data.get("statistic")
    if value is None:
        if relation == "range":
            raise refused("is missing", "Give a number.")
        return None
    if relation not in (None, "range"):
        raise refused("says nothing here", 'It needs relation = "range".')
    if info.field_name == "low":
        if value < 0.0:
            raise refused("is impossible: it is never below 0", "Give 0 or more.")
        return value
    low, most = info.data.get("low"), _evidence(info).most(statistic) if statistic else inf
    if low is not None and not low < value:
        raise refused(f"is not above low = {low:g}", "Give low and high in order.")
    if value > most:
        reason = f"is impossible: {statistic} is never above {most:g}"
        raise refused(reason, f"Give at most {most:g}.")
    if (low, value) == (0.0, most):
        raise refused("leaves nothing out: every year lies in it", "Narrow the range.")
    return value


def _figure(value: float, info: ValidationInfo) -> float:
    """A figure that the statistic can have and that some year could miss."""
    if not _wanted(info):
        return value
    statistic = info.data["statistic"]
    most = _evidence(info).most(statistic)
    if not 0.0 <= value <= most:
        reason = f"is impossible: {statistic} lies between 0 and {most:g}, not at {value:g}"
        raise refused(reason, "Mend the figure or name another statistic.")
    if info.data["relation"] == ">=" and value == 0.0:
        raise refused("leaves nothing out: every year is at least 0", "Give more than 0.")
    return value


def _published(formula: object, info: ValidationInfo) -> float:
    """A published count, or one over another, as in ``intruders_killed / armed_clashes``."""
    if not isinstance(formula, str):
        raise refused("is not text", "Name a metric of aggregates.csv.")
    if not _wanted(info):
        return 0.0
    window, relation = info.data["window"], info.data["relation"]
    aggregates, scope = _evidence(info).aggregates, info.data["scope"]
    rows = [_row(part.strip(), scope, window, aggregates) for part in formula.split("/")]
    if len(rows) > 2:
        raise refused("is more than one count over another", "Write a or a / b.")
    floor = [row.metric for row in rows if row.bound in (">=", ">")]
    if floor and (relation == "=" or len(rows) > 1):
        remedy = 'Write relation = ">=", or give a range.'
        raise refused(f"is a floor: {floor[0]} was at least that", remedy)
    ceiling = [row.metric for row in rows if row.bound in ("<=", "<")]
    if ceiling:
        raise refused(f"is a ceiling: {ceiling[0]} was at most that", "Give a range from 0 to it.")
    if len(rows) == 1:
        return _figure(rows[0].value / (window.years if rows[0].months > 12 else 1.0), info)
    if rows[1].value == 0.0:
        raise refused(f"divides by {rows[1].metric}, which was 0", "Take another.")
    return _figure(rows[0].value / rows[1].value, info)


def _row(metric: str, scope: str, window: Window, aggregates: Sequence[Aggregate]) -> Aggregate:
    """The one published count of a metric, scope and period."""
    same = [row for row in aggregates if (row.metric, row.scope) == (metric, scope)]
    rows = [row for row in same if row.period == window.text]
    if len(rows) > 1:
        reason = f"{metric} was published more than once for {window.text} ({scope})"
        raise refused(reason, "Give value = the figure you trust.")
    if not rows:
        periods = ", ".join(sorted({row.period for row in same}))
        guess = near(metric, sorted({row.metric for row in aggregates}))
        remedy = f"There is {periods}." if periods else guess or "Mend metric, scope or window."
        raise refused(f"aggregates.csv has no {metric} for {window.text} ({scope})", remedy)
    return rows[0]


def _counted(told: object, info: ValidationInfo) -> float:
    """The statistic over the incident rows, by the code that computes it for a run."""
    if told is not True:
        raise refused("is not true", "Write incidents = true, or leave it out.")
    if not _wanted(info):
        return 0.0
    evidence, name, window = _evidence(info), info.data["statistic"], info.data["window"]
    if name.startswith(RUN):
        raise refused(f"no report tells {name}", "Give value or a range.")
    value = compute(statistics(evidence.ground)[name], evidence.reports, window)
    if not any(window.holds(report.day) for report in evidence.reports):
        reason = f"no dated row of incidents.csv lies in {window}: none is not known to be none"
        raise refused(reason, "Widen the window, or give value or a range.")
    if value is None:
        reason = f"no row of incidents.csv in {window} tells {name}"
        raise refused(reason, "Widen the window, or give value or a range.")
    return _figure(value, info)


class Target(Entry, extra="forbid"):
    """A figure that simulated years are held against.

    ``relation``: equal to :attr:`value`, at least :attr:`value`, or within ``low`` and ``high``.
    ``scale`` is how far off counts as one, in the figure's unit; ``weight`` how much that
    counts beside other targets. What is to ``validate`` is never fitted to.
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
        """The figure, wherever it comes from; ``None`` for a range."""
        told = (self.stated, self.aggregate, self.incidents)
        return next((figure for figure in told if figure is not None), None)

    @property
    def aim(self) -> TargetRange:
        """The same as numbers."""
        low = self.low if self.value is None else self.value
        high = {"=": low, ">=": inf}.get(self.relation, self.high)
        weight = self.weight if self.use == "fit" else 0.0
        return TargetRange(self.name, float(low or 0.0), float(high or 0.0), self.scale, weight)

    @property
    def only_in_runs(self) -> bool:
        """Whether no report can tell the figure."""
        return self.statistic.startswith(RUN)

    @model_validator(mode="after")
    def _one_figure(self) -> Self:
        told = [self.stated, self.aggregate, self.incidents].count(None)
        if self.relation != "range" and told != 2:
            reason = "says no figure" if told == 3 else "says its figure more than once"
            raise refused(reason, "Give one of value, aggregate and incidents = true.")
        return self


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
    found = [file.entry(header, Target, evidence) for header in file.tables]
    file.check()
    return tuple(target for target in found if target is not None)
