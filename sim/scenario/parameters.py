"""All parameters: the specification as a flat table."""

from collections.abc import Iterator
from functools import cache
from types import MappingProxyType
from typing import Literal, NamedTuple, get_args, get_origin

import annotated_types
from pydantic.fields import FieldInfo

from sim.rules.user_rules import SHIPPED
from sim.scenario.field import ASSUMPTION, Section
from sim.scenario.spec import Scenario

LABELS = ("name", "title", "description")
"""Fields that name and describe a scenario; they change no run, and no file inherits them."""

STATED = "stated"
"""The field with the keys that were set by hand; not a parameter, and in no file."""

Kind = Literal["number", "whole number", "choice", "flag", "date", "list", "district table"]

_KINDS: dict[object, Kind] = {
    bool: "flag",
    int: "whole number",
    float: "number",
    list: "list",
    dict: "district table",
}


MODES = ("infiltration", "drone", "fire")
MONTHS = (1.0, 12.0)
"""Allowed entries of the two lists, which their types do not restrict."""


class Parameter(NamedTuple):
    """One parameter of a scenario.

    ``low`` and ``high`` are inclusive; for a list or a district table they bound its entries.
    ``choices`` are the words of a choice or of a list; the keys of a district table are the
    districts of the scenario's ground.
    """

    key: str
    section: str
    kind: Kind
    default: object
    unit: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    source: str
    doc: str

    @property
    def allowed(self) -> str:
        """The allowed values, with their unit, as text."""
        if self.kind == "choice":
            return " | ".join(self.choices)
        if self.kind == "list" and self.choices:
            return f"any of {', '.join(self.choices)}"
        if self.kind == "flag":
            return "true | false"
        if self.low is None or self.high is None:
            return self.unit
        bounds = f"{number(self.low)} to {number(self.high)}"
        return bounds if self.unit == "-" else f"{bounds} ({self.unit})"


def number(value: float) -> str:
    """Write a number in the shortest form that reads back the same, thousands in full."""
    whole = int(value) if float(value).is_integer() else None
    return str(whole) if whole is not None and abs(whole) < 10**15 else repr(value)


def _bounds(metadata: list[object]) -> tuple[float | None, float | None]:
    low: float | None = None
    high: float | None = None
    for item in metadata:
        if isinstance(item, annotated_types.Ge):
            low = float(str(item.ge))
        if isinstance(item, annotated_types.Le):
            high = float(str(item.le))
        if isinstance(item, FieldInfo):
            low, high = _bounds(item.metadata)
    return low, high


def _note(field: FieldInfo, name: str) -> str:
    extra = field.json_schema_extra
    return str(extra.get(name, "")) if isinstance(extra, dict) else ""


def _one(key: str, field: FieldInfo, default: object, parent: FieldInfo | None) -> Parameter:
    """Describe one parameter; without a unit of its own it has that of its table."""
    origin = get_origin(field.annotation) or field.annotation
    kind: Kind = _KINDS.get(origin, "date")
    choices: tuple[str, ...] = ()
    low, high = _bounds(field.metadata)
    if origin is Literal:
        kind, choices = "choice", get_args(field.annotation)
    if kind == "district table":
        entry = get_args(field.annotation)[1]
        low, high = _bounds(list(get_args(entry)[1:]))
    if key == "cells.modes_off":
        choices = MODES
    if key in SHIPPED:
        kind, choices = "choice", SHIPPED[key]
    if key == "alert.season_months":
        low, high = MONTHS
    described = field if _note(field, "unit") else parent or field
    doc = field.description or described.description or ""
    if described is parent:
        doc = f"{doc}: {key.rpartition('.')[2].replace('_', ' ')}"
    section = key.partition(".")[0] if "." in key else ""
    unit, source = _note(described, "unit"), _note(described, "source") or ASSUMPTION
    return Parameter(key, section, kind, default, unit, low, high, choices, source, doc)


def _walk(prefix: str, section: Section, parent: FieldInfo | None) -> Iterator[Parameter]:
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if not prefix and name in (*LABELS, "ground", STATED):
            continue
        if isinstance(value, Section):
            table = field if _note(field, "unit") else None
            yield from _walk(f"{prefix}{name}.", value, table)
        else:
            yield _one(prefix + name, field, value, parent)


@cache
def parameters() -> MappingProxyType[str, Parameter]:
    """Return every parameter by dotted key, in the order of the specification."""
    return MappingProxyType({found.key: found for found in _walk("", Scenario(), None)})


@cache
def sections() -> MappingProxyType[str, str]:
    """Return every table of a scenario file by dotted key, with its description."""
    return MappingProxyType(dict(_sections("", Scenario())))


def _sections(prefix: str, section: Section) -> Iterator[tuple[str, str]]:
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            yield prefix + name, (type(value).__doc__ or "").strip()
            yield from _sections(f"{prefix}{name}.", value)


def parameter(key: str) -> Parameter | None:
    """Find the parameter of a dotted key or of an entry in a district table; else ``None``.

    Whether the district exists depends on the ground of a scenario and is not checked here.
    """
    known = parameters()
    found = known.get(key)
    if found is None:
        table = known.get(key.rpartition(".")[0])
        return table if table is not None and table.kind == "district table" else None
    return found
