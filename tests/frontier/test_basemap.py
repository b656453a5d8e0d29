"""The base map: its plane, how the shipped line lies on it, and what a page is sent of it."""

import base64
import io
import json
from math import cos, radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sim.frontier.basemap import basemap
from sim.frontier.ground import Ground

PLACE = basemap()
KM = st.floats(0.0, 1340.0)


def shifted(east: float) -> Ground:
    """The shipped ground, moved ``east`` degrees to the east."""
    texts = dict(Ground.default().texts)
    head, *rows = texts["line.csv"].splitlines()
    moved = []
    for row in rows:
        km, lon, *rest = row.split(",")
        moved.append(",".join([km, f"{float(lon) + east:.3f}", *rest]))
    texts["line.csv"] = "\n".join([head, *moved]) + "\n"
    return Ground(texts)


@given(st.floats(67.0, 75.0), st.floats(36.3, 38.8), st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_lengths_in_the_plane_are_those_on_the_globe(
    lon: float, lat: float, east: float, north: float
) -> None:
    """A short way anywhere on the map is as long in the plane as on the sphere, within 0.2 %."""
    a, b = PLACE.project([(lon, lat), (lon + east, lat + north)])
    across = radians(east) * cos(radians(lat + north / 2))
    true = 6371.0088 * np.hypot(across, radians(north))
    assert np.hypot(*(b - a)) == pytest.approx(true, rel=2e-3, abs=1e-6)


def test_the_shipped_line_lies_on_the_frontier_at_its_own_chainage() -> None:
    """Every point of the shipped line is within 300 m of the drawn frontier at the same km."""
    land = Ground.default()
    km = np.array([point.km for point in land.points])
    line = PLACE.project(np.column_stack(land.lon_lat_arrays(km)))
    assert np.hypot(*(line - PLACE.at(km)).T).max() < 0.3
    assert PLACE.holds(land)


def test_another_line_is_not_on_the_map() -> None:
    """A ground moved by 5 km, or to another continent, is not taken for the shipped frontier."""
    assert PLACE.holds(shifted(0.0))
    assert not PLACE.holds(shifted(0.06))
    assert not PLACE.holds(shifted(-140.0))


@given(KM, KM)
def test_a_stretch_ends_at_its_chainages(one: float, other: float) -> None:
    """A stretch begins and ends at the places of its two chainages and keeps every bend."""
    low, high = sorted((one, other))
    line = PLACE.stretch(low, high)
    assert line[0] == pytest.approx(PLACE.at(low))
    assert line[-1] == pytest.approx(PLACE.at(high))
    assert np.hypot(*np.diff(line, axis=0).T).sum() <= high - low + 1e-6 or high == low


def test_centres_lie_beside_their_own_district() -> None:
    """The centre of each frontier district (rank 2) is nearer to its own stretch than the next but
    one: names, towns and chainage belong together."""
    land = Ground.default()
    centres = {town["name"]: (town["x"], town["y"]) for town in PLACE.page_data["towns"]}
    for name, slug in (("Qubodiyon", "qubodiyon"), ("Dusti", "jayhun"), ("Panj", "panj"),
                       ("Farkhor", "farkhor"), ("Qalai Khumb", "darvoz"), ("Rushon", "rushon"),
                       ("Khorugh", "shughnon"), ("Ishkoshim", "ishkoshim")):  # fmt: skip
        away = {
            d.slug: np.hypot(*(PLACE.stretch(d.km_from, d.km_to) - centres[name]).T).min()
            for d in land.districts
        }
        nearest = min(away, key=away.__getitem__)
        assert abs(land.by_slug[nearest].index - land.by_slug[slug].index) <= 1, name


def test_a_page_is_sent_all_of_it() -> None:
    """The page's data is plain JSON; its pictures are whole and of the shape of its box."""
    sent = json.loads(json.dumps(PLACE.page_data, allow_nan=False))
    left, low, right, high = sent["bounds"]
    for key in ("shade", "elevation"):
        head, _, code = sent[key].partition(";base64,")
        assert head in ("data:image/webp", "data:image/png")
        picture = Image.open(io.BytesIO(base64.b64decode(code)))
        picture.load()
        assert picture.width / picture.height == pytest.approx((right - left) / (high - low), 0.01)
    frontier = np.array(sent["frontier"])
    assert (np.diff(frontier[:, 2]) > 0).all()
    for x, y, *_ in [*frontier, *[place for name in sent["names"] for place in name["at"]]]:
        assert left <= x <= right
        assert low <= y <= high
    assert all(name["at"] for name in sent["names"] if name["main"])
    assert {town["rank"] for town in sent["towns"]} == {1, 2, 3}
