"""The tables of the experiment, in Markdown."""

from collections.abc import Iterator, Mapping

from benchmarks.dose_response.split import split
from benchmarks.dose_response.study import MEASURES, Study, found, over
from benchmarks.dose_response.tally import FATES
from benchmarks.dose_response.world import (
    ASSUMED,
    COMPARED,
    LEVELS,
    LEVERS,
    USUAL,
    compared_arm,
)
from benchmarks.seed_month import Found
from sim.report.figure_numbers import format_number
from sim.scenario.level_effects import recovery_per_day
from sim.scenario.parameter_page import table
from sim.scenario.spec import Scenario
from sim.theory.readiness import readiness_after, rest_point

_HEADS = {
    "left": "plans dropped",
    "detected": "known before it struck",
    "met": "met before it struck",
    "per 100 plans": "victims per 100 plans",
    "civilians": "workers and villagers among them",
    "per attack": "victims per attack",
    "infiltrations": "infiltrations",
    "drones": "drones",
    "fire": "fire",
}
_LEVER_COLUMNS = ("left", "detected", "met", "per 100 plans", "civilians")
_DAYS = (0.0, 3.0, 14.0, 60.0, 365.0)


def tables(study: Study, scenario: Scenario) -> dict[str, str]:
    """All tables by name."""
    heads = [_HEADS[name] for name in _LEVER_COLUMNS]
    return {
        "levels": table(["level", *_HEADS.values()], _levels(study)),
        "parts": _splits(study),
        "tired": table(["level", *(f"day {day:g}" for day in _DAYS)], _tired(scenario)),
        "levers": table(["lever", "dose", *heads, "relative to the usual"], _levers(study)),
        "fates": _fates(study),
        "assumed": _assumed(study),
    }


def put(page: str, texts: Mapping[str, str]) -> str:
    """A page with each table between its marks, ``<!-- name -->`` and ``<!-- /name -->``.

    Raises ``ValueError`` where a page lacks a mark.
    """
    for name, rows in texts.items():
        before, first, rest = page.partition(f"<!-- {name} -->")
        _, last, after = rest.partition(f"<!-- /{name} -->")
        if not last:
            raise ValueError(f"the page has no marks for the table {name}")
        page = f"{before}{first}\n{rows}{last}{after}"
    return page


def _levels(study: Study) -> Iterator[list[str]]:
    for level in LEVELS:
        yield [
            level,
            *(with_interval(found(measure(study, level))) for measure in MEASURES.values()),
        ]


def _splits(study: Study) -> str:
    rows = []
    for level in LEVELS[1:]:
        parts = split(study, level).values()
        rows.append([level, *(with_interval(found(values), 1, sign=True) for values in parts)])
    return table(["level", *split(study, LEVELS[1])], rows)


def _assumed(study: Study) -> str:
    rows = []
    for policy in COMPARED:
        row = [policy]
        for assumption in ASSUMED:
            ends = (study.per_plan(compared_arm(policy, assumption, on)) for on in (False, True))
            without, with_it = ends
            row.append(with_interval(found(over(with_it, without))))
        rows.append(row)
    return table(["policy", *ASSUMED], rows)


def _tired(scenario: Scenario) -> Iterator[list[str]]:
    """Readiness by its closed form, without false alarms: a surge against a permanent level."""
    usual = scenario.alert.levels.routine
    rested = rest_point(usual.fatigue_per_day, recovery_per_day(scenario, usual))
    for name in LEVELS:
        level = getattr(scenario.alert.levels, name)
        rates = level.fatigue_per_day, recovery_per_day(scenario, level)
        yield [name, *(f"{readiness_after(rested, *rates, day):.2f}" for day in _DAYS)]


def _levers(study: Study) -> Iterator[list[str]]:
    usual = study.per_plan(USUAL)
    for lever in LEVERS:
        for dose, _ in lever.doses:
            arm = lever.arm(dose)
            measures = [MEASURES[name](study, arm) for name in _LEVER_COLUMNS]
            relative = over(study.per_plan(arm), usual)
            yield [
                lever.label,
                f"{dose:g}",
                *(with_interval(found(v)) for v in (*measures, relative)),
            ]


def _fates(study: Study) -> str:
    rows = []
    for fate, words in FATES.items():
        parties = study.of(USUAL, f"parties {fate}")
        share = over(parties, study.of(USUAL, "parties"))
        columns = (f"{who} {fate}" for who in ("victims", "guards", "militants"))
        means = (over(study.of(USUAL, column), parties) for column in columns)
        rows.append([words, *(with_interval(found(values)) for values in (share, *means))])
    return table(["the party was", "share", "victims", "guards killed", "militants killed"], rows)


def with_interval(value: Found, digits: int | None = None, *, sign: bool = False) -> str:
    """A figure with its interval."""
    if value.figure != value.figure:
        return "-"
    places = digits if digits is not None else (2 if abs(value.high) < 9.95 else 1)
    figure, low, high = (format_number(each, places, sign=sign) for each in value)
    return f"{figure} ({low} to {high})"
