"""The verdict on each policy in structural variants of the model, and what it depends on.

A policy is compared with the baseline in the same variant, on the replicates and draws of the model
as calibrated. Each variant is a comparison of its own: "better in all" requires each of them to be
beyond chance, so nothing is corrected over variants.
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

_AS_CALIBRATED: Final = "as calibrated"
_WORDS: Final[Mapping[str, str]] = {
    "same": "no different",
    "none": "no different",
    "open": "not settled",
    "unknown": "without a pair",
}
"""The verdicts without a direction, by standing."""

_UNSETTLED: Final = (_WORDS["open"], _WORDS["unknown"])


@dataclass(frozen=True)
class StructuralRow:
    """A scenario against the baseline in one variant of the model.

    ``title`` is the variant in words; ``on`` names what a verdict depends on if it differs here,
    ``where`` names the variant in a sentence. The figures are those of
    :class:`~sim.comparison.contrasts.Contrast`: means and differences in the outcome's unit,
    ``low`` and ``high`` of the mean difference; of expected harm if ``expected``.
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
    """A contrast in one variant (``None``: as calibrated), under the scenario's usual name."""
    names = (
        (CALIBRATED, _AS_CALIBRATED, "", _AS_CALIBRATED)
        if variant is None
        else (variant.name, variant.title, variant.on, variant.where)
    )
    return StructuralRow(
        scenario, *names, c.outcome, c.n, c.baseline_mean, c.difference, c.low, c.high, c.ratio,
        c.expected, c.judgement, _WORDS.get(c.standing, c.judgement), judgement(c),
    )  # fmt: skip


def sentences(rows: Sequence[StructuralRow], baseline: str, terms: Terms) -> list[str]:
    """For each scenario whether its verdict is the same in all variants, or what it depends on."""
    return [
        _sentence([row for row in rows if row.scenario == name], terms.label(baseline), terms)
        for name in dict.fromkeys(row.scenario for row in rows)
    ]


def _sentence(rows: Sequence[StructuralRow], base: str, terms: Terms) -> str:
    name, what = terms.label(rows[0].scenario), described(rows[0].outcome).named
    groups: dict[str, list[StructuralRow]] = {}
    for row in rows:
        groups.setdefault(row.word, []).append(row)
    settled = [word for word in groups if word not in _UNSETTLED]
    every, main = f"{counted(len(rows), 'variant')} of the model", _main_verdict(rows)
    if not settled:
        return f"Whether {name} differs from {base} on {what} is not settled in any of {every}."
    others = [f"{word} {_where(groups[word])}" for word in settled if word != main]
    unsettled = [f"{word} {_where(groups[word])}" for word in _UNSETTLED if word in groups]
    changed = changed_variants(rows)
    if changed:
        on = listed(list(dict.fromkeys(row.on for row in changed if row.on)) or ["the variant"])
        parts = [f"{main} {_where(groups[main], shorten=True)}", *others, *unsettled]
        return f"How {name} compares with {base} on {what} depends on {on}: {'; '.join(parts)}."
    text = f"{name} is {main} {'from' if main == _WORDS['same'] else 'than'} {base} on {what}"
    if len(groups) == 1:
        return f"{text} in all {every}."
    if others:
        others = [f"{listed(others)}, but the difference between variants may be chance"]
    return "; ".join([f"{text} in {len(groups[main])} of {every}", *others, *unsettled]) + "."


def changed_variants(rows: Sequence[StructuralRow]) -> list[StructuralRow]:
    """The variants with a settled verdict that differs from the main one by more than chance."""
    main = _main_verdict(rows)
    first = next((row for row in rows if row.word == main), None)
    others = [row for row in rows if row.word not in (main, *_UNSETTLED)]
    return [row for row in others if first and _differ(row, first)]


def _main_verdict(rows: Sequence[StructuralRow]) -> str:
    """The verdict as calibrated; the commonest one where that is not settled."""
    settled = [row.word for row in rows if row.word not in _UNSETTLED]
    calibrated = next((row.word for row in rows if row.variant == CALIBRATED), "")
    return calibrated if calibrated in settled else max(settled, key=settled.count, default="")


def _differ(one: StructuralRow, other: StructuralRow) -> bool:
    """Whether two intervals have no value in common.

    They are taken relative to the baseline's mean, because the years of variants differ in size.
    """
    a, b = (
        (row.low / row.baseline_mean, row.high / row.baseline_mean)
        if row.low is not None and row.high is not None and row.baseline_mean
        else (0.0, 0.0)
        for row in (one, other)
    )
    return a[1] < b[0] or b[1] < a[0]


def _where(rows: Sequence[StructuralRow], *, shorten: bool = False) -> str:
    """The variants of some rows; if shortened, the first and the number of others."""
    if shorten and len(rows) > 2:
        return f"{rows[0].where} and in {len(rows) - 1} others"
    return listed([row.where for row in rows])


def structure_tables(comparison: Comparison, terms: Terms) -> list[TextTable]:
    """A table for each scenario, one row per variant; then what each variant sets."""
    if not comparison.structure:
        return []
    interval = interval_label(comparison)
    tables = scenario_tables(comparison.structure, comparison.baseline, interval, terms)
    return [*tables, definition_table(comparison.source.variants)]


def scenario_tables(
    rows: Sequence[StructuralRow], baseline: str, interval: str, terms: Terms
) -> list[TextTable]:
    """A table for each scenario, one row per variant."""
    tables = []
    for name in dict.fromkeys(row.scenario for row in rows):
        group = [row for row in rows if row.scenario == name]
        expected = "expected " if group[0].expected else ""
        what = f"{expected}{described(group[0].outcome).named}"
        pairs = counted(max(row.n for row in group), "pair")
        title = f"{terms.label(name)} against {terms.label(baseline)}: {what}, {pairs} in each"
        heads = (
            "variant of the model",
            "baseline",
            f"difference ({interval})",
            "change",
            "verdict",
        )
        tables.append(TextTable(title, heads, [_row(row) for row in group], (0, 4)))
    return tables


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
        (one.title, ", ".join(f"{k} = {v:g}" if isinstance(v, float) else f"{k} = {v}"
                              for k, v in one.sets.items()))
        for one in variants
    ]  # fmt: skip
    return TextTable(
        "Values that the variants set, whatever the draw", ("variant", "values"), rows, (0, 1),
        "Each variant has the replicates and draws of the model as calibrated, so verdicts differ "
        "by the mechanism and not by chance. One mechanism is varied at a time.",
    )  # fmt: skip
