"""The small map: what it names, what it colours, and where it refuses."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Annotation, Text

from sim.frontier.basemap import basemap
from sim.frontier.ground import Ground
from sim.report import style
from sim.report.labels import renderer
from sim.report.layout import figure_of
from sim.report.small_map import ASPECT, locator, small_map

SLUGS = Ground.default().slugs


def drawn(values: dict[str, float | None], width: float = 7.0, **wishes: object):
    """Axes of a width in inches with the map."""
    figure = style.blank(width, width / ASPECT)
    return small_map(figure.add_axes((0, 0, 1, 1)), values, **wishes)  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [3.6, 7.0])
def test_names_do_not_overlap_and_stand_inside(width: float) -> None:
    """Names of all districts are in the frame and none overlap, large or small."""
    ax = drawn(dict.fromkeys(SLUGS, 1.0), width)
    # of the words alone: the box of an annotation holds its leader too
    figure_of(ax).draw(paper := renderer(style.DPI))
    names = [Text.get_window_extent(t, paper) for t in ax.texts if isinstance(t, Annotation)]
    assert len(names) >= len(SLUGS) - 2
    for number, box in enumerate(names):
        assert not any(box.overlaps(other) for other in names[:number])
        assert box.x0 >= 0
        assert box.x1 <= ax.bbox.width
        assert box.y0 >= 0
        assert box.y1 <= ax.bbox.height


def test_only_what_changes_is_named_and_coloured() -> None:
    """A fall in harm is blue, a rise vermilion; a district without a value is grey, unnamed."""
    ax = drawn({"darvoz": -2.0, "vanj": 2.0, "rushon": None})
    assert [t.get_text() for t in ax.texts if isinstance(t, Annotation)] == ["Darvoz", "Vanj"]
    colours = [to_rgb(line.get_color()) for line in ax.lines if line.get_linewidth() == 4.4]
    assert np.allclose(colours, [to_rgb(style.BLUE), to_rgb(style.VERMILION)], atol=0.01)


def test_a_wrong_slug_is_refused() -> None:
    """The message names the slug."""
    with pytest.raises(ValueError, match="not a district of tajik_afghan: atlantis"):
        drawn({"atlantis": 1.0})


def test_the_same_bytes_again(tmp_path: Path) -> None:
    """The same values give the same file."""
    one, other = (
        style.save(figure_of(drawn({"darvoz": -1.0}, unit="victims")), tmp_path / name)
        for name in ("a.svg", "b.svg")
    )
    assert one.read_bytes() == other.read_bytes()


def test_another_ground_has_its_own_line() -> None:
    """A ground that is not the shipped frontier is drawn without relief and without its credit."""
    texts = dict(Ground.default().texts)
    head, *rows = texts["line.csv"].splitlines()
    cells = [row.split(",") for row in rows]
    rows = [",".join([km, f"{float(lon) - 40:.3f}", *rest]) for km, lon, *rest in cells]
    ground = Ground({**texts, "line.csv": "\n".join([head, *rows]) + "\n"})
    ax = drawn(dict.fromkeys(SLUGS, -1.0), ground=ground)
    assert not ax.images
    assert not any("GEBCO" in text.get_text() for text in ax.texts)
    assert sum(isinstance(text, Annotation) for text in ax.texts) >= len(SLUGS) - 2


def test_a_locator_numbers_the_chainage() -> None:
    """The locator of the shipped frontier has a number every 400 km, each on the line."""
    figure = style.blank(2.0, 2.0 / ASPECT)
    ax = figure.add_axes((0, 0, 1, 1))
    assert locator(ax, Ground.default())
    marks = [text for text in ax.texts if isinstance(text, Annotation)]
    assert [mark.get_text() for mark in marks] == ["0", "400", "800", "1,200"]
    assert np.allclose([mark.xy for mark in marks], basemap().at([0.0, 400.0, 800.0, 1200.0]))
