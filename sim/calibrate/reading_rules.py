"""Rules for reading published counts: ``seeds/years.toml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from sim.calibrate.statistics import statistics
from sim.calibrate.toml_entries import (
    Entry,
    EntryFile,
    NotNegative,
    Positive,
    Text,
    file_in,
    open_entries,
)
from sim.frontier.ground import Ground
from sim.incidents.windows import YEAR, Window, read_window
from sim.registry import did_you_mean
from sim.scenario.parameters import parameter
from sim.validation import HEADER, refusal

FILE: Final = "years.toml"
_LEVELS: Final = ("smugglers.loads_per_year", "cells.plans_per_year")
Reads = Literal["figure", "floor", "ceiling"]
Reading = Annotated[Reads, Field(description=f"Choose one of {', '.join(get_args(Reads))}.")]
Unit = Literal["count", "persons", "kg"]


def _statistic(name: str, info: ValidationInfo) -> str:
    known = statistics(info.context)
    if name not in known:
        listed = f"Reports give {', '.join(known)}."
        raise refusal("is not a known statistic", did_you_mean(name, known) or listed)
    return name


def _window(text: object) -> Window:
    window = read_window(text) if isinstance(text, str) else None
    if window is None or window is YEAR:
        raise refusal("is not a period", 'Write it as "2025", "2025-H1" or "2022..2025".')
    return window


Period = Annotated[Window, BeforeValidator(_window)]
Statistic = Annotated[Text, AfterValidator(_statistic)]


class Metric(Entry, extra="forbid"):
    """What a published count counts: a statistic, or something that the model does not have."""

    name: str = Field(alias=HEADER)
    unit: Unit = Field(description=f"Choose one of {', '.join(get_args(Unit))}.")
    statistic: Statistic | None = None
    unused: Text | None = None
    reads: Reading = "figure"
    soft: Positive | None = None
    whole_year: bool = False
    why: str = ""

    @model_validator(mode="after")
    def _has_one_use(self) -> Self:
        if (self.statistic is None) == (self.unused is None):
            reason = "gives neither a statistic nor why it is unused"
            if self.statistic is not None:
                reason = "gives a statistic and why it is unused"
            raise refusal(reason, "Give one of the two.")
        return self


class Scope(Entry, extra="forbid"):
    """How the scope of a count relates to this border: the same, a part, more, or another."""

    name: str = Field(alias=HEADER)
    scope: Text = Field(description="Give the scope as aggregates.csv has it.")
    reads: Reading = "figure"
    unused: Text | None = None
    why: str = ""


class Regime(Entry, extra="forbid"):
    """Years in which flow and plans keep their level, and who reports in them.

    ``flow_level`` and ``plans_level`` are standard deviations of the log of that level, relative to
    the regime of the scenario, which has 0. ``own`` names parameters that may have another value in
    this regime, with how far, in standard deviations of the prior. ``unfitted`` says why nothing is
    fitted to it.
    """

    name: str = Field(alias=HEADER)
    period: Period = Field(description='Write a range of years, as "2006..2021".')
    reports: Text = Field(description="Say who reports.")
    about: str = ""
    flow_level: NotNegative = 0.0
    plans_level: NotNegative = 0.0
    own: dict[str, Positive] = Field(default_factory=dict)
    unfitted: Text | None = None


class Count(Entry, extra="forbid"):
    """A statistic of the incident rows, over each of some periods."""

    name: str = Field(alias=HEADER)
    statistic: Statistic = Field(description="Name a statistic.")
    periods: list[Period] = Field(min_length=1, description='Name periods, as in ["2022..2025"].')
    reads: Reading = "figure"
    why: Text = Field(description="Say why the rows are complete, or only a floor.")


class ExcludedRow(Entry, extra="forbid"):
    """A published count that is set aside."""

    name: str = Field(alias=HEADER)
    period: Text = Field(description="Give the period as aggregates.csv has it.")
    metric: Text = Field(description="Name a metric of aggregates.csv.")
    source: Text | None = None
    why: Text = Field(description="Say why it is not used.")


@dataclass(frozen=True)
class ReadingRules:
    """The content of ``years.toml``; ``file`` collects problems that other tables reveal."""

    metrics: Mapping[str, Metric]
    scopes: Mapping[str, Scope]
    regimes: tuple[Regime, ...]
    counts: tuple[Count, ...]
    excluded: tuple[ExcludedRow, ...]
    file: EntryFile

    def regimes_of(self, years: Iterable[int]) -> set[str | None]:
        """The regimes of these years; ``None`` stands for years without one."""
        return {self.regime(year) for year in years}

    def regime(self, year: int) -> str | None:
        """The regime of a year, or ``None``."""
        for regime in self.regimes:
            if regime.period.first.year <= year <= regime.period.last.year:
                return regime.name
        return None


_SECTIONS: Final[Mapping[str, type[Entry]]] = {
    "metrics": Metric,
    "scopes": Scope,
    "regimes": Regime,
    "counts": Count,
    "aside": ExcludedRow,
}


def read_rules(folder: str | Path | None, ground: Ground) -> ReadingRules:
    """Read and check ``years.toml`` of a folder; the shipped one where it has none.

    Raise ``SeedTableError`` with every problem of the file, such as two regimes that share a year.
    """
    file = open_entries(file_in(folder, FILE), "regimes, scopes, metrics and counts")
    entries: dict[str, list[Any]] = {section: [] for section in _SECTIONS}
    for header in file.tables:
        section, _, name = header.partition(".")
        if section not in _SECTIONS or not name:
            sections = f"[{'.NAME], ['.join(_SECTIONS)}.NAME]"
            remedy = f"{did_you_mean(section, _SECTIONS)} Write it below {sections}.".strip()
            file.add_problem(header, None, "is not a section of this file", remedy)
            continue
        entry = file.entry(header, _SECTIONS[section], ground)
        if entry is not None:
            entries[section].append(entry.model_copy(update={"name": name}))
    _check_regimes(file, entries["regimes"])
    _check_scopes(file, entries["scopes"])
    file.check()
    return ReadingRules(
        {metric.name: metric for metric in entries["metrics"]},
        {scope.scope: scope for scope in entries["scopes"]},
        tuple(entries["regimes"]),
        tuple(entries["counts"]),
        tuple(entries["aside"]),
        file,
    )


def _check_regimes(file: EntryFile, regimes: Iterable[Regime]) -> None:
    """Check that regimes have whole years, and no year in common."""
    whole = list(regimes)
    for regime in whole:
        for key in regime.own:
            if parameter(key) is None or key in _LEVELS or key.startswith("regimes."):
                reason = "is not a parameter that a regime may set"
                remedy = (
                    "Name a number of the scenario; for the levels use flow_level, plans_level."
                )
                file.add_problem(f"regimes.{regime.name}.own", key, reason, remedy)
    for regime in whole:
        first, last = regime.period.first, regime.period.last
        if (first.month, last.month) != (1, 12) or len(regime.period.months) != 12:
            reason, remedy = "begins or ends within a year", "Give whole years."
            file.add_problem(f"regimes.{regime.name}.period", regime.period.text, reason, remedy)
    for one, other in combinations(whole, 2):
        begins = max(one.period.first.year, other.period.first.year)
        ends = min(one.period.last.year, other.period.last.year)
        if begins <= ends:
            years = str(begins) if begins == ends else f"{begins} to {ends}"
            reason = f"contains {years}, as regime {one.name} does"
            remedy = "Let each year belong to one regime."
            file.add_problem(f"regimes.{other.name}.period", other.period.text, reason, remedy)


def _check_scopes(file: EntryFile, scopes: Iterable[Scope]) -> None:
    first: dict[str, str] = {}
    for scope in scopes:
        if scope.scope in first:
            key = f"scopes.{scope.name}.scope"
            reason = f"is already described by scopes.{first[scope.scope]}"
            file.add_problem(key, scope.scope, reason, "Keep one of the two.")
        first.setdefault(scope.scope, scope.name)
