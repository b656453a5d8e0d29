"""A design: the points at which the model is run, all with the same seeds.

SALib gives the points (Herman and Usher 2017; Iwanaga et al. 2022). A batch takes them as draws
that are crossed with seeds, so a design is run, resumed and checked like any batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.errors import PanjError, Problem, ScenarioError, StoreError
from sim.explore.optional import import_optional
from sim.explore.sensitivity.factors import OVER, Factor, Floats
from sim.runs import catalogue
from sim.runs.posterior import Posterior
from sim.runs.replicate import RunKey

if TYPE_CHECKING:
    from sim.scenario.spec import Scenario

LEVELS: Final = 4
"""Levels of a Morris design."""
EDGE: Final = 0.05
"""Share that a Morris design leaves out at either end of what is believed. Its points lie on the
edges of their range, where few believe a parameter to be."""
DESIGN: Final = "design"


class Method(NamedTuple):
    """A kind of design: its title, what ``n`` counts, the default and the least ``n``.

    ``options`` go to the sampler of SALib.
    """

    title: str
    counts: str
    default: int
    least: int
    options: Mapping[str, Any]


METHODS: Final[Mapping[str, Method]] = {
    "morris": Method("Morris screening", "trajectories", 20, 2, {"num_levels": LEVELS}),
    "sobol": Method("Sobol indices", "base points", 256, 16, {"calc_second_order": False}),
}


@dataclass(frozen=True)
class Design:
    """``n`` trajectories or base points of a method over factors, from a seed."""

    method: str
    n: int
    factors: Sequence[Factor]
    seed: int = 0
    held: Sequence[Factor] = ()
    """Factors that have one value at every point."""

    def __post_init__(self) -> None:
        known = METHODS.get(self.method)
        if known is None:
            raise PanjError(
                "is not a method", key="--method", value=self.method,
                remedy=f"Allowed: {', '.join(METHODS)}.",
            )  # fmt: skip
        if self.n < known.least:
            raise PanjError(
                f"{known.title} needs at least {known.least} {known.counts}", key="-n", value=self.n
            )
        if self.method == "sobol" and self.n & (self.n - 1):
            raise PanjError(
                "a Sobol sequence needs a power of two", key="-n", value=self.n,
                remedy=f"Give {1 << self.n.bit_length() - 1} or {1 << self.n.bit_length()}.",
            )  # fmt: skip

    @property
    def problem(self) -> dict[str, object]:
        """The factors in the form that SALib reads, each from 0 to 1."""
        names = [factor.name for factor in self.factors]
        return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}

    @cached_property
    def places(self) -> Floats:
        """The place of each factor in its range at each point, (points, factors), from 0 to 1."""
        sample = import_optional(f"SALib.sample.{self.method}").sample
        options = METHODS[self.method].options
        places: Floats = np.asarray(
            sample(self.problem, self.n, seed=self.seed + 1, **options),  # SALib takes 0 as no seed
            np.float64,
        )
        return places

    @cached_property
    def values(self) -> Floats:
        """The value of each factor at each point, (points, factors)."""
        inner = EDGE if self.method == "morris" else 0.0
        columns = []
        for factor, place in zip(self.factors, self.places.T, strict=True):
            edge = 0.0 if factor.lever else inner
            columns.append(np.asarray(factor.value(edge + (1.0 - 2.0 * edge) * place), np.float64))
        return np.stack(columns, axis=1)

    @cached_property
    def table(self) -> Posterior:
        """The points as draws of a batch, all run with the same seeds."""
        held = [float(factor.value(0.0)) for factor in self.held]
        return Posterior(
            tuple(factor.sets for factor in (*self.factors, *self.held)),
            tuple((*row, *held) for row in self.values.tolist()),
            f"a design: {self.title}",
            {DESIGN: {"method": self.method, "n": self.n, "seed": self.seed, "told": self.title}},
            crossed=True,
        )

    @property
    def title(self) -> str:
        """The design in words."""
        method, names = METHODS[self.method], [factor.name for factor in self.factors]
        over = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        return f"{method.title}, {self.n:,} {method.counts} over {over}, seed {self.seed}"

    def check(self, scenarios: Sequence[Scenario]) -> None:
        """Raise :class:`~sim.errors.ScenarioError` for points at which a scenario is not valid.

        The error has one problem for each key.
        """
        found: dict[tuple[str, str | None], list[Problem]] = {}
        for scenario in scenarios:
            for point in range(len(self.values)):
                try:
                    RunKey(point, 0, self.table).drawn(scenario)
                except ScenarioError as error:
                    for problem in error.problems:
                        found.setdefault((scenario.name, problem.key), []).append(problem)
        if found:
            bounds = (
                f"Give bounds that fit together ({OVER} KEY=LOW:HIGH), or --set what conflicts "
            )
            raise ScenarioError.of(
                Problem(
                    f"{len(problems):,} of the {len(self.values):,} points of the design cannot "
                    f"be run in {scenario}. In the first of them: {problems[0].reason}",
                    key=key,
                    value=problems[0].value,
                    remedy=f"{problems[0].remedy} {bounds}with them.".strip(),
                )
                for (scenario, key), problems in found.items()
            )

    def check_store(self, store: Path) -> None:
        """Raise :class:`~sim.errors.StoreError` for a store that holds something else."""
        if not catalogue.is_store(store):
            return
        draws = catalogue.read(store).manifest.draws
        if draws is not None and draws["digest"] == self.table.digest:
            return
        held = draws.get(DESIGN) if draws else None
        content = f"another design ({held['told']})" if held else "runs that are not a design"
        raise StoreError(
            f"holds {content}",
            path=store,
            key="-o",
            value=self.title,
            remedy="Name another folder, or repeat the command that began it.",
        )
