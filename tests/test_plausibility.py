"""The tables of ``benchmarks.plausibility``: counted rightly, and judged rightly."""

from math import inf

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks.plausibility import main
from benchmarks.seed_month import Bar, Found, branching, dispersion, lines, ratio, share
from benchmarks.years import Year, operation, together, year
from sim.incidents.records import Incident
from sim.scenario.load import load

pytestmark = pytest.mark.thorough


def _years(**columns: list[float]) -> list[Year]:
    rows = zip(*columns.values(), strict=True)
    return [Year(dict(zip(columns, row, strict=True)), (), (), ()) for row in rows]


def test_the_tables_have_a_row_for_every_target() -> None:
    """Two short years in two processes fill every row of both Markdown tables."""
    done = CliRunner().invoke(main, ["--years", "2", "--set", "days=40"])
    assert done.exit_code == 0, done.output
    first, second = (table.splitlines() for table in done.output.strip().split("\n\n"))
    assert first[0].startswith("| what | target |")
    assert len(first) >= 18
    assert second[0].startswith("| what | figure |")
    assert len(second) == 2 + len(lines(14.0, 40.0))
    assert all(len({line.count("|") for line in table}) == 1 for table in (first, second))


def test_a_year_adds_what_its_incidents_say() -> None:
    """Sums of a year agree with its outcome row, and all it plans lies within it."""
    scenario = load("baseline")
    found = year(scenario, 3)
    assert found.sums["attacks"] <= len(found.plans)
    assert found.sums["victims"] <= found.sums["all_guards_killed"] + found.sums["workers_killed"]
    assert all(0.0 <= at <= scenario.days for at in (*found.plans, *found.done))


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (([1.0], [35.9], [20.0]), True),
        (([1.0], [36.0], [20.0]), False),
        (([1.0, 300.0], [310.0], [100.0, 334.9]), True),
        (([1.0], [], [2.0]), False),
    ],
)
def test_a_spell_holds_one_of_each_kind(
    kinds: tuple[list[float], list[float], list[float]], expected: bool
) -> None:
    """35 calendar days in a row count, the first and the last included."""
    assert together(*kinds) is expected


def test_a_raid_and_the_meeting_after_it_are_one_operation() -> None:
    """The identity of an incident ends in its kind where it has a crossing."""
    names = {"actor": "militants", "clash": True, "district": "vanj", "km": 1.0, "at": 1.0}
    none = dict.fromkeys(("crossed_at", "detected_at", "cue", "alarm_at", "contact_at"))
    both = [
        Incident(identity=f"cell/plan/1/{kind}", kind=kind, group_size=2, **names, **none)  # type: ignore[arg-type]
        for kind in ("armed_attack_on_workers", "infiltration_then_clash")
    ]
    assert {operation(incident) for incident in both} == {"cell/plan/1"}


def test_shares_are_of_years_and_their_interval_is_exact() -> None:
    """0 of 100 years leaves 3.6 % possible (Clopper and Pearson: 1 - .025^(1/100))."""
    found = share("dead", 12)(_years(dead=[11.0] * 100))
    assert found == pytest.approx((0.0, 0.0, 1.0 - 0.025**0.01))


def test_ratios_are_of_sums_and_copies_of_a_poisson_year_have_dispersion_one() -> None:
    """A ratio pools over years; variance over mean of Poisson counts is 1 within its interval."""
    assert ratio("part", "whole")(_years(part=[1.0, 5.0], whole=[1.0, 2.0])).figure == 2.0
    draw = np.random.default_rng(1)
    found = dispersion("n")(_years(n=list(draw.poisson(6.0, 2000).astype(float))))
    assert found.low < 1.0 < found.high
    assert found.high - found.low < 0.3


@pytest.mark.parametrize("n", [0.0, 0.4])
def test_the_fit_finds_the_branching_that_made_the_plans(n: float) -> None:
    """Years of a self-exciting process by its clusters: |z| < 4; an error of 0.1 is 4 errors."""
    draw, lag, days, base = np.random.default_rng(2), 14.0, 365.0, 0.02
    years = []
    for _ in range(800):
        born = list(draw.uniform(0.0, days, draw.poisson(base * days)))
        for at in born:  # grows while it is walked: every plan is done at once and brings forth
            born += [at + wait for wait in draw.exponential(lag, draw.poisson(n))]
        plans = tuple(at for at in born if at < days)
        years.append(Year({}, plans, (), plans))
    figure, low, high = branching(lag, days)(years)
    error = (high - low) / (2.0 * 1.96)
    assert abs(figure - n) < 4.0 * error
    assert error < 0.025


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ((0.07, 0.065, 0.08), "yes"),
        ((0.07, 0.05, 0.08), "yes, open"),
        ((0.05, 0.04, 0.07), "no, open"),
        ((0.05, 0.04, 0.055), "no"),
        ((float("nan"), 0.0, inf), "-"),
    ],
)
def test_a_bar_is_judged_by_the_figure_and_by_its_interval(
    found: tuple[float, float, float], words: str
) -> None:
    """A figure whose interval holds the bar is open, on whichever side it lies."""
    assert Bar(">= .06", 0.06).judged(Found(*found)) == words
