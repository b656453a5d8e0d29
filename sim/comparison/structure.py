"""What each policy does in structural variants of the model, and whether that depends on one.

In each variant a policy is compared with the baseline in the same variant, on the same replicates
and draws as in the model as calibrated. Each variant is a comparison of its own: "better in all"
needs every one of them to be beyond chance, so nothing is corrected over variants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sim.comparison.contrasts import Contrast, Judgement
from sim.comparison.number_format import DASH, real_minus, short, with_interval
from sim.comparison.source import CALIBRATED, Variant
from sim.comparison.terms import Terms, counted, listed
from sim.comparison.text_tables import TextTable, display_factor, interval_label, judgement
from sim.measures.registry import described

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison

_AS_IT_IS: Final = "as calibrated"
_WORDS: Final[Mapping[str, str]] = {
    "same": "no different",
    "none": "no different",
    "open": "not settled",
    "unknown": "without a pair",
}
"""For what is not settled in a direction."""

_UNSETTLED: Final = (_WORDS["open"], _WORDS["unknown"])


@dataclass(frozen=True)
class StructuralRow:
    """What a scenario does against the baseline in one variant of the model.

    ``title`` is the variant in words; ``on`` and ``where`` tell what a verdict depends on if it
    is another here. The figures are those of :class:`~sim.comparison.contrasts.Contrast`: means and
    differences in the outcome's unit, ``low`` and ``high`` of the mean difference; of expected
    harm if ``expected``. ``None`` is "cannot be said".
    """

    scenario: str
    variant: str
    title: str
    on: str
    where: str
    outcome: str
    n: int
    baseline_mean: float | None
    difference: float | None
    low: float | None
    high: float | None
    ratio: float | None
    expected: bool
    judgement: Judgement
    word: str
    cell: str


def structural_row(scenario: str, variant: Variant | None, c: Contrast) -> StructuralRow:
    """A contrast of one variant, under the name that the scenario has without it."""
    told = (
        (CALIBRATED, _AS_IT_IS, "", _AS_IT_IS)
        if variant is None
        else (variant.name, variant.title, variant.on, variant.where)
    )
    return StructuralRow(
        scenario, *told, c.outcome, c.n, c.baseline_mean, c.difference, c.low, c.high, c.ratio,
        c.expected, c.judgement, _WORDS.get(c.standing, c.judgement), judgement(c),
    )  # fmt: skip


def sentences(rows: Sequence[StructuralRow], baseline: str, terms: Terms) -> list[str]:
    """For each scenario whether its verdict is the same in all variants, or what it depends on."""
    names = dict.fromkeys(row.scenario for row in rows)
    return [
        _sentence([row for row in rows if row.scenario == name], terms.label(baseline), terms)
        for name in names
    ]


def _sentence(own: Sequence[StructuralRow], base: str, terms: Terms) -> str:
    name, what = terms.label(own[0].scenario), described(own[0].outcome).named
    groups: dict[str, list[StructuralRow]] = {}
    for row in own:
        groups.setdefault(row.word, []).append(row)
    settled = [word for word in groups if word not in _UNSETTLED]
    every = counted(len(own), "variant")
    if not settled:
        return f"{name} against {base} is not settled in {what} in any of {every} of the model."
    if len(settled) == 1:
        told = f"{name} is {settled[0]} {_than(settled[0])} {base} in {what}"
        if len(groups) == 1:
            return f"{told} in all {every} of the model."
        return f"{told} in {len(groups[settled[0]])} of {every} of the model; {_open(groups)}."
    main, apart = _main(own), changed_variants(own)
    if not apart:
        near = [f"{w} {_places(groups[w], whole=True)}" for w in settled if w != main]
        told = f"{name} is {main} {_than(main)} {base} in {what} in {len(groups[main])} of {every}"
        told += f" of the model; {listed(near)}, though within chance of the others"
        return f"{told}; {left}." if (left := _open(groups)) else f"{told}."
    on = listed(list(dict.fromkeys(row.on for row in apart if row.on)) or ["the variant"])
    ordered = [main, *(word for word in settled if word != main)]
    parts = [f"{word} {_places(groups[word], whole=word != main)}" for word in ordered]
    left = _open(groups)
    parts += [left] if left else []
    return f"{name} against {base} in {what} depends on {on}: {'; '.join(parts)}."


def changed_variants(own: Sequence[StructuralRow]) -> list[StructuralRow]:
    """The variants in which a scenario's verdict is settled, and another by more than chance."""
    main = _main(own)
    first = next((row for row in own if row.word == main), None)
    others = [row for row in own if row.word not in (main, *_UNSETTLED)]
    return [row for row in others if first and _apart(row, first)]


