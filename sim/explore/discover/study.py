"""``sim.discover``: where a policy does worse than a baseline, in the runs of a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from sim.comparison.comparison import read_comparison
from sim.comparison.intervals import student
from sim.comparison.question import Question
from sim.comparison.samples import Floats, by_draw
from sim.comparison.source import MissingTableError, Results, Source, open_source
from sim.comparison.terms import counted
from sim.errors import PanjError
from sim.explore.discover.boxes import (
    Cut,
    DrawSummary,
    Inside,
    cross_validated,
    inside_box,
    p_value_of,
    strongest_box,
    trade_off,
)
from sim.explore.discover.result import Box, Discovery, Figures, Limit, Plane, Verdict
from sim.explore.result import save_result
from sim.measures.registry import described
from sim.runs.posterior import Posterior
from sim.runs.uncertain_parameter import UncertainParameter

LEAST: Final = 20
"""Least number of draws."""

_MOST: Final = 3
"""Largest number of boxes."""


def discover(
    results: Results,
    policy: str,
    baseline: str = "baseline",
    outcome: str = "victims",
    *,
    worse_by: float = 0.0,
    confidence: float = Question.confidence,
    seed: int = Question.seed,
    command: str = "",
) -> Discovery:
    """Find boxes of the parameters in which a policy does worse than a baseline.

    ``results`` is a store with draws, or its path; the store keeps the result. The policy does
    worse where the mean difference is more than ``worse_by``, in the outcome's unit. A box is
    reported if luck alone gives one as strong with a probability of at most ``1 - confidence``, and
    if draws held out of the search agree; there may be none.

    Raises :class:`~sim.errors.PanjError` for an unknown name and for too few draws, or none.
    """
    source = open_source(results)
    posterior = _require_draws(source)
    if not np.isfinite(worse_by):
        raise PanjError("must be a number", key="--worse-by", value=worse_by)
    runs, expected = _summarise_draws(source, posterior, (policy, baseline), outcome, worse_by)
    pinned = _fixed_parameters(source, posterior, (policy, baseline))
    varied = [
        n for n in np.flatnonzero(np.ptp(runs.values, axis=0) > 0.0).tolist()
        if posterior.parameters[n].name not in pinned
    ]  # fmt: skip
    if not varied:
        raise PanjError("no parameter differs between the draws of these runs", value=policy)
    parameters = [posterior.parameters[n] for n in varied]
    runs = runs._replace(values=runs.values[:, varied])
    boxes: list[Box] = []
    left, first_p = np.ones(len(runs.means), dtype=np.bool_), 1.0
    axes = [0, min(1, len(parameters) - 1)]
    for number in range(_MOST):
        if left.sum() < LEAST:
            break
        here = runs.subset(left)
        cuts, strength = strongest_box(here.means, here.values)
        p = p_value_of(here, strength, seed + number)
        if number == 0:
            first_p = p
            axes = (list(dict.fromkeys([*(cut.place for cut in cuts), *axes])) * 2)[:2]
        if not cuts or p > 1.0 - confidence:
            break
        inside, held = inside_box(cuts, here.values), cross_validated(here, seed + number)
        figures = _figures(here, held, confidence)
        if figures.inside is None or figures.inside <= (figures.outside or 0.0):
            break
        boxes.append(
            Box(
                limits=tuple(_limit(cut, parameters[cut.place], runs.values) for cut in cuts),
                found=_figures(here, inside, confidence),
                held=figures,
                p_value=p,
                verdict=_verdict(figures, worse_by),
            )
        )
        left[np.flatnonzero(left)[inside]] = False
    across, up = axes
    result = Discovery(
        asked=command or f"sim.discover(STORE, {policy!r}, {baseline!r}, {outcome!r})",
        runs=int(runs.years.sum()), policy=policy, baseline=baseline, outcome=outcome,
        worse_by=worse_by, confidence=confidence, expected=expected, draws=len(runs.means),
        parameters=len(parameters), mean=float(runs.means.mean()), p_value=first_p,
        boxes=tuple(boxes), worse=float(np.average(runs.worse, weights=runs.years)),
        plane=Plane(
            parameters=(parameters[across].name, parameters[up].name),
            units=(parameters[across].unit, parameters[up].unit),
            across=tuple(runs.values[:, across].tolist()), up=tuple(runs.values[:, up].tolist()),
            differences=tuple(runs.means.tolist()),
        ),
        trade_off=tuple(trade_off(runs)),
    )  # fmt: skip
    if source.store is not None:
        save_result(source.store.path, result)
    return result


def _require_draws(source: Source) -> Posterior:
    if source.posterior is None:
        raise MissingTableError(
            "these runs have no draws of uncertain parameters, which limit the boxes",
            remedy="'panj batch -o STORE --posterior shipped' runs scenarios with draws.",
        )
    return source.posterior


def _summarise_draws(
    source: Source, posterior: Posterior, pair: tuple[str, str], outcome: str, worse_by: float
) -> tuple[DrawSummary, bool]:
    """Summarise the pairs of each draw; also whether means are of expected harm."""
    policy, baseline = pair
    comparison = read_comparison(source, baseline, Question([outcome], [policy], harm=outcome))
    if policy == comparison.baseline:
        raise PanjError(
            "is the baseline itself", key="--policy", value=policy, remedy="Name another scenario."
        )
    both, column = comparison.pairs[policy], comparison.outcomes.index(outcome)
    sign = -1.0 if described(outcome).better == "more" else 1.0
    means, counts = (sign * each[:, column] for each in (both.mean_differences, both.differences))
    known = np.isfinite(means) & np.isfinite(counts)
    draws = np.array([posterior.draw_of(int(r)) for r in both.replicates[known]], dtype=int)
    used, years = np.unique(draws, return_counts=True)
    if len(used) < LEAST:
        raise MissingTableError(
            f"there are pairs in {counted(len(used), 'draw')} of the parameters, and {LEAST} or "
            "more are needed to find where a policy loses",
            remedy="Add replicates with 'panj batch -n 100 -o STORE'.",
        )
    worse = (counts[known] > worse_by).astype(float)
    per_draw = by_draw(np.stack([means[known], worse], axis=1), draws)
    values = np.asarray(posterior.draws, dtype=float)[used]
    summary = DrawSummary(per_draw[:, 0], per_draw[:, 1], years.astype(float), values)
    return summary, outcome in both.expected


def _fixed_parameters(source: Source, posterior: Posterior, scenarios: Sequence[str]) -> set[str]:
    """Parameters that all scenarios set themselves, so that no draw changes them."""
    if not set(scenarios) <= set(source.specs):
        return set()
    return set.intersection(*(set(posterior.pinned(source.specs[name])) for name in scenarios))


def _limit(cut: Cut, parameter: UncertainParameter, values: Floats) -> Limit:
    return Limit(
        parameter=parameter.name,
        way="above" if cut.sign > 0 else "below",
        value=cut.value,
        unit=parameter.unit,
        share=float(cut.keeps(values).mean()),
    )


def _figures(runs: DrawSummary, inside: Inside, confidence: float) -> Figures:
    worse = runs.worse * runs.years
    ends = student(runs.means[inside], confidence)
    all_worse, worse_inside = float(worse.sum()), float(worse[inside].sum())
    return Figures(
        share=float(inside.mean()),
        inside=float(runs.means[inside].mean()) if inside.any() else None,
        low=ends.low if ends else None,
        high=ends.high if ends else None,
        outside=float(runs.means[~inside].mean()) if not inside.all() else None,
        coverage=worse_inside / all_worse if all_worse else None,
        density=worse_inside / float(runs.years[inside].sum()) if inside.any() else None,
    )


def _verdict(held: Figures, worse_by: float) -> Verdict:
    if held.low is not None and held.low > worse_by:
        return "loses"
    return "gains least" if held.high is not None and held.high <= worse_by else "may lose"
