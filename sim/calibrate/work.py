"""What a worker does: simulate some points and hand back what came out."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sim.calibrate.problem import Floats, Number, Simulate
from sim.calibrate.rows import Rows, Whole
from sim.errors import StoreError
from sim.runs.code import code_digest

DIED: Final = "the process that simulated it died"


@dataclass(frozen=True)
class Order:
    """Points to simulate, (n, parameters), with all that a worker anywhere needs."""

    simulate: Simulate
    keys: tuple[str, ...]
    index: Whole
    seeds: Whole
    values: Floats
    latent: Floats
    code: str

    def __len__(self) -> int:
        return len(self.index)

    def part(self, first: int, last: int) -> Order:
        """The points from one place up to another."""
        return replace(
            self,
            index=self.index[first:last],
            seeds=self.seeds[first:last],
            values=self.values[first:last],
            latent=self.latent[first:last],
        )

    def halves(self) -> tuple[Order, Order]:
        """The order as two; it must hold more than one point."""
        middle = len(self) // 2
        return self.part(0, middle), self.part(middle, len(self))


@dataclass(frozen=True)
class Parcel:
    """An order carried out, and how many seconds the simulations took."""

    rows: Rows
    seconds: float


def run_points(order: Order) -> Parcel:
    """Simulate every point. One that raises is a row that says so, and never an error.

    Raises :class:`sim.errors.StoreError` where the worker has other code.
    """
    if order.code != code_digest():
        raise StoreError(
            f"a worker has another version of panj (code {code_digest()}, not {order.code})",
            remedy="Install the same version on every worker and start the workers again.",
        )
    began = time.perf_counter()
    results: list[Mapping[str, Number]] = []
    failures: list[str | None] = []
    for values, seed in zip(order.values.tolist(), order.seeds.tolist(), strict=True):
        try:
            results.append(order.simulate(dict(zip(order.keys, values, strict=True)), seed))
            failures.append(None)
        except Exception as error:  # whatever is wrong with one point, the others go on
            results.append({})
            failures.append(f"{type(error).__name__}: {error}")
    return Parcel(_rows(order, results, failures), time.perf_counter() - began)


def crashed_parcel(order: Order, why: str = DIED) -> Parcel:
    """The parcel of an order whose every point takes its process with it."""
    nothing: list[Mapping[str, Number]] = [{} for _ in order.index]
    return Parcel(_rows(order, nothing, [why] * len(nothing)), 0.0)


def _rows(order: Order, results: list[Mapping[str, Number]], failures: list[str | None]) -> Rows:
    names = tuple(sorted({name for result in results for name in result}))
    statistics = np.full((len(results), len(names)), np.nan)
    for row, result in enumerate(results):
        for column, name in enumerate(names):
            found = result.get(name)
            if found is not None:
                statistics[row, column] = found
    return Rows(
        keys=order.keys,
        names=names,
        index=order.index,
        seeds=order.seeds,
        values=order.values,
        latent=order.latent,
        statistics=statistics,
        failures=tuple(failures),
    )
