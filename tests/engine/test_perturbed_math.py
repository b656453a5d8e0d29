"""The debug switch that shakes last bits, and that the model uses nothing it cannot reach."""

import ast
import datetime as dt
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.engine import draws
from sim.engine.perturbed_math import (
    MATH,
    NUMPY,
    SWITCH,
    neighbour,
    perturbed,
    perturbed_if_requested,
)
from sim.errors import PanjError
from sim.frontier import season
from sim.frontier.ground import Ground
from sim.runs.code_version import _DECIDES
from sim.theory import walking

PACKAGE = Path(sim.__file__).parent
MODEL = sorted(
    path
    for name in _DECIDES
    for path in [PACKAGE / name, *(PACKAGE / name).rglob("*.py")]
    if path.suffix == ".py" and path.name not in ("perturbed_math.py", "values.py")
)
"""What can change an outcome; not this switch, nor what makes designs of scenarios."""


@given(st.floats(-1e300, 1e300), st.integers(0, 100))
def test_a_number_moves_by_a_unit_at_most(x: float, seed: int) -> None:
    """Lower by a unit in the last place, the same, or higher by one; always the same one."""
    there = neighbour(x, seed)
    assert there in (math.nextafter(x, -math.inf), x, math.nextafter(x, math.inf))
    assert there == neighbour(x, seed)


def test_all_three_happen_and_whole_numbers_stay() -> None:
    """Each with a third of the chance; where libraries are exact nothing is moved."""
    shifts = [(neighbour(n / 7.0, 1) - n / 7.0) > 0.0 for n in range(1, 3000) if n % 7]
    lower = [(neighbour(n / 7.0, 1) - n / 7.0) < 0.0 for n in range(1, 3000) if n % 7]
    assert 0.3 < np.mean(shifts) < 0.37
    assert 0.3 < np.mean(lower) < 0.37
    assert [neighbour(x, s) for x in (0.0, 1.0, -3.0) for s in range(9)] == [0.0] * 9 + [
        1.0
    ] * 9 + [-3.0] * 9
    assert neighbour(math.inf, 1) == math.inf


def test_everything_is_shaken_and_comes_back() -> None:
    """Names imported from ``math``, numpy's functions and the inverse normal."""
    u = (np.arange(50) + 0.5) / 50

    def values() -> list[list[float]]:
        return [
            [walking.exp(x) for x in u.tolist()],
            [draws.log(x) for x in u.tolist()],
            [draws._INVERSE_NORMAL(x) for x in u.tolist()],
            season.np.sin(u).tolist(),
            season.np.interp(u, [0.0, 0.3, 1.0], [0.1, 0.2, 0.7]).tolist(),
        ]

    before = values()
    with perturbed(3):
        there = values()
        assert there == values()
    assert all(a != b for a, b in zip(before, there, strict=True))
    assert np.allclose(before, there, rtol=1e-14, atol=0.0)
    assert values() == before
    assert walking.exp is math.exp


def test_the_calendar_is_made_anew() -> None:
    """Tables made before are forgotten, on the way in and on the way out."""
    when = (Ground.default(), dt.date(2025, 1, 1), 1.0)
    before = season.calendar_for(*when)
    with perturbed(1):
        there = season.calendar_for(*when)
        assert there is not before
    assert season.calendar_for(*when) is not there


def test_the_environment_switches_it_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """``PANJ_SHAKE=7`` shakes by 7; without it nothing is done."""
    monkeypatch.delenv(SWITCH, raising=False)
    with perturbed_if_requested():
        assert walking.exp is math.exp
    monkeypatch.setenv(SWITCH, "7")
    with perturbed_if_requested():
        assert walking.exp is not math.exp
    monkeypatch.setenv(SWITCH, "much")
    with pytest.raises(PanjError, match="PANJ_SHAKE"):
        perturbed_if_requested()


# -- the model uses nothing that cannot be reached --------------------------------------------

_EXACT_MATH = {
    "ceil", "comb", "degrees", "fabs", "factorial", "floor", "fmod", "fsum", "inf", "isclose",
    "isfinite", "isinf", "isnan", "nan", "pi", "prod", "radians", "sqrt", "trunc", "copysign",
}  # fmt: skip
_INEXACT_NUMPY = {
    "average", "convolve", "dot", "einsum", "fft", "inner", "linalg", "matmul", "polyfit",
    "polyval", "std", "tensordot", "trapezoid", "var", "vdot",
}  # fmt: skip
"""Sums of products in an order, or with a fused multiplication, that depends on the processor."""


