"""The source of each value of a scenario: the specification, a line of a file, an override."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

from sim.frontier.ground import Ground
from sim.scenario.catalogue import display
from sim.scenario.field import GROUND
from sim.scenario.merge import defaults, leaves
from sim.scenario.overrides import FLAG
from sim.scenario.parameters import parameter


class Source(NamedTuple):
    """The source of one value.

    ``note`` is the reference of a default. ``line`` counts from 1.
    """

    kind: Literal["default", "file", "override"]
    path: Path | None = None
    line: int | None = None
    note: str = ""

    @property
    def place(self) -> str:
        """Path or flag, for a message; empty for a default."""
        if self.kind == "override":
            return FLAG
        return "" if self.path is None else display(self.path)

    def __str__(self) -> str:
        if self.kind == "default":
            return f"default: {self.note}"
        return self.place if self.line is None else f"{self.place}:{self.line}"


OVERRIDE = Source("override")

Sources = Mapping[str, Source]


@lru_cache(maxsize=16)
def default_sources(ground: Ground) -> Sources:
    """Return the source of every default value on a ground, by dotted key."""
    sources: dict[str, Source] = {}
    for key, _ in leaves(defaults(ground)):
        known = parameter(key)
        note = "no label given" if known is None else known.source
        if note == GROUND:
            note = f"the ground {ground}: {ground.source_of(key.partition('.')[0])}"
        elif key == "ground":
            note = "shipped"
        sources[key] = Source("default", note=note)
    return MappingProxyType(sources)


def source_of(sources: Sources, key: str) -> Source | None:
    """Return the source of a key, of the nearest table above it, or of anything in it."""
    inside = next((name for name in sources if name.startswith(f"{key}.")), None)
    while key:
        if key in sources:
            return sources[key]
        key = key.rpartition(".")[0]
    return sources[inside] if inside is not None else None
