"""``sim.run_rare``: a pilot chooses the levels, then root years are followed in pairs."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from sim.comparison.question import Question
from sim.engine.garbage_collection import collection_paused
from sim.errors import PanjError
from sim.measures.registry import known
from sim.measures.user_defined import install_user_outcomes, pack_user_outcomes
from sim.model import BorderModel
from sim.rare import pilot
from sim.rare.event import Event
from sim.rare.probability import Difference, Probability, estimate_difference, estimate_probability
from sim.rare.tree import Levels, Tree, branching, grow
from sim.rules import user_rules
from sim.runs.batch import ScenariosLike
from sim.runs.execute import call_all
from sim.runs.posterior import DrawsLike, choose_draws
from sim.runs.replicate import RunKey
from sim.runs.workers import Serial, start_workers

if TYPE_CHECKING:
    from sim.runs.workers import Workers
    from sim.scenario.spec import Scenario


_TIMED: Final = 8
"""Years run whole to measure the time of one."""


@dataclass(frozen=True)
class Rare:
    """The result; the first scenario is the baseline of the differences."""

    event: Event
    levels: Levels
    confidence: float
    seed: int
    chances: tuple[Probability, ...]
    differences: tuple[Difference, ...]
    pilot_years: int
    year_seconds: float
    """Processor time of a year run whole."""


@dataclass(frozen=True)
class Request:
    """What a worker needs to follow a root year in every scenario."""

    scenarios: tuple[str, ...]
    """With all values, as JSON."""
    event: Event
    kind: type[BorderModel]
    rules: bytes | None
    outcomes: bytes | None
    levels: Levels | None = None
    """``None`` runs years whole, to measure their time."""


def follow_root_year(request: Request, which: RunKey) -> list[Tree]:
    """Follow a root year in every scenario of a request."""
    from sim.scenario.spec import Scenario

    user_rules.unpack(request.rules)
    if request.outcomes is not None:
        install_user_outcomes(request.outcomes)
    specs = map(Scenario.model_validate_json, request.scenarios)
    return [_follow_scenario(request, spec, which) for spec in specs]


def _follow_scenario(request: Request, scenario: Scenario, which: RunKey) -> Tree:
    began = time.process_time()
    scenario, seed = which.drawn(scenario), which.empty_run().seed
    if request.levels is None:
        request.kind(scenario, seed).run()
        tree = Tree()
    else:
        outcome = known(scenario.ground)[request.event.outcome]
        with collection_paused():
            model = branching(request.kind)(scenario, seed)
            tree = grow(model, outcome, request.event.threshold, request.levels)
    tree.seconds = time.process_time() - began
    return tree


def _run_trees(
    request: Request,
    first: RunKey,
    roots: int,
    workers: Workers,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[list[Tree]]:
    """Follow root years from the ``first`` on; return their trees, one list for each scenario."""
    calls = ((root, partial(follow_root_year, request, first._replace(replicate=root)))
             for root in range(roots))  # fmt: skip
    by_root: dict[int, list[Tree]] = {}
    progress(0, roots)
    for root, trees in call_all(calls, workers):
        if trees is None:
            raise PanjError("the process that ran it died", key="root year", value=root)
        by_root[root] = trees
        progress(len(by_root), roots)
    return [list(column) for column in zip(*(by_root[r] for r in range(roots)), strict=True)]


def run_rare(
    scenarios: ScenariosLike,
    event: str,
    roots: int = 200,
    jobs: int | None = None,
    executor: Executor | str | None = None,
    *,
    root: int = 0,
    posterior: DrawsLike = None,
    draws: int | None = None,
    year: str | None = None,
    confidence: float = 0.9,
    levels: Levels | None = None,
    model: type[BorderModel] = BorderModel,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Rare:
    """Estimate the probability of ``event``, such as ``"worst_35_days>=20"``, in each scenario.

    ``roots`` is the number of root years, the same ones in every scenario: root year r has the seed
    and the draw of replicate r of :func:`sim.runs.batch.run_batch`; the other arguments are as
    there. A pilot in the first scenario chooses ``levels`` unless given. ``model`` is the class of
    the model. ``progress`` is called with the numbers of finished and of all root years.

    Raises :class:`sim.errors.PanjError` for an event that cannot be split and for a model that
    cannot be copied.
    """
    from sim.scenario.design import scenarios as resolve

    specs = resolve(scenarios)
    if roots < 2:
        raise PanjError("needs at least two root years", key="-n", value=roots)
    Question(confidence=confidence)  # refuses what is not a confidence
    wanted = Event.parse(event, specs[0].ground)
    with start_workers(executor, jobs) as workers:
        user_code: tuple[bytes | None, bytes | None] = None, None
        if not isinstance(workers, Serial):
            user_code = user_rules.pack(user_rules.used_by(specs)), pack_user_outcomes()
        texts = tuple(spec.model_dump_json() for spec in specs)
        request = Request(texts, wanted, model, *user_code)
        runs = RunKey(0, root, choose_draws(posterior, draws, year))
        others = runs._replace(root=-1 - root)  # other seeds, for the pilot and the timed years
        first = replace(request, scenarios=texts[:1])
        (plain,) = _run_trees(first, others, _TIMED, workers)
        if levels is None:
            unsplit = replace(first, levels=Levels((), 1), event=wanted.never)
            (tried,) = _run_trees(unsplit, others, pilot.YEARS, workers)
            levels = pilot.choose_levels(tried, wanted.threshold)
        trees = _run_trees(replace(request, levels=levels), runs, roots, workers, progress)
    names = [spec.name for spec in specs]
    return Rare(
        wanted,
        levels,
        confidence,
        root,
        tuple(
            estimate_probability(name, of, confidence)
            for name, of in zip(names, trees, strict=True)
        ),
        tuple(
            estimate_difference((name, names[0]), of, trees[0], confidence)
            for name, of in zip(names[1:], trees[1:], strict=True)
        ),
        pilot.YEARS,
        sum(tree.seconds for tree in plain) / len(plain),
    )
