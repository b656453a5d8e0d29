"""Synthetic places: how many, where, and that a change moves only what it must."""

from collections import Counter
from itertools import pairwise
from statistics import fmean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.frontier.ground import Ground
from sim.frontier.places import (
    HOME_DEPTHS_KM,
    NEAREST_KM,
    VILLAGE_DEPTH_KM,
    cell_homes,
    post_sites,
    team_bases,
    village_sites,
    work_sites,
)
from sim.scenario.spec import Scenario

LAND = Ground.default()

SLUGS = [info.slug for info in LAND.districts]
DENSITY = st.dictionaries(st.sampled_from(SLUGS), st.floats(0.0, 10.0))
WEIGHTS = st.dictionaries(st.sampled_from(SLUGS), st.floats(0.01, 1000.0), min_size=1)
SEED = st.integers(0, 2**31 - 1)


def scenario(layout_seed: int = 1, **sections: dict[str, Any]) -> Scenario:
    """Make a scenario that differs from the default in what is named."""
    return Scenario.model_validate({"layout_seed": layout_seed, **sections})


def test_the_default_has_80_posts() -> None:
    """1,340 km at 16.75 km a post are exactly 80 posts."""
    assert len(post_sites(Scenario())) == 80


@given(SEED)
def test_the_number_of_posts_does_not_depend_on_the_layout(layout_seed: int) -> None:
    """The layout seed moves posts and adds none."""
    assert len(post_sites(scenario(layout_seed))) == 80


@pytest.mark.parametrize(("spacing", "count"), [(1.675, 800), (0.8375, 1600), (13.4, 100)])
def test_spacing_sets_the_number(spacing: float, count: int) -> None:
    """Length over spacing posts, from 100 to 1,600 of them."""
    assert len(post_sites(scenario(posts={"spacing_km": spacing}))) == count


def test_every_district_keeps_a_post_however_wide_the_spacing() -> None:
    """At 300 km a post there would be four; thirteen stay, one each."""
    posts = post_sites(scenario(posts={"spacing_km": 300.0}))
    assert [post.district for post in posts] == list(range(13))


@given(SEED, st.floats(0.8, 300.0), DENSITY)
def test_sections_cover_the_line_without_gap_or_overlap(
    layout_seed: int, spacing: float, density: dict[str, float]
) -> None:
    """Sections begin at 0, end at 1,340, meet exactly, and hold their post."""
    posts = post_sites(scenario(layout_seed, posts={"spacing_km": spacing, "density": density}))
    if not posts:
        assert set(density) == set(SLUGS)
        return
    assert posts[0].west_km == 0.0
    assert posts[-1].east_km == LAND.length_km
    assert all(west.east_km == east.west_km for west, east in pairwise(posts))
    assert all(post.west_km < post.km < post.east_km for post in posts)


@given(SEED, DENSITY)
def test_sections_end_half_way_between_neighbours(
    layout_seed: int, density: dict[str, float]
) -> None:
    """A bound is as far from the post on its west as from the one on its east."""
    posts = post_sites(scenario(layout_seed, posts={"density": density}))
    for west, east in pairwise(posts):
        assert west.east_km - west.km == pytest.approx(east.km - east.west_km)


@given(SEED, st.floats(0.8, 100.0))
def test_posts_are_evenly_placed_but_for_a_small_jitter(layout_seed: int, spacing: float) -> None:
    """In its district each post is within 15 % of the spacing of an even grid."""
    posts = post_sites(scenario(layout_seed, posts={"spacing_km": spacing}))
    counts = Counter(post.district for post in posts)
    for post in posts:
        info = LAND.districts[post.district]
        gap = info.length_km / counts[post.district]
        assert abs(post.km - info.km_from - (post.number + 0.5) * gap) <= 0.15 * gap * (1 + 1e-9)
        assert LAND.district_at(post.km) == post.district


def test_density_multiplies_a_districts_posts() -> None:
    """Density 2 doubles them, 0.5 halves them, 0 takes them away."""
    density = {"darvoz": 2.0, "murghob": 0.5, "panj": 0.0}
    before = Counter(post.district for post in post_sites(Scenario()))
    after = Counter(post.district for post in post_sites(scenario(posts={"density": density})))
    assert after[7] == 2 * before[7]
    assert after[12] == before[12] / 2
    assert after[3] == 0
    assert all(after[i] == before[i] for i in range(13) if i not in (3, 7, 12))


@given(st.sampled_from(SLUGS), st.floats(0.0, 10.0))
def test_density_in_one_district_moves_no_post_of_another(slug: str, density: float) -> None:
    """Posts elsewhere stand where they stood; only the neighbours' section bounds may move."""
    changed = post_sites(scenario(posts={"density": {slug: density}}))
    index = SLUGS.index(slug)
    assert [(p.km, p.number) for p in changed if p.district != index] == [
        (p.km, p.number) for p in post_sites(Scenario()) if p.district != index
    ]


