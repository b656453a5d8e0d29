"""``sim.compare``: the findings on scenarios against a baseline, each computed once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Final, Self

from sim.comparison.ceiling import CeilingRow, ceilings
from sim.comparison.contrasts import Contrast, contrast_scenarios, pair_with_baseline
from sim.comparison.cost import CostRow, cost_row
from sim.comparison.displacement import DisplacementRow, displacement, with_directions
from sim.comparison.distribution import Distribution, Exceedance, distribution, exceedances
from sim.comparison.districts import read_districts, response_districts
from sim.comparison.efficiency import CostHarmFrontier, cost_harm_frontier
from sim.comparison.matrix import Matrix, matrix
from sim.comparison.notes import notes
from sim.comparison.question import Question, check_names
from sim.comparison.ranking import RankingRow, rank
from sim.comparison.regret import Regret, regret_rows, variant_runs
from sim.comparison.regret_words import sentences as safest
from sim.comparison.samples import Pairs, Sample
from sim.comparison.source import (
    MissingTableError,
    Results,
    Source,
    check_horizon,
    open_source,
    terms_of,
)
from sim.comparison.structure import StructuralRow, sentences, structural_row
from sim.comparison.terms import Terms
from sim.comparison.uncertainty import Dependence, Split, dependences, robustness, splits
from sim.comparison.words import Words
from sim.errors import StoreError
from sim.measures.registry import described, headlines
from sim.runs.arrow import to_table

if TYPE_CHECKING:
    import pyarrow as pa
    from matplotlib.figure import Figure

    from sim.frontier.ground import Ground

TABLES: Final[Mapping[str, type]] = {
    "contrasts": Contrast,
    "costs": CostRow,
    "ranking": RankingRow,
    "displacement": DisplacementRow,
    "uncertainty": Split,
    "dependence": Dependence,
    "structure": StructuralRow,
    "regret": Regret,
    "ceiling": CeilingRow,
    "distributions": Distribution,
    "exceedances": Exceedance,
}
"""The tables of a comparison by name, and the class of their rows."""


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """A question about some runs, and the findings; each is computed on first use and kept.

    Findings are tuples of frozen dataclasses, whose docstrings describe their fields; an unknown
    value is ``None``, never NaN. ``samples`` has the runs of each scenario, the baseline first.
    ``terms`` are the names that pictures and pages use. :meth:`table` returns any finding as an
    Arrow table; printing a comparison gives sentences.
    """

    baseline: str
    question: Question
    outcomes: tuple[str, ...]
    samples: Mapping[str, Sample]
    source: Source
    terms: Terms
    with_ceiling: bool = False
    with_structure: bool = False
    with_regret: bool = False

    # -- the question --------------------------------------------------------------------------

    @property
    def confidence(self) -> float:
        """The confidence of every interval, judgement and picture."""
        return self.question.confidence

    @property
    def harm(self) -> str | None:
        """The outcome that comes first in the verdicts and ranks the scenarios."""
        return self.question.harm

    @property
    def names(self) -> tuple[str, ...]:
        """The scenarios, the baseline first."""
        return tuple(self.samples)

    @property
    def policies(self) -> tuple[str, ...]:
        """The scenarios compared with the baseline; none if there is only one scenario."""
        return self.names[1:]

    def is_baseline(self, policy: str) -> bool:
        """Whether a policy is the baseline under another name."""
        digest = self.samples[self.baseline].digest
        return digest is not None and self.samples[policy].digest == digest

    def called(self, terms: Terms) -> Self:
        """The same comparison in other terms; findings are computed again."""
        return replace(self, terms=terms)

    # -- the findings --------------------------------------------------------------------------

    @cached_property
    def pairs(self) -> Mapping[str, Pairs]:
        """The runs of each policy beside those of the baseline, :attr:`outcomes` in columns."""
        return pair_with_baseline(self.samples, self.baseline, self.outcomes)

    @cached_property
    def contrasts(self) -> tuple[Contrast, ...]:
        """The contrast of every policy in every outcome, by policy."""
        return tuple(contrast_scenarios(self.samples, self.baseline, self.outcomes, self.question))

    def contrast(self, scenario: str, outcome: str) -> Contrast:
        """The contrast of one policy in one outcome."""
        return self._by_name[scenario, outcome]

    def of(self, outcome: str) -> tuple[Contrast, ...]:
        """The contrasts of one outcome."""
        return tuple(c for c in self.contrasts if c.outcome == outcome)

    def by_rank(self, outcome: str) -> tuple[Contrast, ...]:
        """The contrasts of one outcome in the order of the matrix."""
        rows = self.matrix.rows if self.matrix else ()
        return tuple(self.contrast(row.scenario, outcome) for row in rows)

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], Contrast]:
        return {(c.scenario, c.outcome): c for c in self.contrasts}

    @cached_property
    def matrix(self) -> Matrix | None:
        """Policies by outcomes; ``None`` if there is only one scenario."""
        return matrix(self)

    @cached_property
    def costs(self) -> tuple[CostRow, ...]:
        """The cost of averting the harm; empty if more of the harm is better."""
        harm, cost = self.harm, self.question.cost
        if harm is None or cost not in self.outcomes or harm == cost:
            return ()
        if described(harm).better == "more":
            return ()
        columns = [self.outcomes.index(cost), self.outcomes.index(harm)]
        return tuple(
            cost_row(
                self.contrast(name, cost), self.contrast(name, harm),
                both.independent[:, columns], self.confidence,
            )
            for name, both in self.pairs.items()
        )  # fmt: skip

    @cached_property
    def ranking(self) -> tuple[RankingRow, ...]:
        """All scenarios by the harm, the best first."""
        if self.harm is None or not self.policies:
            return ()
        samples = list(self.samples.values())
        return tuple(rank(samples, self.harm, self.confidence, self.question.seed))

    @cached_property
    def displacement(self) -> tuple[DisplacementRow, ...]:
        """Every district, area and the whole line; empty if the runs have no districts."""
        table = self.source.districts(self.names) if self.policies else None
        if table is None or table.num_rows == 0:
            return ()
        specs, ground = self.source.specs, self.terms.ground
        base = read_districts(table, self.baseline, ground)
        rows: list[DisplacementRow] = []
        for name in self.policies:
            response = self.question.response
            if response is None and self.baseline in specs and name in specs:
                response = response_districts(specs[self.baseline], specs[name])
            counts = read_districts(table, name, ground)
            rows += displacement(name, base, counts, response, self.question)
        return tuple(with_directions(rows, self.confidence))

    @cached_property
    def uncertainty(self) -> tuple[Split, ...]:
        """Each difference split into parameters and chance; empty without shared draws."""
        return tuple(
            split
            for name, both in self.pairs.items()
            for split in splits(name, both, self.outcomes, self.confidence)
        )

    @cached_property
    def dependence(self) -> tuple[Dependence, ...]:
        """Whether the best policy depends on a parameter; empty without draws."""
        posterior = self.source.posterior
        if self.harm is None or posterior is None or not self.policies:
            return ()
        samples = list(self.samples.values())
        return tuple(dependences(samples, self.harm, posterior, self.confidence))

    @cached_property
    def structure(self) -> tuple[StructuralRow, ...]:
        """Every policy in variants of the model, if the question asks for them."""
        return self.structures if self.with_structure else ()

    @cached_property
    def structures(self) -> tuple[StructuralRow, ...]:
        """Every policy in the harm, as calibrated and in each variant that it was run in.

        Policies that were run in no variant are left out. Raises ``MissingTableError`` without
        variants and with a single scenario.
        """
        if not self.source.variants:
            raise MissingTableError(
                "these results have no structural variants of the model",
                key="--structure",
                remedy="'panj batch -o STORE --structure' runs the scenarios of a store in all.",
            )
        if not self.policies:
            raise MissingTableError(
                "there is one scenario, and a verdict compares two",
                key="--structure",
                remedy="Name more scenarios in 'panj batch -o STORE --structure'.",
            )
        harm, rows = self.harm or "", []
        for variant in self.source.variants:
            source, there = self.source.in_variant(variant)
            wanted = [name for name in self.policies if name in there]
            if not wanted or self.baseline not in there:
                continue
            question = replace(
                self.question, outcomes=[harm], scenarios=[there[name] for name in wanted],
                rope={k: v for k, v in self.question.rope.items() if k == harm}, above={},
            )  # fmt: skip
            inside = read_comparison(source, there[self.baseline], question)
            rows += [structural_row(n, variant, inside.contrast(there[n], harm)) for n in wanted]
        by_policy = []
        for name in self.policies:
            if own := [row for row in rows if row.scenario == name]:
                by_policy += [structural_row(name, None, self.contrast(name, harm)), *own]
        return tuple(by_policy)

    @cached_property
    def regret(self) -> tuple[Regret, ...]:
        """The regret of each scenario, if the question asks for it."""
        return self.regrets if self.with_regret else ()

    @cached_property
    def regrets(self) -> tuple[Regret, ...]:
        """The regret of every scenario in the harm, the smallest mean first.

        Raises ``MissingTableError`` if there are no draws of the parameters, or too few.
        """
        harm, samples = self.harm or "", list(self.samples.values())
        variants = [variant_runs(self.source, samples, harm, range(len(samples)))]
        for variant in self.source.variants:
            source, there = self.source.in_variant(variant)
            known = [name for name in self.names if name in there]
            if len(known) > 1 and known[0] == self.baseline:
                inside = source.samples([there[name] for name in known], [harm])
                places = [self.names.index(name) for name in known]
                variants.append(
                    variant_runs(source, list(inside.values()), harm, places, variant.where)
                )
        rope = max((c.rope_high or 0.0 for c in self.of(harm)), default=0.0)
        return tuple(
            regret_rows(variants, samples, harm, rope, self.confidence, self.question.seed)
        )

    @cached_property
    def ceiling(self) -> tuple[CeilingRow, ...]:
        """How near patrols come to their ceiling, if the question asks for it."""
        return self.ceilings if self.with_ceiling else ()

    @cached_property
    def ceilings(self) -> tuple[CeilingRow, ...]:
        """The ceiling of every scenario. Raises ``MissingTableError`` without their files."""
        specs = self.source.specs
        if not set(self.names) <= set(specs):
            raise MissingTableError(
                "these results have no scenarios, and the ceiling is computed from them",
                remedy="Use a store that 'panj batch' wrote.",
            )
        return ceilings({name: specs[name] for name in self.names})

    @cached_property
    def efficiency(self) -> CostHarmFrontier:
        """Every scenario by cost and harm."""
        cost = self.question.cost
        harm = self.harm if self.harm not in (None, cost) else next(iter(headlines()))
        for name in (cost, str(harm)):
            check_names("outcome", [name], next(iter(self.samples.values())).outcomes)
        return cost_harm_frontier(self.samples, self.baseline, cost, str(harm), self.question.seed)

    @cached_property
    def distributions(self) -> tuple[Distribution, ...]:
        """Every outcome of every scenario by itself."""
        return tuple(
            distribution(sample, outcome, self.question)
            for sample in self.samples.values()
            for outcome in self.outcomes
        )

    @cached_property
    def exceedances(self) -> tuple[Exceedance, ...]:
        """Probabilities that a run of a scenario exceeds some values of each outcome."""
        return tuple(
            each
            for sample in self.samples.values()
            for outcome in self.outcomes
            for each in exceedances(sample, outcome, self.question)
        )

    # -- in words ------------------------------------------------------------------------------

    def words(self, terms: Terms | None = None) -> Words:
        """The sentences of the findings; without ``terms``, scenarios have their own names."""
        return Words(self.baseline, self.confidence, terms or self.terms.exactly(self.names))

    def told(self, words: Words) -> list[str]:
        """The verdict on each policy; for a single scenario, the spread of the harm."""
        if not self.policies:
            return [words.spread(d) for d in self.distributions if d.outcome == self.harm]
        return [
            words.verdict(
                [c for c in self.contrasts if c.scenario == name],
                self.question,
                same=self.is_baseline(name),
            )
            for name in self.policies
        ]

    def summed_up(self, words: Words) -> list[str]:
        """A few sentences on all policies together; if there is one policy, its verdict."""
        if self.matrix is None or len(self.policies) == 1:
            return self.told(words)
        harm, cost = self.matrix.harm, self.question.cost
        ranked = self.by_rank(harm)
        ties = {row.scenario for row in self.matrix.rows if row.first == 1}
        costs = {c.scenario: c for c in self.of(cost)} if cost != harm else {}
        return [words.lead(ranked, harm, costs), *words.known(ranked, costs, ties)]

    @property
    def verdicts(self) -> list[str]:
        """The verdict on each policy, in sentences."""
        return self.told(self.words())

    @property
    def headline(self) -> list[str]:
        """A few sentences on all policies together."""
        return self.summed_up(self.words())

    @property
    def notes(self) -> list[str]:
        """What was left out, and what to beware of."""
        return list(self.noted(self.words().terms))

    @property
    def robustness(self) -> list[str]:
        """Whether the ranking depends on parameters that the data left unmoved, in sentences."""
        return robustness(self.dependence, self.words().terms)

    @property
    def structural(self) -> list[str]:
        """Whether the verdict of each policy depends on the variant of the model, in sentences."""
        return sentences(self.structure, self.baseline, self.words().terms)

    @property
    def safe(self) -> list[str]:
        """Which scenario is closest to the best, and which is never far from it, in sentences."""
        return self.safe_in(self.words().terms)

    def safe_in(self, terms: Terms) -> list[str]:
        """The sentences on regret in a reader's terms."""
        return safest(self.regret, self.confidence, terms)

    def noted(self, terms: Terms) -> Iterable[str]:
        """The notes in a reader's terms."""
        return notes(self, terms)

    def heavy(self, outcome: str, terms: Terms) -> str:
        """A warning if one pair outweighs all others in an outcome; empty if none does."""
        draws = any(pairs.draws is not None for pairs in self.pairs.values())
        return self.words(terms).heavy(self.of(outcome), "draw" if draws else "replicate")

    # -- as tables -----------------------------------------------------------------------------

    def table(self, finding: str = "contrasts") -> pa.Table:
        """A finding of :data:`TABLES` as an Arrow table, one column per field."""
        check_names("table", [finding], list(TABLES))
        return to_table(getattr(self, finding), TABLES[finding])

    def plot(self, kind: str = "outcome") -> Figure:
        """A picture of a kind that ``panj plot`` draws from a store: "cost", "forest" and so on.

        A notebook shows it; ``savefig`` writes it. Raises :class:`~sim.errors.PanjError` for an
        unknown kind, and if the store lacks what the picture shows.
        """
        # the package of pictures is a layer above, so it is imported only here
        figure: Figure = import_module("sim.report.gallery").draw_comparison(self, kind)
        return figure

    def _repr_html_(self) -> str:
        """The HTML for a notebook."""
        from sim.comparison.notebook import as_html

        return as_html(self)

    def __repr__(self) -> str:
        return "\n".join(
            [*self.headline, *self.structural, *self.safe, *self.robustness, *self.notes]
        )


