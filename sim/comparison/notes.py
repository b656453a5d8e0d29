"""The notes of a comparison: what was left out, and what the reader should beware of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.comparison.terms import Terms, counted
from sim.measures.registry import EXPECTATIONS, described

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison


def notes(comparison: Comparison, terms: Terms) -> Iterator[str]:
    """The notes, one sentence or two each."""
    samples, harm = comparison.samples, comparison.harm or ""
    base, variants = samples[comparison.baseline], comparison.source.variants
    for name, sample in samples.items():
        if sample.failed:
            yield f"{terms.label(name)}: {counted(sample.failed, 'run')} failed and left out."
    for name, pairs in comparison.pairs.items():
        n = len(pairs.replicates)
        alone = max(len(base.replicates), len(samples[name].replicates)) - n
        if alone:
            yield (
                f"{terms.label(name)}: {counted(n, 'pair')}; {counted(alone, 'replicate')} without "
                "a partner left out."
            )
    if max((len(sample.replicates) for sample in samples.values()), default=0) == 1:
        yield (
            "There is one replicate, so neither an interval nor the best scenario can be given. "
            "'panj batch' with -n 20 or more adds replicates to the store."
        )
    if EXPECTATIONS.get(harm) in comparison.source.outcomes and not base.expected:
        named = described(harm).named
        yield f"Some of these runs lack expected {named}, so means are those of counts."
    if variants and not comparison.with_structure:
        many = counted(len(variants), "structural variant")
        yield (
            f"The model as calibrated. The store also has {many} of the model: 'panj compare STORE "
            "--structure' shows the verdict in each."
        )
    if warning := comparison.heavy(harm, terms):
        yield warning
    yield from _same_scenarios(comparison, terms)


def _same_scenarios(comparison: Comparison, terms: Terms) -> Iterator[str]:
    """Scenarios with two names; the verdict names those that are the baseline."""
    names: dict[str, list[str]] = {}
    for name in comparison.policies:
        digest = comparison.samples[name].digest
        if digest is not None and not comparison.is_baseline(name):
            names.setdefault(digest, []).append(terms.label(name))
    for same in names.values():
        if len(same) > 1:
            yield f"{' and '.join(same)} are the same scenario under {len(same)} names."
