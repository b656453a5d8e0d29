"""How well a rule predicts, from years that were simulated twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.explore.alerts import counts, thresholds
from sim.explore.alerts.bootstrap import Bootstrap, Sums
from sim.explore.alerts.counts import Floats, Unit, Units
from sim.explore.alerts.observer import RuleObserver, UnitLevels, YearEvents
from sim.explore.alerts.result import Bin, Lead, RuleResult, Score, Skill
from sim.rules.alert import LEVELS

if TYPE_CHECKING:
    from sim.explore.alerts.events import Event
    from sim.explore.alerts.years import Year
    from sim.scenario.spec import Scenario

YEAR_DAYS: Final = 365.0
_AGES: Final = 41


@dataclass(frozen=True)
class Criteria:
    """The event, the horizon ``within`` (days), and the least ``level`` of an alarm."""

    event: Event
    within: float
    level: int
    confidence: float


def score_rule(
    scenario: Scenario, years: Sequence[Year], failed: int, criteria: Criteria
) -> RuleResult:
    """Score the rule of a scenario in these years."""
    looking = [_units(scenario, *year.looking, criteria) for year in years]
    acting = [_units(scenario, *year.acting, criteria) for year in years]
    end, within = scenario.days, criteria.within
    width = len(looking[0])

    def bootstrap(**counted: Floats) -> Bootstrap:
        spans = {
            "years": end / YEAR_DAYS,
            "judged": (end - within) / YEAR_DAYS,
            "time": end * width,
        }
        base = {name: np.full(len(years), span) for name, span in spans.items()}
        return Bootstrap({**base, **counted}, [year.block for year in years], criteria.confidence)

    quiet = _count_years(zip(looking, looking, strict=True), end, within)
    acted = _count_years(zip(acting, looking, strict=True), end, within)
    both = bootstrap(here=acted["events"], there=quiet["events"])
    rule = RuleObserver(scenario).alert_units[0].rule
    candidates = thresholds.candidates(looking, rule)
    sweep = thresholds.sweep(looking, candidates, scenario.alert.minimum_stay_days, end, within)
    curve = bootstrap(events=quiet["events"], **sweep.counted)
    daily, edges = _count_midnights(looking, end, within)
    return RuleResult(
        scenario=scenario.name,
        title=scenario.title,
        policy=scenario.alert.policy,
        scope=scenario.alert.scope,
        level=LEVELS[criteria.level],
        rest=scenario.alert.level,
        years=len(years),
        failed=failed,
        days=end,
        looking=_scores_of(bootstrap(**quiet)),
        acting=_scores_of(bootstrap(**acted)),
        fewer=both.estimate(lambda s: (s["there"] - s["here"]) / s["years"]),
        skill=_skill(bootstrap(**quiet, **daily), curve, daily),
        thresholds=thresholds.table(curve, sweep, candidates, rule),
        reliability=_reliability(bootstrap(**daily), edges),
        lead=_lead(looking, lambda rows: bootstrap(events=quiet["events"], late=rows), end),
    )


def _units(
    scenario: Scenario, year: YearEvents, levels: Sequence[UnitLevels], criteria: Criteria
) -> list[Unit]:
    """The events and alarms of each unit in a year; an event counts in its own district."""
    slugs = scenario.ground.slugs
    events: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for at, district, operation in criteria.event.occurrences(year):
        events[slugs.index(district) if len(levels) > 1 else 0].append((at, operation))
    return [
        Unit(
            np.array([at for at, _ in events[place]], dtype=np.float64),
            tuple(operation for _, operation in events[place]),
            each.alarms(criteria.level, scenario.days),
            each.signal,
        )
        for place, each in enumerate(levels)
    ]


# -- alarms against events --------------------------------------------------------------------


def _count_years(
    pairs: Iterable[tuple[Units, Units]], end: float, within: float
) -> dict[str, Floats]:
    """The counts of each year by name, (years,); pairs are its units and those at rest."""
    rows = [_count_year(*pair, end, within) for pair in pairs]
    return {name: np.array([row[name] for row in rows], dtype=np.float64) for name in rows[0]}


def _count_year(units: Units, resting: Units, end: float, within: float) -> Mapping[str, float]:
    here = {name for unit in units for name in unit.operations}
    there = {name for unit in resting for name in unit.operations}
    found: dict[str, float] = defaultdict(float)
    for unit, rest in zip(units, resting, strict=True):
        rises = counts.observed_rises(unit.alarms, within, end)
        right = counts.is_followed(rises, unit.events, within)
        spared = counts.is_followed(rises, _events_except(rest, here), within)
        common = counts.is_followed(rises, _events_except(unit, here - there), within)
        up = counts.days_on_alarm(unit.alarms)
        found["events"] += len(unit.events)
        found["warned"] += np.isfinite(counts.lead_times(unit.alarms, unit.events)).sum()
        found["alarms"] += len(rises)
        found["right"] += right.sum()
        found["prevented"] += (~right & spared).sum()
        found["brought"] += (right & ~common).sum()
        found["up"] += up
        found["shifted"] += len(unit.events) * up / end
    return found


def _events_except(unit: Unit, operations: set[str]) -> Floats:
    """The events of a unit that do not belong to these operations."""
    return unit.events[[name not in operations for name in unit.operations]]


def _scores_of(sums: Bootstrap) -> Score:
    def a_year(name: str, span: str = "years") -> Callable[[Sums], Floats]:
        return lambda s: s[name] / s[span]

    def false(s: Sums) -> Floats:
        return s["alarms"] - s["right"] - s["prevented"]

    return Score(
        events=sums.estimate(a_year("events")),
        warned=sums.estimate(a_year("warned")),
        missed=sums.estimate(lambda s: (s["events"] - s["warned"]) / s["years"]),
        alarms=sums.estimate(a_year("alarms", "judged")),
        right=sums.estimate(a_year("right", "judged")),
        prevented=sums.estimate(a_year("prevented", "judged")),
        false=sums.estimate(lambda s: false(s) / s["judged"]),
        brought=sums.estimate(a_year("brought", "judged")),
        hit_rate=sums.estimate(_hit_rate),
        share_up=sums.estimate(_share),
        false_alarm_ratio=sums.estimate(lambda s: false(s) / s["alarms"]),
    )


def _hit_rate(s: Sums) -> Floats:
    return s["warned"] / s["events"]


def _share(s: Sums) -> Floats:
    return s["up"] / s["time"]


def _skill(sums: Bootstrap, curve: Bootstrap, daily: Mapping[str, Floats]) -> Skill:
    halves = np.arange(len(daily["days"])) % 2
    split = [
        np.array([daily[name][halves == half].sum(axis=0) for half in (0, 1)])
        for name in ("days", "soon")
    ]
    return Skill(
        gain=sums.estimate(lambda s: _hit_rate(s) - _share(s)),
        shifted=sums.estimate(lambda s: s["shifted"] / s["events"]),
        gain_in_year=sums.estimate(lambda s: _hit_rate(s) - s["shifted"] / s["events"]),
        base_rate=sums.estimate(lambda s: s["soon"].sum(axis=-1) / s["days"].sum(axis=-1)),
        false_alarm_rate=sums.estimate(
            lambda s: (
                (s["days_up"] - s["soon_up"]) / (s["days"].sum(axis=-1) - s["soon"].sum(axis=-1))
            )
        ),
        area=curve.estimate(lambda s: counts.area_under_curve(*thresholds.curve(s))),
        brier=counts.brier_skill(*split),
    )


# -- midnights --------------------------------------------------------------------------------


def _count_midnights(
    looking: Sequence[Units], end: float, within: float
) -> tuple[dict[str, Floats], Floats]:
    """Count midnights by bin of the signal, and those that an event follows; give the edges too.

    Both are also counted for midnights under alarm, over all bins.
    """
    nights = counts.observed_midnights(within, end)
    signals = [[counts.signal_at(unit.signal, nights) for unit in units] for units in looking]
    edges = counts.bin_edges(np.concatenate([each for row in signals for each in row]))
    found = {
        "days": np.zeros((len(looking), len(edges))),
        "soon": np.zeros((len(looking), len(edges))),
        "days_up": np.zeros(len(looking)),
        "soon_up": np.zeros(len(looking)),
    }
    for year, (units, rows) in enumerate(zip(looking, signals, strict=True)):
        for unit, signal in zip(units, rows, strict=True):
            place = np.searchsorted(edges, signal, "right") - 1
            soon = counts.is_followed(nights, unit.events, within)
            up = np.isfinite(counts.lead_times(unit.alarms, nights))
            found["days"][year] += np.bincount(place, minlength=len(edges))
            found["soon"][year] += np.bincount(place[soon], minlength=len(edges))
            found["days_up"][year] += up.sum()
            found["soon_up"][year] += (up & soon).sum()
    return found, edges


def _reliability(sums: Bootstrap, edges: Floats) -> tuple[Bin, ...]:
    chances = sums.estimates(lambda s: s["soon"] / s["days"])
    shares = sums.estimates(lambda s: s["days"] / s["days"].sum(axis=-1, keepdims=True))
    ends = [*map(float, edges[1:]), None]
    return tuple(
        Bin(low=float(low), high=high, share=share.value or 0.0, chance=chance)
        for low, high, share, chance in zip(edges, ends, shares, chances, strict=True)
    )


# -- lead times -------------------------------------------------------------------------------


def _lead(looking: Sequence[Units], with_rows: Callable[[Floats], Bootstrap], end: float) -> Lead:
    each = [
        (year, lead)
        for year, units in enumerate(looking)
        for unit in units
        for lead in counts.lead_times(unit.alarms, unit.events)
        if np.isfinite(lead)
    ]
    years = np.array([year for year, _ in each], dtype=np.intp)
    values = np.array([lead for _, lead in each], dtype=np.float64)
    longest = float(np.quantile(values, 0.98)) if len(values) else 1.0
    ages = np.linspace(0.0, np.ceil(longest), _AGES)
    rows = np.zeros((len(looking), len(ages)))
    np.add.at(rows, years, values[:, None] >= ages)
    sums = with_rows(rows)
    lower, median, upper = sums.quantiles(values, years, (0.1, 0.5, 0.9))
    late = sums.estimates(lambda s: s["late"] / s["events"][..., None])
    aged = sum(
        counts.days_on_alarm_at_age(unit.alarms, ages) for units in looking for unit in units
    )
    time = end * sum(map(len, looking))
    return Lead(
        median=median,
        lower=lower,
        upper=upper,
        days=tuple(map(float, ages)),
        at_least=tuple(late),
        by_chance=tuple(map(float, np.asarray(aged) / time)),
    )
