"""Read overrides: ``--set patrols.size=3`` or ``{"patrols.size": 3}``."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from math import isnan

from sim.errors import ScenarioError
from sim.scenario.merge import merged
from sim.scenario.parameters import parameter

Overrides = Mapping[str, object] | Sequence[str]
"""A mapping from dotted key to value, such as a pandas row, or texts ``key=value`` in TOML."""

FLAG = "--set"
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def nested(overrides: Overrides | None) -> dict[str, object]:
    """Turn overrides into nested tables; of two values for one key the later counts.

    Numbers may be NumPy's; 6.0 is accepted for a whole number, except in a text; an empty cell of a
    pandas row changes nothing. Raises :class:`~sim.errors.ScenarioError` for a text that is not
    ``key=value``.
    """
    overrides = _row(overrides)
    if not overrides:
        return {}
    if isinstance(overrides, str):
        overrides = [overrides]
    if isinstance(overrides, Mapping):
        pairs = ((str(key), _whole(str(key), value)) for key, value in overrides.items())
    else:
        pairs = (parse_override(text) for text in overrides)
    result: dict[str, object] = {}
    for key, value in pairs:
        inner: object = value
        for part in reversed(_parts(key, value)):
            inner = {part: inner}
        if isinstance(inner, dict):
            result = merged(result, inner)
    return result


def parse_override(text: str) -> tuple[str, object]:
    """Split ``key=value`` and read the value as TOML; a bare word is a text.

    Raises :class:`~sim.errors.ScenarioError` without ``=`` and for a value that is not TOML.
    """
    key, equals, value = str(text).partition("=")
    key, value = key.strip(), value.strip()
    if not equals or not key or not value:
        raise ScenarioError(
            "an override must be key=value",
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


def plain(value: object) -> object:
    """Convert a NumPy or pandas value, a tuple or a mapping to what a TOML file would give."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "ndim", None) == 0:
        value = item()
    return value.date() if isinstance(value, dt.datetime) else value


def plain_cell(value: object) -> object:
    """Convert a cell of a table likewise; ``None`` for an empty one, however it is written."""
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    value = plain(value)
    return None if isinstance(value, float) and isnan(value) else value


def _row(overrides: Overrides | None) -> Overrides | None:
    """Turn a pandas row into a mapping of its cells that are not empty; leave the rest."""
    to_dict = getattr(overrides, "to_dict", None)
    if not callable(to_dict) or getattr(overrides, "ndim", None) != 1:
        return overrides
    cells = {key: plain_cell(value) for key, value in to_dict().items()}
    return {key: value for key, value in cells.items() if value is not None}


def _whole(key: str, value: object) -> object:
    """A plain value, also within a table; 3.0 becomes 3 for a whole-number parameter."""
    value = plain(value)
    if isinstance(value, dict):
        return {inner: _whole(f"{key}.{inner}", each) for inner, each in value.items()}
    if isinstance(value, float) and value.is_integer():
        known = parameter(key)
        return int(value) if known is not None and known.kind == "whole number" else value
    return value
