"""Declare parameters: a default, a unit, bounds, and the source of the value."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

ASSUMPTION = "assumption"
GROUND = "the ground"
"""Source of a value that comes from the scenario's ground."""


class Section(BaseModel):
    """A frozen group of parameters; it refuses unknown keys, NaN and infinities."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True
    )


def par(
    default: Any,
    doc: str,
    unit: str,
    low: float | None = None,
    high: float | None = None,
    source: str = ASSUMPTION,
) -> Any:
    """Declare a parameter of a :class:`Section`.

    ``low`` and ``high`` are inclusive bounds; leave them out only where the type itself bounds the
    value (a choice, a flag, a text, a table whose entries have their own bounds).
    ``source`` is a short reference to ``docs/parameters.md`` or the word "assumption".
    """
    limits = (("ge", low), ("le", high))
    bounds: dict[str, Any] = {name: value for name, value in limits if value is not None}
    return Field(
        default, description=doc, json_schema_extra={"unit": unit, "source": source}, **bounds
    )


def chance(default: float, doc: str, source: str = ASSUMPTION) -> Any:
    """Declare a probability."""
    return par(default, doc, "probability", 0.0, 1.0, source)


def share(default: float, doc: str, source: str = ASSUMPTION) -> Any:
    """Declare a share, 0 to 1."""
    return par(default, doc, "share", 0.0, 1.0, source)


Share = Annotated[float, Field(ge=0.0, le=1.0)]
Factor = Annotated[float, Field(ge=0.0, le=10.0)]
Weight = Annotated[float, Field(ge=0.0, le=1000.0)]
Hours = Annotated[float, Field(ge=0.05, le=12.0)]
Speed = Annotated[float, Field(ge=0.5, le=120.0)]


class TerrainFactors(Section):
    """A multiplier for each terrain class."""

    lowland: Factor = 1.0
    foothill: Factor = 1.0
    gorge: Factor = 1.0
    high_valley: Factor = 1.0
    alpine: Factor = 1.0


class TerrainHours(Section):
    """A duration in hours for each terrain class."""

    lowland: Hours = 1.0
    foothill: Hours = 1.0
    gorge: Hours = 1.0
    high_valley: Hours = 1.0
    alpine: Hours = 1.0


class TerrainSpeeds(Section):
    """A speed in km/h for each terrain class."""

    lowland: Speed = 30.0
    foothill: Speed = 20.0
    gorge: Speed = 15.0
    high_valley: Speed = 18.0
    alpine: Speed = 12.0
