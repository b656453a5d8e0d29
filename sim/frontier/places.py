"""Synthetic places: posts, worksites, villages, teams' bases and cells' homes.

No place is real. Each is a function of the scenario and its ``layout_seed`` alone, the same in
every replicate. Every district has its own stream for every purpose, so a change in one district
moves no place of another. ``number`` counts the places of a kind in a district from 0; a place
keeps its number when more are added.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import exp, floor, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.errors import ScenarioError
from sim.frontier.apportionment import deal, mark_share
from sim.frontier.ground import DistrictInfo, Ground

if TYPE_CHECKING:
    from sim.scenario.spec import Scenario

JITTER = 0.3
"""Width of a post's random shift as a share of the local spacing: 15 % either way."""
NEAREST_KM = 0.2
"""Depth of the nearest village or worksite, km."""
VILLAGE_DEPTH_KM = 4.0
"""Depth of the farthest village, km (assumption)."""
HOME_DEPTHS_KM = (-15.0, -3.0)
"""Depths of cells' homes, km (assumption); negative is the far side."""
HEADCOUNT_SIGMA = 0.5
"""Spread of the logarithm of a worksite's headcount (assumption)."""
LEAST_HEADCOUNT = 3
GOLDEN = (sqrt(5.0) - 1.0) / 2.0
"""Step, as a share of a district, from one place to the next: any number of steps is spread evenly
(additive recurrence, Kronecker sequence)."""


class PostSite(NamedTuple):
    """A post and its section, which reaches half-way to its neighbours."""

    km: float
    west_km: float
    east_km: float
    district: int
    number: int


class WorksitePlace(NamedTuple):
    """A mine or road camp; ``chinese``: whether its operator is."""

    km: float
    depth_km: float
    district: int
    chinese: bool
    headcount: int
    number: int


class VillagePlace(NamedTuple):
    """A village on the near bank."""

    km: float
    depth_km: float
    district: int
    number: int


class TeamBase(NamedTuple):
    """Where a standing response team waits."""

    km: float
    district: int
    number: int


class CellHome(NamedTuple):
    """Home of a cell, opposite a district; ``anti_foreign`` is its profile."""

    km: float
    depth_km: float
    district: int
    anti_foreign: bool
    number: int


def post_sites(scenario: "Scenario") -> tuple[PostSite, ...]:
    """Posts from west to east; their sections cover the line without gap or overlap.

    Every district has at least one post unless its density is 0; then its neighbours' sections
    cover it.
    """
    posts = scenario.posts
    density = _row(scenario.ground, posts.density, 1.0)
    return _posts(scenario.ground, scenario.layout_seed, posts.spacing_km, density)


def work_sites(scenario: "Scenario") -> tuple[WorksitePlace, ...]:
    """Worksites in the order of placing: a higher count leaves the first ones as they are.

    Depth is skewed toward the line (the square of a uniform draw); headcount is lognormal around
    the scenario's mean and at least 3 unless that mean is less.

    Raises
    ------
    ScenarioError
        If there are sites to place and no district has weight.
    """
    spec = scenario.worksites
    key = (spec.count, spec.chinese_share, spec.farthest_km, spec.headcount)
    weights = _row(scenario.ground, spec.district_weights, 0.0)
    return _worksites(scenario.ground, scenario.layout_seed, weights, *key)


def village_sites(scenario: "Scenario") -> tuple[VillagePlace, ...]:
    """Villages from west to east.

    Their number in a district is ``per_100_km`` times its length, thinned where few people
    live by the square root of people per km of line relative to the region with most of them
    (assumption: villages become smaller as well as fewer), never above 1; at least one unless
    ``per_100_km`` is 0.
    """
    return _villages(scenario.ground, scenario.layout_seed, scenario.villages.per_100_km)


def team_bases(scenario: "Scenario") -> tuple[TeamBase, ...]:
    """Bases of the standing teams from west to east, evenly spread within each district."""
    return _bases(scenario.ground, scenario.teams.per_district)


def cell_homes(scenario: "Scenario") -> tuple[CellHome, ...]:
    """Homes of the cells: a higher count leaves the first ones as they are.

    Raises
    ------
    ScenarioError
        If there are cells to place and no district has weight.
    """
    spec = scenario.cells
    weights = _row(scenario.ground, spec.district_weights, 0.0)
    share = spec.anti_foreign_share
    return _homes(scenario.ground, scenario.layout_seed, weights, spec.count, share)


@lru_cache(maxsize=32)
def _posts(
    ground: Ground, seed: int, spacing_km: float, density: tuple[float, ...]
) -> tuple[PostSite, ...]:
    """Posts for one spacing and density.

    The count at density 1 is apportioned by length and then multiplied, so that a density changes
    only its own district.
    """
    count = round(ground.length_km / spacing_km)
    dealt = deal([info.length_km for info in ground.districts], count)
    placed: list[tuple[float, int, int]] = []
    for info, factor in zip(ground.districts, density, strict=True):
        rounded = floor(dealt.count(info.index) * factor + 0.5)
        count = max(rounded, 1) if factor > 0.0 else 0
        shift = JITTER * (_stream(seed, "posts", info.slug).random(count) - 0.5)
        km = info.km_from + (np.arange(count) + 0.5 + shift) * info.length_km / max(count, 1)
        placed.extend((at, info.index, number) for number, at in enumerate(km.tolist()))
    between = [(west[0] + east[0]) / 2 for west, east in pairwise(placed)]
    bounds = [0.0, *between, ground.length_km]
    return tuple(
        PostSite(km, bounds[i], bounds[i + 1], district, number)
        for i, (km, district, number) in enumerate(placed)
    )