def unreachable(source: str, closed_forms: bool = False) -> Iterator[str]:
    """What in a module's source the shaker does not see; ``closed_forms`` may raise to powers."""
    tree = ast.parse(source)
    tied: dict[str, str] = {}
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.split(".")[0]
                if root in ("math", "cmath", "scipy", "operator") or (
                    root == "numpy" and alias.asname != "np"
                ):
                    yield f"{node.lineno}: import {alias.name} as {alias.asname}"
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            root = node.module.split(".")[0]
            names = {alias.asname or alias.name: alias.name for alias in node.names}
            if root == "math":
                tied |= {given: name for given, name in names.items() if name not in _EXACT_MATH}
                unknown = set(names.values()) - _EXACT_MATH - set(MATH)
                if unknown or id(node) not in top:
                    yield f"{node.lineno}: from math import {', '.join(names.values())}"
            elif root in ("cmath", "scipy", "operator") or node.module == "numpy":
                yield f"{node.lineno}: from {node.module} import"
            elif root == "statistics" and set(names.values()) - {"NormalDist", "median"}:
                yield f"{node.lineno}: from statistics import {', '.join(names.values())}"
        elif isinstance(node, ast.BinOp | ast.AugAssign) and not closed_forms:
            if isinstance(node.op, ast.Pow) and not (
                isinstance(node, ast.BinOp) and _literal(node.left) and _literal(node.right)
            ):
                yield f"{node.lineno}: **"
            if isinstance(node.op, ast.MatMult):
                yield f"{node.lineno}: @"
    yield from _misused(tree, tied, closed_forms)


def _literal(node: ast.expr) -> bool:
    return isinstance(node.operand if isinstance(node, ast.UnaryOp) else node, ast.Constant)


def _misused(tree: ast.Module, tied: dict[str, str], closed_forms: bool) -> Iterator[str]:
    """Functions that are kept under another name, or called when the module is imported."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.Lambda)
        for body in ([function.body] if isinstance(function, ast.Lambda) else function.body)
        for node in ast.walk(body)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            if node.id == "pow" and "pow" not in tied:
                yield f"{node.lineno}: the built-in pow"
            if node.id in tied and (id(node) not in called or id(node) not in inside):
                yield f"{node.lineno}: {node.id} is kept, or called at import"
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "np" and node.attr in NUMPY:
                if id(node) not in called or id(node) not in inside:
                    yield f"{node.lineno}: np.{node.attr} is kept, or called at import"
            elif node.value.id == "np" and node.attr in _INEXACT_NUMPY and not closed_forms:
                yield f"{node.lineno}: np.{node.attr}"


def test_the_model_uses_no_mathematics_out_of_reach() -> None:
    """No power, product of matrices, alias or import that the shaker would miss."""
    assert len(MODEL) > 50
    found = {
        path.relative_to(PACKAGE).as_posix(): list(
            unreachable(path.read_text("utf-8"), closed_forms=path.parent.name == "theory")
        )
        for path in MODEL
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import math",
        "import numpy",
        "import scipy.special",
        "from numpy import sin",
        "from scipy.special import ndtri",
        "from statistics import fmean",
        "from math import sumprod",
        "def f(x):\n    from math import exp\n    return exp(x)",
        "from math import exp\nE = exp(1.5)",
        "from math import exp\nfade = exp",
        "from math import exp\ndef f(x, g=exp):\n    return g(x)",
        "from math import exp\ndef f(xs):\n    return map(exp, xs)",
        "import numpy as np\nT = np.sin(0.3)",
        "def f(x):\n    return x ** 0.5",
        "def f(x):\n    return x ** 2",
        "def f(x):\n    x **= 3\n    return x",
        "def f(x, y):\n    return pow(x, y)",
        "def f(a, b):\n    return a @ b",
        "import numpy as np\ndef f(a, b):\n    return np.dot(a, b)",
    ],
)
def test_what_is_out_of_reach_is_found(source: str) -> None:
    """Negative control: each way round the shaker is reported."""
    assert list(unreachable(source))


@pytest.mark.parametrize(
    "source",
    [
        "from math import exp, sqrt\nR = sqrt(5.0)\ndef f(x):\n    return exp(x)",
        "import numpy as np\ndef f(x):\n    return np.sin(x)",
        "UNIT = 2.0**-32",
    ],
)
def test_what_is_within_reach_is_left_alone(source: str) -> None:
    """The ways in which the model is meant to compute pass."""
    assert not list(unreachable(source))