def test_no_posts_at_density_zero_everywhere() -> None:
    """A line without posts is possible."""
    assert post_sites(scenario(posts={"density": dict.fromkeys(SLUGS, 0.0)})) == ()


def test_another_layout_seed_places_everything_elsewhere() -> None:
    """Every post, site, village and home moves with the layout seed; teams' bases do not."""
    one, two = scenario(1), scenario(2)
    for places in (post_sites, work_sites, village_sites, cell_homes):
        assert not {place.km for place in places(one)} & {place.km for place in places(two)}
    assert team_bases(one) == team_bases(two)


def test_places_are_the_same_in_every_process() -> None:
    """First places of layout 1, to the metre: they rest on hashing, not on interpreter state."""
    default = Scenario()
    assert [round(post.km, 3) for post in post_sites(default)[:3]] == POSTS_KM
    assert [round(site.km, 3) for site in work_sites(default)[:3]] == SITES_KM
    assert [round(home.km, 3) for home in cell_homes(default)[:3]] == HOMES_KM


POSTS_KM = [8.06, 21.33, 35.834]
SITES_KM = [444.451, 502.322, 652.443]
HOMES_KM = [418.02, 473.643, 582.382]


def test_building_again_returns_the_same_places() -> None:
    """Equal parameters find the places made before, in another scenario object too."""
    for places in (post_sites, work_sites, village_sites, team_bases, cell_homes):
        assert places(scenario(7)) is places(scenario(7))


def test_the_default_has_22_worksites_most_where_weights_are_high() -> None:
    """Shamsiddin Shohin and Darvoz, with weights 8 and 6 of 24, have 7 and 5 of 22 sites."""
    sites = work_sites(Scenario())
    assert len(sites) == 22
    counts = Counter(site.district for site in sites)
    assert counts[6] == 7
    assert counts[7] == 5
    assert counts[0] == 0


@given(SEED, WEIGHTS, st.integers(0, 60), st.floats(0.1, 100.0), st.integers(1, 5000))
def test_worksites_keep_to_their_bounds(
    layout_seed: int, weights: dict[str, float], count: int, farthest: float, headcount: int
) -> None:
    """In their district, 0.2 km to the farthest depth away, at least three people."""
    spec = {
        "district_weights": weights, "count": count, "farthest_km": farthest,
        "headcount": headcount,
    }  # fmt: skip
    sites = work_sites(scenario(layout_seed, worksites=spec))
    assert len(sites) == count
    for site in sites:
        assert LAND.district_at(site.km) == site.district
        assert SLUGS[site.district] in weights
        assert min(NEAREST_KM, farthest) <= site.depth_km <= farthest
        assert site.headcount >= min(3, headcount)


def test_worksites_lean_to_the_line_and_match_the_mean_headcount() -> None:
    """Of 1,000 sites the mean depth is a third of the way, the mean headcount the parameter.

    Depth: mean of a squared uniform, 1/3, standard error 0.0094. Headcount: standard deviation
    0.53 of the mean, standard error 1.7 %. Both within four standard errors.
    """
    sites = work_sites(scenario(3, worksites={"count": 1000, "headcount": 100}))
    share = [(site.depth_km - NEAREST_KM) / (8.0 - NEAREST_KM) for site in sites]
    assert abs(fmean(share) - 1 / 3) < 4 * 0.0094
    assert abs(fmean(site.headcount for site in sites) - 100.0) < 4 * 1.7


@given(st.integers(0, 80))
def test_one_more_worksite_leaves_the_others_as_they_were(count: int) -> None:
    """A list of sites is the beginning of a longer one, place, people, operator and number."""
    fewer = work_sites(scenario(worksites={"count": count}))
    more = work_sites(scenario(worksites={"count": count + 1}))
    assert more[:count] == fewer


@pytest.mark.parametrize("share", [0.0, 0.25, 0.6, 1.0])
def test_the_share_of_chinese_sites(share: float) -> None:
    """Of 22 sites the share is Chinese, rounded up or down to whole sites; the limits are exact."""
    sites = work_sites(scenario(worksites={"chinese_share": share}))
    assert abs(sum(site.chinese for site in sites) - 22 * share) < 1.0


@given(WEIGHTS, st.integers(1, 60))
def test_numbers_count_a_districts_sites_from_zero(weights: dict[str, float], count: int) -> None:
    """District and number together name a site once."""
    sites = work_sites(scenario(worksites={"count": count, "district_weights": weights}))
    for district, here in Counter(site.district for site in sites).items():
        numbers = [site.number for site in sites if site.district == district]
        assert numbers == list(range(here))


def test_the_default_has_villages_in_every_district_denser_in_khatlon() -> None:
    """Nine on 100 km in Khatlon's mean, thinner in the mountains, none without any."""
    villages = village_sites(Scenario())
    counts = Counter(village.district for village in villages)
    assert set(counts) == set(range(13))
    assert counts[2] / LAND.districts[2].length_km > 3 * counts[12] / LAND.districts[12].length_km
    assert list(villages) == sorted(villages)


