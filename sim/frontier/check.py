"""What is wrong with a ground: every fault at once, each with its file, row and column."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from pydantic import ValidationError

from sim.errors import Problem
from sim.frontier.files import (
    DESCRIPTION,
    TABLES,
    CrossingPoint,
    Description,
    District,
    Month,
    Point,
    description,
    rows,
)
from sim.frontier.ground import Ground
from sim.table import Row

_SLUG = re.compile(r"[a-z][a-z0-9_-]*")
_ROUNDING_KM = 1e-6
_MONTHS = range(1, 13)

type _Tell = Callable[[int, str, object, str, str], Problem]


def faults(texts: Mapping[str, str], folder: Path) -> list[Problem]:
    """Everything that is wrong with what the files of ``folder`` say."""
    found: list[Problem] = []
    line, districts = _read(texts, Point, folder, found), _read(texts, District, folder, found)
    months = _read(texts, Month, folder, found)
    crossings = _read(texts, CrossingPoint, folder, found)
    told = _description(texts, folder, found)
    if line:
        found += _line(line, _teller(folder, Point))
    if districts:
        end = line[-1].value.km if line else None
        found += _districts(districts, end, _teller(folder, District))
    if months and [row.value.month for row in months] != list(_MONTHS):
        tell = _teller(folder, Month)
        wanted = "Give twelve rows, 1 to 12 in order."
        found.append(tell(months[0].line, "month", None, "is not January to December", wanted))
    elif months and not any(row.value.index for row in months):
        tell = _teller(folder, Month)
        found.append(tell(months[0].line, "index", 0, "is 0 in all months", "Raise some month."))
    slugs = [row.value.slug for row in districts]
    if slugs:
        found += _strangers(slugs, crossings, _teller(folder, CrossingPoint))
    if slugs and told is not None:
        found += _weights(slugs, told, folder)
    if line and districts and told is not None and not found:
        found += _sun(Ground(texts), folder)
    return found


def _read[T: (Point, District, Month, CrossingPoint)](
    texts: Mapping[str, str], kind: type[T], folder: Path, found: list[Problem]
) -> list[Row[T]]:
    """The rows of a table; none where any of them cannot be read, so that faults have no echo."""
    good, bad = rows(texts, kind, folder)
    found += bad
    return [] if bad else good


def _teller(folder: Path, kind: type[Point | District | Month | CrossingPoint]) -> _Tell:
    path = str(folder / TABLES[kind])

    def tell(line: int, column: str, value: object, reason: str, remedy: str) -> Problem:
        return Problem(reason, path, line, column, value, remedy)

    return tell


def _description(
    texts: Mapping[str, str], folder: Path, found: list[Problem]
) -> Description | None:
    path = str(folder / DESCRIPTION)
    try:
        return description(texts[DESCRIPTION])
    except KeyError:
        return None  # a file that could not be read is told already
    except tomllib.TOMLDecodeError as error:
        found.append(Problem(f"no valid TOML: {error}", path, remedy="Mend that line."))
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            key = ".".join(str(part) for part in detail["loc"])
            value = None if detail["type"] == "missing" else detail["input"]
            reason = f"{detail['msg'][:1].lower()}{detail['msg'][1:]}"
            remedy = "docs/extending.md says what a ground needs."
            found.append(Problem(reason, path, None, key, value, remedy))
    return None


def _line(line: Sequence[Row[Point]], tell: _Tell) -> Iterator[Problem]:
    """Chainage rises evenly from 0; places lie on the globe."""
    if len(line) < 2:
        yield tell(line[0].line, "km", line[0].value.km, "is the only point", "Give two or more.")
        return
    if line[0].value.km != 0.0:
        yield tell(line[0].line, "km", line[0].value.km, "is where the line begins", "Begin at 0.")
    step = line[1].value.km - line[0].value.km
    seen: dict[float, int] = {}
    for west, east in pairwise(line):
        km, before = east.value.km, west.value.km
        seen.setdefault(before, west.line)
        if km in seen:
            already = f"stands in row {seen[km]} already"
            yield tell(east.line, "km", km, already, "Give each point once.")
        elif km < before:
            yield tell(east.line, "km", km, f"comes after {before:g}", "Sort the rows by km.")
        elif abs(km - before - step) > _ROUNDING_KM and step > 0.0:
            reason = f"is {km - before:g} km after the row above, the first step is {step:g} km"
            yield tell(east.line, "km", km, reason, "Give a point at every step, none missing.")
    for row in line:
        for column, most in (("lon", 180.0), ("lat", 90.0)):
            value = getattr(row.value, column)
            if abs(value) > most:
                yield tell(row.line, column, value, "is not on the globe", "Give degrees.")


def _districts(
    districts: Sequence[Row[District]], end: float | None, tell: _Tell
) -> Iterator[Problem]:
    """Districts cover the line from 0 to its end, in order, without gap or overlap."""
    covered, seen = 0.0, dict[str, int]()
    for row in districts:
        slug, km_from, km_to = row.value.slug, row.value.km_from, row.value.km_to
        if not _SLUG.fullmatch(slug):
            remedy = "Use small letters, digits and _, a letter first."
            yield tell(row.line, "slug", slug, "cannot be a key of a scenario", remedy)
        elif slug in seen:
            yield tell(row.line, "slug", slug, f"stands in row {seen[slug]} already", "Rename it.")
        seen.setdefault(slug, row.line)
        if not row.value.name:
            yield tell(row.line, "name", None, "is empty", "Give the district a name.")
        if km_to <= km_from:
            yield tell(row.line, "km_to", km_to, f"is not beyond km_from = {km_from:g}", "Mend it.")
        if km_from > covered:
            reason = f"leaves a gap: the districts above end at {covered:g}"
            yield tell(row.line, "km_from", km_from, reason, f"Begin at {covered:g}.")
        elif km_from < covered:
            reason = f"overlaps: the districts above reach to {covered:g}"
            yield tell(row.line, "km_from", km_from, reason, f"Begin at {covered:g}.")
        covered = max(covered, km_to)
    if end is not None and covered != end:
        last = max(districts, key=lambda row: row.value.km_to)
        reason = f"is not the end of the line, {end:g}"
        yield tell(last.line, "km_to", covered, reason, "Cover the line, no more and no less.")


def _strangers(
    slugs: Sequence[str], crossings: Sequence[Row[CrossingPoint]], tell: _Tell
) -> Iterator[Problem]:
    for row in crossings:
        if row.value.district not in slugs:
            remedy = f"Use one of {', '.join(slugs)}."
            yield tell(row.line, "district", row.value.district, "is no district", remedy)


def _weights(slugs: Sequence[str], told: Description, folder: Path) -> Iterator[Problem]:
    path, listed = str(folder / DESCRIPTION), f"Districts: {', '.join(slugs)}."
    for section, weights in told.weights.items():
        key = f"weights.{section}.districts"
        for slug, value in weights.districts.items():
            if slug not in slugs:
                yield Problem("no such district", path, None, f"{key}.{slug}", value, listed)
        if not any(weights.districts.values()):
            yield Problem("every district has weight 0", path, None, key, None, "Raise one.")


def _sun(ground: Ground, folder: Path) -> Iterator[Problem]:
    """The sun rises and sets within each day of the clock, in every district."""
    import numpy as np

    from sim.frontier.season import daylight

    with np.errstate(invalid="ignore"):
        rise, fall = daylight(ground, np.arange(0.5, 365.0) / 365.0)
    for info in ground.districts:
        wrong = ~((rise[info.index] > 0.0) & (fall[info.index] < 1.0))
        if wrong.any():
            yield Problem(
                f"the sun does not rise and set within day {int(wrong.argmax()) + 1} of the year "
                f"in {info.name}",
                str(folder / DESCRIPTION),
                None,
                "utc_offset_hours",
                ground.description.utc_offset_hours,
                "Give the offset of the local time; frontiers beyond the polar circles do not fit.",
            )
            return
