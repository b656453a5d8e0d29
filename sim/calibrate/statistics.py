"""Statistics that compare simulated years with reports, computed by one code for both.

A statistic is a sum over reports, or a ratio of two sums. What a report leaves open adds nothing to
a sum; a ratio takes only reports that give both its part and its whole.

Every outcome of a run is a statistic too, under the name ``run.<outcome>``, such as
``run.interdiction_share``. No report gives it, so its target is a range that was published.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from math import inf
from types import MappingProxyType
from typing import Final, NamedTuple

from sim.calibrate.reports import SMUGGLING, Report
from sim.frontier.ground import Ground
from sim.incidents.kinds import INCIDENTS
from sim.incidents.windows import Window
from sim.measures.people import worst_spell
from sim.measures.registry import described, outcomes_on

RUN: Final = "run."
"""Prefix of the statistics that only a run gives."""
LATE_HOURS: Final = 6.0
"""A contact this long after the crossing happened inside, not at the line."""

Rows = Sequence[Report]
type Sum = Callable[[Rows], float]


class Statistic(NamedTuple):
    """A sum over reports, ``part``, or the ratio of ``part`` to ``whole``; never below 0.

    A statistic that ``adds_up`` over time is given per year.
    """

    name: str
    unit: str
    about: str
    part: Sum
    whole: Sum | None = None
    adds_up: bool = True

    def over(self, rows: Rows) -> float | None:
        """Compute the sum or ratio over these reports; ``None`` for a ratio to nothing."""
        if self.whole is None:
            return self.part(rows)
        whole = self.whole(rows)
        return self.part(rows) / whole if whole else None


def _as_outcome(name: str, part: Sum, whole: Sum | None = None) -> Statistic:
    """Make a statistic with unit and label of the outcome of the same name."""
    known = described(name)
    return Statistic(name, known.unit, known.label, part, whole, bool(whole) or known.adds_up)


def compute(statistic: Statistic, rows: Iterable[Report], window: Window) -> float | None:
    """Compute the statistic over the reports of ``window``; ``None`` for a ratio to nothing.

    A count of several years is divided by their number.
    """
    value = statistic.over([row for row in rows if window.holds(row.day)])
    if value is None or statistic.whole is not None or not statistic.adds_up:
        return value
    return value / window.years


# -- which reports ------------------------------------------------------------------------


def _clashes(rows: Rows) -> list[Report]:
    return [row for row in rows if row.clash]


def _smuggling(rows: Rows) -> list[Report]:
    return [row for row in rows if row.kind == SMUGGLING]


def _grave(rows: Rows) -> list[Report]:
    """Reports of deaths, attacks or infiltrations that name a district."""
    return [r for r in rows if r.district and (r.deaths or INCIDENTS[r.kind].attack)]


def _smugglers_met(rows: Rows) -> list[Report]:
    """Reports of smugglers who fought or were detained, with size and escapes."""
    return [
        row
        for row in rows
        if row.kind == SMUGGLING
        and (row.clash or row.detained)
        and row.group_size is not None
        and row.escaped is not None
    ]


def _stopped_by_cue(rows: Rows) -> list[Report]:
    return [row for row in rows if row.kind == SMUGGLING and row.cue is not None]


def _weighed(rows: Rows) -> list[Report]:
    return [row for row in rows if row.seized_kg is not None and row.district is not None]


def _guards_hurt(rows: Rows) -> list[Report]:
    return [r for r in rows if r.killed_guards is not None and r.wounded_guards is not None]


# -- sums ---------------------------------------------------------------------------------


def _sum(rows: Iterable[Report], column: str) -> float:
    return float(sum(getattr(row, column) or 0 for row in rows))


def _like_kavo(row: Report) -> bool:
    """Whether a contact was late, with at least two guards and three intruders killed."""
    late = row.delay_hours is not None and row.delay_hours >= LATE_HOURS
    return late and (row.killed_guards or 0) >= 2 and (row.killed_intruders or 0) >= 3


_ALL: Final = (
    _as_outcome("clashes", lambda rows: len(_clashes(rows))),
    Statistic("intruders_killed", "persons", "intruders killed",
              lambda rows: _sum(rows, "killed_intruders")),
    Statistic("guards_killed", "persons", "guards killed in clashes",
              lambda rows: _sum(_clashes(rows), "killed_guards")),
    Statistic("guards_killed_in_all", "persons", "guards killed in clashes, raids and by fire",
              lambda rows: _sum(rows, "killed_guards")),
    Statistic("guards_wounded", "persons", "guards wounded",
              lambda rows: _sum(rows, "wounded_guards")),
    Statistic("intruders_wounded", "persons", "intruders wounded",
              lambda rows: _sum(rows, "wounded_intruders")),
    Statistic("workers_killed", "persons", "workers killed",
              lambda rows: _sum(rows, "killed_workers")),
    _as_outcome("detained", lambda rows: _sum(rows, "detained")),
    Statistic("smugglers_detained", "persons", "people detained where smugglers were met",
              lambda rows: _sum(_smuggling(rows), "detained")),
    Statistic("smuggling_stopped", "count", "smuggling groups stopped or fought",
              lambda rows: len(_smuggling(rows))),
    _as_outcome("seized_kg", lambda rows: _sum(rows, "seized_kg")),
    Statistic("seized_arms", "count", "firearms seized",
              lambda rows: _sum(rows, "seized_arms")),
    Statistic("deadly_worker_attacks", "count", "attacks in which workers died",
              lambda rows: sum(bool(row.killed_workers) for row in rows)),
    Statistic("deadly_infiltrations", "count", "infiltrations by militants with deaths",
              lambda rows: sum(r.kind.startswith("infiltration") and r.deaths > 0 for r in rows)),
    Statistic("post_attacks", "count", "attacks on posts",
              lambda rows: sum(r.kind == "infiltration_then_post_attack" for r in rows)),
    _as_outcome("worst_35_days",
                lambda rows: worst_spell((row.day.toordinal(), row.deaths) for row in rows)),
    Statistic("like_kavo", "count",
              "late contacts inside, 2 or more guards and 3 or more intruders dead",
              lambda rows: sum(map(_like_kavo, rows))),
    Statistic("intruders_killed_per_clash", "ratio", "intruders killed for each clash",
              lambda rows: _sum(rows, "killed_intruders"), lambda rows: len(_clashes(rows))),
    Statistic("guards_killed_per_clash", "ratio", "guards killed in clashes for each clash",
              lambda rows: _sum(_clashes(rows), "killed_guards"), lambda rows: len(_clashes(rows))),
    Statistic("detained_per_clash", "ratio", "intruders detained for each clash",
              lambda rows: _sum(rows, "detained"), lambda rows: len(_clashes(rows))),
    Statistic("wounded_per_killed_guard", "ratio", "guards wounded for each guard killed",
              lambda rows: _sum(_guards_hurt(rows), "wounded_guards"),
              lambda rows: _sum(_guards_hurt(rows), "killed_guards")),
    Statistic("night_share", "share", "incidents by night",
              lambda rows: _sum(rows, "night"),
              lambda rows: sum(row.night is not None for row in rows)),
    _as_outcome("escape_share", lambda rows: _sum(_smugglers_met(rows), "escaped"),
                lambda rows: _sum(_smugglers_met(rows), "group_size")),
    Statistic("tip_share", "share", "smuggling stopped that was first known by a tip",
              lambda rows: sum(row.cue == "tip" for row in _stopped_by_cue(rows)),
              lambda rows: len(_stopped_by_cue(rows))),
)  # fmt: skip


@lru_cache(maxsize=16)
def statistics(ground: Ground) -> Mapping[str, Statistic]:
    """Return every statistic of reports on a ground by name; those of places come last."""
    all_statistics = [*_ALL]
    if ground.description.hot_district is not None:
        all_statistics.append(_hot(ground.description.hot_district))
    all_statistics += [
        _seized_in(share.statistic, share.region, ground.within(share.region))
        for share in ground.description.seized_in
    ]
    return MappingProxyType({statistic.name: statistic for statistic in all_statistics})


def _hot(slug: str) -> Statistic:
    return Statistic(
        "hot_share", "share", "grave incidents in the hot district",
        lambda rows: sum(row.district == slug for row in _grave(rows)),
        lambda rows: len(_grave(rows)),
    )  # fmt: skip


def _seized_in(name: str, region: str, slugs: frozenset[str]) -> Statistic:
    return Statistic(
        name, "share", f"weight seized in {region}",
        lambda rows: _sum((row for row in _weighed(rows) if row.district in slugs), "seized_kg"),
        lambda rows: _sum(_weighed(rows), "seized_kg"),
    )  # fmt: skip


@lru_cache(maxsize=16)
def of_runs(ground: Ground) -> Mapping[str, str]:
    """Return the unit of every statistic that only a run on a ground gives, by name."""
    return {RUN + outcome.name: outcome.unit for outcome in outcomes_on(ground)}


def highest(name: str, ground: Ground) -> float | None:
    """Return the largest value of a statistic; ``None`` for one unknown on this ground."""
    known = statistics(ground).get(name)
    unit = known.unit if known is not None else of_runs(ground).get(name)
    return None if unit is None else 1.0 if unit == "share" else inf
