"""The engines that are compared, each made ready from one bank."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.learning.neighbours import nearest_sets
from benchmarks.learning.neural import neural_posterior
from benchmarks.learning.sample import Dataset, Infer, Sample
from benchmarks.learning.scale import values_at
from benchmarks.learning.setting import Setting


class Engine(NamedTuple):
    """How to make an engine ready, and the modules that it consists of."""

    prepare: Callable[[Setting], Infer]
    modules: tuple[str, ...]

    @property
    def lines(self) -> int:
        """Lines of its modules that are not blank."""
        files = [Path(str(import_module(name).__file__)) for name in self.modules]
        return sum(bool(line.strip()) for file in files for line in file.open(encoding="utf-8"))


def _prior(setting: Setting) -> Infer:
    scores = np.random.default_rng(3).standard_normal((setting.draws, len(setting.priors)))
    values = values_at(scores, setting.priors)

    def infer(data: Dataset) -> Sample:
        return Sample(values)

    return infer


def _neighbours(setting: Setting) -> Infer:
    return nearest_sets(setting.composed(), setting.layout, setting.priors, setting.draws)


def _neural(setting: Setting) -> Infer:
    return neural_posterior(setting.composed(), setting.layout, setting.priors, setting.draws)


def _emulated(setting: Setting) -> Infer:
    from benchmarks.learning.emulated import emulated

    return emulated(setting)


_COMPOSED = ("benchmarks.learning.compose",)
_OWN = tuple(
    f"sim.calibrate.{name}"
    for name in ("emulator", "glm", "scatter", "elliptical", "learn", "states", "training",
                 "evidence")
)  # fmt: skip
ENGINES: Mapping[str, Engine] = {
    "prior": Engine(_prior, ()),
    "emulator": Engine(_emulated, _OWN),
    "neighbours": Engine(_neighbours, ("benchmarks.learning.neighbours", *_COMPOSED)),
    "neural": Engine(_neural, ("benchmarks.learning.neural", *_COMPOSED)),
}
