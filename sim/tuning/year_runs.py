"""The worlds in which a setting is tried: each has a seed and a state of every known year.

World r has the state of draw r of the posterior in every year, whatever the setting. So two
settings differ only by what was moved, and the emulator predicts the very years that are simulated
later.
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
"""Seeds that no bank uses."""


@dataclass(frozen=True)
class YearRequest:
    """A request to simulate one year of one world."""

    setting: frozenset[tuple[str, object]]
    year: int
    world: int
    scenario: str
    seed: int
    keys: tuple[Key, ...]
    targets: tuple[Target, ...]


class YearResult(NamedTuple):
    """The result of a request: the figures of the year, or why it failed."""

    request: YearRequest
    figures: Sequence[float] | None
    failure: str = ""


def simulate(request: YearRequest) -> YearResult:
    """Simulate the year; a failure is returned, not raised."""
    from sim.scenario.spec import Scenario

    try:
        spec = Scenario.model_validate_json(request.scenario)
        year = Simulator(spec, (), request.targets).year({}, request.seed)
    except Exception as error:
        return YearResult(request, None, f"{type(error).__name__}: {error}")
    targets = {target.name: target for target in request.targets}
    known = statistics(year.ground)
    figures = []
    for key in request.keys:
        if isinstance(key, str):
            figures.append(figure(targets[key], year))
        else:
            value = year.over(known[key[0]], key[1])
            figures.append(np.nan if value is None else float(value))
    return YearResult(request, figures)


@dataclass(frozen=True)
class Worlds:
    """``count`` worlds with the states of ``years``; figures are in the order of ``keys``.

    A figure that the ``surrogate`` does not know is NaN.
    """

    count: int
    years: Mapping[int, LatentYear]
    keys: tuple[Key, ...]
    targets: tuple[Target, ...]
    ground: Ground
    surrogate: Surrogate | None = None
    _levels: dict[int, Floats] = field(default_factory=dict)

    def state(self, year: int, world: int) -> dict[str, float]:
        """Return the settings of a world in a year, by key."""
        latent = self.years[year]
        return dict(zip(latent.keys, latent.values[world], strict=True))

    def request(self, scenario: Scenario, setting: frozenset[tuple[str, object]], year: int,
              world: int) -> YearRequest:  # fmt: skip
        """Make the request for a year of a world under a scenario."""
        spec = with_overrides(scenario, self.state(year, world))
        text = spec.model_dump_json()
        seed = seed_of(world, _ROOT)
        return YearRequest(setting, year, world, text, seed, self.keys, self.targets)

    def predict(
        self, scenario: Scenario, values: Mapping[str, float], year: int
    ) -> tuple[Floats, Floats]:
        """Predict means and figures of a year by emulator, both (worlds, keys)."""
        nothing = np.full((self.count, len(self.keys)), np.nan)
        if self.surrogate is None or self.surrogate.unknown_settings(scenario):
            return nothing, nothing
        states = [self.state(year, world) for world in range(self.count)]
        logs = [
            logs_of_year(scenario, {**values, **state}, Regimes(Draws(seed_of(world, _ROOT))))
            for world, state in enumerate(states)
        ]
        of_year = {key: np.array([state[key] for state in states]) for key in self.years[year].keys}
        inputs = self.surrogate.inputs({**values, **of_year}, np.array(logs))
        mean, quantile = self.surrogate.predict(inputs, self._quantile_levels(year))
        places, columns = self._places
        result = nothing.copy(), nothing.copy()
        for into, predicted in zip(result, (mean, quantile), strict=True):
            into[:, columns] = np.minimum(predicted[:, places], self._most[columns])
        return result

    @cached_property
    def _most(self) -> Floats:
        """The largest value of each figure, (keys,)."""
        names = {target.name: target.statistic for target in self.targets}
        each = [names[key] if isinstance(key, str) else key[0] for key in self.keys]
        return np.array([highest(name, self.ground) or np.inf for name in each])

    @cached_property
    def _places(self) -> tuple[list[int], list[int]]:
        """The indices of the emulator's figures that are needed, and their columns."""
        assert self.surrogate is not None
        order = {key: place for place, key in enumerate(self.surrogate.figures)}
        pairs = [(order[key], i) for i, key in enumerate(self.keys) if key in order]
        return [place for place, _ in pairs], [i for _, i in pairs]

    def _quantile_levels(self, year: int) -> Floats:
        """Levels evenly spread over the worlds, in a fixed random order for each figure."""
        if year not in self._levels:
            assert self.surrogate is not None
            rng = np.random.default_rng([int(_ROOT % 2**32), year])
            even = (np.arange(self.count) + 0.5) / self.count
            columns = [rng.permutation(even) for _ in self.surrogate.figures]
            self._levels[year] = np.stack(columns, axis=1)
        return self._levels[year]
