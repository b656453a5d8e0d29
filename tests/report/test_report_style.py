"""The look of the figures and how they are written."""

from itertools import combinations, pairwise
from math import dist

import matplotlib as mpl
import pytest
from matplotlib.colors import to_rgb

from sim.errors import OutputError
from sim.incidents.kinds import INCIDENTS, SHAPES
from sim.report import style
from sim.report.style import blank, save, styled


def test_every_kind_has_a_colour_and_a_marker_of_its_own():
    """Both differ, so that either is enough."""
    assert set(style.MARKERS) == set(SHAPES)
    for own in (
        {kind.colour for kind in INCIDENTS.values()},
        {style.MARKERS[kind.look.shape] for kind in INCIDENTS.values()},
    ):
        assert len(own) == len(INCIDENTS)


def linear(colour):
    """Red, green and blue light of a colour, 0 to 1 each."""
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]


def lab(red, green, blue):
    """CIE L*a*b* of linear light (D65)."""
    xyz = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_alert_levels_darken_as_they_rise():
    """The order shows in grey, too, and all levels are pale behind the points."""
    shades = [lab(*linear(colour))[0] for colour in style.LEVEL_COLOURS.values()]
    assert list(style.LEVEL_COLOURS) == ["routine", "elevated", "heightened", "emergency"]
    assert all(lighter - darker > 2 for lighter, darker in pairwise(shades))
    assert min(shades) > 85


def without_green_cones(colour):
    """What a deuteranope sees of a colour, as L*a*b* (Viénot, Brettel and Mollon 1999)."""
    red, green, blue = linear(colour)
    yellow = 0.29275 * red + 0.70725 * green
    return lab(yellow, yellow, min(max(blue + 0.02234 * (green - red), 0.0), 1.0))


def test_colours_differ_without_the_red_green_difference():
    """With the most common colour blindness any two kinds differ visibly."""
    seen = [without_green_cones(kind.colour) for kind in INCIDENTS.values()]
    assert min(dist(one, other) for one, other in combinations(seen, 2)) > 10


def test_settings_hold_only_inside():
    """Drawing leaves the settings of the user unchanged."""
    before = dict(mpl.rcParams)
    with styled():
        assert mpl.rcParams["svg.hashsalt"] == "panj"
    assert dict(mpl.rcParams) == before


def test_figures_need_no_pyplot():
    """No global list of figures grows, and no screen is needed."""
    import matplotlib.pyplot as plt

    blank()
    assert plt.get_fignums() == []


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf", ".PNG"])
def test_the_same_figure_gives_the_same_bytes(ending, tmp_path):
    """No date, no random names inside the file."""

    def make(name):
        with styled():
            figure = blank(2, 2)
            figure.add_axes((0.2, 0.2, 0.7, 0.7)).plot([0, 1], [1, 0])
        return save(figure, tmp_path / f"{name}{ending}").read_bytes()

    assert make("one") == make("two")


@pytest.mark.parametrize("name", ["figure", "figure.jpg", "figure.html"])
def test_another_ending_is_refused_with_those_that_work(name, tmp_path):
    """The message names the file and the three endings."""
    with pytest.raises(OutputError) as caught:
        save(blank(1, 1), tmp_path / name)
    assert name in str(caught.value)
    assert ".png, .svg or .pdf" in str(caught.value)


def test_a_missing_folder_is_a_message(tmp_path):
    """No traceback for a mistyped path."""
    with pytest.raises(OutputError, match="cannot be written"):
        save(blank(1, 1), tmp_path / "absent" / "figure.png")
