"""Values given beside a file: ``--set patrols.size=3`` or ``{"patrols.size": 3}``."""

import re
import tomllib
from collections.abc import Mapping, Sequence

from sim.errors import ScenarioError
from sim.scenario.merge import merged

Overrides = Mapping[str, object] | Sequence[str]
"""From dotted key to value, or texts ``key=value`` with the value in TOML."""

FLAG = "--set"
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def nested(overrides: Overrides | None) -> dict[str, object]:
    """Turn overrides into nested tables; of two values for one key the later counts.

    Raises :class:`~sim.errors.ScenarioError` for a text that is not ``key=value``.
    """
    if not overrides:
        return {}
    if isinstance(overrides, str):
        overrides = [overrides]
    pairs = overrides.items() if isinstance(overrides, Mapping) else map(parsed, overrides)
    result: dict[str, object] = {}
    for key, value in pairs:
        inner: object = _plain(value)
        for part in reversed(_parts(str(key), value)):
            inner = {part: inner}
        if isinstance(inner, dict):
            result = merged(result, inner)
    return result


def parsed(text: str) -> tuple[str, object]:
    """Split ``key=value`` and read the value as TOML; a bare word is taken as a text.

    Raises :class:`~sim.errors.ScenarioError` when there is no ``=`` or the value is no TOML.
    """
    key, equals, value = str(text).partition("=")
    key, value = key.strip(), value.strip()
    if not equals or not key or not value:
        raise ScenarioError(
            "an override is key=value",
            path=FLAG,
            value=str(text),
            remedy="Write it as patrols.sorties_per_day=3.",
        )
    if _WORD.fullmatch(value) and value not in ("true", "false", "nan", "inf"):
        return key, value
    try:
        table = tomllib.loads(f"value = {value}")
    except (ValueError, RecursionError):
        table = {}
    if set(table) != {"value"}:
        raise ScenarioError(
            "the value cannot be read",
            path=FLAG,
            key=key,
            value=value,
            remedy='Give a number, true, false, a date, a "text" or a list such as [9, 10].',
        )
    return key, table["value"]


def _parts(key: str, value: object) -> list[str]:
    parts = [part.strip() for part in key.split(".")]
    if not all(parts):
        raise ScenarioError(
            "a part of the key is empty",
            path=FLAG,
            key=key,
            value=value,
            remedy="Write section and name as in patrols.size.",
        )
    return parts


def _plain(value: object) -> object:
    """Turn NumPy scalars, tuples and mappings into what a TOML file would have given."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    item = getattr(value, "item", None)
    return item() if callable(item) and getattr(value, "ndim", None) == 0 else value
