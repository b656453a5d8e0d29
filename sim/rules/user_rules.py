"""User-defined rules: code in a user's file, which runs only if the user allows it.

A scenario names such a rule as ``module:Class``. The module is beside the scenario file, or where
Python finds modules. Reading a scenario, a store or a comparison never imports it. Only
:func:`import_rule` does, which the option ``--allow-code`` calls.
"""

import importlib
import importlib.util
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from sim import user_code
from sim.errors import PanjError
from sim.registry import Registry
from sim.rules.alert import ALERT_RULES, AlertRule
from sim.rules.allocation import ALLOCATION_RULES, AllocationRule

if TYPE_CHECKING:
    from sim.scenario.spec import Scenario

type Rule = type[AlertRule] | type[AllocationRule]

KINDS: Final[dict[str, tuple[Registry[Any], type]]] = {
    "alert.policy": (ALERT_RULES, AlertRule),
    "patrols.allocation": (ALLOCATION_RULES, AllocationRule),
}
"""By the parameter that names a rule: the registered rules, and the class that each extends."""

SHIPPED: Final = {key: tuple(registry) for key, (registry, _) in KINDS.items()}
"""The rules that come with panj, by the parameter that names one."""

_loaded: dict[str, Any] = {}
"""Imported rules, by the name that scenarios have for them."""

_permitted: list[bool] = []


def is_dotted(name: str) -> bool:
    """Whether a name is that of a user-defined rule: ``module:Class``."""
    module, _, attribute = name.partition(":")
    return attribute.isidentifier() and all(part.isidentifier() for part in module.split("."))


def find_rule(key: str, name: str) -> Any:
    """The class of the rule ``name`` of the parameter ``key``.

    Raises :class:`PanjError` for an unknown rule, and for user code that was not allowed.
    """
    if name not in _loaded and is_dotted(name) and code_allowed():
        import_rule(key, name, [Path()])
    if name in _loaded:
        return _loaded[name]
    if is_dotted(name):
        raise PanjError(
            "this rule is user code, and panj runs user code only if you allow it",
            key=key,
            value=name,
            remedy="Add --allow-code; in Python: sim.load(..., allow_code=True).",
        )
    return KINDS[key][0][name]


def import_rule(key: str, name: str, folders: Iterable[Path] = ()) -> None:
    """Import the rule ``name`` of the parameter ``key``, from a file in ``folders`` or by name.

    Raises :class:`PanjError` where it cannot be imported or is not a rule of that kind.
    """
    _, base = KINDS[key]
    module = _module(name, folders)
    found = getattr(module, name.partition(":")[2], None)
    if not (isinstance(found, type) and issubclass(found, base)):
        what = "has no such class" if found is None else f"is not a sim.{base.__name__}"
        raise PanjError(
            f"{module.__name__} {what}",
            path=module.__file__,
            key=key,
            value=name,
            remedy=f"Define it there as a class that extends sim.{base.__name__}.",
        )
    _loaded[name] = found


def rule_names(scenario: "Scenario") -> dict[str, str]:
    """The names of a scenario's rules, by parameter."""
    return {
        "alert.policy": scenario.alert.policy,
        "patrols.allocation": scenario.patrols.allocation,
    }


def allow_code() -> None:
    """Allow this process to import the rules that scenarios name."""
    _permitted.append(True)


def forbid_code() -> None:
    """Withdraw the permission; imported rules stay known."""
    _permitted.clear()


def code_allowed() -> bool:
    """Whether this process may import the rules that scenarios name."""
    return bool(_permitted)


def _module(name: str, folders: Iterable[Path]) -> ModuleType:
    """The module of a rule, imported once."""
    module = name.partition(":")[0]
    files = (folder / f"{module.replace('.', '/')}.py" for folder in folders)
    file = next((file for file in files if file.is_file()), None)
    try:
        return importlib.import_module(module) if file is None else _from_file(module, file)
    except PanjError:
        raise
    except Exception as error:
        missing = isinstance(error, ModuleNotFoundError) and error.name == module.partition(".")[0]
        where = traceback.extract_tb(error.__traceback__)[-1]
        line = error.lineno if isinstance(error, SyntaxError) else where.lineno
        at = error.filename if isinstance(error, SyntaxError) else where.filename
        raise PanjError(
            "there is no such module"
            if missing
            else f"cannot be imported: {type(error).__name__}: {error}",
            path=None if missing else at,
            line=None if missing else line,
            value=name,
            remedy=f"Put {module}.py beside the scenario file, or where Python finds it."
            if missing
            else "Correct the file.",
        ) from error


def _from_file(module: str, file: Path) -> ModuleType:
    """The module in a file as it is now: a file changed since the last import is read again."""
    known = sys.modules.get(module)
    if known is not None and Path(known.__file__ or "").resolve() != file.resolve():
        raise PanjError(
            f"another module named {module} is in use already: {known.__file__ or 'built in'}",
            path=file,
            remedy="Give the file another name.",
        )
    spec = importlib.util.spec_from_file_location(module, file.resolve())
    assert spec is not None
    assert spec.loader is not None
    made = sys.modules[module] = importlib.util.module_from_spec(spec)
    try:
        exec(compile(file.read_bytes(), str(file), "exec"), made.__dict__)
    except BaseException:
        del sys.modules[module]
        raise
    return made


# -- digests of the code, and its transfer to workers --------------------------------------


def used_by(scenarios: Iterable["Scenario"]) -> dict[str, Rule]:
    """The user-defined rules of scenarios, by name. Raises ``PanjError`` if not allowed."""
    return {
        name: find_rule(key, name)
        for scenario in scenarios
        for key, name in rule_names(scenario).items()
        if name not in SHIPPED[key]
    }


def digests(scenarios: Iterable["Scenario"]) -> dict[str, str]:
    """The digests of the user-defined rules of scenarios, by name."""
    return {name: user_code.digest(rule) for name, rule in used_by(scenarios).items()}


def pack(rules: dict[str, Rule]) -> bytes | None:
    """Rules as bytes for a worker, which need not have their files; None without rules."""
    return user_code.pack(rules, rules.values()) if rules else None


def unpack(rules: bytes | None) -> None:
    """Make the rules known that another process has packed."""
    if rules is not None:
        _loaded.update(user_code.unpack(rules))