@lru_cache(maxsize=32)
def _worksites(
    ground: Ground,
    seed: int,
    weights: tuple[float, ...],
    count: int,
    chinese_share: float,
    farthest_km: float,
    headcount: int,
) -> tuple[WorksitePlace, ...]:
    dealt = _deal("worksites", weights, count)
    spots = [
        _spots(seed, "worksites", info, dealt.count(info.index), 2) for info in ground.districts
    ]
    nearest = min(NEAREST_KM, farthest_km)
    sites = []
    for district, number, chinese in _numbered(dealt, chinese_share):
        km, inland, people = spots[district][number]
        depth = nearest + (farthest_km - nearest) * inland * inland
        crowd = _headcount(headcount, people)
        sites.append(WorksitePlace(km, depth, district, chinese, crowd, number))
    return tuple(sites)


def _headcount(mean: int, u: float) -> int:
    """A lognormal headcount with this mean, by inverse CDF."""
    deviate = NormalDist().inv_cdf(max(u, 1e-12))
    drawn = mean * exp(HEADCOUNT_SIGMA * deviate - HEADCOUNT_SIGMA * HEADCOUNT_SIGMA / 2)
    return max(round(drawn), min(mean, LEAST_HEADCOUNT))


@lru_cache(maxsize=32)
def _villages(ground: Ground, seed: int, per_100_km: float) -> tuple[VillagePlace, ...]:
    regions = defaultdict(list)
    for info in ground.districts:
        regions[info.region].append(info)
    people_per_km = max(
        sum(d.population for d in region) / sum(d.length_km for d in region)
        for region in regions.values()
    )
    villages = []
    for info in ground.districts:
        thinning = min(sqrt(info.population / info.length_km / people_per_km), 1.0)
        rounded = floor(per_100_km * info.length_km / 100.0 * thinning + 0.5)
        count = max(rounded, 1) if per_100_km > 0.0 else 0
        for number, (km, inland) in enumerate(_spots(seed, "villages", info, count, 1)):
            depth = NEAREST_KM + (VILLAGE_DEPTH_KM - NEAREST_KM) * inland
            villages.append(VillagePlace(km, depth, info.index, number))
    return tuple(sorted(villages))


@lru_cache(maxsize=32)
def _bases(ground: Ground, per_district: int) -> tuple[TeamBase, ...]:
    return tuple(
        TeamBase(info.km_from + (i + 0.5) / per_district * info.length_km, info.index, i)
        for info in ground.districts
        for i in range(per_district)
    )


@lru_cache(maxsize=32)
def _homes(
    ground: Ground, seed: int, weights: tuple[float, ...], count: int, anti_foreign_share: float
) -> tuple[CellHome, ...]:
    dealt = _deal("cells", weights, count)
    spots = [_spots(seed, "cells", info, dealt.count(info.index), 1) for info in ground.districts]
    far, near = HOME_DEPTHS_KM
    homes = []
    for district, number, anti_foreign in _numbered(dealt, anti_foreign_share):
        km, beyond = spots[district][number]
        homes.append(CellHome(km, near + (far - near) * beyond, district, anti_foreign, number))
    return tuple(homes)


def _row(ground: Ground, values: Mapping[str, float], default: float) -> tuple[float, ...]:
    """A table by district as a tuple with one value for every district."""
    return tuple(values.get(slug, default) for slug in ground.slugs)


def _stream(seed: int, purpose: str, slug: str) -> np.random.Generator:
    """Random stream of one purpose in one district."""
    digest = hashlib.blake2b(f"{seed}/{purpose}/{slug}".encode(), digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "little"))


def _spots(
    seed: int, purpose: str, info: DistrictInfo, count: int, extra: int
) -> list[list[float]]:
    """Rows of chainage and ``extra`` uniform draws, one row for each place in a district.

    A higher count adds rows and changes none.
    """
    if count == 0:
        return []
    draws = _stream(seed, purpose, info.slug).random((count, 1 + extra))
    share = (draws[0, 0] + GOLDEN * np.arange(count)) % 1.0
    draws[:, 0] = info.km_from + share * info.length_km
    rows: list[list[float]] = draws.tolist()
    return rows


def _deal(section: str, weights: Sequence[float], count: int) -> list[int]:
    try:
        return deal(weights, count)
    except ValueError:
        raise ScenarioError(
            f"no district has a positive weight, but {section}.count is {count}",
            key=f"{section}.district_weights",
            remedy=f"Give at least one district a weight, or set {section}.count = 0",
        ) from None


def _numbered(dealt: Sequence[int], share: float) -> list[tuple[int, int, bool]]:
    """District, number within it, and mark of each place."""
    seen: Counter[int] = Counter()
    rows = []
    for district, mark in zip(dealt, mark_share(dealt, share), strict=True):
        rows.append((district, seen[district], mark))
        seen[district] += 1
    return rows
