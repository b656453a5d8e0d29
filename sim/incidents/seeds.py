"""Read and check the seed tables of what was reported; ``seeds/SOURCES.md`` gives their sources.

Reported and simulated incidents (:class:`sim.incidents.records.Incident`) share a vocabulary:
kinds, districts, cues, who was killed or wounded. Reports say less, so most columns may be empty.
They do not distinguish militants from smugglers among the dead (*intruders*), nor Chinese from
other workers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Literal

from sim.csv_table import (
    Amount,
    Count,
    Date,
    Flag,
    Row,
    Size,
    TableProblems,
    implausible_date,
    read_table,
)
from sim.errors import Problem, SeedTableError
from sim.frontier.ground import Ground
from sim.incidents.kinds import CUES, INCIDENTS
from sim.incidents.windows import YEAR, read_window
from sim.validation import one_of

STATES_CLASH: Final = "state_clash_river_dispute"
"""Reports also include clashes between the two states' forces, which no scenario contains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedIncident:
    """One report of one incident; ``None`` means that the source gives no value."""

    identity: str
    date_start: Date | None = None
    date_end: Date | None = None
    date_certainty: str = ""
    time_of_day: str = ""
    night: Flag | None = None
    district: str | None = None
    place: str = ""
    kind: Annotated[str, one_of(INCIDENTS, (STATES_CLASH,))]
    actor_reported: str = ""
    group_size: Size | None = None
    killed_guards: Count | None = None
    killed_intruders: Count | None = None
    killed_workers: Count | None = None
    killed_villagers: Count | None = None
    wounded_guards: Count | None = None
    wounded_intruders: Count | None = None
    wounded_workers: Count | None = None
    wounded_villagers: Count | None = None
    escaped: Count | None = None
    detained: Count | None = None
    seized_kg: Amount | None = None
    seized_arms: Count | None = None
    cue: Annotated[str, one_of(CUES)] | None = None
    found_by: str = ""
    delay_hours: Amount | None = None
    delay_hours_low: Amount | None = None
    delay_hours_high: Amount | None = None
    confidence: str = ""
    origin: Literal["first_article", "search", "imported"]
    best_row: Flag
    prior_only: Flag
    same_event_as: str | None = None
    note: str = ""
    source_title: str = ""
    source_date: str = ""
    source_address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """One published count over a period.

    ``bound`` says whether it is a figure (``=``, or ``~`` for about), a lower or an upper bound.
    """

    period: str
    months: Size
    metric: str
    value: Amount
    unit: Literal["count", "persons", "kg"]
    bound: Literal["=", "~", ">=", ">", "<=", "<"]
    scope: str
    note: str = ""
    source: str
    source_date: str = ""
    source_address: str = ""