def _main(own: Sequence[StructuralRow]) -> str:
    """The verdict from which others differ: as calibrated, or where that is open the commonest."""
    settled = [row.word for row in own if row.word not in _UNSETTLED]
    usual = next((row.word for row in own if row.variant == CALIBRATED), "")
    return usual if usual in settled else max(settled, key=settled.count, default="")


def _apart(one: StructuralRow, other: StructuralRow) -> bool:
    """Whether two verdicts differ by more than chance: no value lies in both intervals.

    They are taken relative to the baseline's mean, since whole years differ in size.
    """
    a, b = (
        (row.low / row.baseline_mean, row.high / row.baseline_mean)
        if row.low is not None and row.high is not None and row.baseline_mean
        else (0.0, 0.0)
        for row in (one, other)
    )
    return a[1] < b[0] or b[1] < a[0]


def _than(word: str) -> str:
    return "from" if word == "no different" else "than"


def _open(groups: Mapping[str, Sequence[StructuralRow]]) -> str:
    return "; ".join(
        f"{word} {_places(groups[word], whole=True)}" for word in _UNSETTLED if word in groups
    )


def _places(rows: Sequence[StructuralRow], *, whole: bool) -> str:
    """Where: all of them, or the first and how many more."""
    if whole or len(rows) < 3:
        return listed([row.where for row in rows])
    return f"{rows[0].where} and in {len(rows) - 1} others"


def structure_tables(comparison: Comparison, terms: Terms) -> list[TextTable]:
    """A table for each scenario, a row for each variant; then what each variant sets."""
    if not comparison.structure:
        return []
    own = scenario_tables(
        comparison.structure, comparison.baseline, interval_label(comparison), terms
    )
    return [*own, definition_table(comparison.source.variants)]


def scenario_tables(
    rows: Sequence[StructuralRow], baseline: str, sure: str, terms: Terms
) -> list[TextTable]:
    """A table for each scenario, a row for each variant."""
    found = []
    for name in dict.fromkeys(row.scenario for row in rows):
        own = [row for row in rows if row.scenario == name]
        expected = "expected " if own[0].expected else ""
        what = f"{expected}{described(own[0].outcome).named}"
        pairs = counted(max(row.n for row in own), "pair")
        title = f"{terms.label(name)} against {terms.label(baseline)}: {what}, {pairs} in each"
        heads = ("variant of the model", "baseline", f"difference ({sure})", "change", "verdict")
        found.append(TextTable(title, heads, [_row(row) for row in own], (0, 4)))
    return found


def _row(row: StructuralRow) -> tuple[str, ...]:
    by = display_factor(row.outcome)
    change = DASH if row.ratio is None else real_minus(f"{100.0 * (row.ratio - 1.0):+.0f} %")
    return (
        row.title,
        short(row.baseline_mean, by),
        with_interval(row.difference, row.low, row.high, by),
        change,
        row.cell,
    )


def definition_table(variants: Sequence[Variant]) -> TextTable:
    """What each variant sets."""
    rows = [
        (one.title, ", ".join(f"{key} = {said:g}" if isinstance(said, float) else f"{key} = {said}"
                              for key, said in one.sets.items()))
        for one in variants
    ]  # fmt: skip
    return TextTable(
        "What the variants set, whatever a draw says", ("variant", "values"), rows, (0, 1),
        "Each has the replicates and draws of the model as calibrated, so verdicts differ by the "
        "mechanism and not by luck. One mechanism is varied at a time.",
    )  # fmt: skip
