"""Scenarios against a baseline: the whole answer, in sentences and in tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from sim.comparison.ceiling import ceilings
from sim.comparison.cost import CostRow, cost_row
from sim.comparison.displacement import DisplacementRow, displacement
from sim.comparison.districts import COLUMNS, read_districts, response_of
from sim.comparison.paired import Contrast, contrasts, judged
from sim.comparison.question import Question, check_names
from sim.comparison.ranking import Place, rank
from sim.comparison.results import (
    Pairs,
    Sample,
    one_ground,
    outcome_names,
    pair,
    read_sample,
    scenario_names,
)
from sim.comparison.uncertainty import Dependence, Split, dependences, robustness, splits
from sim.comparison.verdict import Setting, verdict
from sim.errors import StoreError
from sim.measures.registry import OUTCOMES, headlines
from sim.runs.tables import to_table

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.frontier.ground import Ground
    from sim.runs.posterior import Posterior
    from sim.runs.store import Store
    from sim.scenario.spec import Scenario


@dataclass(frozen=True)
class Comparison:
    """What a comparison found: sentences first, then a table for each thing asked.

    ``verdicts`` has a sentence or more for each scenario; ``notes`` tells what was left out.
    ``table`` has the columns of :class:`~sim.comparison.paired.Contrast`, ``cost`` those of
    :class:`~sim.comparison.cost.CostRow`, ``ranking`` those of
    :class:`~sim.comparison.ranking.Place`, ``displacement`` those of
    :class:`~sim.comparison.displacement.DisplacementRow`. Where the runs were made with draws of
    the uncertain parameters, ``uncertainty`` (columns of
    :class:`~sim.comparison.uncertainty.Split`) tells parameters from chance, and ``dependence``
    (:class:`~sim.comparison.uncertainty.Dependence`), in sentences ``robustness``, whether the
    best policy depends on a parameter. ``ceiling`` has rows
    (:class:`~sim.comparison.ceiling.CeilingRow`)
    if it was asked for. What cannot be said is null, never NaN.
    """

    baseline: str
    confidence: float
    verdicts: list[str]
    notes: list[str]
    table: pa.Table
    cost: pa.Table
    ranking: pa.Table
    displacement: pa.Table
    uncertainty: pa.Table
    dependence: pa.Table
    robustness: list[str]
    ceiling: pa.Table

    def __str__(self) -> str:
        return "\n".join([*self.verdicts, *self.robustness, *self.notes])


@dataclass(frozen=True)
class _Plan:
    """Everything read and checked: the question, the outcomes, the samples, their pairs."""

    question: Question  # with the harm settled, where there is one
    outcomes: Sequence[str]
    baseline: Sample
    policies: Sequence[Sample]
    pairs: Sequence[Pairs]
    specs: Mapping[str, Scenario]
    posterior: Posterior | None
    ground: Ground


def compare(
    results: Store | pa.Table,
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
    districts: pa.Table | None = None,
    ground: Ground | None = None,
    ceiling: bool = False,
) -> Comparison:
    """Compare scenarios with a baseline in pairs of the same replicate.

    ``results`` is a store, or a table with one row a run; then ``districts`` may give the table
    with one row a run and district, and ``ground`` its ground, if it is not the shipped one.
    ``ceiling`` asks how near patrols come to the most that could be done. The other options are
    those of :class:`~sim.comparison.question.Question`. The same results and options give the same
    answer, to the last digit.

    Raises :class:`~sim.errors.PanjError` for a name that is not there and
    :class:`~sim.errors.StoreError` where nothing can be paired.
    """
    import pyarrow as pa

    question = Question(outcomes, scenarios, confidence, rope or {}, harm, cost, response, seed)
    if isinstance(results, pa.Table):
        table, source = results, _Source({}, None, ground)
    else:
        table = results.outcomes(columns=_columns(question))
        source = _Source(results.scenarios, results.posterior, None)
        if districts is None and "districts" in results.tables:
            districts = results.districts(columns=COLUMNS)
    plan = _plan(table, baseline, question, source)
    found = _contrasts(plan)
    dependence = _dependences(plan)
    return Comparison(
        baseline,
        question.confidence,
        _verdicts(plan, found),
        _notes(plan),
        to_table(found, Contrast),
        to_table(_costs(plan, found), CostRow),
        to_table(_ranking(plan), Place),
        to_table(_displacement(plan, districts), DisplacementRow),
        to_table(_splits(plan), Split),
        to_table(dependence, Dependence),
        robustness(dependence),
        _ceiling(plan, ceiling),
    )


def _columns(question: Question) -> list[str] | None:
    """The columns to read; all, too, where a name is strange, so that the nearest can be told."""
    if question.outcomes is None:
        return None
    needed = {*question.outcomes, *question.rope, question.harm or question.cost, question.cost}
    return [name for name in OUTCOMES if name in needed] if needed <= set(OUTCOMES) else None


class _Source(NamedTuple):
    """What a store tells of its runs, and a bare table does not."""

    specs: Mapping[str, Scenario]
    posterior: Posterior | None
    ground: Ground | None


def _plan(table: pa.Table, baseline: str, question: Question, source: _Source) -> _Plan:
    scenarios, available = scenario_names(table), outcome_names(table)
    if not scenarios:
        raise StoreError("there are no runs to compare", remedy="Run 'panj batch' first.")
    check_names("scenario", [baseline, *(question.scenarios or ())], scenarios)
    check_names("outcome", [*(question.outcomes or ()), *question.rope], available)
    others = [name for name in question.scenarios or scenarios if name != baseline]
    if not others:
        raise StoreError(
            f"there is only the baseline {baseline}: nothing to compare it with",
            remedy="Run another scenario into the same store.",
        )
    question = replace(question, harm=_harm(question, available))
    wanted = [*(question.outcomes or available), question.harm, question.cost]
    outcomes = [name for name in dict.fromkeys(wanted) if name in available]
    base = read_sample(table, baseline, outcomes)
    policies = [read_sample(table, name, outcomes) for name in dict.fromkeys(others)]
    if len(base.replicates) == 0:
        raise StoreError(f"the baseline {baseline} has no finished run")
    pairs = [pair(base, policy) for policy in policies]
    if not any(len(p.replicates) for p in pairs):
        raise StoreError(
            f"no replicate of {baseline} was run in any other scenario: nothing can be paired",
            remedy="Run the scenarios in one batch; replicate r has the same seed in all of them.",
        )
    names = [baseline, *(policy.scenario for policy in policies)]
    known = {name: source.specs[name] for name in names if name in source.specs}
    ground = source.ground or one_ground(known)
    check_names("district", question.response or (), ground.slugs)
    return _Plan(question, outcomes, base, policies, pairs, source.specs, source.posterior, ground)


def _harm(question: Question, available: Sequence[str]) -> str | None:
    """The outcome that opens verdicts and ranks scenarios: as asked, or the gravest there is."""
    if question.harm is not None:
        check_names("outcome", [question.harm], available)
        return question.harm
    asked = question.outcomes or available
    return next((name for name in [*headlines(), *asked] if name in asked), None)


def _contrasts(plan: _Plan) -> list[Contrast]:
    return judged(
        [
            contrast
            for policy, pairs in zip(plan.policies, plan.pairs, strict=True)
            for contrast in contrasts(policy.scenario, pairs, plan.outcomes, plan.question)
        ],
        plan.question,
        {policy.scenario: _same(plan.baseline, policy) for policy in plan.policies},
    )


def _same(baseline: Sample, policy: Sample) -> bool:
    return baseline.digest is not None and baseline.digest == policy.digest


def _verdicts(plan: _Plan, found: Sequence[Contrast]) -> list[str]:
    days = {spec.days for name, spec in plan.specs.items() if name in _names(plan)}
    setting = Setting(
        plan.baseline.scenario, plan.question.confidence, days.pop() if len(days) == 1 else None
    )
    return [
        verdict(
            [c for c in found if c.scenario == policy.scenario],
            setting,
            plan.question,
            _same(plan.baseline, policy),
        )
        for policy in plan.policies
    ]


def _names(plan: _Plan) -> list[str]:
    return [plan.baseline.scenario, *(policy.scenario for policy in plan.policies)]


def _notes(plan: _Plan) -> list[str]:
    notes = []
    for sample in (plan.baseline, *plan.policies):
        if sample.failed:
            notes.append(f"{sample.scenario}: {_runs(sample.failed)} failed and left out.")
    for policy, pairs in zip(plan.policies, plan.pairs, strict=True):
        alone = max(len(plan.baseline.replicates), len(policy.replicates)) - len(pairs.replicates)
        if alone:
            notes.append(
                f"{policy.scenario}: {len(pairs.replicates):,} pairs; {alone:,} replicates have "
                "no partner and are left out."
            )
    return [*notes, *_same_notes(plan), *_horizon_notes(plan)]


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{count:,} runs"


def _same_notes(plan: _Plan) -> Iterable[str]:
    """Scenarios that are there under two names; with the baseline the verdict says so."""
    names: dict[str, list[str]] = {}
    for policy in plan.policies:
        if policy.digest is not None and not _same(plan.baseline, policy):
            names.setdefault(policy.digest, []).append(policy.scenario)
    for alike in names.values():
        if len(alike) > 1:
            yield f"{' and '.join(alike)} are the same scenario under {len(alike)} names."


def _horizon_notes(plan: _Plan) -> Iterable[str]:
    base = plan.specs.get(plan.baseline.scenario)
    for policy in plan.policies:
        spec = plan.specs.get(policy.scenario)
        if base is not None and spec is not None and spec.days != base.days:
            yield (
                f"{policy.scenario} runs for {spec.days:g} days, {plan.baseline.scenario} for "
                f"{base.days:g}: their totals do not compare."
            )


def _costs(plan: _Plan, found: Sequence[Contrast]) -> list[CostRow]:
    harm, cost = plan.question.harm, plan.question.cost
    if harm is None or cost not in plan.outcomes or harm == cost:
        return []
    by_name = {(c.scenario, c.outcome): c for c in found}
    return [
        cost_row(
            by_name[policy.scenario, cost],
            by_name[policy.scenario, harm],
            pairs.independent[:, [plan.outcomes.index(cost), plan.outcomes.index(harm)]],
            plan.question.confidence,
        )
        for policy, pairs in zip(plan.policies, plan.pairs, strict=True)
    ]


def _ranking(plan: _Plan) -> list[Place]:
    harm = plan.question.harm
    if harm is None:
        return []
    column = plan.outcomes.index(harm)
    samples = [plan.baseline, *plan.policies]
    return rank(samples, column, harm, plan.question.confidence, plan.question.seed)


def _splits(plan: _Plan) -> list[Split]:
    return [
        split
        for policy, pairs in zip(plan.policies, plan.pairs, strict=True)
        for split in splits(policy.scenario, pairs, plan.outcomes, plan.question.confidence)
    ]


def _dependences(plan: _Plan) -> list[Dependence]:
    harm = plan.question.harm
    if harm is None or plan.posterior is None:
        return []
    samples = [plan.baseline, *plan.policies]
    column = plan.outcomes.index(harm)
    return dependences(samples, column, harm, plan.posterior, plan.question.confidence)


def _displacement(plan: _Plan, districts: pa.Table | None) -> list[DisplacementRow]:
    if districts is None or districts.num_rows == 0:
        return []
    base = read_districts(districts, plan.baseline.scenario, plan.ground)
    baseline_spec = plan.specs.get(plan.baseline.scenario)
    rows: list[DisplacementRow] = []
    for policy in plan.policies:
        spec = plan.specs.get(policy.scenario)
        response = plan.question.response
        if response is None and baseline_spec is not None and spec is not None:
            response = response_of(baseline_spec, spec)
        counts = read_districts(districts, policy.scenario, plan.ground)
        rows += displacement(policy.scenario, base, counts, response, plan.question)
    return rows


def _ceiling(plan: _Plan, asked: bool) -> pa.Table:
    if asked and not plan.specs:
        raise StoreError(
            "how near patrols come to the most possible is told from the scenarios themselves, "
            "and these results keep none",
            remedy="Ask of a store that 'panj batch' wrote.",
        )
    return ceilings({name: plan.specs[name] for name in _names(plan)} if asked else {})