def seeds_folder() -> Path:
    """The folder of the seed tables: beside the package in a clone, inside it when installed.

    Raises ``SeedTableError`` if neither exists.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parent / "seeds", package / "_shipped" / "seeds"):
        if (folder / "incidents.csv").is_file():
            return folder
    raise SeedTableError(
        "there is no folder of seed tables beside the package or inside it",
        path=package,
        remedy="Install panj again, or give the paths of the tables.",
    )


def read_incidents(
    path: str | Path | None = None, ground: Ground | None = None
) -> tuple[ObservedIncident, ...]:
    """Read and check a table of reported incidents, by default the shipped one.

    ``ground`` gives the districts, by default those of the shipped ground. Raises
    ``SeedTableError`` with every problem of the file.
    """
    table = Path(path) if path is not None else seeds_folder() / "incidents.csv"
    return check_incidents(*read_table(table, ObservedIncident), table, ground)


def check_incidents(
    rows: list[Row[ObservedIncident]],
    problems: list[Problem],
    path: Path,
    ground: Ground | None = None,
) -> tuple[ObservedIncident, ...]:
    """Check the rows of a table together, and return the incidents.

    ``problems`` are those collected while reading. Raises ``SeedTableError`` with every problem.
    """
    collected = TableProblems(path, problems)
    _check_identities(rows, collected)
    slugs = (ground or Ground.default()).slugs
    for row in rows:
        if row.value.district not in (None, *slugs):
            reason, remedy = "is not a district of the ground", f"Use one of {', '.join(slugs)}."
            collected.add(row.line, "district", row.value.district, reason, remedy)
        _check_order(row, collected)
        _check_people(row, collected)
    _check_events(rows, collected)
    collected.check()
    return tuple(row.value for row in rows)


def read_aggregates(path: str | Path | None = None) -> tuple[Aggregate, ...]:
    """Read and check a table of published counts, by default the shipped one.

    Raises ``SeedTableError`` with every problem of the file.
    """
    table = Path(path) if path is not None else seeds_folder() / "aggregates.csv"
    return check_aggregates(*read_table(table, Aggregate), table)


def check_aggregates(
    rows: list[Row[Aggregate]], problems: list[Problem], path: Path
) -> tuple[Aggregate, ...]:
    """As :func:`check_incidents`, for published counts."""
    collected = TableProblems(path, problems)
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        _check_period(row, collected)
        count = row.value
        key = (count.period, count.metric, count.scope, count.source, count.source_date)
        if key in first:
            reason = f"is also given for {count.period} by the same source in line {first[key]}"
            collected.add(row.line, "metric", count.metric, reason, "Keep one of the two lines.")
        first.setdefault(key, row.line)
    collected.check()
    return tuple(row.value for row in rows)


def _check_identities(rows: Iterable[Row[ObservedIncident]], problems: TableProblems) -> None:
    first: dict[str, int] = {}
    for row in rows:
        name = row.value.identity
        if name in first:
            already = f"is also the identity of the row in line {first[name]}"
            problems.add(row.line, "identity", name, already, "Give each row its own identity.")
        first.setdefault(name, row.line)


def _check_order(row: Row[ObservedIncident], problems: TableProblems) -> None:
    """Check the order of dates and of delays."""
    seen = row.value
    start, end = seen.date_start, seen.date_end
    if end is not None and start is None:
        problems.add(row.line, "date_end", end, "has no date_start", "Give both dates or neither.")
    elif end is not None and start is not None and end < start:
        reason = f"is before date_start, {start.isoformat()}"
        problems.add(row.line, "date_end", end, reason, "Swap the two dates, or correct one.")
    delays = ("delay_hours_low", "delay_hours", "delay_hours_high")
    given = [(name, value) for name in delays if (value := getattr(seen, name)) is not None]
    for (lower, low), (upper, high) in pairwise(given):
        if high < low:
            reason = f"is less than {lower}, {low:g}"
            problems.add(row.line, upper, high, reason, "Order them as low, best, high.")


def _check_people(row: Row[ObservedIncident], problems: TableProblems) -> None:
    """Check that no more intruders were killed, escaped or detained than came."""
    seen = row.value
    known = sum(n or 0 for n in (seen.killed_intruders, seen.escaped, seen.detained))
    if seen.group_size is not None and known > seen.group_size:
        reason = f"is less than the {known} killed, escaped or detained"
        remedy = "Raise it, leave it empty, or correct the counts."
        problems.add(row.line, "group_size", seen.group_size, reason, remedy)


def _check_events(rows: list[Row[ObservedIncident]], problems: TableProblems) -> None:
    """Check that ``same_event_as`` names another row, and that no event has two best rows."""
    by_name = {row.value.identity: row.value for row in rows}
    best = {row.value.identity for row in rows if row.value.best_row}
    for row in rows:
        other = row.value.same_event_as
        if other is None:
            continue
        if other not in by_name or other == row.value.identity:
            remedy = "Use the identity of the row that reports the same event."
            reason = "is not the identity of another row of this table"
            problems.add(row.line, "same_event_as", other, reason, remedy)
        elif row.value.best_row and (twins := best & _event(row.value.identity, by_name)):
            reason = f"is 1 here and in row {min(twins)}, which reports the same event"
            problems.add(
                row.line, "best_row", 1, reason, "Keep 1 in one of them, or it counts twice."
            )


def _event(name: str, rows: Mapping[str, ObservedIncident]) -> set[str]:
    """The other rows that report the event of a row, through any number of links."""
    event, ends = {name}, {name}
    while ends:
        near = {n for n, row in rows.items() if row.same_event_as in ends}
        near |= {other for n in ends if (other := rows[n].same_event_as) in rows and other}
        ends, event = near - event, event | near
    return event - {name}


def _check_period(row: Row[Aggregate], problems: TableProblems) -> None:
    """Check that the period is a year, a half, a month or a range, and that its length fits."""
    period, months = row.value.period, row.value.months
    window = read_window(period)
    if window is None or window is YEAR:
        reason = "is not a period, or ends before it begins"
        remedy = "Write it as 2025, 2025-H1, 2025-12 or 2015..2016-10."
        problems.add(row.line, "period", period, reason, remedy)
    elif (odd := implausible_date(window.first)) is not None:
        problems.add(row.line, "period", period, *odd)
    elif ".." not in period and months != len(window.months):
        reason = f"does not fit the period {period}, which has {len(window.months)}"
        problems.add(row.line, "months", months, reason, "Correct the period or its length.")
