"""``sim.optimise``: the best mix for a budget, sought on training years, judged on others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.comparison.ceiling import ceiling
from sim.comparison.contrasts import contrast_scenarios
from sim.comparison.question import Question
from sim.comparison.samples import Floats, Sample
from sim.errors import PanjError, ScenarioError
from sim.explore.optimise import mixes, output
from sim.explore.optimise.budget import Budget, read_budget, shipped
from sim.explore.optimise.evaluation import Evaluator, as_losses, mean, split_draws
from sim.explore.optimise.mixes import Mix, renamed, unsearched_mixes
from sim.explore.optimise.pricing import Amounts, PricedBudget
from sim.explore.optimise.result import Allocation, Bought, More, Optimum, Tried
from sim.explore.optimise.search import BATCH, Surrogate, space_filling_points, weights_at
from sim.explore.result import save_result
from sim.measures.registry import EXPECTATIONS, known
from sim.registry import did_you_mean
from sim.runs.batch import BatchOptions, BatchProgress
from sim.runs.posterior import DEFAULT_DRAWS, DrawsLike, choose_draws
from sim.runs.workers import start_workers
from sim.scenario.load import load
from sim.scenario.values import digest

if TYPE_CHECKING:
    from sim.scenario.overrides import Overrides
    from sim.scenario.spec import Scenario

COST: Final = "cost_usd"
INTERDICTION: Final = "interdiction_share"
LESS: Final = (0.5, 0.75)
"""Parts of the free money for which the same division is also run."""
FINALISTS: Final = 3
LONGER: Final = 4
"""Finalists are run on this multiple of the years."""


@dataclass(frozen=True)
class Effort:
    """How much to run: mixes, training years of each, held-out years, years of one unit more."""

    mixes: int = 32
    training: int = 12
    years: int = 300
    unit_years: int = 40

    def __post_init__(self) -> None:
        least = {"--mixes": self.mixes, "--training": self.training, "-n": self.years}
        for key, value in least.items():
            if value < 2:
                raise PanjError("needs at least two", key=key, value=value)


def optimise(
    budget: Budget | str | Path | None = None,
    folder: str | Path = "optimum",
    effort: Effort = Effort(),
    jobs: int | None = None,
    executor: Executor | str | None = None,
    *,
    harm: str = "victims",
    seed: int = 0,
    posterior: DrawsLike = None,
    draws: int | None = None,
    year: str | None = None,
    overrides: Overrides | None = (),
    confidence: float = 0.9,
    asked: str = "sim.optimise",
    progress: Callable[[BatchProgress], None] = lambda tally: None,
) -> Optimum:
    """Search for the mix of levers with the least ``harm`` for a budget; see docs/explore.md.

    ``budget`` is a file; the default is the shipped one. ``folder`` gets ``best.toml``,
    ``plan.csv`` and two stores, ``training`` and ``held_out``. Existing runs are not repeated, so
    the same call continues after an interruption. Training years and held-out years have different
    seeds and different draws of ``posterior``, ``draws`` of each. ``seed`` is that of the years and
    of the search. Raises :class:`~sim.errors.PanjError` for a budget that cannot be spent.
    """
    read = budget if isinstance(budget, Budget) else read_budget(Path(budget or shipped()))
    base = load(read.scenario, overrides)
    way = known(base.ground).get(harm)
    if way is None or way.better == "neither":
        raise PanjError(
            "is not an outcome of which less, or more, is better", key="--harm", value=harm,
            remedy=did_you_mean(harm, known(base.ground)) or "'panj outcomes' lists all.",
        )  # fmt: skip
    question = Question(outcomes=[harm, COST, INTERDICTION], harm=harm, confidence=confidence)
    priced = PricedBudget(read, base)
    count = draws or DEFAULT_DRAWS
    training, held = split_draws(choose_draws(posterior, 2 * count, year))
    place = Path(folder)
    with start_workers(executor, jobs) as workers:
        options = BatchOptions(progress=progress, command=asked)
        evaluator = Evaluator(place / "training", 2 * seed, training, workers, options)
        search = _Search(priced, base, harm, effort, seed, evaluator)
        best = search.best()
        evaluator = Evaluator(place / "held_out", 2 * seed + 1, held, workers, options)
        result = _Verdict(priced, base, question, effort, evaluator).result(best, search, asked)
    save_result(place / "held_out", result)
    output.write(place, best.scenario, result)
    return result


@dataclass
class _Search:
    """The search on training years; the most promising mixes are tried next."""

    priced: PricedBudget
    base: Scenario
    harm: str
    effort: Effort
    seed: int
    evaluator: Evaluator

    def __post_init__(self) -> None:
        self.outcomes = list(dict.fromkeys([self.harm, COST, INTERDICTION]))
        self.evaluator.run([self.base], LONGER * self.effort.training, self.outcomes)
        self.risk = self.evaluator.harm_by_district(self.base.name)
        self.unsearched = unsearched_mixes(self.priced, self.risk)
        self.samples: dict[str, Sample] = {}

    def best(self) -> Mix:
        """The mix with the least harm among finalists, which are run on more training years."""
        points = self._first_points()
        harms = self._harms(points)
        rng = np.random.default_rng([self.seed, 1])
        while len(points) < self.effort.mixes:
            surrogate = Surrogate(points, self._features(points), harms)
            pool = surrogate.candidates(rng)
            wanted = min(BATCH, self.effort.mixes - len(points))
            points = np.concatenate(
                [points, pool[surrogate.choose_next(self._features(pool), rng, wanted)]]
            )
            harms = self._harms(points)
        expected = Surrogate(points, self._features(points), harms).expected()
        order = np.argsort(np.round(expected, 6), kind="stable")[:FINALISTS]
        finalists = list({m.name: m for m in (self.mix(points[place]) for place in order)}.values())
        longer = LONGER * self.effort.training
        runs = self.evaluator.run([m.scenario for m in finalists], longer, self.outcomes)
        return min(finalists, key=lambda m: mean(as_losses(runs[m.name], self.harm)) or 0.0)

    def _first_points(self) -> Floats:
        """The first points: the even mix, the one by risk, and points that fill the space."""
        count = min(2 * BATCH, self.effort.mixes)
        spread = space_filling_points(len(self.priced.levers), count, self.seed)
        for place, risk in enumerate((None, self.risk)):
            weights = mixes.weights(self.priced, risk)
            spread[place] = 1.0 - np.exp2(-weights / weights[self.priced.paid].mean())
        return spread

    def mix(self, point: Floats, total: float | None = None) -> Mix:
        """The mix at a point, named after the digest of its scenario."""
        priced = self.priced
        free = [x.low + p * (x.high - x.low) for x, p in zip(priced.levers, point, strict=True)]
        amounts = priced.spend(weights_at(point), free, total)
        scenario = priced.scenario(amounts)
        name = f"mix_{digest(scenario)[:10]}"
        return Mix(name, name, amounts, renamed(scenario, name, "A mix that was tried"))

    def _features(self, points: Floats) -> Floats:
        """Shares of the ranges that mixes buy, or take for free, (points, levers)."""
        rows = [self.priced.parts(weights_at(point)) for point in points]
        features: Floats = np.where(self.priced.paid, np.array(rows), points)
        return features

    def _harms(self, points: Floats) -> Floats:
        every = [self.mix(point) for point in points]
        self.points = {m.name: point for m, point in zip(every, points, strict=True)}
        missing = {m.name: m.scenario for m in every if m.name not in self.samples}
        if missing:
            self.samples |= self.evaluator.run(
                list(missing.values()), self.effort.training, self.outcomes
            )
        return np.array([mean(as_losses(self.samples[m.name], self.harm)) or 0.0 for m in every])

    def tried(self) -> tuple[Tried, ...]:
        """Every mix tried, and whether it is efficient."""
        rows = list(self.samples.values())
        ends = np.array([
            [mean(as_losses(s, name)) or 0.0 for name in self.outcomes] for s in rows
        ])  # fmt: skip
        return tuple(
            Tried(
                harm=mean(s.mean_of(self.harm)) or 0.0,
                error=float(np.nanstd(s.mean_of(self.harm), ddof=1)) / len(s.replicates) ** 0.5,
                cost=mean(s.mean_of(COST)) or 0.0,
                interdiction=mean(s.mean_of(INTERDICTION)),
                efficient=not _is_dominated(ends, place),
            )
            for place, s in enumerate(rows)
        )


def _is_dominated(ends: Floats, place: int) -> bool:
    """Whether another row is nowhere worse and somewhere better (Pareto 1906)."""
    no_worse = (ends <= ends[place]).all(axis=1)
    return bool((no_worse & (ends < ends[place]).any(axis=1)).any())


class Saving(NamedTuple):
    """The harm that a mix saves, with its interval."""

    saved: float | None
    low: float | None
    high: float | None

    @property
    def negated(self) -> Saving:
        """The saving with the opposite sign."""
        middle, low, high = (None if end is None else -end for end in self)
        return Saving(middle, high, low)


@dataclass
class _Verdict:
    """The mix against other allocations, on years that did not choose it."""

    priced: PricedBudget
    base: Scenario
    question: Question
    effort: Effort
    evaluator: Evaluator

    def __post_init__(self) -> None:
        self.harm = str(self.question.harm)
        self.outcomes = list(dict.fromkeys(self.question.outcomes or ()))

    def result(self, best: Mix, search: _Search, asked: str) -> Optimum:
        """The whole result."""
        priced, effort = self.priced, self.effort
        mix = Mix("mix", "the best mix found", best.amounts,
                  renamed(best.scenario, "mix", "The best mix found"))  # fmt: skip
        now = Mix(self.base.name, "as it is now", (), self.base)
        ways = [now, mix, *search.unsearched]
        every = [*ways, *self._less(search, search.points[best.name])]
        return Optimum(
            asked=asked,
            runs=effort.years * len(every),
            harm=self.harm,
            better=known(self.base.ground)[self.harm].better,
            expected=self.harm in EXPECTATIONS,
            currency=priced.currency,
            scenario=self.base.name,
            total=priced.total,
            least=priced.total - priced.pool,
            spent=priced.price(mix.amounts),
            confidence=self.question.confidence,
            training=effort.training,
            bought=tuple(
                Bought(
                    lever=lever.name, low=lever.low, high=lever.high, price=float(rise),
                    amounts={w.name: w.amounts[n] for w in ways if w.amounts},
                )
                for n, (lever, rise) in enumerate(
                    zip(priced.levers, priced.range_prices, strict=True)
                )
            ),
            allocations=tuple(self._allocations(every, effort.years)),
            tried=search.tried(),
            more=tuple(self._more(mix, min(effort.unit_years, effort.years))),
        )  # fmt: skip

    def _less(self, search: _Search, point: Floats) -> list[Mix]:
        """The same division of less money, as mixes."""
        found = []
        for part in LESS:
            less = search.mix(point, self.priced.total - (1.0 - part) * self.priced.pool)
            name = f"mix_{100 * part:.0f}"
            title = f"the same mix for {100 * part:.0f} % of the money"
            found.append(Mix(name, title, less.amounts, renamed(less.scenario, name, title)))
        return found

    def _allocations(self, ways: Sequence[Mix], years: int) -> list[Allocation]:
        samples = self.evaluator.run([w.scenario for w in ways], years, self.outcomes)
        saved = self._saved(samples)
        return [
            Allocation(
                name=w.name, title=w.title, years=len(samples[w.name].replicates),
                price=self.priced.price(w.amounts) if w.amounts else self.priced.current_price,
                harm=mean(samples[w.name].mean_of(self.harm)) or 0.0,
                cost=mean(samples[w.name].mean_of(COST)) or 0.0,
                interdiction=mean(samples[w.name].mean_of(INTERDICTION)),
                reached=ceiling(w.scenario).expected_reached,
                **saved.get(w.name, Saving(None, None, None))._asdict(),
            )
            for w in ways
        ]  # fmt: skip

    def _saved(self, samples: dict[str, Sample]) -> dict[str, Saving]:
        """The harm that the mix averts against each scenario, by name."""
        found = {}
        for contrast in contrast_scenarios(samples, "mix", [self.harm], self.question):
            ends = Saving(contrast.difference, contrast.low, contrast.high)
            found[contrast.scenario] = ends.negated if contrast.orientation == "more" else ends
        return found

    def _more(self, mix: Mix, years: int) -> list[More]:
        """One unit more of each lever on top of the mix, as far as its parameters allow."""
        places = range(len(self.priced.levers))
        extended = {n: one for n in places if (one := self._extended(mix.amounts, n))}
        every = [mix.scenario, *(one.scenario for one in extended.values())]
        saved = self._saved(self.evaluator.run(every, years, self.outcomes))
        return [
            More(
                lever=self.priced.levers[place].name, years=years,
                step=one.amounts[place] - mix.amounts[place],
                price=self.priced.price(one.amounts) - self.priced.price(mix.amounts),
                saved=ends.saved or 0.0, low=ends.low, high=ends.high,
            )
            for place, one in extended.items() for ends in (saved[one.name].negated,)
        ]  # fmt: skip

    def _extended(self, amounts: Amounts, place: int) -> Mix | None:
        lever = self.priced.levers[place]
        least, most = lever.bounds()
        way = 1.0 if lever.high > lever.low else -1.0
        wanted = min(max(amounts[place] + way * lever.step, least), most)
        if wanted == amounts[place]:
            return None
        after = self.priced.at(amounts, place, wanted)
        name, title = f"more_{place + 1:02d}", f"The mix, and one unit more: {lever.name}"
        try:
            return Mix(name, title, after, renamed(self.priced.scenario(after), name, title))
        except ScenarioError:  # a limit that depends on other parameters
            return None
