"""A sensitivity analysis in sentences and tables, the same on paper and screen."""

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
_ABREAST: Final = 3
"""So many outcomes stand beside each other in a table."""
_TOTAL: Final = {
    "morris": "effect",
    "sobol": "share of variance, %",
    "pawn": "distance of distributions, %",
}
_SECOND: Final = {"morris": "spread of it", "sobol": "alone, %"}


def scale(found: Sensitivity, subject: Subject) -> float:
    """By what an index is multiplied before it is shown."""
    shares = found.method != "morris" or described(subject.outcome).unit == "share"
    return 100.0 if shares else 1.0


def what(subject: Subject, terms: Terms) -> str:
    """As in "victims in baseline", "the difference of triggered to baseline in victims"."""
    known = described(subject.outcome)
    named = f"{'expected ' if subject.expected else ''}{known.named}"
    if subject.against is None:
        return f"{named} in {terms.label(subject.scenario)}"
    who, base = terms.label(subject.scenario), terms.label(subject.against)
    return f"the difference of {who} to {base} in {named}"


def unit(found: Sensitivity, subject: Subject, terms: Terms) -> str:
    """The unit of an index, as in "persons a year"; empty where it has none."""
    known = described(subject.outcome)
    if found.method != "morris":
        return "%"
    if known.unit == "share":
        return "percentage points"
    per = terms.span if known.adds_up else ""
    return f"{'' if known.unit == 'count' else known.unit} {per}".strip()


def standing(each: Influence) -> str:
    """Which way it moves the outcome, or why nothing is said of it."""
    return {"clear": each.way, "luck": "not settled", "none": "no effect"}[each.standing]


def sentences(found: Sensitivity, terms: Terms) -> list[str]:
    """What each outcome hangs on; of the first, how much of it is luck; and what did not move."""
    first = found.subjects[0]
    told = [_main_effects(found, subject, terms) for subject in found.subjects]
    told += [
        *_reading(first, terms),
        *_luck_sentences(found, first, terms),
        *_left_out(found, first),
    ]
    kept = [f"{f.name} (in {listed(f.kept_by)})" for f in found.factors if f.kept_by]
    if kept:
        told.append(f"Set by a scenario itself, and not moved there: {several(kept)}.")
    return told


def _main_effects(found: Sensitivity, subject: Subject, terms: Terms) -> str:
    about, clear = what(subject, terms), subject.clear
    if not clear:
        return f"Nothing that was moved stands above luck in {about}."
    by, in_ = scale(found, subject), unit(found, subject, terms)
    parts = []
    for each in clear[:TOP]:
        size = with_interval(each.index, each.low, each.high, by)
        if found.method == "morris":
            moves = {"raises": "raises it by", "lowers": "lowers it by"}.get(
                each.way, "moves it, up or down, by"
            )
            parts.append(f"{each.factor} ({moves} {size} {in_})".replace(" )", ")"))
        elif found.method == "sobol":
            parts.append(f"{each.factor} ({size} % of its variance; {_moves(each)})")
        else:
            parts.append(f"{each.factor} (distance {size} %; {_moves(each)})")
    return f"What moves {about} most: {listed(parts)}."


def _moves(each: Influence) -> str:
    return {"both ways": "moves it up and down"}.get(each.way, f"{each.way} it")


def _reading(subject: Subject, terms: Terms) -> Iterator[str]:
    known = described(subject.outcome)
    if subject.against is not None and known.better != "neither":
        who, base = terms.label(subject.scenario), terms.label(subject.against)
        good = "lowers" if known.better == "less" else "raises"
        yield (
            f"The difference is {who} less {base}: what {good} it in {known.named} speaks for "
            f"{who}."
        )


def _luck_sentences(found: Sensitivity, subject: Subject, terms: Terms) -> Iterator[str]:
    split = subject.split
    if found.seeds < 2:
        yield (
            "With one seed nobody can tell luck from influence: give --seeds 2 or more before "
            "an index is believed."
        )
        return
    if split is None:
        return
    yield (
        f"Of the variance of a single {terms.run}, {per_cent(split.points)} lies between points of "
        f"the design, {per_cent(split.seeds)} between seeds at all points alike, which moves no "
        f"index, and {per_cent(split.rest)} is luck that hangs on the point; of the variance of "
        f"means over {counted(found.seeds, 'seed')}, {per_cent(split.left)} is luck."
    )
    if split.left > _MOSTLY:
        yield (
            "Most of what differs between points is luck, so these indices are worth little: give "
            f"more seeds than {found.seeds} (the runs that are there are kept)."
        )


