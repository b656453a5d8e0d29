"""Families of studies; each study puts the model into one limiting case.

A study is a public function of its family's module. It takes an effort, 1 for ``--quick`` and more
for smaller standard errors, and returns its cases. The work grows in proportion to the effort, and
the standard errors fall with its root; the same effort gives the same figures.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from inspect import isfunction, signature
from typing import Final

from sim.verify.case import Case

Study = Callable[[float], Sequence[Case]]

FAMILIES: Final[Mapping[str, str]] = {
    "crossings": "sim.verify.crossings",
    "patrols": "sim.verify.patrols",
    "clash": "sim.verify.clashes",
    "contact": "sim.verify.contacts",
    "response": "sim.verify.response",
    "saturation": "sim.verify.saturation",
    "readiness": "sim.verify.readiness",
    "alert": "sim.verify.alert",
    "self-excitation": "sim.verify.excitation",
    "regimes": "sim.verify.regimes",
    "strikes": "sim.verify.strikes",
    "harm": "sim.verify.harm",
    "choice": "sim.verify.choice",
    "allocation": "sim.verify.allocation",
    "displacement": "sim.verify.displacement",
    "experiment": "sim.verify.experiment",
    "calibrator": "sim.verify.calibrator",
}
"""Families by name, each with its module."""


def studies(family: str) -> dict[str, Study]:
    """The studies of a family by name, in the order of its module."""
    module = import_module(FAMILIES[family])
    return {
        name: function
        for name, function in vars(module).items()
        if isfunction(function) and function.__module__ == module.__name__
        if name[0] != "_" and list(signature(function).parameters) == ["effort"]
    }
