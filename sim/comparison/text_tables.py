"""Findings as tables of text, the same for terminal, page and notebook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.comparison.ceiling_words import chance
from sim.comparison.number_format import (
    DASH,
    interval_text,
    per_cent,
    rounded_up,
    short,
    with_interval,
)
from sim.comparison.terms import Terms, capital, counted
from sim.measures.registry import described

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison
    from sim.comparison.contrasts import Contrast

type Row = tuple[str, ...]

BY_CHANCE: Final = "among many comparisons an interval may exclude zero by chance"
LEGEND: Final = (
    "better: share of pairs in which the scenario does better. pairing: how many times the "
    "replicates that unpaired runs would need. open, +N: not settled; N more replicates needed; "
    f"{BY_CHANCE}. same: inside the region of practical equivalence."
)
EXPECTED: Final = (
    " saved: as pairing, then how many times the replicates that counts would need. Means of dead "
    "and wounded, their difference and its judgement are those of expected harm; better is as "
    "counted."
)
_CEILING: Final = (
    "seen: probability that a patrol sees a crosser who ignores patrols. sure: the same for one "
    "who knows the plan, but not what chance decides, and picks place, light and moment. at most: "
    "upper bound for any plan with as many patrols out at every hour; both cannot be reached "
    "together."
)
_BY_EXPECTED: Final = " Means of dead and wounded are those of expected harm."
_SHORT: Final = {"same": "same", "none": "no difference", "unknown": DASH}


class TextTable(NamedTuple):
    """A table with its title, heads and rows; ``left`` are the columns aligned to the left."""

    title: str
    heads: Row
    rows: Sequence[Row]
    left: tuple[int, ...] = (0,)
    note: str = ""


def display_factor(outcome: str) -> float:
    """The factor of a value for display: shares are shown in per cent."""
    return 100.0 if described(outcome).unit == "share" else 1.0


def outcome_heading(outcome: str) -> str:
    """``victims``, ``interdiction share, %``."""
    known = described(outcome)
    unit = "%" if known.unit == "share" else known.shown_unit
    return f"{known.named}, {unit}" if unit else known.named


def mean_label(comparison: Comparison, outcome: str) -> str:
    """``expected victims`` if means are of these, else ``victims``."""
    expected = "expected " if outcome in comparison.samples[comparison.baseline].expected else ""
    return f"{expected}{described(outcome).named}"


def interval_label(comparison: Comparison) -> str:
    """``90 % CI``."""
    return f"{100 * comparison.confidence:g} % CI"


# -- against a baseline -----------------------------------------------------------------------


def differences_by_outcome(comparison: Comparison, scenario: str, terms: Terms) -> TextTable:
    """Every outcome of one scenario against the baseline."""
    contrasts = [c for c in comparison.contrasts if c.scenario == scenario]
    pairs = max((c.n for c in contrasts), default=0)
    title = f"{terms.label(scenario)} against {terms.label(comparison.baseline)}, "
    title += counted(pairs, "pair")
    return _differences(comparison, title, [(outcome_heading(c.outcome), c) for c in contrasts])


def differences_by_scenario(comparison: Comparison, outcome: str, terms: Terms) -> TextTable:
    """Every scenario against the baseline in one outcome."""
    named = [(terms.label(c.scenario), c) for c in comparison.of(outcome)]
    return _differences(comparison, capital(outcome_heading(outcome)), named)


def _differences(
    comparison: Comparison, title: str, rows: Sequence[tuple[str, Contrast]]
) -> TextTable:
    expected = any(c.expected for _, c in rows)
    saved, legend = ("saved", LEGEND + EXPECTED) if expected else ("pairing", LEGEND)
    heads = (
        "",
        "baseline",
        "scenario",
        f"difference ({interval_label(comparison)})",
        "better",
        saved,
    )
    return TextTable(
        title, (*heads, "judgement"), [_difference(*row) for row in rows], (0, 6), legend
    )


def _difference(name: str, c: Contrast) -> Row:
    by = display_factor(c.outcome)
    return (
        name,
        short(c.baseline_mean, by),
        short(c.mean, by),
        with_interval(c.difference, c.low, c.high, by),
        per_cent(c.p_better),
        " ".join(f"{short(by)}×" for by in (c.variance_ratio, c.gain) if by is not None) or DASH,
        judgement(c),
    )


def judgement(c: Contrast) -> str:
    """In a cell: "better", "same", "open, +140"."""
    more = c.replicates_to_settle
    if c.standing == "open":
        return f"open, {'+' if more <= 1_000_000 else ''}{rounded_up(more)}" if more else "open"
    return _SHORT.get(c.standing, c.judgement)


def ranking(comparison: Comparison, terms: Terms) -> TextTable:
    """All scenarios ranked by the harm, the best first."""
    places = comparison.ranking
    harm = comparison.harm or ""
    common = f"{counted(places[0].n if places else 0, 'replicate')} in common"
    return TextTable(
        f"Ranking by {mean_label(comparison, harm)}, {common}",
        ("", "mean", "probably best", "behind the best by at most", ""),
        [
            (
                terms.label(place.scenario),
                short(place.mean, display_factor(harm)),
                per_cent(place.p_best),
                short(place.behind_at_most, display_factor(harm)),
                _place(place.p_best, place.kept),
            )
            for place in places
        ],
        (0, 4),
        "probably best: share of resamples in which the scenario has the best mean. excluded: "
        "another one beats it beyond chance.",
    )


def _place(best: float | None, kept: bool) -> str:
    if best is None:
        return "unknown"
    return "may be the best" if kept else "excluded"


def costs(comparison: Comparison, terms: Terms) -> TextTable:
    """The cost of averting the harm under each policy."""
    harm = comparison.harm or ""
    by = display_factor(harm)
    return TextTable(
        f"Cost of averting {described(harm).named}",
        (
            "",
            f"more cost, {described(comparison.question.cost).unit}",
            "averted",
            "cost of averting one",
        ),
        [
            (
                terms.label(row.scenario),
                with_interval(row.cost_difference, row.cost_low, row.cost_high),
                with_interval(row.harm_averted, row.averted_low, row.averted_high, by),
                row.words,
            )
            for row in comparison.costs
        ],
        (0, 3),
    )


def districts(comparison: Comparison, scenario: str, measure: str, terms: Terms) -> TextTable:
    """One measure of one scenario by district."""
    from sim.comparison.districts import MEASURES

    return TextTable(
        f"{terms.label(scenario)}: {MEASURES[measure]} by district",
        ("", "baseline", "scenario", "difference", "part"),
        [
            (
                str(row.district),
                short(row.baseline_mean),
                short(row.mean),
                with_interval(row.difference, row.low, row.high),
                row.area or "",
            )
            for row in comparison.displacement
            if (row.scenario, row.measure, row.row) == (scenario, measure, "district")
        ],
        (0, 4),
    )


# -- parameters and chance --------------------------------------------------------------------


def splits(comparison: Comparison, outcome: str, terms: Terms) -> TextTable:
    """The spread of each difference due to parameters and due to chance."""
    rows = [row for row in comparison.uncertainty if row.outcome == outcome]
    by, draws = display_factor(outcome), max((row.draws for row in rows), default=0)
    return TextTable(
        f"{capital(outcome_heading(outcome))}: {draws:,} draws of the uncertain parameters",
        ("", "difference", "over draws", "parameters", f"a {terms.run}’s luck", "better in",
         "left by more runs"),
        [
            (
                terms.label(row.scenario),
                short(row.difference, by),
                interval_text(row.low, row.high, by),
                f"±{short(row.sd_parameters, by)}",
                f"±{short(row.sd_chance, by)}",
                per_cent(row.p_better),
                per_cent(row.error_parameters),
            )
            for row in rows
        ],
        note=f"over draws: {100 * comparison.confidence:g} % of the differences expected once the "
        "parameters are known. parameters, luck: standard deviations. left by more runs: the share "
        "of the error that comes from the parameters, which more runs with these draws leave.",
    )  # fmt: skip


def dependence(comparison: Comparison, terms: Terms) -> TextTable:
    """The best scenario where a parameter is low, and where it is high."""
    return TextTable(
        f"Best by {described(comparison.harm or '').named} where a parameter is low and where high",
        ("", "low", "high", "p (Holm)", "depends"),
        [
            (
                row.parameter,
                terms.label(row.best_low),
                terms.label(row.best_high),
                f"{row.p_holm:.2f}" if row.p_holm >= 0.005 else "<0.01",
                _depends(row.depends, row.best_low == row.best_high),
            )
            for row in comparison.dependence
        ],
        (0, 1, 2, 4),
    )


def _depends(beyond_chance: bool, same: bool) -> str:
    if beyond_chance:
        return "yes"
    return "no" if same else "not beyond chance"


# -- by themselves ----------------------------------------------------------------------------


def ceiling(comparison: Comparison, terms: Terms) -> TextTable:
    """How near the patrols of each scenario come to their ceiling."""
    return TextTable(
        "Distance from the ceiling",
        ("", "out", "seen", "at most", "reached", "sure", "at most", "reached", "weakest"),
        [
            (
                terms.label(row.scenario),
                short(row.patrols_out),
                chance(row.expected),
                chance(row.expected_most),
                per_cent(row.expected_reached),
                chance(row.guaranteed),
                chance(row.guaranteed_most),
                per_cent(row.guaranteed_reached),
                DASH if row.weakest is None
                else f"{row.weakest}, {'night' if row.by_night else 'day'}",
            )
            for row in comparison.ceiling
        ],
        (0, 8),
        _CEILING,
    )  # fmt: skip


def distributions(comparison: Comparison, scenario: str, terms: Terms) -> TextTable:
    """How each outcome of a scenario varies from run to run."""
    rows = [row for row in comparison.distributions if row.scenario == scenario]
    runs = max((row.n for row in rows), default=0)
    return TextTable(
        f"{terms.label(scenario)}, {terms.runs(runs)}",
        ("", f"mean ({interval_label(comparison)})", "sd", "5 %", "25 %", "median", "75 %", "95 %"),
        [
            (
                outcome_heading(row.outcome),
                with_interval(row.mean, row.low, row.high, display_factor(row.outcome)),
                *(
                    short(value, display_factor(row.outcome))
                    for value in (row.sd, row.p05, row.p25, row.median, row.p75, row.p95)
                ),
            )
            for row in rows
        ],
        note="sd and quantiles are of single runs; the interval is of the mean and shrinks with "
        "more runs." + (_BY_EXPECTED if comparison.samples[scenario].expected else ""),
    )


def exceedances(
    comparison: Comparison, scenario: str, terms: Terms, outcomes: Sequence[str] | None = None
) -> TextTable:
    """The probability that a run exceeds some values of the harm, or of given outcomes."""
    chosen = outcomes or [comparison.harm or "", *comparison.question.above]
    return TextTable(
        f"Probability that a {terms.run} exceeds a value",
        ("", "more than", "probability", interval_label(comparison)),
        [
            (
                outcome_heading(row.outcome),
                short(row.threshold, display_factor(row.outcome)),
                per_cent(row.chance),
                f"{per_cent(row.low)} to {per_cent(row.high)}",
            )
            for row in comparison.exceedances
            if row.scenario == scenario and row.outcome in chosen
        ],
    )
