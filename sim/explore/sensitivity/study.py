"""A sensitivity analysis: a design over scenarios, run as a batch, and read."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from sim.comparison.question import Question
from sim.comparison.samples import read_samples, with_expected
from sim.errors import PanjError, StoreError
from sim.explore.result import save_result
from sim.explore.sensitivity.design import METHODS, Design
from sim.explore.sensitivity.factors import FREE, Floats, factors_of
from sim.explore.sensitivity.indices import block_size, complete_points, indices_of
from sim.explore.sensitivity.result import FactorRange, Influence, Sensitivity, Subject
from sim.explore.sensitivity.variance import split_variance
from sim.measures.registry import known
from sim.registry import near
from sim.runs.batch import Drawn, Tally, Wanted, Watch, hired, run_on
from sim.runs.request import Request

if TYPE_CHECKING:
    from sim.runs.store import Store
    from sim.scenario.spec import Scenario

SEEDS = 4
"""Seeds of every point unless told otherwise."""


@dataclass(frozen=True)
class Study:
    """A design over one scenario, or over two whose difference is asked about."""

    scenarios: Sequence[Scenario]
    design: Design
    seeds: int
    outcomes: Sequence[str]
    confidence: float

    def __post_init__(self) -> None:
        if not 1 <= len(self.scenarios) <= 2:
            raise PanjError(
                "takes one scenario, or two whose difference is asked about",
                key="SCENARIO",
                value=[scenario.name for scenario in self.scenarios],
            )
        if self.seeds < 1:
            raise PanjError("needs at least one seed", key="--seeds", value=self.seeds)
        Question(confidence=self.confidence)  # refuses what is not a confidence
        for outcomes in (known(scenario.ground) for scenario in self.scenarios):
            for name in self.outcomes or ("",):
                if name not in outcomes:
                    raise PanjError(
                        "is not an outcome", key="--outcomes", value=name,
                        remedy=near(name, outcomes) or "'panj outcomes' lists them.",
                    )  # fmt: skip

    @property
    def request(self) -> Request:
        """What is asked of a batch: every point with every seed, and no table but outcomes."""
        return Request(
            self.scenarios,
            len(self.design.places) * self.seeds,
            self.design.seed,
            {"districts": False},
            posterior=self.design.table,
        )

    def check(self, folder: Path) -> None:
        """Refuse what would not run, before anything does. Raises ``PanjError``."""
        self.design.check_store(folder)
        self.design.check(self.scenarios)

    def read(self, store: Store, asked: str) -> Sensitivity:
        """What the runs of a store say. Raises ``StoreError`` where too few ended well."""
        points, names = len(self.design.places), [scenario.name for scenario in self.scenarios]
        values, expected = self._values(store, names)
        first, *others = names
        subjects = [
            self._subject(other, first, outcome, of[1] - of[0], outcome in expected)
            for other in others
            for outcome, of in values.items()
        ]
        subjects += [
            self._subject(first, None, outcome, of[0], outcome in expected)
            for outcome, of in values.items()
        ]
        return Sensitivity(
            asked=asked,
            runs=points * self.seeds * len(names),
            method=self.design.method,  # type: ignore[arg-type]
            n=self.design.n,
            points=points,
            seeds=self.seeds,
            confidence=self.confidence,
            factors=tuple(self._factor_ranges()),
            subjects=tuple(subjects),
        )

    def _values(
        self, store: Store, names: Sequence[str]
    ) -> tuple[dict[str, list[Floats]], set[str]]:
        """Of each outcome an array (points, seeds) for each scenario; which are expected harm."""
        points = len(self.design.places)
        table = store.outcomes(names, with_expected(self.outcomes))
        samples = read_samples(table, names, self.outcomes)
        found: dict[str, list[Floats]] = {outcome: [] for outcome in self.outcomes}
        for outcome, name in ((o, n) for o in self.outcomes for n in names):
            sample = samples[name].before(points * self.seeds)
            runs = np.full(points * self.seeds, np.nan)
            runs[sample.replicates] = sample.mean_of(outcome)
            found[outcome].append(runs.reshape(self.seeds, points).T)
        return found, set.intersection(*(set(sample.expected) for sample in samples.values()))

    def _subject(
        self, scenario: str, against: str | None, outcome: str, runs: Floats, expected: bool
    ) -> Subject:
        used = complete_points(self.design, runs)
        if used.sum() < 2 * block_size(self.design):
            raise StoreError(
                f"too few of its runs can be used for {outcome}: {int(used.sum()):,} of the "
                f"{len(runs):,} points ended well, with every other that belongs to them",
                value=scenario,
                remedy="'panj store sql' tells why runs failed; or ask for another outcome.",
            )
        found = indices_of(self.design, runs, self.confidence)
        low = np.maximum(found.index - found.half, 0.0)
        influences = [
            Influence(
                factor=factor.name,
                index=float(found.index[j]),
                low=float(low[j]),
                high=float(found.index[j] + found.half[j]),
                change=float(found.change[j]),
                turns=bool(found.turns[j]),
                second=None if found.second is None else float(found.second[j]),
                luck=None if isnan(found.luck[j]) else float(found.luck[j]),
            )
            for j, factor in enumerate(self.design.factors)
        ]
        return Subject(
            scenario=scenario,
            against=against,
            outcome=outcome,
            expected=expected,
            mean=float(runs[used].mean()),
            dropped=int((~used).sum()),
            split=split_variance(runs[used]),
            influences=tuple(sorted(influences, key=lambda each: -each.index)),
        )

    def _factor_ranges(self) -> Iterator[FactorRange]:
        for factor, column in zip(self.design.factors, self.design.values.T, strict=True):
            own = [s.name for s in self.scenarios if not factor.sets.values(0.0, s)]
            yield FactorRange(
                name=factor.name,
                low=float(column.min()),
                high=float(column.max()),
                unit=factor.sets.unit,
                lever=factor.lever,
                kept_by=tuple(own),
            )


def study(
    scenarios: Sequence[Scenario],
    over: Iterable[str],
    method: str = "morris",
    n: int | None = None,
    seeds: int = SEEDS,
    outcomes: Sequence[str] = ("victims",),
    root: int = 0,
    posterior: Drawn = None,
    confidence: float = 0.9,
) -> Study:
    """A study by what is asked; nothing is run. See :func:`sensitivity` for the words."""
    from sim.runs.batch import chosen

    believed = None if posterior is None else chosen(posterior, 10**9)
    usual = METHODS[method].usual if method in METHODS else 1
    factors = factors_of(over, scenarios, believed)
    moved, held = ([f for f in factors if f.moves is moves] for moves in (True, False))
    design = Design(method, usual if n is None else n, moved, root, held)
    return Study(scenarios, design, seeds, tuple(dict.fromkeys(outcomes)), confidence)


def sensitivity(
    scenarios: Wanted,
    over: str | Iterable[str] = FREE,
    method: str = "morris",
    n: int | None = None,
    seeds: int = SEEDS,
    folder: str | Path | None = None,
    jobs: int | None = None,
    executor: Executor | str | None = None,
    *,
    outcomes: str | Sequence[str] = ("victims",),
    root: int = 0,
    posterior: Drawn = None,
    confidence: float = 0.9,
    command: str = "",
    progress: Callable[[Tally], None] = lambda tally: None,
) -> Sensitivity:
    """Tell which parameters and levers move outcomes of a scenario; with two, their difference.

    ``over`` is ``"free"`` (the free parameters, over their priors), or levers with their bounds
    (``"patrols.sorties_per_day=1:6"``), or a list of both. ``method`` is ``"morris"``, ``"sobol"``
    or ``"pawn"``, with ``n`` trajectories, base points (a power of two) or points. Every point is
    run with the same ``seeds`` seeds, which come from ``root``, as the design does. With a
    ``posterior`` free parameters range over its draws, one by one, instead of the prior. Runs go
    to ``folder`` and are not made again; ``jobs`` and ``executor`` are those of
    :func:`sim.runs.batch.hired`. Raises :class:`sim.errors.PanjError`.
    """
    from sim.scenario.design import scenarios as meant

    asked = [over] if isinstance(over, str) else over
    wanted = [outcomes] if isinstance(outcomes, str) else outcomes
    specs = meant(scenarios)
    task = study(specs, asked, method, n, seeds, wanted, root, posterior, confidence)
    with ExitStack() as stack:
        path = Path(folder or stack.enter_context(TemporaryDirectory(prefix="panj-")))
        task.check(path)
        workers = stack.enter_context(hired(executor, jobs))
        watch = Watch(progress, command=command or None)
        store = run_on(path, task.request, workers, watch).store
        names = [spec.name for spec in specs]
        found = task.read(store, command or shlex.join(["sim.sensitivity", *names]))
        if folder is not None:
            save_result(path, found)
    return found