def _left_out(found: Sensitivity, subject: Subject) -> Iterator[str]:
    drowned = [each.factor for each in subject.influences if each.standing == "luck"]
    idle = [each.factor for each in subject.influences if each.standing == "none"]
    if drowned:
        yield (
            f"Seeds differ too much to settle {several(drowned)}: more of them (--seeds), or more "
            f"{METHODS[found.method].counts} (-n), would tell."
        )
    if idle:
        yield f"Nothing at all changed with {several(idle)}."
    if subject.dropped:
        yield (
            f"{counted(subject.dropped, 'point')} of {found.points:,} left out: a run of theirs, "
            "or of their trajectory or base point, failed or says nothing."
        )


def sheets(found: Sensitivity, terms: Terms) -> list[TextTable]:
    """The indices of the first subject; and where there are several, all side by side."""
    tables = [_indices(found, found.subjects[0], terms)]
    if len(found.subjects) > 1:
        for pair in dict.fromkeys((s.scenario, s.against) for s in found.subjects):
            own = [s for s in found.subjects if (s.scenario, s.against) == pair]
            tables += _side_by_side(found, own, terms)
    return tables


def _indices(found: Sensitivity, subject: Subject, terms: Terms) -> TextTable:
    by, in_ = scale(found, subject), unit(found, subject, terms)
    total = _TOTAL[found.method]
    heads = [
        "parameter or lever",
        f"{total}{f', {in_}' if found.method == 'morris' and in_ else ''} "
        f"({100 * found.confidence:g} % CI)",
        "which way",
    ]
    second = _SECOND.get(found.method)
    rows = []
    for each in subject.influences:
        row = [each.factor, with_interval(each.index, each.low, each.high, by), standing(each)]
        row += [short(each.second, by)] if second else []
        rows.append((*row, short(each.luck, by)))
    heads += [second] if second else []
    title = f"{capital(what(subject, terms))}: {METHODS[found.method].title}"
    return TextTable(title, (*heads, "luck"), rows, (0, 2), note(found))


def _side_by_side(
    found: Sensitivity, subjects: Sequence[Subject], terms: Terms
) -> Iterator[TextTable]:
    """One scenario or difference: its outcomes as columns, a few in each table."""
    one = subjects[0]
    title = (
        f"Every outcome of {terms.label(one.scenario)}"
        if one.against is None
        else f"The difference of {terms.label(one.scenario)} to {terms.label(one.against)}"
    )
    for first in range(0, len(subjects), _ABREAST):
        some = subjects[first : first + _ABREAST]
        rows = [
            (each.factor, *(cell(found, subject, each.factor) for subject in some))
            for each in found.subjects[0].influences
        ]
        heads = ("parameter or lever", *(subject.outcome for subject in some))
        yield TextTable(title, heads, rows, (0,), "In brackets: not settled.")


def whose(subject: Subject, terms: Terms) -> str:
    """Of what a subject is, in a word or two."""
    return "difference" if subject.against else terms.label(subject.scenario)


def cell(found: Sensitivity, subject: Subject, factor: str) -> str:
    """An index in a few letters: in brackets where it may be luck."""
    each = subject.of(factor)
    if each.standing == "none":
        return "0"
    told = short(each.index, scale(found, subject))
    return told if each.standing == "clear" else f"({told})"


def note(found: Sensitivity) -> str:
    """How to read the indices."""
    counts = f"{found.n:,} {METHODS[found.method].counts}, {found.points:,} points, "
    counts += f"each with the same {counted(found.seeds, 'seed')}"
    if found.method == "morris":
        said = (
            "Effect: mean size of the change when one thing moves from end to end of its range "
            f"and the others stay where they are, which is all over theirs ({EDGE:.0%} to "
            f"{1.0 - EDGE:.0%} of what is believed; a lever from bound to bound). Spread: standard "
            "deviation of that change; a large one: it hangs on the others."
        ).replace("%", " %")
    elif found.method == "sobol":
        said = (
            "Share of the variance of the points' means that would go if everything but this were "
            "known, interactions included; alone: that would go if this were known. Shares with "
            "interactions add up to more than 100 %."
        )
    else:
        said = (
            "Median distance (Kolmogorov-Smirnov) between the distribution with this held in a "
            "tenth of its range and the whole one; 0 %: no influence, 100 %: they do not overlap."
        )
    luck = "Luck: what seeds might show of a thing without influence; below it nothing is settled."
    return f"{said} {luck} {counts}."


def ranges(found: Sensitivity) -> TextTable:
    """What was moved, from where to where, and what it is."""
    rows = []
    for each in found.factors:
        known = parameter(each.name)
        meaning = known.doc if known else "factor on several keys"
        rows.append((each.name, f"{short(each.low)} to {short(each.high)}", each.unit, meaning))
    return TextTable("What was moved", ("parameter or lever", "from", "unit", "what it is"), rows,
                 (0, 1, 2, 3))  # fmt: skip


def top(subject: Subject) -> Sequence[str]:
    """The names of the greatest that stand above luck."""
    return [each.factor for each in subject.clear[:TOP]]
