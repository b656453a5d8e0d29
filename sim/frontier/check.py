"""Check a ground and report every fault, each with its file, row and column."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from pydantic import ValidationError

from sim.csv_table import Row
from sim.errors import Problem
from sim.frontier.files import (
    DESCRIPTION,
    TABLES,
    CrossingPoint,
    Description,
    District,
    Month,
    Point,
    TableRow,
    description,
    rows,
)
from sim.frontier.ground import Ground
from sim.toml_lines import line_numbers, line_of
from sim.validation import problems as refusals

_SLUG = re.compile(r"[a-z][a-z0-9_-]*")
_ROUNDING_KM = 1e-6


def faults(texts: Mapping[str, str], folder: Path) -> list[Problem]:
    """All faults of the files of ``folder``."""
    found = _Faults(texts, folder)
    line, districts = found.read(Point), found.read(District)
    months, crossings = found.read(Month), found.read(CrossingPoint)
    described = found.describe()
    if line:
        _line(line, found)
    if districts:
        _districts(districts, line[-1].value.km if line else None, found)
        slugs = [row.value.slug for row in districts]
        listed = f"Districts: {', '.join(slugs)}."
        for row in crossings:
            if row.value.district not in slugs:
                found.cell(row, "district", "is not a district", listed)
        if described is not None:
            _weights(described, slugs, listed, found)
            _places(described, districts, listed, found)
    if months:
        _river(months, found)
    if line and districts and described is not None and not found:
        _sun(Ground(texts), found)
    return found


class _Faults(list[Problem]):
    """The faults so far, and the files that are checked."""

    def __init__(self, texts: Mapping[str, str], folder: Path) -> None:
        super().__init__()
        self._texts, self._folder = texts, folder

    def read[T: TableRow](self, kind: type[T]) -> list[Row[T]]:
        """The rows of a table; none if any cannot be read, so that no fault causes another."""
        good, bad = rows(self._texts, kind, self._folder)
        self += bad
        return [] if bad else good

    def describe(self) -> Description | None:
        """The contents of ``ground.toml``; None where a fault says that it cannot be read."""
        try:
            return description(self._texts[DESCRIPTION])
        except KeyError:
            return None
        except tomllib.TOMLDecodeError as error:
            self.key(None, None, f"is not valid TOML: {error}", "Correct that line.")
        except ValidationError as error:
            for each in refusals(error, otherwise="docs/extending.md says what a ground needs."):
                self.key(each.key, each.value, each.reason, each.remedy)
        except (ValueError, RecursionError):  # of a number or a nesting that the parser gives up
            reason = "has a number with too many digits or lists nested too deep"
            self.key(None, None, reason, "Give it a simpler form.")
        return None

    def cell(self, row: Row[TableRow], column: str, reason: str, remedy: str) -> None:
        """A fault of one cell of a table."""
        path, value = self._folder / TABLES[type(row.value)], getattr(row.value, column)
        self.append(Problem(reason, str(path), row.line, column, value, remedy))

    def key(self, key: str | None, value: object, reason: str, remedy: str) -> None:
        """A fault of one key of ``ground.toml``."""
        line = line_of(line_numbers(self._texts[DESCRIPTION]), key) if key else None
        self.append(Problem(reason, str(self._folder / DESCRIPTION), line, key, value, remedy))


def _line(line: Sequence[Row[Point]], found: _Faults) -> None:
    """Chainage rises evenly from 0; coordinates are on the globe."""
    if len(line) < 2:
        found.cell(line[0], "km", "is the only point", "Give two or more.")
        return
    if line[0].value.km != 0.0:
        found.cell(line[0], "km", "is where the line begins", "Start at 0.")
    step = line[1].value.km - line[0].value.km
    seen: dict[float, int] = {}
    for west, east in pairwise(line):
        seen.setdefault(west.value.km, west.line)
        gap = east.value.km - west.value.km
        if east.value.km in seen:
            already = f"is in row {seen[east.value.km]} already"
            found.cell(east, "km", already, "Give each point once.")
        elif gap < 0.0:
            found.cell(east, "km", f"comes after {west.value.km:g}", "Sort the rows by km.")
        elif abs(gap - step) > _ROUNDING_KM and step > 0.0:
            reason = f"is {gap:g} km after the row above, the first step is {step:g} km"
            found.cell(east, "km", reason, "Give a point at every step.")
    for row in line:
        for column, most in (("lon", 180.0), ("lat", 90.0)):
            if abs(getattr(row.value, column)) > most:
                found.cell(row, column, "is not on the globe", "Give degrees.")


def _districts(districts: Sequence[Row[District]], end: float | None, found: _Faults) -> None:
    """Districts cover the line from 0 to its end, in order, without gap or overlap."""
    covered, seen = 0.0, dict[str, int]()
    for row in districts:
        slug, km_from, km_to = row.value.slug, row.value.km_from, row.value.km_to
        if not _SLUG.fullmatch(slug):
            remedy = "Use lowercase letters, digits and _, a letter first."
            found.cell(row, "slug", "cannot be a key of a scenario", remedy)
        elif slug in seen:
            found.cell(row, "slug", f"is in row {seen[slug]} already", "Rename it.")
        seen.setdefault(slug, row.line)
        if not row.value.name:
            found.cell(row, "name", "is empty", "Give the district a name.")
        if km_to <= km_from:
            found.cell(row, "km_to", f"is not beyond km_from = {km_from:g}", "Correct one of them.")
        if km_from != covered:
            what = "leaves a gap" if km_from > covered else "overlaps"
            reason = f"{what}: the districts above reach to {covered:g}"
            found.cell(row, "km_from", reason, f"Start at {covered:g}.")
        covered = max(covered, km_to)
    if end is not None and covered != end:
        last = max(districts, key=lambda row: row.value.km_to)
        reason = f"is not the end of the line, {end:g}"
        found.cell(last, "km_to", reason, "Cover the whole line and no more.")


def _weights(described: Description, slugs: Sequence[str], listed: str, found: _Faults) -> None:
    for section, weights in described.weights.items():
        key = f"weights.{section}.districts"
        for slug, value in weights.districts.items():
            if slug not in slugs:
                found.key(f"{key}.{slug}", value, "no such district", listed)
        if not any(weights.districts.values()):
            found.key(key, None, "every district has weight 0", "Raise one of them.")


def _places(
    described: Description, districts: Sequence[Row[District]], listed: str, found: _Faults
) -> None:
    slugs, regions = ({getattr(row.value, of) for row in districts} for of in ("slug", "region"))
    if described.hot_district is not None and described.hot_district not in slugs:
        found.key("hot_district", described.hot_district, "no such district", listed)
    for number, share in enumerate(described.seized_in):
        if share.region not in regions:
            remedy = f"Regions: {', '.join(sorted(regions))}."
            found.key(f"seized_in.{number}.region", share.region, "no such region", remedy)


def _river(months: Sequence[Row[Month]], found: _Faults) -> None:
    if [row.value.month for row in months] != list(range(1, 13)):
        found.cell(months[0], "month", "is not January to December", "Give 1 to 12.")
    elif not any(row.value.index for row in months):
        found.cell(months[0], "index", "is 0 in every month", "Raise it in one or more.")


def _sun(ground: Ground, found: _Faults) -> None:
    """The sun rises and sets within each day of the clock, in every district."""
    import numpy as np

    from sim.frontier.season import daylight

    with np.errstate(invalid="ignore"):
        rise, fall = daylight(ground, np.arange(0.5, 365.0) / 365.0)
    district, day = np.nonzero(~((rise > 0.0) & (fall < 1.0)))
    if len(day):
        place, offset = ground.districts[district[0]].name, ground.description.utc_offset_hours
        found.key(
            "utc_offset_hours",
            offset,
            f"the sun does not rise and set within day {day[0] + 1} of the year in {place}",
            "Give the offset of the local time; frontiers beyond the polar circles do not fit.",
        )