@given(SEED, st.floats(0.001, 200.0))
def test_villages_keep_to_their_bounds(layout_seed: int, per_100_km: float) -> None:
    """In their district, 0.2 to 4 km from the line, at least one each, never above the rate."""
    villages = village_sites(scenario(layout_seed, villages={"per_100_km": per_100_km}))
    counts = Counter(village.district for village in villages)
    for info in LAND.districts:
        assert 1 <= counts[info.index] <= max(per_100_km * info.length_km / 100.0 + 0.5, 1.0)
    for village in villages:
        assert LAND.district_at(village.km) == village.district
        assert NEAREST_KM <= village.depth_km <= VILLAGE_DEPTH_KM


def test_no_villages_at_rate_zero() -> None:
    """The rate 0 means none, not one per district."""
    assert village_sites(scenario(villages={"per_100_km": 0.0})) == ()


def test_more_villages_keep_the_old_ones() -> None:
    """A higher rate adds villages and moves none."""
    few = village_sites(scenario(villages={"per_100_km": 5.0}))
    many = village_sites(scenario(villages={"per_100_km": 20.0}))
    assert set(few) < set(many)


@pytest.mark.parametrize("per_district", [0, 1, 2, 5])
def test_bases_are_evenly_spread_in_each_district(per_district: int) -> None:
    """One base is in the middle; several are a district's length over their number apart."""
    bases = team_bases(scenario(teams={"per_district": per_district}))
    assert len(bases) == 13 * per_district
    for base in bases:
        info = LAND.districts[base.district]
        share = (base.km - info.km_from) / info.length_km
        assert share == pytest.approx((base.number + 0.5) / per_district)


@given(SEED, st.integers(0, 100))
def test_one_more_cell_leaves_the_others_at_home(layout_seed: int, count: int) -> None:
    """Cell i keeps its place and profile when the number of cells rises."""
    fewer = cell_homes(scenario(layout_seed, cells={"count": count}))
    more = cell_homes(scenario(layout_seed, cells={"count": count + 1}))
    assert more[:count] == fewer


@given(SEED, WEIGHTS, st.integers(0, 100), st.floats(0.0, 1.0))
def test_homes_keep_to_their_bounds(
    layout_seed: int, weights: dict[str, float], count: int, share: float
) -> None:
    """Opposite a weighted district, 3 to 15 km beyond the line, profiles in their share."""
    spec = {"district_weights": weights, "count": count, "anti_foreign_share": share}
    homes = cell_homes(scenario(layout_seed, cells=spec))
    far, near = HOME_DEPTHS_KM
    assert len(homes) == count
    for home in homes:
        assert LAND.district_at(home.km) == home.district
        assert SLUGS[home.district] in weights
        assert far <= home.depth_km <= near < 0.0
    assert abs(sum(home.anti_foreign for home in homes) - share * count) < 1.0 + 1e-6


def test_the_default_has_six_cells_three_of_each_profile() -> None:
    """Half of six cells seek foreign sites, and not all of them in one district."""
    homes = cell_homes(Scenario())
    assert len(homes) == 6
    foreign = [home.district for home in homes if home.anti_foreign]
    assert len(foreign) == 3
    assert len(set(foreign)) > 1


def test_places_of_one_district_are_spread_over_it() -> None:
    """Of ten cells opposite one district no two are nearer than a twentieth of its length."""
    homes = cell_homes(scenario(cells={"count": 10, "district_weights": {"darvoz": 1.0}}))
    km = sorted(home.km for home in homes)
    assert min(east - west for west, east in pairwise(km)) > LAND.districts[7].length_km / 20.0


@pytest.mark.parametrize(("section", "places"), [("worksites", work_sites), ("cells", cell_homes)])
@pytest.mark.parametrize("weights", [{}, {"panj": 0.0}])
def test_places_without_any_weight_are_the_users_mistake(
    section: str, places: Any, weights: dict[str, float]
) -> None:
    """The error names the key and both remedies."""
    spec = {"district_weights": weights, "count": 4}
    with pytest.raises(ScenarioError) as caught:
        places(scenario(**{section: spec}))
    assert caught.value.key == f"{section}.district_weights"
    assert f"{section}.count = 0" in str(caught.value)
    assert "4" in str(caught.value)


@pytest.mark.parametrize(("section", "places"), [("worksites", work_sites), ("cells", cell_homes)])
def test_no_places_need_no_weight(section: str, places: Any) -> None:
    """With count 0 an empty table of weights is fine."""
    assert places(scenario(**{section: {"district_weights": {}, "count": 0}})) == ()


def test_posts_are_not_put_on_official_crossings() -> None:
    """Posts follow an even grid: of 80, no more lie within 1 km of a crossing than chance allows.

    Eight crossings with 2 km around each are 1.2 % of the line, so 0.95 posts are expected and
    six or more have a chance below one in a thousand.
    """
    crossings = [point.km for point in LAND.crossing_points]
    near = [p for p in post_sites(Scenario()) if any(abs(p.km - km) < 1.0 for km in crossings)]
    assert len(near) < 6
