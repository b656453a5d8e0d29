"""Rare years of scenarios: a pilot chooses the levels, then root years are followed in pairs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sim.engine.collector import resting
from sim.errors import PanjError
from sim.measures.own import adopt, packed
from sim.measures.registry import known
from sim.model import BorderModel
from sim.rare import pilot
from sim.rare.chance import Chance, Difference, chance, difference
from sim.rare.event import Event
from sim.rare.tree import Levels, Tree, branching, grow
from sim.rules import own
from sim.runs.batch import Drawn, Wanted, chosen, hired
from sim.runs.execute import Pace, execute
from sim.runs.plan import seed_of
from sim.runs.workers import Serial

if TYPE_CHECKING:
    from sim.runs.posterior import Posterior
    from sim.runs.workers import Workers
    from sim.scenario.spec import Scenario


_TIMED: Final = 8
"""Years run whole to see how long one takes."""


@dataclass(frozen=True)
class Rare:
    """What was found. The first of the scenarios is the baseline of the differences."""

    event: Event
    levels: Levels
    confidence: float
    seed: int
    chances: tuple[Chance, ...]
    differences: tuple[Difference, ...]
    pilot_years: int
    year_seconds: float
    """Processor time of a year run whole."""


@dataclass(frozen=True)
class Order:
    """Root years that one worker follows in every scenario, with all it needs."""

    roots: tuple[int, ...]
    scenarios: tuple[str, ...]
    """Resolved, as JSON."""
    seed: int
    event: Event
    levels: Levels | None
    """``None``: years are run whole, to see how long that takes."""
    posterior: Posterior | None
    kind: type[BorderModel]
    rules: bytes | None
    outcomes: bytes | None

    def __len__(self) -> int:
        return len(self.roots)

    def halves(self) -> tuple[Order, Order]:
        """The order as two; it must hold more than one root year."""
        middle = len(self.roots) // 2
        return replace(self, roots=self.roots[:middle]), replace(self, roots=self.roots[middle:])


@dataclass(frozen=True)
class Grown:
    """One root year in one scenario."""

    root: int
    scenario: int
    tree: Tree
    seconds: float


def follow(order: Order) -> tuple[tuple[Grown, ...], float]:
    """Follow the root years of an order in every scenario; also the seconds that it took."""
    from sim.scenario.spec import Scenario

    began = time.perf_counter()
    own.unpack(order.rules)
    if order.outcomes is not None:
        adopt(order.outcomes)
    scenarios = [Scenario.model_validate_json(text) for text in order.scenarios]
    found = tuple(
        _followed(order, scenario, root, place)
        for root in order.roots
        for place, scenario in enumerate(scenarios)
    )
    return found, time.perf_counter() - began


def _followed(order: Order, scenario: Scenario, root: int, place: int) -> Grown:
    began = time.process_time()
    if order.posterior is not None:
        scenario = order.posterior.apply(scenario, root)
    outcome = known(scenario.ground)[order.event.outcome]
    seed = seed_of(root, order.seed)
    if order.levels is None:
        model = order.kind(scenario, seed)
        model.run()
        tree = Tree()
    else:
        with resting():
            model = branching(order.kind)(scenario, seed)
            tree = grow(model, outcome, order.event.threshold, order.levels)
    return Grown(root, place, tree, time.process_time() - began)


def _died(order: Order) -> tuple[tuple[Grown, ...], float]:
    raise PanjError("the process that ran it died", key="root year", value=order.roots[0])


def run_rare(
    scenarios: Wanted,
    event: str,
    roots: int = 200,
    jobs: int | None = None,
    executor: Executor | str | None = None,
    *,
    root: int = 0,
    posterior: Drawn = None,
    draws: int | None = None,
    year: str | None = None,
    confidence: float = 0.9,
    levels: Levels | None = None,
    model: type[BorderModel] = BorderModel,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Rare:
    """Estimate how likely ``event`` is in a run of each scenario, such as ``"worst_35_days>=20"``.

    ``roots`` is the number of root years, the same ones in every scenario: root year r has seed
    and draw of replicate r of :func:`sim.runs.batch.run_batch`, whose words the other arguments
    have. ``levels`` are chosen by a pilot in the first scenario unless given. ``model`` is the
    kind of model. ``progress`` is told how many root years are done, and of how many.

    Raises :class:`sim.errors.PanjError` for an event that cannot be split and for a model that
    cannot be copied.
    """
    from sim.scenario.design import scenarios as meant

    specs = meant(scenarios)
    if roots < 2:
        raise PanjError("needs at least two root years", key="-n", value=roots)
    if not 0.5 <= confidence < 1.0:
        raise PanjError("must lie between 0.5 and 1", key="confidence", value=confidence)
    wanted = Event.parse(event, specs[0].ground)
    with hired(executor, jobs) as workers:
        task = _Task(specs, wanted, root, chosen(posterior, draws, year), model, workers)
        year_seconds = task.plain()
        at = levels or pilot.levels(task.pilot(), wanted.threshold)
        grown = task.grown(roots, at, progress)
    return _found(specs, wanted, at, grown, (confidence, root, year_seconds))


class _Task:
    """Orders for one question, and what workers make of them."""

    def __init__(
        self,
        specs: Sequence[Scenario],
        event: Event,
        seed: int,
        posterior: Posterior | None,
        kind: type[BorderModel],
        workers: Workers,
    ) -> None:
        here = isinstance(workers, Serial)
        texts = tuple(spec.model_dump_json() for spec in specs)
        rules, outcomes = (None, None) if here else (own.packed(own.own(specs)), packed())
        self._workers = workers
        self._order = Order((), texts, seed, event, None, posterior, kind, rules, outcomes)

    def plain(self) -> float:
        """Processor seconds of a year run whole, without any of this."""
        found = list(self._followed(self._first, _TIMED))
        return sum(one.seconds for one in found) / len(found)

    def pilot(self) -> list[Tree]:
        """Years that are not split, of the first scenario; no root year has their seeds."""
        order = replace(self._first, levels=Levels((), 1), event=self._order.event.never)
        return [one.tree for one in self._followed(order, pilot.YEARS)]

    @property
    def _first(self) -> Order:
        first = self._order.scenarios[:1]
        return replace(self._order, scenarios=first, seed=-1 - self._order.seed)

    def grown(
        self, roots: int, levels: Levels, progress: Callable[[int, int], None]
    ) -> list[list[Grown]]:
        """What became of the root years, by scenario and in their order."""
        width = len(self._order.scenarios)
        progress(0, roots)
        found: list[Grown] = []
        for one in self._followed(replace(self._order, levels=levels), roots):
            found.append(one)
            progress(len(found) // width, roots)
        found.sort(key=lambda one: (one.scenario, one.root))
        return [found[start : start + roots] for start in range(0, len(found), roots)]

    def _followed(self, order: Order, roots: int) -> Iterator[Grown]:
        pace = Pace(self._workers.width)

        def orders() -> Iterator[Order]:
            first = 0
            while first < roots:
                size = pace.size(roots - first)
                yield replace(order, roots=tuple(range(first, first + size)))
                first += size

        for found, seconds in execute(orders(), follow, _died, self._workers):
            pace.learn(len(found) // len(order.scenarios), seconds)
            yield from found


def _found(
    specs: Sequence[Scenario],
    event: Event,
    levels: Levels,
    grown: Sequence[Sequence[Grown]],
    how: tuple[float, int, float],
) -> Rare:
    confidence, seed, year_seconds = how
    names = [spec.name for spec in specs]
    trees = [[one.tree for one in column] for column in grown]
    chances = tuple(
        chance(name, of, confidence, sum(one.seconds for one in column))
        for name, of, column in zip(names, trees, grown, strict=True)
    )
    differences = tuple(
        difference((name, names[0]), of, trees[0], confidence)
        for name, of in zip(names[1:], trees[1:], strict=True)
    )
    return Rare(event, levels, confidence, seed, chances, differences, pilot.YEARS, year_seconds)
