"""Which code makes a number: a digest of the model's source, and versions of what it runs on.

A store holds runs of one code only. A commit does not identify the code: a changed working copy
has the commit of an unchanged one, and an installed copy has none.
"""

import platform
from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

import sim
from sim.runs.provenance import commit, versions

_PACKAGE: Final = Path(sim.__file__).resolve().parent
_DECIDES: Final = (
    "agents", "engine", "frontier", "incidents", "measures", "rules", "scenario", "theory",
    "model.py", "observe.py", "precision.py", "registry.py", "csv_table.py", "user_code.py",
)  # fmt: skip
"""The parts of the package that can change an outcome; a ground is part of its scenario."""

_LIBRARIES: Final = ("mesa", "numpy", "scipy")


@cache
def code_digest() -> str:
    """Return 16 hexadecimal digits that stand for the source code that outcomes depend on.

    The source is read once per process, close to the moment when it is imported.
    """
    digest = blake2b(digest_size=8)
    for name in _DECIDES:
        place = _PACKAGE / name
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def made_with(model: Mapping[str, str] | None = None) -> dict[str, object]:
    """Code, versions and commit of this process, as a manifest writes them.

    ``model`` is the :func:`sim.runs.user_model.model_identity` of a user-defined model.
    """
    return {**_made_with(), **({"model": dict(model)} if model else {})}


@cache
def _made_with() -> Mapping[str, object]:
    return {"code": code_digest(), "versions": versions(), "commit": commit()}


def differences(then: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """The differences between two :func:`made_with` that may change an outcome, in words."""
    found = []
    if then.get("code") != now.get("code"):
        found.append(f"the model's code ({_panj(then)} then, {_panj(now)} now)")
    if then.get("model") != now.get("model"):
        found.append(f"the model ({_model(then)} then, {_model(now)} now)")
    before, after = _versions(then), _versions(now)
    for name in _LIBRARIES:
        if before.get(name) != after.get(name):
            found.append(f"{name} ({before.get(name)} then, {after.get(name)} now)")
    one, two = _minor(before.get("python")), _minor(after.get("python"))
    if one != two:
        found.append(f"Python ({one} then, {two} now)")
    return found


def rule_digests(made: Mapping[str, object]) -> dict[str, str]:
    """The digests of user-defined rules in a :func:`made_with`, by name."""
    found = made.get("rules")
    return dict(found) if isinstance(found, dict) else {}


def changed_rules(then: Mapping[str, object], now: Mapping[str, str]) -> list[str]:
    """Names of the rules whose code has changed; ``now`` as :func:`rule_digests` returns them."""
    before = rule_digests(then)
    return [name for name, mark in now.items() if before.get(name, mark) != mark]


def _panj(made: Mapping[str, object]) -> str:
    known = made.get("commit")
    at = f", commit {known.get('id')}" if isinstance(known, dict) else ""
    return f"panj {_versions(made).get('panj')}{at}, code {made.get('code')}"


def _model(made: Mapping[str, object]) -> str:
    own = made.get("model")
    return f"{own.get('name')}, code {own.get('code')}" if isinstance(own, dict) else "panj's own"


def _versions(made: Mapping[str, object]) -> Mapping[str, object]:
    found = made.get("versions")
    return found if isinstance(found, dict) else {}


def _minor(version: object) -> str:
    return ".".join(str(version or platform.python_version()).split(".")[:2])