def compare(
    results: Results,
    baseline: str = "baseline",
    *,
    outcomes: Sequence[str] | None = None,
    scenarios: Sequence[str] | None = None,
    confidence: float = Question.confidence,
    rope: Mapping[str, float] | None = None,
    harm: str | None = None,
    cost: str = Question.cost,
    response: Sequence[str] | None = None,
    seed: int = Question.seed,
    above: Mapping[str, Sequence[float]] | None = None,
    districts: pa.Table | None = None,
    ground: Ground | None = None,
    ceiling: bool = False,
    structure: bool = False,
    regret: bool = False,
    also: Sequence[str] = (),
) -> Comparison:
    """Compare scenarios with a baseline in pairs of the same replicate.

    ``results`` is a store, its path, or a table with one row per run; then ``districts`` may be
    the table with one row per run and district, and ``ground`` their ground if it is not the
    shipped one. ``ceiling`` adds how near patrols come to the most possible, ``structure`` the
    verdicts in structural variants of the model, ``regret`` how far behind the best each scenario
    may be; ``also`` names outcomes that pictures show without a judgement. The other options are
    those of :class:`~sim.comparison.question.Question`. A single scenario gets its distributions.
    The same results and options give the same answer, to the last digit.

    Raises :class:`~sim.errors.PanjError` for an unknown name and :class:`~sim.errors.StoreError`
    if nothing can be paired.
    """
    question = Question(
        outcomes, scenarios, confidence, rope or {}, harm, cost, response, seed, above or {}
    )
    source = open_source(results, districts, ground)
    found = read_comparison(
        source, baseline, question, also=also, with_ceiling=ceiling, with_structure=structure,
        with_regret=regret,
    )  # fmt: skip
    if not len(found.samples[found.baseline].replicates):
        raise StoreError(
            f"{'the baseline ' if found.policies else ''}{baseline} has no finished run"
        )
    if found.policies and not any(len(pairs.replicates) for pairs in found.pairs.values()):
        raise StoreError(
            f"no replicate of {baseline} was run in any other scenario: nothing can be paired",
            remedy="Run the scenarios in one batch; replicate r has the same seed in all of them.",
        )
    return found


