"""Regret in sentences and as tables: which choice is safe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from sim.comparison.number_format import interval_text, per_cent, short, with_interval
from sim.comparison.regret import Regret
from sim.comparison.terms import Terms, counted
from sim.comparison.text_tables import TextTable, display_factor, interval_label, mean_label
from sim.measures.registry import described

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison

_BEHIND: Final = (
    "Regret: what is expected of the scenario in a draw of the parameters, less what is expected "
    "of the best one there; its mean over the draws, its 90 % quantile and its maximum. What is "
    "expected in a draw is estimated from all draws; the intervals include that uncertainty."
)
_BEST: Final = (
    "best in: share of the draws in which the scenario has the best expected outcome. worst tenth: "
    "mean outcome of the worst tenth of its runs, as counted."
)


def sentences(rows: Sequence[Regret], confidence: float, terms: Terms) -> list[str]:
    """Which scenario is closest to the best, never far from it, best most often, and best in the
    worst years.
    """
    return list(_sentences(rows, confidence, terms)) if rows else []


def _sentences(rows: Sequence[Regret], confidence: float, terms: Terms) -> Iterator[str]:
    first, known = rows[0], described(rows[0].outcome)
    what, by = _unit(first), display_factor(first.outcome)
    per_run = f" {terms.per_run}" if known.adds_up else ""
    interval = f"{100.0 * confidence:g} % CI"
    yield (
        f"{terms.label(first.scenario)} stays closest to the best: on average over "
        f"{counted(first.draws, 'draw')} of the parameters it is {short(first.mean, by)} "
        f"{what}{per_run} behind the best scenario of the draw ({interval} "
        f"{interval_text(first.mean_low, first.mean_high, by)}), in the worst draw "
        f"{with_interval(first.most, first.most_low, first.most_high, by)}. Knowing the "
        f"parameters exactly would be worth at most {short(first.mean, by)}."
    )
    yield from _never_far(rows, terms)
    leader = max(rows, key=lambda row: row.p_best)
    yield (
        f"{terms.label(leader.scenario)} is the best in {per_cent(leader.p_best)} of the draws "
        f"({_between(leader)})."
    )
    sign = -1.0 if known.better == "more" else 1.0
    mild = min(rows, key=lambda row: sign * row.cvar)
    ends = f" ({interval} {interval_text(mild.cvar_low, mild.cvar_high, by)})"
    yield (
        f"In the worst tenth of its {terms.run}s {terms.label(mild.scenario)} does best: "
        f"{short(mild.cvar, by)} {what} on average{ends if mild.cvar_low else ''}, as counted."
    )
    if first.n == first.draws:
        yield (
            f"Each draw has only one {terms.run}, so which scenario was best in it is mostly "
            "chance. Expected outcomes therefore come from a linear regression over all draws; "
            f"other effects of the parameters show only with several {terms.run}s per draw (a "
            "larger -n of 'panj batch' with the same --draws)."
        )


def _never_far(rows: Sequence[Regret], terms: Terms) -> Iterator[str]:
    by, what = display_factor(rows[0].outcome), _unit(rows[0])
    anywhere = "any draw or variant" if any(row.worst_in for row in rows) else "any draw"
    for row in (row for row in rows if row.standing):
        reach = with_interval(row.most_anywhere, row.anywhere_low, row.anywhere_high, by)
        why = (
            f"this is within the {short(row.rope, by)} that count as the same"
            if row.standing == "within"
            else "the smallest maximum regret of all scenarios, beyond chance"
        )
        where = f", {row.worst_in}" if row.worst_in else ""
        yield (
            f"{terms.label(row.scenario)} is never far behind: at most {reach} {what} in "
            f"{anywhere}{where}; {why}."
        )
    if not any(row.standing for row in rows):
        near = min(rows, key=lambda row: row.most_anywhere)
        reach = with_interval(near.most_anywhere, near.anywhere_low, near.anywhere_high, by)
        yield (
            "No scenario is known to be never far behind the best; "
            f"{terms.label(near.scenario)} comes closest, at most {reach} {what} behind in "
            f"{anywhere}."
        )


def _between(row: Regret) -> str:
    if row.p_best_high - row.p_best_low > 0.5:
        return (
            f"anything from {per_cent(row.p_best_low)} to {per_cent(row.p_best_high)} is possible: "
            "which is the best is not settled"
        )
    return f"{per_cent(row.p_best_low)} to {per_cent(row.p_best_high)}"


def _unit(row: Regret) -> str:
    known = described(row.outcome)
    if known.unit == "share":
        return "percentage points"
    return known.shown_unit or known.named


def regret_tables(comparison: Comparison, terms: Terms) -> list[TextTable]:
    """Two tables, the least mean regret first: the regret; how often best, and the worst years."""
    rows, by = comparison.regret or comparison.regrets, display_factor(comparison.harm or "")
    anywhere, never = any(row.worst_in for row in rows), any(row.standing for row in rows)
    what, draws = mean_label(comparison, comparison.harm or ""), counted(rows[0].draws, "draw")
    heads = [
        "",
        f"mean ({interval_label(comparison)})",
        "90 %",
        f"at most ({interval_label(comparison)})",
    ]
    heads += ["in variants too"] * anywhere + ["never far"] * never
    behind = [
        (
            terms.label(row.scenario),
            with_interval(row.mean, row.mean_low, row.mean_high, by),
            short(row.p90, by),
            with_interval(row.most, row.most_low, row.most_high, by),
            *([short(row.most_anywhere, by)] * anywhere),
            *([row.standing] * never),
        )
        for row in rows
    ]
    others = [
        (
            terms.label(row.scenario),
            f"{per_cent(row.p_best)} ({per_cent(row.p_best_low)} to {per_cent(row.p_best_high)})",
            with_interval(row.cvar, row.cvar_low, row.cvar_high, by),
        )
        for row in rows
    ]
    worst = f"worst tenth ({interval_label(comparison)})"
    return [
        TextTable(
            f"Regret: behind the best of the draw, {what}, {draws}", tuple(heads), behind,
            note=_BEHIND,
        ),
        TextTable(
            f"How often each is the best, and the worst of {counted(rows[0].n, terms.run)}",
            ("", f"best in ({interval_label(comparison)})", worst), others, note=_BEST,
        ),
    ]  # fmt: skip
