"""The files of a ground: the rows and keys in them, and how a folder of them is read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from sim.csv_table import Amount, Count, Number, Row, Size, parse_table, read_text
from sim.errors import PanjError, Problem
from sim.validation import VisibleText

Terrain = Literal["lowland", "foothill", "gorge", "high_valley", "alpine"]
TERRAINS: Final[tuple[Terrain, ...]] = get_args(Terrain)
"""Terrain classes, from the plain to the ridge."""

DESCRIPTION: Final = "ground.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of the line: a row of ``line.csv``, at equal steps."""

    km: Amount
    lon: Number
    lat: Number
    elevation_m: Number
    crest_m: Number
    roughness_m_per_km: Amount
    opposite: str = ""
    terrain: Terrain


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """A row of ``districts.csv``: a stretch of the line, ``km_from`` included, ``km_to`` not."""

    slug: str
    name: str = ""
    region: str = ""
    km_from: Amount
    km_to: Amount
    population: Size

    @property
    def length_km(self) -> float:
        """Length of its stretch of the line, km."""
        return self.km_to - self.km_from

    @property
    def middle_km(self) -> float:
        """Chainage of the middle of its stretch, km."""
        return (self.km_from + self.km_to) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A row of ``river_season.csv``: stage of the river relative to its mean."""

    month: Count
    index: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingPoint:
    """A row of ``crossings.csv``: an official crossing; ``district`` is a slug."""

    name: str
    district: str
    km: Amount


TableRow = Point | District | Month | CrossingPoint

TABLES: Final[dict[type, str]] = {
    Point: "line.csv",
    District: "districts.csv",
    Month: "river_season.csv",
    CrossingPoint: "crossings.csv",
}
OPTIONAL: Final = {"crossings.csv"}
_NAME: Final = r"^[a-z][a-z0-9_]*$"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Weights(_Part):
    """Default weights of the districts for one kind of agent or place, and their source."""

    source: VisibleText = Field(default="assumption", min_length=1)
    districts: dict[str, Annotated[float, Field(ge=0.0, le=1000.0)]]


class RegionShare(_Part):
    """A region whose share of the weight seized is an outcome and a statistic.

    ``outcome`` and ``statistic`` name it as an outcome of a run and as a figure of reports.
    """

    region: VisibleText = Field(min_length=1)
    outcome: str = Field(pattern=_NAME)
    statistic: str = Field(pattern=_NAME)


class Description(_Part):
    """``ground.toml``: what a ground is called, its clock, and its default weights."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=80)
    title: VisibleText = Field(min_length=1, max_length=200)
    km_0: VisibleText = Field(min_length=1, max_length=80)
    utc_offset_hours: float = Field(ge=-12.0, le=14.0)
    language: VisibleText = Field(min_length=1, max_length=40)
    weights: dict[Literal["smugglers", "cells", "worksites"], Weights] = {}
    seized_in: tuple[RegionShare, ...] = Field(default=(), strict=False)
    hot_district: str | None = None
    """The district with most of the grave events in reports, for the calibration."""


def read(folder: Path) -> tuple[dict[str, str], list[Problem]]:
    """Read the files of a folder as text, by name, with a problem for each that cannot be read."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for name in (DESCRIPTION, *TABLES.values()):
        if name in OPTIONAL and not (folder / name).exists():
            continue
        try:
            texts[name] = read_text(folder / name).replace("\r\n", "\n")
        except PanjError as error:
            problems += error.problems
    return texts, problems


def rows[T: TableRow](
    texts: Mapping[str, str], kind: type[T], folder: Path = Path()
) -> tuple[list[Row[T]], list[Problem]]:
    """The rows of a table that can be read, and the problems of the others."""
    name = TABLES[kind]
    if name not in texts:
        return [], []
    try:
        return parse_table(texts[name], folder / name, kind, more_columns=True)
    except PanjError as error:
        return [], list(error.problems)


def description(text: str) -> Description:
    """Read ``ground.toml``.

    Raises ``tomllib.TOMLDecodeError`` or ``pydantic.ValidationError``.
    """
    return Description.model_validate(tomllib.loads(text))
