"""A sensitivity analysis: a design over scenarios is run as a batch and its indices are read."""

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
from sim.registry import did_you_mean
from sim.runs.batch import BatchOptions, BatchProgress, ScenariosLike, fill_store
from sim.runs.posterior import DrawsLike
from sim.runs.request import Request
from sim.runs.workers import start_workers

if TYPE_CHECKING:
    from sim.runs.store import Store
    from sim.scenario.spec import Scenario

SEEDS = 4
"""Default number of seeds of every point."""


@dataclass(frozen=True)
class Study:
    """A design over one scenario, or over two to compare."""

    scenarios: Sequence[Scenario]
    design: Design
    seeds: int
    outcomes: Sequence[str]
    confidence: float

    def __post_init__(self) -> None:
        if not 1 <= len(self.scenarios) <= 2:
            raise PanjError(
                "takes one scenario, or two to compare",
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
                        remedy=did_you_mean(name, outcomes) or "'panj outcomes' lists them.",
                    )  # fmt: skip

    @property
    def request(self) -> Request:
        """The batch to run: every point with every seed, and no table but that of outcomes."""
        return Request(
            self.scenarios,
            len(self.design.places) * self.seeds,
            self.design.seed,
            {"districts": False},
            posterior=self.design.table,
        )

    def check(self, folder: Path) -> None:
        """Raise ``PanjError`` for what would not run, before any run."""
        self.design.check_store(folder)
        self.design.check(self.scenarios)

    def read(self, store: Store, asked: str) -> Sensitivity:
        """Read the indices from a store. Raises ``StoreError`` where too few runs ended well."""
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
        """For each outcome one array (points, seeds) per scenario; and which are expected harm."""
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
                f"{len(runs):,} points belong to a complete trajectory or base point",
                value=scenario,
                remedy="'panj store sql' shows why runs failed; or name another outcome.",
            )
        indices = indices_of(self.design, runs, self.confidence)
        low = np.maximum(indices.index - indices.half, 0.0)
        influences = [
            Influence(
                factor=factor.name,
                index=float(indices.index[j]),
                low=float(low[j]),
                high=float(indices.index[j] + indices.half[j]),
                change=float(indices.change[j]),
                turns=bool(indices.turns[j]),
                second=None if indices.second is None else float(indices.second[j]),
                luck=None if isnan(indices.luck[j]) else float(indices.luck[j]),
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
            kept_by = [s.name for s in self.scenarios if not factor.sets.values(0.0, s)]
            yield FactorRange(
                name=factor.name,
                low=float(column.min()),
                high=float(column.max()),
                unit=factor.sets.unit,
                lever=factor.lever,
                kept_by=tuple(kept_by),
            )


def study(
    scenarios: Sequence[Scenario],
    over: Iterable[str],
    method: str = "morris",
    n: int | None = None,
    seeds: int = SEEDS,
    outcomes: Sequence[str] = ("victims",),
    root: int = 0,
    posterior: DrawsLike = None,
    confidence: float = 0.9,
) -> Study:
    """Make a study without running it; :func:`sensitivity` describes the arguments."""
    from sim.runs.posterior import choose_draws

    believed = None if posterior is None else choose_draws(posterior, 10**9)
    default = METHODS[method].default if method in METHODS else 1
    factors = factors_of(over, scenarios, believed)
    moved, held = ([f for f in factors if f.moves is moves] for moves in (True, False))
    design = Design(method, default if n is None else n, moved, root, held)
    return Study(scenarios, design, seeds, tuple(dict.fromkeys(outcomes)), confidence)


def sensitivity(
    scenarios: ScenariosLike,
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
    posterior: DrawsLike = None,
    confidence: float = 0.9,
    command: str = "",
    progress: Callable[[BatchProgress], None] = lambda tally: None,
) -> Sensitivity:
    """Find which parameters and levers move outcomes of a scenario; of two, their difference.

    ``over`` is ``"free"`` (the free parameters, over their priors), or levers with their bounds
    (``"patrols.sorties_per_day=1:6"``), or a list of both. ``method`` is ``"morris"`` with ``n``
    trajectories, or ``"sobol"`` with ``n`` base points (a power of two). Every point is run with
    the same ``seeds`` seeds; they and the design come from ``root``. With a ``posterior`` each free
    parameter ranges over its draws instead of the prior. Runs are stored in ``folder`` and are not
    repeated; ``jobs`` and ``executor`` are those of
    :func:`sim.runs.workers.start_workers`. Raises :class:`sim.errors.PanjError`.
    """
    from sim.scenario.design import scenarios as resolve

    over = [over] if isinstance(over, str) else over
    outcomes = [outcomes] if isinstance(outcomes, str) else outcomes
    specs = resolve(scenarios)
    task = study(specs, over, method, n, seeds, outcomes, root, posterior, confidence)
    with ExitStack() as stack:
        path = Path(folder or stack.enter_context(TemporaryDirectory(prefix="panj-")))
        task.check(path)
        workers = stack.enter_context(start_workers(executor, jobs))
        watch = BatchOptions(progress, command=command or None)
        store = fill_store(path, task.request, workers, watch).store
        names = [spec.name for spec in specs]
        result = task.read(store, command or shlex.join(["sim.sensitivity", *names]))
        if folder is not None:
            save_result(path, result)
    return result