def read_comparison(
    source: Source,
    baseline: str,
    question: Question,
    *,
    also: Sequence[str] = (),
    with_ceiling: bool = False,
    with_structure: bool = False,
    with_regret: bool = False,
) -> Comparison:
    """Check a question and read the runs that it needs.

    ``also`` names outcomes that pictures show without a judgement; unknown ones are left out.
    Raises as :func:`compare` does, but not if nothing can be paired.
    """
    if not source.names:
        raise StoreError("there are no runs to compare", remedy="Run 'panj batch' first.")
    if len(source.names) == 1 and baseline == "baseline":
        baseline = source.names[0]
    check_names("scenario", [baseline, *(question.scenarios or ())], source.names)
    named = [*(question.outcomes or ()), *question.rope, *question.above]
    check_names(
        "outcome", [*named, *([] if question.harm is None else [question.harm])], source.outcomes
    )
    question = replace(question, harm=_harm(question, source.outcomes))
    usual = [name for name in source.outcomes if not described(name).mean_of]
    wanted = [*(question.outcomes or usual), question.harm, question.cost]
    outcomes = tuple(name for name in dict.fromkeys(wanted) if name in source.outcomes)
    names = list(dict.fromkeys([baseline, *(question.scenarios or source.names)]))
    columns = [*outcomes, *(n for n in also if n in source.outcomes and n not in outcomes)]
    samples = source.samples(names, columns)
    known = {name: source.specs[name] for name in names if name in source.specs}
    terms = terms_of(known, ground=source.given_ground)
    if len(known) > 1:
        check_horizon(known)
    check_names("district", question.response or (), terms.ground.slugs)
    return Comparison(
        baseline, question, outcomes, samples, source, terms, with_ceiling, with_structure,
        with_regret,
    )  # fmt: skip


def _harm(question: Question, available: Sequence[str]) -> str | None:
    """The harm of the question, or the gravest outcome available."""
    if question.harm is not None:
        return question.harm
    wanted = question.outcomes or available
    return next((name for name in [*headlines(), *wanted] if name in wanted), None)
