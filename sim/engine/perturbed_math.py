"""A debug switch: compute as another machine would, with errors in the last bit.

Inside :func:`perturbed` each transcendental function that a run uses returns, for each argument, a
result that is lower by a unit in the last place, the same, or higher by one, as another library or
processor may. The result of a run must be the same (``docs/reproducibility.md``).

Perturbed are the functions of ``math`` that a module imports by name, those of numpy that are
called as ``np.sin``, and ``NormalDist.inv_cdf``; a test checks that the model uses no others.
"""

import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from statistics import NormalDist
from types import MethodType, ModuleType
from typing import Any, Final

import numpy as np

from sim.errors import PanjError

_Change = tuple[Any, str, Any]  # owner, name, value

SWITCH: Final = "PANJ_SHAKE"
"""Environment variable with a whole number, by which ``panj run`` perturbs its functions."""

MATH: Final = (
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "dist",
    "erf", "erfc", "exp", "exp2", "expm1", "gamma", "hypot", "lgamma", "log", "log10", "log1p",
    "log2", "pow", "sin", "sinh", "tan", "tanh",
)  # fmt: skip
NUMPY: Final = (
    "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "cbrt", "cos",
    "cosh", "exp", "exp2", "expm1", "float_power", "hypot", "interp", "log", "log10", "log1p",
    "log2", "logaddexp", "power", "sin", "sinh", "tan", "tanh",
)  # fmt: skip


@contextmanager
def perturbed(seed: int) -> Iterator[None]:
    """Perturb the last bits by ``seed`` inside the block; clear the caches before and after it.

    Affects the modules of this package that are imported already. Not for several threads.
    """
    changes = list(_changes(seed))
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in changes]
    _put(changes)
    try:
        yield
    finally:
        _put(before)


def perturbed_if_requested() -> AbstractContextManager[None]:
    """Perturb if the environment variable is set. Raise ``PanjError`` if it is not a number."""
    setting = os.environ.get(SWITCH)
    if not setting:
        return nullcontext()
    try:
        return perturbed(int(setting))
    except ValueError:
        remedy = "Leave it out, or give a whole number, such as 7."
        raise PanjError("not a whole number", key=SWITCH, value=setting, remedy=remedy) from None


def neighbour(exact: float, seed: int) -> float:
    """``exact`` or an adjacent number, always the same one for the same number and seed.

    Whole numbers stay, as all libraries give them exactly (exp 0, log 1, pow(x, 0)).
    """
    shift = hash((seed, exact)) % 3 - 1
    if shift == 0 or not math.isfinite(exact) or exact == int(exact):
        return exact
    return math.nextafter(exact, shift * math.inf)


def _moving(function: Callable[..., Any], seed: int) -> Callable[..., Any]:
    def other(*args: Any, **options: Any) -> Any:
        exact = function(*args, **options)
        if isinstance(exact, float):
            return neighbour(exact, seed)
        return np.vectorize(neighbour, otypes=[float])(exact, seed)

    return other


def _changes(seed: int) -> Iterator[_Change]:
    """All replacements; each function has its own perturbation."""
    inverse = NormalDist.inv_cdf
    others: dict[Any, Any] = {inverse: _moving(inverse, seed)}
    for number, function in enumerate(getattr(math, name) for name in MATH):
        others[function] = _moving(function, seed + 101 * number)
    yield NormalDist, "inv_cdf", others[inverse]
    for number, name in enumerate(NUMPY):
        yield np, name, _moving(getattr(np, name), seed + 103 * number)
    for module in _modules():
        for name, value in vars(module).items():
            if isinstance(value, MethodType) and value.__func__ is inverse:
                yield module, name, MethodType(others[inverse], value.__self__)
            elif getattr(value, "__module__", None) == "math" and value in others:
                yield module, name, others[value]


def _put(changes: Iterable[_Change]) -> None:
    """Replace functions, and clear what others computed: calendars, places, tables."""
    for owner, name, value in changes:
        setattr(owner, name, value)
    for module in _modules():
        if module.__name__.startswith(("sim.engine.", "sim.frontier.")):
            for value in vars(module).values():
                # a ground is read, not computed, and is one object in a process
                if hasattr(value, "cache_clear") and value.__module__ != "sim.frontier.ground":
                    value.cache_clear()


def _modules() -> list[ModuleType]:
    return [m for name, m in list(sys.modules.items()) if name.startswith("sim.")]
