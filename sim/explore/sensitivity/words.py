"""The result of a sensitivity analysis in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sim.comparison.number_format import per_cent, short, with_interval
from sim.comparison.terms import Terms, capital, counted, listed, several
from sim.comparison.text_tables import TextTable
from sim.explore.sensitivity.design import EDGE, METHODS
from sim.explore.sensitivity.result import Influence, Sensitivity, Subject
from sim.measures.registry import described
from sim.scenario.parameters import parameter

TOP: Final = 3
_MOSTLY: Final = 0.5
_COLUMNS: Final = 3
"""Outcomes side by side in one table."""
_TOTAL: Final = {"morris": "effect", "sobol": "share of variance, %"}
_SECOND: Final = {"morris": "spread", "sobol": "alone, %"}


def display_scale(result: Sensitivity, subject: Subject) -> float:
    """The factor by which an index is multiplied before it is shown."""
    shares = result.method != "morris" or described(subject.outcome).unit == "share"
    return 100.0 if shares else 1.0


def describe_subject(subject: Subject, terms: Terms) -> str:
    """As in "victims in baseline", "the difference of triggered to baseline in victims"."""
    known = described(subject.outcome)
    named = f"{'expected ' if subject.expected else ''}{known.named}"
    if subject.against is None:
        return f"{named} in {terms.label(subject.scenario)}"
    who, base = terms.label(subject.scenario), terms.label(subject.against)
    return f"the difference of {who} to {base} in {named}"


def index_unit(result: Sensitivity, subject: Subject, terms: Terms) -> str:
    """The unit of an index, as in "persons a year"; empty where it has none."""
    known = described(subject.outcome)
    if result.method != "morris":
        return "%"
    if known.unit == "share":
        return "percentage points"
    per = terms.per_run if known.adds_up else ""
    return f"{'' if known.unit == 'count' else known.unit} {per}".strip()


def direction(each: Influence) -> str:
    """The direction in which a factor moves the outcome, or why that is not known."""
    return {"clear": each.way, "luck": "not settled", "none": "no effect"}[each.standing]


def sentences(result: Sensitivity, terms: Terms) -> list[str]:
    """What moves each outcome; for the first also the share of luck, and what did not move."""
    first = result.subjects[0]
    lines = [_main_effects(result, subject, terms) for subject in result.subjects]
    lines += [
        *_reading(first, terms),
        *_luck_sentences(result, first, terms),
        *_left_out(result, first),
    ]
    kept = [f"{f.name} (in {listed(f.kept_by)})" for f in result.factors if f.kept_by]
    if kept:
        lines.append(f"Set by a scenario itself, so not moved there: {several(kept)}.")
    return lines


def _main_effects(result: Sensitivity, subject: Subject, terms: Terms) -> str:
    about, clear = describe_subject(subject, terms), subject.clear
    if not clear:
        return f"Nothing that was moved has an effect on {about} beyond luck."
    by, unit = display_scale(result, subject), index_unit(result, subject, terms)
    parts = []
    for each in clear[:TOP]:
        size = with_interval(each.index, each.low, each.high, by)
        if result.method == "morris":
            moves = {"raises": "raises it by", "lowers": "lowers it by"}.get(
                each.way, "moves it, up or down, by"
            )
            parts.append(f"{each.factor} ({moves} {size} {unit})".replace(" )", ")"))
        else:
            way = "moves it up and down" if each.way == "both ways" else f"{each.way} it"
            parts.append(f"{each.factor} ({size} % of its variance; {way})")
    return f"What moves {about} most: {listed(parts)}."


def _reading(subject: Subject, terms: Terms) -> Iterator[str]:
    known = described(subject.outcome)
    if subject.against is not None and known.better != "neither":
        who, base = terms.label(subject.scenario), terms.label(subject.against)
        good = "lowers" if known.better == "less" else "raises"
        yield (
            f"The difference is {who} minus {base}: what {good} it in {known.named} favours {who}."
        )


def _luck_sentences(result: Sensitivity, subject: Subject, terms: Terms) -> Iterator[str]:
    split = subject.split
    if result.seeds < 2:
        yield (
            "One seed cannot separate luck from influence: give --seeds 2 or more before you "
            "believe an index."
        )
        return
    if split is None:
        return
    yield (
        f"Of the variance of a single {terms.run}, {per_cent(split.points)} lies between the "
        f"points of the design, {per_cent(split.seeds)} between the seeds at all points alike "
        f"(which moves no index), and {per_cent(split.rest)} is luck that depends on the point. Of "
        f"the variance of means over {counted(result.seeds, 'seed')}, {per_cent(split.left)} is "
        "luck."
    )
    if split.left > _MOSTLY:
        yield (
            "Most of the difference between points is luck, so these indices are worth little: "
            f"give more than {result.seeds} seeds (existing runs are kept)."
        )


def _left_out(result: Sensitivity, subject: Subject) -> Iterator[str]:
    drowned = [each.factor for each in subject.influences if each.standing == "luck"]
    idle = [each.factor for each in subject.influences if each.standing == "none"]
    if drowned:
        yield (
            f"Seeds differ too much to settle {several(drowned)}: give more seeds (--seeds) or "
            f"more {METHODS[result.method].counts} (-n)."
        )
    if idle:
        yield f"Nothing at all changed with {several(idle)}."
    if subject.dropped:
        yield (
            f"{counted(subject.dropped, 'point')} of {result.points:,} left out: a run of the "
            "point, or of its trajectory or base point, failed or has no value."
        )


def text_tables(result: Sensitivity, terms: Terms) -> list[TextTable]:
    """The indices of the first subject; where there are several, also all side by side."""
    tables = [_indices(result, result.subjects[0], terms)]
    if len(result.subjects) > 1:
        for pair in dict.fromkeys((s.scenario, s.against) for s in result.subjects):
            subjects = [s for s in result.subjects if (s.scenario, s.against) == pair]
            tables += _side_by_side(result, subjects, terms)
    return tables


def _indices(result: Sensitivity, subject: Subject, terms: Terms) -> TextTable:
    by, unit = display_scale(result, subject), index_unit(result, subject, terms)
    total = _TOTAL[result.method]
    heads = [
        "parameter or lever",
        f"{total}{f', {unit}' if result.method == 'morris' and unit else ''} "
        f"({100 * result.confidence:g} % CI)",
        "which way",
    ]
    rows = [
        (
            each.factor,
            with_interval(each.index, each.low, each.high, by),
            direction(each),
            short(each.second, by),
            short(each.luck, by),
        )
        for each in subject.influences
    ]
    title = f"{capital(describe_subject(subject, terms))}: {METHODS[result.method].title}"
    return TextTable(
        title, (*heads, _SECOND[result.method], "luck"), rows, (0, 2), reading_note(result)
    )


def _side_by_side(
    result: Sensitivity, subjects: Sequence[Subject], terms: Terms
) -> Iterator[TextTable]:
    """The outcomes of one scenario or difference as columns, a few in each table."""
    one = subjects[0]
    title = (
        f"Every outcome of {terms.label(one.scenario)}"
        if one.against is None
        else f"The difference of {terms.label(one.scenario)} to {terms.label(one.against)}"
    )
    for first in range(0, len(subjects), _COLUMNS):
        some = subjects[first : first + _COLUMNS]
        rows = [
            (each.factor, *(cell_text(result, subject, each.factor) for subject in some))
            for each in result.subjects[0].influences
        ]
        heads = ("parameter or lever", *(subject.outcome for subject in some))
        yield TextTable(title, heads, rows, (0,), "In brackets: not settled.")


def subject_label(subject: Subject, terms: Terms) -> str:
    """The scenario of a subject, or that it is a difference."""
    return "difference" if subject.against else terms.label(subject.scenario)


def cell_text(result: Sensitivity, subject: Subject, factor: str) -> str:
    """An index in a few characters, in brackets where it may be luck."""
    each = subject.of(factor)
    if each.standing == "none":
        return "0"
    index = short(each.index, display_scale(result, subject))
    return index if each.standing == "clear" else f"({index})"


def reading_note(result: Sensitivity) -> str:
    """How to read the indices."""
    counts = f"{result.n:,} {METHODS[result.method].counts}, {result.points:,} points, "
    counts += f"each with the same {counted(result.seeds, 'seed')}"
    if result.method == "morris":
        meaning = (
            "Effect: mean size of the change when one factor moves from end to end of its range "
            f"({EDGE:.0%} to {1.0 - EDGE:.0%} of what is believed; a lever from bound to bound) "
            "and the others stay at points all over theirs. Spread: standard deviation of that "
            "change; if it is large, the effect depends on the others."
        ).replace("%", " %")
    else:
        meaning = (
            "Share of the variance of the points' means that would be left if everything but this "
            "were known, interactions included; alone: the share that would go if this were known. "
            "Shares with interactions add up to more than 100 %."
        )
    luck = "Luck: the index that seeds alone could give; below it nothing is settled."
    return f"{meaning} {luck} {counts}."


def ranges_table(result: Sensitivity) -> TextTable:
    """What was moved, over which range, and what it is."""
    rows = []
    for each in result.factors:
        known = parameter(each.name)
        meaning = known.doc if known else "factor on several keys"
        rows.append((each.name, f"{short(each.low)} to {short(each.high)}", each.unit, meaning))
    return TextTable("What was moved", ("parameter or lever", "range", "unit", "what it is"), rows,
                 (0, 1, 2, 3))  # fmt: skip


def main_factors(subject: Subject) -> Sequence[str]:
    """The names of the greatest factors above luck."""
    return [each.factor for each in subject.clear[:TOP]]
