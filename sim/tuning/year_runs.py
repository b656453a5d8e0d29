"""The worlds in which a setting is asked: each has its seed and its state of every known year.

World r meets year 2016 with the state that draw r of the posterior gives it, whatever the setting.
So two settings differ by what was moved, and what the emulator says of a world is about the very
year that is simulated for it later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.agents.regimes import Regimes
from sim.calibrate.simulator import Simulator, figure
from sim.calibrate.statistics import highest, statistics
from sim.calibrate.surrogate import Key, Surrogate
from sim.calibrate.targets import Target
from sim.calibrate.training_data import logs_of_year
from sim.calibrate.types import Floats
from sim.engine.draws import Draws
from sim.runs.replicate import seed_of
from sim.runs.uncertain_parameter import LatentYear
from sim.scenario.values import with_overrides

if TYPE_CHECKING:
    from sim.frontier.ground import Ground
    from sim.scenario.spec import Scenario

_ROOT: Final = seed_of(1)
"""Seeds that no bank had."""


@dataclass(frozen=True)
class YearRequest:
    """One year of one world to be simulated."""

    setting: frozenset[tuple[str, object]]
    year: int
    world: int
    scenario: str
    seed: int
    keys: tuple[Key, ...]
    targets: tuple[Target, ...]


class YearResult(NamedTuple):
    """What came of an order: the figures of the year, or why there are none."""

    order: YearRequest
    figures: Sequence[float] | None
    failure: str = ""


def simulate(order: YearRequest) -> YearResult:
    """Run the year; what fails is told, not raised."""
    from sim.scenario.spec import Scenario

    try:
        spec = Scenario.model_validate_json(order.scenario)
        year = Simulator(spec, (), order.targets).year({}, order.seed)
    except Exception as error:
        return YearResult(order, None, f"{type(error).__name__}: {error}")
    targets = {target.name: target for target in order.targets}
    known = statistics(year.ground)
    found = []
    for key in order.keys:
        if isinstance(key, str):
            found.append(figure(targets[key], year))
        else:
            held = [report for report in year.reports if report.day.month in key[1]]
            value = known[key[0]].over(held)
            found.append(np.nan if value is None else float(value))
    return YearResult(order, found)


@dataclass(frozen=True)
class Worlds:
    """``count`` worlds with the states of ``years``; figures are in the order of ``keys``.

    ``surrogate`` answers for what it knows, for the rest is NaN.
    """

    count: int
    years: Mapping[int, LatentYear]
    keys: tuple[Key, ...]
    targets: tuple[Target, ...]
    ground: Ground
    surrogate: Surrogate | None = None
    _u: dict[int, Floats] = field(default_factory=dict)

    def state(self, year: int, world: int) -> dict[str, float]:
        """What a world sets in a year, by key."""
        latent = self.years[year]
        return dict(zip(latent.keys, latent.values[world], strict=True))

    def order(self, scenario: Scenario, setting: frozenset[tuple[str, object]], year: int,
              world: int) -> YearRequest:  # fmt: skip
        """The year of a world under a scenario, to be simulated."""
        spec = with_overrides(scenario, self.state(year, world))
        text = spec.model_dump_json()
        seed = seed_of(world, _ROOT)
        return YearRequest(setting, year, world, text, seed, self.keys, self.targets)

    def predict(
        self, scenario: Scenario, values: Mapping[str, float], year: int
    ) -> tuple[Floats, Floats]:
        """What the emulator says of a year: means and figures of each world, (worlds, keys)."""
        nothing = np.full((self.count, len(self.keys)), np.nan)
        if self.surrogate is None or self.surrogate.unknown_settings(scenario):
            return nothing, nothing
        states = [self.state(year, world) for world in range(self.count)]
        logs = [
            logs_of_year(scenario, {**values, **state}, Regimes(Draws(seed_of(world, _ROOT))))
            for world, state in enumerate(states)
        ]
        own = {key: np.array([state[key] for state in states]) for key in self.years[year].keys}
        inputs = self.surrogate.inputs({**values, **own}, np.array(logs))
        mean, drawn = self.surrogate.predict(inputs, self._chances(year))
        places, here = self._places
        known = nothing.copy(), nothing.copy()
        for into, found in zip(known, (mean, drawn), strict=True):
            into[:, here] = np.minimum(found[:, places], self._most[here])
        return known

    @cached_property
    def _most(self) -> Floats:
        """The most that each figure can be, (keys,)."""
        names = {target.name: target.statistic for target in self.targets}
        each = [names[key] if isinstance(key, str) else key[0] for key in self.keys]
        return np.array([highest(name, self.ground) or np.inf for name in each])

    @cached_property
    def _places(self) -> tuple[list[int], list[int]]:
        """Of the emulator's figures those that are asked for, and where they go."""
        assert self.surrogate is not None
        order = {key: place for place, key in enumerate(self.surrogate.figures)}
        pairs = [(order[key], i) for i, key in enumerate(self.keys) if key in order]
        return [place for place, _ in pairs], [i for _, i in pairs]

    def _chances(self, year: int) -> Floats:
        """Evenly spread over the worlds, in another order for each figure; always the same."""
        if year not in self._u:
            assert self.surrogate is not None
            rng = np.random.default_rng([int(_ROOT % 2**32), year])
            even = (np.arange(self.count) + 0.5) / self.count
            columns = [rng.permutation(even) for _ in self.surrogate.figures]
            self._u[year] = np.stack(columns, axis=1)
        return self._u[year]
